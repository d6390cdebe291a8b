"""JupyterLab's scheduler runs a notebook by the same parameters, written as Python, and its output is the same page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tiny import tiny_data, tiny_notebook

from carestudy.report.export import CareExporter

SHOWN = "import carestudy as cs\ncs.Show(cs.load(data), period=period, lang=lang).cover()"
# A process of its own, as in JupyterLab: what the scheduler imports warns of its own deprecations.
JOB = """
import json, sys
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.orm import Job, create_session, create_tables

folder, parameters = sys.argv[1], json.loads(sys.argv[2])
database = f"sqlite:///{folder}/jobs.sqlite"
create_tables(database)
session = create_session(database)()
job = Job(name="monthly", input_filename="care.ipynb", output_formats=["ipynb"], parameters=parameters,
          runtime_environment_name="here", runtime_environment_parameters={})
session.add(job)
session.commit()
places = {"input": f"{folder}/care.ipynb", "ipynb": f"{folder}/out.ipynb"}
DefaultExecutionManager(job.job_id, folder, database, places).process()
session.refresh(job)
print(json.dumps([job.status, job.status_message]))
"""


def _scheduled(folder: Path, period: str) -> list[str]:
    """How a job of the scheduler ended, and what it says of it."""
    tiny_notebook(folder / "care.ipynb", SHOWN)
    given = {"data": f'"{tiny_data(folder / "data")}"', "period": period, "lang": '"en"'}
    command = [sys.executable, "-W", "ignore", "-c", JOB, str(folder), json.dumps(given)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_a_scheduled_job_gives_the_page_of_its_period_and_language(tmp_path: Path) -> None:
    assert _scheduled(tmp_path, '"2026-08"')[0] == "COMPLETED"
    page = CareExporter().from_notebook_node(nbformat.read(tmp_path / "out.ipynb", 4))[0]
    assert '<html lang="en">' in page
    assert "August 2026" in page


@pytest.mark.slow
def test_a_period_without_quotes_is_a_number_and_refused(tmp_path: Path) -> None:
    status, why = _scheduled(tmp_path, "2026-10")
    assert status == "FAILED"
    assert "2016" in why
