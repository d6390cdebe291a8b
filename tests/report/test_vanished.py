"""What the last report had and a new one cannot compute is listed until it is computed again, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from carestudy.report.order import Order
from carestudy.report.vanished import vanished, warnings

HASH = "a" * 16
NPS: dict[str, Any] = {"kpi": "nps", "by": {}, "period": "2026-08", "value": 42.0, "n": 30}
CONTACTS = {**NPS, "kpi": "contact_count"}
OF_A_TEAM = {**NPS, "kpi": "csat", "by": {"team": "A"}}
COLUMNS = {"responses": ["response_id", "answered_at"], "contacts": ["contact_id"]}
LOST = {"kpis": ["nps"], "columns": ["responses.score"]}


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(Path("care.ipynb"), "data", "2026-09", ("vi",), tmp_path, columns=COLUMNS)


def _archived(order: Order, *figures: Mapping[str, Any], period: str = "2026-08", **more: object) -> None:
    tables = [{"table": "responses", "columns": ["response_id", "answered_at", "score"]}]
    report = {"notebook": "care", "notebook_hash": HASH, "parameters": {"period": period}, "tables": tables}
    folder = order.out / period
    folder.mkdir(exist_ok=True)
    (folder / "care.figures.json").write_text(json.dumps({**report, "figures": figures, **more}), "utf-8")


def _new(*figures: Mapping[str, Any]) -> dict[str, Any]:
    return {"figures": [{**figure, "period": "2026-09"} for figure in figures], "tables": []}


def test_a_figure_that_is_not_computed_any_more_is_listed_with_the_columns_that_its_tables_lost(order: Order) -> None:
    _archived(order, NPS, CONTACTS, OF_A_TEAM)
    assert vanished(order, HASH, _new(CONTACTS)) == LOST
    assert vanished(replace(order, columns={}), HASH, _new(CONTACTS))["columns"] == [
        "responses.answered_at", "responses.response_id", "responses.score",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [{"value": None, "n": 0}, {"value": None, "n": None}], ids=["no case", "suppressed"])
def test_a_figure_without_a_value_is_there(order: Order, value: dict[str, Any]) -> None:
    _archived(order, NPS)
    assert vanished(order, HASH, _new({**NPS, **value})) == {}


def test_a_first_report_and_one_of_another_notebook_lack_nothing(order: Order) -> None:
    assert vanished(order, HASH, _new(CONTACTS)) == {}
    _archived(order, NPS, CONTACTS)
    assert vanished(order, "b" * 16, _new(CONTACTS)) == {}


def test_it_stays_listed_until_it_is_computed_again(order: Order) -> None:
    _archived(order, CONTACTS, vanished=LOST)
    assert vanished(order, HASH, _new(CONTACTS)) == LOST
    assert vanished(order, HASH, _new(CONTACTS, NPS)) == {}
    mended = replace(order, columns={**COLUMNS, "responses": [*COLUMNS["responses"], "score"]})
    assert vanished(mended, HASH, _new(CONTACTS)) == {"kpis": ["nps"], "columns": []}


def test_the_report_that_is_replaced_counts_as_well(order: Order) -> None:
    _archived(order, NPS, CONTACTS, period="2026-09")
    assert vanished(order, HASH, _new(CONTACTS)) == LOST


@pytest.mark.parametrize("shape", ["x", ["nps"], {"kpis": "nps", "columns": []}, {"kpis": [1], "columns": []}, {}])
def test_a_list_of_another_shape_is_no_list(order: Order, shape: object) -> None:
    _archived(order, CONTACTS, vanished=shape)
    assert vanished(order, HASH, _new(CONTACTS)) == {}


def test_a_report_that_is_computed_again_states_what_it_stated(order: Order) -> None:
    assert vanished(replace(order, vanished=LOST), HASH, _new(CONTACTS)) == LOST
    _archived(order, NPS)
    assert vanished(replace(order, vanished={}), HASH, _new(CONTACTS)) == {}


def test_reports_that_lack_the_same_share_a_line(order: Order) -> None:
    _archived(order, CONTACTS, vanished=LOST)
    figures = order.out / "2026-08" / "care.figures.json"
    (figures.parent / "all.figures.json").write_bytes(figures.read_bytes())
    _archived(order, CONTACTS)
    pages = [figures.parent / "all.vi.html", figures.parent / "all.en.html", figures, figures.parent / "none.vi.html"]
    (line,) = warnings(pages)
    assert line.startswith(
        "all.figures.json: figures that the last report had are missing (nps), as the data no longer"
    )
    assert "responses.score" in line
    assert warnings([figures]) == []
