"""Every figure is the same on every engine: counts to the last, quantiles and intervals to nine digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from servers import ENGINES

import carestudy as cs
from carestudy import kpi

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Spark has something to say of pandas
on_every_engine = pytest.mark.parametrize("engine", ENGINES)

FIGURES: dict[str, Callable[[Any], pd.DataFrame]] = {
    "every KPI by channel beside last month, a year ago and its goal": lambda care: cs.scorecard(
        care, period="2026-10", by="team"
    ),
    "every KPI of the company": lambda care: cs.scorecard(care, period="2026-10"),
    "KPIs of customers by a column with gaps": lambda care: kpi.retention_rate(
        care, every="month", last=3, by="segment"
    ),
    "NPS by month, team and channel": lambda care: kpi.nps(care, by=["team", "channel"], every="month", last=3),
    "a dimension of the agent": lambda care: kpi.csat(care, by="department", period="2026-10"),
    "durations in business hours": lambda care: kpi.first_response_time(care, clock="business", period="2026-10"),
    "open contacts at the end of each month": lambda care: kpi.backlog(care, every="month", last=6, by="channel"),
    "revenue that came again": lambda care: kpi.net_revenue_retention(care, every="month", last=6),
    "contacts by topic and month": lambda care: kpi.contact_count(care, every="month", last=6, by="topic"),
    "reasons for leaving": lambda care: kpi.leaving_reasons(care, period="2026-10", by="leave_reason"),
    "the bridge": lambda care: cs.bridge(care, every="month", last=6),
    "cohorts": lambda care: cs.cohorts(care, every="quarter"),
    "the survival curve": lambda care: cs.survival.curve(care, kpi.tenure, by="region"),
    "the share of the best": lambda care: cs.pareto(care),
    "value to date": lambda care: cs.value_to_date(care),
    "expectations": lambda care: cs.expectations(care, period="2026"),
    "load by weekday and hour": lambda care: cs.desk.load(care, period="2026-Q3"),
    "owners": lambda care: cs.people.owners(care),
    "exit interviews": lambda care: cs.exits.interviews(care),
    "whom to call": lambda care: cs.exits.to_call(care),
    "customers by what they bought": lambda care: _rows(cs.purchases_table(care)),
}


@on_every_engine
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_the_same_on_every_engine(figure: str, engine: str, here: Any, there: Callable[[str], Any]) -> None:
    expected = FIGURES[figure](here)
    assert len(expected)
    pd.testing.assert_frame_equal(FIGURES[figure](there(engine)), expected, check_dtype=False, rtol=1e-9)


@on_every_engine
def test_the_rows_stay_where_they_are(engine: str, there: Callable[[str], Any]) -> None:
    care = there(engine)
    assert {table.get_backend().name for table in care.tables.values()} == {engine}


@on_every_engine
def test_as_many_rows_are_used_as_here(engine: str, here: Any, there: Callable[[str], Any]) -> None:
    def counted(care: Any) -> dict[str, tuple[int, int, int]]:
        return {count.table: (count.read, count.used, count.set_aside) for count in care.counts}

    assert counted(there(engine)) == counted(here)


def test_spark_computes_in_another_process_than_the_one_that_asks(there: Callable[[str], Any]) -> None:
    there("pyspark")
    context = pytest.importorskip("pyspark").SparkContext._active_spark_context
    assert context.master.startswith("local-cluster")
    assert context._jsc.sc().getExecutorMemoryStatus().size() == 2


def _rows(table: Any) -> pd.DataFrame:
    frame = table.to_pyarrow().to_pandas(date_as_object=True)
    return frame.sort_values("customer_id", ignore_index=True)
