"""Frames in memory as Arrow tables that the engine can read, and their fingerprint."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from math import isfinite
from typing import Any

import pyarrow as pa

from carestudy.contract import CareError


def arrow(name: str, frame: Any) -> Any:
    """A pandas, polars or Arrow frame as an Arrow table; a column of mixed kinds becomes text."""
    try:
        table = _made(frame)
    except (pa.ArrowException, TypeError, ValueError, ArithmeticError, AttributeError) as problem:
        if not hasattr(frame, "columns"):
            raise CareError(
                f"table '{name}' is a {type(frame).__name__}: give a pandas, polars, Arrow or Ibis table"
            ) from None
        raise CareError(f"table '{name}' cannot be read: {type(problem).__name__}") from None
    columns = [_readable(column.combine_chunks()) for column in table.columns]
    return pa.table(columns, names=list(table.column_names))


def fingerprint(table: Any) -> str:
    """What tells one content from another."""
    digest = hashlib.sha256()
    with pa.ipc.new_stream(_Sink(digest), table.schema.remove_metadata()) as stream:
        stream.write_table(table.replace_schema_metadata(None).combine_chunks())
    return digest.hexdigest()[:16]


def _made(frame: Any) -> Any:
    if isinstance(frame, pa.Table):
        return frame
    if not hasattr(frame, "iloc"):
        return frame.to_arrow() if hasattr(frame, "to_arrow") else pa.table(frame)
    names = [str(column) for column in frame.columns]
    return pa.table([_pandas_column(frame.iloc[:, number]) for number in range(len(names))], names=names)


def _pandas_column(series: Any) -> Any:
    """One column of pandas: NaN is null, and values of several kinds become text."""
    try:
        array = pa.Array.from_pandas(series)
        if not isinstance(array.type, pa.BaseExtensionType):
            return array
    except (pa.ArrowException, TypeError, ValueError, ArithmeticError):
        pass
    return pa.array([None if no else _text(cell) for cell, no in zip(series, series.isna(), strict=True)], pa.string())


def _text(value: Any) -> str:
    """Mixed ids: 12 and 12.0 are the same."""
    if isinstance(value, float | Decimal) and isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def _readable(column: Any) -> Any:
    """A column of a kind that engines have; any other as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _readable(column.dictionary_decode())
    if pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    of_engines = (
        pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind)
        or pa.types.is_decimal128(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
        or pa.types.is_date(kind) or pa.types.is_timestamp(kind) or pa.types.is_list(kind) or pa.types.is_map(kind)
    )  # fmt: skip
    if of_engines:
        return column
    values = column.to_pylist()
    return pa.array([None if value is None else str(value) for value in values], pa.string())


class _Sink:
    """A file that only remembers the hash of what is written."""

    def __init__(self, digest: Any) -> None:
        self._digest, self.closed = digest, False

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def writable(self) -> bool:
        """Bytes are welcome."""
        return True

    def close(self) -> None:
        """No more bytes."""
        self.closed = True
