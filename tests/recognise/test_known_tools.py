"""Exports of known tools are recognised by their headers, and their columns are what the tool's file says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, mapping, moment, person, pick, save, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import TABLES
from carestudy.load import settings
from carestudy.recognise import known_tools, propose
from carestudy.recognise.known_tools import Form

EVERY = pytest.mark.parametrize(
    "form", known_tools.forms(), ids=lambda form: f"{form.tool} {form.table or 'unusable'} {form.headers}"
)
TOOLS = {
    "Zendesk",
    "Freshdesk",
    "Intercom",
    "Chatwoot",
    "HubSpot",
    "Salesforce",
    "Jira Service Management",
    "Odoo",
    "Stripe",
    "Shopify",
    "Shopee",
    "Lazada",
    "TikTok Shop",
    "Haravan",
    "Sapo",
    "KiotViet",
    "Getfly",
    "Google Forms",
    "SurveyMonkey",
    "Qualtrics",
    "Typeform",
}
FRESHDESK: Mapping[str, Any] = {
    "Ticket ID": lambda n: n + 1,
    "Subject": "Where is my order",
    "Status": "Closed",
    "Source": lambda n: pick(n, "Email", "Phone"),
    "Type": lambda n: pick(n, "Question", "Complaint"),
    "Agent": lambda n: pick(n, "Lan", "No Agent"),
    "Group": "Billing",
    "Created time": lambda n: moment(n, "%Y-%m-%d %H:%M:%S"),
    "Initial response time": lambda n: moment(n + 1, "%Y-%m-%d %H:%M:%S"),
    "Resolved time": lambda n: moment(n + 2, "%Y-%m-%d %H:%M:%S"),
    "First response time (in hrs)": "00:12:00",
    "Contact ID": lambda n: 9000 + n % 7,
    "Survey results": lambda n: pick(n, "Extremely Happy", "", "Unhappy"),
}


def test_every_tool_that_was_promised_has_a_file() -> None:
    assert {form.tool for form in known_tools.forms()} == TOOLS


@EVERY
def test_a_form_speaks_of_the_contract_only(form: Form) -> None:
    assert bool(form.table) != bool(form.unusable)
    if form.table:
        assert set(form.columns) <= set(TABLES[form.table].columns)
        assert set(form.values) <= {*TABLES[form.table].columns, "score"}
        assert set(form.keys) <= {"sum_by", "timezone", "match_ids", "join"}


@EVERY
def test_a_form_is_told_by_several_headers(form: Form) -> None:
    assert len(form.headers) + form.least + form.asking + len(form.starts[:1]) >= 2


def test_init_names_the_tool_in_its_lines_and_in_care_toml(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"abc.csv": table(FRESHDESK)}))
    assert any("looks like a Freshdesk ticket export" in line for line in proposal.lines())
    assert "looks like a Freshdesk ticket export" in proposal.toml()
    settings.interpret(tomllib.loads(proposal.toml()))


def test_what_a_tool_says_comes_before_a_guess_and_is_sure(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"abc.csv": table(FRESHDESK)}))
    assert mapping(proposal)["contacts"] == {
        "contact_id": "Ticket ID",
        "customer_id": "Contact ID",
        "opened_at": "Created time",
        "first_reply_at": "Initial response time",
        "resolved_at": "Resolved time",
        "channel": "Source",
        "kind": "Type",
        "agent": "Agent",
        "resolved": "Status",
        "team": "Group",
    }
    assert {one.sure for one in proposal.matches["contacts"].columns.values()} == {"sure"}
    assert proposal.questions() == []


def test_ratings_of_tickets_are_a_table_of_their_own(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"abc.csv": table(FRESHDESK)}))
    assert mapping(proposal)["responses"]["? csat"] == "Survey results"
    assert proposal.forms["responses"].values["score"]["Extremely Happy"] == "5"


def test_a_column_whose_cells_do_not_agree_is_asked(tmp_path: Path) -> None:
    odd = {**FRESHDESK, "Created time": lambda n: pick(n, "soon", "later")}
    proposal = propose(save(tmp_path, {"abc.csv": table(odd)}))
    assert proposal.matches["contacts"].columns["opened_at"].sure == "guess"
    assert any("'Created time' opened_at? Freshdesk calls it so, but" in one for one in proposal.questions())


def test_fields_of_the_company_are_guessed_beside_what_the_tool_says(tmp_path: Path) -> None:
    own = {**FRESHDESK, "Chủ đề": lambda n: pick(n, "Cước", "Thiết bị")}
    proposal = propose(save(tmp_path, {"abc.csv": table(own)}))
    assert mapping(proposal)["contacts"]["topic"] == "Chủ đề"


def test_nobody_is_written_in_the_words_of_the_tool(tmp_path: Path) -> None:
    assert "No Agent" in propose(save(tmp_path, {"abc.csv": table(FRESHDESK)})).forms["contacts"].empty


@pytest.mark.parametrize("missing", ["Created time", "Initial response time"])
def test_a_file_without_a_header_that_must_be_there_is_no_export_of_the_tool(missing: str, tmp_path: Path) -> None:
    rest = {name: cells for name, cells in FRESHDESK.items() if name != missing}
    assert all(match.form is None for match in propose(save(tmp_path, {"abc.csv": table(rest)})).matches.values())


def test_headers_are_compared_without_capitals_and_spaces(tmp_path: Path) -> None:
    loud = {f" {name.upper()} ": cells for name, cells in FRESHDESK.items()}
    assert propose(save(tmp_path, {"abc.csv": table(loud)})).matches["contacts"].form is not None


def test_reports_of_sums_are_left_with_the_reason(tmp_path: Path) -> None:
    report: Rows = table(
        {
            "Agent name": lambda n: f"A{n}",
            "Assigned conversations": lambda n: n + 3,
            "Avg first response time": "12 minutes",
            "Avg resolution time": "2 hours",
            "Resolution Count": lambda n: n,
        },
        20,
    )
    proposal = propose(save(tmp_path, {"agents.csv": report, "abc.csv": table(FRESHDESK)}))
    assert any(
        "agents.csv is not used: looks like a Chatwoot report: its rows are sums" in one for one in proposal.questions()
    )
    assert "staff" not in proposal.matches


def test_a_shop_that_calls_its_columns_like_a_tool_in_part_is_guessed_as_before(tmp_path: Path) -> None:
    shop = table(
        {
            "Order ID": lambda n: n,
            "Order Status": "Completed",
            "Customer": lambda n: f"C{n % 9}",
            "Order Date": lambda n: moment(n),
            "Total": lambda n: 10_000 + n,
        }
    )
    match = propose(save(tmp_path, {"orders.csv": shop})).matches["transactions"]
    assert match.form is None
    assert match.columns["amount"].column.name == "Total"


SHOPEE: Mapping[str, Any] = {
    "Mã đơn hàng": lambda n: f"D{n}",
    "Ngày đặt hàng": lambda n: moment(n, "%Y-%m-%d %H:%M"),
    "Trạng Thái Đơn Hàng": lambda n: pick(n, "Hoàn thành", "Đã hủy"),
    "Tổng giá trị đơn hàng (VND)": lambda n: 10_000 + n,
    "Mã Kiện Hàng": "OFG1",
    "Người Mua": lambda n: f"u{n % 9}",
    "Tên Người nhận": person,
    "Giá ưu đãi": 5_000,
}
SENTENCE = "Người mua xác nhận đã nhận được hàng, nhưng vẫn có thể gửi yêu cầu Trả hàng/Hoàn tiền tới 05-12-2026"


def test_the_recipient_of_a_shopee_order_is_no_agent(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"Order.all.csv": table(SHOPEE)}))
    assert "agent" not in proposal.matches["transactions"].columns
    (question,) = proposal.questions()
    assert "calls Đã hủy no sales?" in question


def test_a_status_that_is_a_sentence_loses_no_order(tmp_path: Path) -> None:
    long = {**SHOPEE, "Trạng Thái Đơn Hàng": lambda n: pick(n, "Hoàn thành", "Đã hủy", SENTENCE)}
    folder = save(tmp_path, {"Order.all.csv": table(long)})
    proposal = propose(folder)
    (folder / "care.toml").write_text(proposal.toml(), "utf-8")
    care = cs.load(folder)
    assert proposal.questions() == []
    assert [count.used for count in care.counts] == [60]
    assert kpi.return_rate(care, within=0)["value"].item() == pytest.approx(1 / 3)


def test_a_status_that_the_tool_file_does_not_list_is_asked(tmp_path: Path) -> None:
    odd = {**SHOPEE, "Trạng Thái Đơn Hàng": lambda n: pick(n, "Hoàn thành", "Đã hủy", SENTENCE, "Thất lạc")}
    questions = propose(save(tmp_path, {"Order.all.csv": table(odd)})).questions()
    assert [one for one in questions if "does 'Thất lạc' in 'Trạng Thái Đơn Hàng' mean returned" in one]


@pytest.mark.parametrize(("cell", "asked"), [("Đã Chấp Thuận Yêu Cầu", 1), ("", 0)])
def test_a_second_column_of_returns_is_asked_where_it_says_something(cell: str, asked: int, tmp_path: Path) -> None:
    more = {**SHOPEE, "Trạng thái Trả hàng/Hoàn tiền": lambda n: pick(n, cell, "")}
    questions = propose(save(tmp_path, {"Order.all.csv": table(more)})).questions()
    assert sum("'Trạng thái Trả hàng/Hoàn tiền' may tell of returns" in one for one in questions) == asked


def test_a_rating_is_dated_by_a_column_that_nearly_every_ticket_fills(tmp_path: Path) -> None:
    half = {**FRESHDESK, "Resolved time": lambda n: moment(n + 2, "%Y-%m-%d %H:%M:%S") if n % 2 else ""}
    mapped = mapping(propose(save(tmp_path, {"abc.csv": table(half)})))
    assert mapped["responses"]["answered_at"] == "Created time"
    assert mapped["contacts"]["resolved_at"] == "Resolved time"
