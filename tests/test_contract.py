"""The data contract, and the errors that name what is missing and how to mend it."""

from __future__ import annotations

import pandas as pd
import pytest

from carestudy import kpi
from carestudy.contract import TABLES, CareError, Missing
from carestudy.load import load
from carestudy.load.checks import READABLE


def test_every_table_has_the_columns_that_place_and_tell_its_rows() -> None:
    for table in TABLES.values():
        assert {name for name in (table.key, table.time) if name} <= set(table.columns)
        assert any(column.required for column in table.registry.values())


def test_times_of_a_table_are_of_the_type_time() -> None:
    assert {table.columns[table.time] for table in TABLES.values() if table.time} == {"time"}


def test_every_type_that_can_fail_has_its_words() -> None:
    assert {kind for table in TABLES.values() for kind in table.columns.values()} == {*READABLE, "text"}


def test_a_missing_column_is_named_with_the_nearest_one_and_how_to_map_it() -> None:
    care = load({"responses": pd.DataFrame({"question": ["nps"], "scores": [9]})})
    with pytest.raises(Missing) as problem:
        kpi.nps(care)
    assert str(problem.value) == (
        "nps needs column 'score'; responses has question, scores, response_id. "
        'Map it in care.toml: [responses] columns = { score = "scores" }'
    )
    assert (problem.value.table, problem.value.column) == ("responses", "score")


def test_a_column_that_already_has_its_name_is_not_guessed_for_another() -> None:
    assert str(Missing("contacts", "reopened", ["opened_at"])).endswith('columns = { reopened = "your column" }')
    assert str(Missing("contacts", "reopened", ["opened_at", "reopen"])).endswith('columns = { reopened = "reopen" }')


def test_a_missing_table_is_named_with_what_is_there_and_how_to_add_it() -> None:
    with pytest.raises(Missing) as problem:
        kpi.nps(load({"staff": pd.DataFrame({"agent": ["Lan"]})}))
    assert str(problem.value) == (
        "nps needs table 'responses'; the data have staff. "
        "Add a file responses.csv or responses.parquet, or name one in care.toml: [responses] source"
    )


def test_a_missing_column_without_any_like_it_still_says_how_to_map_it() -> None:
    assert str(Missing("contacts", "kind", ["x", "y"])).endswith('columns = { kind = "your column" }')


def test_missing_data_is_an_error_that_users_can_mend() -> None:
    assert issubclass(Missing, CareError)
    assert str(Missing("contacts")).startswith("this figure needs table 'contacts'; the data have no table")
    assert str(Missing("contacts").for_figure("nps")).startswith("nps needs table")
