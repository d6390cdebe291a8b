#!/bin/sh
# Ibis 12.0.0 on Spark 4.3.0: the mean of 1.0 and 0.0 has five decimals.
#
# condition.ifelse(1.0, 0.0).mean() is the everyday way to a share. Ibis writes the numbers as they are, Spark reads 1.0 as
# DECIMAL(2, 1), and the mean of that has five decimals: two thirds are 0.66667. Ibis takes the result for a float64.
#
# Output seen:
#   ibis 12.0.0, pyspark 4.3.0
#   DuckDB: 0.6666666666666666
#   Spark: 0.66667, by Ibis float64
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


def share(table):
    return (table.score >= 9).ifelse(1.0, 0.0).mean()


session.createDataFrame([(9,), (10,), (3,)], "score int").createOrReplaceTempView("answers")
there = share(ibis.pyspark.connect(session).table("answers"))
here = share(ibis.duckdb.connect().create_table("answers", pa.table({"score": [9, 10, 3]})))
values = float(here.to_pyarrow().as_py()), float(there.to_pyarrow().as_py())
print(f"DuckDB: {values[0]}")
print(f"Spark: {values[1]}, by Ibis {there.type()}")
if values != (2 / 3, 0.66667):
    sys.exit("changed")
END
