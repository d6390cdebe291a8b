"""The customer base agrees with counting customer by customer, and its laws hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from companies import table
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy import kpi

FIRST = date(2026, 1, 1)
FEBRUARY = (31, 59)  # as days since the first of January
KNOWN_DAYS = 100
PARTS = ["start", "lost", "new", "returned", "end", "undecided"]
Days = list[int]

days = st.lists(st.integers(0, KNOWN_DAYS - 1), min_size=1, max_size=5, unique=True).map(sorted)
# A whole company an example: many customers for one question to the engine.
companies = st.lists(st.tuples(st.sampled_from(["Bắc", "Nam", None]), days), min_size=10, max_size=60)
few, fewer = settings(max_examples=5), settings(max_examples=3)


def day(number: int) -> str:
    return str(FIRST + timedelta(days=number))


def contracts(company: Iterable[tuple[str | None, Days]]) -> pd.DataFrame:
    """Customers who join and leave in turn on their days."""
    rows = []
    for number, (region, turns) in enumerate(company):
        ends = [*map(day, turns[1:]), None]
        rows += [(f"K{number}", day(turns[k]), ends[k], region) for k in range(0, len(turns), 2)]
    return table("customer_id joined_on left_on region", *rows)


def purchases(company: Iterable[tuple[str | None, Days]]) -> dict[str, pd.DataFrame]:
    people = list(enumerate(company))
    bought = [(f"K{number}", day(turn)) for number, (_, turns) in people for turn in turns]
    return {
        "transactions": table("customer_id occurred_at", *bought),
        "customers": table("customer_id region", *[(f"K{number}", region) for number, (region, _) in people]),
    }


def known(tables: dict[str, pd.DataFrame], **more: Any) -> Any:
    return cs.load(tables, as_of=day(KNOWN_DAYS - 1), **more)


def under_contract(turns: Days, bound: int) -> bool:
    """Joined before that day, and not left before it."""
    stays = [(turns[k], turns[k + 1] if k + 1 < len(turns) else None) for k in range(0, len(turns), 2)]
    return any(joined < bound and (left is None or left >= bound) for joined, left in stays)


def buying(turns: Days, bound: int, wait: int) -> bool:
    """Bought before that day, and by the evening before it no more than so many days ago."""
    return any(bound - 1 - wait <= turn < bound for turn in turns)


def counted(start: bool, end: bool, before: bool, undecided: bool = False) -> list[int]:  # noqa: FBT001, FBT002
    came = end and not start
    return [int(one) for one in (start, start and not end, came and not before, came and before, end, undecided)]


def bridges(care: Any) -> dict[Any, list[int]]:
    found = cs.bridge(care, period="2026-02", by="region")
    return {row["region"]: [int(row[part]) for part in PARTS] for row in found.to_dict("records")}


def summed(parts: Iterable[tuple[Any, list[int]]]) -> dict[Any, list[int]]:
    sums: dict[Any, list[int]] = {}
    for region, counts in parts:
        sums[region] = [a + b for a, b in zip(sums.get(region, [0] * len(PARTS)), counts, strict=True)]
    return sums


@few
@given(company=companies)
def test_the_bridge_counts_what_counting_by_hand_counts(company: list[tuple[str | None, Days]]) -> None:
    expected = summed(
        (region, counted(*(under_contract(turns, bound) for bound in FEBRUARY), before=turns[0] < FEBRUARY[0]))
        for region, turns in company
    )
    assert bridges(known({"customers": contracts(company)})) == expected


@few
@given(company=companies, wait=st.integers(1, 60))
def test_the_bridge_without_contracts_counts_what_counting_by_hand_counts(
    company: list[tuple[str | None, Days]], wait: int
) -> None:
    def parts(turns: Days) -> list[int]:
        start, end = (buying(turns, bound, wait) for bound in FEBRUARY)
        silent = turns[-1] < FEBRUARY[0] and turns[-1] + wait + 1 > KNOWN_DAYS
        return counted(start, end, before=turns[0] < FEBRUARY[0], undecided=start and end and silent)

    expected = summed((region, parts(turns)) for region, turns in company)
    assert bridges(known(purchases(company), inactive_after=wait)) == expected


@fewer
@given(company=companies, seed=st.integers(0, 99), wait=st.integers(1, 60))
def test_the_laws_of_the_customer_base_hold(company: list[tuple[str | None, Days]], seed: int, wait: int) -> None:
    mixed = contracts(company).sample(frac=1, random_state=seed)
    for care in (known({"customers": mixed}), known(purchases(company), inactive_after=wait)):
        bridge = cs.bridge(care, period="2026-03", every="week")
        assert (bridge["start"] - bridge["lost"] + bridge["new"] + bridge["returned"]).equals(bridge["end"])
        assert bridge["end"].tolist()[:-1] == bridge["start"].tolist()[1:]
        stays, lost, grows = (
            figure(care, period="2026-03", every="week")
            for figure in (kpi.retention_rate, kpi.gross_churn_rate, kpi.net_growth_rate)
        )
        some = bridge["start"] > 0
        assert (stays["value"] + lost["value"])[some].tolist() == pytest.approx([1] * some.sum())
        assert stays["value"].isna().tolist() == (~some).tolist()
        assert grows["numerator"].equals(bridge["end"] - bridge["start"])
        by_formula = (bridge["end"] - bridge["new"]) / bridge["start"]
        nobody_returned = some & (bridge["returned"] == 0)
        assert stays["value"][nobody_returned].tolist() == pytest.approx(by_formula[nobody_returned].tolist())
        assert (by_formula[some] >= stays["value"][some] - 1e-12).all()


@fewer
@given(company=companies, seed=st.integers(0, 99))
def test_the_order_of_customers_changes_nothing(company: list[tuple[str | None, Days]], seed: int) -> None:
    customers = contracts(company)
    mixed = customers.sample(frac=1, random_state=seed)
    assert bridges(known({"customers": mixed})) == bridges(known({"customers": customers}))
