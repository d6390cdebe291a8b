"""What a machine does to a run: a full or locked disk, a killed kernel, two runs of all groups, data that change."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from places import SEEN, Place, running, wait
from tiny import tiny_data, tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.load import load
from carestudy.report.publish import NotSent
from carestudy.report.report_list import rebuild
from carestudy.report.run import Order, ReportFailed, publish_report

PARAMETERS = 'data = "x"\nperiod = "2026-09"\nlang = "vi"\nas_of = None\nonly = None'
LOADED = "import carestudy as cs\ncare = cs.load(data, as_of=as_of, only=only)"
COVER = "show = cs.Show(care, period=period, lang=lang)\nshow.cover()"
WAITING = "import time, os\nwhile not os.path.exists(os.environ['GO']): time.sleep(0.05)"
OLD = b"the last good report"
# A disk of its own for the reports, and one for temporary files, as full as can be; what stands there is told at last.
CRAMPED = """
mount -t tmpfs -o size="$SIZE",mode=700 none "$OUT" && mount -t tmpfs -o size=4k,mode=700 none "$TMPDIR" || exit 77
mkdir "$OUT/2026-09"; printf 'the last good report' > "$OUT/2026-09/care.vi.html"
printf x > "$TMPDIR/full"
if [ "$LOCKED" ]; then mount -o remount,ro none "$OUT"; fi
"$@"; code=$?
cd "$OUT" && find . -type f | sort >&2 && cat 2026-09/care.vi.html >&2
exit $code
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.of_three_customers(tmp_path)


def _cramped(place: Place, disk: str) -> subprocess.CompletedProcess[str]:
    """The command on a full or locked disk, as anybody may make one: it is seen by this run only."""
    given = {"SIZE": "8k" if disk == "full" else "1m", "LOCKED": "yes" if disk == "locked" else ""}
    given |= {"OUT": str(place.out), "TMPDIR": str(place.folder / "tmp")}
    for folder in (place.out, place.folder / "tmp"):
        folder.mkdir()
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", CRAMPED, "sh", *place.command()]
    return subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.slow
@pytest.mark.parametrize(("disk", "reason"), [("full", "No space left on device"), ("locked", "Read-only file system")])
def test_a_disk_that_takes_nothing_keeps_the_last_good_report_and_nothing_else(
    place: Place, disk: str, reason: str
) -> None:
    ended = _cramped(place, disk)
    if ended.returncode in (1, 77) and "carestudy" not in ended.stderr:
        # Some machines let nobody make one; the test with `ulimit` stands in there.
        pytest.xfail(f"no disk can be made here: {ended.stderr}")
    said = [line for line in ended.stderr.splitlines() if not line.startswith("[vi]")]
    assert ended.returncode == 1
    assert said[0].startswith("carestudy: ")
    assert reason in said[0]
    assert said[1:] == ["./2026-09/care.vi.html", OLD.decode()]


def test_a_list_of_reports_that_cannot_be_written_is_told_and_is_no_failure_of_the_report(place: Place) -> None:
    (place.out / "index.html" / "in the way").mkdir(parents=True)
    with pytest.raises(NotSent, match="the report is published, and the list of all reports was not rebuilt: ") as told:
        rebuild(place.out)
    assert told.value.code == 5
    shutil.rmtree(place.out / "index.html")
    rebuild(place.out)
    assert sorted(path.name for path in place.out.iterdir()) == ["index.en.html", "index.html", "index.vi.html"]


@pytest.mark.slow
def test_a_kernel_that_is_killed_is_one_line_and_leaves_the_last_good_report(place: Place) -> None:
    (place.out / "2026-09").mkdir(parents=True)
    (place.out / "2026-09" / "care.vi.html").write_bytes(OLD)
    place.notebook("import time; time.sleep(600)")
    with running(place, lang="vi") as process:
        assert process.stderr is not None
        assert any("3/3" in line for line in process.stderr)
        (kernel,) = place.kernels()
        kernel.kill()
        said = process.stderr.read().splitlines()
        assert process.wait(600) == 1
    assert len(said) == 1
    assert said[0].startswith("carestudy: care.ipynb: 'Phần 1' failed with a kernel that died")
    assert place.files()["care.vi.html"] == OLD
    assert sorted(place.files()) == ["care.vi.failed.html", "care.vi.html"]


def _company(folder: Path) -> None:
    """Two regions, large enough to be told apart."""
    people = [f"A{n},2026-01-05,{'Huế' if n % 2 else 'Vinh'}" for n in range(12)]
    (folder / "customers.csv").write_text("\n".join(["customer_id,joined_on,region", *people, ""]), "utf-8")


def _ours(process: psutil.Process) -> list[psutil.Process]:
    return list(process.children(recursive=True))


