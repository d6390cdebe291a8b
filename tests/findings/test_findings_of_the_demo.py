"""What stands out of the demo company is what was planted in it, and nobody innocent is accused."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

import carestudy as cs
from carestudy.findings import Finding

DEMO = Path(__file__).parents[2] / "data" / "demo"


@cache
def found() -> tuple[Finding, ...]:
    return cs.findings(cs.load(DEMO), period="2026-10")


def of(kind: str, kpi: str) -> Finding:
    (one,) = [one for one in found() if (one.kind, one.kpi) == (kind, kpi)]
    return one


def test_the_loss_that_doubled_stands_first_with_its_month_and_its_cost() -> None:
    first = found()[0]
    assert (first.kind, first.kpi, first.better) == ("level", "gross_churn_rate", False)
    assert first.since is not None
    assert first.since.period == "2026-03"
    assert first.change.before == pytest.approx(0.0156, abs=0.001)
    assert first.change.now == pytest.approx(0.0301, abs=0.001)
    # 779 lost of 25,723 customer-months since March, of whom 1.56 % would have been 400.
    assert first.cost.customers == pytest.approx(378.5, abs=1)
    assert first.cost.lost
    assert first.cost.money is not None


def test_customers_without_an_owner_are_found_to_leave_twice_as_often() -> None:
    one = of("ownership", "gross_churn_rate")
    assert one.groups == (("in_charge", "nobody"),)
    assert one.about["here"] == 103
    assert one.about["ratio"] == pytest.approx(2.0, abs=0.05)
    assert one.play is not None
    assert one.play.audience == "unowned"


def test_the_bad_channel_is_named_with_the_shift_of_the_mix_and_what_it_did_to_all() -> None:
    one = of("apart", "nps")
    assert one.groups == (("channel", "Chatbot"),)
    assert one.since is not None
    assert one.since.period == "2026-06"
    mix, within = one.causes
    assert (mix.kind, round(mix.before or 0, 2), round(mix.now or 0, 2)) == ("mix", 0.10, 0.29)
    assert within.within == (("team", "Đội Nam"),)
    assert (round(within.before or 0, 2), round(within.now or 0, 2)) == (0.10, 0.64)
    pulled = {name: (round(before, 1), round(now, 1)) for name, before, now in one.about["pulled"]}
    assert pulled["nps"] == (42.0, 32.6)


def test_no_team_person_or_source_is_named_for_the_channel_it_carries() -> None:
    named = {name for one in found() for name, _ in one.groups}
    assert not named & {"team", "agent", "source"}


def test_one_story_is_told_once() -> None:
    assert len({one.key for one in found()}) == len(found())
    # What the bad channel explains (NPS, CSAT and its goal) and the shares of the channels that gave way are with it.
    assert [(one.kind, one.kpi) for one in found() if not one.better] == [
        ("level", "gross_churn_rate"),
        ("ownership", "gross_churn_rate"),
        ("apart", "nps"),
        ("backlog", "backlog"),
    ]


def test_what_is_to_be_done_is_due_with_the_next_report() -> None:
    assert {one.due for one in found()} == {date(2026, 11, 30)}
    assert {one.owner for one in found()} == {None}
