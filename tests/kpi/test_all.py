"""What holds for every KPI, whatever it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from companies import answers, by_group, desk, people

import carestudy as cs
from carestudy import kpi
from carestudy.overview import departures

PERIOD = "2026-10"
DIMENSIONS = ("team", "channel", "country", "region", "segment", "owner", "department", "agent", "gender")
OF_CUSTOMERS = {"country", "region", "segment", "owner", "gender"}
# A customer who is seen in two groups of these is counted in both.
OVERLAPPING = {
    "active_customers", "complaint_rate(per=customer)", "contacts_per_customer", "repeat_complainers", "bought_again",
    "gross_revenue_retention", "net_revenue_retention",
}  # fmt: skip
# Of these the numerators, which count rows, add up all the same.
ROWS_ABOVE = {"complaint_rate(per=customer)", "contacts_per_customer"}
# Figures that are not compared between periods, and so stand on no scorecard.
UNCOMPARED = {"customers_on_file", "leaving_reasons"}
CONTRACT = ("customers", "joined_on left_on")
NEEDS = {  # the table that a KPI cannot do without, and columns of it
    "retention_rate": CONTRACT,
    "gross_churn_rate": CONTRACT,
    "net_growth_rate": CONTRACT,
    "annual_loss": CONTRACT,
    "leaving_reasons": ("customers", "joined_on left_on leave_reason"),
    "owned_rate": ("customers", "joined_on left_on owner"),
    "customers_on_file": ("customers", "customer_id"),
    "active_customers": ("transactions", "customer_id occurred_at"),
    "csat": ("responses", "question score answered_at"),
    "nps": ("responses", "question score answered_at"),
    "ces": ("responses", "question score answered_at"),
    "response_rate": ("invitations", "invited_at response_id"),
    "complaint_rate(per=contact)": ("contacts", "kind opened_at"),
    "complaint_rate(per=transaction)": ("contacts", "kind opened_at"),
    "complaint_rate(per=customer)": ("contacts", "kind opened_at customer_id"),
    "recontact_rate": ("contacts", "customer_id resolved_at topic opened_at"),
    "service_level(within=24)": ("contacts", "opened_at first_reply_at"),
    "first_contact_resolution": ("contacts", "customer_id opened_at resolved_at reopened topic"),
    "return_rate": ("transactions", "amount returned occurred_at"),
    "return_rate(of=value)": ("transactions", "amount returned occurred_at"),
    "first_response_time": ("contacts", "opened_at first_reply_at"),
    "first_response_time(at=p90)": ("contacts", "opened_at first_reply_at"),
    "resolution_time": ("contacts", "opened_at resolved_at"),
    "resolution_time(at=p90)": ("contacts", "opened_at resolved_at"),
    **{f"{name}(years={years})": CONTRACT for name in ("tenure", "tenure_share") for years in (1, 2, 5)},
    "typical_transaction": ("transactions", "amount occurred_at"),
    "mean_transaction": ("transactions", "amount occurred_at"),
    "invoiced": ("transactions", "amount occurred_at"),
    "contact_count": ("contacts", "opened_at"),
    "complaint_count": ("contacts", "kind opened_at"),
    "contacts_per_customer": ("contacts", "customer_id opened_at"),
    "repeat_complainers": ("contacts", "kind customer_id opened_at"),
    "backlog": ("contacts", "opened_at resolved_at"),
    "answered_share": ("contacts", "answered opened_at"),
    "abandoned_share": ("contacts", "answered opened_at"),
    "resolved_share": ("contacts", "resolved_at opened_at"),
    "mean_handling_time": ("contacts", "handling_seconds opened_at"),
    "total_handling_time": ("contacts", "handling_seconds opened_at"),
    "mean_score(question=csat)": ("responses", "question score answered_at"),
    "bought_again": ("transactions", "customer_id amount occurred_at"),
    "gross_revenue_retention": ("transactions", "customer_id amount occurred_at"),
    "net_revenue_retention": ("transactions", "customer_id amount occurred_at"),
}
HOSTILE = ["<b id=live>", "O'Brien; --", '"', "%s {x}", "null?", "Đội 🇻🇳", None, ""]
FRAMES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "polars": pl.from_pandas,
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "ibis": lambda frame: ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False)),
}

every_kpi = pytest.mark.parametrize("name", kpi.ALL)
compared_kpi = pytest.mark.parametrize("name", sorted(set(kpi.ALL) - UNCOMPARED))


@cache
def card(by: str | None = None) -> pd.DataFrame:
    """The scorecard of the demo company."""
    return cs.scorecard(desk(), period=PERIOD, by=by)


def of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["kpi"] == name]


@every_kpi
def test_its_definition_is_one_sentence_with_an_end(name: str) -> None:
    definition = kpi.ALL[name].definition
    assert definition.endswith(".")
    assert ". " not in definition
    assert kpi.ALL[name].title


@compared_kpi
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_its_groups_add_up_to_the_whole(name: str, dimension: str) -> None:
    parts, whole = of(card(dimension), name), of(card(), name)
    if parts.empty:  # what a customer is asked about has no channel, an answer no department of its own
        assert dimension not in OF_CUSTOMERS
        return
    overlap = name in OVERLAPPING and dimension not in OF_CUSTOMERS
    sums = ["numerator", "denominator", "n"]
    assert whole["denominator"].item() > 0
    if overlap:
        sums = ["numerator"] if name in ROWS_ABOVE else []
        assert name.endswith("retention") or parts["denominator"].sum() >= whole["denominator"].item()
    assert parts[sums].sum().tolist() == whole[sums].iloc[0].tolist()


@pytest.mark.parametrize("dimension", ["gender", "department"])
def test_figures_on_no_scorecard_add_up_too(dimension: str) -> None:
    lost = kpi.leaving_reasons(desk(), period=PERIOD, by=dimension)
    left = departures(desk(), period=PERIOD).iloc[0]
    assert lost["numerator"].sum() == left["left"]
    # Who came and left within the year has a reason as well, and stands in no rate of those who were there before.
    assert left["left"] - left["newcomers"] == kpi.annual_loss(desk(), period=PERIOD)["numerator"].item()
    assert lost["value"].sum() == pytest.approx(1)
    assert kpi.customers_on_file(desk(), by=dimension)["value"].sum() == 5_000


@compared_kpi
@pytest.mark.parametrize("dimension", [None, *DIMENSIONS])
def test_its_value_lies_inside_its_interval(name: str, dimension: str | None) -> None:
    found = of(card(dimension), name)
    known = found[found["low"].notna() & found["high"].notna()]
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    if kpi.ALL[name].unit == "share" and not name.startswith(("complaint_rate", "net_revenue")):
        assert known["low"].ge(0).all()
        assert known["high"].le(1).all()


@pytest.mark.parametrize("threads", [1, 4])
def test_the_order_of_rows_and_the_number_of_threads_change_nothing(threads: int) -> None:
    engine, mixed = ibis.duckdb.connect(threads=threads), np.random.default_rng(threads)
    tables = {}
    for name, table in desk().tables.items():
        rows = table.to_pyarrow()
        tables[name] = engine.create_table(name, rows.take(mixed.permutation(len(rows))))
    found = cs.scorecard(replace(desk(), tables=tables), period=PERIOD, by="team")
    pd.testing.assert_frame_equal(found, card("team"), check_exact=True)


def test_every_kpi_has_its_needs_written_down_here() -> None:
    assert set(NEEDS) == set(kpi.ALL)


@every_kpi
def test_what_is_missing_is_named_with_what_is_near(name: str) -> None:
    table, columns = NEEDS[name]
    others = {} if table == "customers" else desk().tables  # customers can be made from purchases, too
    for column in columns.split():
        spoilt = desk().table(table).rename({f"{column}x": column})
        gap = cs.missing(replace(desk(), tables={**others, table: spoilt}), [kpi.ALL[name]]).iloc[0]
        assert (gap["kpi"], gap["table"], gap["column"]) == (name, table, column)
        assert gap["message"].startswith(f"{kpi.ALL[name].name} needs column '{column}'; {table} has ")
        assert f'[{table}] columns = {{ {column} = "{column}x" }}' in gap["message"]


@every_kpi
def test_without_its_table_it_says_so_when_asked(name: str) -> None:
    figure, bare = kpi.ALL[name], replace(desk(), tables={"goals": desk().table("goals")})
    with pytest.raises(cs.CareError, match=f"^{figure.name} needs table '{figure.tables[0]}'; the data have goals"):
        figure(bare, period=PERIOD)


@every_kpi
def test_a_dimension_that_nobody_has_is_named(name: str) -> None:
    with pytest.raises(cs.CareError, match=f"^{kpi.ALL[name].name} needs column 'planet'; "):
        kpi.ALL[name](desk(), by="planet", period=PERIOD)


def test_hostile_names_of_groups_are_only_data() -> None:
    groups = [name or None for name in HOSTILE]
    ids = [f"K{k}" for k in range(len(HOSTILE))]
    stays = [(one, "2026-01-05", None, name) for one, name in zip(ids, HOSTILE, strict=True)]
    rows = answers([10] * len(ids), "nps", customer_id=ids, answered_at="2026-10-05", team=HOSTILE)
    bought = pd.DataFrame({"customer_id": ids, "occurred_at": "2026-10-05", "amount": 5.0, "team": HOSTILE})
    care = cs.load({"customers": people(*stays, columns="segment"), "responses": rows, "transactions": bought})
    for by in ("team", "segment"):
        found = cs.scorecard(care, period=PERIOD, by=by)
        assert set(found[by]) == set(groups)
        assert set(by_group(of(found, "nps"), by, "n").values()) == {1, 2}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_behaves_alike(kind: str) -> None:
    scores = answers([10, 9, 8, 0, None], "nps", team=["Bắc", "Nam", None, "Bắc", "Bắc"])
    stays = people(("A", "2026-01-05", None, "Bắc"), ("B", "2026-02-05", "2026-10-09", None), columns="region")
    score = kpi.nps(FRAMES[kind](scores), by="team")
    pd.testing.assert_frame_equal(score, kpi.nps(scores, by="team"))
    stay = kpi.retention_rate({"customers": FRAMES[kind](stays)}, by="region", period=PERIOD)
    pd.testing.assert_frame_equal(stay, kpi.retention_rate(stays, by="region", period=PERIOD))


def test_data_can_be_loaded_after_a_figure_read_a_plain_frame() -> None:
    # Its first use imports the folder that bears the name of the function.
    kpi.nps(answers([9], "nps"))
    assert [cs.load({"responses": answers([9], "nps")}).counts[0].used for _ in range(2)] == [1, 1]
