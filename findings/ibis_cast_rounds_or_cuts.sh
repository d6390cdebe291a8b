#!/bin/sh
# Ibis 12.0.0: cast("int64") of 2.7 is 3 on DuckDB 1.5.6 and 2 on Polars 2.1.0.
#
# Ibis passes a cast on as it is. DuckDB (like PostgreSQL) rounds, Polars (like Spark, Python and numpy) cuts: bands of
# age or of days that are made by a cast hold other customers on another engine. floor() is the same everywhere.
#
# Output seen:
#   ibis 12.0.0, duckdb 1.5.6, polars 2.1.0
#   duckdb: cast [3, 3, -3], floor [2, 2, -3]
#   polars: cast [2, 2, -2], floor [2, 2, -3]
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
years = pa.table({"years": [2.7, 2.6, -2.7]})
results = []
for engine in (ibis.duckdb.connect(), ibis.polars.connect()):
    column = engine.create_table("customers", years).years
    cast, floor = (found.to_pyarrow().to_pylist() for found in (column.cast("int64"), column.floor()))
    print(f"{engine.name}: cast {cast}, floor {[int(number) for number in floor]}")
    results.append(cast)
if results != [[3, 3, -3], [2, 2, -2]]:
    sys.exit("changed")
END
