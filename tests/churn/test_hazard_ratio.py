"""The hazard ratio of leaving does not depend on the day of the month on which customers join and leave."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs
from carestudy.churn import cox
from carestudy.churn.drivers import CANNOT_TELL, MORE
from carestudy.contract import CareError
from carestudy.show.churn.drivers import _finding
from carestudy.show.numbers import Form
from carestudy.show.words import Reader

MONTHS = pd.period_range("2024-01", periods=22, freq="M")
SIZE = 2_500  # customers of each channel


def _company(rates: dict[str, float], leaving: str, *, seed: int = 1) -> Any:
    """Two channels, whose customers join on the 1st and on the 15th, and leave on any day or on set days."""
    rng, rows = np.random.default_rng(seed), []
    for (channel, rate), day in zip(rates.items(), (1, 15), strict=True):
        for k in range(SIZE):
            month = int(rng.integers(0, len(MONTHS) - 1))
            joined = MONTHS[month].start_time.date() + timedelta(days=day - 1)
            if leaving == "any day":
                left: date | None = joined + timedelta(days=int(np.ceil(rng.exponential(-30.4 / np.log(1 - rate)))))
            else:
                month += int(rng.geometric(rate))
                left = _set_day(month, day, leaving) if month < len(MONTHS) else None
            still = left is None or left > MONTHS[-1].end_time.date()
            rows.append((f"{channel}{k}", str(joined), None if still else str(left), channel))
    columns = ["customer_id", "joined_on", "left_on", "segment"]
    return cs.load({"customers": pd.DataFrame(rows, columns=columns)}, as_of="2025-10-31")


def _set_day(month: int, day: int, leaving: str) -> date:
    first = MONTHS[month].start_time.date()
    days = {"end of month": MONTHS[month].end_time.date(), "same day": first + timedelta(days=day - 1), "first": first}
    return days[leaving]


def _effect(care: Any) -> dict[Any, Any]:
    effects = cs.churn.drivers(care, period="2025-10", columns=["segment"]).effects
    row = effects[effects["fact"] == "segment"].iloc[0].to_dict()
    if row["level"] == "Shop":
        return row
    turned = {name: 1 / row[name] for name in ("hazard_ratio", "hazard_low", "hazard_high")}
    return row | turned | {"hazard_low": turned["hazard_high"], "hazard_high": turned["hazard_low"]}


@pytest.mark.parametrize("leaving", ["any day", "end of month", "same day", "first"])
def test_customers_who_leave_alike_have_a_ratio_near_one_whatever_day_they_join(leaving: str) -> None:
    effect = _effect(_company({"Shop": 0.05, "Web": 0.05}, leaving))
    assert effect["hazard_low"] < 1 < effect["hazard_high"]
    assert effect["hazard_ratio"] == pytest.approx(1, abs=0.1)
    assert effect["verdict"] == CANNOT_TELL


@pytest.mark.parametrize("leaving", ["any day", "end of month", "same day", "first"])
def test_the_planted_ratio_of_six_to_four_and_a_half_percent_comes_out(leaving: str) -> None:
    effect = _effect(_company({"Shop": 0.06, "Web": 0.045}, leaving))
    # Of hazards that is log(0.94) / log(0.955) = 1.34.
    assert effect["hazard_ratio"] == pytest.approx(1.34, abs=0.1)
    assert effect["hazard_low"] < 1.34 < effect["hazard_high"]
    assert effect["share"] > 0.05


def _stays(seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"x": rng.integers(0, 2, 600), "y": rng.normal(size=600), "begun": rng.integers(0, 60, 600)})
    lasted = rng.exponential(400 / (1 + rows["x"]))
    until = rows["begun"] + 1 + np.floor(np.minimum(lasted, 500))
    return rows.assign(until=until, left=(lasted < 500).astype(int))


@pytest.mark.parametrize("days", [30, 7, 31])
def test_rows_split_at_months_give_the_ratio_of_the_unsplit(days: int) -> None:
    whole = _stays()
    parts = []
    for row in whole.to_dict("records"):
        cuts = [row["begun"], *range(int(row["begun"] // days + 1) * days, int(row["until"]), days), row["until"]]
        for begun, until in pairwise(cuts):
            parts.append(row | {"begun": begun, "until": until, "left": row["left"] * (until == row["until"])})
    named: dict[str, Any] = {"duration": "until", "event": "left", "columns": ["x", "y"], "entry": "begun"}
    once, split = cox(whole, **named), cox(pd.DataFrame(parts), **named)
    columns = ["coefficient", "error", "p", "proportional_p"]
    np.testing.assert_allclose(once.effects[columns], split.effects[columns], rtol=1e-6)
    assert once.log_likelihood == pytest.approx(split.log_likelihood)
    assert once.concordance == pytest.approx(split.concordance)


def test_who_enters_when_another_leaves_is_not_at_risk_then() -> None:
    # At risk at 5 are the first, the second and the fourth; at 9 the third, who leaves, and the fourth.
    rows = pd.DataFrame({"until": [5.0, 6, 9, 9], "begun": [0, 0, 5, 0], "left": [1, 0, 1, 0], "x": [1, 0, 0, 1]})
    found = cox(rows, duration="until", event="left", columns=["x"], entry="begun")
    # e / (2 e + 1) / (1 + e) is largest over e = exp(b) where 2 e^2 = 1.
    assert found.effects["hazard_ratio"].item() == pytest.approx(np.sqrt(0.5), abs=1e-6)


def test_a_row_that_ends_as_it_enters_is_refused() -> None:
    rows = pd.DataFrame({"until": [5, 6, 9], "begun": [0, 6, 7], "left": [1, 1, 1], "x": [1, 0, 1]})
    with pytest.raises(CareError, match="1 rows end no later than they enter"):
        cox(rows, duration="until", event="left", columns=["x"], entry="begun")


def test_a_sentence_never_contradicts_the_shares_in_it() -> None:
    row = {
        "fact": "segment", "level": "Shop", "against": "Web", "value": 0.012, "low": 0.006, "high": 0.018,
        "verdict": MORE,
    }  # fmt: skip
    form = Form(Reader("en"), "share")
    said = {ratio: _finding(form, row | {"hazard_ratio": ratio}) for ratio in (1.33, 0.9, 1.03, 1.001, np.nan)}
    assert "1.3 times as likely" in said[1.33]
    assert "1.03 times as likely" in said[1.03]
    assert all("as likely" not in said[ratio] for ratio in (0.9, 1.001))
    fewer = row | {"value": -0.012, "low": -0.018, "high": -0.006}
    assert "as likely" not in _finding(form, fewer | {"hazard_ratio": 1.2})
    assert "0.8 times as likely" in _finding(form, fewer | {"hazard_ratio": 0.8})
