"""One customer answering several times is not several customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers

import carestudy as cs
from carestudy import kpi

DRAWN = np.random.default_rng(5)
RATINGS = DRAWN.integers(1, 6, 60)
SCORES = DRAWN.integers(0, 11, 60)
AMOUNTS = DRAWN.lognormal(10, 1, 60).round()


def sides(figures: pd.DataFrame) -> list[float]:
    return [float(side) for side in figures[["low", "high"]].iloc[0]]


def wilson(count: int, n: int) -> list[float]:
    return [float(side) for side in cs.intervals.wilson(count, n)]


def people_of(n: int, times: int = 1) -> list[str]:
    return [f"K{k % n}" for k in range(n * times)]


def test_answers_of_as_many_customers_have_the_plain_intervals() -> None:
    csat = kpi.csat(answers(RATINGS, customer_id=people_of(60)))
    assert sides(csat) == pytest.approx(wilson((RATINGS >= 4).sum(), 60), abs=1e-12)
    nps = kpi.nps(answers(SCORES, "nps", customer_id=people_of(60)))
    kinds = (SCORES >= 9).sum(), ((SCORES >= 7) & (SCORES <= 8)).sum(), (SCORES <= 6).sum()
    assert np.array(sides(nps)) / 100 == pytest.approx(np.array(cs.intervals.nps_wald(*kinds)), abs=1e-12)


def test_answers_of_nobody_count_as_those_of_as_many_customers() -> None:
    named, nobodys = (kpi.csat(answers(RATINGS, customer_id=ids)) for ids in (people_of(60), [None] * 60))
    assert sides(named) == pytest.approx(sides(nobodys), abs=1e-12)
    assert sides(kpi.csat(answers(RATINGS))) == pytest.approx(sides(named), abs=1e-12)


@pytest.mark.parametrize("times", [2, 10])
def test_an_answer_given_again_teaches_nothing(times: int) -> None:
    for figure, scores, question in ((kpi.csat, RATINGS, "csat"), (kpi.nps, SCORES, "nps")):
        once = figure(answers(scores, question, customer_id=people_of(60)))
        again = figure(answers(np.tile(scores, times), question, customer_id=people_of(60, times)))
        assert again["value"].item() == once["value"].item()
        assert sides(again) == pytest.approx(sides(once), abs=1e-9)


def test_a_purchase_made_again_teaches_nothing_of_the_mean() -> None:
    once = kpi.mean_transaction(pd.DataFrame({"customer_id": people_of(60), "amount": AMOUNTS}))
    again = kpi.mean_transaction(pd.DataFrame({"customer_id": people_of(60, 3), "amount": np.tile(AMOUNTS, 3)}))
    assert sides(again) == pytest.approx(sides(once))


def test_customers_who_answer_both_ways_never_count_for_more_than_their_answers() -> None:
    # That each answers 1 and 5 makes the mean of these customers surer than chance allows; only two answer once.
    ids = [*people_of(29, 2), "once low", "once high"]
    both = answers([*[1] * 29, *[5] * 29, 1, 5], customer_id=ids)
    assert sides(kpi.csat(both)) == pytest.approx(wilson(30, 60), abs=1e-12)


def test_where_all_say_the_same_each_customer_counts_once() -> None:
    praise = kpi.csat(answers([5] * 60, customer_id=people_of(6, 10)))
    assert sides(praise) == pytest.approx(wilson(6, 6), abs=1e-12)


@pytest.mark.parametrize("score", [0, 8, 10])
def test_a_score_without_spread_has_an_interval_with_width(score: int) -> None:
    low, high = sides(kpi.nps(answers([score] * 12, "nps", customer_id=people_of(12))))
    assert low < high


def test_the_mean_has_students_interval_when_everybody_buys_once() -> None:
    found = kpi.mean_transaction(pd.DataFrame({"customer_id": people_of(60), "amount": AMOUNTS}))
    half = 2.0009953780882688 * AMOUNTS.std(ddof=1) / np.sqrt(60)  # Student's t with 59 degrees of freedom
    assert sides(found) == pytest.approx([AMOUNTS.mean() - half, AMOUNTS.mean() + half])


def test_one_customer_tells_nothing_of_the_spread_between_customers() -> None:
    found = kpi.mean_transaction(pd.DataFrame({"customer_id": "A", "amount": AMOUNTS}))
    assert found[["low", "high"]].isna().all(axis=None)


def test_no_complaint_at_all_is_still_compatible_with_a_few() -> None:
    asked = {"customer_id": people_of(40), "kind": ["question"] * 40, "opened_at": "2026-10-05"}
    sold = {"customer_id": people_of(40), "occurred_at": "2026-10-05"}
    care: Any = {"contacts": pd.DataFrame(asked), "transactions": pd.DataFrame(sold)}
    for per in ("transaction", "customer", "contact"):
        assert sides(kpi.complaint_rate(care, per=per)) == pytest.approx(wilson(0, 40))


def test_a_higher_level_gives_a_wider_interval() -> None:
    care = cs.load({"responses": answers(RATINGS), "transactions": pd.DataFrame({"amount": AMOUNTS})})
    for figure in (kpi.csat, kpi.mean_transaction, kpi.typical_transaction, kpi.invoiced):
        (low, high), (lower, higher) = (sides(figure(care, level=level)) for level in (0.8, 0.99))
        assert lower < low < high < higher
