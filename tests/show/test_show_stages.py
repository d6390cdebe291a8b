"""Stages of a purchase and topics over time, as the service report shows them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, table

import carestudy as cs
from carestudy import kpi

YEAR = "2025-11..2026-10"


def show(care: Any, lang: str = "en", period: str = "2026-10") -> Any:
    return cs.Show(care, period=period, lang=lang)


def contacts(columns: str, *rows: tuple[Any, ...]) -> Any:
    frame = table(columns, *rows)
    days = {} if "opened_at" in frame else {"opened_at": "2026-10-05 08:00"}
    return cs.load({"contacts": frame.assign(**days)}, as_of="2026-10-31", min_group=1)


def lines(text: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell, the first of each."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        first, *cells = line.split("\t")
        found.setdefault(first, cells)
    return found


def test_the_stages_stand_with_the_figures_of_the_functions() -> None:
    page = show(demo(), period=YEAR).service.stages()
    told = lines(page.text)
    counts = kpi.contact_count(demo(), by="stage", period=YEAR).set_index("stage")["value"]
    assert told["Before purchase"][0] == f"{counts['before']:,.0f}"
    assert told["After purchase"][0] == f"{counts['after']:,.0f}"
    assert list(told)[2:4] == ["Before purchase", "Chat"]
    assert page.text.startswith(f"After purchase: {100 * counts['after'] / counts.sum():.1f}% of the contacts, ")
    assert {one["kpi"] for one in page.figures} == {
        "contact_count", "first_response_time", "csat", "complaint_rate(per=contact)", "nps"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "table contacts has no column stage"), ("vi", "bảng contacts không có cột stage")],
)
def test_without_a_stage_one_line_says_which_column_is_needed(lang: str, words: str) -> None:
    page = show(contacts("channel", ("phone",)), lang).service.stages()
    assert words in page.text
    assert "care-gap" not in page.html
    assert len(page.text.splitlines()) == 1


def test_without_contacts_a_box_says_so() -> None:
    care = cs.load({"responses": pd.DataFrame({"score": [9], "answered_at": "2026-10-05"})})
    for page in (show(care).service.stages(), show(care).service.topics()):
        assert "The data have no table contacts" in page.text


def test_figures_that_the_data_do_not_allow_are_named_under_the_stages() -> None:
    page = show(contacts("stage channel", ("before", "phone"), ("after", "chat"), ("after", None))).service.stages()
    told = lines(page.text)
    assert [told["Before purchase"], told["After purchase"]] == [["1"], ["2"]]
    assert "Not here: Complaints per contact, which needs column kind of table contacts." in page.text
    assert "Not here: CSAT, which needs table responses." in page.text
    assert page.text.startswith("After purchase: 66.7% of the contacts")


def test_stages_without_channels_are_a_table_too() -> None:
    assert lines(show(contacts("stage", ("before",), ("after",))).service.stages().text)["Before purchase"] == ["1"]


def test_topics_stand_in_the_order_of_their_contacts_with_their_complaints() -> None:
    page = show(demo()).service.topics(top=3)
    told = lines(page.text)
    assert list(told)[2:5] == ["Tốc độ mạng", "Hóa đơn", "Giao hàng"]
    assert told["Tốc độ mạng"][0] == "431"
    assert page.html.count("care-line") == 6
    assert "Topics not listed: 6." in page.text


def test_a_topic_that_has_grown_is_named() -> None:
    now = [(f"K{n}", "2026-10-05 08:00", "bill", "complaint") for n in range(60)]
    then = [(f"K{n}", "2026-09-05 08:00", "bill", "complaint") for n in range(20)]
    same = [(f"L{n}", f"2026-{month}-07 08:00", "speed", "question") for n in range(40) for month in ("09", "10")]
    page = show(contacts("customer_id opened_at topic kind", *now, *then, *same)).service.topics()
    assert "Contacts: clear changes against the month before: bill +39." in page.text
    assert "▲ more" in page.text
    assert 'class="verdict worse"' in page.html  # more complaints are worse, more contacts only more
    assert 'class="verdict "' in page.html


@pytest.mark.parametrize(("lang", "words"), [("en", "no column topic"), ("vi", "không có cột topic")])
def test_without_a_topic_one_line_says_which_column_is_needed(lang: str, words: str) -> None:
    page = show(contacts("channel", ("phone",)), lang).service.topics()
    assert words in page.text
    assert "care-gap" not in page.html


def test_topics_without_kinds_say_that_complaints_are_missing() -> None:
    page = show(contacts("topic", ("bill",), (None,))).service.topics()
    assert "Not here: Complaints, which needs column kind of table contacts." in page.text
    assert lines(page.text)["(not stated)"][0] == "1"


def test_a_topic_is_text_and_never_markup() -> None:
    page = show(contacts("topic stage", ("<b>bill</b>", "<i>x</i>"))).service.topics()
    assert "<b>bill" not in page.html
    assert "&lt;b&gt;bill" in page.html
    assert "<i>x" not in show(contacts("topic stage", ("bill", "<i>x</i>"))).service.stages().html


def test_no_topic_of_too_few_customers_is_told() -> None:
    rows = [(f"K{n}", "bill") for n in range(9)] + [("K1", "death"), ("K2", "death")]
    care = cs.load(
        {"contacts": table("customer_id topic", *rows).assign(opened_at="2026-10-05 08:00")}, as_of="2026-10-31"
    )
    page = show(care).service.topics()
    assert "Suppressed: figures of fewer than 5 customers" in page.text
    assert lines(page.text).get("death", ["few customers"])[0] == "few customers"
