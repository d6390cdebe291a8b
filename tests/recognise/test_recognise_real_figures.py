"""The facts of real data sets come out of their raw files, with what init proposes and the obvious answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from large_data import shared_folder

import carestudy as cs
from carestudy import kpi
from carestudy.care import Care
from carestudy.recognise import propose

SHARED = shared_folder()

Fact = tuple[Callable[[Care], Any], Any]


def total(care: Care, **asked: Any) -> float:
    """What all sales come to."""
    return round(float(kpi.invoiced(care, **asked)["value"].iloc[0]), 2)


def groups(frame: Any, by: str) -> dict[str, float]:
    """The value of each group."""
    return {str(group): round(float(value), 3) for group, value in zip(frame[by], frame["value"], strict=True)}


def value(frame: Any) -> float:
    """A figure of one row."""
    return round(float(frame["value"].iloc[0]), 4)


# Which lines that wait are answered, which line is added, and the facts, as SOURCE.md of each set computed them.
FACTS: dict[str, tuple[tuple[str, ...], str, tuple[Fact, ...]]] = {
    "chinook_sqlite": ((), "", (
        (total, 2328.60), (lambda care: total(care, period="2023"), 469.58),
        (lambda care: value(kpi.mean_transaction(care)), 5.6519),
        (lambda care: groups(kpi.invoiced(care, by="country"), "country")["USA"], 523.06),
        (lambda care: groups(kpi.invoiced(care, by="owner"), "owner"), {"3": 833.04, "4": 775.4, "5": 720.16}),
        (lambda care: groups(kpi.customers_on_file(care, by="owner"), "owner"), {"3": 21, "4": 20, "5": 18}),
        (lambda care: value(kpi.bought_again(care)), 1.0),
    )),
    "crm_opportunities": ((), "", (
        (total, 10_005_534), (lambda care: total(care, period="2017-Q2"), 3_086_111),
        (lambda care: value(kpi.mean_transaction(care)), 2360.9094),
        (lambda care: groups(kpi.invoiced(care, by="department"), "department"),
         {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}),
        (lambda care: groups(kpi.invoiced(care, by="product"), "product")["GTXPro"], 3_510_578),
        (lambda care: groups(kpi.invoiced(care, by="sector"), "sector")["retail"], 1_867_528),
        (lambda care: [(one.table, one.set_aside) for one in care.counts if one.set_aside], []),
    )),
    "support_tickets_products": (("customer_id",), "", (
        (lambda care: value(kpi.contact_count(care)), 8469), (lambda care: value(kpi.resolved_share(care)), 0.327),
        (lambda care: groups(kpi.contact_count(care, by="topic"), "topic")["Refund request"], 1752),
        (lambda care: groups(kpi.contact_count(care, by="channel"), "channel")["Chat"], 2073),
        (lambda care: value(kpi.mean_score(care, question="csat")), 2.9913),
        (lambda care: value(kpi.csat(care)), 0.3926),
        (lambda care: groups(kpi.mean_score(care, question="csat", by="channel"), "channel"),
         {"Chat": 3.083, "Email": 2.964, "Phone": 2.952, "Social media": 2.969}),
    )),
    "city311_baltimore": (("topic",), "", (
        (lambda care: value(kpi.contact_count(care)), 10_000), (lambda care: value(kpi.resolved_share(care)), 0.9792),
        (lambda care: groups(kpi.contact_count(care, by="team"), "team")["Solid Waste"], 4760),
        (lambda care: groups(kpi.contact_count(care, by="channel"), "channel")["API"], 2571),
        (lambda care: value(kpi.contact_count(care, period="2018-01")), 236),
    )),
    "coffee_survey_forms": (("csat",), "", (
        (lambda care: value(kpi.csat(care)), 0.6066),
        (lambda care: value(kpi.mean_score(care, question="csat")), 3.7459),
        (lambda care: groups(kpi.mean_score(care, question="csat", by="have_starbucks_membership_card"),
                             "have_starbucks_membership_card"), {"Yes": 3.983, "No": 3.516}),
        (lambda care: value(kpi.mean_score(care, question="price_range_starbucks")), 2.8934),
    )),
    "vn_farm_shop": ((), "inactive_after = 365", (
        (total, 5_065_600_000), (lambda care: total(care, period="2015"), 586_800_000),
        (lambda care: value(kpi.typical_transaction(care)), 41_200_000),
        (lambda care: value(kpi.bought_again(care)), 0.9),
        (lambda care: groups(kpi.invoiced(care, by="agent"), "agent")["NV17"], 910_200_000),
        (lambda care: int(cs.silence_effect(care).set_index("times").loc[1.0, "lost"]), 24),
        (lambda care: list(cs.quality(care).query("check == 'late'")["rows"].unique()), [0]),
    )),
    "northwind_csv": ((), "inactive_after = 90", (
        (lambda care: round(total(care)), 1_265_793), (lambda care: value(kpi.customers_on_file(care)), 91),
        (lambda care: value(kpi.active_customers(care)), 89), (lambda care: value(kpi.bought_again(care)), 0.9888),
        (lambda care: round(groups(kpi.invoiced(care, by="country"), "country")["USA"]), 245_585),
        (lambda care: round(groups(kpi.invoiced(care, by="agent"), "agent")["4"]), 232_891),
        (lambda care: int(cs.silence_effect(care).set_index("times").loc[1.0, "lost"]), 16),
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_comes_out_after_the_obvious_answers(name: str, tmp_path: Path) -> None:
    source = SHARED / "data" / name
    if not source.is_dir():
        pytest.skip(f"{name} is not beside this checkout")
    for path in source.iterdir():
        if path.suffix != ".md":
            shutil.copyfile(path, tmp_path / path.name)
    answers, added, facts = FACTS[name]
    lines = propose(tmp_path).toml().splitlines()
    answered = [line[4:] if line.startswith(tuple(f"# ? {one}" for one in answers)) else line for line in lines]
    (tmp_path / "care.toml").write_text("\n".join([added, *answered]), encoding="utf-8")
    care = cs.load(tmp_path)
    assert [figure(care) for figure, _ in facts] == [fact for _, fact in facts]
