"""Tables in somebody's database, by URL or Ibis connection."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import finalize

import duckdb
import ibis

from carestudy.care import Settings
from carestudy.contract import TABLES, CareError
from carestudy.engine import Table, row_number, trouble
from carestudy.load import parse, typed, vocabulary
from carestudy.load.engine import Database, Engine, asked
from carestudy.load.mapping import FILE, known
from carestudy.load.melt import by_year
from carestudy.load.plain_names import LINE, plain
from carestudy.load.raw import Mapped, Raw
from carestudy.load.renaming import renamed, resolved
from carestudy.load.source import Source
from carestudy.load.sources import Refused, from_frames, looked_up, named_by_environment, raised

SPECIAL = re.compile(r"[@:/?#\[\] ]|%(?![0-9A-Fa-f]{2})")  # in a password, they mean something else in an address
ADVISED = "CARE_PASSWORD"  # the variable that an advice names
VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")

DUCKDB_TABLES = """
SELECT DISTINCT table_name FROM information_schema.tables
WHERE table_catalog IN (current_catalog(), 'temp') AND table_schema = current_schema() ORDER BY table_name
"""


def from_tables(
    given: Mapping[str, Any], sources: Mapping[str, Source] | None = None, settings: Settings | None = None
) -> tuple[Database | Engine, dict[str, Raw]]:
    """Ibis tables, as they stand in somebody's database; its rows are numbered in the order of what they hold.

    Only DuckDB parses text by the rules of the contract. Tables of PostgreSQL and Spark stay where they are if every
    column of the contract has its type; those of other databases are read into our own engine.
    """
    said = settings or Settings()
    kinds = {name: asked(f"table '{name}'", table.get_backend).name for name, table in given.items()}
    if set(kinds.values()) == {"pyspark"}:
        given = {name: asked(f"table '{name}'", partial(typed.zoned, table)) for name, table in given.items()}
    made = any(_needs_us(_said(sources, name)) for name in given)
    in_memory = said.in_memory or made
    stays = not in_memory and _has_types(given, sources or {}, set(kinds.values()))
    if in_memory or (set(kinds.values()) != {"duckdb"} and not stays):
        rows = _read(given, kinds)
        engine, read = from_frames(rows, Engine(said))
        return engine, {
            name: replace(raw, source=f"{kinds[name]}/{name}", tables=(Mapped(raw.table, _said(sources, name)),))
            for name, raw in read.items()
        }
    results = {}
    for name, table in given.items():
        in_order = row_number().over(order_by=[table[column] for column in _sortable(table, name)])
        mapped = Mapped(table.mutate(**{LINE: in_order + 1}), _said(sources, name))
        results[name] = Raw((mapped,), f"{kinds[name]}/{name}", "", typed=stays)
    return Database(), results


def _read(given: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The rows of all tables, where the database can show them so as they were at one moment."""
    backends = {id(table.get_backend()): table.get_backend() for table in given.values()}
    with warnings.catch_warnings(), ExitStack() as moments:
        warnings.simplefilter("ignore")  # Ibis asks pandas for an option on its way out of some
        for backend in backends.values():
            if backend.name == "postgres":
                moments.enter_context(backend.con.transaction())
                backend.con.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return {n: asked(f"{kinds[n]}/{n}", _typed(t, kinds[n], n).to_pyarrow) for n, t in given.items()}


def from_connection(
    connection: Any, sources: Mapping[str, Source], settings: Settings, refused: Refused = raised
) -> tuple[Database | Engine, dict[str, Raw]]:
    """Tables of a database that are named as in the contract, or as care.toml names them."""
    there = {table.lower(): table for table in asked("the database", lambda: _table_names(connection))}
    tables = {}
    for name in TABLES:
        try:
            _refuse_files(sources.get(name, Source()), name)
            said = sources.get(name, Source()).source
            if said or name in there:
                tables[name] = _named(connection, there, name, said or (name,))
        except CareError as error:
            refused(error)
    if not tables:
        raise CareError(f"the database holds no table of the contract: {', '.join(TABLES)}; name yours in {FILE}")
    return from_tables(tables, sources, settings)


def _table_names(connection: Any) -> list[str]:
    """The tables of a database; Ibis lists those of DuckDB by a method that DuckDB 2 no longer has."""
    if connection.name != "duckdb":
        return list(connection.list_tables())
    rows = connection.con.execute(DUCKDB_TABLES).fetchall()
    return [name for (name,) in rows]


def _refuse_files(source: Source, name: str) -> None:
    """In a database, tables are put together there."""
    if source.sources or source.join:
        what = "sources" if source.sources else "join"
        raise CareError(f"{FILE} [{name}]: {what} is for files: make a view in the database, and name that as source")


