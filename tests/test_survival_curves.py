"""Curves of a company's own data, their comparison, and the projection of renewals."""

from __future__ import annotations

import pandas as pd
import pytest
from companies import demo

from carestudy import kpi, survival
from carestudy.contract import CareError


def test_a_curve_tells_the_same_as_the_figure() -> None:
    curve = survival.curve(demo())
    year = curve[curve["duration"] == 365].iloc[0]
    before = curve[curve["duration"] < 365].iloc[-1]
    figure = kpi.tenure(demo()).iloc[0]
    assert (before["value"], year["at_risk"]) == (figure["value"], figure["numerator"])
    half = survival.quantile(survival.curve(demo(), kpi.resolution_time))
    assert half[0] == kpi.resolution_time(demo())["value"].item()


def test_a_curve_of_groups_begins_at_one_and_ends_with_the_longest() -> None:
    curve = survival.curve(demo(), kpi.resolution_time, by="team", period="2026-10")
    for _, rows in curve.groupby("team", dropna=False):
        assert rows["duration"].is_monotonic_increasing
        assert (rows["value"].iloc[0], rows["ended"].iloc[-1]) == (1.0, 0.0)
        assert rows["at_risk"].is_monotonic_decreasing
    assert set(curve["unit"]) == {"hours"}


def test_groups_are_compared_by_the_log_rank_test_on_their_rows() -> None:
    found = survival.compare(demo(), kpi.resolution_time, by="channel")
    rows = demo().table("contacts").to_pyarrow().to_pandas()
    end = pd.Timestamp("2026-11-01")
    ended = rows["resolved_at"] <= end
    lasted = ((rows["resolved_at"].where(ended, end) - rows["opened_at"]).dt.total_seconds() + 30) // 60
    peer = survival.log_rank(lasted, ended, rows["channel"])
    assert (found.chi_square, found.freedom) == (pytest.approx(peer.chi_square), peer.freedom)
    assert found.groups["n"].tolist() == peer.groups["n"].tolist()


def test_only_durations_have_a_curve() -> None:
    for figure in (kpi.nps, kpi.tenure_share):
        with pytest.raises(CareError, match="ask for tenure"):
            survival.curve(demo(), figure)


def test_renewals_that_never_fall_or_that_rise_are_refused() -> None:
    for survivors in ([100, 100, 100], [100, 50, 60], [100, 50]):
        with pytest.raises(CareError, match="never rise"):
            survival.shifted_beta_geometric(survivors)
