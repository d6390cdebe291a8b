"""What the package offers at its front is there, once, and stays what it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

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


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def completions(kernel: BlockingKernelClient, code: str) -> set[str]:
    """What Tab offers at the end of the code."""
    return set(kernel.complete(code, len(code), reply=True, timeout=60)["content"]["matches"])


def test_tab_offers_what_is_public(kernel: BlockingKernelClient) -> None:
    kernel.execute("import carestudy as cs", reply=True, timeout=60)
    assert completions(kernel, "cs.") == set(cs.__all__)
    assert completions(kernel, "cs.kpi.") == set(cs.kpi.__all__)
    assert completions(kernel, "cs.ex") == {"exits", "expectations"}
    for name in ("clusters", "concentration", "drivers", "exits", "intervals", "mix", "survival", "typical"):
        assert completions(kernel, f"cs.{name}.") == set(getattr(cs, name).__all__)


def test_names_are_offered_before_anything_heavy_is_imported() -> None:
    code = (
        "import sys, carestudy; dir(carestudy); print(sorted({'pandas', 'ibis', 'numpy', 'scipy'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
