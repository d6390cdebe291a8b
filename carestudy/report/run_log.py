"""Logs how each run of ``carestudy report`` went, one line a run."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterable
from contextlib import closing

from carestudy.contract import CareError

Result = tuple[Iterable[object], int]


def logged(arguments: argparse.Namespace, run: Callable[[], Result]) -> Result:
    """Run, and return the result; where a log file is requested, add a line about the run to it, without data."""
    if not arguments.log:
        return run()
    arguments.log.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(arguments.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.Logger("carestudy.report")
    log.addHandler(handler)
    notebooks = " ".join(path.name for path in arguments.notebook)

    def subject() -> str:
        """The notebooks and the period; a word such as last-month with the period it stands for, once known."""
        resolved = getattr(arguments, "resolved", arguments.period)
        return f"{notebooks} {arguments.period}" + (f" ({resolved})" if resolved != arguments.period else "")

    with closing(handler):
        try:
            lines, code = run()
        except BaseException as problem:
            message = str(problem) if isinstance(problem, CareError) else type(problem).__name__
            log.error("%s: %s", subject(), " ".join(message.split()))
            raise
        log.info("%s: published", subject())
        return lines, code
