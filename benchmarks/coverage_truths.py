"""What `coverage.py` compares the figures with: the planted truths, in the form in which the figures show them."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from carestudy.demo import world
from carestudy.measure import drivers

PURSE = 0.35  # how far customers of one segment differ in what they spend, on the log scale


def share(planted: float) -> float:
    """A share as it is planted."""
    return planted


def score(kinds: dict[str, float]) -> float:
    """The net promoter score of planted shares."""
    return 100 * (kinds["promoter"] - kinds["detractor"])


def monthly_loss(months: pd.DataFrame, owners: pd.DataFrame, loss: dict[str, Any]) -> np.ndarray:
    """The chance of leaving in each month, customers without an owner leaving more often."""
    nobody = owners[owners["owned"] == "no"].set_index("period")["denominator"].reindex(months["period"]).to_numpy()
    rate = np.where(months["period"] < loss["change"], loss["before"], loss["since"])
    return rate * (1 + (loss["unowned_factor"] - 1) * nobody / months["denominator"].to_numpy())


def annual_loss(year: pd.DataFrame, owners: pd.DataFrame, loss: dict[str, Any], after: int) -> float:
    """The chance of leaving within twelve months, of which so many are after the change."""
    everybody = year["denominator"].item()
    nobody = owners.loc[owners["owned"] == "no", "denominator"].sum()
    lost = [
        1 - (1 - loss["before"] * factor) ** (12 - after) * (1 - loss["since"] * factor) ** after
        for factor in (1, loss["unowned_factor"])
    ]
    return float((lost[0] * (everybody - nobody) + lost[1] * nobody) / everybody)


def tenure(before: float, years: int) -> float:
    """The chance of staying so many years: nobody leaves in the month of joining, and half of the last month counts."""
    stays = [(1 - rate) ** (12 * years - 1) * (1 - rate / 2) for rate in (before, world.UNOWNED_FACTOR * before)]
    return stays[0] * (1 - world.UNOWNED / 1000) + stays[1] * world.UNOWNED / 1000


def happy(planted: dict[str, Any]) -> float:
    """The share of satisfied customers while the bad channel has its usual share of contacts."""
    bad = planted["team_mix"]["bad_channel_share_elsewhere"]
    return float(planted["csat"]["elsewhere"] * (1 - bad) + planted["csat"]["bad"] * bad)


def satisfied(planted: dict[str, Any], attribute: str) -> float:
    """The share satisfied with an attribute."""
    shares = planted["attributes"]["value"][attribute]
    return float(shares["satisfied"] * happy(planted) + shares["others"] * (1 - happy(planted)))


def importance(planted: dict[str, Any]) -> dict[str, float]:
    """The share of the explained variance of satisfaction that each attribute has, from the planted distributions."""
    names, part = list(planted["attributes"]["value"]), happy(planted)
    high, low = (_moments(scores) for scores in (world.POSITIVE_SCORES, world.OTHER_SCORES))
    pairs = [tuple(planted["attributes"]["value"][name].values()) for name in names] + [(1.0, 0.0)]
    means = [[p * high[0] + (1 - p) * low[0] for p in pair] for pair in pairs]
    shares = [part * a + (1 - part) * b for a, b in pairs]
    squares = [share * high[1] + (1 - share) * low[1] for share in shares]
    gaps = np.array([a - b for a, b in means])
    covariance = np.outer(gaps, gaps) * part * (1 - part)  # given satisfaction, answers are independent
    np.fill_diagonal(covariance, np.array(squares) - np.array([part * a + (1 - part) * b for a, b in means]) ** 2)
    spread = np.sqrt(np.diag(covariance))
    weights = drivers.lmg(covariance / np.outer(spread, spread))
    return dict(zip(names, weights / weights.sum(), strict=True))


def _moments(scores: dict[int, int]) -> tuple[float, float]:
    total = sum(scores.values())
    return tuple(sum(weight * value**power for value, weight in scores.items()) / total for power in (1, 2))  # type: ignore[return-value]


def first_contact_resolution(planted: dict[str, Any]) -> float:
    """The share resolved, not reopened and not followed by another."""
    again = 1 - (1 - planted["reopened"]["value"]) * (1 - planted["recontact_rate"]["value"])
    return float((1 - world.NEVER_SOLVED / 1000) * (1 - again))


def mix_effect(planted: dict[str, Any]) -> float:
    """What the bad channel's larger share in one team does to satisfaction as a whole."""
    mix, people = planted["team_mix"], dict(zip(world.REGIONS.values(), world.REGION_TEAM, strict=True))
    team = sum(size for size, of in people.items() if world.TEAMS[of] == mix["team"]) / sum(world.REGIONS.values())
    more = team * (mix["bad_channel_share"] - mix["bad_channel_share_elsewhere"])
    return float(more * (planted["csat"]["bad"] - planted["csat"]["elsewhere"]))


def _products(segment: str) -> list[tuple[float, float, float]]:
    """Share, log of the middle price and spread of the log of each product, for customers of a segment."""
    spending = world.SPENDING[list(world.SEGMENTS).index(segment)]
    kinds = zip(world.PRODUCTS.values(), world.PRICES, world.PRICE_WIDTHS, strict=True)
    return [(share / 1000, log(price * spending), (width**2 + PURSE**2) ** 0.5) for share, price, width in kinds]


def mean_amount(segment: str) -> float:
    """The mean amount of a segment's transactions."""
    return sum(share * exp(middle + spread**2 / 2) for share, middle, spread in _products(segment))


def amount(segment: str, at: float) -> float:
    """A quantile of the amounts of a segment's transactions, which are whole thousands."""
    kinds = _products(segment)

    def short(x: float) -> float:
        return float(sum(share * special.ndtr((log(x) - middle) / spread) for share, middle, spread in kinds) - at)

    return 1000.0 * round(optimize.brentq(short, 1e3, 1e9) / 1000)


def returned_value() -> float:
    """The share of the value sold that comes back: a tenth of goods, and nothing of packages."""
    sold = [share * exp(middle + spread**2 / 2) for share, middle, spread in _products(next(iter(world.SEGMENTS)))]
    return sum(sold[2:]) / sum(sold) * world.RETURNED_GOODS / 1000
