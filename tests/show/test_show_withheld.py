"""Groups of too few customers: not told, and not to be worked out from what is told."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carestudy as cs
from carestudy import kpi
from carestudy.show.labels import group
from carestudy.show.output import MIME
from carestudy.show.withheld import kept_back
from carestudy.show.words import Reader

TEAMS = {"An": 29, "Bình": 20, "Cúc": 6, "Dũng": 3}
REASONS = {"giá": 12, "chuyển nhà": 7, "dịch vụ": 1, None: 40}
NOTE = "Không hiển thị: số liệu của nhóm dưới 5 khách hàng"


@pytest.fixture(scope="module")
def care() -> Any:
    """A company of 60 customers who answered twice each; three are in Dũng's team, of two the team is not known."""
    ids = [f"C{number:02}" for number in range(60)]
    teams = [name for name, size in TEAMS.items() for _ in range(size)] + [None] * 2
    reasons = [reason for reason, size in REASONS.items() for _ in range(size)]
    left = [None if reason is None else "2026-10-05" for reason in reasons]
    people = pd.DataFrame({"customer_id": ids, "team": teams, "leave_reason": reasons, "left_on": left})
    people = people.assign(joined_on="2025-01-05", owner="Lan")
    answers = pd.DataFrame({"customer_id": ids * 2, "question": "csat", "score": [1, 2, 3, 4, 5] * 24})
    answers["answered_at"] = ["2026-09-10"] * 60 + ["2026-10-10"] * 60
    answers["channel"] = ["chat", "phone", "phone"] * 40
    return cs.load({"customers": people.astype("str").where(people.notna(), None), "responses": answers})


def show(care: Any, lang: str = "vi", **settings: Any) -> cs.Show:
    return cs.Show(replace(care, settings=replace(care.settings, **settings)), period="2026-10", lang=lang)


def values(output: Any, name: str = "team") -> dict[Any, Any]:
    """What a machine reads of each group."""
    return {one["by"][name]: one["value"] for one in output.figures}


def test_a_small_group_is_withheld_and_the_next_smallest_too_so_that_it_cannot_be_subtracted(care: Any) -> None:
    shown = show(care).bars(kpi.csat, by="team")
    told = values(shown)
    assert {name for name, value in told.items() if value is None} == {"Dũng", None}
    assert told["Cúc"] == kpi.csat(care, by="team", period="2026-10")["value"][2]
    assert "Dũng\t" not in shown.text
    assert shown.text.count("ít khách hàng") == 2
    assert NOTE in shown.text
    assert NOTE in shown.html
    payload = json.dumps(shown._repr_mimebundle_()[MIME]["figures"])
    hidden = [one for one in json.loads(payload) if one["by"]["team"] == "Dũng"]
    assert {hidden[0][name] for name in ("value", "low", "high", "numerator", "denominator", "n")} == {None}


def test_in_english_too_and_a_single_small_group_takes_the_next(care: Any) -> None:
    named = care.with_table("customers", care.table("customers").filter(care.table("customers").team.notnull()))
    named = named.with_table("responses", named.table("responses").filter(named.table("responses").customer_id < "C58"))
    shown = show(named, "en").bars(kpi.csat, by="team")
    assert {name for name, value in values(shown).items() if value is None} == {"Dũng", "Cúc"}
    assert "Suppressed: figures of fewer than 5 customers, and those from which they could" in shown.text
    assert "few customers" in shown.text


def test_a_setting_of_one_tells_every_group_and_a_figure_that_is_called_tells_them_always(care: Any) -> None:
    told = show(care, min_group=1).bars(kpi.csat, by="team")
    assert None not in values(told).values()
    assert NOTE not in told.text
    assert kpi.csat(care, by="team", period="2026-10")["value"].notna().all()


def test_no_group_is_withheld_where_all_are_large(care: Any) -> None:
    shown = show(care).bars(kpi.csat, by="channel")
    assert "ít khách hàng" not in shown.text
    assert NOTE not in shown.text


