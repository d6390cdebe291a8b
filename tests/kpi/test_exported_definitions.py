"""Exported definitions come back equal, and compute what the figures are."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest
import yaml
from companies import desk

from carestudy import contract, kpi
from carestudy.__main__ import main
from carestudy.exports.definition_files import FORMATS
from carestudy.exports.definitions import FACTS, TYPES, Definition, Measure, definition_of, definitions

EXPORTED, REFUSED = definitions()
TIMES = {
    "contacts": "opened_at",
    "responses": "answered_at",
    "transactions": "occurred_at",
    "invitations": "invited_at",
}


TABLES = ("contacts", "responses", "transactions", "invitations")


def _sum(measure: Measure) -> str:
    """The query that a tool writes for a measure in a month."""
    time = contract.TABLES[measure.table].time
    month = f"{time} >= DATE '2026-10-01' AND {time} < DATE '2026-11-01'"
    return f"SELECT SUM({measure.expression}) FROM {measure.table} WHERE {month}"  # noqa: S608


def by_name() -> dict[str, Definition]:
    return {definition.name: definition for definition in EXPORTED}


def test_every_figure_is_exported_or_says_why_not() -> None:
    assert len(EXPORTED) + len(REFUSED) == len(kpi.ALL)
    assert {"nps", "csat", "contact_count", "complaint_rate_per_transaction", "invoiced"} <= set(by_name())
    assert REFUSED["ces"] == REFUSED["response_rate"] == FACTS
    assert "customers" in REFUSED["active_customers"]


@pytest.mark.parametrize("form", FORMATS)
def test_definitions_come_back_equal(form: str) -> None:
    text = FORMATS[form].write(EXPORTED)
    found = FORMATS[form].read(text)
    assert {one.name: one for one in found} == by_name()


@pytest.fixture(scope="module")
def warehouse() -> ibis.BaseBackend:
    """The tables of the demo company, as dbt would find them."""
    engine = ibis.duckdb.connect()
    for name in TABLES:
        rows = desk().table(name)
        lacking = {column: ibis.null(TYPES[kind]) for column, kind in contract.TABLES[name].columns.items()}
        known = {column: rows[column] for column in lacking if column in rows.columns}
        engine.create_table(name, rows.select(**(lacking | known)).to_pyarrow())
    return engine


@pytest.mark.parametrize("figure", [one for one in kpi.ALL.values() if one.id not in REFUSED], ids=lambda one: one.id)
def test_the_exported_sql_computes_the_figure(figure: kpi.Kpi, warehouse: ibis.BaseBackend) -> None:
    definition = definition_of(figure)
    sides = [measure for measure in (definition.numerator, definition.denominator) if measure]
    sums = [warehouse.raw_sql(_sum(measure)).fetchone()[0] for measure in sides]
    value = float(sums[0]) / float(sums[1]) if len(sums) > 1 else float(sums[0])
    assert value == pytest.approx(figure(desk(), period="2026-10")["value"].item(), rel=1e-12)


def test_the_yaml_is_one_that_dbt_reads() -> None:
    content = yaml.safe_load(FORMATS["metricflow"].write(EXPORTED))
    models = {model["name"]: model for model in content["semantic_models"]}
    measures = [measure["name"] for model in models.values() for measure in model["measures"]]
    assert len(measures) == len(set(measures))
    names = {metric["name"] for metric in content["metrics"]}
    for metric in content["metrics"]:
        parts = metric["type_params"].values()
        assert set(parts) <= (names if metric["type"] == "ratio" else set(measures))
    assert models["responses"]["defaults"] == {"agg_time_dimension": "answered_at"}
    assert "comment" not in [dimension["name"] for dimension in models["responses"]["dimensions"]]


def test_the_command_lists_what_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "figures.yml"
    command = ["export-definitions", "--format", "metricflow", "--out", str(out)]
    assert main(command) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"exported: {len(EXPORTED)} figures"
    assert "not exported: typical_transaction: it is no sum over rows" in said
    assert main(command) == 1
