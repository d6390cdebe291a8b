#!/bin/sh
# Ibis 12.0.0 with pandas 3.1.1: turning any result with text into a frame raises Pandas4Warning.
#
# Ibis reads the option future.infer_string, which pandas 3 deprecates, on every execute() and to_pandas(). Where warnings
# are errors, as in most test suites, no result of Ibis can be fetched as a frame; to_pyarrow() is not concerned.
#
# Output seen:
#   ibis 12.0.0, pandas 3.1.1
#   execute(): Pandas4Warning: The 'future.infer_string' option is deprecated and will be removed in pandas 4.0
#   to_pyarrow(): no warning
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check 'ibis-framework[duckdb]==12.0.0' duckdb==1.5.6 sqlglot==30.17.0 pandas==3.1.1

venv/bin/python - << 'END'
import sys
import warnings

import ibis
import pandas

print(f"ibis {ibis.__version__}, pandas {pandas.__version__}")


def first_warning(fetch):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fetch()
    return f"{caught[0].category.__name__}: {str(caught[0].message).split('. ')[0]}" if caught else "no warning"


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    teams = ibis.memtable({"team": ["north", "south"]})
    table = ibis.duckdb.connect().create_table("teams", teams.to_pyarrow())
frame, arrow = first_warning(table.execute), first_warning(table.to_pyarrow)
print(f"execute(): {frame}")
print(f"to_pyarrow(): {arrow}")
if not frame.startswith("Pandas4Warning") or arrow != "no warning":
    sys.exit("changed")
END
