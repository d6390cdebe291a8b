"""What to do about a finding: the package's plays, and the company's own in their place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carestudy.contract import CareError
from carestudy.findings import due
from carestudy.findings.candidate import Candidate, Change
from carestudy.findings.context import Context
from carestudy.findings.plays import own, play, shipped
from carestudy.load import load

CHAT = Candidate("channels", "apart", "nps", 0.001, Change(30, 10, -25, -15), groups=(("channel", "Chat"),))
TEAM = Candidate("teams", "apart", "csat", 0.001, Change(0.8, 0.6, -0.3, -0.1), groups=(("team", "A"),))
CUSTOMERS = "customer_id,joined_on\nA,2025-01-05\nB,2025-02-05\n"


def company(folder: Path, said: str, plays: str = "") -> Path:
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "care.toml").write_text(f'as_of = "2026-10-31"\n{said}', encoding="utf-8")
    if plays:
        (folder / "plays.toml").write_text(plays, encoding="utf-8")
    return folder


def test_every_play_says_what_to_do_in_both_languages() -> None:
    assert {"ownership", "level", "drift", "apart", "mix", "goal", "backlog"} <= set(shipped())
    assert all(one.vi and one.en and one.vi != one.en for one in shipped().values())


def test_the_play_is_that_of_the_group_the_figure_the_dimension_or_the_kind() -> None:
    assert play(CHAT, shipped()) == shipped()["apart.channel"]
    assert play(TEAM, shipped()) == shipped()["apart.team"]
    mine = own({"apart.channel=Chat": {"vi": "Tắt chatbot", "en": "Switch it off"}})
    found = play(CHAT, {**shipped(), **mine})
    assert found is not None
    assert found.en == "Switch it off"


def test_a_companys_own_file_beside_care_toml_takes_the_place_of_entries(tmp_path: Path) -> None:
    plays = '["apart.team"]\nvi = "Gặp đội"\nen = "Meet the team"\naudience = "survey"\n'
    care = load(company(tmp_path, '[findings]\nplays = "plays.toml"\n', plays))
    assert isinstance(care.settings.plays, str)
    found = play(TEAM, {**shipped(), **own(care.settings.plays)})
    assert found is not None
    assert (found.en, found.audience) == ("Meet the team", "survey")
    assert play(CHAT, {**shipped(), **own(care.settings.plays)}) == shipped()["apart.channel"]


@pytest.mark.parametrize(
    ("plays", "problem"),
    [
        ('[level]\nvi = "Làm"\n', r"plays.toml \[level\]: a play has vi"),
        ('[level]\nvi = "Làm"\nen = "Do"\nwho = "An"\n', r"plays.toml \[level\]: a play has vi"),
        ("[level\n", "plays.toml cannot be read"),
    ],
)
def test_a_play_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path, plays: str, problem: str) -> None:
    with pytest.raises(CareError, match=problem):
        load(company(tmp_path, '[findings]\nplays = "plays.toml"\n', plays))


def test_plays_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"plays\.toml cannot be read"):
        load(company(tmp_path, '[findings]\nplays = "plays.toml"\n'))


@pytest.mark.parametrize(
    ("said", "period", "day"),
    [
        ("", "2026-09", date(2026, 10, 31)),
        ("", "2026-Q3", date(2026, 12, 31)),
        ("[findings]\ndue_days = 14\n", "2026-09", date(2026, 10, 14)),
    ],
)
def test_the_due_day_is_that_of_the_next_report_or_so_many_days(
    tmp_path: Path, said: str, period: str, day: date
) -> None:
    assert due(Context.of(load(company(tmp_path, said)), period)) == day


@pytest.mark.parametrize("days", ["0", "true", '"soon"', "1000"])
def test_a_due_day_that_makes_no_sense_is_refused(tmp_path: Path, days: str) -> None:
    with pytest.raises(CareError, match="due_days is a whole number of days"):
        load(company(tmp_path, f"[findings]\ndue_days = {days}\n"))
