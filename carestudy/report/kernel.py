"""The kernels of one run: they see no settings of their user, and end with the run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL
from threading import Event, Lock, Thread
from typing import Any, ClassVar, cast

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from carestudy.memory import FOLDER
from carestudy.report.forks import ForkingProvisioner, Forks

DATA = "CARESTUDY_DATA"
# Run as a file: importing the package first would leave the kernel untied for as long.
TETHER = Path(__file__).with_name("tether.py")
SETTINGS = (
    "PYTHON", "IPYTHON", "JUPYTER", "JPY_", "MATPLOTLIB", "LC_", "LANG", "TZ", "COLUMNS", "LINES", "CARESTUDY_MAIL_",
)  # fmt: skip
NEEDED = ("PYTHONPATH", "PYTHONHOME")
FIXED = {
    "JUPYTER_PREFER_ENV_PATH": "1",
    "LC_ALL": "C.UTF-8",
    "MATPLOTLIBRC": os.devnull,
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "315532800",
    "TZ": "UTC",
}
THREADS = 8  # that a run starts beside those of its kernels
LONGEST_SOCKET = 100  # the kernel of the system allows 104 to 108 bytes, and a number follows ours


def environment(home: Path, data: str, memory: Path | None = None) -> dict[str, str]:
    """The environment of a kernel: the caller's without personal settings, plus where the data and the results of
    other kernels of the same run are."""
    inherited = {key: value for key, value in os.environ.items() if key in NEEDED or not key.startswith(SETTINGS)}
    private = {"IPYTHONDIR": str(home), "JUPYTER_CONFIG_DIR": str(home), DATA: data}
    private |= {FOLDER: str(memory.resolve())} if memory else {}
    return inherited | FIXED | private


def room_for_threads() -> None:
    """Raise ``RuntimeError`` where no more threads can be started.

    The library that speaks with kernels ends the process at once where it cannot start its own (libzmq 4.3.5, which
    comes with pyzmq 27.3), and nobody would learn that memory is short.
    """
    ended = Event()
    threads = [Thread(target=ended.wait, daemon=True) for _ in range(THREADS)]
    try:
        for thread in threads:
            thread.start()
    finally:
        ended.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


class Kernels:
    """Makes the kernels of one run, and ends them all at once."""

    def __init__(self, folder: Path, data: str, forks: Forks | None = None, memory: Path | None = None) -> None:
        self.folder, self.data, self.forks, self.memory = folder.resolve(), data, forks, memory
        self.ended = False
        self._groups: set[int] = set()
        self._lock = Lock()

    def kind(self, name: str) -> type[IsolatedKernel]:
        """The class of a kernel that lives in this run's folder under a name."""
        home = self.folder / name
        home.mkdir(mode=0o700)
        attributes = {"run": self, "home": home, "environment": environment(home, self.data, self.memory)}
        return type("RunKernel", (IsolatedKernel,), attributes)

    def joined(self, group: int) -> None:
        """Take note of a kernel's process group; a run that was ended takes no more."""
        with self._lock:
            self._groups.add(group)
        if self.ended:
            self.end()

    def left(self, group: int) -> None:
        """Kill what is left of a kernel's process group, and forget it."""
        with self._lock:
            if group in self._groups:
                self._groups.remove(group)
                _kill(group)

    def end(self) -> None:
        """Kill every kernel with whatever it started."""
        self.ended = True
        with self._lock:
            for group in self._groups:
                _kill(group)


class IsolatedKernel(AsyncKernelManager):
    """A kernel with an environment of its own that reports to a run."""

    run: ClassVar[Kernels]
    home: ClassVar[Path]
    environment: ClassVar[Mapping[str, str]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # No folders: kernels that a user installed under the same name are not seen.
        self.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
        self.connection_file = str(self.home / "kernel.json")
        if os.name == "posix" and len(os.fsencode(self.home / "kernel-ipc")) < LONGEST_SOCKET:
            self.transport = "ipc"

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command that starts the kernel; -P keeps its folder out of the import path."""
        command = [sys.executable, "-P", str(TETHER), "-f", self.connection_file]
        return command + (extra_arguments or [])

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        if self.run.forks is not None and self.provisioner is None:
            self.provisioner = ForkingProvisioner(kernel_spec=self.kernel_spec, parent=self)
            self.provisioner.forks = self.run.forks
        return await super()._async_pre_start_kernel(**options)

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        # Silent: what a kernel has to say comes as outputs, and its own stderr may hold data.
        options |= {"env": dict(self.environment), "stdout": DEVNULL, "stderr": DEVNULL}
        await super()._async_launch_kernel(kernel_cmd, **options)
        self.run.joined(self._group)

    async def cleanup_resources(self, **options: Any) -> None:  # type: ignore[override] # declared as not async
        """Clean up after the kernel, and after what it started."""
        if self.provisioner is not None:
            self.run.left(self._group)
        await super().cleanup_resources(**options)

    @property
    def _group(self) -> int:
        return int(cast(LocalProvisioner, self.provisioner).pid or 0)


def _kill(group: int) -> None:
    """End a process group, or where a system has none (Windows) the kernel itself."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(group, signal.SIGTERM)
