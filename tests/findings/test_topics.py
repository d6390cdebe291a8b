"""A finding stands in the detail report that goes deeper, and the monthly report leads there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import carestudy as cs
from carestudy.contract import CareError
from carestudy.findings import Finding
from carestudy.findings.topics import TOPICS, on_topic
from carestudy.report.run import DETAILS
from carestudy.show.findings.follow import DETAIL, FOLLOWED, REPEATED, filled
from carestudy.show.words import Reader

DEMO = Path(__file__).parents[2] / "data" / "demo"


@cache
def company() -> cs.Care:
    return cs.load(DEMO)


@cache
def findings() -> tuple[Finding, ...]:
    return cs.findings(company(), period="2026-10")


@pytest.mark.parametrize(
    ("topic", "kinds"),
    [
        ("churn", {"level", "ownership"}),
        ("value", {"level", "ownership"}),
        ("voice", {"apart"}),
        ("service", {"ownership", "apart", "backlog"}),
        ("segments", set()),
    ],
)
def test_a_report_states_the_findings_of_its_topic(topic: str, kinds: set[str]) -> None:
    assert {finding.kind for finding in on_topic(findings(), topic) if not finding.better} == kinds


def test_every_finding_stands_in_a_detail_report() -> None:
    stated = {finding.key for topic in TOPICS for finding in on_topic(findings(), topic)}
    assert stated == {finding.key for finding in findings()}


def test_an_unknown_topic_is_refused_by_name() -> None:
    with pytest.raises(CareError, match="topic='staff' is not known: choose one of churn"):
        on_topic(findings(), "staff")


def test_a_report_without_findings_says_so_in_one_line() -> None:
    text = cs.Show(company(), period="2026-10", lang="en").findings("segments").text
    assert text == "Nothing unusual on this topic in this period."


def test_only_the_monthly_report_asks_after_the_last_actions() -> None:
    show = cs.Show(company(), period="2026-10", lang="en")
    assert str(FOLLOWED) in show.findings().html
    assert str(FOLLOWED) not in show.findings("service").html


def body(key: str, report: str) -> str:
    return f"<li>{REPEATED.format(key)}{DETAIL.format(report)}</li>{FOLLOWED}"


@pytest.mark.parametrize(
    ("lang", "reports", "words"),
    [
        ("en", 2, "second month in a row"),
        ("en", 3, "third month in a row"),
        ("en", 7, "month 7 in a row"),
        ("vi", 3, "tháng thứ ba liên tiếp"),
        ("vi", 7, "tháng thứ 7 liên tiếp"),
    ],
)
def test_a_finding_says_in_which_month_it_stands(lang: str, reports: int, words: str) -> None:
    key = 'apart nps team="A" & B'
    row = {"key": key, "period": "2026-09", "stands": True, "reports": reports, "headline": {}}
    html = filled(body(key, "churn"), Reader(lang), [row], [])
    assert words in html.partition("</li>")[0]


def test_a_new_finding_says_nothing_of_months() -> None:
    assert filled(body("loss", "churn"), Reader("en"), [], []) == "<li></li>"


def test_a_link_leads_only_to_a_report_that_stands_beside_the_page() -> None:
    html = filled(body("loss", "churn"), Reader("vi"), [], ["churn"])
    assert '<a href="churn.vi.html">' in html
    assert "<a" not in filled(body("loss", "churn"), Reader("vi"), [], ["voice"])


def test_every_topic_is_a_detail_report_that_a_page_links_to() -> None:
    assert DETAILS == TOPICS
