"""Stop a command in order: whatever signal ends it, files are closed and kernels are ended before it exits."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
REPEAT = 2.0  # seconds after which a stop that had no effect is raised again


class Stopped(KeyboardInterrupt):
    """A signal requested the end of the command.

    Not KeyboardInterrupt itself: where one passes through ``exec`` (as in the making of a dataclass), Python ends by
    signal even though it was caught.
    """


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise ``Stopped`` in the block when a signal requests its end.

    A library may catch the exception (a bare ``except`` around an import, a finalizer), and the command would go on
    as if nothing had been requested. So it is raised again every ``REPEAT`` seconds, unless it is being handled: what
    closes files and ends kernels is not interrupted.
    """
    numbers = [signal.Signals[name] for name in SIGNALS if name in signal.Signals.__members__]
    ended, repeating = Event(), Event()

    def repeat(number: signal.Signals) -> None:
        while not ended.wait(REPEAT):
            interrupt(number)

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        if ended.is_set() or _is_handled(sys.exception()):
            return
        if not repeating.is_set():
            repeating.set()
            Thread(target=repeat, args=[signal.Signals(number)], daemon=True).start()
        raise Stopped

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        ended.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_handled(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, Stopped):
        error = error.__context__
    return error is not None


def interrupt(number: signal.Signals = signal.SIGINT) -> None:
    """Send a signal to the main thread: where the system can, also out of a call that waits."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(number)
