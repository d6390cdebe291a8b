"""A notebook takes only parameters it lists, and only plain values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from carestudy.contract import CareError
from carestudy.report.parameters import accepted, declared


def _notebook(source: str) -> Any:
    return new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})])


NOTEBOOK = _notebook('data = "../data/demo"  # a = b\nperiod: str = "2026-10"\nlang = "vi"\nas_of = None\nlast = 13')


def test_the_listed_names_are_those_that_the_cell_assigns() -> None:
    assert declared(NOTEBOOK) == {"data": "../data/demo", "period": "2026-10", "lang": "vi", "as_of": None, "last": 13}


def test_listed_names_with_plain_values_are_taken() -> None:
    given = {"period": "2026-09", "as_of": "2026-10-01", "last": 3}
    assert accepted(NOTEBOOK, given) == given


def test_a_misspelt_name_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(CareError, match=r"no parameter 'perod', only data, .*did you mean 'period'"):
        accepted(NOTEBOOK, {"perod": "2026-09"})


@pytest.mark.parametrize("name", ["x = 1; y = 2\nperiod", "period = 1\nx", "x[0]", "print(1)"])
def test_a_crafted_name_is_refused(name: str) -> None:
    with pytest.raises(CareError, match="no parameter"):
        accepted(NOTEBOOK, {name: "2026-09"})


class _Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [np.int64(3), np.float64(1), _Text("2026-09"), {1}, (1, 2), float("nan"), float("inf"), b"x", {1: "a"}, [{1}]],
)
def test_what_is_not_plain_json_is_refused(value: object) -> None:
    with pytest.raises(CareError, match="parameter 'as_of' is"):
        accepted(NOTEBOOK, {"as_of": value})


def test_a_value_of_another_type_than_the_default_is_refused() -> None:
    with pytest.raises(CareError, match="'period' is str in the notebook and int here"):
        accepted(NOTEBOOK, {"period": 2015})


@pytest.mark.parametrize("tags", [[], ["parameters", "other"]])
def test_a_notebook_needs_exactly_one_parameters_cell(tags: list[str]) -> None:
    cells = [new_code_cell("x = 1", metadata={"tags": [tag]}) for tag in ["parameters", *tags] if tags]
    cells += [new_code_cell("y = 1", metadata={"tags": ["parameters"]}) for _ in tags[:1]]
    with pytest.raises(CareError, match="needs one code cell tagged 'parameters'"):
        declared(new_notebook(cells=cells))


def test_a_parameters_cell_of_prose_is_refused() -> None:
    with pytest.raises(CareError, match="needs one code cell"):
        declared(new_notebook(cells=[new_markdown_cell("period", metadata={"tags": ["parameters"]})]))


@pytest.mark.parametrize("source", ["import os", "period = f()", "a = b = 1", "a, b = 1, 2", "period =", "x: str"])
def test_a_parameters_cell_holds_only_plain_values(source: str) -> None:
    with pytest.raises(CareError, match="may hold only lines like"):
        declared(_notebook(source))
