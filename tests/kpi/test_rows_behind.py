"""The rows behind a figure sum to it, for every KPI, group and side."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest
from companies import answers, desk, people

import carestudy as cs
from carestudy import kpi
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.kpi import Kpi
from carestudy.measure.limits import MEANS
from carestudy.measure.rows import Rows

PERIOD = "2026-10"
SIDES = ("numerator", "denominator")
every_kpi = pytest.mark.parametrize("name", kpi.ALL)


def figure_of(care: Any, figure: Kpi, **call: Any) -> pd.DataFrame:
    return figure(care, period=None if figure.timeless else PERIOD, **call)


def rows_of(care: Any, figure: Kpi, **call: Any) -> Any:
    return figure.rows(care, period=None if figure.timeless else PERIOD, **call)


@cache
def bought() -> Any:
    """The demo company without contracts."""
    people_known = desk().table("customers").drop("joined_on", "left_on")
    return cs.load({"customers": people_known, "transactions": desk().table("transactions")}, inactive_after=60)


@every_kpi
@pytest.mark.parametrize("side", SIDES)
def test_the_rows_sum_to_the_figure(name: str, side: str) -> None:
    figure = kpi.ALL[name]
    found, whole = rows_of(desk(), figure, side=side), figure_of(desk(), figure)
    # Of a split every group has the whole below the line.
    expected = whole[side].iloc[0] if figure.is_split and side == "denominator" else whole[side].sum()
    assert found.total == found.rows["counts"].sum() == expected
    assert expected > 0 or "years=5" in name  # nobody has been followed for so long
    assert (found.rows["counts"] != 0).all()


@every_kpi
def test_the_rows_of_a_group_sum_to_the_figure_of_the_group(name: str) -> None:
    figure = kpi.ALL[name]
    by = "region" if figure.tables[0] in ("customers", "transactions") else "team"
    groups = figure_of(desk(), figure, by=by)
    group = groups.sort_values("denominator").iloc[-1]
    for side in SIDES:
        assert rows_of(desk(), figure, side=side, where={by: group[by]}).total == group[side]
    if not figure.is_split:
        parts = rows_of(desk(), figure, side="denominator", by=by).rows
        sums = parts["counts"].groupby(parts[by].fillna("(none)")).sum()
        nonzero = groups[groups["denominator"] != 0]
        assert sums.to_dict() == dict(zip(nonzero[by].fillna("(none)"), nonzero["denominator"], strict=True))


@pytest.mark.parametrize("name", ["retention_rate", "annual_loss", "owned_rate", "tenure(years=1)"])
@pytest.mark.parametrize("side", SIDES)
def test_customers_made_from_purchases_are_listed_too(name: str, side: str) -> None:
    found = rows_of(bought(), kpi.ALL[name], side=side)
    assert found.total == figure_of(bought(), kpi.ALL[name])[side].item()
    assert found.rows["customer_id"].is_unique


def test_the_customers_who_left_are_those_who_did() -> None:
    stays = people(("A", "2026-01-05", None), ("B", "2026-02-01", "2026-10-20"), ("C", "2026-10-09", None))
    lost = kpi.gross_churn_rate.rows({"customers": stays}, period=PERIOD)
    assert (lost.of, lost.rows["customer_id"].tolist()) == ("customers", ["B"])
    there = kpi.gross_churn_rate.rows({"customers": stays}, period=PERIOD, side="denominator")
    assert there.rows["customer_id"].tolist() == ["A", "B"]


def test_who_left_and_came_back_stands_once() -> None:
    stays = people(("A", "2026-01-05", "2026-10-03"), ("A", "2026-10-20", None), ("B", "2026-01-05", "2026-10-09"))
    care = cs.load({"customers": stays}, as_of="2026-10-31")
    for figure, who in ((kpi.retention_rate, "A"), (kpi.gross_churn_rate, "B")):
        assert figure.rows(care, period=PERIOD).rows["customer_id"].tolist() == [who]


def test_detractors_count_against() -> None:
    rows = answers([10, 9, 8, 3, None], "nps", customer_id=list("ABCDE"), team=["N", "N", "B", None, "N"])
    found = kpi.nps.rows(rows).rows
    assert found["counts"].tolist() == [1, 1, -1]
    assert kpi.nps.rows(rows, where={"team": None}).rows["customer_id"].tolist() == ["D"]
    assert kpi.nps.rows(rows, side="denominator", by="team").rows["team"].tolist()[:1] == ["B"]


def test_amounts_are_in_the_unit_of_the_currency_and_counts_in_the_smallest() -> None:
    sales = pd.DataFrame({"transaction_id": ["1", "2"], "customer_id": "A", "amount": [1.5, 2.25]})
    found = kpi.invoiced.rows(cs.load({"transactions": sales}, currency="USD")).rows
    assert (found["amount"].tolist(), found["counts"].tolist()) == ([1.5, 2.25], [150, 225])


def test_the_printed_form_names_nobody() -> None:
    found = kpi.nps.rows(answers([10, 3], "nps", customer_id=["Lan", "Huy"]))
    assert "Lan" not in repr(found)
    assert "2 rows of responses that sum to 0" in repr(found)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"where": {"team": "nam"}}, "no row has team = 'nam'; there are Nam"),
        ({"where": {"planet": "Mars"}}, "nps needs column 'planet'"),
        ({"side": "both"}, "side is"),
        ({"columns": "shoe_size"}, "nps needs column 'shoe_size'"),
        ({"by": 3}, "by is"),
    ],
)
def test_what_cannot_be_listed_is_named(call: dict[str, Any], words: str) -> None:
    with pytest.raises(cs.CareError, match=words):
        kpi.nps.rows(answers([10, 3], "nps", team="Nam"), **call)


def test_a_figure_whose_premise_fails_lists_nothing() -> None:
    calls = pd.DataFrame({"contact_id": ["1", "2"], "opened_at": "2026-10-05", "kind": "question"})
    with pytest.raises(cs.CareError):
        kpi.complaint_rate.rows(calls, per="contact")


@ratio(label="Invited and answered", unit="share")
def signs_of_life(responses: Rows, invitations: Rows) -> dict[str, Fraction]:
    """Answers among answers and invitations."""
    return {
        "responses": Fraction(responses.score.notnull(), responses.every, interval=MEANS),
        "invitations": Fraction(0, invitations.every, interval=MEANS),
    }


def test_the_rows_of_two_tables_stand_below_each_other() -> None:
    whole = signs_of_life(desk(), period=PERIOD)
    both = signs_of_life.rows(desk(), period=PERIOD, side="denominator")
    assert (both.of, both.total) == ("responses and invitations", whole["denominator"].item())
    assert len(both) == both.total
    answers_alone = signs_of_life.rows(desk(), period=PERIOD)
    assert (answers_alone.of, answers_alone.total) == ("responses", whole["numerator"].item())
    assert "response_id" in answers_alone.rows
