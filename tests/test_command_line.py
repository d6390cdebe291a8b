"""The command as a scheduler runs it: one line when it fails, the last good report always, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import SEEN, Place, running, wait
from tiny import tiny_notebook

from carestudy.__main__ import main

pytestmark = pytest.mark.slow

LOADED = "import carestudy\nprint(carestudy.load(data).as_of)"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.of_three_customers(tmp_path)


@pytest.fixture
def published(place: Place) -> Place:
    """A place with a good report of an earlier run."""
    (place.out / "2026-09").mkdir(parents=True)
    for name in ("care.vi.html", "care.en.html", "care.figures.json"):
        (place.out / "2026-09" / name).write_bytes(b"the last good report")
    return place


def test_a_report_is_published_with_its_paths_on_stdout_and_progress_on_stderr(place: Place) -> None:
    place.notebook(SEEN, LOADED)
    result = place.run(lang="both", umask=0)
    assert result.returncode == 0, result.stderr
    folder = place.out / "2026-09"
    assert result.stdout.split("\n") == [
        *(str(folder / f"care.{end}") for end in ("vi.html", "en.html", "figures.json")),
        "",
    ]
    assert sorted(place.files()) == ["care.en.html", "care.figures.json", "care.vi.html"]
    assert "[vi] 4/4 Phần 2" in result.stderr.split("\n")
    assert "[en] 4/4 Part 2" in result.stderr.split("\n")
    assert str(place.folder) not in result.stderr
    # Nobody else can read a report, whatever the umask.
    assert [path for path in (place.out, *place.out.rglob("*")) if path.stat().st_mode & 0o027] == []


def test_the_same_order_gives_the_same_bytes_anywhere(place: Place) -> None:
    kinds = []
    bare = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    settings: list[dict[str, str]] = [
        {
            "TZ": "America/New_York",
            "LANG": "vi_VN.UTF-8",
            "PYTHONHASHSEED": "3",
            "COLUMNS": "40",
            "HOME": str(place.folder),
        },
        {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "random"},
    ]
    for number, environment in enumerate(settings):
        # The second as cron runs it: hardly an environment, and the root of the file system to work in.
        result = place.run(lang="both", env=bare | environment, cwd="/" if number else None)
        assert result.returncode == 0, result.stderr
        kinds.append(place.files())
    assert kinds[0] == kinds[1]


def test_a_fault_of_the_data_is_one_line_and_starts_no_kernel(published: Place) -> None:
    before = published.files()
    for file in (published.folder / "data").iterdir():
        file.unlink()
    result = published.run()
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("carestudy: ")
    assert result.stderr.count("\n") == 1
    assert published.files() == before


@pytest.mark.parametrize(
    ("period", "code", "reason"),
    [("2027-01", 4, "the data do not reach 2027-01"), ("2019-01", 6, "the data have no row in 2019-01")],
)
def test_a_period_without_data_is_one_line_with_a_code_of_its_own(
    place: Place, capsys: pytest.CaptureFixture[str], period: str, code: int, reason: str
) -> None:
    assert main(place.command("--period", period)[3:]) == code
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert not place.out.exists()


def test_a_period_whose_data_are_late_is_not_published_unless_asked_for(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_notebook(place.folder / "care.ipynb", SEEN, parameters='data = "x"\nperiod = "x"\nlang = "vi"\nas_of = None')
    late = place.command("--period", "2026-09", "--as-of", "2026-09-20", "--log", str(place.folder / "log"))[3:]
    assert main(late) == 4
    said = capsys.readouterr().err
    assert "2026-09 is not complete: the data are known up to 2026-09-21 00:00. Nothing was published" in said
    assert not place.out.exists()
    assert "ERROR care.ipynb 2026-09: 2026-09 is not complete" in (place.folder / "log").read_text("utf-8")
    assert main([*late, "--unfinished"]) == 0
    assert "báo cáo này là bản tạm" in place.files()["care.vi.html"].decode()


def test_a_large_page_appears_all_the_same_and_whoever_made_it_is_told(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.notebook(SEEN, "print('đội ' * 70_000)")
    assert main(place.command("--period", "2026-09")[3:]) == 0
    told = capsys.readouterr().err.splitlines()[-1]
    assert re.fullmatch(r"carestudy: care.vi.html has 4\d\d kB, more than the 300 kB .*: it could show fewer .*", told)
    assert "đội đội" in place.files()["care.vi.html"].decode()


def test_missed_periods_are_caught_up_and_several_notebooks_run_together(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.out / "2026-07").mkdir(parents=True)
    (place.out / "2026-07" / "care.figures.json").write_text("{}")
    tiny_notebook(place.folder / "other.ipynb", "raise ValueError('An 0912345678')")
    command = place.command("--catch-up")[3:]
    assert main([*command[:2], str(place.folder / "other.ipynb"), *command[2:]]) == 1
    said = capsys.readouterr().err
    assert "2/2 other.ipynb: 'Phần 1' failed with ValueError" in said
    assert "0912345678" not in said
    for period in ("2026-08", "2026-09"):
        assert {"care.vi.html", "other.vi.failed.html"} <= {file.name for file in (place.out / period).iterdir()}


def test_rows_set_aside_are_listed_beside_the_report_until_they_are_mended(place: Place) -> None:
    answers = place.folder / "data" / "responses.csv"
    good = answers.read_text("utf-8")
    answers.write_text(good + "R4,Nguyễn Văn A,2026-09-31T08:00:00,7,nps\n", "utf-8")
    assert place.run().returncode == 0
    told = place.files()["care.set_aside.csv"].decode("utf-8-sig")
    assert told.startswith("table,source,line,column,reason\nresponses,responses.csv,5,answered_at,")
    assert "Nguyễn" not in told
    answers.write_text(good, "utf-8")
    assert place.run().returncode == 0
    assert "care.set_aside.csv" not in place.files()


def test_a_failing_cell_is_one_line_without_data_and_leaves_the_last_good_report(published: Place) -> None:
    before = published.files()
    published.notebook(SEEN, "raise ValueError('An 0912345678')")
    result = published.run()
    page = published.out / "2026-09" / "care.vi.failed.html"
    last = result.stderr.rstrip("\n").split("\n")[-1]
    assert result.returncode == 1
    assert last == f"carestudy: care.ipynb: 'Phần 2' failed with ValueError. What there is of it: {page}"
    assert "Traceback" not in result.stderr
    assert "0912345678" not in result.stderr
    assert published.files() == before | {page.name: page.read_bytes()}


@pytest.mark.parametrize("moment", ["in a new kernel", "in a cell"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
def test_a_run_that_is_stopped_leaves_the_last_good_report_and_no_process(
    published: Place, moment: str, number: signal.Signals
) -> None:
    before = published.files()
    published.notebook("import time; time.sleep(600)")
    with running(published) as process:
        assert process.stderr is not None
        if moment == "in a new kernel":
            wait(lambda: len(published.kernels()) > 1)  # what loads the data, and its first copy
        else:
            assert any("3/3" in line for line in process.stderr)
        process.send_signal(number)
        code, said = process.wait(120), process.stderr.read()
    wait(lambda: not published.kernels())
    if number == signal.SIGTERM:
        assert code == 1
        assert said.endswith("carestudy: stopped; the last good report is still in its place\n")
        assert published.files() == before
    else:
        assert {name: content for name, content in published.files().items() if name in before} == before
        published.notebook(SEEN)
        assert published.run(lang="both").returncode == 0
        # The figures of the earlier report here are no figures: that they were not compared is stated.
        assert sorted(published.files()) == sorted([*before, "care.restated.json"])


def test_a_run_that_is_stopped_before_it_began_says_so(published: Place) -> None:
    before = published.files()
    with running(published) as process:
        # As soon as the command can be stopped in good order, it says nothing yet: it is reading the data.
        wait(lambda: int(_status(process.pid)["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 1
    assert published.files() == before


def test_a_stop_that_a_library_caught_is_requested_again(tmp_path: Path) -> None:
    code = """import signal, sys, time
