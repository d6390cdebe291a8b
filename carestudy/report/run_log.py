"""A line in a log file about how each run of ``carestudy report`` went."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterable
from contextlib import closing

from carestudy.contract import CareError

Result = tuple[Iterable[object], int]


def logged(asked: argparse.Namespace, run: Callable[[], Result]) -> Result:
    """What a run returns; where a log file is requested, it gets a line about how the run went, without data."""
    if not asked.log:
        return run()
    asked.log.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(asked.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.Logger("carestudy.report")
    log.addHandler(handler)
    notebooks = " ".join(one.name for one in asked.notebook)

    def what() -> str:
        """The notebooks and the period, with what a word such as last-month stands for once that is known."""
        resolved = getattr(asked, "resolved", asked.period)
        return f"{notebooks} {asked.period}" + (f" ({resolved})" if resolved != asked.period else "")

    with closing(handler):
        try:
            lines, code = run()
        except BaseException as problem:
            said = str(problem) if isinstance(problem, CareError) else type(problem).__name__
            log.error("%s: %s", what(), " ".join(said.split()))
            raise
        log.info("%s: published", what())
        return lines, code
