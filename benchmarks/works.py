"""The pieces of work that are measured, as each of carestudy's peers does them, with the same answer.

Each takes what its ``prepared`` gives and returns rows of plain numbers and texts, which ``run.py`` compares before it
believes a time. Imports are inside: each runs in an environment of its own, and no other library costs it memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

SUMMARY = """with days as (select customer_id, occurred_at::date as day, sum(amount) as spent
    from transactions where not returned group by all)
  select customer_id, count(*) - 1 as x, max(day) - min(day) as t_x, date '2026-10-31' - min(day) as T,
    coalesce((sum(spent) - arg_min(spent, day)) / nullif(count(*) - 1, 0), 0) as value
  from days group by customer_id"""
KPI = """select strftime(answered_at, '%Y-%m') as period, team, channel,
    100 * sum((score >= 9)::int - (score <= 6)::int) / count(*) as value, count(*) as n
  from responses where question = 'nps' and score is not null group by all"""
# What an interval needs, since the answers of one customer are not independent.
KPI_WITH_INTERVAL = """with one as (select strftime(answered_at, '%Y-%m') as period, team, channel, customer_id,
    sum((score >= 9)::int - (score <= 6)::int) as a, count(*) as b
    from responses where question = 'nps' and score is not null group by all)
  select period, team, channel, 100 * sum(a) / sum(b) as value, sum(b) as n, count(*), sum(a * a),
    sum(a * b), sum(b * b)
  from one group by all"""
FOLLOWED = """select channel, customer_id, resolved_at, lead(opened_at) over
    (partition by customer_id, topic order by opened_at, contact_id) as next
  from contacts where customer_id is not null and topic is not null and direction <> 'outbound'"""
RECONTACT = f"""with one as ({FOLLOWED})
  select channel, sum((next <= resolved_at + interval 7 day)::int) / count(*) as value, count(*) as n
  from one where resolved_at + interval 7 day <= timestamp '2026-11-01' group by channel"""
RECONTACT_WITH_INTERVAL = f"""with one as ({FOLLOWED}), each as (select channel, customer_id, count(*) as b,
    coalesce(sum((next <= resolved_at + interval 7 day)::int), 0) as a
    from one where resolved_at + interval 7 day <= timestamp '2026-11-01' group by all)
  select channel, sum(a) / sum(b) as value, sum(b) as n, sum(a * a), sum(a * b), sum(b * b)
  from each group by channel"""
COHORTS = """with months as (select distinct customer_id, year(occurred_at) * 12 + month(occurred_at) - 1 as month
    from transactions),
  begun as (select month, min(month) over (partition by customer_id) as cohort from months)
  select cohort, month - cohort as age, count(*) as n from begun group by all"""


class Carestudy:
    """carestudy on a folder that it has loaded and checked."""

    def __init__(self, folder: Path) -> None:
        import carestudy as cs

        self.cs, self.care = cs, cs.load(folder)

    def load(self) -> list[Any]:
        """Nothing more: what has been measured is how the data are loaded."""
        return []

    def summary(self) -> list[Any]:
        """One row a customer."""
        return _summed(self.cs.purchase_history(self.care, unit="day"))

    def kpi(self) -> list[Any]:
        """NPS of every month, team and channel, with its intervals."""
        found = self.cs.kpi.nps(self.care, by=["team", "channel"], every="month")
        return _rows(found[found["n"] > 0][["period", "team", "channel", "value", "n"]])

    def recontact(self) -> list[Any]:
        """Share of closed contacts that were followed by another within seven days, by channel, with its interval."""
        found = self.cs.kpi.recontact_rate(self.care, by="channel")
        return _rows(found[found["n"] > 0][["channel", "value", "n"]])

    def cohorts(self) -> list[Any]:
        """Who bought again so many months after the first purchase."""
        from dataclasses import replace

        bought = replace(self.care, tables={"transactions": self.care.tables["transactions"]})
        found = self.cs.cohorts(bought)
        found = found[(found["cohort"] != "all") & (found["retained"] > 0)]
        number = found["cohort"].str[:4].astype(int) * 12 + found["cohort"].str[5:].astype(int) - 1
        return _rows(found.assign(cohort=number)[["cohort", "age", "retained"]])

    def scorecard(self) -> list[Any]:
        """Every KPI of a month, beside the month before and a year ago; it has no peer."""
        return [len(self.cs.scorecard(self.care, period="2026-10"))]

    def segments(self) -> list[Any]:
        """Segments of all customers, the choice of their number included."""
        found = self.cs.segment(self.care)
        return [found.k, found.spread]


class Sql:
    """DuckDB, asked by hand."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        self.engine = duckdb.connect()
        for table in ("customers", "transactions", "contacts", "responses"):
            self.engine.sql(f"create view {table} as from '{folder / table}.parquet'")

    def summary(self) -> list[Any]:
        """One row a customer."""
        return _summed(self.engine.sql(SUMMARY).to_arrow_table().to_pandas())

    def kpi(self) -> list[Any]:
        """NPS of every month, team and channel."""
        return _rows(self.engine.sql(KPI).df())

    def recontact(self) -> list[Any]:
        """Contacts followed by another, by channel."""
        return _rows(self.engine.sql(RECONTACT).df())

    def cohorts(self) -> list[Any]:
        """Who bought again so many months after the first purchase."""
        return _rows(self.engine.sql(COHORTS).df())


class SqlWithInterval(Sql):
    """The same, and the sums that an interval needs."""

    def kpi(self) -> list[Any]:
        """NPS of every month, team and channel."""
        return _rows(self.engine.sql(KPI_WITH_INTERVAL).df()[["period", "team", "channel", "value", "n"]])

    def recontact(self) -> list[Any]:
        """Contacts followed by another, by channel."""
        return _rows(self.engine.sql(RECONTACT_WITH_INTERVAL).df()[["channel", "value", "n"]])


def _summed(rows: Any) -> list[Any]:
    """What a table of customers is compared by."""
    return [len(rows), *(float(rows[name].sum()) for name in ("x", "t_x", "T", "value"))]


def _rows(frame: Any) -> list[Any]:
    """Rows in their order, numbers as numbers."""
    rows = [["" if cell is None or cell != cell else cell for cell in row] for row in frame.to_numpy(object).tolist()]
    rows = [[cell if isinstance(cell, str) else float(cell) for cell in row] for row in rows]
    return sorted(rows, key=lambda row: [str(cell) for cell in row])
