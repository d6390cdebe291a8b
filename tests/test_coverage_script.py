"""The script that compares figures with what is planted in simulated companies: it runs, and tells good from bad."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("coverage_tables")


@pytest.fixture
def truths(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("coverage_truths")


def estimates(held: int, of: int, truth: float = 0.5) -> pd.DataFrame:
    """A figure of so many companies, in so many of which its interval holds the truth; the others err by turns."""
    off = np.where(np.arange(of) < held, 0.1, 1.0) * np.where(np.arange(of) % 2, 1, -1)
    told = {"value": 0.5 + off, "low": off, "high": 1 + off, "n": 9, "figure": "f", "part": "", "seed": range(of)}
    return pd.DataFrame({**told, "truth": truth})


@pytest.mark.parametrize(("held", "flag"), [(190, ""), (200, "wide"), (160, "too narrow")])
def test_a_coverage_far_from_what_was_promised_is_flagged(tables: Any, held: int, flag: str) -> None:
    row = tables.covered(estimates(held, 200)).iloc[0]
    assert (row["held"], row[""]) == (f"{held / 200:.1%}", flag)


def test_a_figure_that_is_off_is_flagged(tables: Any) -> None:
    row = tables.covered(estimates(200, 200, truth=0.45)).iloc[0]
    assert (row["bias"], row[""]) == ("+0.05", "wide, biased")


def test_the_mean_stands_for_a_truth_that_is_not_planted(tables: Any) -> None:
    row = tables.covered(estimates(190, 200, truth=np.nan)).iloc[0]
    assert (row["truth"], row["held"]) == ("mean", "95.0%")


def test_too_many_false_alarms_are_flagged(tables: Any) -> None:
    called = [("calm", seed < 5) for seed in range(100)] + [("nervous", seed < 20) for seed in range(100)]
    rows = pd.DataFrame(called, columns=["asked", "called"]).assign(expected="at most 5 %", seed=[*range(100)] * 2)
    assert tables.judged(rows)[["verdict", ""]].to_numpy().tolist() == [["calm", ""], ["nervous", "too often"]]


def test_truths_are_those_of_the_simulation(truths: Any) -> None:
    assert truths.score({"promoter": 0.58, "detractor": 0.13}) == pytest.approx(45)
    assert truths.tenure(0.0, 1) == 1
    assert truths.tenure(0.02, 1) == pytest.approx(0.96 * 0.98**11 * 0.99 + 0.04 * 0.96**11 * 0.98)
    loss = {"before": 0.5, "since": 0.1, "unowned_factor": 2, "change": "2026-03"}
    months = pd.DataFrame({"period": ["2026-02", "2026-03"], "denominator": [10, 10]})
    nobody = pd.DataFrame({"period": ["2026-03"], "owned": ["no"], "denominator": [5]})
    assert truths.monthly_loss(months, nobody, loss)[1] == pytest.approx(0.15)
    year = truths.annual_loss(months[:1], nobody, loss, 11)
    assert year == pytest.approx((1 - 0.5 * 0.9**11) / 2 + 1 / 2), "without an owner nobody stays the first month"


def test_the_script_prints_a_row_for_each_figure() -> None:
    command = [sys.executable, str(BENCHMARKS / "coverage.py"), "--seeds", "2", "--customers", "300"]
    run = subprocess.run([*command, "--only", "voice"], capture_output=True, text=True, check=True)
    lines = {line.split(" | ")[0]: line.split(" | ") for line in run.stdout.splitlines() if line.startswith("| ")}
    assert lines["| response rate, month"][1] == "0.27"
    assert lines["| response rate, month"][5] == "12", "six months of two companies"
