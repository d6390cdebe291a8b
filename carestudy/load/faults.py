"""How many rows of a table can be used, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from carestudy.care import Care, TableCount
from carestudy.contract import CareError, Contract
from carestudy.engine import OUT_OF_MEMORY, Table, Value, literal, row_number, union, window
from carestudy.load import exchanged, lists, precision
from carestudy.load.checks import MENDED, READABLE, REASON, TIDIED
from carestudy.load.mending import BEFORE, EMPTIED, ENDS, LEFT_EMPTY, MENDINGS, SLIPS
from carestudy.load.plain_names import LINE, UNREAD
from carestudy.load.raw import Raw
from carestudy.load.repeats import key

EXAMPLES = 5
SCANS = (1, 8, 64)  # over the keys of a table, as many as its memory needs
TITLE = "stands above the header: read as a title"
REPEATED = "is the name of several columns: each after the first has its number behind the name, such as (2)"
SPLIT = "held a separator that is not quoted, which cut it in two: put together"
COLUMNS = ["table", "column", "reason", "rows", "examples", "set_aside"]


@dataclass(frozen=True)
class Tally:
    """The counts of a table: its rows, those that can be used, how many keys these have, and their last days.

    Rows with text that was ``tidied`` are counted only where it was looked for. ``moments`` has the cells of each
    column of moments, and how many of them are at midnight.
    """

    read: int
    used: int
    keys: int
    last: dict[str, date]
    mended: dict[str, int]
    tidied: int = 0
    moments: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether no row was set aside or changed."""
        return not (self.aside or self.tidied or any(self.mended.values()))

    @property
    def left_empty(self) -> int:
        """The cells left empty in rows that are used."""
        return sum(rows for mending, rows in self.mended.items() if mending in LEFT_EMPTY)

    @property
    def aside(self) -> int:
        """The rows set aside."""
        return self.read - self.used


def tally(marked: Table, contract: Contract, raw: Raw, rows: Any = None) -> Tally:
    """The counts of marked rows; a column of which no value can be read is an error that says how to mend it.

    Where all can be used, keys are counted in the ``rows`` themselves, which is quicker where they are not kept.
    """
    good = marked[REASON].isnull()
    key_columns = key(contract.name, marked.columns)
    ends = [c for c in _ends(contract) if c in marked.columns]
    mended = [c.removeprefix(MENDED) for c in marked.columns if c.startswith(MENDED)]
    unread = [c for c in contract.columns if UNREAD + c in marked.columns and (c in ENDS or c not in EMPTIED)]
    counts = {"read": marked.count(), "used": marked.count(where=good)}
    counts |= {f"mended_{c}": marked.count(where=good & marked[MENDED + c]) for c in mended}
    counts |= {f"unread_{c}": marked.count(where=marked[UNREAD + c]) for c in unread}
    ordered = [MENDINGS[mending][0] for mending in mended if mending.endswith(BEFORE)]
    counts |= {f"said_{c}": marked[c].count() for c in {*unread, *ordered}}
    counts |= {f"last_{c}": marked[c].max(where=good).cast("date") for c in ends}
    counts |= precision.counts(marked, contract) | lists.written(marked, contract)
    if TIDIED in marked.columns:
        counts["tidied"] = marked.count(where=marked[TIDIED])
    ours = marked.get_backend().name == "duckdb"
    if key_columns and not ours:
        counts["keys"] = _key(marked, key_columns).nunique(where=good)
    totals = marked.aggregate(**counts).to_pyarrow().to_pylist()[0]
    if key_columns and ours:
        all_rows = marked if rows is None else rows
        totals["keys"] = _keys(all_rows if totals["used"] == totals["read"] else marked.filter(good), key_columns)
    lists.refuse_written(raw.source, totals)
    for column in unread:
        _refuse_unreadable(contract, raw.source, column, totals)
    for mending in mended:
        _refuse_backwards(raw.source, mending, totals)
    last = {c: totals[f"last_{c}"] for c in ends if totals[f"last_{c}"]}
    times = {c: totals[f"mended_{c}"] for c in mended}
    keys, moments = totals.get("keys", totals["used"]), precision.counted(totals)
    return Tally(totals["read"], totals["used"], keys, last, times, totals.get("tidied", 0), moments)


def told(name: str, marked: Table, counted: Tally, raw: Raw, turned: Sequence[Mapping[str, int]] = ()) -> pd.DataFrame:
    """Every fault of a table, a row each; a table of which nothing can be used is an error.

    ``turned`` are, for each source, columns of exchanged days and months, with how many there are.
    """
    rows = []
    if counted.aside:
        aside = marked.filter(marked[REASON].notnull())
        examples = _examples(aside, [REASON])
        _refuse_useless(raw.source, counted, examples)
        rows = [(*_split(fault[REASON]), fault["rows"], fault["examples"], True) for fault in examples]
    for mending, count in counted.mended.items():
        if count:
            some = marked.filter(marked[REASON].isnull() & marked[MENDED + mending])
            rows.append((*MENDINGS[mending], count, _examples(some, [])[0]["examples"], False))
    rows += [(column, exchanged.REASON, count, [], False) for fault in turned for column, count in fault.items()]
    if raw.titles:
        rows.append(("", TITLE, len(raw.titles), sorted(raw.titles)[:EXAMPLES], False))
    rows += [(column, SPLIT, len(lines), list(lines[:EXAMPLES]), False) for column, lines in raw.split.items()]
    rows += [(column, REPEATED, 1, [line], False) for column, line in raw.repeated.items()]
    places = TableCount(name, raw.source, 0, 0, 0, "", raw.places)
    told_rows = [(name, *row[:3], _shown(places, row[3]), row[4]) for row in sorted(rows)]
    return pd.DataFrame(told_rows, columns=COLUMNS).astype({"rows": "int64", "set_aside": bool})


