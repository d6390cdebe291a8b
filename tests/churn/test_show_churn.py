"""Leaving, shown: the finding first, words in both languages, nothing of the data taken for HTML."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, people

import carestudy as cs
from carestudy.churn import Drivers
from carestudy.show.churn.drivers import drivers
from carestudy.show.churn.words import risk_list
from carestudy.show.words import Reader

HOSTILE = "<b id=live> {0} {label}"


def _show(*rows: Any, lang: str = "en", **settings: Any) -> Any:
    care = cs.load({"customers": people(*rows, columns="leave_reason")}, as_of="2026-10-31", **settings)
    return cs.Show(care, "2026-10", lang).churn


def _left(reason: str | None, n: int) -> list[tuple[Any, ...]]:
    return [(f"{reason}{k}", "2024-01-05", "2026-10-05", reason) for k in range(n)]


def test_reasons_say_the_first_with_its_interval_and_that_nothing_can_be_compared() -> None:
    text = _show(*_left("price", 20), *_left("moved", 5)).reasons().text
    assert "Reasons for leaving. Most frequent: price: 80.0%" in text
    assert "Too few customers left in the period before to compare the reasons." in text


def test_earlier_shares_of_few_customers_are_not_told_nor_what_betrays_them() -> None:
    before = [
        (f"old{k}", "2023-01-05", "2025-06-05", "price" if k < 3 else "moved" if k < 12 else "wish") for k in range(40)
    ]
    lines = _show(*before, *_left("price", 60), *_left("moved", 8), *_left("wish", 9)).reasons().text.splitlines()
    rows = {line.split("\t")[0]: line.split("\t") for line in lines if "\t" in line}
    assert [rows[name][3] for name in ("price", "moved", "wish")] == ["–", "–", "70.0%"]
    assert [rows[name][4] for name in ("price", "moved")] == ["–", "–"]
    assert rows["price"][5] == "more often"
    assert any("price (more often)" in line for line in lines)


def test_where_two_reasons_may_change_places_that_is_said() -> None:
    text = _show(*_left("price", 11), *_left("moved", 9)).reasons().text
    assert "so their order is not certain" in text


def test_where_nobody_wrote_a_reason_down_that_is_said() -> None:
    output = _show(*_left(None, 12)).reasons()
    assert "The reasons for leaving are not recorded" in output.text
    assert "For 100.0% the reason is not known." in output.text


def test_reasons_from_the_data_are_no_html() -> None:
    show = _show(*_left(HOSTILE, 20), *_left("b", 5), involuntary=[HOSTILE])
    for output in (show.reasons(), show.kinds(), show.incidence()):
        assert "<b id=live" not in str(output.html)
        assert "<b id=live" in output.text


def test_kinds_are_told_apart_or_how_to_is_said() -> None:
    rows = [*_left("price", 20), *_left("moved", 5)]
    assert (
        "80.0% of those who left did so for reasons that the company can influence"
        in _show(*rows, involuntary=["moved"]).kinds().text
    )
    assert '[churn] involuntary = ["…", "…"]' in _show(*rows).kinds().text


def test_the_curves_say_when_and_for_which_reason() -> None:
    text = cs.Show(demo(), "2026-10", "en").churn.incidence().text
    assert "Within 1 year, 21.5% have left, most often for: Giá cao" in text


def test_what_goes_with_leaving_is_said_with_its_doubt(found: Drivers) -> None:
    output = drivers(Reader("en"), found)
    text = output.text.replace("\xa0", " ")
    assert text.startswith("Customers leaving in a month: without an owner 5.0%, with an owner 2.5%")
    assert "A linked factor is not necessarily a cause." in text
    assert "The model hardly predicts who leaves" in text
    assert "KH0" not in text


@pytest.mark.parametrize("name", ["reasons", "kinds", "incidence", "drivers"])
def test_without_leavers_or_reasons_the_page_says_so(name: str) -> None:
    nobody = _show(("A", "2024-01-05", None, None))
    assert getattr(nobody, name)().text
    care = cs.load({"customers": pd.DataFrame({"customer_id": ["A"]})}, as_of="2026-10-31")
    assert "cannot be computed" in getattr(cs.Show(care, "2026-10", "en").churn, name)().text


def test_the_list_for_those_who_call_has_reasons_in_words() -> None:
    frame = pd.DataFrame({"customer_id": ["A", "B"], "risk": [0.1, 0.05], "reasons": ["owner=none; region=Nam", ""]})
    assert risk_list(Reader("vi"), frame)["reasons"].tolist() == ["chưa có người phụ trách; Vùng: Nam", ""]
