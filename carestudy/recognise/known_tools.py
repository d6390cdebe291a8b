"""The exports of known tools: which tool wrote a file, and what its columns are, as tools/*.toml say.

A file of tools/ describes one tool, with one ``[[exports]]`` for each form in which it writes a table:

- ``called``: what init calls such a file; ``table``: the table of the contract its rows belong to, or ``unusable``:
  why its rows belong to none;
- ``headers``: what must be there, each a header or a list of which one must be; ``some`` of which ``least`` must be;
  ``starts``: what its first column is called; ``asking``: whether a header must be a question; ``files``: patterns of
  names, which stand for one of ``some``; ``*`` at the end of a header stands for any rest, such as a time zone;
- ``columns`` and ``questions``: as in care.toml, but a list holds alternatives, the best first, and a date and a clock
  in two columns are ``{ together = [...] }``; ``values``: the words of a column, and
  ``beginnings``: how sentences in it begin that need no word; ``empty``: what is written for
  nothing; ``keys``: what else the table says; ``repeats``: whether an id may repeat without a question;
- ``currency``: what its amounts are in, where that is always so;
- ``ignored``: columns that no table needs; ``custom``: whether the columns that are left may be guessed;
- ``notes``: what is good to know; ``doubts``: what is asked where a column says something;
- ``also``: whether it stands beside the first form that fits; ``documented``: whether the headers are taken from a
  description of the export itself, without which no column is sure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.load.parse import NO
from carestudy.load.plain_names import plain
from carestudy.recognise.cells import agrees
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export

OPERANDS = re.compile(r"`([^`]+)`")
OPERATORS = re.compile(r"\s[-+*/−×÷]\s")
DURATION = r"(?i)^-?(\d+:\d{2}(:\d{2})?|(\d+([.,]\d+)?\s?\p{L}+[\s,]*)+)$"
MOST, HALF = 0.8, 0.5
NEEDED = ("customer_id", "answered_at")  # columns of which few cells may be empty
WORDS = 4  # a longer header is a sentence
Headers = Mapping[str, Column]


@dataclass(frozen=True)
class Form:
    """A form in which a tool writes a table."""

    tool: str
    called: str
    table: str = ""
    unusable: str = ""
    headers: Sequence[Any] = ()
    some: Sequence[str] = ()
    least: int = 0
    starts: Sequence[str] = ()
    files: Sequence[str] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    questions: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    beginnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    empty: Sequence[str] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)
    currency: str = ""
    ignored: Sequence[str] = ()
    notes: Sequence[str] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    asking: bool = False
    repeats: bool = False
    custom: bool = False
    also: bool = False
    documented: bool = True

    def evidence(self, export: Export) -> int:
        """How many headers of an export speak for this form; none where one is missing that must be there."""
        columns = {plain(column.name): column for column in export.columns}
        needed = [[header] if isinstance(header, str) else header for header in self.headers]
        if not columns or not all(any(_find(columns, needed_header) for needed_header in names) for names in needed):
            return 0
        if self.starts and next(iter(columns)) not in map(plain, self.starts):
            return 0
        if self.asking and not any("?" in name or len(name.split()) > WORDS for name in columns):
            return 0
        file_matches = any(fnmatchcase(plain(name), pattern) for name in export.files for pattern in self.files)
        n_found = sum(_find(columns, needed_header) is not None for needed_header in self.some)
        return len(needed) + bool(self.starts) + n_found if n_found + file_matches >= self.least else 0


@dataclass(frozen=True)
class Known:
    """A column that a tool's file names: the column of the export, what care.toml says of it, and whether both fit."""

    column: Column
    entry: Any
    fits: bool


@dataclass(frozen=True)
class Sighting:
    """An export in the form of a tool, with the columns and questions that are there."""

    form: Form
    columns: Mapping[str, Known]
    questions: Mapping[str, Known]


