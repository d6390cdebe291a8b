"""Reasons for leaving: intervals that hold together, changes allowed for many looks, several reasons of one leaver."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, people

import carestudy as cs
from carestudy.contract import CareError, Missing

PLANTED = {
    "Giá cao": 0.28, "Chất lượng đường truyền": 0.22, "Chuyển nơi ở": 0.16, "Đối thủ khuyến mãi": 0.13,
    "Chăm sóc kém": 0.09, "Hết nhu cầu": 0.07,
}  # fmt: skip


def _left(counts: dict[Any, int], day: str, prefix: str = "") -> list[tuple[Any, ...]]:
    return [(f"{prefix}{reason}{k}", "2023-01-05", day, reason) for reason, n in counts.items() for k in range(n)]


def _care(*rows: tuple[Any, ...], **settings: Any) -> Any:
    return cs.load({"customers": people(*rows, columns="leave_reason")}, as_of="2026-10-31", **settings)


def test_the_planted_shares_lie_within_their_intervals() -> None:
    found = cs.churn.reasons(demo(), period="2026-10", top=9)
    assert found.loc[found["reason"].notna(), "reason"].iloc[0] == "Giá cao"
    for row in found.to_dict("records"):
        planted = PLANTED[row["reason"]] if row["what"] == "stated" else 0.05
        assert row["low"] <= planted <= row["high"], row["reason"]
    assert set(found["verdict"]) == {"cannot tell"}


def test_the_shares_of_the_first_the_others_and_the_unknown_add_up_to_one() -> None:
    care = _care(*_left({"a": 9, "b": 6, "c": 3, "d": 2, None: 5}, "2026-10-05"))
    found = cs.churn.reasons(care, period="2026-10", top=2)
    assert found[["reason", "what", "numerator"]].to_numpy().tolist() == [
        ["a", "stated", 9], ["b", "stated", 6], [None, "others", 5], [None, "unknown", 5],
    ]  # fmt: skip
    assert found["value"].sum() == pytest.approx(1)
    assert set(found["n"]) == {25}


def test_intervals_are_as_wide_as_all_reasons_need_however_few_are_shown() -> None:
    care = _care(*_left({"a": 56, "b": 72, "c": 73, "d": 59, "e": 62, "f": 87, "g": 58}, "2026-10-05"))
    shown = cs.churn.reasons(care, period="2026-10", top=1).iloc[0]
    # Goodman's interval of 87 of 467 in seven parts, as Sison and Glaz print it.
    assert (shown["low"], shown["high"]) == pytest.approx((0.143, 0.239), abs=0.0006)


def test_a_reason_given_more_often_is_found_and_the_one_it_replaces() -> None:
    care = _care(*_left({"a": 60, "b": 40}, "2026-10-05", "n"), *_left({"a": 30, "b": 70}, "2025-05-05", "p"))
    found = cs.churn.reasons(care, period="2026-10").set_index("reason")
    assert found["verdict"].to_dict() == {"a": "more often", "b": "less often"}
    assert found["before"].to_dict() == {"a": 0.3, "b": 0.7}


def test_a_month_is_compared_with_the_month_before_or_a_year_ago() -> None:
    rows = [*_left({"a": 20}, "2026-10-05", "n"), *_left({"b": 20}, "2026-09-05", "m"), *_left({"a": 20}, "2025-10-05")]
    found = {
        against: cs.churn.reasons(_care(*rows), period="2026-10", months=None, against=against).set_index("reason")
        for against in ("before", "year_ago")
    }
    assert found["before"].loc["a", "before"] == 0
    assert found["year_ago"].loc["a", "before"] == 1


def test_too_few_leavers_before_cannot_be_compared() -> None:
    care = _care(*_left({"a": 60, "b": 40}, "2026-10-05", "n"), *_left({"b": 9}, "2025-05-05", "p"))
    found = cs.churn.reasons(care, period="2026-10")
    assert found["p"].isna().all()
    assert set(found["verdict"]) == {"cannot tell"}


def test_several_reasons_of_one_leaver_count_each_with_an_interval_of_its_own() -> None:
    care = _care(*_left({"price; moved": 10, "Price": 5, "moved": 5}, "2026-10-05"))
    found = cs.churn.reasons(care, period="2026-10").set_index("reason")
    assert found["numerator"].to_dict() == {"Price": 15, "moved": 15}
    # Wilson's interval of 15 of 20.
    assert (found.loc["moved", "low"], found.loc["moved", "high"]) == pytest.approx((0.5313, 0.8881), abs=1e-4)


def test_reasons_that_are_nobodys_fault_are_told_apart_where_the_company_names_them() -> None:
    rows = _left({"Giá cao": 6, "Chuyển nơi ở": 3, "Giá cao; Chuyển nơi ở": 1, None: 2}, "2026-10-05")
    told = cs.churn.kinds(_care(*rows, involuntary=["chuyển nơi ở"]), period="2026-10")
    assert dict(zip(told["kind"], told["numerator"], strict=True)) == {"voluntary": 7, "involuntary": 3, "unknown": 2}
    untold = cs.churn.kinds(_care(*rows), period="2026-10")
    assert untold["kind"].tolist() == ["not told apart", "unknown"]


def test_by_group_each_has_its_own_whole() -> None:
    rows = pd.DataFrame(
        {"customer_id": list("abcd"), "region": ["N", "N", "S", None], "leave_reason": ["x", "y", "x", "x"]}
    )
    care = cs.load({"customers": rows.assign(joined_on="2024-01-01", left_on="2026-10-05")}, as_of="2026-10-31")
    found = cs.churn.reasons(care, by="region")
    assert found[["region", "reason", "value"]].to_numpy().tolist() == [
        ["N", "x", 0.5], ["N", "y", 0.5], ["S", "x", 1.0], [None, "x", 1.0],
    ]  # fmt: skip


def test_nobody_left_gives_no_reasons() -> None:
    care = _care(("A", "2024-01-01", None, None))
    assert len(cs.churn.reasons(care, period="2026-10")) == 0
    assert cs.churn.kinds(care, period="2026-10")["value"].isna().all()


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(CareError, match="against='last' is not known"):
        cs.churn.reasons(demo(), period="2026-10", against="last")
    with pytest.raises(CareError, match="method='wald' is not known"):
        cs.churn.reasons(demo(), period="2026-10", method="wald")
    with pytest.raises(CareError, match="overlaps"):
        cs.churn.reasons(demo(), period="2026-10", months=24, against="year_ago")
    with pytest.raises(CareError, match="5 or more"):
        cs.intervals.sison_glaz([9, 4])
    with pytest.raises(Missing, match="leave_reason"):
        cs.churn.reasons(cs.load({"customers": people(("A", "2024-01-01", "2026-10-05"))}, as_of="2026-10-31"))
