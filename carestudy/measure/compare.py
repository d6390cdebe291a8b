"""Compares a period with the one before it and with the same period a year ago; a verdict may be "cannot tell"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.measure.available import available
from carestudy.measure.figures import COLUMNS, sums
from carestudy.measure.kind import Compared
from carestudy.measure.kpi import Kpi
from carestudy.measure.limits import FEWEST
from carestudy.measure.premises import NOTE, comparable
from carestudy.periods import Period

Sides = tuple[pd.DataFrame, pd.DataFrame]  # the figures of this period and of another one
CANNOT_TELL = "cannot tell"


def beside(care: Care, kpis: Sequence[Kpi], now: Period, *, by: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """The KPIs that the data allow in a period, beside the period before and a year ago.

    Sums, and shares of customers kept or lost over a period, are compared at equal days: that of the other period is
    taken to the length of this one, in ``change`` and its interval, and stands as it is in its own column. Windows that
    overlap, as the twelve months up to the end of two following months do, share customers, and the interval of their
    change knows it.
    """
    possible = available(care, kpis, by)
    earlier = {"before": now.before(), "year_ago": now.year_ago()}
    periods = list(dict.fromkeys([*earlier.values(), now]))
    everything = sums(care, possible, by=by, periods=periods, level=level)
    keys = [*by, "kpi"]
    card = everything[everything["period"] == now.text].drop(columns="period").reset_index(drop=True)
    result = card[[*by]].assign(period=now.text).join(card[[*COLUMNS[1:], *([NOTE] if NOTE in card else [])]])
    for name, other_period in earlier.items():
        past = everything[everything["period"] == other_period.text].drop(columns="period")
        aligned = card[keys].merge(past, on=keys, how="left")
        compared = _comparison((care, by, level), (card, aligned), (now, other_period), possible)
        result = result.join(
            _only_alike(care, possible, (now, other_period), card["kpi"], compared).add_prefix(f"{name}:")
        )
    if now.end > care.known_until.date():
        result = _open_ended(result, [kpi for kpi in possible if kpi.grows(care)])
    return result.rename(columns=_names())


def _only_alike(
    care: Care, kpis: Sequence[Kpi], periods: tuple[Period, Period], names: pd.Series[str], compared: pd.DataFrame
) -> pd.DataFrame:
    """The comparison where the data cover both periods alike; else nothing is compared, and ``note`` says why."""
    now, other_period = periods
    reasons = {kpi.id: comparable(care, kpi, other_period) or comparable(care, kpi, now) for kpi in kpis}
    if not any(reasons.values()):
        return compared
    notes = [reasons[name] for name in names]
    unlike = pd.Series([reason is not None for reason in notes], compared.index, dtype=bool)
    blank = {name: compared[name].astype(float).mask(unlike) for name in ("value", "change", "low", "high")}
    verdict = compared["verdict"].astype(object).mask(unlike, None)
    return compared.assign(**blank, verdict=verdict, note=pd.Series(notes, compared.index, dtype=object))


def _names() -> dict[str, str]:
    sides = {"before": ("before", "before_n", "change", "change_low", "change_high", "verdict", "before_note")}
    year = ("year_ago", "year_n", "year_change", "year_change_low", "year_change_high", "year_verdict", "year_note")
    sides["year_ago"] = year
    fields = ("value", "n", "change", "low", "high", "verdict", "note")
    return {
        f"{name}:{field}": column
        for name, columns in sides.items()
        for field, column in zip(fields, columns, strict=True)
    }


def _comparison(
    query: tuple[Care, Sequence[str], float],
    sides: Sides,
    periods: tuple[Period, Period],
    kpis: Sequence[Kpi],
) -> pd.DataFrame:
    care, by, level = query
    now, past = sides
    result = pd.DataFrame({"value": past["value"], "n": past["n"].fillna(0).astype("int64")})
    result["change"] = now["value"] - past["value"]
    result["low"], result["high"] = np.nan, np.nan
    result["verdict"] = pd.Series([None] * len(result), index=result.index, dtype=object)
    # Ten answers of one customer are one customer's: below ten customers no interval of a change can be trusted.
    few = np.minimum(now["units"].to_numpy(), past["units"].fillna(0).to_numpy(int)) < FEWEST
    for kpi in kpis:
        of_kpi = ((now["kpi"] == kpi.id) & result["change"].notna()).to_numpy()
        change, (low, high) = kpi.change(Compared(care, now[of_kpi], past[of_kpi], periods, by, level))
        result.loc[of_kpi, "change"], result.loc[of_kpi, "low"], result.loc[of_kpi, "high"] = change, low, high
        result.loc[of_kpi, "verdict"] = _verdicts(kpi, result[of_kpi], few[of_kpi])
    return result


def _verdicts(kpi: Kpi, changes: pd.DataFrame, few: Any) -> list[str | None]:
    low, high = changes["low"].to_numpy(float), changes["high"].to_numpy(float)
    up, down = ("better", "worse") if kpi.better == "higher" else ("worse", "better")
    sure = ~few & ~np.isnan(low) & ~np.isnan(high)
    verdicts = [str(verdict) for verdict in np.select([sure & (low > 0), sure & (high < 0)], [up, down], CANNOT_TELL)]
    # A figure without a good direction has no better or worse.
    return [verdict if kpi.better or verdict == CANNOT_TELL else None for verdict in verdicts]


def _open_ended(card: pd.DataFrame, kpis: Sequence[Kpi]) -> pd.DataFrame:
    """Replace verdicts by "cannot tell" where the period is not over and the figure grows with its days."""
    growing = card["kpi"].isin([kpi.id for kpi in kpis]).to_numpy()[:, None]
    verdicts = ["before:verdict", "year_ago:verdict"]
    return card.assign(**card[verdicts].mask(card[verdicts].notna() & growing, CANNOT_TELL))