@cache
def forms() -> tuple[Form, ...]:
    """Every form of every tool."""
    written = [
        tomllib.loads(path.read_text("utf-8"))
        for path in sorted(files("carestudy.recognise").joinpath("tools").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    ]
    return tuple(
        Form(tool=tool_file["tool"], **form_fields) for tool_file in written for form_fields in tool_file["exports"]
    )


def sightings(export: Export) -> list[Sighting]:
    """The form that an export has, with those of the same tool that stand beside it; none where no tool is known."""
    candidates = [(strength, form) for form in forms() if (strength := form.evidence(export))]
    first = max((pair for pair in candidates if not pair[1].also), key=lambda pair: pair[0], default=None)
    if first is None:
        return []
    beside = [form for _, form in candidates if form.also and form.tool == first[1].tool]
    return [_sighting(form, export) for form in (first[1], *beside)]


def _find(columns: Headers, header: str) -> Column | None:
    """The column of this name, or one that begins so where the header ends in *."""
    name = plain(header)
    if not name.endswith("*"):
        return columns.get(name)
    return next((column for column_name, column in columns.items() if column_name.startswith(name[:-1])), None)


def doubts(form: Form, export: Export) -> list[str]:
    """The questions about an export whose columns hold more than empty cells, no and zero."""
    by_plain_name = {plain(column.name): column for column in export.columns}
    columns = [(_find(by_plain_name, header), question) for header, question in form.doubts.items()]
    return [f"'{column.name}' {question}" for column, question in columns if column is not None and _speaks(column)]


def _speaks(column: Column) -> bool:
    silent = {*NO, *column.nothing, "0", "0.0", "0.00", "0,00"}
    return any(plain(text) not in silent for text in column.values.to_pylist())


def _sighting(form: Form, export: Export) -> Sighting:
    headers = {plain(column.name): column for column in export.columns}
    columns = {name: known for name, spec in form.columns.items() if (known := _known(form, name, spec, headers))}
    questions = {
        name: known for name, spec in form.questions.items() if (known := _known(form, "score", spec, headers))
    }
    return Sighting(form, columns, questions)


def _known(form: Form, name: str, spec: Any, columns: Headers) -> Known | None:
    """The best of the alternatives of which all columns are there.

    One that is filled comes before an empty one, and one of whose words all are known before one with others.
    """
    candidates = [
        known for alternative in _alternatives(spec) if (known := _from_alternative(form, name, alternative, columns))
    ]
    least = MOST if name in NEEDED else 0
    full = [known for known in candidates if known.column.filled > least * known.column.rows]
    full = [known for known in full if known.entry is not None or _covered(form, name, known.column)] or full
    return next(iter(full), max(candidates, key=lambda known: known.column.filled, default=None))


def _alternatives(spec: Any) -> Sequence[Any]:
    return spec if isinstance(spec, list) else [spec]


def _from_alternative(form: Form, name: str, spec: Any, columns_by_name: Headers) -> Known | None:
    if isinstance(spec, str):
        return _header(form, name, spec, columns_by_name)
    if "value" in spec and "where" not in spec:
        rows = next(iter(columns_by_name.values())).rows
        return Known(Column.of("", [pa.array([str(spec["value"])] * rows)]), spec, fits=True)
    needed = [*spec.get("together", ()), *spec.get("where", {}), *([spec["column"]] if "column" in spec else [])]
    used = [column for header in needed if (column := _find(columns_by_name, header))]
    if not needed or len(used) < len(needed):
        return None
    column = used[-1]
    entry = {key: _spelt(key, entry_value, columns_by_name) for key, entry_value in spec.items()}
    if "together" in spec:
        return Known(column, entry["together"], fits=all(bool(entry_value.filled) for entry_value in used))
    if {"after", "before"} & set(spec):
        return Known(column, entry, fits=_is_duration(column))
    return Known(column, entry, fits="value" in spec or _agrees(form, name, column))


def _header(form: Form, name: str, spec: str, columns_by_name: Headers) -> Known | None:
    column = _find(columns_by_name, spec)
    if column is not None:
        return Known(column, None, fits=_agrees(form, name, column))
    operands = [columns_by_name.get(plain(operand)) for operand in OPERANDS.findall(spec)]
    known = [column for column in operands if column is not None]
    if not OPERATORS.search(spec) or not known or len(known) < len(operands):
        return None
    entry = OPERANDS.sub(lambda match: f"`{columns_by_name[plain(match[1])].name}`", spec)
    return Known(known[0], entry, fits=all(not operand.filled or operand.numbers.share > MOST for operand in known))


def _spelt(key: str, value: Any, columns: Headers) -> Any:
    """Headers as the export spells them."""
    if key == "column":
        return _name(columns, value)
    if key == "together":
        return [_name(columns, header) for header in value]
    return {_name(columns, header): words for header, words in value.items()} if key == "where" else value


def _name(columns: Headers, header: str) -> str:
    column = _find(columns, header)
    return column.name if column else header


def _agrees(form: Form, name: str, column: Column) -> bool:
    """Whether the cells are what the tool's file says; words that it knows are what it says."""
    words = set(map(plain, (*form.values.get(name, {}), *form.empty))) if name in form.values else set()
    if words and column.filled:
        texts = column.values.to_pylist()
        known = [plain(text) in words or text in column.nothing for text in texts]
        return float(column.counts[np.array(known)].sum()) > HALF * column.filled or _fits(form, name, column)
    return _fits(form, name, column)


def _fits(form: Form, name: str, column: Column) -> bool:
    return name not in TABLES[form.table].columns or agrees(column, form.table, name) >= HALF


def unknown(form: Form, name: str, column: Column) -> list[str]:
    """The texts of a column of words that the tool's file does not list, and that begin like none that it knows."""
    if name not in form.values:
        return []
    words = set(map(plain, (*form.values[name], *form.empty)))
    known = tuple(map(plain, form.beginnings.get(name, ())))
    texts = [text for text in column.values.to_pylist() if plain(text) not in words and text not in column.nothing]
    return [text for text in texts if not plain(text).startswith(known)]


def _covered(form: Form, name: str, column: Column) -> bool:
    """Whether the tool's file lists every text of a column, where it lists any."""
    return not unknown(replace(form, beginnings={}), name, column)


def _is_duration(column: Column) -> bool:
    """Whether a column holds numbers or durations in words: 12, 1h 23m, 00:02:23."""
    if not column.filled or column.numbers.share > MOST:
        return True
    fits = np.asarray(pc.match_substring_regex(column.values, DURATION))
    return bool(column.counts[fits].sum() > MOST * column.filled)
