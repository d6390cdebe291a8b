"""Kernels that are copies of one process in which the data are loaded already."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Lock
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from carestudy.report.time_limit import LIMIT, allowed

FORKED = Path(__file__).with_name("forked.py")
POSSIBLE = sys.platform == "linux"


class Forks:
    """The process that loads the data once, seen from the processes that request kernels of it."""

    def __init__(self, environment: Mapping[str, str], as_of: str | None, limit: float = LIMIT) -> None:
        command = [sys.executable, "-P", str(FORKED), *([as_of] if as_of else [])]
        variables = {**environment, "JPY_PARENT_PID": str(os.getpid())}
        self._process = Popen(  # noqa: S603 - our own file
            command, env=variables, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True, start_new_session=True
        )
        self._lock, self._limit = Lock(), limit

    def fork(self, arguments: list[str], home: str, folder: str) -> Forked:
        """Start a kernel with its arguments, its home, and the folder it works in.

        Raises ``TimeoutError`` where the data are not loaded within the limit; the process is ended then.
        """
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        with self._lock:
            try:
                self._process.stdin.write(json.dumps({"arguments": arguments, "home": home, "folder": folder}) + "\n")
                self._process.stdin.flush()
                if not select.select([self._process.stdout], [], [], self._limit)[0]:
                    self._process.kill()
                    raise TimeoutError(f"loading the data took longer than {allowed(self._limit)}")
                return Forked(int(self._process.stdout.readline()))
            except TimeoutError:
                raise
            except (OSError, ValueError):
                raise RuntimeError("the process that loads the data has died") from None

    def end(self) -> None:
        """End the process; the kernels are tied to it and end with it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


@contextmanager
def forks(environment: Mapping[str, str], as_of: str | None, limit: float = LIMIT) -> Iterator[Forks]:
    """Run the process that loads the data once, for the length of a block."""
    started = Forks(environment, as_of, limit)
    try:
        yield started
    finally:
        started.end()


class Forked:
    """A process that is not our child, with the methods of ``Popen`` that jupyter_client calls."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle, self.returncode = -1, 1

    def poll(self) -> int | None:
        """None while it runs, then 1: only its parent knows the real exit code."""
        if self.returncode is None and select.select([self._handle], [], [], 0)[0]:
            os.close(self._handle)
            self.returncode = 1
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        while self.poll() is None:
            time.sleep(0.01)
        return 1

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkingProvisioner(LocalProvisioner):
    """Starts a kernel as a copy of the process that has loaded the data."""

    forks: Forks

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork the kernel that the command would start; its environment is that of the process that forks."""
        home = options["env"]["IPYTHONDIR"]
        kernel = self.forks.fork(cmd[cmd.index("-f") :], home, str(options.get("cwd") or home))
        self.process = kernel  # type: ignore[assignment] # it has the methods that are called
        self.pid = self.pgid = kernel.pid
        self.cwd = options.get("cwd")
        return self.connection_info
