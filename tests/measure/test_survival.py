"""Kaplan-Meier against a published table and against statsmodels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from carestudy.measure.survival import kaplan_meier


def test_the_remission_times_give_the_published_curve(shared: Path) -> None:
    checks = json.loads((shared / "checks" / "published.json").read_text("utf-8"))["checks"]
    told = next(check for check in checks if check["id"] == "d01-km-logrank-gehan")["expected"]
    patients = pd.read_csv(shared / "checks" / "data" / "gehan.csv")
    treated = patients[patients["treat"] == "6-MP"]
    curve = kaplan_meier(treated["time"], treated["cens"] == 1).set_index("duration")["value"]
    assert [curve[6], curve[10], curve[23]] == pytest.approx([told["S6MP"], told["S6MP_10"], told["S6MP_23"]], abs=6e-5)


def test_late_entries_are_at_risk_only_from_then_on() -> None:
    draw = np.random.default_rng(4)
    entry = draw.integers(0, 20, 300).astype(float)
    duration = entry + draw.integers(1, 40, 300)
    ended = draw.random(300) < 0.6
    peer = SurvfuncRight(duration, ended.astype(int), entry=entry)
    mine = kaplan_meier(duration, ended, entry=entry)
    kept = np.isin(mine["duration"], peer.surv_times)
    assert mine.loc[kept, "value"].to_numpy() == pytest.approx(peer.surv_prob, abs=1e-12)


def test_alike_people_may_be_counted_once_with_their_number() -> None:
    one_by_one = kaplan_meier([1, 1, 2, 3, 3], [True, True, False, True, False])
    counted = kaplan_meier([1, 2, 3, 3], [True, False, True, False], weight=[2, 1, 1, 1])
    pd.testing.assert_frame_equal(one_by_one, counted)


def test_the_value_lies_inside_its_interval() -> None:
    curve = kaplan_meier([1, 2, 3, 4, 5, 6], [True, False, True, True, False, False])
    assert (curve["low"] < curve["value"]).all()
    assert (curve["value"] < curve["high"]).all()
