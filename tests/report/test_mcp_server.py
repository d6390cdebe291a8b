"""Assistants get published figures over stdio: with interval and definition, and nothing that was not published."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import carestudy as cs
from carestudy.exports.published_figures import NO_ROWS, NOT_FOUND, NOT_SHOWN, SUPPRESSED, UNEQUAL, PublishedReports

NUMBERS = ("value", "low", "high", "n", "numerator", "denominator")


def figure(kpi: str, period: str, *numbers: float | None, unit: str = "points", **by: str | None) -> dict[str, Any]:
    return {"kpi": kpi, "period": period, "by": by, "unit": unit, **dict(zip(NUMBERS, numbers, strict=True))}


def report(period: str, *figures: dict[str, Any], **facts: Any) -> dict[str, Any]:
    parameters = {"period": period, "lang": ["vi", "en"]}
    return {"notebook": "care_report", "parameters": parameters, "as_of": "2026-11-01", "figures": figures, **facts}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    finding = {"headline": {"en": "NPS has fallen"}, "kind": "level", "kpi": "nps", "owner": "Lan", "key": "level nps"}
    months = {
        "2026-09": [figure("nps", "2026-09", 30.0, 20.0, 40.0, 200, 60, 200), _money("2026-09", 31e6)],
        "2026-10": [
            figure("nps", "2026-10", 10.0, 0.0, 20.0, 200, 20, 200),
            figure("nps", "2026-08", 25.0, 15.0, 35.0, 100, 25, 100),
            figure("nps", "2026-10", 12.0, -8.0, 32.0, 40, 5, 40, team="Nam"),
            figure("nps", "2026-10", None, None, None, None, None, None, team="Bắc"),
            figure("csat", "2026-10", None, None, None, 0, 0, 0, unit="share"),
            figure("return_rate", "2026-10", float("nan"), None, None, 90, 9, 90, unit="share"),
            _money("2026-10", 30e6),
        ],
    }
    for month, figures in months.items():
        (tmp_path / month).mkdir()
        content = json.dumps(report(month, *figures, suppressed=1, findings=[finding]))
        (tmp_path / month / "care_report.figures.json").write_text(content, "utf-8")
    (tmp_path / "secret.figures.json").write_text(json.dumps(report("2026-10")), "utf-8")
    return tmp_path


def _money(period: str, value: float) -> dict[str, Any]:
    return figure("invoiced", period, value, value * 0.9, value * 1.1, 500, value, 500, unit="money")


def test_a_figure_comes_with_interval_day_and_definition(reports: Path) -> None:
    told = PublishedReports(reports).get_figure("2026-10/care_report", "nps", {}, "2026-10")
    assert told["as_of"] == "2026-11-01"
    assert told["definition"].startswith("Net promoter score")
    (value,) = told["values"]
    assert (value["value"], value["low"], value["high"], value["n"], value["reason"]) == (10.0, 0.0, 20.0, 200, None)


@pytest.mark.parametrize(
    ("kpi", "group", "reason"),
    [
        ("nps", {"team": "Bắc"}, SUPPRESSED),
        ("csat", {}, NO_ROWS),
        ("return_rate", {}, NOT_SHOWN),
    ],
)
def test_what_has_no_value_is_null_and_says_why(
    reports: Path, kpi: str, group: dict[str, str | None], reason: str
) -> None:
    told = PublishedReports(reports).get_figure("2026-10/care_report", kpi, group)
    assert [(value["value"], value["reason"]) for value in told["values"]] == [(None, reason)]
    assert "NaN" not in json.dumps(told)


def test_a_group_that_is_not_published_stays_unknown(reports: Path) -> None:
    told = PublishedReports(reports).get_figure("2026-10/care_report", "nps", {"team": "Tây"})
    assert (told["values"], told["reason"]) == ([], NOT_FOUND)


def test_two_periods_are_compared_with_an_interval(reports: Path) -> None:
    told = PublishedReports(reports).compare_periods("nps", "2026-09/care_report", "2026-10/care_report")
    assert told["difference"] == -20.0
    # MOVER of 10 in (0, 20) and 30 in (20, 40): both sides 10 wide, so the root of 200 to each side.
    assert (told["low"], told["high"]) == pytest.approx((-20 - 200**0.5, -20 + 200**0.5))


def test_sums_of_unequal_months_are_not_subtracted(reports: Path) -> None:
    told = PublishedReports(reports).compare_periods("invoiced", "2026-09/care_report", "2026-10/care_report")
    assert (told["difference"], told["reason"]) == (None, UNEQUAL)


def test_a_period_is_not_compared_with_itself(reports: Path) -> None:
    with pytest.raises(cs.CareError, match="both are of 2026-10"):
        PublishedReports(reports).compare_periods("nps", "2026-10/care_report", "2026-10/care_report")


def test_a_period_that_a_report_looks_back_on_is_compared_too(reports: Path) -> None:
    name = "2026-10/care_report"
    told = PublishedReports(reports).compare_periods("nps", name, name, before_period="2026-08")
    assert (told["before"]["value"], told["difference"]) == (25.0, -15.0)
    (value,) = PublishedReports(reports).get_figure(name, "nps", {}, "2026-08")["values"]
    assert value["value"] == 25.0


def test_a_missing_side_is_named(reports: Path) -> None:
    told = PublishedReports(reports).compare_periods("csat", "2026-09/care_report", "2026-10/care_report")
    assert told["difference"] is None
    assert told["reason"] == "2026-09/care_report: the report does not show 'csat'"


def test_findings_name_no_person(reports: Path) -> None:
    (finding,) = PublishedReports(reports).get_findings("2026-10/care_report")["findings"]
    assert finding == {"headline": {"en": "NPS has fallen"}, "kind": "level", "kpi": "nps"}


@pytest.mark.parametrize("name", ["../secret", "secret", "2026-10/../secret", "/etc/passwd", "2026-10/care_report.vi"])
def test_only_published_reports_are_read(reports: Path, name: str) -> None:
    with pytest.raises(cs.CareError, match="there is no report"):
        PublishedReports(reports / "2026-10" / "..").get_figure(name, "nps")


def test_a_broken_file_is_named_and_the_others_are_listed(reports: Path) -> None:
    (reports / "2026-09" / "care_report.figures.json").write_text("{", "utf-8")
    told = PublishedReports(reports).list_reports()["reports"]
    assert [("problem" in entry, entry["report"]) for entry in told] == [
        (True, "2026-09/care_report"),
        (False, "2026-10/care_report"),
    ]


@pytest.mark.slow
def test_a_client_reads_figures_over_stdio(reports: Path) -> None:
    mcp = pytest.importorskip("mcp")
    arguments = ["-m", "carestudy", "mcp", str(reports)]
    command = mcp.StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))
    call = {"report": "2026-10/care_report", "kpi": "nps", "group": {"team": "Nam"}}

    async def asked() -> tuple[Any, ...]:
        async with mcp.Client(command) as client:
            tools = await client.list_tools()
            answer = await client.call_tool("get_figure", call)
            unknown = await client.call_tool("get_figure", {**call, "kpi": "ltv"})
            return tools.tools, answer, unknown

    tools, answer, unknown = asyncio.run(asked())
    assert {tool.name for tool in tools} == {"list_reports", "get_figure", "compare_periods", "get_findings"}
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert answer.structured_content["values"][0]["value"] == 12.0
    assert unknown.is_error
    assert "has no figure 'ltv'; it has csat" in unknown.content[0].text
