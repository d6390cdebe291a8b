"""A survival curve says how long, how sure, how many stand behind it, and what it leaves out."""

from __future__ import annotations

import base64
import re

import pandas as pd
import pytest

from carestudy import kpi, load
from carestudy.measure.survival import LogRank, log_rank
from carestudy.show.labels import card
from carestudy.show.output import Output
from carestudy.show.survival import survival
from carestudy.show.words import Reader
from carestudy.survival import curve

HOSTILE = "<b id=live> {0} $x_{$"


def cases(team: str, hours: list[int], still: int = 0) -> pd.DataFrame:
    opened = pd.Timestamp("2026-10-05 08:00")
    ends = [opened + pd.Timedelta(hours=one) for one in hours] + [None] * still
    return pd.DataFrame({"opened_at": opened, "resolved_at": ends, "team": team})


def drawn(lang: str, *groups: pd.DataFrame, test: LogRank | None = None) -> Output:
    care = load({"contacts": pd.concat(groups)}, as_of="2026-10-31")
    found = curve(care, kpi.resolution_time, by="team" if len(groups) > 1 else None)
    return survival(Reader(lang), card(kpi.resolution_time), found, test)


def plain(output: Output) -> str:
    return output.text.replace("\xa0", " ")


def test_it_says_how_long_half_take_and_how_many_are_open() -> None:
    text = plain(drawn("en", cases("A", list(range(1, 21)), still=1)))
    assert "Half of the cases take 11.0 hours or less (95% interval 6.0 to 15.0 hours; 21 cases, 1 still" in text
    assert "Open cases count for the time they have waited" in text


def test_where_most_are_open_it_says_so() -> None:
    text = plain(drawn("en", cases("A", [1, 2], still=9)))
    assert "Fewer than half of the 11 cases have ended; 9 are still open." in text


@pytest.mark.parametrize(("shift", "told"), [(0, "too small to call"), (40, "differ clearly")])
def test_groups_differ_or_nobody_can_tell(shift: int, told: str) -> None:
    hours = list(range(1, 31))
    other = [hour + shift for hour in hours]
    test = log_rank(hours + other, [True] * 60, ["A"] * 30 + ["B"] * 30)
    assert told in plain(drawn("en", cases("A", hours), cases("B", other), test=test))


def test_more_groups_than_can_be_told_apart_are_a_table() -> None:
    output = drawn("en", *[cases(name, [1, 2, 3]) for name in "ABCDE"])
    assert "<img" not in str(output.html)
    assert "5" in output.text


def test_names_of_groups_are_only_data() -> None:
    output = drawn("vi", cases(HOSTILE, list(range(1, 15))), cases("B", list(range(1, 15))))
    assert "<b id=live" not in str(output.html)


def _png(output: Output) -> bytes:
    return base64.b64decode(re.findall(r'base64,([^"]*)"', str(output.html))[0])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_its_picture_is_small(lang: str) -> None:
    hours = [1 + (k * 37) % 100 for k in range(300)]
    assert len(_png(drawn(lang, cases("A", hours)))) < 10_000


def test_tenure_is_told_in_years() -> None:
    rows = pd.DataFrame({"customer_id": [f"K{k}" for k in range(40)], "joined_on": "2024-01-05", "left_on": None})
    rows.loc[:9, "left_on"] = "2024-06-05"
    rows.loc[39, "left_on"] = "2026-05-30"
    text = plain(survival(Reader("vi"), card(kpi.tenure), curve({"customers": rows})))
    assert "75,0% gắn bó ít nhất 1 năm (khoảng tin cậy 95%: 58,5% đến 85,7%; 30 khách còn theo dõi)" in text
