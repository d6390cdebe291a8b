"""The published numbers, by the id of their check."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Check = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def check(shared: Path) -> Check:
    """One check: input, expected, tolerance, source."""
    checks = json.loads((shared / "checks" / "published.json").read_text("utf-8"))["checks"]
    return {one["id"]: one for one in checks}.__getitem__
