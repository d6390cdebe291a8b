"""The rows behind a figure are the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from servers import ENGINES

from carestudy import kpi

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


# One for each way in which a kind lists what it counts; tests/kpi/test_rows_behind.py tries them all.
LISTED = (
    "nps", "complaint_rate(per=customer)", "recontact_rate", "invoiced", "active_customers", "bought_again", "backlog",
    "net_revenue_retention", "retention_rate", "annual_loss", "leaving_reasons", "first_response_time",
    "tenure(years=1)", "typical_transaction",
)  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", LISTED)
def test_the_rows_of_a_figure_are_the_same_on_every_engine(
    name: str, engine: str, here: Any, there: Callable[[str], Any]
) -> None:
    assert rows_of(there(engine), name) == rows_of(here, name)


def rows_of(care: Any, name: str) -> list[list[str]]:
    sides = [kpi.ALL[name].rows(care, period="2026-10", side=side) for side in ("numerator", "denominator")]
    assert sides[1].total > 0
    return [[str(cell) for cell in row] for side in sides for row in side.rows.fillna("").astype(str).to_numpy()]
