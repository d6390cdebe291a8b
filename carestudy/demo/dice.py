"""Random numbers that are a function of seed, stream and row: the same on any number of threads, in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any, TypeVar

from duckdb import DuckDBPyConnection

T = TypeVar("T")
SLOTS = 1000

# The 32-bit integer hash of C. Wellons with two multiplications; DuckDB's own hash() may change between versions.
_MACROS = """
CREATE MACRO stream_key(stream) AS
    md5_number_lower(getvariable('seed')::VARCHAR || ' ' || stream) & 4294967295;
CREATE MACRO fold(id) AS (id % 4294967291)::UBIGINT;
CREATE MACRO shake_first(x) AS (xor(x, x >> 16) * 2146121005::UBIGINT) & 4294967295;
CREATE MACRO shake_again(x) AS (xor(x, x >> 15) * 2221713035::UBIGINT) & 4294967295;
CREATE MACRO shake_last(x) AS xor(x, x >> 16);
CREATE MACRO draw(stream, id) AS shake_last(shake_again(shake_first(xor(fold(id), stream_key(stream)))));
CREATE MACRO below(stream, id, n) AS (draw(stream, id) % n)::BIGINT;
CREATE MACRO chance(stream, id, thousandths) AS draw(stream, id) % 1000 < thousandths;
CREATE MACRO label(name, code) AS getvariable(name)[1 + code::BIGINT];
CREATE MACRO uniform(stream, id) AS (draw(stream, id)::DOUBLE + 0.5e0) / 4294967296e0;
CREATE MACRO normal(stream, id) AS label('bell', below(stream, id, 4096));
CREATE MACRO months_until(stream, id, hazard) AS 1 + floor(ln(uniform(stream, id)) / ln(1 - hazard))::BIGINT;
CREATE MACRO poisson(u, rate, p) AS CASE WHEN u <= p THEN 0
    WHEN u <= p * (1 + rate) THEN 1
    WHEN u <= p * (1 + rate * (1 + rate / 2)) THEN 2
    WHEN u <= p * (1 + rate * (1 + rate / 2 * (1 + rate / 3))) THEN 3
    WHEN u <= p * (1 + rate * (1 + rate / 2 * (1 + rate / 3 * (1 + rate / 4)))) THEN 4
    WHEN u <= p * (1 + rate * (1 + rate / 2 * (1 + rate / 3 * (1 + rate / 4 * (1 + rate / 5))))) THEN 5 ELSE 6 END;
CREATE TABLE turns AS SELECT many, unnest(range(many)) AS turn FROM unnest([1, 2, 3, 4, 5, 6]) counts (many);
CREATE MACRO pick(name, stream, id) AS label(name, below(stream, id, 1000));
CREATE MACRO pick_of(name, part, stream, id) AS label(name, part * 1000 + below(stream, id, 1000));
"""


def prepare(engine: DuckDBPyConnection, seed: int) -> None:
    """Give the engine its random numbers: draw, chance, uniform, normal, pick, all by the name of a stream."""
    fix(engine, seed=seed, bell=[NormalDist().inv_cdf((k + 0.5) / 4096) for k in range(4096)])
    engine.execute(_MACROS)


def keep(engine: DuckDBPyConnection, **lists: Sequence[Any]) -> None:
    """Keep lists under their names, for `label(name, code)` and `pick(name, stream, id)`."""
    fix(engine, **{name: list(values) for name, values in lists.items()})


def fix(engine: DuckDBPyConnection, **values: object) -> None:
    """Keep values under their names, for `getvariable(name)`."""
    for name, value in values.items():
        engine.execute(f"SET VARIABLE {name} = ?", [value])


def deal(shares: Mapping[T, float], slots: int = SLOTS) -> list[T]:
    """Every outcome as often among the slots as its share says: exact where the shares are whole slots.

    >>> deal({"a": 3, "b": 1}, slots=4)
    ['a', 'a', 'a', 'b']
    """
    total, so_far = sum(shares.values()), 0.0
    dealt: list[T] = []
    for outcome, share in shares.items():
        so_far += share
        dealt += [outcome] * (round(so_far / total * slots) - len(dealt))
    return dealt
