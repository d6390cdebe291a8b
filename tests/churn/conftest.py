"""What goes with leaving in the demo company takes seconds to find: once for all tests."""

from __future__ import annotations

import pytest
from companies import demo

import carestudy as cs
from carestudy.churn import Drivers


@pytest.fixture(scope="session")
def found() -> Drivers:
    """What goes with leaving in the demo company, in the year up to October 2026."""
    return cs.churn.drivers(demo(), period="2026-10")
