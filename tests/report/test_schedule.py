"""What is shown to be scheduled runs as it stands, with spaces, accents and percent signs in its paths."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from tiny import PARAMETERS, showing, tiny_data, tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.periods import months_later
from carestudy.report.schedule import Schedule, install_cron

WORDS = ("/opt/py thon", "-m", "carestudy", "/data/Báo cáo 50%/a b.ipynb", "it's", '"x"', "$HOME\\n")


def _schedule(every: str = "month", at: str = "02 06:00") -> Schedule:
    return Schedule.of("care-month", WORDS, every, at)


def _as_cron_runs(line: str, fields: int = 5) -> str:
    """What cron hands to the shell: the rest of the line up to a bare percent sign, escaped ones taken as they are."""
    command = line.split(" ", fields)[fields]
    return command.replace(r"\%", "\0").partition("%")[0].replace("\0", "%")


@pytest.mark.parametrize(
    ("every", "at", "start"),
    [
        ("month", "02 06:00", "0 6 2 * * "), ("quarter", "05 6:30", "30 6 5 1,4,7,10 * "),
        ("year", "15 23:59", "59 23 15 1 * "),
        ("week", "Mon 06:00", "0 6 * * mon "), ("week", "06:05", "5 6 * * mon "), ("month", "06:05", "5 6 1 * * "),
    ],
)  # fmt: skip
def test_a_line_of_cron_says_when_and_keeps_every_word(every: str, at: str, start: str) -> None:
    line = _schedule(every, at).cron()
    assert line.startswith(start)
    assert shlex.split(_as_cron_runs(line)) == list(WORDS)


@pytest.mark.parametrize(
    ("every", "at"), [("month", "31 06:00"), ("month", "0 06:00"), ("month", "mon 06:00"), ("month", "2 24:00"),
                      ("week", "2 06:00"), ("month", "soon"), ("month", "2 06:60"), ("week", "xyz 06:00")]
)  # fmt: skip
def test_a_time_that_does_not_come_every_time_is_refused(every: str, at: str) -> None:
    with pytest.raises(CareError, match="is no time for every"):
        _schedule(every, at)


def test_a_word_with_a_line_break_is_refused() -> None:
    with pytest.raises(CareError, match="control signs"):
        Schedule.of("x", ("a\nrm",), "month", "02 06:00")


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_systemd_takes_its_units(every: str, tmp_path: Path) -> None:
    plan = Schedule.of("care", (sys.executable, *WORDS[1:]), every, "mon 06:00" if every == "week" else "02 06:00")
    for name, text in plan.systemd().items():
        (tmp_path / name).write_text(text, "utf-8")
    assert "Persistent=true" in (tmp_path / "carestudy-care.timer").read_text("utf-8")
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on the path (Debian: apt install systemd)")
    seen = subprocess.run(["systemd-analyze", "calendar", plan.calendar()], capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    files = [str(tmp_path / "carestudy-care.service"), str(tmp_path / "carestudy-care.timer")]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert "carestudy-care" not in checked.stderr


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_the_task_of_windows_is_xml_that_runs_the_same_words(every: str) -> None:
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    plan = _schedule(every, "mon 06:00" if every == "week" else "02 06:00")
    task = ElementTree.fromstring(plan.windows().partition("?>")[2])  # noqa: S314 - made here
    assert task.findtext(f".//{space}Command") == WORDS[0]
    assert task.findtext(f".//{space}Arguments") == subprocess.list2cmdline(WORDS[1:])
    assert task.findtext(f".//{space}StartWhenAvailable") == "true"
    assert task.find(f".//{space}ScheduleBy{'Week' if every == 'week' else 'Month'}") is not None


def _with_crontab(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crontab program that keeps its table in a file."""
    table = folder / "table"
    program = folder / "bin" / "crontab"
    program.parent.mkdir()
    lines = ["#!/bin/sh", f'if [ "$1" = -l ]; then cat "{table}"; else cat > "{table}"; fi', ""]
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return table


def test_a_line_is_installed_once_and_leaves_those_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = _with_crontab(tmp_path, monkeypatch)
    table.write_text("MAILTO=an@example.vn\n0 1 * * * backup\n")
    install_cron(_schedule())
    install_cron(_schedule(at="03 07:00"))
    lines = table.read_text("utf-8").splitlines()
    assert lines[:2] == ["MAILTO=an@example.vn", "0 1 * * * backup"]
    assert lines[2:] == ["# carestudy: care-month", _schedule(at="03 07:00").cron()]


def _last_month() -> date:
    """The first day of the month before today where the company is, as the scheduled command sees it."""
    return months_later(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date(), -1)


@pytest.mark.slow
def test_what_is_shown_runs_as_cron_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = _with_crontab(tmp_path, monkeypatch)
    folder = tmp_path / "Báo cáo 50% 'tháng'"
    month = _last_month()
    tiny_data(folder / "data", month)
    tiny_notebook(folder / "care.ipynb", "print(period)")
    given = ["schedule", str(folder / "care.ipynb"), "--data", str(folder / "data"), "--out", str(folder / "out")]
    assert main([*given, "--lang", "vi", "--log", str(folder / "run.log"), "--cron"]) == 0
    shown = capsys.readouterr()
    assert "not installed" in shown.err
    assert not table.exists()
    bare = ["env", "-i", "LC_ALL=C", "/bin/sh", "-c", _as_cron_runs(shown.out.rstrip("\n"))]
    ran = subprocess.run(bare, cwd="/", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert (folder / "out" / f"{month:%Y-%m}" / "care.vi.html").is_file()
    assert (folder / "run.log").read_text("utf-8").endswith(f"INFO care.ipynb last-month ({month:%Y-%m}): published\n")


@pytest.mark.slow
def test_several_notebooks_for_each_group_run_as_cron_runs_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    month = _last_month()
    data = tiny_data(tmp_path / "data", month)
    people = [f"A{number},2026-01-05,{'Bắc' if number % 2 else 'Nam'}" for number in range(1, 13)]
    (data / "customers.csv").write_text("\n".join(["customer_id,joined_on,team", *people, ""]), "utf-8")
    code = f"import carestudy as cs\ncs.load(data, only=only)\n{showing()}"
    books = [tiny_notebook(tmp_path / f"{name}.ipynb", code, parameters=f"{PARAMETERS}\nonly = None") for name in "ab"]
    given = ["schedule", *map(str, books), "--data", str(data), "--out", str(tmp_path / "out"), "--lang", "vi"]
    assert main([*given, "--each", "team", "--cron"]) == 0
    line = capsys.readouterr().out.rstrip("\n")
    bare = ["env", "-i", "LC_ALL=C", "/bin/sh", "-c", _as_cron_runs(line)]
    ran = subprocess.run(bare, cwd="/", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    for name in "ab":
        made = tmp_path / "out" / f"{month:%Y-%m}" / f"{name}.each-team"
        pages = sorted(path.name for path in made.glob("*.html"))
        assert pages == ["01-bac.vi.html", "02-nam.vi.html", "all.vi.html", "index.vi.html"]
