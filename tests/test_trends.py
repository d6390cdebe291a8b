"""Whether a share is changing: one verdict, and what has to be known before acting on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, demo, people

from carestudy import kpi
from carestudy.contract import CareError, Missing
from carestudy.load import load
from carestudy.trends import FEWEST, Trend, trend

MONTHS = [f"{2023 + month // 12}-{month % 12 + 1:02}" for month in range(48)]


def ratings(shares: Sequence[float], n: int = 200, as_of: str = "2027-01-01") -> Any:
    """A company whose CSAT in the months from January 2023 on is this, each month from as many answers."""
    scores: list[int] = []
    days: list[str] = []
    for month, share in zip(MONTHS, shares, strict=False):
        good = round(share * n)
        scores += [5] * good + [1] * (n - good)
        days += [f"{month}-15 10:00"] * n
    return load({"responses": answers(scores, answered_at=days)}, as_of=as_of)


def wobble(level: float, months: int, seed: int = 1) -> Any:
    """Shares that differ by what a toss of coins makes them differ, and a little more."""
    return level + np.random.default_rng(seed).normal(0, 0.03, months)


def asked(shares: Sequence[float], **more: Any) -> Any:
    return trend(kpi.csat, ratings(shares), period=MONTHS[len(shares) - 1], last=len(shares), **more)


def test_the_demo_has_lost_loyalty_since_march_2026() -> None:
    found = trend(kpi.retention_rate, demo())
    assert found.verdict == "worse"
    assert found.high < 1
    assert [change.period for change in found.changes] == ["2026-03"]
    assert found.changes[0].before > found.changes[0].after
    assert found.baseline == ("2024-11", "2025-10")
    assert found.outside == tuple(f"2026-{month:02}" for month in range(3, 11))
    assert found.seasonal
    assert found.caveats == ("dependence",)


def test_churn_gets_worse_where_retention_does() -> None:
    kept, lost = trend(kpi.retention_rate, demo()), trend(kpi.gross_churn_rate, demo())
    assert lost.verdict == kept.verdict == "worse"
    assert lost.odds_ratio == pytest.approx(1 / kept.odds_ratio)
    assert lost.p == pytest.approx(kept.p)
    assert lost.outside == kept.outside


def test_a_rising_share_is_better_and_a_wobbling_one_cannot_be_told() -> None:
    assert asked(wobble(0.7, 24) + np.arange(24) / 150).verdict == "better"
    assert asked(wobble(0.7, 24)).verdict == "cannot tell"


def test_a_slow_slope_is_no_change_of_level() -> None:
    found = asked(wobble(0.6, 24) + np.arange(24) / 80)
    assert found.changes == ()
    assert found.frame["level"].isna().all()


def test_a_season_is_no_trend_once_two_years_are_known() -> None:
    season = 0.7 + 0.1 * np.sin(2 * np.pi * np.arange(24) / 12)
    found = asked(season + wobble(0, 24))
    assert found.seasonal
    assert found.verdict == "cannot tell"
    assert found.changes == ()
    assert "season" in asked((season + wobble(0, 24))[:23]).caveats


def test_fewer_than_eight_periods_tell_nothing() -> None:
    falling = 0.9 - 0.03 * np.arange(FEWEST) + wobble(0, FEWEST) / 3
    assert asked(falling).verdict == "worse"
    assert asked(falling[:-1]).verdict == "cannot tell"
    assert "short" in asked(falling[:-1]).caveats
    assert "short" not in asked(falling).caveats


def test_a_period_that_is_not_over_is_shown_and_not_used() -> None:
    shares = [*wobble(0.7, 12), 0.1]
    care = ratings(shares, as_of="2024-01-20")
    found = trend(kpi.csat, care, period="2024-01", last=13)
    assert found.frame["period"].iloc[-1] == "2024-01"
    assert not found.frame["used"].iloc[-1]
    assert "unfinished" in found.caveats
    whole = trend(kpi.csat, care, last=12)
    assert whole.frame["period"].iloc[-1] == "2023-12"
    assert (whole.p, whole.odds_ratio) == pytest.approx((found.p, found.odds_ratio))
    assert found.outside == whole.outside
    over = trend(kpi.csat, ratings(shares, as_of="2024-01-31"), period="2024-01", last=13)
    assert over.frame["used"].all()


def test_months_before_the_first_row_are_left_off_and_a_gap_within_stays() -> None:
    care = load({"responses": answers([5, 1, 4, 2] * 30, answered_at=[
        *(f"2026-0{month}-1{day % 10} 10:00" for month in (2, 3, 5, 6) for day in range(30))
    ])}, as_of="2026-06-30")  # fmt: skip
    found = trend(kpi.csat, care, last=24)
    assert found.frame["period"].tolist() == [f"2026-0{month}" for month in (2, 3, 4, 5, 6)]
    assert found.frame["used"].tolist() == [True, True, False, True, True]


def test_the_baseline_is_the_first_half_unless_it_is_told() -> None:
    shares = [*wobble(0.7, 12), *wobble(0.9, 12)]
    assert asked(shares).baseline == ("2023-01", "2023-12")
    assert asked(shares, baseline=6).baseline == ("2023-01", "2023-06")
    late = asked(shares, baseline="2024-01..2024-12")
    assert late.baseline == ("2024-01", "2024-12")
    assert late.frame["centre"].iloc[0] == pytest.approx(0.9, abs=0.02)
    assert set(late.outside) >= set(MONTHS[:12]) - {"2023-05"}


@pytest.mark.parametrize("baseline", [1, 25, "2020-01..2020-12", "2023-01"])
def test_a_baseline_of_too_few_periods_is_refused(baseline: int | str) -> None:
    with pytest.raises(CareError, match="baseline="):
        asked(wobble(0.7, 24), baseline=baseline)


def test_months_that_hang_together_are_said() -> None:
    slow = 0.7 + 0.1 * np.sin(np.arange(30) / 2.2)
    assert "alike" in asked(slow).caveats
    assert any("correlated beyond the trend (0." in warning for warning in asked(slow).warnings)


def test_a_figure_that_never_moves_has_nothing_to_test() -> None:
    found = asked([1.0] * 12)
    assert found.verdict == "cannot tell"
    assert "constant" in found.caveats
    assert found.outside == ()


def test_the_last_change_of_level_may_stop_the_verdict() -> None:
    shares = np.concatenate([np.full(12, 0.5), np.full(12, 0.9), np.full(5, 0.8)]) + wobble(0, 29) / 3
    found = asked(shares)
    assert found.changes[-1].after < found.changes[-1].before
    assert found.odds_ratio > 1
    assert (found.verdict, found.caveats[0]) == ("cannot tell", "against")


def test_quarters_and_years_are_series_too() -> None:
    quarters = trend(kpi.csat, ratings(wobble(0.7, 48)), every="quarter", last=16)
    assert quarters.seasonal
    years = trend(kpi.annual_loss, demo(), every="year", last=3)
    assert not years.seasonal
    assert "short" in years.caveats


def test_what_has_no_one_value_in_each_period_is_refused() -> None:
    care = ratings([0.5])
    with pytest.raises(CareError, match="leaving_reasons has no one value in each period"):
        trend(kpi.leaving_reasons, care)
    with pytest.raises(CareError, match="looks back 12 months, so its months overlap"):
        trend(kpi.annual_loss, care)
    with pytest.raises(CareError, match="every='day' is not known"):
        trend(kpi.csat, care, every="day")


@pytest.mark.parametrize("figure", [kpi.nps, kpi.mean_score.of(question="csat")])
def test_points_and_means_have_a_trend_too(figure: Any) -> None:
    shares = np.linspace(0.8, 0.5, 24) + np.random.default_rng(5).normal(0, 0.02, 24)
    scores: list[int] = []
    days: list[str] = []
    for month, share in zip(MONTHS, shares, strict=False):
        good = round(share * 200)
        scores += [5] * good + [1] * (200 - good)
        days += [f"{month}-15 10:00"] * 200
    rows = answers(scores, answered_at=days)
    if figure is kpi.nps:
        rows = rows.assign(question="nps", score=[10 if one == 5 else 0 for one in scores])
    found = trend(figure, load({"responses": rows}, as_of="2024-12-31"), period=MONTHS[23])
    assert (found.verdict, found.effect) == ("worse", "difference")
    # From 0.8 to 0.5 in 23 months: 0.1565 a year, of 200 points from end to end, or of 4 marks.
    wide = 200 if figure is kpi.nps else 4
    assert found.odds_ratio == pytest.approx(-0.1565 * wide, rel=0.1)
    assert found.low < -0.1565 * wide < found.high
    assert Trend.from_json(found.to_json()) == found


def test_durations_and_amounts_are_multiplied() -> None:
    found = trend(kpi.first_response_time, demo(), period="2026-10")
    assert (found.effect, found.verdict) == ("ratio", "better")
    assert [change.period for change in found.changes] == ["2026-06"]
    # The last twelve months brought 1.60 times as much as those before: 25.94 billion against 16.21.
    assert trend(kpi.invoiced, demo(), period="2026-10").odds_ratio == pytest.approx(1.60, abs=0.1)


@pytest.mark.parametrize("back", [6, 9, 12, 15])
def test_a_level_that_changed_exactly_a_year_back_is_found_as_any_other(back: int) -> None:
    for seed in range(8):
        shares = wobble(0.8, 24, seed=seed) - 0.12 * (np.arange(24) >= 24 - back)
        found = asked(shares)
        # Noise may take one month more or less with it.
        off = [abs(MONTHS.index(change.period) - (24 - back)) for change in found.changes]
        assert min(off, default=99) <= 1, (back, seed)


def test_what_is_missing_names_the_figure() -> None:
    with pytest.raises(Missing, match="retention_rate needs"):
        trend(kpi.retention_rate, ratings([0.5]))


def test_a_plain_frame_will_do() -> None:
    rows = people(("A", "2025-12-05", None), ("B", "2025-12-06", "2026-03-04"), ("C", "2026-07-01", None))
    assert trend(kpi.retention_rate, rows, period="2026-06").frame["n"].tolist() == [2, 2, 2, 1, 1, 1]


def test_a_trend_prints_whole() -> None:
    text = repr(trend(kpi.retention_rate, demo()))
    assert text.startswith("retention_rate, 2024-11 to 2026-10, 24 months: worse\n")
    assert "new level from 2026-03" in text
    assert text.count("2025-07") == 1
    assert "about 20 of 100 cases" in text


def test_a_trend_is_the_same_each_time() -> None:
    first, second = trend(kpi.csat, demo()), trend(kpi.csat, demo())
    assert first == second
    pd.testing.assert_frame_equal(first.frame, second.frame)


@pytest.mark.parametrize("shares", [[0.9] * 10, wobble(0.8, 24), [0.6] * 12 + [0.9] * 12, [0.8] * 3])
def test_a_trend_that_is_kept_is_the_same_trend(shares: Sequence[float]) -> None:
    found = asked(shares)
    text = found.to_json()
    again = Trend.from_json(text)
    assert again == found
    assert repr(again) == repr(found)
    assert again.to_json() == text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    pd.testing.assert_frame_equal(again.frame, found.frame)


def test_a_trend_of_other_figures_is_another_one() -> None:
    found = asked(wobble(0.8, 12))
    other = replace(found, frame=found.frame.assign(value=0.5))
    assert found != other
    assert len({found, Trend.from_json(found.to_json()), other}) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "Why"}', '{"kind": "Trend", "kpi": "csat"}'])
def test_what_is_no_trend_is_refused(text: str) -> None:
    with pytest.raises(CareError, match="no text that to_json of Trend wrote"):
        Trend.from_json(text)
