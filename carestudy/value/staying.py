"""What customers with a contract will bring: how many months they will still be here, times what a month brings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure.renewal import BetaDiscreteWeibull, Geometric, ShiftedBetaGeometric
from carestudy.value.contracts import MONTH, contracts, observed_stay, tenures
from carestudy.value.forecast import Asked, Forecast
from carestudy.value.forecast_check import HoldOut, against
from carestudy.value.resample import fit_of

Model = Geometric | ShiftedBetaGeometric | BetaDiscreteWeibull
NAMES: dict[type[Model], str] = {
    Geometric: "geometric",
    ShiftedBetaGeometric: "shifted-beta-geometric",
    BetaDiscreteWeibull: "beta-discrete-Weibull",
}


def staying(care: Care, asked: Asked, by: list[str]) -> Forecast:
    """What every customer who is still here will bring within the horizon, by a model of when customers leave."""
    end = (care.known_until - timedelta(microseconds=1)).date()
    rows = contracts(care, end=end, by=by)
    tenures_of_rows = tenures(rows)
    model = leaving(tenures_of_rows)
    reached = rows["tenure"].to_numpy(int)

    def months(parameters: Any, discount: float = asked.discount) -> Any:
        return _months_ahead(type(model), parameters, reached, (asked.months, discount))

    rows = rows.assign(ahead=months(model.parameters), paid=rows["paid"] * asked.margin)
    rows = rows.assign(
        brought=rows["brought"] * asked.margin,
        p_alive=np.where(rows["here"] > 0, 1.0, 0.0),
        expected=rows["here"] * months(model.parameters, 0.0),
        worth=rows["here"] * rows["ahead"] * _credible(rows, by),
    )
    alike = tenures_of_rows[["entered", "renewals", "left"]].where(
        tenures_of_rows["renewals"] > tenures_of_rows["entered"]
    )
    curve = _projected(observed_stay(tenures_of_rows), model, asked.months)
    return Forecast(NAMES[type(model)], (model,), rows, (fit_of(model, alike, months),), curve)


def _projected(observed: pd.DataFrame, model: Model, months: int) -> pd.DataFrame:
    """The observed share still here after each month beside the model's, which goes on for the horizon."""
    last = int(observed["months"].max()) if len(observed) else 0
    stay = model.survival(last + months)
    projection = pd.DataFrame({"months": np.arange(len(stay)), "projected": stay})
    beside = projection.merge(observed, on="months", how="left")
    beside.loc[0, "observed"] = 1.0
    return beside[["months", "at_risk", "observed", "projected"]]


def leaving(tenures_seen: pd.DataFrame) -> Model:
    """The model of when customers leave whose parameters earn their place (AIC): from one rate of all customers on."""
    counted = tenures_seen[["entered", "renewals", "left"]].assign(customers=1.0)
    counted = counted.groupby(["entered", "renewals", "left"])["customers"].sum().reset_index()
    models: list[Model] = []
    reasons = []
    for model in NAMES:
        try:
            models.append(model.fitted(counted))
        except CareError as error:
            reasons.append(error)
    if not models:
        raise reasons[0]
    return min(models, key=lambda candidate: 2 * len(candidate.PARAMETERS) - 2 * candidate.log_likelihood)


def held_out(care: Care, asked: Asked) -> HoldOut:
    """The forecast as it would have been made a third of the data's time ago, or as long ago as the horizon."""
    end = (care.known_until - timedelta(microseconds=1)).date()
    first = care.spans["transactions"][0]
    months = int(min((end - first).days / 3 / MONTH, asked.months))
    if months < 1:
        raise CareError("the data are too short to hold anything out: three months or more are needed")
    cut = end - timedelta(days=round(months * MONTH))
    rows = contracts(care, end=cut, by=[])
    model = leaving(tenures(rows))
    is_here = rows["here"].to_numpy() > 0
    reached = rows["tenure"].to_numpy(int)[is_here]
    stay, line = _stay(type(model), model.parameters, reached, months)
    left_after = (rows["left_on"] - pd.Timestamp(cut)).dt.days.to_numpy(float)[is_here] / MONTH
    lost = np.nan_to_num(left_after, nan=np.inf)
    counted = against(1 - stay[line, -1], lost <= months)
    rate = rows["paid"].sum() / rows["active"].sum()
    ahead = rate * ((stay[:, 1:] + stay[:, :-1]).sum(axis=1) / 2)[line]
    amount = against(ahead, rows["after"].to_numpy(float)[is_here])
    days = [cut + timedelta(days=round(month * MONTH)) for month in range(months + 1)]
    actual = [(lost <= month).sum() for month in range(months + 1)]
    expected = np.bincount(line) @ (1 - stay)
    tracking = pd.DataFrame({"day": days, "actual": actual, "expected": expected, "held_out": True})
    return HoldOut(cut, end, int(is_here.sum()), "losses", counted, amount, tracking, (model,))


def _stay(kind: type[Model], parameters: Any, reached: Any, months: int) -> tuple[Any, Any]:
    """The chance of still being here after each number of months from now, a line a tenure; each customer's line."""
    survival_curve = np.exp(kind.log_survival(np.asarray(parameters), np.arange(reached.max() + months + 1.0))[0])
    tenure, line = np.unique(reached, return_inverse=True)
    return survival_curve[tenure[:, None] + np.arange(months + 1)] / survival_curve[tenure][:, None], line


def _months_ahead(kind: type[Model], parameters: Any, reached: Any, ahead: tuple[int, float]) -> Any:
    """Months still to come within the horizon, each as probable as it is and discounted from its middle."""
    months, discount = ahead
    stay, line = _stay(kind, parameters, reached, months)
    counts = (1 + discount) ** -((np.arange(months) + 0.5) / 12)
    return ((stay[:, 1:] + stay[:, :-1]) / 2 @ counts)[line]


def _credible(rows: pd.DataFrame, by: list[str]) -> Any:
    """What a month brings of each customer: between their own and their group's, by how far a month tells (Buhlmann).

    Source: Buhlmann & Straub 1970. The variance of a customer's amount over m months is m times that within customers
    and m squared times that between them.
    """
    keys = rows.groupby(by, dropna=False, sort=True).ngroup() if by else pd.Series(0, rows.index)
    sums = rows.groupby(keys)[["paid", "active"]].transform("sum")
    mean = (sums["paid"] / sums["active"].where(sums["active"] > 0)).fillna(0).to_numpy(float)
    active, paid = rows["active"].to_numpy(float), rows["paid"].to_numpy(float)
    known = active > 0
    apart = (paid - mean * active)[known] ** 2 / active[known]
    between, within = np.polyfit(active[known], apart, 1) if known.sum() > 2 else (0.0, 1.0)
    prior = max(within, 0.0) / between if between > 0 else np.inf
    # Who was here for no time yet tells nothing, even where customers do not differ within.
    weight = np.divide(active, active + prior, out=np.zeros(len(rows)), where=known)
    return np.where(known, weight * np.divide(paid, active, out=mean.copy(), where=known) + (1 - weight) * mean, mean)
