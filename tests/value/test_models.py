"""What holds for every model of value: kept, found again, told clearly where the data cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy import value
from carestudy.contract import CareError, Missing
from carestudy.measure.likelihood import Found, bend, interval
from carestudy.measure.renewal import Geometric

CUSTOMERS = 3000


@dataclass(frozen=True)
class Case:
    """A model, the parameters customers are made with, and how they are made."""

    fit: Callable[[Any], Any]
    model: Any
    truth: tuple[float, ...]
    made: Callable[[np.random.Generator, tuple[float, ...]], pd.DataFrame]


def _buyers(random: np.random.Generator, truth: tuple[float, ...], *, first: bool = False) -> pd.DataFrame:
    """Customers of BG/NBD, purchase by purchase; with ``first`` the first purchase may be the last."""
    r, alpha, a, b = truth
    rows = []
    paces, leaves = random.gamma(r, 1 / alpha, CUSTOMERS), random.beta(a, b, CUSTOMERS)
    for pace, leave, end in zip(paces, leaves, random.uniform(30, 80, CUSTOMERS), strict=True):
        x, last = 0, 0.0
        here = not (first and random.random() < leave)
        while here and (now := last + random.exponential(1 / pace)) <= end:
            x, last, here = x + 1, now, random.random() >= leave
        rows.append((x, last, end))
    return pd.DataFrame(rows, columns=["x", "t_x", "T"])


def _leavers(random: np.random.Generator, truth: tuple[float, ...]) -> pd.DataFrame:
    """Customers of Pareto/NBD."""
    r, alpha, s, beta = truth
    pace, end = random.gamma(r, 1 / alpha, CUSTOMERS), random.uniform(30, 80, CUSTOMERS)
    here = np.minimum(random.exponential(1 / random.gamma(s, 1 / beta, CUSTOMERS)), end)
    x = random.poisson(pace * here)
    # The last of x moments spread evenly over the time here.
    last = np.where(x > 0, here * random.random(CUSTOMERS) ** (1 / np.maximum(x, 1)), 0.0)
    return pd.DataFrame({"x": x, "t_x": last, "T": end})


def _donors(random: np.random.Generator, truth: tuple[float, ...]) -> pd.DataFrame:
    """Customers of BG/BB over eight occasions."""
    alpha, beta, gamma, delta = truth
    buys, leaves = random.beta(alpha, beta, CUSTOMERS)[:, None], random.beta(gamma, delta, CUSTOMERS)[:, None]
    here = np.cumprod(random.random((CUSTOMERS, 8)) >= leaves, axis=1)
    bought = (random.random((CUSTOMERS, 8)) < buys) * here
    return pd.DataFrame({"x": bought.sum(axis=1), "t_x": (bought * np.arange(1, 9)).max(axis=1), "n": 8})


def _spenders(random: np.random.Generator, truth: tuple[float, ...]) -> pd.DataFrame:
    """Customers of Gamma-Gamma."""
    p, q, v = truth
    x = random.integers(1, 12, CUSTOMERS)
    return pd.DataFrame({"x": x, "value": random.gamma(p * x, 1 / random.gamma(q, 1 / v, CUSTOMERS)) / x})


def _contracts(random: np.random.Generator, truth: tuple[float, ...]) -> pd.DataFrame:
    """Tenures of contracts, cut off after one to sixteen renewals; a third is seen from the second renewal on."""
    if len(truth) == 1:
        doubt, c = -np.expm1(-np.full(CUSTOMERS, truth[0])), []
    else:
        doubt, c = random.beta(truth[0], truth[1], CUSTOMERS), list(truth[2:])
    lasts = np.ceil((np.log(random.random(CUSTOMERS)) / np.log1p(-doubt)) ** (1 / (c or [1.0])[0]))
    cut, entered = random.integers(1, 17, CUSTOMERS), random.choice([0, 0, 1], CUSTOMERS)
    told = {"entered": entered, "renewals": np.minimum(lasts, cut), "left": (lasts <= cut).astype(int)}
    frame = pd.DataFrame(told)
    return frame[frame["renewals"] > frame["entered"]].assign(customers=1)


MODELS = {
    "BG/NBD": Case(value.bg_nbd, value.BgNbd, (0.6, 6.0, 0.9, 3.0), _buyers),
    "MBG/NBD": Case(value.mbg_nbd, value.MbgNbd, (0.9, 6.0, 0.9, 3.0), lambda *made: _buyers(*made, first=True)),
    "Pareto/NBD": Case(value.pareto_nbd, value.ParetoNbd, (0.8, 8.0, 0.9, 20.0), _leavers),
    "BG/BB": Case(value.bg_bb, value.BgBb, (1.2, 0.9, 0.7, 3.0), _donors),
    "Gamma-Gamma": Case(value.gamma_gamma, value.GammaGamma, (5.0, 4.0, 60.0), _spenders),
    "geometric": Case(Geometric.fitted, Geometric, (0.08,), _contracts),
    "shifted-beta-geometric": Case(
        value.shifted_beta_geometric, value.ShiftedBetaGeometric, (0.9, 4.0), _contracts
    ),
    "beta-discrete-Weibull": Case(
        value.beta_discrete_weibull, value.BetaDiscreteWeibull, (0.9, 6.0, 1.3), _contracts
    ),
}  # fmt: skip
BUYING = {name: case for name, case in MODELS.items() if "NBD" in name}
models = pytest.mark.parametrize("name", MODELS)
buying = pytest.mark.parametrize("name", BUYING)


@pytest.fixture(scope="module")
def fitted() -> dict[str, tuple[pd.DataFrame, Any]]:
    """Each model fitted once to customers made by its own rules."""
    made = {name: case.made(np.random.default_rng(7), case.truth) for name, case in MODELS.items()}
    return {name: (rows, MODELS[name].fit(rows)) for name, rows in made.items()}


@models
def test_the_parameters_customers_were_made_with_are_found(name: str, fitted: Any) -> None:
    rows, model = fitted[name]
    data = {column: rows[column].to_numpy(float) for column in rows.columns}
    data["weight"] = data.pop("customers", np.ones(len(rows)))
    found = Found(np.array(model.parameters), 0.0, bend(type(model).likelihood, data, np.log(model.parameters)))
    low, high = interval(found, z=3.0)
    assert (low < MODELS[name].truth).all()
    assert (MODELS[name].truth < high).all()
    assert model.n == len(rows)


@models
def test_no_other_parameters_nearby_are_more_likely(name: str, fitted: Any) -> None:
    rows, model = fitted[name]
    data = {column: rows[column].to_numpy(float) for column in rows.columns}
    data["weight"] = data.pop("customers", np.ones(len(rows)))

    def likely(parameters: Any) -> float:
        return float(type(model).likelihood(np.asarray(parameters), data)[0] @ data["weight"])

    best = np.array(model.parameters)
    assert likely(best) == pytest.approx(model.log_likelihood, abs=1e-6)
    for place in range(len(best)):
        for step in (0.97, 1.03):
            near = best.copy()
            near[place] *= step
            assert likely(near) < model.log_likelihood


@models
def test_the_derivatives_are_those_of_the_likelihood(name: str, fitted: Any) -> None:
    rows, _ = fitted[name]
    data = {column: rows[column].to_numpy(float)[:200] for column in rows.columns}
    point = np.array(MODELS[name].truth) * 1.2
    slopes = MODELS[name].model.likelihood(point, data)[1]
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = 1e-6 * point[place]
        ends = [MODELS[name].model.likelihood(point + sign * step, data)[0] for sign in (1, -1)]
        told = (ends[0] - ends[1]) / (2 * step[place])
        assert slopes[place] == pytest.approx(told, abs=2e-6, rel=2e-6)


@models
def test_a_model_is_kept_as_text_and_prints_whole(name: str, fitted: Any) -> None:
    model = fitted[name][1]
    assert type(model).from_json(model.to_json()) == model
    assert all(f"{parameter}=" in repr(model) for parameter in (*model.PARAMETERS, "log_likelihood", "n"))
    with pytest.raises(CareError, match=f"this is no {type(model).__name__}"):
        type(model).from_json('{"model": "Other"}')
    with pytest.raises(FrozenInstanceError):
        model.n = 3


@models
def test_alike_customers_in_one_row_and_the_order_of_rows_change_nothing(name: str, fitted: Any) -> None:
    rows, model = fitted[name]
    counted = "customers" in rows
    twice = rows if counted else rows.assign(customers=1)
    doubled = twice.assign(customers=2).sample(frac=1, random_state=3)
    other = MODELS[name].fit(doubled)
    assert other.parameters == pytest.approx(model.parameters, rel=1e-4)
    assert other.log_likelihood == pytest.approx(2 * model.log_likelihood, rel=1e-9)
    assert other.n == 2 * model.n


@pytest.mark.parametrize("name", [*BUYING, "BG/BB", "Gamma-Gamma"])
def test_a_table_of_the_engine_gives_the_same_model_as_a_frame(name: str, fitted: Any) -> None:
    rows, model = fitted[name]
    assert MODELS[name].fit(ibis.memtable(pa.Table.from_pandas(rows))) == model


@buying
def test_without_anybody_who_bought_twice_there_is_nothing_to_learn(name: str) -> None:
    with pytest.raises(CareError, match="nobody bought twice"):
        MODELS[name].fit(pd.DataFrame({"x": [0, 0], "t_x": [0.0, 0.0], "T": [3.0, 9.0]}))


@buying
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"x": [1.0], "t_x": [5.0], "T": [4.0]}, "t_x is larger than T"),
        ({"x": [1.0], "t_x": [0.0], "T": [4.0]}, "t_x is above 0 where x is"),
        ({"x": [-1.0, 1], "t_x": [1.0, 1], "T": [4.0, 4]}, "numbers from 0 on"),
        ({"x": [], "t_x": [], "T": []}, "there are no customers"),
    ],
)
def test_a_history_that_cannot_be_is_refused(name: str, rows: Any, message: str) -> None:
    with pytest.raises(CareError, match=message):
        MODELS[name].fit(pd.DataFrame(rows, dtype="float64"))


@buying
def test_a_missing_column_is_named(name: str) -> None:
    with pytest.raises(Missing, match="'T'"):
        MODELS[name].fit(pd.DataFrame({"x": [1], "t_x": [2]}))


@buying
def test_customers_who_all_buy_alike_are_given_one_rate(name: str) -> None:
    model = MODELS[name].fit(pd.DataFrame({"x": [3] * 40, "t_x": [9.0] * 40, "T": [10.0] * 40}))
    assert model.limit.startswith("one rate of buying")
    assert float(model.expected(10.0)) == pytest.approx(3, rel=0.1)


@buying
def test_expected_purchases_start_at_none_and_slow_down(name: str) -> None:
    case = MODELS[name]
    times = np.array([0.0, 1, 10, 50, 100, 1000])
    bought = case.model.at(case.truth).expected(times)
    assert bought[0] == pytest.approx(0, abs=1e-12)
    assert (np.diff(bought) > 0).all()
    assert (np.diff(np.diff(bought) / np.diff(times)) < 0).all()


@buying
def test_expected_purchases_are_the_mean_of_those_made(name: str, fitted: Any) -> None:
    rows, _ = fitted[name]
    model = MODELS[name].model.at(MODELS[name].truth)
    told = model.expected(rows["T"].to_numpy()).mean()
    assert rows["x"].mean() == pytest.approx(told, abs=4 * rows["x"].std() / len(rows) ** 0.5)


@buying
@given(
    x=st.integers(0, 60), at=st.floats(0.01, 1), age=st.floats(1, 300), time=st.floats(0.1, 200),
    scale=st.sampled_from([0.2, 1.0, 5.0]),
)  # fmt: skip
def test_chances_and_amounts_stay_within_their_bounds(
    name: str, x: int, at: float, age: float, time: float, scale: float
) -> None:
    case = MODELS[name]
    model = case.model.at(tuple(scale * one for one in case.truth))
    history = {"x": [x], "t_x": [at * age if x else 0.0], "T": [age]}
    alive, ahead = model.alive(history)[0], model.conditional(history, time)[0]
    assert 0 <= alive <= 1
    r, alpha = model.parameters[:2]
    assert -1e-12 <= ahead <= alive * (r + x) / (alpha + age) * time * (1 + 1e-9) + 1e-12
    once, later = (model.discounted(history, rate=rate, time=time)[0] for rate in (0.0, 0.01))
    assert once == pytest.approx(ahead, rel=1e-9, abs=1e-12)
    assert ahead * np.exp(-0.01 * time) * (1 - 1e-9) - 1e-12 <= later <= ahead * (1 + 1e-9) + 1e-12


def test_who_bought_once_is_alive_by_construction_in_one_model_only() -> None:
    once = {"x": [0], "t_x": [0.0], "T": [200.0]}
    told = {name: case.model.at(case.truth).alive(once)[0] for name, case in BUYING.items()}
    assert told["BG/NBD"] == 1
    assert max(told["MBG/NBD"], told["Pareto/NBD"]) < 0.7


def test_nothing_breaks_where_the_formulas_divide_by_nothing() -> None:
    history = {"x": [3], "t_x": [20.0], "T": [30.0]}
    for case, place in ((MODELS["BG/NBD"], 2), (MODELS["Pareto/NBD"], 2)):
        told = []
        for at in (0.999, 1.0, 1.001):
            parameters = list(case.truth)
            parameters[place] = at
            told.append(case.model.at(parameters).conditional(history, 52.0)[0])
        assert told[1] == pytest.approx((told[0] + told[2]) / 2, rel=1e-5)


def test_very_many_purchases_overflow_nothing() -> None:
    history = {"x": [5000], "t_x": [900.0], "T": [1000.0]}
    for case in BUYING.values():
        model = case.model.at(case.truth)
        assert np.isfinite(model.alive(history)).all()
        assert np.isfinite(model.conditional(history, 52.0)).all()
    assert value.BgNbd.at((0.6, 6.0, 0.9, 3.0)).alive({"x": [5000], "t_x": [1000.0], "T": [1000.0]})[0] > 0.99


def test_gamma_gamma_lies_between_a_customers_own_mean_and_everybodys() -> None:
    model = value.GammaGamma.at((6.25, 3.74, 15.44))
    told = model.expected({"x": [0, 1, 50], "value": [0.0, 100.0, 100.0]})
    assert told[0] == pytest.approx(model.mean())
    assert model.mean() < told[1] < told[2] < 100
    assert np.isnan(value.GammaGamma.at((6.25, 0.9, 15.44)).mean())


def test_gamma_gamma_learns_from_those_who_paid_something_again() -> None:
    rows = _spenders(np.random.default_rng(5), (5.0, 4.0, 60.0))
    others = pd.DataFrame({"x": [0, 4], "value": [0.0, 0.0]})
    assert value.gamma_gamma(pd.concat([rows, others])) == value.gamma_gamma(rows)
    with pytest.raises(CareError, match="nobody bought again at a positive value"):
        value.gamma_gamma(others)
    with pytest.raises(CareError, match="at least 10 customers"):
        value.gamma_gamma(rows[:5])


def test_bg_bb_counts_occasions_in_whole_numbers() -> None:
    with pytest.raises(CareError, match="whole numbers"):
        value.bg_bb(pd.DataFrame({"x": [1.5], "t_x": [2], "n": [6]}))
    with pytest.raises(CareError, match="x is larger than t_x"):
        value.bg_bb(pd.DataFrame({"x": [3], "t_x": [2], "n": [6]}))


def test_nobody_who_left_tells_nothing_of_leaving() -> None:
    stays = pd.DataFrame({"entered": [0], "renewals": [5], "left": [0], "customers": [90]})
    with pytest.raises(CareError, match="nobody has left"):
        value.beta_discrete_weibull(stays)
