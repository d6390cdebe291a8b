"""What a page says in one place it does not take back in another."""

from __future__ import annotations

import pandas as pd
from frames import figure, show

from carestudy.kpi import csat
from carestudy.show.value.ahead import _rounded


def _channels(**satisfied: tuple[int, int]) -> pd.DataFrame:
    rows = []
    for channel, (happy, n) in satisfied.items():
        value, width = happy / n, 1 / n**0.5
        row = figure(value, kpi=csat.id, n=n, numerator=happy, denominator=n, low=value - width, high=value + width)
        rows.append({"channel": channel, **row})
    return pd.DataFrame(rows)


def test_an_ordinary_group_is_not_called_better_because_another_one_is_far_below() -> None:
    frame = _channels(bot=(525, 1000), shop=(322, 400), phone=(3180, 4000), chat=(320, 400), mail=(324, 400))
    title = show("en").bars(frame).text.splitlines()[0]
    assert title == "CSAT by channel. bot worse than the overall level"


def test_two_groups_that_are_both_far_off_are_both_named() -> None:
    frame = _channels(bot=(500, 1000), desk=(960, 1000), phone=(3180, 4000), chat=(320, 400), mail=(324, 400))
    title = show("en").bars(frame).text.splitlines()[0]
    assert title == "CSAT by channel. bot worse than the overall level; desk better than the overall level"


def test_a_forecast_has_three_digits() -> None:
    frame = pd.DataFrame({"value": [6_578_751.2], "low": [127.77], "high": [float("nan")], "customers": [3537]})
    rounded = _rounded(frame)
    assert rounded[["value", "low"]].iloc[0].tolist() == [6_580_000.0, 128.0]
    assert rounded["high"].isna().all()
    assert rounded["customers"].tolist() == [3537]
