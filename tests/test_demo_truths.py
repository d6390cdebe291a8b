"""What is planted in the demo company comes out of the public functions."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import DATA, by_group, demo

import carestudy as cs
from carestudy import kpi

TRUTHS = json.loads((DATA / "demo" / "truths.json").read_text("utf-8"))["truths"]
SURE = 0.99


def holds(figures: pd.DataFrame, truth: float) -> bool:
    """Whether every row's interval holds the planted value."""
    return bool(((figures["low"] <= truth) & (truth <= figures["high"])).all())


def lasting(figure: Any, change: str, **asked: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The months before a change and those from it on."""
    months = figure(demo(), period="2026-10", every="month", last=30, **asked)
    return months[months["period"] < change], months[months["period"] >= change]


def net_promoters(kinds: dict[str, float]) -> float:
    return 100 * (kinds["promoter"] - kinds["detractor"])


def test_the_sizes_of_the_segments_are_exact() -> None:
    sizes = TRUTHS["segments"]["value"]
    assert by_group(kpi.customers_on_file(demo(), by="segment"), "segment") == sizes


def test_the_customers_without_an_owner_are_exact() -> None:
    everybody = by_group(kpi.customers_on_file(demo(), by="owner"), "owner")
    assert everybody[None] == TRUTHS["without_owner"]["value"]
    now = kpi.owned_rate(demo(), period="2026-10").iloc[0]
    assert now["denominator"] - now["numerator"] == TRUTHS["without_owner_and_still_here"]["value"]


def test_the_customers_of_people_who_left_are_exact() -> None:
    staff = demo().table("staff")
    gone = set(staff.filter(staff.until.notnull()).agent.to_pyarrow().to_pylist())
    everybody = by_group(kpi.customers_on_file(demo(), by="owner"), "owner")
    assert sum(count for owner, count in everybody.items() if owner in gone) == TRUTHS["owner_left"]["value"]


def test_every_customer_who_left_is_lost_or_was_never_at_a_start() -> None:
    bridge = cs.bridge(demo(), period="2026-10", every="month", last=40)
    assert bridge["lost"].sum() == TRUTHS["customers_lost"]["value"]
    assert bridge["end"].iloc[-1] == 5_000 - TRUTHS["customers_lost"]["value"]


def test_customers_leave_twice_as_often_from_the_planted_month_on() -> None:
    truth = TRUTHS["monthly_loss"]
    for months, loss in zip(lasting(kpi.gross_churn_rate, truth["change"]), ("before", "since"), strict=True):
        # One customer in 25 has no owner and leaves at twice the rate.
        expected = truth[loss] * (1 + 0.04 * (truth["unowned_factor"] - 1))
        low, high = cs.intervals.wilson(months["numerator"].sum(), months["denominator"].sum(), SURE)
        assert low <= expected <= high
    earlier, later = (months["value"].mean() for months in lasting(kpi.retention_rate, truth["change"]))
    assert later < earlier


def test_the_scorecard_sees_that_retention_fell() -> None:
    for month in ("2026-03", "2026-04"):
        card = cs.scorecard(demo(), period=month, kpis=[kpi.retention_rate]).iloc[0]
        assert (card["year_verdict"], card["year_change"] < 0) == ("worse", True)


def test_the_reasons_for_leaving_have_the_planted_shares() -> None:
    lost = demo().table("customers")
    lost = lost.filter(lost.left_on.notnull())
    reasons = lost.group_by("leave_reason").aggregate(lost=lost.count()).to_pyarrow().to_pandas()
    counts = {reason if isinstance(reason, str) else "(unknown)": n for reason, n in reasons.to_numpy()}
    for reason, share in TRUTHS["leave_reasons"]["value"].items():
        low, high = cs.intervals.wilson(counts[reason], sum(counts.values()), SURE)
        assert low <= share <= high, reason


def test_the_reasons_of_the_last_year_have_the_planted_shares() -> None:
    found = kpi.leaving_reasons(demo(), period="2026-10", level=SURE).fillna({"leave_reason": "(unknown)"})
    for reason, share in TRUTHS["leave_reasons"]["value"].items():
        assert holds(found[found["leave_reason"] == reason], share), reason


def test_one_channel_satisfies_less_and_the_others_alike() -> None:
    truth = TRUTHS["csat"]
    found = kpi.csat(demo(), by="channel", level=0.999).set_index("channel").query("n > 0")
    assert holds(found.loc[[truth["bad_channel"]]], truth["bad"])
    assert holds(found.drop(truth["bad_channel"]), truth["elsewhere"])
    assert found.loc[truth["bad_channel"], "high"] < found.drop(truth["bad_channel"])["low"].min()


def test_promoters_and_detractors_are_those_of_the_channel() -> None:
    truth = TRUTHS["nps"]
    found = kpi.nps(demo(), by="channel", level=0.999).set_index("channel")
    assert holds(found.loc[[truth["bad_channel"]]], net_promoters(truth["bad"]))
    assert holds(found.drop(truth["bad_channel"]), net_promoters(truth["elsewhere"]))


def test_the_mix_of_a_team_explains_its_score() -> None:
    truth = TRUTHS["team_mix"]
    mixed = kpi.nps(demo(), by=["team", "channel"], period="2026-10", every="month", last=5)
    assert mixed["period"].min() == truth["since"]
    sums = mixed.groupby(["team", "channel"])[["numerator", "denominator"]].sum()
    of_team, of_others = sums.loc[truth["team"]], sums.loc[["Đội Bắc", "Đội Trung"]].groupby("channel").sum()
    assert _score(of_team.sum()) < _score(of_others.sum()) - 20
    alike = of_team.index.intersection(of_others.index)
    for channel in alike:  # the largest difference of two scores that chance makes, standard deviations being below one
        width = 200 * np.sqrt(1 / of_team.loc[channel, "denominator"] + 1 / of_others.loc[channel, "denominator"])
        assert abs(_score(of_team.loc[channel]) - _score(of_others.loc[channel])) < 2 * width, channel


def _score(sums: pd.Series) -> float:
    return float(100 * sums["numerator"] / sums["denominator"])


def test_a_teams_contacts_come_through_the_planted_channel() -> None:
    truth = TRUTHS["team_mix"]
    asked = {"per": "contact", "by": ["team", "channel"], "every": "month", "period": "2026-10", "last": 5}
    contacts = kpi.complaint_rate(demo(), **asked).groupby(["team", "channel"])["denominator"].sum()
    bad = TRUTHS["csat"]["bad_channel"]
    for team, share in ((truth["team"], "bad_channel_share"), ("Đội Bắc", "bad_channel_share_elsewhere")):
        low, high = cs.intervals.wilson(contacts[team][bad], contacts[team].sum(), SURE)
        assert low <= truth[share] <= high, team


def test_complaints_are_the_planted_share_of_contacts() -> None:
    # Calls of the company to those who left are no contacts of customers.
    assert holds(kpi.complaint_rate(demo(), per="contact", level=SURE), TRUTHS["complaint_share"]["value"])


def test_contacts_are_followed_by_the_planted_share() -> None:
    assert holds(kpi.recontact_rate(demo(), level=SURE), TRUTHS["recontact_rate"]["value"])


@pytest.mark.parametrize(("figure", "truth"), [(kpi.response_rate, "response_rate"), (kpi.return_rate, "return_rate")])
def test_rates_are_the_planted_ones(figure: Any, truth: str) -> None:
    assert holds(figure(demo(), level=SURE), TRUTHS[truth]["value"])


@pytest.mark.parametrize("dimension", ["channel", "team"])
def test_no_channel_and_no_team_is_answered_more(dimension: str) -> None:
    assert holds(kpi.response_rate(demo(), by=dimension, level=0.9999), TRUTHS["response_rate"]["value"])


def test_the_unassigned_are_the_planted_share() -> None:
    teams = kpi.complaint_rate(demo(), per="contact", by="team").set_index("team", drop=False)
    nobody = teams[teams["team"].isna()]["denominator"].item()
    low, high = cs.intervals.wilson(nobody, teams["denominator"].sum(), SURE)
    assert low <= TRUTHS["unassigned"]["value"] <= high
