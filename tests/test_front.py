"""What the package offers at its front is there, once, and stays what it is."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from fronts import public
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


def test_public_signatures_list_every_argument() -> None:
    variable = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    kinds = {name: [one.kind for one in inspect.signature(call).parameters.values()] for name, call in public().items()}
    assert len(kinds) > 150
    assert [name for name, kind in kinds.items() if variable & set(kind)] == []


def test_the_signature_of_a_figure_has_its_options_and_their_fixed_values() -> None:
    shared = ["data", "by", "period", "every", "last", "level"]
    assert list(inspect.signature(cs.kpi.nps).parameters) == shared
    assert list(inspect.signature(cs.kpi.service_level).parameters) == [*shared, "within"]
    per = inspect.signature(cs.kpi.complaint_rate).parameters["per"]
    assert (per.default, per.annotation) == (inspect.Parameter.empty, str)
    assert inspect.signature(cs.kpi.complaint_rate.of(per="contact")).parameters["per"].default == "contact"
    assert str(inspect.signature(cs.kpi.first_response_time.of(at="p90"))).startswith("(data, *, by: str | ")


def test_help_shows_the_arguments_and_the_definition_of_a_figure() -> None:
    for figure in (cs.kpi.tenure, cs.kpi.tenure.of(years=2)):
        text = pydoc.plain(pydoc.render_doc(figure))
        assert "tenure(data, *, by: str | " in text
        assert "level: float = 0.95, years: float" in text
        assert figure.definition[:30] in text


def test_what_the_signature_of_loading_lists_is_taken_and_nothing_else() -> None:
    listed = inspect.signature(cs.load).parameters
    assert {"source", "as_of", "only", "currency", "min_group", "hours"} <= set(listed)
    with pytest.raises(cs.CareError, match="curency"):
        cs.load({}, curency="USD")
    with pytest.raises(TypeError, match="missing"):
        cs.load()  # type: ignore[call-arg]