@pytest.mark.slow
def test_a_run_of_all_groups_is_alone_and_leaves_nothing_when_it_is_killed(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GO", str(place.folder / "go"))
    _company(place.folder / "data")
    tiny_notebook(place.folder / "care.ipynb", WAITING, LOADED, COVER, parameters=PARAMETERS)
    each = ("--each", "region")
    folder = place.out / "2026-09" / "care.each-region"

    with running(place, *each, lang="vi") as process:
        # As soon as it works in the folder: it loads the data, and there is no kernel yet.
        wait(lambda: list(folder.glob(".carestudy-*/loaded")) and _ours(psutil.Process(process.pid)))
        helpers = _ours(psutil.Process(process.pid))
        process.send_signal(signal.SIGKILL)
    wait(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in helpers))

    with running(place, *each, lang="vi") as first:
        wait(lambda: list(folder.glob(".carestudy-*/*.vi/kernel.json")))
        assert main(place.command(*each, "--wait", "0")[3:]) == 1
        said = capsys.readouterr()
        assert said.err == "carestudy: another run is writing care.each-region: run again when it is over, or stop it\n"
        helpers = _ours(psutil.Process(first.pid))
        first.send_signal(signal.SIGKILL)
    wait(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in helpers))

    (place.folder / "go").touch()
    assert main(place.command(*each)[3:]) == 0
    stems = ("01-hue", "02-vinh", "all")
    wanted = {f"{stem}.{end}" for stem in stems for end in ("vi.html", "figures.json")} | {
        "index.vi.html",
        "index.json",
    }
    assert {path.name for path in folder.iterdir()} == wanted
    assert not list(place.out.rglob(".*"))


@pytest.mark.slow
def test_data_that_change_during_a_run_are_told_and_nothing_is_published(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    change = "import os\nwith open(os.environ['CARESTUDY_DATA'] + '/responses.csv', 'a') as file:\n    "
    change += "file.write('R9,A1,2026-09-12T10:00:00,0,nps\\n')"
    tiny_notebook(place.folder / "care.ipynb", change, LOADED, COVER, parameters=PARAMETERS)
    assert main(place.command()[3:]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "the data changed during the run (responses): run it again when they are whole" in last
    assert sorted(place.files()) == ["care.vi.failed.html"]


def test_a_table_is_the_one_that_was_looked_at_by_its_fingerprint() -> None:
    order = Order(
        Path("x.ipynb"), "data", "2026-09", ("vi",), Path("out"), prints={"staff": "a", "goals": "b", "x": ""}
    )
    tables = [{"table": "staff", "hash": "c"}, {"table": "goals", "hash": "b"}, {"table": "x", "hash": "d"}]
    assert order.changed(tables) == ["staff"]
    assert Order(Path("x.ipynb"), "data", "2026-09", ("vi",), Path("out")).changed(tables) == []


def test_too_little_memory_is_told_with_what_to_do(tmp_path: Path) -> None:
    folder = tiny_data(tmp_path / "data")
    (folder / "care.toml").write_text('memory_limit = "1MB"\n', "utf-8")
    with pytest.raises(CareError, match=r"raise memory_limit in care\.toml, or leave it out"):
        load(folder)


CRAMPED_FOR_THREADS = """
import resource
from pathlib import Path
from carestudy.__main__ import _lacks_memory
from carestudy.report.kernel import room_for_threads

room_for_threads()
size = int(next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmSize" in line).split()[1])
resource.setrlimit(resource.RLIMIT_AS, (1024 * size + 20_000_000, resource.RLIM_INFINITY))
try:
    room_for_threads()
except RuntimeError as error:
    print(_lacks_memory(error))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the size of a process is read from /proc")
def test_a_run_without_memory_for_threads_is_refused_before_a_library_ends_it() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CRAMPED_FOR_THREADS],
        capture_output=True, text=True, check=False, env={**os.environ, "MALLOC_ARENA_MAX": "1"}, timeout=120,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("True\n", "")


@pytest.mark.slow
def test_a_printout_of_an_older_report_does_not_stay_beside_a_new_one(place: Place) -> None:
    (place.out / "2026-09").mkdir(parents=True)
    (place.out / "2026-09" / "care.vi.pdf").write_bytes(OLD)
    place.notebook("1 / 0")
    order = Order(place.folder / "care.ipynb", str(place.folder / "data"), "2026-09", ("vi",), place.out)
    with pytest.raises(ReportFailed):
        publish_report(order)
    assert place.files()["care.vi.pdf"] == OLD
    place.notebook(SEEN)
    publish_report(order)
    assert sorted(place.files()) == ["care.figures.json", "care.vi.html"]
    assert json.loads(place.files()["care.figures.json"])["figures"]