def test_groups_over_time_crossed_and_beside_each_other_are_withheld_alike(care: Any) -> None:
    lines = show(care).trend(kpi.csat, by="team", last=2)
    assert {one["by"]["team"] for one in lines.figures if one["value"] is None} == {"Dũng", None}
    crossed = show(care).grid(kpi.csat, by=["team", "channel"])
    empty = {(one["by"]["team"], one["by"]["channel"]) for one in crossed.figures if one["value"] is None}
    assert {("Dũng", "chat"), ("Dũng", "phone"), ("Cúc", "chat"), ("Cúc", "phone")} <= empty
    assert "ít khách hàng" in crossed.text
    card = show(care).scorecards(by="team", kpis=[kpi.csat])
    assert {one["by"]["team"] for one in card.figures if one["value"] is None} == {"Dũng", None}
    assert card.text.count("ít khách hàng") == 2
    for shown in (lines, crossed, card):
        assert NOTE in shown.text


def test_a_fair_comparison_tells_nothing_of_few_customers(care: Any) -> None:
    shown = show(care).funnel(kpi.csat, by="team")
    assert {name for name, value in values(shown).items() if value is None} == {"Dũng", None}
    row = next(line for line in shown.text.splitlines() if line.startswith("Dũng\t"))
    assert not any(sign.isdigit() for sign in row)
    of_year = cs.Show(care, period="2025-11..2026-10").funnel(kpi.csat, by="team")
    assert "không so sánh" in of_year.text


def test_an_own_frame_is_withheld_by_its_cases(care: Any) -> None:
    frame = kpi.csat(care, by="team", period="2026-10")
    assert {name for name, value in values(show(care).bars(frame)).items() if value is None} == {"Dũng", None}


def test_what_is_no_figure_by_group_tells_small_groups_together(care: Any) -> None:
    for shown in (
        show(care).why(kpi.csat, by="team"),
        show(care).survival(kpi.tenure, by="team"),
        show(care).owners(by="team"),
    ):
        assert "Dũng" not in shown.text
        assert "Dũng" not in shown.html
    assert "(2 nhóm nhỏ)" in show(care).survival(kpi.tenure, by="team").text
    assert group(Reader("en"), "team", "(small groups: 2)") == "(2 small groups)"


def test_a_reason_for_leaving_that_one_customer_gave_is_told_with_others(care: Any) -> None:
    shown = show(care).churn.reasons()
    assert "dịch vụ" not in shown.text
    assert {one["by"]["reason"] for one in shown.figures} == {"giá", None}
    assert [one["numerator"] for one in shown.figures] == [12, 8]
    assert "dịch vụ" not in show(care).churn.incidence().text
    assert "dịch vụ" in show(care, min_group=1).churn.reasons().text


def test_few_customers_in_words() -> None:
    assert cs.show.numbers.cases(Reader("vi"), float("nan")) == "ít khách hàng"


LEAST = 5
tables = st.integers(1, 5).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=1, max_size=5
    )
)  # fmt: skip


@given(tables)
def test_nobody_can_work_out_a_small_group_from_what_is_told(table: list[list[int]]) -> None:
    sizes, places = np.array(table), list(product(range(len(table)), range(len(table[0]))))
    cells = pd.DataFrame(places, columns=["down", "across"])
    size = pd.Series([float(sizes[place]) for place in places])
    hidden = {place for place, is_hidden in zip(places, kept_back(size, cells, LEAST), strict=True) if is_hidden}
    small = {place for place in places if 0 < sizes[place] < LEAST}
    assert small <= hidden
    if not small:
        assert not hidden
        return
    known = [set(places)]
    known += [{place for place in places if place[side] == at} for side in (0, 1) for at in range(sizes.shape[side])]
    known = [line for line in known if sum(sizes[place] for place in line) >= LEAST]
    unknown = sorted(hidden)
    rows = [[Fraction(int(place in line)) for place in unknown] for line in known]
    if all(place in hidden for place in places if sizes[place]):
        return  # nothing is told but totals
    for place in small:
        assert not _follows(rows, [Fraction(int(place == other)) for other in unknown]), (table, hidden, place)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_what_is_withheld_of_a_total_are_two_groups_of_enough_customers(row: list[int]) -> None:
    size = pd.Series(row, dtype=float)
    hidden = kept_back(size, pd.DataFrame({"team": range(len(row))}), LEAST)
    if hidden.any() and sum(size > 0) > hidden.sum():
        assert hidden.sum() >= 2
        assert size[hidden].sum() >= LEAST


def _follows(rows: list[list[Fraction]], asked: list[Fraction]) -> bool:
    """Whether one equation follows from others: whether it adds nothing to their rank."""
    return _rank([*rows, asked]) == _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    left, rank = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        rank += 1
        left = [[a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)] for row in left]
    return rank
