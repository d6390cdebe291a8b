"""Lifetime value: what customers have brought, what they will bring, and whether the forecast can be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure.front import reads
from carestudy.measure.options import Rate
from carestudy.measure.premises import LEAVING_DATED
from carestudy.measure.rows import groups
from carestudy.measure.stock import has_contracts
from carestudy.rendering import Rendered
from carestudy.value import buying, staying
from carestudy.value.forecast import Asked, Forecast
from carestudy.value.forecast_check import HoldOut

EDGES = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class LifetimeValue(Rendered):
    """The value of customers over a horizon, beside what they have brought so far; prints whole.

    ``frame`` has a row a group, ``whole`` the one of all: value (mean per customer within the horizon, discounted),
    low, high, customers, brought (mean per customer so far). ``alive`` counts repeat buyers by their P(alive) in
    tenths, with the sum of those chances; of ``once`` customers who bought once BG/NBD cannot tell. ``curve`` has, with
    contracts, the share still here after each month, observed and projected. ``check`` is the hold-out, ``reason``
    tells why there is no forecast or no hold-out. ``margin`` None means that the amounts are revenue.
    """

    method: str
    as_of: date
    horizon: str
    discount: float
    margin: float | None
    models: tuple[Any, ...]
    frame: pd.DataFrame = field(compare=False)
    whole: pd.DataFrame = field(compare=False)
    alive: pd.DataFrame = field(compare=False)
    once: int = 0
    curve: pd.DataFrame = field(compare=False, default_factory=pd.DataFrame)
    check: HoldOut | None = None
    reason: str = ""

    @property
    def contracts(self) -> bool:
        """Whether it rests on contracts; else on purchases."""
        return self.method in staying.NAMES.values()

    @property
    def trusted(self) -> str:
        """Whether the hold-out bears the forecast: "yes", "no" or "cannot tell"."""
        return self.check.verdict if self.check else "cannot tell"

    def __repr__(self) -> str:
        of = "revenue" if self.margin is None else f"margin of {self.margin:.0%} of revenue"
        head = f"{self.method or 'no forecast'}, {self.horizon} from {self.as_of}, discount {self.discount:.0%}, {of}"
        lines = [head, *map(repr, self.models), self.frame.to_string(index=False)]
        if not self.frame.equals(self.whole):
            lines.append(self.whole.to_string(index=False))
        if self.check:
            check = self.check
            lines.append(
                f"held out from {check.since} to {check.until}: {check.counted.actual:,.0f} {check.events}, "
                f"{check.counted.expected:,.0f} expected; trusted: {check.verdict}"
            )
        return "\n".join([*lines, *([self.reason] if self.reason else [])])


@reads("transactions")
def lifetime_value(
    care: Care,
    *,
    horizon: str = "12M",
    discount: Rate = 0.10,
    margin: float | None = None,
    by: str | Sequence[str] | None = None,
    model: str = "bg_nbd",
) -> LifetimeValue:
    """What a customer brings on average within a horizon from ``as_of`` on, discounted, beside what they have brought.

    With contracts (``joined_on`` and ``left_on`` of customers), of those still here: months still to come by the
    geometric, shifted-beta-geometric or beta-discrete-Weibull model of tenure (one for all groups, chosen by AIC),
    times what a month of such a group has brought in the last year. Without, of everybody who ever bought: purchases
    by BG/NBD (or "mbg_nbd", "pareto_nbd") times the amount by Gamma-Gamma. ``margin`` is the share of revenue that
    remains, by default that of care.toml (``[value] margin = 0.3``); without either it is revenue. ``discount`` is a
    year's.

    Interval: 100 draws of customers, models fitted anew. The hold-out makes the forecast again as of an earlier day
    (a horizon ago, at most a third of the data) and holds it against what came. Data that no model can be learnt from
    give what was brought, and the reason. Refunds and returned purchases as in ``purchase_history``.
    """
    asked, share = _asked(care, horizon, discount, margin, model)
    by = groups(by)
    fields: dict[str, Any] = {"as_of": _last_day(care), "horizon": horizon, "discount": discount, "margin": share}
    try:
        forecast = _forecast(care, asked, by)
        frame, whole = forecast.values(by)
    except Missing:
        raise
    except CareError as error:
        frame, whole = _brought(care, asked, by)
        return LifetimeValue("", **fields, models=(), frame=frame, whole=whole, alive=_tenths(None), reason=str(error))
    check, reason = _held_out(care, asked)
    alive = forecast.rows["p_alive"] if "x" in forecast.rows else None
    fields |= {"frame": frame, "whole": whole, "alive": _tenths(alive), "curve": forecast.curve}
    once = 0 if alive is None else int(alive.isna().sum())
    return LifetimeValue(forecast.method, models=forecast.models, check=check, reason=reason, once=once, **fields)


@reads("transactions")
def customer_values(
    care: Care, *, horizon: str = "12M", discount: Rate = 0.10, margin: float | None = None, model: str = "bg_nbd"
) -> pd.DataFrame:
    """Each customer of ``lifetime_value`` alone: customer_id, p_alive, expected (purchases, or months here) and value.

    For lists of whom to call, never for a report. Without contracts P(alive) of who bought once is not known (BG/NBD);
    with them it is 1 of who is here, and the others are left out.
    """
    asked, _ = _asked(care, horizon, discount, margin, model)
    rows = _forecast(care, asked, []).rows
    rows = rows[rows["here"] > 0].rename(columns={"value": "spent"}).rename(columns={"worth": "value"})
    return rows[["customer_id", "p_alive", "expected", "value"]].reset_index(drop=True)


def _asked(care: Care, horizon: str, discount: float, margin: float | None, model: str) -> tuple[Asked, float | None]:
    written = re.fullmatch(r"([1-9][0-9]{0,2})([MY])", horizon) if isinstance(horizon, str) else None
    if not written:
        raise CareError(f'horizon={horizon!r} is not known: write months or years, such as "12M" or "3Y"')
    if model not in buying.MODELS:
        raise CareError(f"model='{model}' is not known: choose one of {', '.join(buying.MODELS)}")
    share = care.settings.margin if margin is None else margin
    months = int(written[1]) * (12 if written[2] == "Y" else 1)
    return Asked(months, discount, 1.0 if share is None else share, model), share


def _forecast(care: Care, asked: Asked, by: list[str]) -> Forecast:
    if problem := LEAVING_DATED.failing(care):
        raise CareError(str(problem))
    return (staying.staying if has_contracts(care) else buying.buying)(care, asked, by)


def _held_out(care: Care, asked: Asked) -> tuple[HoldOut | None, str]:
    try:
        return (staying if has_contracts(care) else buying).held_out(care, asked), ""
    except CareError as error:
        return None, str(error)


def _brought(care: Care, asked: Asked, by: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was brought, where nothing can be forecast."""
    rows = buying.bought_so_far(care, asked, by)
    return Forecast("", (), rows).values(by)


def _tenths(alive: pd.Series[Any] | None) -> pd.DataFrame:
    """How many customers have a P(alive) in each tenth, and the sum of those chances."""
    known = np.array([]) if alive is None else alive.dropna().to_numpy(float)
    counts, sums = np.histogram(known, EDGES)[0], np.histogram(known, EDGES, weights=known)[0]
    return pd.DataFrame({"low": EDGES[:-1], "high": EDGES[1:], "customers": counts, "alive": sums})


def _last_day(care: Care) -> date:
    return (care.known_until - timedelta(microseconds=1)).date()
