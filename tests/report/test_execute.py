"""A run is believed only when every cell is done: every way to fail is seen, and said without data."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from tiny import tiny_notebook

from carestudy.report.execute import Executed, Run, execute, heading
from carestudy.report.kernel import Kernels

pytestmark = pytest.mark.slow

PHONE = "0912345678"


def _executed(folder: Path, *code: str, cell_timeout: int = 60, told: list[str] | None = None) -> Executed:
    notebook = nbformat.read(tiny_notebook(folder / "tiny.ipynb", *code), as_version=4)
    kernel = Kernels(folder, data=f"/data/{PHONE}").kind("vi")
    tell = [].append if told is None else told.append
    return execute(notebook, Run({"period": "2026-08"}, "vi", kernel, kernel.home, cell_timeout), tell)


def _texts(executed: Executed) -> list[Any]:
    outputs = [output for cell in executed.notebook.cells for output in cell.get("outputs", ())]
    return [output.text.strip() for output in outputs if output.output_type == "stream"]


def test_a_notebook_is_executed_to_its_end_with_its_parameters(tmp_path: Path) -> None:
    told: list[str] = []
    executed = _executed(tmp_path, "print(period, lang)", "", told=told)
    assert executed.failure is None
    assert _texts(executed) == ["2026-08 vi"]
    assert told == ["[vi] 1/3 Báo cáo", "[vi] 2/3 Báo cáo", "[vi] 3/3 Phần 1"]


DIED = "'Phần 2' failed with a kernel that died, as it does where memory is too little"
FAILURES = {
    "1 / 0": "'Phần 2' failed with ZeroDivisionError",
    f"raise ValueError({PHONE!r})": "'Phần 2' failed with ValueError",
    "import sys; sys.exit(0)": "'Phần 2' failed with SystemExit",
    "import sys; sys.exit()": "'Phần 2' failed with SystemExit",
    "raise KeyboardInterrupt": "'Phần 2' failed with KeyboardInterrupt",
    "import os; os._exit(0)": DIED,
    "import os; os.kill(os.getpid(), 9)": DIED,
    "raise MemoryError": ("'Phần 2': this machine, or the limit that the run is under, has too little memory for it"),
    "import numpy; numpy.empty(1 << 45)": (
        "'Phần 2': this machine, or the limit that the run is under, has too little memory for it"
    ),
    "x = (": "'Phần 2' failed with SyntaxError",
    "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()": (
        "'Phần 2' failed with an exception in a thread"
    ),
    "from carestudy.contract import CareError; raise CareError('nps needs\\n  column score')": (
        "'Phần 2': nps needs column score"
    ),
    "from carestudy.contract import Missing; raise Missing('goals')": (
        "'Phần 2': this figure needs table 'goals'; the data have no table. "
        "Add a file goals.csv or goals.parquet, or name one in care.toml: [goals] source"
    ),
}


@pytest.mark.parametrize("code", FAILURES)
def test_every_way_to_fail_is_seen(tmp_path: Path, code: str) -> None:
    assert str(_executed(tmp_path, "print('before')", code, "3").failure) == FAILURES[code]


@pytest.mark.parametrize("code", ["import sys; sys.exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_a_failure_in_the_last_cell_is_seen(tmp_path: Path, code: str) -> None:
    assert str(_executed(tmp_path, "print('before')", code).failure) == FAILURES[code]


def test_a_cell_that_takes_too_long_is_a_failure(tmp_path: Path) -> None:
    failure = _executed(tmp_path, "1", "import time; time.sleep(60)", cell_timeout=1).failure
    assert str(failure) == "'Phần 2': a cell took longer than 1 seconds, the limit set by --time-limit"


@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
def test_a_tag_that_lets_a_cell_off_is_a_failure(tmp_path: Path, tag: str) -> None:
    path = tiny_notebook(tmp_path / "tiny.ipynb", "1 / 0")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].metadata["tags"] = [tag]
    kernel = Kernels(tmp_path, data="").kind("vi")
    assert execute(notebook, Run({}, "vi", kernel, kernel.home), str).failure is not None


def test_a_kernel_that_does_not_start_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken" / "ipykernel").mkdir(parents=True)
    (tmp_path / "broken" / "ipykernel" / "__init__.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    assert str(_executed(tmp_path, "1").failure) == "'start' failed with a kernel that did not start"


def test_a_kernel_sees_no_settings_of_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('user was here')")
    spec = tmp_path / "home" / ".local" / "share" / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    settings = {
        "HOME": str(tmp_path / "home"),
        "LANG": "vi_VN",
        "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "7",
        "MPLBACKEND": "pdf",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    code = "import os, time; print(os.environ['CARESTUDY_DATA'], time.tzname[0], 'LANG' in os.environ)"
    random = (
        "import sys; print(sys.flags.hash_randomization, os.environ['MPLBACKEND'], os.environ['SOURCE_DATE_EPOCH'])"
    )
    executed = _executed(tmp_path, code, random, "print(os.listdir() == ['kernel.json'] or sorted(os.listdir()))")
    assert executed.failure is None
    first, second, third = _texts(executed)
    assert first == f"/data/{PHONE} UTC False"
    assert second == "0 module://matplotlib_inline.backend_inline 315532800"
    assert "tiny.ipynb" not in third


def test_what_a_kernel_started_ends_with_it(tmp_path: Path) -> None:
    executed = _executed(tmp_path, "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid)")
    (pid,) = map(int, _texts(executed))
    for _ in range(50):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    pytest.fail("the kernel's own process is still there")


def test_a_run_that_was_ended_starts_no_more_kernels(tmp_path: Path) -> None:
    kernels = Kernels(tmp_path, data="")
    kernels.end()
    notebook = nbformat.read(tiny_notebook(tmp_path / "tiny.ipynb", "1"), as_version=4)
    kernel = kernels.kind("vi")
    executed = execute(notebook, Run({}, "vi", kernel, kernel.home), str)
    assert str(executed.failure) == "'start' failed with a kernel that did not start"


def test_a_deep_folder_does_without_sockets_in_it(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["sâu" * 10] * 4)
    assert len(os.fsencode(deep)) > 108
    assert _executed(deep, "1").failure is None


def test_a_cell_is_named_by_the_heading_above_it_in_its_language(tmp_path: Path) -> None:
    notebook = nbformat.read(tiny_notebook(tmp_path / "tiny.ipynb", "1"), as_version=4)
    last = len(notebook.cells) - 1
    assert heading(notebook, last, "vi") == "Phần 1"
    assert heading(notebook, last, "en") == "Part 1"
    notebook.cells[0].source = "# \x1b[31mBáo\x07 cáo ##\nnot this"
    assert heading(notebook, 0, "vi") == "[31mBáo cáo"
    assert heading(notebook, 0, "en") == "start"
