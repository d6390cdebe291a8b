"""Limits how long an activity may take, and ends it with one clear line even where it no longer reacts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from carestudy.contract import CareError
from carestudy.stopping import interrupt

MINUTES = 30  # for loading the data, and for each cell of a notebook
LIMIT = 60.0 * MINUTES  # the same in seconds
GRACE = 15.0  # seconds that an interrupted program has to end by itself
OPTION = "--time-limit"


class TookTooLong(CareError):
    """An activity exceeded its time limit; threads of a library that still run end with the process only."""

    at_once = True


def allowed(seconds: float) -> str:
    """Describe a limit in words, with the option that sets it."""
    length = f"{seconds:g} seconds" if seconds < 60 else f"{seconds / 60:g} minutes"
    return f"{length}, the limit set by {OPTION}"


@contextmanager
def limited(activity: str, seconds: float, last_words: Callable[[str], object]) -> Iterator[None]:
    """Interrupt a block of the main thread that takes longer than so many seconds, by ``TookTooLong``.

    A block that does not react, as inside a library that waits for its own threads, is ended with the whole process
    after ``GRACE`` seconds; ``last_words`` gets the message first.
    """
    message = f"{activity} took longer than {allowed(seconds)}. Nothing was published"
    over, finished = Event(), Event()

    def watch() -> None:
        if finished.wait(seconds):
            return
        over.set()
        interrupt()
        if not finished.wait(GRACE):
            last_words(message)
            os._exit(1)

    watcher = Thread(target=watch, daemon=True)
    try:
        watcher.start()
        yield
    except BaseException:
        if not over.is_set():
            raise
    finally:
        with suppress(KeyboardInterrupt):  # of the watcher, where the block ended at the last moment
            finished.set()
            watcher.join()
    if over.is_set():
        raise TookTooLong(message)
