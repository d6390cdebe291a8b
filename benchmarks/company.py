"""Companies of any size for the benchmarks: the demo company of a million transactions, taken several times.

    python benchmarks/company.py FOLDER MILLIONS [--monthly]

Each copy has customers, transactions, contacts, answers and invitations of its own, so that whatever is counted by
customer grows with the size and keeps its shape. ``--monthly`` writes the last two years as one file a month, as an
export does.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import duckdb

from carestudy import demo

CUSTOMERS = 69_100  # of the demo, who make a million transactions
IDS = {
    "customers": ("customer_id",),
    "transactions": ("transaction_id", "customer_id"),
    "contacts": ("contact_id", "customer_id"),
    "responses": ("response_id", "customer_id", "contact_id"),
    "invitations": ("invitation_id", "customer_id", "response_id"),
}  # each begins with two letters
TIMES = {
    "transactions": "occurred_at",
    "contacts": "opened_at",
    "responses": "answered_at",
    "invitations": "invited_at",
}
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][10:34]


def write(folder: Path, millions: int, *, monthly: bool = False) -> None:
    """A company of so many million transactions; monthly, of as many customers with two of their three years."""
    folder.mkdir(parents=True)
    with TemporaryDirectory(prefix="one-", dir=folder.parent) as one:
        demo.write(Path(one) / "demo", customers=CUSTOMERS, seed=1)
        for file in (*Path(one, "demo").glob("*.csv"), Path(one, "demo", "care.toml")):
            copyfile(file, folder / file.name)
        engine = duckdb.connect()
        for table in IDS:
            engine.sql(f"create view {table} as from '{one}/demo/{table}.parquet'")
            if monthly and table in TIMES:
                for month in MONTHS:
                    of_month = f"where strftime({TIMES[table]}, '%Y-%m') = '{month}'"
                    _save(engine, _copies(table, millions, of_month), folder / f"{table}_{month}.parquet")
            else:
                _save(engine, _copies(table, millions), folder / f"{table}.parquet")
    if monthly:
        with (folder / "care.toml").open("a", encoding="utf-8") as care:
            care.writelines(f'\n[{table}]\nsource = "{table}_*.parquet"\n' for table in TIMES)


def _copies(table: str, millions: int, where: str = "") -> str:
    """The rows of a table as often as there are copies, the number of the copy in every id."""
    ids = ", ".join(f"{column}[:2] || copy || {column}[3:] as {column}" for column in IDS[table])
    return f"select rows.* replace ({ids}) from {table} rows, range(10, {10 + millions}) copies (copy) {where}"


def _save(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    engine.execute(f"copy ({query}) to '{path}' (format parquet, compression zstd)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("millions", type=int)
    parser.add_argument("--monthly", action="store_true")
    asked = parser.parse_args()
    write(asked.folder, asked.millions, monthly=asked.monthly)
