"""Where the data are most likely at the border of a model, its limit makes the forecast, and says what it assumes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs
from carestudy import value
from carestudy.contract import CareError
from carestudy.value.model_limits import ALIKE, CHANCE, EQUAL, LEVEL, RATE, STAY, STEADY
from carestudy.value.until_gone import bought

WEEK, YEAR = 7, 365


def _sales(customers: int = 300, *, days: int = 500, leave: float = 0.0, amount: float = 100_000) -> pd.DataFrame:
    """Customers who buy at rates of their own and after each purchase leave with one chance."""
    random, rows = np.random.default_rng(7), []
    for number in range(customers):
        rate, day = max(random.gamma(2, 0.1), 0.005), float(random.integers(0, 60))
        while day < days:
            rows.append((f"c{number}", pd.Timestamp("2025-06-01") + pd.Timedelta(days=int(day)), amount))
            if random.random() < leave:
                break
            day += 1 + random.exponential(1 / rate)
    return pd.DataFrame(rows, columns=["customer_id", "occurred_at", "amount"])


def _of(found: Any) -> tuple[str, ...]:
    return tuple(model.limit for model in found.models)


def test_customers_none_of_whom_leaves_are_forecast_without_leaving_and_as_many_come() -> None:
    whole = _sales(days=500 + YEAR)
    known = whole[whole["occurred_at"] < pd.Timestamp("2025-06-01") + pd.Timedelta(days=500)]
    came = len(whole) - len(known)
    care = cs.load({"transactions": known}, as_of="2026-10-13")
    found = cs.lifetime_value(care)
    assert _of(found) == (STAY, EQUAL)
    expected = cs.customer_values(care)["expected"].sum()
    assert expected == pytest.approx(18_246, rel=0.002)
    assert expected == pytest.approx(came, rel=0.03)
    row = found.whole.iloc[0]
    assert row["low"] < row["value"] < row["high"]
    assert row["value"] == pytest.approx(expected * 100_000 / 300, rel=0.06)  # less by the discount
    assert found.trusted == "yes"


def test_one_chance_of_leaving_for_all_is_a_limit_as_well() -> None:
    care = cs.load({"transactions": _sales(leave=0.1)})
    found = cs.lifetime_value(care)
    assert _of(found) == (CHANCE, EQUAL)
    assert 60 < cs.customer_values(care)["expected"].sum() < 80
    model = found.models[0]
    assert model.a / (model.a + model.b) == pytest.approx(0.1, abs=0.015)
    assert found.check is not None


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_report_says_what_was_taken_for_so_in_words_of_the_business(lang: str) -> None:
    care = cs.load({"transactions": _sales(60)})
    text = cs.Show(care, period="2026-09", lang=lang).value.lifetime().ahead().text
    said = {
        "en": ("nobody seems to stop buying", "of the same amount"),
        "vi": ("chưa thấy ai ngừng mua", "cùng một số tiền"),
    }
    assert all(words in text for words in said[lang])
    assert "alpha" not in text


def test_of_few_customers_none_of_whom_left_less_may_come_than_of_many() -> None:
    reach = []
    for customers in (12, 300):
        row = cs.lifetime_value(cs.load({"transactions": _sales(customers, days=200)})).whole.iloc[0]
        reach.append(float(np.log(row["value"] / row["low"])))
    assert reach[0] > 2 * reach[1]


@pytest.mark.parametrize("fit", [value.bg_nbd, value.mbg_nbd, value.pareto_nbd])
def test_small_samples_of_the_model_itself_have_a_forecast(fit: Any) -> None:
    random = np.random.default_rng(4)
    for _ in range(4):
        rows = []
        for rate, leave in zip(random.gamma(0.243, 1 / 4.41, 60), random.beta(0.79, 2.43, 60), strict=True):
            x, last, here = 0, 0.0, True
            while here and (now := last + random.exponential(1 / max(rate, 1e-12))) <= 52:
                x, last, here = x + 1, now, random.random() >= leave
            rows.append((x, last, 52.0))
        model = fit(pd.DataFrame(rows, columns=["x", "t_x", "T"]))
        assert 0.5 < float(model.expected(52)) < 4
        assert type(model).from_json(model.to_json()) == model


@pytest.mark.parametrize("lasting", [True, False])
def test_donors_who_all_give_alike_or_never_leave(lasting: bool) -> None:  # noqa: FBT001
    random = np.random.default_rng(5)
    here = np.ones((800, 8)) if lasting else np.cumprod(random.random((800, 8)) > 0.15, axis=1)
    gave = (random.random((800, 8)) < 0.6) * here
    model = value.bg_bb(pd.DataFrame({"x": gave.sum(axis=1), "t_x": (gave * np.arange(1, 9)).max(axis=1), "n": 8}))
    assert RATE in model.limit or model.alpha > 20
    assert (STAY in model.limit) == lasting
    assert float(model.expected(8)) == pytest.approx(gave.sum(axis=1).mean(), rel=0.03)


def _amounts(spread_between: float, spread_within: float) -> pd.DataFrame:
    random = np.random.default_rng(6)
    x = random.integers(1, 9, 400)
    level = 150 / random.gamma(4, size=400) if spread_between else np.full(400, 50.0)
    within = np.array([random.gamma(4, 1 / 4, count).mean() if spread_within else 1.0 for count in x])
    return pd.DataFrame({"x": x, "value": level * within})


def test_amounts_that_are_alike_have_a_limit_of_their_own() -> None:
    assert value.gamma_gamma(_amounts(0, 0)).limit == EQUAL
    level = value.gamma_gamma(_amounts(0, 1))
    assert level.limit == LEVEL or level.q > 30
    assert level.expected({"x": [0], "value": [0.0]}) == pytest.approx([50], rel=0.05)
    steady = value.gamma_gamma(_amounts(0.5, 0))
    assert steady.limit == STEADY or steady.p > 100
    assert steady.expected({"x": [1, 8], "value": [20.0, 90.0]}) == pytest.approx([20, 90], rel=0.05)
    equal = value.gamma_gamma(_amounts(0, 0)).expected({"x": [0, 3], "value": [0.0, 50.0]})
    assert equal == pytest.approx([50, 50], rel=1e-3)


def test_the_formula_goes_over_into_its_limits() -> None:
    for chance in (0.05, 0.3):
        a = ALIKE * chance / (1 - chance)
        assert bought(2.0, 5.0, a, ALIKE) == pytest.approx((1 - (1 + chance * 5) ** -2.0) / chance, rel=1e-3)
        near = bought(2.0, 5.0, a / ALIKE * 2000, 2000.0)
        assert near == pytest.approx(float(bought(2.0, 5.0, a, ALIKE)), rel=2e-3)
    assert bought(5.0, 3.0, 1e-7, 1.0) == pytest.approx(15, rel=1e-5)
    for m in (0.5, 10.0):
        large = bought(ALIKE, m / ALIKE, 0.8, 2.4)
        assert large == pytest.approx(float(bought(ALIKE / 20, 20 * m / ALIKE, 0.8, 2.4)), rel=0.02)


def test_a_company_of_contracts_that_nobody_has_left_still_says_so() -> None:
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(40)], "joined_on": "2025-01-01", "left_on": None})
    sold = pd.DataFrame({"customer_id": people["customer_id"], "occurred_at": "2025-06-01", "amount": 5})
    care = cs.load({"customers": people.astype({"left_on": object}), "transactions": sold}, as_of="2026-01-01")
    assert "nobody has left" in cs.lifetime_value(care).reason


def test_nobody_to_learn_from_is_no_border() -> None:
    with pytest.raises(CareError, match="nobody bought twice"):
        value.bg_nbd(pd.DataFrame({"x": [0], "t_x": [0.0], "T": [5.0]}))
