"""The rows behind a figure are the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from servers import ENGINES

import carestudy as cs
from carestudy import kpi

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_every_figure_is_listed_here(here: Any) -> None:
    for name, figure in kpi.ALL.items():
        assert rows_or_refusal(here, name)[0] == expected_sum(here, figure)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", kpi.ALL)
def test_the_rows_of_a_figure_are_the_same_on_every_engine(
    name: str, engine: str, here: Any, there: Callable[[str], Any]
) -> None:
    assert rows_or_refusal(there(engine), name) == rows_or_refusal(here, name)


def rows_or_refusal(care: Any, name: str) -> tuple[int | str, list[tuple[Any, ...]]]:
    figure = kpi.ALL[name]
    try:
        found = figure.rows(care, period=None if figure.timeless else "2026-10")
    except cs.CareError as problem:
        return str(problem), []
    return found.total, [tuple(row) for row in found.rows.fillna("").astype(str).to_numpy()]


def expected_sum(care: Any, figure: Any) -> int | str:
    try:
        shown: pd.DataFrame = figure(care, period=None if figure.timeless else "2026-10")
    except cs.CareError as problem:
        return str(problem)
    return int(shown["numerator"].sum())
