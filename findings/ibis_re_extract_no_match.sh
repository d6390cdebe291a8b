#!/bin/sh
# Ibis 12.0.0: what re_extract() gives where nothing matches depends on the engine: "" on DuckDB 1.5.6, null on Polars.
#
# DuckDB's regexp_extract gives an empty text for no match, which Ibis passes on; on Polars it is null. Code that counts
# rows with a match by notnull() counts all of them on DuckDB.
#
# Output seen:
#   ibis 12.0.0, duckdb 1.5.6, polars 2.1.0
#   duckdb: ['', '12', None], rows with a match by notnull(): 2
#   polars: [None, '12', None], rows with a match by notnull(): 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check 'ibis-framework[duckdb]==12.0.0' duckdb==1.5.6 sqlglot==30.17.0 pandas==3.1.1 polars==2.1.0

venv/bin/python - << 'END'
import sys

import duckdb
import ibis
import polars
import pyarrow as pa

print(f"ibis {ibis.__version__}, duckdb {duckdb.__version__}, polars {polars.__version__}")
codes = pa.table({"code": ["abc", "a12", None]})
results = []
for engine in (ibis.duckdb.connect(), ibis.polars.connect()):
    digits = engine.create_table("codes", codes).code.re_extract("[0-9]+", 0)
    results.append(digits.to_pyarrow().to_pylist())
    matches = sum(digits.notnull().to_pyarrow().to_pylist())
    print(f"{engine.name}: {results[-1]}, rows with a match by notnull(): {matches}")
if results != [["", "12", None], [None, "12", None]]:
    sys.exit("changed")
END
