"""Our own engine, in which what was read is kept; in somebody's database nothing is ever written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import ibis
from ibis.expr import operations as ops

from carestudy.care import Settings
from carestudy.contract import CareError
from carestudy.engine import Table, trouble
from carestudy.load.spill import spill_folder

FOR_A_CORE = 2_000_000_000  # bytes, with which one core groups a hundred million rows by customer
WILD = "[*?"  # letters of a name that the engine takes for a pattern


class Engine:
    """An embedded engine that reaches no network and, once the data are in, no file but the Parquet they are in."""

    # Whether the process is going to be copied once the data are in: a copy has none of the threads of its original.
    copied: ClassVar[bool] = False

    def __init__(self, settings: Settings | None = None) -> None:
        self._backend = ibis.duckdb.connect()
        self._files: list[str] = []
        self.copies = bool(settings and settings.in_memory)
        self._limited(settings or Settings())
        self._backend.raw_sql("SET autoinstall_known_extensions = false")
        self._backend.raw_sql("SET autoload_known_extensions = false")

    def _limited(self, settings: Settings) -> None:
        """Use no more memory than is allowed, and put what does not fit where the company says.

        Cores that share little memory take it from each other until none can go on: each has a part of its own.
        Each engine has a folder of its own there, which is made when it is needed, and taken away with the engine.
        """
        self._spill_root = settings.spill_folder
        self._spill_into_new_folder()
        if settings.memory_limit is not None:
            self._backend.raw_sql(f"SET memory_limit = {_quoted(settings.memory_limit)}")
        if settings.memory_limit is not None:
            cores = max(1, _bytes(settings.memory_limit) // FOR_A_CORE)
            self._backend.raw_sql(f"SET threads = {min(self._setting('threads'), cores)}")

    def _spill_into_new_folder(self) -> None:
        self._spill, self._process = spill_folder(self._spill_root), os.getpid()
        self._backend.raw_sql(f"SET temp_directory = {_quoted(str(self._spill))}")

    @property
    def has_spilled(self) -> bool:
        """Whether rows are, or were, on disk: copies of the process would read and write the same open files."""
        return self._spill.exists()

    def arrow(self, name: str, table: Any) -> Any:
        """An Arrow table as it lies in memory."""
        self._backend.con.register(name, table)
        return self._backend.table(name)

    def parquet(self, name: str, paths: Sequence[str]) -> Any:
        """Parquet files in one scan, the rows of each numbered from 0 in ``file_row_number``, the files likewise."""
        # A name with brackets or stars would be read as a pattern of many files: it goes in as one literal file.
        literal = ["".join(f"[{letter}]" if letter in WILD else letter for letter in path) for path in paths]
        self._files += paths
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in literal)
        file = ", file_index" if len(paths) > 1 else ""
        read = f"read_parquet([{listed}], file_row_number = true)"
        self._backend.raw_sql(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT *{file} FROM {read}')  # noqa: S608
        return self._backend.table(name)

    def step(self, name: str, table: Any) -> Any:
        """A table under a name: what is computed from it does not compute it twice."""
        return self._made("VIEW", name, table)

    def kept(self, name: str, table: Table, by: str | None = None) -> Any:
        """A table computed once and for all, its rows in the order of a column whatever cores computed them."""
        return self._made("TABLE", name, table if by is None else table.order_by(by))

    def close_doors(self) -> None:
        """From here on no file is read but Parquet, which may not have been copied, and no setting is changed.

        In a process that is going to be copied, each copy closes its own: its folder on disk must be set before.
        """
        self._threads = self._setting("threads")
        if self.copied:
            self._backend.raw_sql("SET threads = 1")
        else:
            self.locked()

    def locked(self) -> None:
        """Close the doors, unless they are closed; a copy of the process has as many threads as its original had, and
        a spill folder of its own."""
        if self._setting("lock_configuration"):
            return
        if self._process != os.getpid():
            self._spill_into_new_folder()
        self._backend.con.execute("SET allowed_paths = ?", [self._files])
        self._backend.raw_sql("SET enable_external_access = false")
        self._backend.raw_sql(f"SET threads = {self._threads}")
        self._backend.raw_sql("SET lock_configuration = true")

    def _setting(self, name: str) -> Any:
        ((value,),) = self._backend.con.execute(f"SELECT current_setting('{name}')").fetchall()
        return value

    def _made(self, what: str, name: str, table: Table) -> Any:
        self._backend.raw_sql(f'CREATE OR REPLACE TEMP {what} "{name}" AS {self._backend.compile(table)}')
        # What its columns are is known: the engine need not be asked.
        return ops.DatabaseTable(name, table.schema(), self._backend, ops.Namespace()).to_expr()


class Database:
    """Somebody's database, where tables stay expressions."""

    has_spilled = False

    def step(self, name: str, table: Any, by: str | None = None) -> Any:  # noqa: ARG002
        """The table itself."""
        return table

    kept = step

    def close_doors(self) -> None:
        """Its doors are not ours."""

    def locked(self) -> None:
        """Its settings are not ours."""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _bytes(written: str) -> int:
    """A size as it is written in care.toml, such as 2GB or 1.5 GiB."""
    number, unit = written.rstrip("iB")[:-1], written.rstrip("iB")[-1]
    return int(float(number) * (1024 if written.endswith("iB") else 1000) ** ("KMGT".index(unit) + 1))


def asked(source: str, question: Callable[[], Any]) -> Any:
    """What an engine answers; that it cannot is told without its own words, which may quote the data."""
    try:
        return question()
    except CareError:
        raise
    except Exception as problem:  # noqa: BLE001
        raise CareError(f"{source} cannot be read: {trouble(problem)}") from None
