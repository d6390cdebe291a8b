"""Starts a kernel that cannot outlive the process that started it: ``python tether.py -f FILE``."""

from __future__ import annotations

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent() -> None:
    """End this process with its parent, however the parent ends."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the line above; elsewhere ipykernel polls for it, from a second on. On Windows
    # the variable holds a handle and no process number.
    if os.name == "posix" and str(os.getppid()) != os.environ.get("JPY_PARENT_PID"):
        raise SystemExit(1)


if __name__ == "__main__":
    tie_to_parent()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