from carestudy import __main__ as cli
def command(_):
    try:
        signal.raise_signal(signal.SIGTERM)
    except BaseException:
        pass
    try:
        time.sleep(600)
    finally:
        time.sleep(5)  # what ends a command in order is not interrupted by the request that repeats
        print("in order")
cli._doctor = command
sys.exit(cli.main(["doctor"]))"""
    (tmp_path / "stopped.py").write_text(code, "utf-8")
    command = [sys.executable, "-m", "stopped"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "in order\n", 1)


def test_a_run_that_is_stopped_while_a_class_is_made_ends_as_any_other(tmp_path: Path) -> None:
    code = """import sys
from carestudy import __main__ as cli
cli._doctor = lambda asked: exec("import signal; signal.raise_signal(signal.SIGTERM)")
sys.exit(cli.main(["doctor"]))"""
    (tmp_path / "stopped.py").write_text(code, "utf-8")
    command = [sys.executable, "-m", "stopped"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_two_runs_of_one_period_do_not_mix(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GO", str(place.folder / "go"))
    place.notebook("import time, os\nwhile not os.path.exists(os.environ['GO']): time.sleep(0.05)", SEEN)
    with running(place, lang="vi") as first:
        assert first.stderr is not None
        assert any("3/4" in line for line in first.stderr)
        refused = place.run("--wait", "0")
        with running(place, lang="en") as second:
            time.sleep(2)  # by now it waits, or is still being imported: both end alike
            (place.folder / "go").touch()
            assert first.wait(120) == 0
            assert second.wait(120) == 0
    assert refused.returncode == 1
    assert refused.stderr == "carestudy: another run is writing 2026-09: run again when it is over, or stop it\n"
    assert sorted(place.files()) == ["care.en.html", "care.figures.json", "care.vi.html"]


def test_a_full_disk_is_one_line_and_leaves_the_last_good_report(published: Place) -> None:
    before = published.files()
    # As little may be written as a full disk has left: enough for the kernel's own files, not for a page.
    limited = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", *published.command()]
    result = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=180)
    assert result.returncode == 1
    assert "File too large" in result.stderr.split("\n")[-2]
    assert published.files() == before


def test_a_folder_that_cannot_be_written_is_one_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.out.write_text("a file where a folder should be")
    assert main(place.command()[3:]) == 1
    said = capsys.readouterr().err
    assert said.startswith("carestudy: ")
    assert said.count("\n") == 1


def test_a_command_that_is_not_understood_is_a_fault_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        [],
        ["report"],
        ["nothing"],
        ["report", "x.ipynb", "--data", "d", "--period", "p", "--out", "o", "--lang", "fr"],
    ):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 2
    assert "usage: carestudy" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("carestudy 0.")


def test_an_unknown_folder_or_period_is_one_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["report", str(place.folder / "care.ipynb"), "--period", "last-month", "--out", str(place.out)]
    assert main([*given, "--data", str(place.folder / "nowhere")]) == 1
    assert main([*given, "--data", str(place.folder / "data"), "--period", "autumn"]) == 1
    first, second, rest = capsys.readouterr().err.split("\n")
    assert first.startswith("carestudy: ")
    assert second.startswith("carestudy: 'autumn' is no period")
    assert rest == ""
    assert not place.out.exists()


def test_a_late_export_publishes_no_older_month_again(published: Place) -> None:
    """The run of today asks for the month before today; the data of this company end in September 2026."""
    before = published.files()
    result = published.run("--period", "last-month", "--log", str(published.folder / "run.log"))
    logged = (published.folder / "run.log").read_text("utf-8")
    if result.returncode == 0:  # only where today is in October 2026
        assert "last-month (2026-09): published" in logged
    else:
        assert result.returncode == 4
        assert "Nothing was published" in result.stderr
        assert "ERROR care.ipynb last-month (20" in logged
    assert sorted(published.files()) == sorted(before)


def test_the_demo_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--customers", "50", "--seed", "3", "--out", str(tmp_path / "demo")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'demo'}\n"
    assert (tmp_path / "demo" / "care.toml").is_file()
