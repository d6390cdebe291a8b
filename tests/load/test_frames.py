"""Frames of every kind give the same tables; nothing of how they lie in memory shows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from folders import counts, rows

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import frames, load

COLUMNS = {"response_id": ["R1", "R2", "R3"], "question": ["nps", "nps", "nps"], "score": [9, 3, None]}


def read(values: Any, column: str = "team") -> list[Any]:
    return rows(load({"responses": pd.DataFrame({column: values})}), "responses", column)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(COLUMNS),
        pd.DataFrame(COLUMNS, dtype=object),
        pd.DataFrame(COLUMNS).convert_dtypes(),
        pd.DataFrame(COLUMNS).convert_dtypes(dtype_backend="pyarrow"),
        pd.DataFrame(COLUMNS).astype({"question": "category", "response_id": "category"}),
        pd.DataFrame(COLUMNS, index=[7, 7, 8]),
        pd.DataFrame(COLUMNS).set_index("response_id", drop=False),
        pl.DataFrame(COLUMNS),
        pl.DataFrame(COLUMNS).with_columns(pl.col("question").cast(pl.Categorical), pl.col("score").cast(pl.Float32)),
        pl.DataFrame(COLUMNS).with_columns(pl.col("question").cast(pl.Enum(["nps", "csat"]))),
        pa.table(COLUMNS),
        pa.table(COLUMNS).to_batches()[0],
        pa.table({**COLUMNS, "question": pa.array(COLUMNS["question"]).dictionary_encode()}),
        pa.table({**COLUMNS, "question": pa.array(COLUMNS["question"], pa.large_string())}),
        pa.table({**COLUMNS, "question": pa.array(COLUMNS["question"], pa.string_view())}),
        COLUMNS,
    ],
    ids=lambda frame: type(frame).__module__,
)
def test_the_same_rows_in_any_frame_are_the_same_table(frame: Any) -> None:
    care = load({"responses": frame})
    assert rows(care, "responses", *COLUMNS) == [("R1", "nps", 9.0), ("R2", "nps", 3.0), ("R3", "nps", None)]
    assert kpi.nps(frame if not isinstance(frame, dict) else care)["value"].tolist() == [0]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, "A", 2.0, 2.5, None, float("nan"), pd.NA, pd.NaT], ["1", "A", "2", "2.5", None, None, None, None]),
        ([Decimal("7.0"), "x", float("inf")], ["7", "x", "inf"]),
        ([None, None], [None, None]),
        (pd.Series([1, None], dtype="Int64"), ["1", None]),
        (pd.Series([1, 2], dtype="category"), ["1", "2"]),
        (pd.Series([1.0, np.nan, 2.5]), ["1", None, "2.5"]),
        (pd.Series(["a", pd.NA], dtype="string"), ["a", None]),
        (pd.Series(pd.period_range("2026-01", periods=2, freq="M")), ["2026-01", "2026-02"]),
        (pd.Series(pd.to_timedelta([1, None], unit="D")), ["1 day, 0:00:00", None]),
        ([True, False], ["true", "false"]),
        ([2**70, 1], [str(2**70), "1"]),
        (np.array([1, 2], dtype="float16"), ["1", "2"]),
    ],
)
def test_a_column_of_any_kind_can_be_text(values: Any, found: list[Any]) -> None:
    assert read(values) == found


def test_a_column_beyond_the_contract_of_any_kind_is_kept() -> None:
    for values in ([1.5, float("nan")], [[1], None], [datetime(2026, 1, 1, tzinfo=UTC), None], [b"x", None]):
        assert read(values, "mine")[1] is None


def test_nan_of_polars_is_nothing() -> None:
    care = load({"responses": pl.DataFrame({"score": [9.0, float("nan"), None], "mine": [1.0, float("nan"), None]})})
    assert rows(care, "responses", "score", "mine") == [(9.0, 1.0), (None, None), (None, None)]


def test_a_frame_without_rows_is_a_table_without_rows() -> None:
    for frame in (pd.DataFrame(COLUMNS).head(0), pl.DataFrame(COLUMNS).head(0), pa.table(COLUMNS).slice(0, 0)):
        care = load({"responses": frame})
        assert counts(care, "responses") == (0, 0, 0)
        assert kpi.nps(care)["denominator"].tolist() in ([0], [])


def test_a_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"Score ": ["9", None], "team": [1, "A"]})
    before = frame.copy(deep=True)
    load({"responses": frame})
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("frame", [5, "responses.csv", None, pd.Series([1]), [1, 2], object()])
def test_what_is_no_frame_is_refused(frame: Any) -> None:
    with pytest.raises(CareError, match=r"table 'responses' is a .*: give a pandas, polars, Arrow or Ibis table"):
        load({"responses": frame})


def test_text_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(CareError) as problem:
        load({"responses": pd.DataFrame({"team": pd.Series(["0900\ud800"], dtype=object)})})
    assert "0900" not in str(problem.value)


def test_the_fingerprint_tells_contents_apart_and_nothing_else() -> None:
    def mark(table: Any) -> str:
        return frames.fingerprint(frames.arrow("responses", table))

    frame = pd.DataFrame(COLUMNS)
    same = [
        frame,
        frame.set_axis([5, 6, 7]),
        frame.copy(),
        pa.concat_tables([pa.Table.from_pandas(frame[:1]), pa.Table.from_pandas(frame[1:])]),
    ]
    other = [frame[::-1], frame.assign(score=[9, 3, 4.0]), frame.rename(columns={"score": "s"})]
    assert len({mark(one) for one in same}) == 1
    assert len({mark(one) for one in [frame, *other]}) == 4
