#!/bin/sh
# DuckDB 1.5.6: an hour that the clock shows twice in autumn is the later one; Python, and pandas with fold=0, take the
# earlier.
#
# On 25 October 2026 the clocks of Berlin go back at 3:00, so that 2:30 is 0:30 and 1:30 UTC. The same local time becomes
# moments an hour apart in the engine and in Python, and an answer can come before its question.
#
# Output seen:
#   duckdb 1.5.6
#   02:30 in Berlin by DuckDB: 2026-10-25 01:30:00 UTC
#   02:30 in Berlin by Python: 2026-10-25 00:30:00 UTC
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==1.5.6 tzdata pytz

venv/bin/python - << 'END'
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import duckdb

print(f"duckdb {duckdb.__version__}")
query = "SELECT (TIMESTAMP '2026-10-25 02:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC'"
(engine,) = duckdb.execute(query).fetchone()
python = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(timezone.utc).replace(tzinfo=None)
print(f"02:30 in Berlin by DuckDB: {engine} UTC")
print(f"02:30 in Berlin by Python: {python} UTC")
if (engine.hour, python.hour) != (1, 0):
    sys.exit("changed")
END
