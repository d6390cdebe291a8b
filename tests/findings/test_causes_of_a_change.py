"""A change of level says in which group it sits, which reason for leaving rose, or that no cause was found."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

import carestudy as cs
from carestudy.findings.candidate import Candidate, Cause, Change, Since
from carestudy.findings.context import Context
from carestudy.findings.reasons import or_none, reasons

LOSS = Candidate(
    "loyalty", "level", "gross_churn_rate", 0.001, Change(0.01, 0.03, 0.01, 0.03),
    since=Since("2026-07", "2026-07", "2026-07"),
)  # fmt: skip
EVEN = {"North": (30, 60), "South": (30, 60), "West": (30, 60)}
IN_ONE = {"North": (30, 30), "South": (30, 120), "West": (30, 30)}


def left(region: str, lost: tuple[int, int], reason: tuple[str, str]) -> list[tuple[str, str, date | None, str | None]]:
    """1,000 customers of a region, of whom so many left from January to June, and from July to December."""
    first = [(date(2026, 1, 2) + timedelta(days=175 * place // lost[0]), reason[0]) for place in range(lost[0])]
    then = [(date(2026, 7, 2) + timedelta(days=180 * place // lost[1]), reason[1]) for place in range(lost[1])]
    days = [*first, *then, *[(None, None)] * (1000 - sum(lost))]
    return [(f"{region}{place}", region, day, why) for place, (day, why) in enumerate(days)]


def causes(lost: dict[str, tuple[int, int]], reason: tuple[str, str] = ("price", "price")) -> tuple[Cause, ...]:
    rows = [row for region, numbers in lost.items() for row in left(region, numbers, reason)]
    people = pd.DataFrame(rows, columns=["customer_id", "region", "left_on", "leave_reason"]).assign(
        joined_on="2025-01-01"
    )
    asked = Context.of(cs.load({"customers": people}, as_of="2026-12-31"), "2026-12")
    found = reasons(asked, LOSS)
    assert or_none(asked, LOSS).causes == (Cause("none", ()),)
    return found


def test_a_change_that_sits_in_one_region_names_it() -> None:
    (cause,) = causes(IN_ONE)
    assert (cause.kind, cause.groups) == ("carried", (("region", "South"),))
    assert cause.share == pytest.approx(1.0, abs=0.1)


def test_a_change_of_every_region_alike_names_none() -> None:
    assert causes(EVEN) == ()


def test_a_reason_that_is_given_more_often_is_named_with_its_share() -> None:
    (cause,) = causes(EVEN, ("price", "moved"))
    assert (cause.kind, cause.groups, cause.before, cause.now) == ("reason", (("leave_reason", "moved"),), 0.0, 1.0)
