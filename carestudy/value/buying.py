"""What customers without a contract will bring: how often they will still buy, times how much they spend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.value.bg_nbd import BgNbd, MbgNbd
from carestudy.value.collapse import collapsed, columns
from carestudy.value.discount import YEAR, rate_of
from carestudy.value.forecast import Asked, Forecast
from carestudy.value.forecast_check import HoldOut, against
from carestudy.value.gamma_gamma import GammaGamma
from carestudy.value.history import purchase_days, purchase_history_table
from carestudy.value.model_limits import ALIKE, STAY
from carestudy.value.pareto_nbd import ParetoNbd
from carestudy.value.resample import fit_of

MODELS: dict[str, type[BgNbd] | type[ParetoNbd]] = {"bg_nbd": BgNbd, "mbg_nbd": MbgNbd, "pareto_nbd": ParetoNbd}
NAMES = {BgNbd: "BG/NBD", MbgNbd: "MBG/NBD", ParetoNbd: "Pareto/NBD"}
POINTS = 40  # of a tracking curve
BELIEVABLE, BISECTIONS = 1.3528, 30  # half of 1.6449 squared


def buying(care: Care, asked: Asked, by: list[str]) -> Forecast:
    """What every customer who ever bought will bring within the horizon, by a model of purchases and one of amounts."""
    rows = _fetched(purchase_history_table(care, by=by), ["customer_id"])
    often, much = MODELS[asked.model].fitted(rows), GammaGamma.fitted(rows)
    history = columns(rows, "x", "t_x", "T", "value")
    rate, time = rate_of(asked.discount, 7), asked.months / 12 * YEAR / 7

    def bought(parameters: Any) -> Any:
        return type(often).at(parameters).discounted(history, rate=rate, time=time)

    def spent(parameters: Any) -> Any:
        return GammaGamma.at(parameters).expected(history)

    alive = often.alive(history)
    if type(often) is BgNbd:  # by construction 1 for who bought once: that says nothing of them
        alive = np.where(history["x"] > 0, alive, np.nan)
    ahead = bought(often.parameters) * spent(much.parameters) * asked.margin
    rows = rows.assign(here=1.0, paid=1.0, active=1.0, ahead=ahead, worth=ahead, p_alive=alive)
    rows = rows.assign(expected=often.conditional(history, time), brought=rows["brought"] * asked.margin)
    paying = rows.assign(value=rows["value"].where(rows["value"] > 0))
    all_fits = fit_of(often, rows[["x", "t_x", "T"]], bought), fit_of(much, paying[["x", "value"]], spent)
    fits = tuple(fit for fit in all_fits if len(fit.point))
    doubt = _doubt(often, rows, lambda parameters: float(np.sum(bought(parameters) * spent(much.parameters))))
    return Forecast(f"{NAMES[type(often)]}, Gamma-Gamma", (often, much), rows, fits, doubt=doubt)


def _doubt(model: Any, rows: pd.DataFrame, worth: Callable[[Any], float]) -> float:
    """By what factor, in logarithms, less may come where nobody was seen to leave: a small chance of it may be true.

    The largest chance of leaving with which the data are not too unlikely (likelihood ratio, 95 % from one side).
    """
    if STAY not in model.limit or not isinstance(model, BgNbd):
        return 0.0
    data = collapsed(rows[["x", "t_x", "T"]], "x", "t_x", "T")

    def at(chance: float) -> tuple[float, ...]:
        return (*model.parameters[:2], ALIKE * chance / (1 - chance), ALIKE)

    def lost(chance: float) -> float:
        return model.log_likelihood - float(type(model).likelihood(np.array(at(chance)), data)[0] @ data["weight"])

    low, high = 1e-6, 0.9
    for _ in range(BISECTIONS):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if lost(middle) < BELIEVABLE else (low, middle)
    return float(np.log(worth(model.parameters) / worth(at(high))))


def bought_so_far(care: Care, asked: Asked, by: list[str]) -> pd.DataFrame:
    """What every customer who ever bought has brought, with nothing ahead."""
    rows = _fetched(purchase_history_table(care, by=by), ["customer_id"])
    return rows.assign(here=1.0, paid=1.0, active=1.0, ahead=np.nan, brought=rows["brought"] * asked.margin)


def held_out(care: Care, asked: Asked) -> HoldOut:
    """The forecast as it would have been made a third of the data's time ago, or as long ago as the horizon."""
    first, known = care.spans["transactions"][0], (care.known_until - timedelta(microseconds=1)).date()
    cut = known - timedelta(days=int(min((known - first).days / 3, asked.months / 12 * YEAR)))
    history = purchase_history_table(care, until=str(cut))
    rows = _fetched(history, ["customer_id"])
    often, much = MODELS[asked.model].fitted(rows), GammaGamma.fitted(rows)
    history_columns = columns(rows, "x", "t_x", "T", "value")
    ahead = often.conditional(history_columns, float(rows["T_after"].iloc[0]))
    counted = against(ahead, rows["x_after"])
    amount = against(ahead * much.expected(history_columns), rows["brought_after"])
    tracking = _tracking(care, often, rows, (cut, known))
    return HoldOut(cut, known, len(rows), "purchases", counted, amount, tracking, (often, much))


def _tracking(care: Care, often: Any, rows: pd.DataFrame, ends: tuple[date, date]) -> pd.DataFrame:
    """Repeat purchases up to each of some days, of the customers known at the cut, and those the model expects."""
    cut, known = ends
    begun = rows.groupby("first").size()
    days = pd.date_range(begun.index.min(), known, periods=POINTS).normalize().union([pd.Timestamp(cut)]).unique()
    lag = (days.to_numpy()[:, None] - pd.to_datetime(begun.index).to_numpy()) / np.timedelta64(7, "D")
    lags, lag_index = np.unique(np.maximum(lag, 0), return_inverse=True)
    expected = often.expected(lags)[lag_index].reshape(lag.shape) @ begun.to_numpy(float)
    return pd.DataFrame(
        {
            "day": days.date,
            "actual": _actual(care, cut, days),
            "expected": expected,
            "held_out": days > pd.Timestamp(cut),
        }
    )


def _actual(care: Care, cut: date, days: Any) -> Any:
    """Days with a repeat purchase up to each of some days, of the customers who had bought by the cut."""
    days_of_purchase = purchase_days(care)
    days_of_purchase = days_of_purchase.filter(days_of_purchase.bought)
    firsts = days_of_purchase.group_by("customer_id").aggregate(first=days_of_purchase.day.min())
    repeats = days_of_purchase.join(firsts, "customer_id").filter(
        lambda both: (both.day > both.first) & (both.first <= str(cut))
    )
    counted = engine.fetch(repeats.group_by("day").aggregate(bought=repeats.count()).order_by("day"), ("bought",))
    total = np.concatenate([[0], np.cumsum(counted["bought"].to_numpy(float))])
    return total[np.searchsorted(pd.to_datetime(counted["day"]).to_numpy(), days.to_numpy(), side="right")]


def _fetched(history: Any, order: list[str]) -> pd.DataFrame:
    rows: pd.DataFrame = engine.answer(history.order_by(order[0])).to_pandas()
    if rows.empty:
        raise CareError("nobody has bought anything: there are no customers to forecast")
    return rows
