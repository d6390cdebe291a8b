"""What every test may rely on: the same examples in every run in CI, and nothing skipped there without notice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from large_data import shared_folder

IN_CI = os.environ.get("CI") == "true"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

# Shared machines are slow now and then: time is no verdict on a property.
settings.register_profile("carestudy", deadline=None, derandomize=IN_CI, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("carestudy")


def _failed_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI everything a test needs is installed, so a skip there means a check that no one runs."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"nothing may be skipped in CI: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _failed_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _failed_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome to open pages in."""
    for name in CHROMIUM:
        if path := shutil.which(name):
            return path
    pytest.skip(f"no browser on the path: one of {', '.join(CHROMIUM)} (Debian: apt install chromium)")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data and published numbers beside the checkout, too large or not free to be kept in it."""
    return shared_folder()
