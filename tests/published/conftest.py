"""The published numbers, by the id of their check, and the tables that they were computed from."""

from __future__ import annotations

from pathlib import Path

import pytest
from published_facts import FACTS, HERE, Check, PublishedFile


@pytest.fixture(scope="session")
def check() -> Check:
    """One check: input, expected, tolerance, source."""
    return FACTS.__getitem__


@pytest.fixture(scope="session")
def published_file(request: pytest.FixtureRequest) -> PublishedFile:
    """The file of a published table: a small one stands beside the tests, a larger one in the folder of shared data."""

    def path(name: str) -> Path:
        beside = HERE / name
        return beside if beside.is_file() else Path(request.getfixturevalue("shared")) / "checks" / name

    return path
