"""A simulated Vietnamese company with planted truths, at any size."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from carestudy.contract import CareError
from carestudy.demo import care_cases, company_file, dice, seasons, staff, survey_answers, transactions, truths
from carestudy.demo import customers as people

__all__ = ["write"]

FILES = frozenset(
    {f"{table}.parquet" for table in ("customers", "transactions", "contacts", "responses", "invitations")}
    | {"staff.csv", "goals.csv", "care.toml", "truths.json"}
)


def write(
    folder: Path, *, customers: int = 5000, seed: int = 1, memory_limit: str | None = None, threads: int | None = None
) -> dict[str, int]:
    """Write a simulated company to a folder; returns the number of rows of every table.

    The same customers and seed give the same bytes, whatever the threads, time zone or memory. A folder is replaced
    entirely or not at all, and only where it is empty or an earlier demo. truths.json lists what is planted.
    """
    folder = Path(folder).absolute()
    options = {"memory_limit": memory_limit, "threads": threads}
    chosen = {name: value for name, value in options.items() if value is not None}
    try:
        _refuse(folder, customers)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
            fresh, spill, earlier = (Path(scratch) / name for name in ("made", "spill", "earlier"))
            fresh.mkdir()
            with _engine({**chosen, "temp_directory": str(spill)}) as engine:
                rows = _fill(engine, fresh, customers, seed)
            _put(fresh, folder, earlier)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as fault:
        raise CareError(f"the demo could not be written to {folder}: {fault}") from fault
    return rows


def _refuse(folder: Path, customers: int) -> None:
    if customers < 1:
        raise CareError(f"a demo needs at least one customer, not {customers}")
    if folder.exists() and not folder.is_dir():
        raise CareError(f"{folder} is a file; name a folder for the demo")
    existing = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if existing and not ({"truths.json"} <= existing <= FILES and company_file.is_demo(folder)):
        raise CareError(f"{folder} is not empty and not an earlier demo; name a new folder")


def _engine(config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(config=config)
    except (duckdb.ParserException, duckdb.SyntaxException) as fault:
        raise CareError(f"the engine cannot be set up like this: {fault}") from fault


def _fill(engine: duckdb.DuckDBPyConnection, folder: Path, customers: int, seed: int) -> dict[str, int]:
    dice.prepare(engine, seed)
    seasons.prepare(engine)
    staff.prepare(engine)
    people.prepare(engine, customers)
    transactions.prepare(engine)
    care_cases.prepare(engine)
    survey_answers.prepare(engine)
    queries = {
        "customers": people.select(), "transactions": transactions.select(), "contacts": care_cases.select(),
        "responses": survey_answers.responses(), "invitations": survey_answers.invitations(),
    }  # fmt: skip
    rows = {table: _save(engine, query, folder / f"{table}.parquet") for table, query in queries.items()}
    truths.write(folder, engine, customers, seed)
    company_file.write(folder)
    return rows | staff.write(folder)


def _save(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    target = str(path).replace("'", "''")
    options = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2"
    written = engine.execute(f"COPY ({query}) TO '{target}' ({options})").fetchone()
    return int(written[0]) if written else 0


def _put(fresh: Path, folder: Path, earlier: Path) -> None:
    if folder.exists():
        folder.replace(earlier)
    try:
        fresh.replace(folder)
    except OSError:
        if earlier.exists():
            earlier.replace(folder)
        raise
