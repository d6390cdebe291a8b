#!/bin/sh
# Ibis 12.0.0 on DuckDB 1.5.6: month(), date() and hour() of a column with a time zone are those of UTC.
#
# The column's type names the zone, Asia/Ho_Chi_Minh, and pandas takes its parts in that zone. Ibis sets the session to UTC:
# half past one in the morning of 1 February is counted in January. A cast to the same zone does not help.
#
# Output seen:
#   ibis 12.0.0, duckdb 1.5.6
#   the moment: 2026-02-01 01:30:00+07:00, type timestamp('Asia/Ho_Chi_Minh', 6)
#   Ibis: month 1, date 2026-01-31, hour 18
#   pandas: month 2, date 2026-02-01, hour 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check 'ibis-framework[duckdb]==12.0.0' duckdb==1.5.6 sqlglot==30.17.0 pandas==3.1.1 pytz

venv/bin/python - << 'END'
import sys
import warnings
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pyarrow as pa

warnings.simplefilter("ignore")
print(f"ibis {ibis.__version__}, duckdb {duckdb.__version__}")
moment = datetime(2026, 2, 1, 1, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
column = pa.array([moment], pa.timestamp("us", "Asia/Ho_Chi_Minh"))
at = ibis.memtable(pa.table({"at": column})).at
print(f"the moment: {moment}, type {at.type()}")
ours = [expression.to_pyarrow().to_pylist()[0] for expression in (at.month(), at.date(), at.hour())]
series = column.to_pandas()
theirs = [parts[0] for parts in (series.dt.month, series.dt.date, series.dt.hour)]
print("Ibis: month {}, date {}, hour {}".format(*ours))
print("pandas: month {}, date {}, hour {}".format(*theirs))
if (ours[0], ours[2]) != (1, 18) or theirs[0] != 2:
    sys.exit("changed")
END
