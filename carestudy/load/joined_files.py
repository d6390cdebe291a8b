"""Columns of another file, put beside the rows of a table by a key that the other file has once at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from operator import and_
from typing import Any

from carestudy.care import Joined, Settings, UnmetWords
from carestudy.contract import CareError, listed
from carestudy.engine import Table
from carestudy.load import parse, vocabulary
from carestudy.load.engine import Engine
from carestudy.load.mapping import ENCODINGS, known
from carestudy.load.parse import Forms
from carestudy.load.plain_names import BROKEN, LINE, OWN, Headers, plain
from carestudy.load.unmet import unmet_words

SUCH = 'join = [{ source = "status.xlsx", on = "customer_id" }]'
KEY, TIMES = "carestudy_key", "carestudy_times"


@dataclass(frozen=True)
class Join:
    """The other file, and which of our headers holds what in which of theirs; ``where`` leaves out other rows of it."""

    source: tuple[str, ...]
    on: Mapping[str, str]
    sheet: tuple[str, ...] = ()
    encoding: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def joins(written: Any, where: str, texts: Any, words: Any) -> tuple[Join, ...]:
    """What ``join`` of a table says; ``texts`` and ``words`` read a list of texts, and a condition."""
    several = [written] if isinstance(written, Mapping) else written
    if not isinstance(several, list) or not all(isinstance(section, Mapping) for section in several):
        raise CareError(f"{where}: join must be like {SUCH}")
    parsed = []
    for section in several:
        for name in section:
            known(name, [key.name for key in fields(Join)], f"{where} join")
        if not section.get("source") or not section.get("on"):
            raise CareError(f"{where}: a join says source and on, such as {SUCH}")
        if section.get("encoding", "utf-8") not in ENCODINGS:
            raise CareError(f"{where} join: encoding is one of {', '.join(ENCODINGS)}")
        condition = words(section["where"], f"{where} join") if "where" in section else {}
        source, sheet = (texts(section, name, f"{where} join") for name in ("source", "sheet"))
        parsed.append(Join(source, _on(section["on"], where), sheet, section.get("encoding"), condition))
    return tuple(parsed)


def _on(headers: Any, where: str) -> dict[str, str]:
    """Our headers and theirs: one that both have, several such, or pairs of them."""
    several = headers if isinstance(headers, list) else [headers]
    pairs = headers if isinstance(headers, Mapping) else {str(header): header for header in several}
    if not pairs or not all(isinstance(header, str) and header.strip() for pair in pairs.items() for header in pair):
        raise CareError(f'{where} join: on is a header that both have, or {{ "ma_dh" = "ma_don_hang" }} ')
    return dict(pairs)


@dataclass(frozen=True)
class Side:
    """A table of a join under the name of its file, with its rows numbered."""

    table: Any
    source: str
    stem: str = ""

    @property
    def columns(self) -> list[str]:
        """The columns that hold data."""
        return [column for column in self.table.columns if column not in OWN]

    def headers(self, names: Sequence[str], where: str) -> list[str]:
        """The columns that are called so."""
        headers = Headers({plain(column): column for column in self.columns}, where)
        return [headers.named(name) for name in names]


def joined(engine: Engine, name: str, sides: tuple[Side, Side], join: Join, where: str) -> tuple[Any, Joined]:
    """The rows of one side, each once, with the columns of the other; refused if its key repeats or matches nothing."""
    ours, theirs = sides
    our_headers = ours.headers(list(join.on), f"{where} join: on, in {ours.source}")
    their_headers = theirs.headers(list(join.on.values()), f"{where} join: on, in {theirs.source}")
    their_rows = engine.kept(f"{name}_others", _keyed(_wanted(theirs, join, where), their_headers))
    rows = _with_key(ours.table, our_headers)
    _refuse_repeats(their_rows, theirs.source, f"{where} join: {' and '.join(join.on.values())}")
    headers = Headers({plain(column): column for column in theirs.columns}, f"{where} join: where")
    unmet = unmet_words(theirs.table, theirs.source, list(join.where.items()), headers)
    new = {column: _new_name(column, ours, theirs, where) for column in theirs.columns if column not in their_headers}
    both = rows.left_join(their_rows, rows[KEY] == their_rows[KEY + "_there"])
    added = {called: both[f"carestudy_there_{column}"] for column, called in new.items()}
    both = both.select(*ours.table.columns, **added, **{TIMES: both[KEY + "_there"].notnull()})
    joined_table = engine.kept(f"{name}_joined", both, by=LINE)
    totals = (
        joined_table.aggregate(rows=joined_table.count(), matched=joined_table.count(where=joined_table[TIMES]))
        .to_pyarrow()
        .to_pylist()[0]
    )
    shown = " and ".join(
        our_header if our_header == their_header else f"{our_header} = {their_header}"
        for our_header, their_header in join.on.items()
    )
    if totals["rows"] and not totals["matched"]:
        raise CareError(
            f"{where} join: none of {totals['rows']:,} rows of {ours.source} has its {shown} in {theirs.source}"
            + _as_where_wants(unmet)
        )
    counted = Joined(ours.source, theirs.source, shown, totals["rows"], totals["matched"], tuple(unmet))
    return joined_table.drop(TIMES), counted


def _as_where_wants(unmet: Sequence[UnmetWords]) -> str:
    """That a condition lists words which no cell of the other file holds, and which words there are."""
    absences = [
        f"no {unmet_words.column} there is {listed(unmet_words.words)}, as where wants" for unmet_words in unmet
    ]
    present_words = [
        f"; there are {listed(unmet_words.present)}" if unmet_words.present else "" for unmet_words in unmet
    ]
    return "".join(f"; {unmet_words}{present}" for unmet_words, present in zip(absences, present_words, strict=True))


def _wanted(theirs: Side, join: Join, where: str) -> Table:
    """The rows of the other file that can be read and that its condition lets in."""
    table = theirs.table
    if BROKEN in table.columns:
        table = table.filter(table[BROKEN].isnull())
    for name, words in join.where.items():
        (column,) = theirs.headers([name], f"{where} join: where, in {theirs.source}")
        table = table.filter(vocabulary.holds(table[column], words))
    return table.select(*theirs.columns, LINE)


def _keyed(table: Any, headers: Sequence[str]) -> Table:
    """Rows with a key, those that are the same in every column once."""
    keyed = _with_key(table, headers)
    keyed = keyed.filter(keyed[KEY].notnull())
    data = [column for column in table.columns if column != LINE]
    once = keyed.group_by([KEY, *data]).aggregate(**{LINE: keyed[LINE].min()})
    return once.select(
        **{KEY + "_there": once[KEY], "carestudy_there_line": once[LINE]},
        **{f"carestudy_there_{column}": once[column] for column in data},
    )


def _with_key(table: Table, columns: Sequence[str]) -> Table:
    """The key of each row as text, empty where any of its cells is: what is empty matches nothing."""
    forms = Forms(Settings())
    texts = [parse.clean(parse.as_text(table[column])).re_replace(*parse.POINT_ZERO) for column in columns]
    filled = reduce(and_, (parse.present(table[column], forms) for column in columns))
    key = reduce(lambda left, right: left + "\n" + right, texts)
    return table.mutate(**{KEY: filled.ifelse(key, key.nullif(key))})


def _refuse_repeats(keyed: Table, source: str, where: str) -> None:
    key = keyed[KEY + "_there"]
    counted = keyed.aggregate(rows=keyed.count(), keys=key.nunique()).to_pyarrow().to_pylist()[0]
    if counted["rows"] == counted["keys"]:
        return
    groups = keyed.group_by(KEY + "_there").aggregate(n=keyed.count(), line=keyed.carestudy_there_line.max())
    again = groups.filter(groups.n > 1).order_by("line").limit(3).to_pyarrow()["line"].to_pylist()
    raise CareError(
        f"{where}: {source} has {counted['rows']:,} rows for {counted['keys']:,} different keys (again in rows "
        f"{', '.join(f'{line:,}' for line in again)}), so rows would be multiplied: say which of them count with "
        'where = { "column" = ["word"] }, or join on more columns'
    )


def _new_name(column: str, ours: Side, theirs: Side, where: str) -> str:
    if column not in ours.columns:
        return column
    called = f"{theirs.stem}.{column}"
    if called in ours.columns:
        raise CareError(f"{where} join: there would be two columns called '{called}': give one file another name")
    return called
