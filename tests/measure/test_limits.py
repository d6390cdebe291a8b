"""One customer answering several times is not several customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers
from hypothesis import given
from hypothesis import strategies as st

import carestudy as cs
from carestudy import kpi
from carestudy.measure import limits

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


@pytest.mark.parametrize(("score", "kinds"), [(9, (1, 0, 0)), (7, (0, 1, 0)), (0, (0, 0, 1))])
def test_one_answer_has_the_plain_interval_of_one(score: int, kinds: tuple[int, int, int]) -> None:
    value = kinds[0] - kinds[2]
    low, high = (float(side) for side in cs.intervals.nps_wald(*kinds))
    found = np.array(sides(kpi.nps(answers([score], "nps")))) / 100
    assert found == pytest.approx([min(low, value), max(high, value)], abs=1e-12)


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


def test_the_mean_of_amounts_much_alike_has_students_interval() -> None:
    alike = 50_000 + (AMOUNTS - AMOUNTS.mean()) / 100
    found = kpi.mean_transaction(pd.DataFrame({"customer_id": people_of(60), "amount": alike}))
    half = 2.0009953780882688 * alike.std(ddof=1) / np.sqrt(60)  # Student's t with 59 degrees of freedom
    assert sides(found) == pytest.approx([50_000 - half, 50_000 + half], rel=1e-4)


def test_one_customer_tells_nothing_of_the_spread_between_customers() -> None:
    found = kpi.mean_transaction(pd.DataFrame({"customer_id": "A", "amount": AMOUNTS}))
    assert found[["low", "high"]].isna().all(axis=None)


def test_no_complaint_at_all_is_still_compatible_with_a_few() -> None:
    asked = {"customer_id": people_of(40), "kind": ["question"] * 40, "opened_at": "2026-10-05"}
    sold = {"customer_id": people_of(40), "occurred_at": "2026-10-05"}
    # Complaints are recorded: there was one the year before.
    earlier = {"customer_id": ["A"], "kind": ["complaint"], "opened_at": ["2025-10-05"]}
    contacts = pd.concat([pd.DataFrame(asked), pd.DataFrame(earlier)], ignore_index=True)
    care: Any = {"contacts": contacts, "transactions": pd.DataFrame(sold)}
    for per in ("transaction", "customer", "contact"):
        assert sides(kpi.complaint_rate(care, per=per, period="2026-10")) == pytest.approx(wilson(0, 40))


def test_a_higher_level_gives_a_wider_interval() -> None:
    care = cs.load({"responses": answers(RATINGS), "transactions": pd.DataFrame({"amount": AMOUNTS})})
    for figure in (kpi.csat, kpi.mean_transaction, kpi.typical_transaction, kpi.invoiced):
        (low, high), (lower, higher) = (sides(figure(care, level=level)) for level in (0.8, 0.99))
        assert lower < low < high < higher


def sums_of(above: list[float], below: list[float]) -> pd.DataFrame:
    """The sums over customers who count so much above and below the line."""
    a, b = np.array(above, float), np.array(below, float)
    parts = {"numerator": a.sum(), "denominator": b.sum(), "n": b.sum(), "units": (b > 0).sum(), "squares": 0}
    return pd.DataFrame([{**parts, "aa": a @ a, "ab": a @ b, "bb": b @ b}])


def test_a_mean_has_students_interval_and_does_not_fall_below_nothing() -> None:
    # 40 with squares of 900 + 400 + 2500 about it; Student's 97.5 % quantile on two degrees of freedom is 4.302653.
    half = 4.302653 * np.sqrt(3800 / 2 / 3)
    low, high = limits.MEANS.limits(sums_of([10, 20, 90], [1, 1, 1]), 0.95)
    assert (low.item(), high.item()) == pytest.approx((0, 40 + half))
    low, high = limits.MEANS.limits(sums_of([-10, 20, 110], [1, 1, 1]), 0.5)
    assert (low.item(), high.item()) == pytest.approx((40 - 0.816497 * 36.055513, 40 + 0.816497 * 36.055513), rel=1e-5)
    low, high = limits.NET.limits(sums_of([1, -1, 0, 1], [1, 1, 1, 1]), 0.95)
    assert low.item() < 0 < high.item()


def test_one_customer_tells_nothing_of_how_far_customers_differ() -> None:
    for family in (limits.MEANS, limits.AMOUNTS):
        assert np.isnan([side.item() for side in family.limits(sums_of([7], [1]), 0.95)]).all()


def test_a_mean_of_amounts_is_as_sure_as_so_many_equal_customers_and_its_high_side_as_one_more() -> None:
    # 40 with a variance of 3800 / 2 / 3, which is as sure as 2.526316 customers: two degrees of freedom, t 4.302653.
    low, high = limits.AMOUNTS.limits(sums_of([10, 20, 90], [1, 1, 1]), 0.95)
    worth = 2.526316
    assert low.item() == pytest.approx(40 / np.exp(4.302653 / np.sqrt(worth)), rel=1e-5)
    assert high.item() == pytest.approx(40 * (1 + 1 / worth) * np.exp(4.302653 / np.sqrt(1 + worth)), rel=1e-5)
    assert limits.PARTS.limits(sums_of([10, 20, 90], [100, 100, 100]), 0.95)[1].item() == 1, "more than all there is"


def test_amounts_have_no_interval_where_one_purchase_makes_the_sum() -> None:
    assert np.isnan([side.item() for side in limits.AMOUNTS.limits(sums_of([1, 1, 1, 99], [1] * 4), 0.95)]).all()
    assert limits.PARTS.limits(sums_of([0] * 40, [1] * 40), 0.95)[1].item() == pytest.approx(wilson(0, 40)[1])
    back = sums_of([-10, -20, -30], [1, 1, 1])
    assert limits.AMOUNTS.limits(back, 0.95)[0].item() == limits.MEANS.limits(back, 0.95)[0].item() < -20


@given(amounts=st.lists(st.integers(0, 10**7), min_size=2, max_size=40).filter(any), level=st.floats(0.5, 0.99))
def test_a_value_of_amounts_is_inside_its_interval_which_widens_with_the_level_and_narrows_with_customers(
    amounts: list[int], level: float
) -> None:
    once, thrice = (sums_of(amounts * times, [1] * len(amounts) * times) for times in (1, 3))
    low, high, lower, higher, within, beside = (
        side.item()
        for sums, of in ((once, level), (once, 0.995), (thrice, level))
        for side in limits.AMOUNTS.limits(sums, of)
    )
    if np.isfinite(low):
        assert lower <= low <= np.mean(amounts) * (1 + 1e-12)
        assert np.mean(amounts) * (1 - 1e-12) <= high <= higher
        assert within >= low * (1 - 1e-12)
        assert beside <= high * (1 + 1e-12)


@pytest.mark.parametrize(("n", "at_least"), [(60, 0.91), (250, 0.93)])
def test_the_mean_of_skewed_amounts_is_held_nearly_as_often_as_promised(n: int, at_least: float) -> None:
    drawn = np.random.default_rng(3).lognormal(0, 1, (4_000, n))
    parts = {"numerator": drawn.sum(1), "denominator": n, "units": n, "aa": (drawn**2).sum(1), "ab": drawn.sum(1)}
    low, high = limits.AMOUNTS.limits(pd.DataFrame({**parts, "bb": n}), 0.95)
    assert at_least <= ((low <= np.exp(0.5)) & (np.exp(0.5) <= high)).mean() <= 0.96
    plain = limits.MEANS.limits(pd.DataFrame({**parts, "bb": n}), 0.95)
    assert (high < np.exp(0.5)).mean() < 0.75 * (plain[1] < np.exp(0.5)).mean(), "a sample often lacks the dear ones"


@pytest.mark.parametrize(("many", "known"), [(9, False), (10, True)])
def test_a_change_needs_ten_customers_worth_of_numerator_on_both_sides(many: int, known: bool) -> None:  # noqa: FBT001
    some, enough = sums_of([1] * many + [0] * 30, [1] * (many + 30)), sums_of([1] * 25 + [0] * 25, [1] * 50)
    for pair in ((some, enough), (enough, some)):
        assert np.isfinite([side.item() for side in limits.MEANS.change(*pair, 0.95)]).all() == known
        assert np.isfinite([side.item() for side in limits.NET.change(*pair, 0.95)]).all(), "net growth may be nought"


def test_a_sum_varies_with_the_squares_of_what_customers_bring() -> None:
    now, before = sums_of([3, 4], [1, 1]), sums_of([12], [1])
    low, high = limits.TOTALS.limits(now, 0.95)
    assert (low.item(), high.item()) == pytest.approx((7 - 1.959964 * 5, 7 + 1.959964 * 5), rel=1e-6)
    low, high = limits.TOTALS.change(now, before, 0.95)
    assert (low.item(), high.item()) == pytest.approx((-5 - 1.959964 * 13, -5 + 1.959964 * 13), rel=1e-6)
    assert [side.item() for side in limits.COUNTED.limits(now, 0.95)] == [7, 7]
