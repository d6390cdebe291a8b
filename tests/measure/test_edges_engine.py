"""What leaves the engine, what is told of its problems, and what is kept as text, to the last corner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import pytest
from companies import answers, by_group, demo, people
from hypothesis import given
from hypothesis import strategies as st

import carestudy as cs
from carestudy import engine, kpi
from carestudy.contract import Missing
from carestudy.measure.available import available, lack
from carestudy.measure.figures import figures, sums
from carestudy.measure.kept import from_json, to_json


@pytest.mark.parametrize(("state", "told"), [
    ("42501", "its user may not read this"), ("42P01", "a table is no longer there"),
    ("42703", "a column is no longer there"), ("28P01", "user or password is wrong"),
    ("3D000", "there is no such database"), ("08006", "the connection was lost"), ("57014", "the query cancelled"),
    ("53200", "no memory, disk or connection left"), ("22012", "does not fit where it has to go"),
])  # fmt: skip
def test_the_state_of_a_database_is_told_in_words(state: str, told: str) -> None:
    problem = psycopg.errors.lookup(state)("0912345678")
    assert told in engine.trouble(problem)
    assert "0912345678" not in engine.trouble(problem)


def test_a_state_without_words_is_told_as_it_is_and_a_problem_without_a_state_by_its_kind() -> None:
    assert engine.trouble(psycopg.errors.lookup("42601")("0912345678")) == "SyntaxError 42601"
    assert engine.trouble(psycopg.OperationalError("0912345678")) == "the connection was lost"
    assert engine.trouble(psycopg.DataError("0912345678")) == "DataError"
    assert engine.trouble(duckdb.OutOfMemoryException("0912345678")).startswith("too little memory is allowed")
    assert engine.trouble(duckdb.IOException("0912345678")) == "IOException"


def test_a_problem_of_the_engine_is_told_without_its_words_and_any_other_as_it_is() -> None:
    rows = ibis.memtable(pa.table({"who": ["0912345678a"]}))
    with pytest.raises(cs.CareError, match=r"^the engine \(duckdb\) gave no answer: ConversionException$"):
        engine.fetch(rows.select(x=rows.who.cast("int64")))
    with pytest.raises(AttributeError):
        engine.answer(None)
    with pytest.raises(cs.CareError, match=r"^duckdb cannot compute this figure: it has no ExtractAuthority;"):
        engine.fetch(rows.select(x=rows.who.authority()))


def test_conditions_and_numbers_are_integers_and_what_is_not_known_is_none() -> None:
    rows = ibis.memtable(pa.table({"flag": pa.array([True, False, None]), "score": pa.array([2, 3, None], pa.int64())}))
    asked = {"flag": rows.flag, "score": rows.score, "yes": True, "seven": 7}
    found = engine.fetch(rows.select(**{name: engine.integer(one) for name, one in asked.items()}), tuple(asked))
    assert found.to_numpy().tolist() == [[1, 2, 1, 7], [0, 3, 1, 7], [0, 0, 1, 7]]
    sure = engine.fetch(rows.select(flag=engine.true(rows.flag), yes=engine.true(True)))  # noqa: FBT003
    assert sure.to_numpy().tolist() == [[True, True], [False, True], [False, True]]


def test_sums_over_no_rows_are_nought() -> None:
    rows = ibis.memtable(pa.table({"a": [1, 2], "b": [3, 4]}))
    none = rows.filter(rows.a > 9)
    for table, expected in ((rows, [3, 11, 11]), (none, [0, 0, 0])):
        found = table.aggregate(
            total=engine.total(table.a), plain=engine.product_sum(table.a, table.b, wide=False),
            wide=engine.product_sum(table.a, table.b, wide=True),
        )  # fmt: skip
        assert engine.fetch(found, ("total", "plain", "wide")).iloc[0].tolist() == expected


def test_bounds_that_a_day_has_passed_are_counted_and_no_day_passes_them_all() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1), None]
    rows = ibis.memtable(pa.table({"day": pa.array(days, pa.date32())}))
    bounds = [date(2026, 10, 1), date(2026, 11, 1)]
    passed, inside = engine.bounds_passed(rows.day, bounds), engine.within(rows.day, *bounds)
    found = engine.fetch(rows.select(passed=passed, inside=inside))
    assert found["passed"].tolist() == [0, 1, 1, 2, 3]
    assert found["inside"].tolist() == [False, True, True, False, False]
    moments = ibis.memtable(pa.table({"at": [datetime(2026, 9, 30, 23, 59), datetime(2026, 10, 31, 23, 59)]}))  # noqa: DTZ001
    found = engine.fetch(moments.select(inside=engine.within(moments.at, *bounds)))
    assert found["inside"].tolist() == [False, True]


def test_a_column_of_our_own_that_holds_nothing_is_one_of_text() -> None:
    table = engine.small_table(pd.DataFrame({"none": [None, None], "one": [1, 2]}, index=[7, 8]))
    assert dict(table.schema()) == {"none": ibis.dtype("string"), "one": ibis.dtype("int64")}


@dataclass(frozen=True)
class Part:
    """A part of what is kept."""

    name: str | None
    value: float


@dataclass(frozen=True)
class Told:
    """What is kept, with all that it may hold."""

    ready: bool
    parts: tuple[Part, ...]
    limits: tuple[float, ...]
    frame: pd.DataFrame


def kept() -> Told:
    frame = pd.DataFrame(
        {"kpi": pd.Series(["nps", None], dtype=object), "value": [0.5, np.nan], "n": np.array([3, 2**62])}
    )
    parts = (Part("Đội Bắc", np.float64(1.5)), Part(None, float("nan")))
    return Told(ready=True, parts=parts, limits=(-np.inf, 2.0, np.inf), frame=frame)


def test_what_is_kept_is_found_again() -> None:
    text = to_json(kept())
    found = from_json(Told, text)
    assert found.ready is True
    assert found.limits == (-np.inf, 2.0, np.inf)
    assert found.parts[0] == Part("Đội Bắc", 1.5)
    assert found.parts[1].name is None
    assert np.isnan(found.parts[1].value)
    pd.testing.assert_frame_equal(found.frame, kept().frame)
    assert to_json(found) == text
    assert "Đội Bắc" in text
    assert to_json(Part("A", np.int64(2))) == '{"kind": "Part", "name": "A", "value": 2}'
    assert json.loads(text)["frame"]["rows"] == [["nps", 0.5, 3], [None, None, 2**62]]


@pytest.mark.parametrize("change", [
    lambda told: told | {"kind": "Other"}, lambda told: {name: told[name] for name in told if name != "kind"},
    lambda told: {name: told[name] for name in told if name != "ready"}, lambda told: told | {"more": 1},
    lambda told: told | {"parts": [{"name": "A"}]}, lambda told: told | {"frame": [1]}, lambda told: [told],
])  # fmt: skip
def test_what_was_not_kept_so_is_refused(change: Any) -> None:
    text = json.dumps(change(json.loads(to_json(kept()))))
    with pytest.raises(cs.CareError, match="no text that to_json of Told wrote"):
        from_json(Told, text)


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(cs.CareError, match="no text that to_json of Told wrote"):
        from_json(Told, "{")


def test_figures_that_can_be_compared_are_told_from_their_columns() -> None:
    care = cs.load({"responses": answers([9], "nps")})
    asked = [kpi.leaving_reasons, kpi.customers_on_file, kpi.csat, kpi.nps, kpi.invoiced]
    with pytest.raises(Missing, match=r"^csat needs column 'answered_at'"):
        available(care, asked, [])
    care = cs.load({"responses": answers([9], "nps", answered_at=["2026-10-05"])})
    assert available(care, asked, []) == [kpi.csat, kpi.nps]
    assert available(demo(), asked, []) == [kpi.csat, kpi.nps, kpi.invoiced]
    with pytest.raises(cs.CareError, match=r"no figure here to compare between periods \(leaving_reasons, customers_"):
        cs.scorecard(demo(), period="2026-10", kpis=asked[:2])
    with pytest.raises(cs.CareError, match="none was named"):
        available(care, [], [])
    with pytest.raises(Missing, match=r"^csat needs column 'planet'"):
        available(care, asked, ["planet"])


@pytest.mark.parametrize(("figure", "column"), [
    (kpi.owned_rate, "owner"), (kpi.tenure, "left_on"), (kpi.typical_transaction, "occurred_at"),
    (kpi.resolution_time, "resolved_at"), (kpi.leaving_reasons, "leave_reason"),
])  # fmt: skip
def test_what_a_figure_lacks_is_the_column_that_is_not_there(figure: Any, column: str) -> None:
    tables = {
        "customers": people(("A", "2026-01-05", None), columns="").drop(columns=[column], errors="ignore"),
        "transactions": pd.DataFrame({"amount": [1.0]}),
        "contacts": pd.DataFrame({"opened_at": ["2026-10-05"]}),
    }
    found = lack(cs.load(tables, as_of="2026-10-31"), figure)
    assert (found.column, found.asked_by) == (column, figure.name) if found else False


def test_amounts_are_lacking_without_amounts_and_nothing_is_where_purchases_tell_of_customers() -> None:
    bought = cs.load({"transactions": pd.DataFrame({"customer_id": ["A"], "occurred_at": ["2026-10-05"]})})
    found = lack(bought, kpi.typical_transaction)
    assert (found and found.column) == "amount"
    assert [lack(bought, one) for one in (kpi.tenure, kpi.active_customers, kpi.retention_rate)] == [None] * 3
    file = cs.load({"customers": pd.DataFrame({"customer_id": ["A"]})})
    assert lack(file, kpi.customers_on_file) is None


def test_figures_of_every_kind_stand_side_by_side_each_with_its_own() -> None:
    asked = [kpi.nps, kpi.resolution_time, kpi.retention_rate, kpi.annual_loss, kpi.typical_transaction, kpi.invoiced]
    together = figures(demo(), asked, by=[], periods=kpi.nps.periods(demo(), "2026-10", "month", 2))
    assert together[["period", "kpi"]].to_numpy().tolist() == [
        [month, one.name] for month in ("2026-09", "2026-10") for one in asked
    ]
    for one in asked:
        alone = one(demo(), period="2026-10", every="month", last=2)["value"].tolist()
        assert together.loc[together["kpi"] == one.name, "value"].tolist() == alone


def test_squares_beyond_64_bits_are_exact_and_nobodys_group_stands_last() -> None:
    care = cs.load({"transactions": pd.DataFrame({"amount": [4e9, 5.0], "team": [None, "A"]})}, currency="VND")
    found = sums(care, [kpi.invoiced], by=["team"], periods=[])
    assert found["team"].tolist() == ["A", None]
    assert by_group(found, "team", "aa") == {"A": 25, None: 16 * 10**18}


def test_as_many_come_as_go_is_no_sure_nought() -> None:
    rows = [
        ("G", "2026-01-05", "2026-10-05"),
        ("N", "2026-10-06", None),
        *((f"K{k}", "2026-01-05", None) for k in range(9)),
    ]
    found = kpi.net_growth_rate(cs.load({"customers": people(*rows)}, as_of="2026-10-31"), period="2026-10").iloc[0]
    # One each way over ten at the start, whose spread has nine degrees of freedom: 2.2622 * sqrt(2 / 100 * 10 / 9).
    assert (found["value"], found["n"]) == (0, 10)
    assert [found["low"], found["high"]] == pytest.approx([-0.33722, 0.33722], abs=1e-4)


NUMBERS = st.lists(
    st.tuples(st.sampled_from("AB"), st.one_of(st.none(), st.integers(-3, 3), st.integers(-(2**40), 2**40))), min_size=1
)


@given(NUMBERS)
def test_medians_and_different_values_of_each_are_those_of_the_standard_library(rows: list[Any]) -> None:
    who, numbers = zip(*rows, strict=True)
    table = ibis.memtable(pa.table({"who": who, "number": pa.array(numbers, pa.int64())}))
    mine = {one: [number for name, number in rows if name == one and number is not None] for one in who}
    middle = engine.fetch(engine.medians(table, "number", of="who", name="middle"))
    assert dict(middle.to_numpy().tolist()) == {one: median(known) for one, known in mine.items() if known}
    different = engine.fetch(engine.different(table, "number", of="who", name="different"))
    assert dict(different.to_numpy().tolist()) == {one: len(set(known)) for one, known in mine.items()}
