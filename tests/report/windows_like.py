"""An interpreter in which carestudy meets what it would on Windows; put on PYTHONPATH as ``sitecustomize``.

Only modules of carestudy see it, since the libraries choose by the system that they really run on: POSIX-only modules
cannot be imported, POSIX-only functions are not there, and a file that this process has open cannot be replaced or
removed.
"""

from __future__ import annotations

import builtins
import os
import pathlib
import signal
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

MODULES = {"fcntl", "resource", "pwd", "grp", "termios"}
MISSING = {
    "os": {
        "fork", "forkpty", "sched_getaffinity", "killpg", "setpgid", "getpgid", "getuid", "geteuid", "fchmod", "chown",
        "pidfd_open", "O_DIRECTORY", "O_NONBLOCK",
    },
    "signal": {"SIGKILL", "SIGHUP", "SIGCHLD", "SIGUSR1", "pidfd_send_signal"},
    "sys": set(),
}  # fmt: skip
OTHERWISE = {"os": {"name": "nt"}, "sys": {"platform": "win32"}, "signal": {}}
REAL = {"os": os, "signal": signal, "sys": sys}


class Windows(ModuleType):
    """A module of the standard library without what Windows lacks."""

    def __getattr__(self, name: str) -> Any:
        if name in MISSING[self.__name__]:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}' on Windows")
        return OTHERWISE[self.__name__].get(name, getattr(REAL[self.__name__], name))


SEEN = {name: Windows(name) for name in REAL}
_import = builtins.__import__


def _imported(name: str, globals_: Mapping[str, Any] | None = None, *rest: Any, **more: Any) -> Any:
    by = str((globals_ or {}).get("__file__", ""))
    if f"{os.sep}carestudy{os.sep}" in by and "site-packages" not in by:
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        if name in SEEN:
            return SEEN[name]
    return _import(name, globals_ or {}, *rest, **more)


def _refuse_if_open(path: Any) -> None:
    """As Windows does: a file that somebody has open stays as it is."""
    wanted = os.path.realpath(path)
    if any(os.path.realpath(held) == wanted for held in pathlib.Path("/proc/self/fd").iterdir()):
        raise PermissionError(13, "The process cannot access the file because it is being used", str(path))


_replace, _unlink = pathlib.Path.replace, pathlib.Path.unlink


def _replaced(self: pathlib.Path, target: Any) -> pathlib.Path:
    _refuse_if_open(target)
    _refuse_if_open(self)
    return _replace(self, target)


def _unlinked(self: pathlib.Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of pathlib
    _refuse_if_open(self)
    _unlink(self, missing_ok)


# A run of the tests that collects doctests imports this file too, and must stay as it is.
if __name__ == "sitecustomize":
    builtins.__import__ = _imported
    pathlib.Path.replace = _replaced  # type: ignore[method-assign,assignment]
    pathlib.Path.unlink = _unlinked  # type: ignore[method-assign]
