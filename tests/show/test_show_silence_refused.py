"""A silence window that the data cannot tell is nowhere stated as if customers were lost after it."""

from __future__ import annotations

import pandas as pd
import pytest

import carestudy as cs


def yearly(**settings: int) -> cs.Care:
    """Customers who buy about once a year: three years of data cannot tell who is lost."""
    rows = [
        (f"T{k}-{year}", f"K{k}", f"{year}-{k % 12 + 1:02d}-{(k * 7 + year) % 27 + 1:02d}", 100.0 + k)
        for k in range(60)
        for year in (2024, 2025, 2026)
        if (k + year) % 3
    ]
    frame = pd.DataFrame(rows, columns=["transaction_id", "customer_id", "occurred_at", "amount"])
    return cs.load({"transactions": frame}, as_of="2026-10-31", **settings)


@pytest.mark.parametrize(("lang", "lost"), [("en", "is lost after"), ("vi", "coi là đã rời bỏ sau")])
def test_neither_the_foot_nor_the_print_of_the_data_state_a_refused_window(lang: str, lost: str) -> None:
    care = yearly()
    assert care.silence is not None
    assert not care.silence.sure
    show = cs.Show(care, period="2026-10", lang=lang)
    assert lost not in show.sources().text
    assert "is lost after" not in repr(care)
    assert "retention_rate" not in {one["kpi"] for one in show.board().figures}
    cover = show.cover().text
    assert ("nothing is said of who left" if lang == "en" else "báo cáo không nêu ai đã rời bỏ") in cover
    assert "count as lost:" not in cover


def test_a_window_that_was_set_is_stated() -> None:
    page = cs.Show(yearly(inactive_after=100), period="2026-10", lang="en")
    assert "a customer counts as lost after 100 days" in page.sources().text