def from_url(
    url: str, sources: Mapping[str, Source], settings: Settings, refused: Refused = raised
) -> tuple[Database | Engine, dict[str, Raw]]:
    """Tables of the database at an address; the address, which may hold a password, is never repeated."""
    kind, _, place = url.partition("://")
    # A file that is not there would be made, and one that is there is only read.
    if kind == "duckdb" and place and not Path(place.partition("?")[0]).is_file():
        raise CareError("the database (duckdb) cannot be opened: there is no such file")
    options = {"read_only": True} if kind == "duckdb" and place else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a server without tables of time zones; ours are Python's
            connection = ibis.connect(url, **options)
    except Exception as problem:  # noqa: BLE001  the driver's own words may hold the password
        raise CareError(f"the database ({kind}) cannot be opened: {_mend(problem, url)}") from None
    if connection.name == "postgres":
        finalize(connection, connection.con.close)  # the server is told when nobody needs it any more
    return from_connection(connection, sources, settings, refused)


def address(written: str) -> str:
    """An address with what the environment says for $NAME: alone the whole address, within it a password or user."""
    if VARIABLE.fullmatch(written):
        return named_by_environment("$" + VARIABLE.findall(written)[0])
    return VARIABLE.sub(lambda found: quote(_of_address(found[1]), safe=""), written)


def _of_address(name: str) -> str:
    """What a variable within an address holds."""
    try:
        return looked_up(name)
    except CareError:
        raise CareError(
            f"environment variable {name} is not set, and the address of the database names it. Where $ belongs to the "
            f"password, put the password alone into a variable, such as {ADVISED}, and write ${ADVISED} in its place"
        ) from None


def _said(sources: Mapping[str, Source] | None, name: str) -> Source:
    """What care.toml says of a table."""
    return (sources or {}).get(name, Source())


def _needs_us(source: Source) -> bool:
    """Whether rows are put together, left out or renamed by what only our own engine does."""
    dated = any(vocabulary.DATE in theirs for words in source.values.values() for theirs in words)
    return bool(source.sum_by or source.where or dated or by_year(source))


def _has_types(given: Mapping[str, Any], sources: Mapping[str, Source], kinds: set[str]) -> bool:
    """Whether the tables stand in one database that can be left to compute, each column with its type."""
    if len(kinds) != 1 or not kinds <= set(typed.ENGINES):
        return False
    for name, table in given.items():
        source = resolved(table, TABLES[name], sources.get(name, Source()), name)
        if not all(entry.as_it_stands for entry in source.columns.values()):
            return False
        if typed.untyped(renamed(table, TABLES[name], source, name), TABLES[name], source):
            return False
    return True


def _mend(problem: Exception, url: str) -> str:
    """What to do about a database that cannot be opened, without a letter of its password."""
    if isinstance(problem, ImportError):
        return "its driver is missing; pip install 'carestudy[postgres]' or 'carestudy[mysql]' brings it"
    if isinstance(problem, duckdb.IOException) and "version number" in str(problem):
        return (
            f"the file was written by a newer DuckDB than the {duckdb.__version__} that is installed here: install a "
            "newer one (pip install -U duckdb), or export the tables as Parquet with the program that wrote the file"
        )
    refused = type(problem).__name__ == "OperationalError"  # a driver does not say which of the two
    told = "the server does not answer or refuses the user" if refused else trouble(problem)
    advice = "is it there, and are address, user and password right?"
    return f"{told}: {_unwritten(url) or advice}"


def _unwritten(url: str) -> str:
    """How to write a password that has letters with another meaning in an address; nothing where it has none."""
    kind, _, rest = url.partition("://")
    user, colon, password = rest.rpartition("@")[0].partition(":")
    if not (colon and user and SPECIAL.search(password)):
        return ""
    return (
        "its password has letters that mean something else in an address, such as @ : / ? # or %. Put the password "
        f"alone into an environment variable, such as {ADVISED}, and write the variable in its place: "
        f"{kind}://user:${ADVISED}@server/database"
    )


def _named(connection: Any, there: Mapping[str, str], name: str, said: tuple[str, ...]) -> Any:
    """The table that care.toml names, in the schema that it names."""
    if len(said) > 1:
        raise CareError(f"{FILE} [{name}]: source names one table of a database")
    schema, _, table = said[0].rpartition(".")
    if schema:
        return asked(f"table '{said[0]}'", lambda: connection.table(table, database=schema))
    known(table.lower(), list(there), f"{FILE} [{name}] source")
    return asked(f"table '{table}'", lambda: connection.table(there[table.lower()]))


def _typed(table: Table, kind: str, name: str) -> Any:
    """The rows in order; those of SQLite as text, because it keeps words in columns of numbers."""
    rows = table.order_by(_sortable(table, name))
    if kind == "postgres":
        return typed.held(rows)
    if kind != "sqlite":
        return rows
    cells = {
        column: (rows[column].typeof() == "real").ifelse(
            parse.printf("%.16e", rows[column].cast("float64")), rows[column].cast("string")
        )
        for column in rows.columns
    }
    return rows.select(**cells)


def _sortable(table: Table, name: str) -> list[str]:
    """Columns whose values have an order, the key first."""
    nested = [column for column, kind in table.schema().items() if kind.is_nested() or kind.is_json()]
    first = [column for column in table.columns if plain(column) == TABLES[name].key]
    return first + [column for column in table.columns if column not in nested and column not in first]