def set_aside(care: Care) -> pd.DataFrame:
    """Every row set aside, by table, file and line, with its column and the reason, and none of its data.

    Lines are those of a CSV file (the header is line 1) or of a sheet; rows of frames, Parquet and databases are
    numbered from 1.
    """
    counts = {count.table: count for count in care.counts}
    pieces = [
        (name, *counts[name].place(row[LINE]), *_split(row[REASON]))
        for name, rows in care.aside.items()
        for row in rows.order_by(LINE).to_pyarrow().to_pylist()
    ]
    return pd.DataFrame(pieces, columns=["table", "source", "line", "column", "reason"])


def left_empty(care: Care) -> pd.DataFrame:
    """Every cell that is left empty in a row that counts, in the form of ``set_aside``."""
    return set_aside(replace(care, aside=care.left_empty))


def cells_left_empty(marked: Table) -> Any:
    """The lines of rows that count with cells left empty, and why; None where no cell can be."""
    whats = [mending for mending in LEFT_EMPTY if MENDED + mending in marked.columns]
    good = marked.filter(marked[REASON].isnull())
    rows = [
        good.filter(good[MENDED + mending]).select(LINE, **{REASON: literal(" ".join(MENDINGS[mending]))})
        for mending in whats
    ]
    return union(*rows) if rows else None


def _shown(places: TableCount, numbers: list[int]) -> tuple[Any, ...]:
    """Where examples stand: the lines, after the name of their file where there are several."""
    if not places.places:
        return tuple(numbers)
    lines_by_file: dict[str, list[str]] = {}
    for file, line in map(places.place, numbers):
        lines_by_file.setdefault(file, []).append(str(line))
    return tuple(f"{file}: {', '.join(lines)}" for file, lines in lines_by_file.items())


def _ends(contract: Contract) -> list[str]:
    if contract.name == "customers":
        return ["joined_on", "left_on"]
    return [contract.time] if contract.time else []


def _key(rows: Any, key_columns: list[str]) -> Value:
    """The key of each row as one; a key of two parts counts by both."""
    text = rows[key_columns[0]]
    for column in key_columns[1:]:
        text = text + "\n" + rows[column].cast("string").fill_null("")
    return text


def _keys(rows: Table, key_columns: list[str]) -> int:
    """How many different keys rows have: grouped, they may be more than fit into memory.

    Where that is still too much they are counted in more parts, each key in one of them, with a scan for each part.
    """
    keys = rows.select(key=_key(rows, key_columns))
    for buckets in SCANS:
        try:
            return sum(_different(keys, bucket, buckets) for bucket in range(buckets))
        except Exception as problem:
            if type(problem).__name__ != OUT_OF_MEMORY or buckets == SCANS[-1]:
                raise
    return 0


def _different(keys: Table, bucket: int, buckets: int) -> int:
    ours = keys if buckets == 1 else keys.filter((keys.key.hash() % buckets).abs() == bucket)
    return int(ours.distinct().aggregate(keys=lambda table: table.key.count()).to_pyarrow()["keys"][0].as_py())


def _examples(rows: Table, by: list[str]) -> list[dict[str, Any]]:
    """How many rows each group has, and the first of their lines; asked in a way that every engine knows."""
    position = row_number().over(window(group_by=by, order_by=rows[LINE]))
    numbered = rows.select(*by, LINE, carestudy_place=position, carestudy_rows=rows.count().over(window(group_by=by)))
    first = numbered.filter(numbered.carestudy_place < EXAMPLES).order_by([*by, LINE])
    by_group: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in first.to_pyarrow().to_pylist():
        group = {name: row[name] for name in by}
        by_group.setdefault(tuple(group.values()), {**group, "rows": row["carestudy_rows"], "examples": []})
        by_group[tuple(group.values())]["examples"].append(row[LINE])
    return list(by_group.values())


def _split(reason: str) -> tuple[str, str]:
    column, _, wording = reason.partition(" ")
    return column, wording


def _refuse_unreadable(contract: Contract, source: str, column: str, totals: dict[str, Any]) -> None:
    wrong = totals[f"unread_{column}"]
    if wrong > 1 and not totals[f"said_{column}"] and not totals.get(f"mended_{column}{BEFORE}"):
        readable = READABLE[contract.columns[column]]
        raise CareError(f"{source}: {column} {readable}: none of its {wrong:,} values can be read")


def _refuse_backwards(source: str, mending: str, totals: dict[str, Any]) -> None:
    """Refuse ends most of which lie before their beginning: they are another column, or the two are exchanged."""
    column, reason = MENDINGS[mending]
    wrong, right = totals[f"mended_{mending}"], totals.get(f"said_{column}", 0)
    if mending.endswith(BEFORE) and wrong >= SLIPS and wrong > right:
        raise CareError(
            f"{source}: {column} {reason.partition(':')[0]} in {wrong:,} of {wrong + right:,} rows: the two are "
            f"exchanged, or it is another column; map the right one in care.toml, or none"
        )


def _refuse_useless(source: str, counted: Tally, examples: list[dict[str, Any]]) -> None:
    most = max(examples, key=lambda example: (example["rows"], example[REASON]))
    if not counted.used and not most[REASON].endswith("lies after as_of"):
        lines = ", ".join(f"{line:,}" for line in most["examples"])
        raise CareError(f"{source}: none of {counted.read:,} rows can be used; {most[REASON].strip()} (rows {lines})")
