"""Edges of the customer base and of what lasts that no other test stood on, found by changing one line at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from companies import fraction, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.measure.customer_clusters import design_effect
from carestudy.measure.figures import sums
from carestudy.measure.overlap import correlations
from carestudy.measure.rows import CLUSTER
from carestudy.measure.stays import EVER, observed
from carestudy.periods import Period

PARTS = ["start", "lost", "new", "returned", "end", "undecided"]


def base(*rows: tuple[Any, ...], columns: str = "") -> Any:
    return cs.load({"customers": people(*rows, columns=columns)}, as_of="2026-10-31")


def test_nobody_is_no_customer() -> None:
    assert cs.bridge(base(), period="2026-10")[PARTS].to_numpy().tolist() == [[0] * 6]
    assert fraction(kpi.retention_rate(base(), period="2026-10")) == (0, 0)


@pytest.mark.parametrize(("many", "note"), [(10, None), (9, "too few were followed from the beginning")])
def test_ten_followed_from_the_beginning_are_enough(many: int, note: str | None) -> None:
    old = [(f"O{k}", "2020-01-05", None) for k in range(30)]
    found = kpi.tenure(base(*old, *((f"N{k}", "2024-01-05", None) for k in range(many))), since="2024-01-01")
    assert found["note"].item() == note


def test_two_years_that_share_months_move_together_as_their_customers_do() -> None:
    # The years to the end of September and of October; with how many: lost in which, here at the start of which.
    kinds = {
        ("2024-01-05", "2025-10-15"): (3, (1, 1), (0, 0)),
        ("2024-01-05", "2026-05-05"): (5, (1, 1), (1, 1)),
        ("2024-01-05", "2026-10-05"): (2, (0, 1), (1, 1)),
        ("2025-10-15", "2026-05-05"): (4, (0, 0), (1, 1)),
        ("2025-10-15", None): (6, (0, 0), (0, 1)),
        ("2024-01-05", None): (20, (0, 1), (0, 1)),
    }
    rows = [(f"{k}-{n}", *stay) for k, (stay, (many, *_)) in enumerate(kinds.items()) for n in range(many)]
    each = [pair for many, *pair in kinds.values() for _ in range(many)]
    residuals = []
    for side in (0, 1):
        lost, here = (sum(pair[side][k] for pair in each) for k in (0, 1))
        residuals.append([pair[side][0] - lost / here * pair[side][1] for pair in each])
    first, second = map(np.array, residuals)
    expected = first @ second / np.sqrt((first @ first) * (second @ second))
    care = base(*rows)
    years = tuple(Period.parse(text, as_of=care.known_until) for text in ("2026-09", "2026-10"))
    now = pd.DataFrame({"kpi": ["annual_loss"] * 2})
    assert correlations(care, kpi.annual_loss, now, years, []).tolist() == pytest.approx([expected] * 2)  # type: ignore[arg-type]


def test_groups_of_two_years_move_each_by_itself_and_one_that_was_not_there_with_nothing() -> None:
    gone, late, here = ("2024-01-05", "2026-05-05"), ("2024-01-05", "2026-10-05"), ("2024-01-05", None)
    rows = [(f"A{k}", *stay, "A") for k, stay in enumerate([gone] * 2 + [late] + [here] * 5)]
    care = base(*rows, *((f"B{k}", *here, "B") for k in range(5)), columns="region")
    september, october = (Period.parse(text, as_of=care.known_until) for text in ("2026-09", "2026-10"))
    now = pd.DataFrame({"region": ["C", "B", "A"]})
    found = correlations(care, kpi.annual_loss, now, (october, september), ["region"])
    # Of eight who were here two were lost in both years and one in the later: (2/8 - 2/8 * 3/8) over the spreads.
    assert found.tolist() == pytest.approx([0, 0, (2 / 8 - 6 / 64) / np.sqrt(2 / 8 * 6 / 8 * 3 / 8 * 5 / 8)])
    ago = Period.parse("2025-10", as_of=care.known_until)
    assert correlations(care, kpi.annual_loss, now, (october, ago), ["region"]) is None
    assert correlations(care, kpi.gross_churn_rate, now, (october, september), ["region"]) is None


@pytest.mark.parametrize(("joined", "left", "counted"), [
    ("2026-09-30", None, 1), ("2026-10-01", None, 0), ("2025-01-05", "2026-10-01", 1), ("2025-01-05", "2026-09-30", 0),
])  # fmt: skip
def test_at_the_end_of_september_who_is_here_on_the_first_of_october(
    joined: str, left: str | None, counted: int
) -> None:
    care = base(("A", joined, left), ("B", "2020-01-05", None))
    assert kpi.tenure_share(care, period="2026-09")["denominator"].item() == 1 + counted


@pytest.mark.parametrize(("left", "counted"), [("2025-12-31", 0), ("2026-01-01", 0), ("2026-01-02", 1)])
def test_who_left_up_to_the_first_day_of_the_data_was_never_observed(left: str, counted: int) -> None:
    care = base(("A", "2025-01-01", left), *((f"B{k}", "2026-02-01", None) for k in range(10)))
    assert kpi.tenure(care, years=0.5, since="2026-01-01")["denominator"].item() == 10 + counted


@pytest.mark.parametrize(("known", "lacking"), [(1646, True), (1647, False)])
def test_leavings_from_before_are_lacking_where_that_is_beyond_one_in_a_thousand(known: int, lacking: bool) -> None:  # noqa: FBT001
    # 70 join on one day and seven leave 1000 days later, the others stay: the later part of all days, to the power of
    # seven, is below exp(-7) up to day 1646.
    share = 63 * (known - 1000) / (7 * 1000 + 63 * known)
    assert bool(share < np.exp(-1)) == lacking
    start = date(2020, 1, 1)
    left = [start + timedelta(days=1000)] * 7 + [None] * 63
    stays = pd.DataFrame({"carestudy_joined": [start] * 70, "carestudy_left": pd.Series(left, dtype=object)})
    first = (start - date(1970, 1, 1)).days + 1000
    assert observed(ibis.memtable(stays), start + timedelta(days=known)) == (first - 1 if lacking else EVER)


def test_who_never_left_tells_of_no_beginning_and_who_all_left_at_once_do() -> None:
    def found(*left: date | None) -> int:
        stays = pd.DataFrame({"carestudy_joined": date(2026, 1, 1), "carestudy_left": pd.Series(left, dtype=object)})
        return observed(ibis.memtable(stays, schema=dict.fromkeys(stays.columns, "date")), date(2026, 10, 31))

    assert found(None, None) == EVER
    # The later part of 540 days, none, counts as one: (1 / 540) ** 2 is less than one in a thousand.
    assert found(*[date(2026, 9, 28)] * 2) == (date(2026, 9, 27) - date(1970, 1, 1)).days
    assert found(*[date(2026, 1, 1)] * 9) == EVER


def test_who_joins_and_leaves_on_one_day_stayed_no_day_and_counts() -> None:
    found = kpi.tenure(base(("A", "2024-01-05", "2024-01-05"), ("B", "2024-01-05", None))).iloc[0]
    assert (found["value"], found["denominator"]) == (0.5, 2)


def test_a_case_closed_as_it_was_opened_took_no_time_and_one_closed_before_is_no_case() -> None:
    rows = table("opened_at resolved_at", *[("2026-10-05 08:00", f"2026-10-05 0{hour}:00") for hour in (7, 8, 9)])
    found = kpi.resolution_time(cs.load({"contacts": rows}, as_of="2026-10-31"), at=0.4).iloc[0]
    assert (found["value"], found["n"]) == (0.0, 2)


@pytest.mark.parametrize("at", [0, 1, -0.5, "p50"])
def test_a_quantile_is_of_more_than_none_and_less_than_all(at: Any) -> None:
    rows = table("opened_at resolved_at", ("2026-10-05 08:00", "2026-10-05 09:00"))
    with pytest.raises(cs.CareError, match="is no quantile"):
        kpi.resolution_time(cs.load({"contacts": rows}), at=at)


def test_without_a_case_there_are_no_business_hours_to_count() -> None:
    care = cs.load({"contacts": table("opened_at resolved_at")}, as_of="2026-10-31", hours={"mon-fri": ["08:00-17:00"]})
    assert kpi.resolution_time(care, clock="business", period="2026-10")["n"].item() == 0


def test_who_is_a_day_old_when_the_data_begin_is_at_risk_from_the_day_after() -> None:
    rows = [
        ("A", "2025-12-31", None),
        ("B", "2026-02-01", "2026-02-02"),
        *((f"C{k}", "2026-02-01", None) for k in range(9)),
    ]
    found = kpi.tenure(base(*rows), years=2 / 365, since="2026-01-01")
    assert found["value"].item() == pytest.approx(1 - 1 / 10)


def test_a_quantile_of_cases_is_as_unsure_as_their_customers_are_alike() -> None:
    cases = {
        "X": [("A", 1), ("A", 2), ("A", 2), ("B", 5), ("B", 5), ("B", None)],  # as two answers, not six
        "Y": [("A", 1), ("A", 1), ("A", 5), ("A", 5)],  # as one
        "Z": [("A", 1), ("B", 5), ("C", None), ("D", 1)],  # as they are
    }
    rows = [(group, who, value) for group, of in cases.items() for who, value in of]
    group, who, value = (list(column) for column in zip(*rows, strict=True))
    table = ibis.memtable(pa.table({"group": group, CLUSTER: who, "value": pa.array(value, pa.int64())}))
    found = design_effect(table, ["group"], pd.DataFrame({"group": ["X", "Y", "Z"], "threshold": 2.0}))
    assert found["units"].tolist() == [2, 1, 4]
    assert found["effect"].tolist() == pytest.approx([3, 4, 1])


def test_a_duration_tells_of_how_many_customers_its_cases_are() -> None:
    rows = table(
        "customer_id topic opened_at resolved_at",
        *[(who, topic, "2026-10-05 08:00", f"2026-10-05 {hour}:00")
          for who, topic, hour in (("A", "bill", "09"), ("A", "bill", "10"), ("A", "bill", "11"), ("B", "speed", "09"),
                                   ("C", "speed", "10"), ("C", "speed", "11"))],
    )  # fmt: skip
    care = cs.load({"contacts": rows}, as_of="2026-10-31")
    assert sums(care, [kpi.resolution_time], by=[], periods=[])["units"].tolist() == [3]
    found = sums(care, [kpi.resolution_time], by=["topic"], periods=[])
    assert found[["topic", "n", "units"]].to_numpy().tolist() == [["bill", 3, 1], ["speed", 3, 2]]
