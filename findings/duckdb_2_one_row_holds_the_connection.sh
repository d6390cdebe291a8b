#!/bin/sh
# DuckDB 2.0.1: after fetchone() of a query with a single row, a frame can no longer be registered.
#
# The only row is fetched, and still the result counts as unfinished: register() raises ResourceInUseException until
# something else was executed on the connection or the result was fetched to its end. DuckDB 1.5.6 registers the frame. The
# pair "read a setting, then register a frame" is common where frames are queried.
#
# Output seen:
#   duckdb 1.5.6: registered after fetchone
#   duckdb 2.0.1: ResourceInUseException after fetchone
#   duckdb 2.0.1: registered after fetchall
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > register.py << 'END'
import sys

import duckdb
import pandas as pd

frame = pd.DataFrame({"customer_id": ["K1", "K2"]})
outcomes = {}
for name in ("fetchone", "fetchall"):
    connection = duckdb.connect()
    getattr(connection.execute("SELECT count(*) FROM range(3)"), name)()
    try:
        connection.register("customers", frame)
        outcomes[name] = "registered"
    except duckdb.Error as error:
        outcomes[name] = type(error).__name__
print(f"duckdb {duckdb.__version__}: {outcomes['fetchone']} after fetchone")
if duckdb.__version__ == "2.0.1":
    print(f"duckdb {duckdb.__version__}: {outcomes['fetchall']} after fetchall")
expected = "ResourceInUseException" if duckdb.__version__ == "2.0.1" else "registered"
if outcomes != {"fetchone": expected, "fetchall": "registered"}:
    sys.exit("changed")
END
for version in 1.5.6 2.0.1; do
  "${PYTHON:-python3}" -m venv --clear venv
  venv/bin/python -m pip install --quiet --disable-pip-version-check "duckdb==$version" pandas==3.1.1
  venv/bin/python register.py
done
