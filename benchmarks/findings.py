"""Whether the first screen tells what is planted, and accuses nobody: the demo company of many seeds.

    python benchmarks/findings.py [--seeds 100] [--customers 5000] [--first 1]

For each seed a company with the planted truths and one with none of them (the same dice, equal chances): what of loss,
ownership, bad channel and shift of the mix stands on the first screen, which pages state something that is not planted,
and which name a team, person or source. The last lines are the coverage with Wilson's intervals.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import carestudy as cs
from carestudy import demo
from carestudy.demo import world
from carestudy.findings import Finding
from carestudy.show.findings import MOST

PERIOD = "2026-10"
TRUTHS = ("loss", "ownership", "bad channel", "mix shift")
INNOCENT = {"team", "agent", "source"}
# What follows from what is planted: the bad channel answers within a minute, and settles easy matters sooner; two in a
# hundred contacts are never settled, so that open ones pile up whatever else is planted.
FOLLOWS = {"nps", "csat", "first_response_time", "resolution_time", "gross_churn_rate", "retention_rate"}
ALWAYS = {"backlog"}
EQUAL = {
    "LOSS_SINCE": world.LOSS_BEFORE,
    "UNOWNED_FACTOR": 1,
    "BAD_MIX": world.USUAL_MIX,
    "CSAT_BAD": world.CSAT_POSITIVE,
    "NPS_BAD": world.NPS_KINDS,
    "REPLY_MINUTES": dict.fromkeys(world.REPLY_MINUTES, 6),
}


@contextmanager
def nothing_planted() -> Iterator[None]:
    """The simulated company with equal chances everywhere."""
    planted = {name: getattr(world, name) for name in EQUAL}
    for name, value in EQUAL.items():
        setattr(world, name, value)
    try:
        yield
    finally:
        for name, value in planted.items():
            setattr(world, name, value)


def page(customers: int, seed: int) -> tuple[Finding, ...]:
    """The findings of a company."""
    with TemporaryDirectory(prefix="findings-") as folder:
        demo.write(Path(folder) / "demo", customers=customers, seed=seed)
        return cs.findings(cs.load(Path(folder) / "demo"), period=PERIOD)


def told(found: tuple[Finding, ...]) -> dict[str, bool]:
    """Which truths stand on the first screen."""
    first = [one for one in found if not one.better][:MOST]
    channel = (("channel", world.BAD_CHANNEL),)
    causes = [cause for one in first for cause in one.causes]
    return {
        "loss": any(one.kind == "level" and one.kpi == "gross_churn_rate" for one in first),
        "ownership": any(one.kind == "ownership" and dict(one.groups)["in_charge"] == "nobody" for one in first),
        "bad channel": any(one.kind == "apart" and one.groups == channel for one in first),
        "mix shift": any(one.kind == "mix" and one.groups == channel for one in (*first, *causes)),
    }


def false(one: Finding, *, planted: bool) -> bool:
    """Whether a finding is of nothing that is planted."""
    if one.kpi in ALWAYS:
        return False
    if not planted:
        return True
    if one.groups:
        return one.groups not in ((("channel", world.BAD_CHANNEL),), (("in_charge", "nobody"),))
    return one.kpi not in FOLLOWS


def covered(count: int, of: int) -> str:
    """A share with its interval."""
    low, high = cs.intervals.wilson(count, of)
    return f"{count} of {of} ({count / of:.0%}; {float(low):.0%} to {float(high):.0%})"


def study(seeds: range, customers: int) -> None:
    """Run all seeds and print the coverage."""
    hits, wrong, named = dict.fromkeys(TRUTHS, 0), {True: 0, False: 0}, 0
    for seed in seeds:
        with_truths = page(customers, seed)
        with nothing_planted():
            without = page(customers, seed)
        for name, hit in told(with_truths).items():
            hits[name] += hit
        for planted, found in ((True, with_truths), (False, without)):
            odd = [one.key for one in found if false(one, planted=planted)]
            wrong[planted] += bool(odd)
            if odd:
                print(f"seed {seed}, {'planted' if planted else 'nothing planted'}: {odd}", flush=True)
        innocent = [one for one in (*with_truths, *without) if INNOCENT & {name for name, _ in one.groups}]
        named += bool(innocent)
        print(f"seed {seed}: missed {[name for name, hit in told(with_truths).items() if not hit]}", flush=True)
    for name in TRUTHS:
        print(f"{name} on the first screen: {covered(hits[name], len(seeds))}")
    print(f"pages with a false finding, truths planted: {covered(wrong[True], len(seeds))}")
    print(f"pages with a false finding, nothing planted: {covered(wrong[False], len(seeds))}")
    print(f"seeds in which somebody innocent is named: {covered(named, len(seeds))}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--customers", type=int, default=5000)
    asked = parser.parse_args()
    study(range(asked.first, asked.first + asked.seeds), asked.customers)
