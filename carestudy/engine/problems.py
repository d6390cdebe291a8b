"""What goes wrong in an engine, in words of our own: its messages may quote the data."""

from __future__ import annotations

OUT_OF_MEMORY = "OutOfMemoryException"  # of DuckDB
DRIVERS = ("psycopg", "duckdb", "_duckdb", "pyspark", "py4j", "MySQLdb", "sqlite3", "grpc", "pyarrow")
# What the first letters of an SQLSTATE mean, the longest first.
STATES = {
    "42501": "its user may not read this",
    "42P01": "a table is no longer there",
    "42703": "a column is no longer there",
    "28": "user or password is wrong",
    "3D": "there is no such database",
    "08": "the connection was lost",
    "57": "the connection was ended or the query cancelled",
    "53": "it has no memory, disk or connection left",
    "22": "a value does not fit where it has to go",
}


def trouble(problem: Exception) -> str:
    """What kind of problem an engine has, in words of our own."""
    state = getattr(problem, "sqlstate", None) or _state(problem)
    reason = next((words for start, words in STATES.items() if state and state.startswith(start)), None)
    if type(problem).__name__ == OUT_OF_MEMORY:
        reason = "too little memory is allowed: raise memory_limit in care.toml, or leave it out"
    if (
        reason is None
        and type(problem).__module__.startswith("psycopg")
        and type(problem).__name__ == "OperationalError"
    ):
        reason = STATES["08"]
    return reason or (f"{type(problem).__name__} {state}" if state else type(problem).__name__)


def _state(problem: Exception) -> str | None:
    """The SQLSTATE that Spark gives."""
    ask = getattr(problem, "getSqlState", None)
    return str(ask()) if ask is not None and ask() else None
