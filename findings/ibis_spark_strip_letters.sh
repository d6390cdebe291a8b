#!/bin/sh
# Ibis 12.0.0 on Spark 4.3.0: strip() also takes off the letters v and f; lstrip() and rstrip() do not.
#
# Ibis writes TRIM(' \t\n\r\v\f' FROM x). Spark knows the escapes \t, \n and \r and reads \v and \f as the letters v and f,
# so that "verify" becomes "erify". On DuckDB only spaces are taken off, as the documentation says.
#
# Output seen:
#   ibis 12.0.0, pyspark 4.3.0
#   DuckDB strip: ['verify', 'vàng f', 'fee']
#   Spark strip: ['erify', 'àng', 'ee']
set -eu
command -v java > /dev/null || { echo 'Spark needs Java 17 or newer' >&2; exit 2; }
export SPARK_LOCAL_IP=127.0.0.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check 'ibis-framework[duckdb]==12.0.0' duckdb==1.5.6 sqlglot==30.17.0 pandas==3.1.1 pyspark==4.3.0

venv/bin/python - << 'END'
import sys

import ibis
import pyarrow as pa
import pyspark

from pyspark.sql import SparkSession

builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
session = builder.getOrCreate()

print(f"ibis {ibis.__version__}, pyspark {pyspark.__version__}")
words = ["verify", "  vàng f ", "fee"]
session.createDataFrame([(word,) for word in words], "word string").createOrReplaceTempView("words")
there = ibis.pyspark.connect(session).table("words").word.strip().to_pyarrow().to_pylist()
here = ibis.duckdb.connect().create_table("words", pa.table({"word": words})).word.strip().to_pyarrow().to_pylist()
print(f"DuckDB strip: {here}")
print(f"Spark strip: {there}")
if here != ["verify", "vàng f", "fee"] or there != ["erify", "àng", "ee"]:
    sys.exit("changed")
END
