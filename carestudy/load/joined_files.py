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
    if not isinstance(several, list) or not all(isinstance(one, Mapping) for one in several):
        raise CareError(f"{where}: join must be like {SUCH}")
    found = []
    for one in several:
        for name in one:
            known(name, [key.name for key in fields(Join)], f"{where} join")
        if not one.get("source") or not one.get("on"):
            raise CareError(f"{where}: a join says source and on, such as {SUCH}")
        if one.get("encoding", "utf-8") not in ENCODINGS:
            raise CareError(f"{where} join: encoding is one of {', '.join(ENCODINGS)}")
        condition = words(one["where"], f"{where} join") if "where" in one else {}
        source, sheet = (texts(one, name, f"{where} join") for name in ("source", "sheet"))
        found.append(Join(source, _on(one["on"], where), sheet, one.get("encoding"), condition))
    return tuple(found)


def _on(said: Any, where: str) -> dict[str, str]:
    """Our headers and theirs: one that both have, several such, or pairs of them."""
    several = said if isinstance(said, list) else [said]
    pairs = said if isinstance(said, Mapping) else {str(one): one for one in several}
    if not pairs or not all(isinstance(one, str) and one.strip() for pair in pairs.items() for one in pair):
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
    here = ours.headers(list(join.on), f"{where} join: on, in {ours.source}")
    there = theirs.headers(list(join.on.values()), f"{where} join: on, in {theirs.source}")
    others = engine.kept(f"{name}_others", _keyed(_wanted(theirs, join, where), there))
    rows = _with_key(ours.table, here)
    _refuse_repeats(others, theirs.source, f"{where} join: {' and '.join(join.on.values())}")
    headers = Headers({plain(column): column for column in theirs.columns}, f"{where} join: where")
    unmet = unmet_words(theirs.table, theirs.source, list(join.where.items()), headers)
    new = {column: _new_name(column, ours, theirs, where) for column in theirs.columns if column not in there}
    both = rows.left_join(others, rows[KEY] == others[KEY + "_there"])
    added = {called: both[f"carestudy_there_{column}"] for column, called in new.items()}
    both = both.select(*ours.table.columns, **added, **{TIMES: both[KEY + "_there"].notnull()})
    whole = engine.kept(f"{name}_joined", both, by=LINE)
    found = whole.aggregate(rows=whole.count(), matched=whole.count(where=whole[TIMES])).to_pyarrow().to_pylist()[0]
    shown = " and ".join(one if one == other else f"{one} = {other}" for one, other in join.on.items())
    if found["rows"] and not found["matched"]:
        raise CareError(
            f"{where} join: none of {found['rows']:,} rows of {ours.source} has its {shown} in {theirs.source}"
            + _as_where_wants(unmet)
        )
    counted = Joined(ours.source, theirs.source, shown, found["rows"], found["matched"], tuple(unmet))
    return whole.drop(TIMES), counted


def _as_where_wants(unmet: Sequence[UnmetWords]) -> str:
    """That a condition lists words which no cell of the other file holds, and which words there are."""
    said = [f"no {one.column} there is {listed(one.words)}, as where wants" for one in unmet]
    there = [f"; there are {listed(one.present)}" if one.present else "" for one in unmet]
    return "".join(f"; {one}{other}" for one, other in zip(said, there, strict=True))


def _wanted(theirs: Side, join: Join, where: str) -> Table:
    """The rows of the other file that can be read and that its condition lets in."""
    table = theirs.table
    if BROKEN in table.columns:
        table = table.filter(table[BROKEN].isnull())
    for name, words in join.where.items():
        (column,) = theirs.headers([name], f"{where} join: where, in {theirs.source}")
        table = table.filter(vocabulary.holds(table[column], words))
    return table.select(*theirs.columns, LINE)


def _keyed(table: Any, there: Sequence[str]) -> Table:
    """Rows with a key, those that are the same in every column once."""
    keyed = _with_key(table, there)
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
    said = reduce(and_, (parse.present(table[column], forms) for column in columns))
    key = reduce(lambda one, other: one + "\n" + other, texts)
    return table.mutate(**{KEY: said.ifelse(key, key.nullif(key))})


def _refuse_repeats(others: Table, source: str, where: str) -> None:
    key = others[KEY + "_there"]
    counted = others.aggregate(rows=others.count(), keys=key.nunique()).to_pyarrow().to_pylist()[0]
    if counted["rows"] == counted["keys"]:
        return
    groups = others.group_by(KEY + "_there").aggregate(n=others.count(), line=others.carestudy_there_line.max())
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
