#!/bin/sh
# Ibis 12.0.0 on Spark 4.3.0: notnull() of notnull() is SQL that Spark cannot parse.
#
# x.notnull().notnull() is "always true" and comes up where code asks whether a condition is known. Ibis writes
# "x IS NOT NULL IS NOT NULL" without brackets; DuckDB reads that, Spark's grammar does not.
#
# Output seen:
#   ibis 12.0.0, pyspark 4.3.0
#   SELECT `t0`.`team` IS NOT NULL IS NOT NULL AS `known` FROM `teams` AS `t0`
#   DuckDB: [True, True]
#   Spark: ParseException
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


def query(table):
    return table.select(known=table.team.notnull().notnull())


session.createDataFrame([("north",), (None,)], "team string").createOrReplaceTempView("teams")
spark, duck = ibis.pyspark.connect(session), ibis.duckdb.connect()
there = query(spark.table("teams"))
here = query(duck.create_table("teams", pa.table({"team": ["north", None]})))
print(spark.compile(there))
print(f"DuckDB: {here.to_pyarrow()['known'].to_pylist()}")
try:
    there.to_pyarrow()
except Exception as problem:
    print(f"Spark: {type(problem).__name__}")
    if type(problem).__name__ != "ParseException":
        sys.exit("changed")
else:
    sys.exit("changed: Spark answers")
END
