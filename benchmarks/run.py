"""Speed side by side, in one run, as ratios: `make bench`, or `python benchmarks/run.py --customers 100000`.

Each piece of work is done by carestudy, by hand-written DuckDB SQL and by pandas on the same Parquet files, in turn,
several times; the medians are compared. Only ratios of one run mean anything: machines differ, and so do their days.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

import carestudy as cs
from carestudy import demo, kpi

ROUNDS = 5


def main() -> None:
    """Write a company of the wanted size, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    customers = parser.parse_args().customers
    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder) / "company"
        took, rows = _timed(lambda: demo.write(company, customers=customers, seed=1))
        print(f"demo of {customers:,} customers: {took:.1f} s, {sum(rows.values()):,} rows")
        took, care = _timed(lambda: cs.load(company))
        print(f"load and check: {took:.1f} s\n")
        print("| work | carestudy, s | plain SQL, part of that | pandas, part of that |\n|---|---|---|---|")
        for name, work in _works(care, company).items():
            print(_row(name, work))


def _works(care: cs.Care, company: Path) -> dict[str, dict[str, Callable[[], object]]]:
    responses = pd.read_parquet(company / "responses.parquet")
    contacts = pd.read_parquet(company / "contacts.parquet")
    engine = duckdb.connect()
    for name in ("responses", "contacts", "customers"):
        engine.sql(f"create table {name} as from '{company / name}.parquet'")
    by = ["team", "channel"]
    return {
        "NPS by month, team and channel": {
            "carestudy": lambda: kpi.nps(care, by=by, every="month"),
            "sql": lambda: engine.sql(_NPS).fetchall(),
            "pandas": lambda: _nps_in_pandas(responses),
        },
        "re-contact within 7 days by channel": {
            "carestudy": lambda: kpi.recontact_rate(care, by="channel"),
            "sql": lambda: engine.sql(_RECONTACT).fetchall(),
            "pandas": lambda: _recontact_in_pandas(contacts),
        },
        "retention of 36 months": {
            "carestudy": lambda: kpi.retention_rate(care, every="month", last=36),
            "sql": lambda: engine.sql(_RETENTION).fetchall(),
            "pandas": None,
        },
        "the whole scorecard of a month": {"carestudy": lambda: cs.scorecard(care, period="2026-10"), "sql": None},
    }


_NPS = """select date_trunc('month', answered_at) m, team, channel, count(*) n,
  sum((score >= 9)::int) - sum((score <= 6)::int) s
  from responses where question = 'nps' and score is not null group by all"""
_RECONTACT = """with f as (select channel, resolved_at, lead(opened_at) over
  (partition by customer_id, topic order by opened_at, contact_id) nxt from contacts where customer_id is not null)
  select channel, count(*), sum((nxt <= resolved_at + interval 7 day)::int) from f
  where resolved_at + interval 7 day <= timestamp '2026-11-01' group by channel"""
_RETENTION = """with m as
  (select unnest(generate_series(date '2023-11-01', date '2026-10-01', interval 1 month))::date s)
  select s, count(*), sum((left_on is null or left_on >= s + interval 1 month)::int) from m join customers
  on joined_on < s and (left_on is null or left_on >= s) group by s"""


def _nps_in_pandas(responses: pd.DataFrame) -> pd.DataFrame:
    asked = responses[(responses["question"] == "nps") & responses["score"].notna()]
    scores = asked.assign(
        month=asked["answered_at"].dt.to_period("M"), side=(asked["score"] >= 9).astype(int) - (asked["score"] <= 6)
    )
    return scores.groupby(["month", "team", "channel"], dropna=False)["side"].agg(["sum", "count"])


def _recontact_in_pandas(contacts: pd.DataFrame) -> pd.DataFrame:
    known = contacts[contacts["customer_id"].notna()].sort_values(["customer_id", "topic", "opened_at", "contact_id"])
    following = known.groupby(["customer_id", "topic"], dropna=False)["opened_at"].shift(-1)
    limit = known["resolved_at"] + pd.Timedelta(days=7)
    counted = known.assign(again=following <= limit)[limit <= pd.Timestamp("2026-11-01")]
    return counted.groupby("channel", dropna=False)["again"].agg(["sum", "count"])


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _row(name: str, works: dict[str, Callable[[], object] | None]) -> str:
    times: dict[str, list[float]] = {who: [] for who, work in works.items() if work}
    for _ in range(ROUNDS):
        for who in times:
            times[who].append(_timed(works[who])[0])
    medians = {who: statistics.median(taken) for who, taken in times.items()}
    ratios = [f"{medians[who] / medians['carestudy']:.2f}" if who in medians else "" for who in ("sql", "pandas")]
    return f"| {name} | {medians['carestudy']:.3f} | {ratios[0]} | {ratios[1]} |"


if __name__ == "__main__":
    main()
