"""Shares of customers kept or lost are compared at equal days: a longer month loses more of them, and is no worse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from companies import fraction, people

import carestudy as cs
from carestudy import kpi
from carestudy.measure.exposure import at_days

DAILY = 0.004
RATES = [kpi.retention_rate, kpi.gross_churn_rate]


def leaving(seed: int, customers: int, daily: float) -> cs.Care:
    """Customers of whom each day the same share leaves, over the 24 months of 2024 and 2025."""
    lasted = np.random.default_rng(seed).geometric(daily, customers)
    left = pd.Timestamp("2023-12-31") + pd.to_timedelta(lasted, unit="D")
    rows = [(f"K{k}", "2023-01-05", str(day.date()) if day.year < 2026 else None) for k, day in enumerate(left)]
    return cs.load({"customers": people(*rows)}, as_of="2025-12-31")


@pytest.mark.parametrize("per_time", ["kept", "lost"])
@pytest.mark.parametrize(("days", "other_days"), [(28, 31), (31, 30), (29, 28), (92, 90), (7, 365)])
def test_the_same_daily_rate_is_no_difference(per_time: str, days: int, other_days: int) -> None:
    hazard = 0.0013
    stays, stays_longer = (1 - hazard) ** days, (1 - hazard) ** other_days
    share, expected = (stays, stays_longer) if per_time == "kept" else (1 - stays, 1 - stays_longer)
    assert float(at_days(share, per_time, other_days / days)) == pytest.approx(expected, abs=1e-14)


def test_ends_stay_ends_and_a_base_that_grows_compounds() -> None:
    assert at_days([0.0, 1.0, np.nan], "lost", 31 / 28).tolist() == pytest.approx([0, 1, np.nan], nan_ok=True)
    assert at_days([0.0, 1.0], "kept", 31 / 28).tolist() == [0, 1]
    assert float(at_days(-0.1, "lost", 2)) == pytest.approx(-0.21)  # a tenth more, twice


def of_months(february: int, march: int) -> pd.DataFrame:
    """The scorecard of March 2026 where of 1000 customers so many leave in February, and so many in March."""
    days = ["2026-02-10"] * february + ["2026-03-10"] * march
    rows = [(f"K{k}", "2024-01-05", days[k] if k < len(days) else None) for k in range(1000)]
    care = cs.load({"customers": people(*rows)}, as_of="2026-03-31")
    return cs.scorecard(care, period="2026-03", kpis=RATES).set_index("kpi")


def test_a_change_is_that_of_values_and_limits_taken_to_the_days_of_this_period() -> None:
    card = of_months(280, 217)
    loss = card.loc["gross_churn_rate"]
    assert (loss["value"], loss["before"]) == (217 / 720, 0.28)  # each printed as it is
    even = 1 - 0.72 ** (31 / 28)
    assert loss["change"] == pytest.approx(217 / 720 - even)
    low, high = (1 - (1 - np.array(cs.intervals.wilson(280, 1000))) ** (31 / 28)).tolist()
    limits = cs.intervals.mover(217 / 720, cs.intervals.wilson(217, 720), even, (low, high))
    assert loss[["change_low", "change_high"]].tolist() == pytest.approx([float(limit) for limit in limits])
    retention = card.loc["retention_rate"]
    assert retention["change"] == pytest.approx(-loss["change"])
    assert retention[["change_low", "change_high"]].tolist() == pytest.approx(
        [-loss["change_high"], -loss["change_low"]]
    )


def test_a_real_change_is_found_at_equal_days() -> None:
    assert of_months(60, 120)["verdict"].tolist() == ["worse", "worse"]
    assert of_months(120, 40)["verdict"].tolist() == ["better", "better"]


def test_a_month_that_is_only_longer_is_no_worse() -> None:
    # 80,000 customers of whom 0.2 % leave each day: 5.5 % in February and 6.0 % in March.
    care = leaving(1, 80_000, 0.002)
    card = cs.scorecard(care, period="2025-03", kpis=RATES)
    assert card["verdict"].tolist() == ["cannot tell", "cannot tell"]
    lost, before = (
        fraction(card[card["kpi"] == "gross_churn_rate"]),
        fraction(kpi.gross_churn_rate(care, period="2025-02")),
    )
    assert cs.intervals.newcombe(*lost, *before)[0] > 0  # as they stand, the two differ by more than chance


def test_pairs_with_february_have_no_more_verdicts_than_chance() -> None:
    verdicts = [
        verdict
        for seed in range(8)
        for care in [leaving(seed, 6000, DAILY)]
        for period in ("2024-02", "2024-03", "2025-02", "2025-03")
        for verdict in cs.scorecard(care, period=period, kpis=RATES)["verdict"]
    ]
    # 64 verdicts, in pairs that say the same: 32 tests at 5 %, of which 6 or more are false once in 200.
    assert sum(verdict != "cannot tell" for verdict in verdicts) <= 10


def test_a_split_by_segment_has_no_verdict_that_the_days_make() -> None:
    customers = leaving(1, 80_000, 0.002)["customers"]
    care = cs.load({"customers": customers.assign(region=["Nam", "Bac"] * 40_000)}, as_of="2025-12-31")
    march = cs.why(kpi.gross_churn_rate, care, period="2025-03", by="region")
    whole = march.total.set_index("part")
    assert whole["value"]["change"] == pytest.approx(march.now - march.before)  # the values as they stand add up
    assert whole["low"]["change"] > 0
    assert whole["verdict"].tolist() == ["cannot tell"] * 3
    assert "days" in march.caveats
    august = cs.why(kpi.gross_churn_rate, care, period="2025-08", by="region")
    assert "days" not in august.caveats  # July and August have 31 days each
