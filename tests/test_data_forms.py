"""Every public function takes data in any form, and refuses what is none in one sentence."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from companies import demo
from fronts import functions

import carestudy as cs

FORMS = (lambda table: table.to_pandas(), pl.from_arrow, lambda table: table)  # of an Arrow table
NEEDED: dict[str, Any] = {
    "kpi": cs.kpi.csat, "by": "region", "period": "2026-10", "per": "contact", "question": "csat", "within": 24,
    "years": 1, "handling_minutes": 6, "kind": "gifts", "drawn": ["C1"], "began": "2026-10-01",
}  # fmt: skip


def of_data() -> dict[str, Any]:
    """The public functions that take the data of a company, and of the figures, which share one way, some."""
    taking = {name: inspect.signature(call).parameters for name, call in functions().items()}
    figures = {"kpi.retention_rate", "kpi.complaint_rate", "kpi.service_level", "kpi.nps"}
    return {
        name: call
        for name, call in functions().items()
        if name in figures or any(str(one.annotation) == "Data" for one in taking[name].values())
    }


@cache
def small() -> dict[str, pa.Table]:
    """The tables of 60 customers of the demo company."""
    ids = demo().table("customers").customer_id
    some = demo().table("customers").order_by(ids).limit(60).select("customer_id")
    tables = {}
    for name, table in demo().tables.items():
        own = [column for column in table.columns if not column.startswith("carestudy_")]
        kept = table.semi_join(some, "customer_id") if "customer_id" in table.columns else table
        tables[name] = kept.select(*own).to_pyarrow()
    return tables


def outcome(call: Any, data: Any) -> str:
    """What a function returns for data, or how it refuses them, as text."""
    needed = {name for name, one in inspect.signature(call).parameters.items() if one.default is one.empty}
    arguments = {name: NEEDED[name] for name in needed - {"care", "data"}}
    first = [name for name in inspect.signature(call).parameters if name in ("care", "data", "kpi")]
    places = {"care": data, "data": data, "kpi": arguments.pop("kpi", None)}
    try:
        found = call(*(places[name] for name in first), **arguments)
    except cs.CareError as refusal:
        return f"refused: {refusal}"
    if isinstance(found, ibis.Table):
        found = found.to_pyarrow().to_pandas().sort_values("customer_id", ignore_index=True)
    return found.to_csv() if isinstance(found, pd.DataFrame) else repr(found)


@pytest.mark.slow
def test_every_function_takes_a_dict_of_frames_of_any_library_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "care.toml").write_text('as_of = "2026-10-31"\n', "utf-8")
    for name, table in small().items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    care = cs.load(tmp_path)
    mixed = {name: FORMS[place % 3](table) for place, (name, table) in enumerate(small().items())}
    known = {name: outcome(call, care) for name, call in of_data().items()}
    assert len(known) > 40
    refused = {name for name, text in known.items() if text.startswith("refused")}
    assert refused == {"campaign", "desk.coverage", "forecast", "roster", "weighted"}  # no hours, too few customers
    dated = {name: call for name, call in of_data().items() if outcome(call, mixed) != known[name]}
    assert dated == {}
    some = ("kpi.nps", "why", "cohorts", "pareto", "quality", "survival.curve")
    assert {name for name in some if outcome(of_data()[name], str(tmp_path)) != known[name]} == set()


@pytest.mark.parametrize("form", [*FORMS, lambda table: ibis.memtable(table)])
def test_a_function_of_one_table_takes_one_frame(form: Any) -> None:
    sales, answers = form(small()["transactions"]), form(small()["responses"])
    assert cs.pareto(sales)["customers"].sum() > 10
    assert len(cs.rfm(sales)) == 8
    assert len(cs.expectations(answers, period="2026")) == 0
    assert len(cs.trend(cs.kpi.csat, answers, last=8).frame) == 8


def test_a_function_of_several_tables_says_how_to_give_them() -> None:
    with pytest.raises(cs.CareError, match=r'^scorecard reads several tables: give a folder or a dict such as \{"tra'):
        cs.scorecard(small()["transactions"], period="2026-10")


@pytest.mark.parametrize("wrong", [42, None, 1.5, ["transactions"], cs.kpi.nps, object()])
def test_what_is_no_data_is_refused_in_one_sentence(wrong: Any) -> None:
    silent = {}
    for name, call in of_data().items():
        if (text := outcome(call, wrong)) and ("data are what carestudy.load gives" not in text or "\n" in text):
            silent[name] = text
    assert silent == {}


def test_figure_and_data_in_the_wrong_order_are_refused_in_one_sentence() -> None:
    for call in (cs.why, cs.trend, cs.people.compare):
        by = {} if call is cs.trend else {"by": "region"}
        when = {"period": "2026-10"} if call is cs.why else {}
        with pytest.raises(cs.CareError, match=r"^\w+: kpi is a figure such as carestudy.kpi.nps, not a Care$"):
            call(demo(), cs.kpi.nps, **by, **when)


def test_a_page_takes_data_in_any_form() -> None:
    frames = {name: table for name, table in small().items() if name == "responses"}
    assert cs.Show(frames, "2026-10").care.has("responses", "score")
    with pytest.raises(cs.CareError, match=r"^Show: data are what carestudy.load gives"):
        cs.Show(42, "2026-10")
