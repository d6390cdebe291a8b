"""The cells of an export row by row, for comparisons between columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.load.plain_names import plain
from carestudy.recognise.column import Column
from carestudy.recognise.dates import Dates
from carestudy.recognise.folder import Export
from carestudy.recognise.numbers import DEFAULT, MARKS_OF, TRIM

ISO_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def texts(export: Export, name: str) -> Any:
    """The cells of one column as trimmed text, in the order of the rows; None where a sheet lacks it."""
    chunks = []
    for sheet in export.sheets:
        positions = [position for position, header in enumerate(sheet.names) if plain(header) == plain(name)]
        if not positions:
            return None
        cells = sheet.cells.column(positions[0])
        chunks += [_text(chunk) for chunk in (cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells])]
    joined = pa.chunked_array(chunks, pa.string()).combine_chunks()
    trimmed = pc.utf8_trim_whitespace(joined)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def numbers(export: Export, column: Column) -> Any:
    """The cells of a column of numbers, NaN where there is none; None where the rows cannot be had."""
    cells = texts(export, column.name)
    if cells is None:
        return None
    group, point = MARKS_OF[column.numbers.form or DEFAULT]
    negative = pc.match_substring_regex(cells, r"^\s*(-|\()")
    bare = pc.replace_substring_regex(cells, TRIM, "")
    bare = pc.replace_substring(pc.replace_substring(bare, group, ""), point, ".")
    readable = pc.if_else(pc.match_substring_regex(bare, r"^\d{1,30}(\.\d+)?$"), bare, None)
    values = np.asarray(readable.cast(pa.float64()).fill_null(np.nan))
    return np.where(np.asarray(pc.is_in(negative, pa.array([True]))), -values, values)


def moments(export: Export, column: Column, days: Dates) -> Any:
    """The cells of a column of days as seconds, NaT where there is none; None where the rows cannot be had."""
    cells = texts(export, column.name)
    if cells is None or not days.share or days.choices or set(days.forms) & {"excel", "epoch", "epoch-ms"}:
        return None
    short = pc.utf8_slice_codeunits(pc.replace_substring(cells, "T", " "), 0, 19)
    read = [pc.strptime(cells, format=form, unit="s", error_is_null=True) for form in days.forms]
    read += [pc.strptime(short, format=form, unit="s", error_is_null=True) for form in ISO_FORMS]
    return np.asarray(pc.coalesce(*read)).astype("datetime64[s]")


def groups(cells: Any) -> Any:
    """For each row the number of its group of equal cells; empty cells are a group each."""
    encoded = pc.dictionary_encode(cells)
    codes = np.asarray(encoded.indices.fill_null(-1))
    empty = np.flatnonzero(codes < 0)
    codes = codes.copy()
    codes[empty] = len(encoded.dictionary) + np.arange(len(empty))
    return codes


def _text(chunk: Any) -> Any:
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.dictionary_decode()
    if pa.types.is_nested(chunk.type) or pa.types.is_binary(chunk.type):
        return pa.array([None if cell is None else str(cell) for cell in chunk.to_pylist()], pa.string())
    return chunk.cast(pa.string())
