"""The same sums by Ibis and by sqlglot alone: equal cell for cell, and the CPU that each takes for a figure.

python benchmarks/seam.py FOLDER [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import sqlglot_seam

import carestudy as cs
from carestudy import engine
from carestudy.care import Care
from carestudy.kpi import ALL
from carestudy.measure import fractions
from carestudy.measure.fractions import SUMS, Fraction
from carestudy.measure.rows import BUCKET, Rows
from carestudy.periods import Period

FIGURES = {
    "nps": ("channel", "team"),
    "csat": ("channel",),
    "mean_score(question=csat)": ("channel",),
    "complaint_rate(per=contact)": ("channel",),
    "complaint_rate(per=transaction)": ("channel",),
    "complaint_rate(per=customer)": ("channel",),
    "contacts_per_customer": ("team",),
    "mean_transaction": ("channel",),
    "contact_count": ("topic",),
    "complaint_count": ("channel",),
    "invoiced": ("channel",),
}
PERIODS = tuple(Period.parse(f"2026-{month:02d}") for month in range(5, 11))
PHASES = ("build", "compile", "run")


class ByIbis:
    """The sums as the package computes them."""

    def __init__(self, care: Care) -> None:
        self.care = care

    def build(self, figure: Any, by: Sequence[str]) -> Any:
        """The query as expressions."""
        parts = _parts(figure, figure.define(*(Rows(self.care, name) for name in figure.tables), **figure.options))
        streams = [fractions.stream(self.care, name, [part], by, PERIODS) for name, part in parts.items()]
        rows = streams[0] if len(streams) == 1 else engine.union(*streams)
        shapes, keys = [figure.shape(list(parts.values()))], [*by, BUCKET]
        customers = fractions.by_customer(rows, by, shapes)
        return customers.group_by(keys).aggregate(**fractions.aggregates(customers, shapes)).order_by(keys)

    def compile(self, query: Any) -> str:
        """The query as SQL."""
        return str(query.get_backend().compile(query))


class BySqlglot:
    """The sums of the prototype."""

    def __init__(self, care: Care) -> None:
        self.columns = {name: care.tables[name].columns for name in care.tables}

    def build(self, figure: Any, by: Sequence[str]) -> Any:
        """The query as expressions."""
        rows = (sqlglot_seam.Rows(self.columns[name]) for name in figure.tables)
        parts = _parts(figure, figure.define(*rows, **figure.options))
        return sqlglot_seam.query(self.columns, parts, figure.shape(list(parts.values())), by, PERIODS)

    def compile(self, query: Any) -> str:
        """The query as SQL."""
        return str(query.sql("duckdb"))


def _parts(figure: Any, defined: Fraction | Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {figure.tables[0]: defined} if isinstance(defined, Fraction) else dict(defined)


def _measured(way: Any, figure: Any, by: Sequence[str], run: Callable[[str], Any]) -> tuple[list[float], Any]:
    """CPU seconds of the three phases, and the rows."""
    moments, results = [time.process_time()], [way.build(figure, by)]
    for phase in (way.compile, run):
        moments.append(time.process_time())
        results.append(phase(results[-1]))
    moments.append(time.process_time())
    return [after - before for before, after in pairwise(moments)], results[-1]


def _sums(rows: Sequence[Sequence[Any]], by: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[*by, BUCKET, *SUMS]).astype(dict.fromkeys(SUMS, "object"))
    frame[list(SUMS)] = frame[list(SUMS)].map(int)
    return frame.sort_values([*by, BUCKET], ignore_index=True)


def main() -> None:
    """Compare every figure, and print what each way takes as a multiple of the other."""
    care = cs.load(Path(sys.argv[1]))
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    ways = (ByIbis(care), BySqlglot(care))
    connection = care.tables["contacts"].get_backend()
    print("| figure | rows | build | compile | run | whole: sqlglot / Ibis | sqlglot / Ibis without running |")
    print("|---|---|---|---|---|---|---|")
    wholes, writings = [], []
    for name, by in FIGURES.items():
        figure = ALL[name]
        taken: list[list[list[float]]] = [[], []]
        for _ in range(rounds):
            frames = []
            for way, times in zip(ways, taken, strict=True):
                seconds, rows = _measured(way, figure, by, lambda sql: connection.raw_sql(sql).fetchall())
                times.append(seconds)
                frames.append(_sums(rows, by))
            pd.testing.assert_frame_equal(*frames, check_dtype=False)
        ibis, sqlglot = ([statistics.median(column) for column in zip(*times, strict=True)] for times in taken)
        wholes.append(sum(sqlglot) / sum(ibis))
        writings.append(sum(sqlglot[:2]) / sum(ibis[:2]))
        phases = " | ".join(f"{b / a:.2f}" for a, b in zip(ibis, sqlglot, strict=True))
        print(f"| {figure.id} | {len(frames[0])} | {phases} | {wholes[-1]:.2f} | {writings[-1]:.2f} |")
        shares = ", ".join(f"{phase} {part / sum(ibis):.0%}" for phase, part in zip(PHASES, ibis, strict=True))
        print(f"  Ibis: {shares}", file=sys.stderr)
    print(f"median | | | | | {statistics.median(wholes):.2f} | {statistics.median(writings):.2f}")


if __name__ == "__main__":
    main()
