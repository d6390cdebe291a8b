"""The reports of all groups are checked against that of the whole, by what each figure knows of its own sums."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ibis.expr import operations as ops
from tiny import tiny_notebook

import carestudy as cs
from carestudy.contract import CareError
from carestudy.kpi import ALL
from carestudy.load.only import divided
from carestudy.report.adding import unequal
from carestudy.report.each import publish_each
from carestudy.report.run import Order
from carestudy.show.output import figures

TEAMS = ("Bắc", "Nam")
LOADED = "import carestudy as cs\ncare = cs.load(data, as_of=as_of, only=only)\nshow = cs.Show(care, period=period)"
PARAMETERS = 'data = "x"\nperiod = "2026-09"\nlang = "vi"\nas_of = None\nonly = None'
FRACTIONS = ("complaint_rate(per=contact)", "service_level(within=24)", "tenure(years=1)", "csat", "contact_count")


def _several(*values: Any, size: int = 40) -> list[Any]:
    return list(islice(cycle(values), size))


def _tables() -> dict[str, pd.DataFrame]:
    """Forty customers of two teams, whose contacts are served by whichever team is free."""
    ids, days = [f"C{n}" for n in range(40)], [f"2026-09-{n % 20 + 1:02}" for n in range(40)]
    people = pd.DataFrame({"customer_id": ids, "region": _several("Huế", "Vinh"), "owner": _several("Lan", "Minh")})
    people["joined_on"] = _several("2024-03-05", "2025-01-05", "2025-11-20")
    people["left_on"] = _several(None, "2026-09-10", None, None, "2026-03-02", None)
    contacts = pd.DataFrame({
        "contact_id": [f"K{n}" for n in range(80)], "customer_id": ids * 2, "topic": "giao hàng",
        "opened_at": [f"{day}T08:00" for day in days] + [f"{day}T20:00" for day in days],
        "first_reply_at": [f"{day}T09:00" for day in days] + [None] * 40,
        "resolved_at": [f"{day}T10:00" for day in days] + _several(None, "2026-09-28T10:00"),
        "kind": _several("complaint", "question", None, size=80), "reopened": _several(*[False] * 6, *[True], size=80),
        "team": _several(*TEAMS, "Nam", size=80), "answered": _several(*[True, False, True], size=80),
        "handling_seconds": _several(60, 90, 600, size=80),
    })  # fmt: skip
    bought = pd.DataFrame({"transaction_id": [f"T{n}" for n in range(40)], "customer_id": ids, "occurred_at": days})
    bought = bought.assign(amount=_several(10, 20, 70), returned=_several(*[False] * 4, *[True]), team=_several(*TEAMS))
    answers = pd.DataFrame({"response_id": [f"R{n}" for n in range(40)], "customer_id": ids, "answered_at": days})
    answers = answers.assign(question=_several("nps", "csat", "ces"), score=_several(5, 4, 1, 5, 3), team="Nam")
    return {"customers": people, "contacts": contacts, "transactions": bought, "responses": answers}


@cache
def _care(**only: str) -> cs.Care:
    """The company, or one of its groups."""
    return cs.load(_tables(), as_of="2026-09-30", min_group=1, only=only or None)


def _report(care: cs.Care) -> dict[str, Any]:
    """What a report of all figures holds for machines."""
    shown: list[Mapping[str, Any]] = []
    for kpi in ALL.values():
        try:
            shown += figures(kpi(care, period="2026-09"))
        except CareError:  # these data lack what it needs
            continue
    tables = [{"table": one.table, "used": one.used} for one in care.counts]
    return {"tables": tables, "figures": [dict(one) for one in shown]}


@cache
def _reports(dimension: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    values = {"team": TEAMS, "region": ("Huế", "Vinh"), "owner": ("Lan", "Minh")}[dimension]
    return _report(_care()), [_report(_care(**{dimension: value})) for value in values]


@pytest.mark.parametrize("dimension", ["team", "region", "owner"])
def test_the_groups_of_right_reports_add_up_in_every_figure(dimension: str) -> None:
    whole, parts = _reports(dimension)
    assert {"first_contact_resolution", *FRACTIONS} <= {one["kpi"] for one in whole["figures"]}
    assert unequal(whole, parts, _care(), dimension) == []


@pytest.mark.parametrize("dimension", ["region", "owner"])
def test_every_figure_of_customers_groups_is_checked_on_both_sides(dimension: str) -> None:
    # Whoever belongs to one region has all rows there: what counts customers adds up as well.
    care = _care()
    whole, parts = _reports(dimension)
    shared = [name for name in care.tables if divided(care, name, dimension) is not None]
    for kpi in (ALL[name] for name in {one["kpi"] for one in whole["figures"] if not one["by"]}):
        expected = ("numerator", "denominator") if kpi.adds_up else ("denominator",)
        assert (kpi.id, tuple(kpi.adding(care, dimension, shared))) == (kpi.id, expected)
        for side in expected:
            assert _one_more(whole, parts, kpi.id, side, care, dimension) == [kpi.id], (kpi.id, side)


@pytest.mark.parametrize("name", ["complaint_rate(per=contact)", "service_level(within=24)", "contact_count"])
def test_a_row_that_two_teams_count_is_noticed(name: str) -> None:
    whole, parts = _reports("team")
    for side in ("numerator", "denominator"):
        assert _one_more(whole, parts, name, side, _care(), "team") == [name]


def test_tenure_is_checked_where_customers_are_divided() -> None:
    whole, parts = _reports("region")
    assert _one_more(whole, parts, "tenure(years=1)", "numerator", _care(), "region") == ["tenure(years=1)"]


@pytest.mark.parametrize("name", ["first_contact_resolution", "recontact_rate"])
def test_what_follows_a_contact_in_another_team_is_no_fault(name: str) -> None:
    whole, parts = _reports("team")
    sums = [_sum(report, name, "numerator") for report in (whole, *parts)]
    assert sums[0] != sum(sums[1:]), "in these data contacts are followed by contacts of the other team"
    assert unequal(whole, parts, _care(), "team") == []
    assert _one_more(whole, parts, name, "denominator", _care(), "team") == [name]


def test_a_customer_of_two_teams_counts_in_both() -> None:
    whole, parts = _reports("team")
    assert _one_more(whole, parts, "complaint_rate(per=customer)", "denominator", _care(), "team") == []


def test_a_group_that_refuses_a_figure_is_no_fault_and_one_without_rows_counts_nothing() -> None:
    whole, parts = _reports("team")
    without = {**parts[0], "figures": [one for one in parts[0]["figures"] if one["kpi"] != "csat"]}
    assert unequal(whole, [without, parts[1]], _care(), "team") == []  # no answer is of this team
    refused = {**parts[1], "figures": [one for one in parts[1]["figures"] if one["kpi"] != "contact_count"]}
    assert unequal(whole, [parts[0], refused], _care(), "team") == []


def test_a_figure_says_that_it_follows_rows_where_its_numerator_does() -> None:
    # Who adds a figure that looks at other rows and forgets adds_up=False is stopped here.
    care = _care()
    follows = {}
    for kpi in ALL.values():
        try:
            above = [part.above for part in kpi.fractions(care).values() if hasattr(part.above, "op")]
        except CareError:
            continue
        follows[kpi.id] = any(term.op().find(ops.WindowFunction, filter=ops.Value) for term in above)
    assert {"first_contact_resolution", "recontact_rate", "csat", "service_level(within=24)"} <= set(follows)
    assert {name: ALL[name].adds_up for name in follows} == {name: not looks for name, looks in follows.items()}


@pytest.mark.slow
def test_first_contact_resolution_alone_on_a_page_is_published_by_team(tmp_path: Path) -> None:
    for name, table in _tables().items():
        (tmp_path / "data").mkdir(exist_ok=True)
        table.to_csv(tmp_path / "data" / f"{name}.csv", index=False)
    cells = (LOADED, "show.cover()", "show.trend(cs.kpi.first_contact_resolution)")
    notebook = tiny_notebook(tmp_path / "care.ipynb", *cells, parameters=PARAMETERS)
    order = Order(notebook, str(tmp_path / "data"), "2026-09", ("vi",), tmp_path / "out", as_of="2026-09-30")
    publish_each(order, "team", cs.load(tmp_path / "data", as_of="2026-09-30"))
    names = {path.name for path in (tmp_path / "out" / "2026-09" / "care.each-team").glob("*.figures.json")}
    assert names == {"all.figures.json", "01-bac.figures.json", "02-nam.figures.json"}


def _sum(report: Mapping[str, Any], name: str, side: str) -> float:
    return float(next((one[side] for one in report["figures"] if one["kpi"] == name and not one["by"]), 0.0))


def _one_more(
    whole: dict[str, Any], parts: list[dict[str, Any]], name: str, side: str, care: cs.Care, dimension: str
) -> list[str]:
    """The figures that the check complains of when one group counts one more in one figure."""
    changed = [
        {**one, side: one[side] + 1} if one["kpi"] == name and not one["by"] else one for one in parts[-1]["figures"]
    ]
    assert changed != parts[-1]["figures"]
    found = unequal(whole, [*parts[:-1], {**parts[-1], "figures": changed}], care, dimension)
    return [line.partition(" of ")[0] for line in found]
