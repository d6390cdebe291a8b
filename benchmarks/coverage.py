"""Can the figures be trusted? Companies are simulated, and their figures compared with what was planted in them.

    nice -n 19 .venv/bin/python benchmarks/coverage.py --seeds 120 --customers 1500 --jobs 1 > benchmarks/coverage.md

takes some 20 minutes on one idle core. Each seed is another company with the same truths (its truths.json, and
``carestudy.demo.world`` for the few that it does not list). An interval of 95 % should hold the truth in 95 of 100
companies, and between two periods in which nothing changed a verdict should be "better" or "worse" in at most 5.

A share over many months, channels or segments counts each of them once; the interval of the coverage takes the rows of
one company as alike as they are. A figure is flagged where that interval lies wholly below 93 % ("too narrow") or above
97 % ("wide"), and its bias where it is more than four standard errors ("biased"). Where no truth is planted, the mean
over all companies stands for it ("mean"). Rows without an interval are left out.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import get_context

import pandas as pd
from coverage_study import ESTIMATES, VERDICTS, studied
from coverage_tables import covered, judged, markdown


def main() -> None:
    """Simulate, compare, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=120)
    parser.add_argument("--customers", type=int, default=1500)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], choices=[*ESTIMATES, *VERDICTS], help="instead of everything")
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        studies = []
        for study in pool.map(studied, range(1, asked.seeds + 1), repeat(asked.customers), repeat(asked.only)):
            studies.append(study)
            print(f"\r{len(studies)} of {asked.seeds}", end="", file=sys.stderr, flush=True)
    estimates, verdicts = (pd.concat(parts, ignore_index=True) for parts in zip(*studies, strict=True))
    today = datetime.now(UTC).date().isoformat()
    print(f"# Coverage over {asked.seeds} companies of {asked.customers:,} customers, {today}\n")
    print(f"Written by `benchmarks/coverage.py --seeds {asked.seeds} --customers {asked.customers}`, which says how.\n")
    for title, rows, told in (("Intervals of 95 %", estimates, covered), ("Verdicts", verdicts, judged)):
        if len(rows):
            print(f"## {title}\n\n{markdown(told(rows))}\n")


if __name__ == "__main__":
    main()
