"""Real engines for the tests: a PostgreSQL of our own on a free port, and Spark in processes of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ENGINES = ("postgres", "pyspark")
# Words that begin and end with letters that an engine may take for signs of space; the last two say nothing.
COMMENTS = ("v", "ff", "vẫn chưa có vé f", "fees of a vehicle: five of five", "n", "t", "rất vui, v", " f ", "   ", "")
# PostgreSQL refuses to run as root: there, it runs as one of these.
NOBODIES = ("postgres", "nobody")
SETTINGS = "-c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def programs() -> Path:
    """The folder of PostgreSQL's programs."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("no PostgreSQL server is installed (Debian: apt install postgresql)")
    return found[-1]


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server that lives as long as the context, without the name of a database."""
    bin_, root = programs(), hasattr(os, "geteuid") and os.geteuid() == 0
    who: dict[str, Any] = {"user": next(name for name in NOBODIES if _is_there(name))} if root else {}
    with TemporaryDirectory(prefix="carestudy-pg-") as folder:
        if root:
            shutil.chown(folder, who["user"])
        port = _free_port()
        data, quiet = f"{folder}/data", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        made = ["-U", "care", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([bin_ / "initdb", "-D", data, *made], check=True, **quiet, **who)
        control = [bin_ / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", f"-p {port} -k {folder} {SETTINGS}", "start"], check=True, **quiet, **who)
        try:
            yield f"postgresql://care@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet, **who)


@contextmanager
def spark_session() -> Iterator[Any]:
    """A Spark that lives as long as the context: a cluster of one worker, whose tasks run in a process of their own.

    Only what reaches that process in writing can be computed, as on a cluster of many machines.
    """
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("no Java for Spark is installed (Debian: apt install openjdk-17-jre-headless)")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: pip install 'carestudy[spark]'")
    from pyspark.find_spark_home import _find_spark_home

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    told = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.log.level": "ERROR",
    }
    builder = sql.SparkSession.builder.master("local-cluster[1,2,1024]")
    for name, value in told.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = builder.getOrCreate()
    name = session.sparkContext.applicationId
    try:
        yield session
    finally:
        session.stop()
        shutil.rmtree(Path(os.environ.get("SPARK_HOME", _find_spark_home()), "work", name), ignore_errors=True)


def _is_there(name: str) -> bool:
    import pwd

    return name in {entry.pw_name for entry in pwd.getpwall()}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
