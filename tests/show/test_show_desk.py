"""Heat tables of the week: the busiest hour with its interval, staffed hours, and the agents a promise takes."""

from __future__ import annotations

import base64
import re
from typing import Any

import pandas as pd
import pytest

from carestudy.contract import CareError
from carestudy.desk.staffed_hours import WEEKDAYS
from carestudy.show import desk
from carestudy.show.output import MIME, Output
from carestudy.show.words import Reader


def week(**given: Any) -> pd.DataFrame:
    """A week with 8.8 contacts on Mondays from ten, one on other days from nine, and none at night."""
    rows = []
    for day in WEEKDAYS:
        for hour in range(24):
            value = 8.8 if (day, hour) == ("mon", 10) else 1.0 if hour == 9 else 0.0
            rows.append(
                {"period": "2026-10", "weekday": day, "hour": hour, "value": value, "low": value * 0.9}
                | {"high": value + 1, "n": 4, "contacts": int(4 * value), "share": value / 15.8, "staffed": 1.0} | given
            )  # fmt: skip
    return pd.DataFrame(rows)


def covered() -> pd.DataFrame:
    row = {"period": "2026-10", "kpi": "inside_hours", "value": 0.737, "low": 0.731, "high": 0.743, "n": 21037}
    return pd.DataFrame([row])


def roster(**given: Any) -> pd.DataFrame:
    promise = {"promise": 0.8, "within_seconds": 20.0, "handling_minutes": 6.0, "weeks": 0.8}
    agents = {"agents": 3, "with_shrinkage": 5, "service_level": 0.85, "occupancy": 0.4}
    frame = week(n=52).drop(columns=["contacts", "share", "staffed"]).assign(**promise, **agents)
    none = frame["value"] == 0
    frame.loc[none, ["agents", "with_shrinkage"]] = 0
    frame.loc[frame["value"] == 1, ["agents", "with_shrinkage"]] = (1, 2)
    return frame.assign(**given)


def html(output: Output) -> str:
    return str(output._repr_mimebundle_()["text/html"]).replace("\xa0", " ")


def text(output: Output) -> str:
    return output.text.replace("\xa0", " ")


def test_the_busiest_hour_is_told_with_its_interval_and_its_weeks() -> None:
    said = text(desk.load(Reader("en"), week(), covered()))
    assert (
        "The busiest hour is on Monday from 10:00 to 11:00: 8.8 contacts a week (95% interval 7.9 to 9.8; n = 4 "
        "weeks)." in said
    )
    assert (
        "73.7% of the contacts come in staffed hours (95% interval 73.1% to 74.3%; n = 21,037), 26.3% outside them."
        in said
    )


def test_every_hour_with_contacts_is_a_line_and_every_day_a_column() -> None:
    lines = text(desk.load(Reader("en"), week())).splitlines()
    assert "Hour\tMonday\tTuesday\tWednesday\tThursday\tFriday\tSaturday\tSunday" in lines
    assert [line.split("\t")[0] for line in lines if re.match(r"\d+:00\t", line)] == ["9:00", "10:00"]
    assert "8.8 7.9 to 9.8" in lines[-1]


def test_hours_without_coverage_or_interval_are_said_without() -> None:
    bare = week(low=float("nan"), high=float("nan"), n=1)
    said = text(desk.load(Reader("en"), bare))
    assert "8.8 contacts a week (n = 1 weeks)." in said
    assert "staffed hours" not in said
    assert "nan" not in html(desk.load(Reader("en"), bare))


def test_a_week_without_contacts_can_be_shown() -> None:
    assert "0.0 contacts a week" in text(desk.load(Reader("en"), week(value=0.0, low=0.0, high=0.9)))


def test_the_staffing_tells_the_peak_the_week_and_the_promise() -> None:
    said = text(desk.staffing(Reader("en"), roster()))
    assert "Most agents are needed on Monday from 10:00 to 11:00: 3 at work (5 rostered) for 9 contacts." in said
    assert "A week takes 10 agent hours at work, 19 rostered." in said
    assert "Target assumed: 80.0% answered within 20 seconds, met in 80.0% of the 52 weeks" in said


def test_one_heat_table_shows_one_group() -> None:
    with pytest.raises(CareError, match="shows one group, and this frame has several by channel"):
        desk.load(Reader("en"), week().assign(channel="phone"))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", ["load", "staffing"])
def test_a_heat_table_is_small_has_an_alt_text_and_the_same_bytes_each_time(lang: str, kind: str) -> None:
    first, second = (
        desk.load(Reader(lang), week()) if kind == "load" else desk.staffing(Reader(lang), roster()) for _ in range(2)
    )
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]*)"', html(first))
    assert len(base64.b64decode(picture)) < 10_000
    assert html(first) == html(second)
    assert re.search(r'alt="[^"]{40,}"', html(first))


def test_the_figures_go_with_the_table() -> None:
    found = desk.load(Reader("vi"), week())._repr_mimebundle_()[MIME]["figures"]
    assert len(found) == 168
    assert found[10] == {
        "kpi": "desk_load", "by": {"weekday": "mon", "hour": 10}, "period": "2026-10", "value": 8.8, "low": 7.92,
        "high": 9.8, "numerator": None, "denominator": None, "n": 4.0, "unit": "number",
    }  # fmt: skip
