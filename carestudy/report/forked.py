"""Loads the data once, then turns copies of itself into kernels: ``python forked.py [AS_OF]``.

Every line it reads asks for one kernel, as JSON: its arguments, its home and its folder; it answers with the
process number. A copy shares what was loaded and nothing else, so that no report can see what another one did.
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
    """Import what every report needs, and load the data with one thread, for only that survives in a copy."""
    from importlib import import_module

    import pyarrow as pa

    pa.set_cpu_count(1)
    for name in IMPORTED:
        import_module(name)
    from carestudy.load.door import remember
    from carestudy.load.engine import Engine

    Engine.threads = 1
    remember(data, as_of)


def main(as_of: str | None) -> None:
    """Serve one kernel after another, until nobody asks any more."""
    from carestudy.report.tether import tie_to_parent

    tie_to_parent()
    # From here on this process is the parent that the kernels watch.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    prepared("$CARESTUDY_DATA", as_of)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # copies that end are nobody's to wait for
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _become_kernel(json.loads(line))
        os.setpgid(pid, pid)  # before anybody knows of it: a run ends its kernels by their groups
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become_kernel(asked: Mapping[str, Any]) -> None:
    from carestudy.report.tether import tie_to_parent

    status = 1
    try:
        tie_to_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(IPYTHONDIR=asked["home"], JUPYTER_CONFIG_DIR=asked["home"])
        os.chdir(asked["folder"])
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance(asked["arguments"])
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
