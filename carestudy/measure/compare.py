"""A period beside the one before it and the same a year ago, with a verdict that admits ignorance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.measure import intervals, ratio
from carestudy.measure.available import available
from carestudy.measure.figures import COLUMNS, family, scale, sums
from carestudy.measure.kpi import Kpi
from carestudy.measure.limits import FEWEST
from carestudy.periods import Period


def beside(care: Care, kpis: Sequence[Kpi], now: Period, *, by: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """The KPIs that the data allow in a period, beside the period before and a year ago."""
    possible = available(care, kpis, by)
    earlier = {"before": now.before(), "year_ago": now.year_ago()}
    periods = list(dict.fromkeys([*earlier.values(), now]))
    everything = sums(care, possible, by=by, periods=periods, level=level)
    keys = [*by, "kpi"]
    card = everything[everything["period"] == now.text].drop(columns="period").reset_index(drop=True)
    result = card[[*by]].assign(period=now.text).join(card[[*COLUMNS[1:]]])
    for name, other in earlier.items():
        past = everything[everything["period"] == other.text].drop(columns="period")
        aligned = card[keys].merge(past, on=keys, how="left")
        result = result.join(_comparison(care, card, aligned, possible, level).add_prefix(f"{name}:"))
    if now.end > care.known_until.date():
        result = _open_ended(result, [kpi for kpi in possible if grows(care, kpi)])
    return result.rename(columns=_names())


def _names() -> dict[str, str]:
    sides = {"before": ("before", "before_n", "change", "change_low", "change_high", "verdict")}
    sides["year_ago"] = ("year_ago", "year_n", "year_change", "year_change_low", "year_change_high", "year_verdict")
    parts = ("value", "n", "change", "low", "high", "verdict")
    return {
        f"{name}:{part}": column for name, columns in sides.items() for part, column in zip(parts, columns, strict=True)
    }


def _comparison(care: Care, now: pd.DataFrame, past: pd.DataFrame, kpis: Sequence[Kpi], level: float) -> pd.DataFrame:
    result = pd.DataFrame({"value": past["value"], "n": past["n"].fillna(0).astype("int64")})
    result["change"] = now["value"] - past["value"]
    result["low"], result["high"] = np.nan, np.nan
    result["verdict"] = pd.Series([None] * len(result), index=result.index, dtype=object)
    # Ten answers of one customer are one customer's: below ten customers no interval of a change can be trusted.
    few = np.minimum(now["units"].to_numpy(), past["units"].fillna(0).to_numpy(int)) < FEWEST
    for kpi in kpis:
        mine = ((now["kpi"] == kpi.id) & result["change"].notna()).to_numpy()
        low, high = _change(care, kpi, now[mine], past[mine], level)
        result.loc[mine, "low"], result.loc[mine, "high"] = low, high
        result.loc[mine, "verdict"] = _verdicts(kpi, result[mine], few[mine])
    return result


def _change(care: Care, kpi: Kpi, now: pd.DataFrame, past: pd.DataFrame, level: float) -> intervals.Limits:
    if kpi.kind in ("quantile", "survival"):
        sides = [(side["value"].to_numpy(), (side["low"].to_numpy(), side["high"].to_numpy())) for side in (now, past)]
        low, high = intervals.mover(*sides[0], *sides[1])
        return low, high
    part = ratio.fractions(care, kpi) if kpi.kind == "ratio" else None
    low, high = family(kpi, part).change(now, past.fillna(dict.fromkeys(ratio.SUMS, 0)), level)
    return low * scale(care, kpi), high * scale(care, kpi)


def _verdicts(kpi: Kpi, changes: pd.DataFrame, few: Any) -> list[str]:
    low, high = changes["low"].to_numpy(float), changes["high"].to_numpy(float)
    up, down = ("better", "worse") if kpi.better == "higher" else ("worse", "better")
    sure = ~few & ~np.isnan(low) & ~np.isnan(high)
    return [str(one) for one in np.select([sure & (low > 0), sure & (high < 0)], [up, down], "cannot tell")]


def _open_ended(card: pd.DataFrame, kpis: Sequence[Kpi]) -> pd.DataFrame:
    """While a period is not over, what grows with its days cannot be compared with a whole one."""
    growing = card["kpi"].isin([kpi.id for kpi in kpis]).to_numpy()[:, None]
    verdicts = ["before:verdict", "year_ago:verdict"]
    return card.assign(**card[verdicts].mask(card[verdicts].notna() & growing, "cannot tell"))


def grows(care: Care, kpi: Kpi) -> bool:
    """Whether a figure is larger for a longer period: counts, losses, and what counts a customer once."""
    if kpi.kind == "ratio":
        return any(fraction.once for fraction in ratio.fractions(care, kpi).values())
    return kpi.kind == "total" or (kpi.kind == "stock" and kpi.months is None)
