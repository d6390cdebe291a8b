"""One piece of work by one library, in a process of its own: how long it took, and the most memory that it held.

python benchmarks/one.py WORK LIBRARY FOLDER ROUNDS
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import peers
import works

LIBRARIES: dict[str, Any] = {
    "carestudy": works.Carestudy,
    "SQL": works.Sql,
    "SQL with intervals": works.SqlWithInterval,
    "pandas": peers.Pandas,
    "polars": peers.Polars,
    "lifetimes": peers.Lifetimes,
    "pymc-marketing": peers.PymcMarketing,
    "scikit-learn": peers.ScikitLearn,
}


def main() -> None:
    """Do the work, and print what it took as JSON."""
    work, library, folder, rounds = sys.argv[1:5]
    warnings.simplefilter("ignore")
    begun = _now()
    prepared = LIBRARIES[library](Path(folder))
    loading = [after - before for after, before in zip(_now(), begun, strict=True)]
    answer, taken = None, []
    for _ in range(int(rounds)):
        begun = _now()
        answer = getattr(prepared, work)()
        taken.append([after - before for after, before in zip(_now(), begun, strict=True)])
    if work == "load":
        taken = [loading]
    peak = _peak()
    print(
        json.dumps(
            {"wall": [one[0] for one in taken], "cpu": [one[1] for one in taken], "peak": peak, "answer": answer}
        )
    )


def _peak() -> float:
    """The most memory held, in GB; ru_maxrss begins with what the parent held when it started the process."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1e6


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


if __name__ == "__main__":
    main()
