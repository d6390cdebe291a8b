"""Where orders are cancelled, returned or refunded, amounts say that they count them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import carestudy as cs
from carestudy import kpi


def orders(**columns: Any) -> pd.DataFrame:
    n = 40
    frame = pd.DataFrame(
        {
            "transaction_id": [f"D{k}" for k in range(n)],
            "customer_id": [f"K{k % 15}" for k in range(n)],
            "occurred_at": [f"2026-10-{k % 28 + 1:02d}" for k in range(n)],
            "amount": [100_000.0] * n,
        }
    )
    return frame.assign(**columns)


def show(frame: pd.DataFrame, lang: str = "en") -> cs.Show:
    return cs.Show(cs.load({"transactions": frame}, as_of="2026-10-31"), period="2026-10", lang=lang)


RETURNED = {"returned": [k < 4 for k in range(40)]}
REFUNDED = {"refunded": [50_000.0 if k < 4 else 0.0 for k in range(40)]}


@pytest.mark.parametrize("columns", [RETURNED, REFUNDED, {**RETURNED, **REFUNDED}])
def test_the_sentence_says_how_many_and_how_much(columns: dict[str, Any]) -> None:
    words = "Amounts count orders that were cancelled, returned or refunded: 4 of 40, ₫400,000."
    page = show(orders(**columns))
    assert words in page.board().text
    assert words in page.trend(kpi.invoiced).text
    assert "cancelled" not in page.trend(kpi.active_customers).text
    assert "4 trong 40 đơn" in show(orders(**columns), "vi").trend(kpi.invoiced).text


@pytest.mark.parametrize("columns", [{}, {"returned": [False] * 40}, {"refunded": [0.0] * 40}])
def test_where_none_is_there_nothing_is_said(columns: dict[str, Any]) -> None:
    page = show(orders(**columns))
    assert "cancelled" not in page.board().text + page.trend(kpi.invoiced).text


def test_an_amount_that_is_taken_off_already_is_not_counted() -> None:
    frame = orders(returned=[k < 4 for k in range(40)], amount=[-100_000.0 if k < 4 else 100_000.0 for k in range(40)])
    assert "cancelled" not in show(frame).board().text
