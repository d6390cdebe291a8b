"""What the package offers at its front is there, once, and stays what it is."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import carestudy as cs

NAMES = [name for name in cs.__all__ if name != "CareError"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_the_same_whenever_it_is_asked_for(name: str) -> None:
    first = getattr(cs, name)
    assert getattr(cs, name) is first


@pytest.mark.parametrize("name", ["cohorts", "features", "load", "quality"])
def test_a_function_keeps_its_name_when_the_part_of_that_name_is_imported_first(name: str) -> None:
    code = f"import carestudy.{name}, carestudy; print(type(carestudy.{name}).__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "function"


def test_names_are_in_order_and_none_stands_twice() -> None:
    assert len(set(cs.__all__)) == len(cs.__all__)


def test_parts_are_parts_and_functions_are_functions() -> None:
    assert isinstance(cs.churn, ModuleType)
    assert callable(cs.segment)
