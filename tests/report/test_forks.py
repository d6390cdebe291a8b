"""Kernels that share loaded data give the same report as others, and end with whoever asked for them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import papermill
import psutil
import pytest
from tiny import tiny_data, tiny_notebook

import carestudy as cs
from carestudy.report import each, kernel, run
from carestudy.report.each import publish_each
from carestudy.report.forks import POSSIBLE, forks
from carestudy.report.kernel import environment
from carestudy.report.run import Order, ReportFailed, publish_report

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not POSSIBLE, reason="processes are copied on Linux only")]

PARAMETERS = 'data = "x"\nperiod = "2026-09"\nlang = "vi"\nas_of = None\nonly = None'
CODE = (
    "import carestudy as cs\ncare = cs.load(data, as_of=as_of, only=only)",
    "show = cs.Show(care, period=period, lang=lang)",
    "show.cover()",
    "show.trend(cs.kpi.nps)",
)


def _wait(until: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_report_from_shared_data_and_results_is_the_same_bytes_as_one_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tiny_data(tmp_path / "data")
    people = "".join(f"B{number},2026-01-05,{'Huế' if number % 2 else 'Vinh'}\n" for number in range(12))
    (data / "customers.csv").write_text(f"customer_id,joined_on,region\nA1,2026-01-05,Huế\n{people}", "utf-8")
    notebook = tiny_notebook(tmp_path / "care.ipynb", *CODE, parameters=PARAMETERS)
    order = Order(notebook, str(data), "2026-09", ("vi", "en"), tmp_path / "out")
    publish_report(order)
    publish_each(order, "region", cs.load(data))
    shared = {lang: (order.folder / f"care.{lang}.html").read_bytes() for lang in order.languages}
    monkeypatch.setattr(run, "POSSIBLE", False)
    monkeypatch.setattr(kernel, "FOLDER", "A_NAME_THAT_NOBODY_READS")
    publish_report(order)
    for lang in order.languages:
        alone = (order.folder / f"care.{lang}.html").read_bytes()
        assert shared[lang] == alone
        assert (order.folder / "care.each-region" / f"all.{lang}.html").read_bytes() == alone


def test_kernels_share_no_connection_to_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Begun(Exception):
        """The kernels would start now."""

    def begun(*_: object) -> None:
        raise Begun

    database = f"duckdb://{tmp_path}/care.duckdb"
    people = pd.DataFrame({"customer_id": list("abcdefghijkl"), "region": ["Huế", "Vinh"] * 6})
    with duckdb.connect(tmp_path / "care.duckdb") as connection:
        connection.sql("CREATE TABLE customers AS SELECT *, DATE '2026-01-05' AS joined_on FROM people")
    monkeypatch.setattr(run, "forks", lambda *_: pytest.fail("kernels would be copies of one process"))
    monkeypatch.setattr(each.Runner, "all", begun)
    notebook = tiny_notebook(tmp_path / "care.ipynb", "1", parameters=PARAMETERS)
    with pytest.raises(Begun):
        publish_each(Order(notebook, database, "2026-09", ("vi",), tmp_path), "region", cs.load(database))
    with pytest.raises(pytest.fail.Exception):
        publish_each(Order(notebook, "x", "2026-09", ("vi",), tmp_path), "region", cs.load({"customers": people}))


def test_a_kernel_dies_with_the_process_that_it_is_a_copy_of(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with forks(environment(home, str(tiny_data(tmp_path / "data"))), None) as started:
        copy = started.fork(["-f", str(home / "kernel.json")], str(home), str(home))
        assert copy.poll() is None
        assert os.getpgid(copy.pid) == copy.pid
        (parent,) = [one for one in psutil.Process().children() if "forked.py" in " ".join(one.cmdline())]
        os.kill(parent.pid, signal.SIGKILL)
        _wait(lambda: copy.poll() is not None)
        with pytest.raises(RuntimeError, match="has died"):
            started.fork([], str(home), str(home))


def test_data_that_cannot_be_loaded_are_named_by_the_notebook(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    (data / "contacts.csv").write_text("contact_id,opened_at\nK1,never\nK2,never\n", "utf-8")
    order = Order(
        tiny_notebook(tmp_path / "care.ipynb", *CODE, parameters=PARAMETERS),
        str(data), "2026-09", ("vi", "en"), tmp_path / "out",
    )  # fmt: skip
    with pytest.raises(ReportFailed, match="contacts"):
        publish_report(order)


def test_a_scheduler_that_hands_parameters_to_papermill_gets_the_same_figures_or_a_clear_refusal(
    tmp_path: Path,
) -> None:
    data = str(tiny_data(tmp_path / "data"))
    notebook = tiny_notebook(tmp_path / "care.ipynb", *CODE, parameters=PARAMETERS)
    given = {"data": data, "period": "2026-09", "lang": "en", "as_of": "2026-09-30"}
    done = papermill.execute_notebook(str(notebook), None, given, kernel_name="python3", progress_bar=False)
    assert "NPS" in done.cells[-1].outputs[0].data["text/plain"]
    with pytest.raises(papermill.PapermillExecutionError, match="a period is text, and 2015 is int"):
        papermill.execute_notebook(str(notebook), None, {**given, "period": 2026 - 11}, progress_bar=False)
