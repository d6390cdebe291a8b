#!/bin/sh
# DuckDB 1.5.6: fetching a time with a zone fails where pytz is not installed, and nothing installs pytz.
#
# The package declares no dependency on pytz, and pandas 3 brings it no more (pandas 2 did): the same query works or fails
# by what else is installed. As Arrow or as a frame the same column can be fetched. DuckDB 2.0.1 uses zoneinfo instead.
#
# Output seen:
#   duckdb 1.5.6, pandas 3.1.1, pytz is not installed
#   fetchall: InvalidInputException: Invalid Input Error: Required module 'pytz' failed to import
#   to_arrow_table: 2026-03-01 01:00:00 UTC
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==1.5.6 pandas==3.1.1 pyarrow==26.0.1 tzdata

venv/bin/python - << 'END'
import importlib.util
import sys

import duckdb
import pandas

installed = "installed" if importlib.util.find_spec("pytz") else "not installed"
print(f"duckdb {duckdb.__version__}, pandas {pandas.__version__}, pytz is {installed}")
duckdb.execute("SET TimeZone = 'UTC'")
query = "SELECT TIMESTAMPTZ '2026-03-01 08:00:00+07' AS answered_at"
try:
    duckdb.execute(query).fetchall()
except duckdb.InvalidInputException as error:
    message = str(error).split(",")[0]
    print(f"fetchall: {type(error).__name__}: {message}")
else:
    sys.exit("changed")
import pyarrow.compute as pc

column = duckdb.execute(query).to_arrow_table()["answered_at"]
print(f"to_arrow_table: {pc.strftime(column, '%Y-%m-%d %H:%M')[0]}:00 UTC")
if "pytz" not in message or installed == "installed":
    sys.exit("changed")
END
