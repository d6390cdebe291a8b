"""Loads the data once, then turns copies of itself into kernels: ``python forked.py [AS_OF]``.

Every line of its input requests one kernel, as JSON: arguments, home and folder; it prints the process number. A
copy shares the loaded data and nothing else, so that no report sees the state of another one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

# Run as a file, and no kernel must find the modules beside it by mistake: -P keeps their folder out of the path.
IMPORTED = (
    "carestudy.show", "carestudy.kpi", "carestudy.load.door", "carestudy.eight_questions", "carestudy.quality",
    "carestudy.trends", "carestudy.whys", "carestudy.survival", "carestudy.cohorts", "carestudy.people",
    "carestudy.show.questions", "carestudy.show.trendline", "matplotlib.pyplot", "matplotlib_inline.config", "seaborn",
    "scipy.special", "PIL.Image", "IPython", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.pylab",
)  # fmt: skip


def prepared(data: str, as_of: str | None) -> None:
    """Import the modules of every report, and load the data; a forked copy has no threads but its own.

    Where the data cannot be loaded, each kernel loads them for itself, and its notebook says what is wrong.
    """
    from contextlib import suppress
    from importlib import import_module

    import pyarrow as pa

    pa.set_cpu_count(1)
    for name in IMPORTED:
        import_module(name)
    from carestudy.load.door import remember

    with suppress(Exception):
        remember(data, as_of)


def main(as_of: str | None) -> None:
    """Start one kernel for each line of the input, until it ends."""
    from carestudy.report.tether import tie_to_parent

    tie_to_parent()
    # From here on this process is the parent that the kernels watch.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    prepared("$CARESTUDY_DATA", as_of)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that copies that end leave no zombies
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _become_kernel(json.loads(line))
        os.setpgid(pid, pid)  # before the number is printed: a run ends its kernels by their groups
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become_kernel(request: Mapping[str, Any]) -> None:
    from carestudy.report.tether import tie_to_parent

    status = 1
    try:
        tie_to_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(IPYTHONDIR=request["home"], JUPYTER_CONFIG_DIR=request["home"])
        os.chdir(request["folder"])
        null_device = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null_device, stream)
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance(request["arguments"])
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
