"""A period of which the data cover a part keeps its value, is marked, and is compared with none."""

from __future__ import annotations

import pandas as pd
import pytest

import carestudy as cs
from carestudy import kpi


def tickets(first: str = "2026-02-12", last: str = "2026-10-31") -> pd.DataFrame:
    days = pd.date_range(first, last, freq="D").repeat(3)
    return pd.DataFrame(
        {
            "contact_id": [f"T{k}" for k in range(len(days))],
            "customer_id": [f"K{k % 90}" for k in range(len(days))],
            "opened_at": [f"{day:%Y-%m-%d} {8 + k % 9:02d}:10" for k, day in enumerate(days)],
            "kind": ["complaint" if k % 5 == 0 else "question" for k in range(len(days))],
        }
    )


@pytest.mark.parametrize("figure", [kpi.contact_count, kpi.complaint_rate.of(per="contact")])
def test_the_first_month_is_marked_where_the_data_begin_within_it(figure: kpi.Kpi) -> None:
    frame = figure(cs.load({"contacts": tickets()}, as_of="2026-10-31"), every="month", last=9).set_index("period")
    assert frame.loc["2026-02", "n"] == 51
    assert frame["value"].notna().all()
    assert str(frame.loc["2026-02", "note"]).startswith(
        "the data cover only a part of 2026-02: table contacts begins on"
    )
    assert frame["note"].drop("2026-02").isna().all()


def test_a_table_that_stops_early_marks_its_last_month() -> None:
    care = cs.load({"contacts": tickets(last="2026-10-09")}, as_of="2026-10-31")
    frame = kpi.contact_count(care, every="month", last=3).set_index("period")
    assert "table contacts ends on 2026-10-09" in str(frame.loc["2026-10", "note"])
    assert frame.loc["2026-09", "note"] is None or pd.isna(frame.loc["2026-09", "note"])


def test_a_count_of_a_month_that_is_not_over_is_marked_and_a_share_is_not() -> None:
    care = cs.load({"contacts": tickets(last="2026-11-12")}, as_of="2026-11-12")
    count = kpi.contact_count(care, period="2026-11")
    assert str(count["note"].iloc[0]) == "2026-11 is not over: the data are known up to 2026-11-12"
    assert "note" not in kpi.complaint_rate(care, per="contact", period="2026-11")


def test_whole_months_have_no_note() -> None:
    care = cs.load({"contacts": tickets("2026-02-01")}, as_of="2026-10-31")
    assert "note" not in kpi.contact_count(care, every="month", last=9)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "To be read with care: the data cover"), ("vi", "Cần đọc thận trọng")]
)
def test_a_picture_marks_the_part_and_says_why(lang: str, words: str) -> None:
    show = cs.Show(cs.load({"contacts": tickets()}, as_of="2026-10-31"), period="2026-10", lang=lang)
    text = show.trend(kpi.contact_count).text
    assert words in text
    assert "in part: (" in text


def test_a_month_that_is_not_over_is_compared_with_none() -> None:
    show = cs.Show(cs.load({"contacts": tickets(last="2026-11-12")}, as_of="2026-11-12"), period="2026-11", lang="en")
    text = show.trend(kpi.contact_count).text
    assert "Against" not in text
    assert "November 2026 is not over: the data are known up to 12 November 2026" in text
    tile = next(line for line in show.board().text.splitlines() if line.startswith("Contacts: "))
    assert "is not over" in tile
    assert "cannot tell" not in tile
