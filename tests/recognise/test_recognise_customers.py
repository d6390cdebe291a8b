"""Who the customer is where no header says so: ids that files share, companies of a pipeline; always as a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import day, moment, pick, save, table
from test_recognise_right_values import loaded, rows

from carestudy.recognise import propose

CODES = {
    "Mã thẻ TV": lambda n: f"TV{(n * 37) % 30 + 100200}",
    "Số thẻ": lambda n: f"{(n * 37) % 30 * 1009 + 4_000_100}",
    "Card no": lambda n: f"MC-{(n * 37) % 30 + 500:05d}",
    "Loyalty no": lambda n: f"L{(n * 37) % 30 + 7000}",
}


def shop(folder: Path, header: str, cell: Any, *, there: str = "") -> Path:
    """Invoices and tickets that both have a column of codes."""
    sold = {"Mã HĐ": lambda n: f"HD{n:05d}", "Ngày bán": day, header: cell, "Tiền hàng": lambda n: (n + 1) * 10_000}
    asked = {"Thời gian": moment, there or header: lambda n: cell(n + 3), "Nội dung": lambda n: pick(n, "hỏi", "đổi")}
    return save(folder, {"hoa_don.csv": table(sold, 90), "phieu_cskh.csv": table(asked, 60)})


@pytest.mark.parametrize("header", CODES)
def test_codes_that_two_files_share_are_asked_to_be_the_customers_once(tmp_path: Path, header: str) -> None:
    folder = shop(tmp_path, header, CODES[header])
    proposal = propose(folder)
    for name in ("transactions", "contacts"):
        mapped = proposal.matches[name].columns["customer_id"]
        assert (mapped.column.name, mapped.sure) == (header, "guess")
    assert sum("customer_id?" in one for one in proposal.questions()) == 1
    care = loaded(folder, "customer_id")
    assert rows(care, "transactions")["customer_id"].nunique() == 30
    assert set(rows(care, "contacts")["customer_id"]) <= set(rows(care, "transactions")["customer_id"])


def test_two_headers_of_one_code_are_found_by_their_values(tmp_path: Path) -> None:
    proposal = propose(shop(tmp_path, "Mã thẻ TV", CODES["Mã thẻ TV"], there="Thẻ"))
    assert proposal.matches["contacts"].columns["customer_id"].column.name == "Thẻ"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Mã hàng", lambda n: f"SP{n % 30 + 1000}"),  # a product
        ("Mã cửa hàng", lambda n: f"CN{n % 30 + 100}"),
        ("Số phiếu", lambda n: f"{n % 30 + 1}"),  # small numbers are everywhere
        ("Mã HĐ gốc", lambda n: f"HD{n:05d}"),  # a document of its own in every row
    ],
)
def test_what_is_no_customer_is_not_proposed(tmp_path: Path, header: str, cell: Any) -> None:
    proposal = propose(shop(tmp_path, header, cell))
    assert "customer_id" not in proposal.matches["transactions"].columns


@pytest.mark.parametrize(
    "header", ["Company", "Account Name", "Organization", "Công ty", "Tên khách hàng", "Doanh nghiệp"]
)
def test_a_pipeline_of_companies_asks_whether_these_are_the_customers(tmp_path: Path, header: str) -> None:
    cells = {"Deal name": lambda n: f"Deal {n}", header: lambda n: f"{pick(n, 'Blue', 'Red', 'Green')} Foods",
             "Stage": lambda n: pick(n, "Won", "Lost"), "Close date": lambda n: day(n, "%Y-%m-%d"),
             "Value": lambda n: n * 5000 + 500}  # fmt: skip
    folder = save(tmp_path, {"pipeline.csv": table(cells)})
    asked = [one for one in propose(folder).questions() if "customer_id" in one]
    assert len(asked) == 1
    assert f"'{header}' customer_id?" in asked[0]
    assert rows(loaded(folder, "customer_id"), "transactions")["customer_id"].nunique() == 3


@pytest.mark.parametrize(
    ("words", "void"),
    [
        (("Đã giao {day}", "Đã hủy {day}"), "Đã hủy {date}"),
        (("Giao lúc {day} 08:30", "Hủy ngày {day}"), "Hủy ngày {date}"),
        (("Delivered on {day}", "Cancelled on {day}"), "Cancelled on {date}"),
        (("Đã giao ({day})", "Đã hủy ({day})"), "Đã hủy ({date})"),
    ],
)  # fmt: skip
def test_words_that_differ_by_a_day_are_listed_once_and_read_so(
    tmp_path: Path, words: tuple[str, str], void: str
) -> None:
    cells = {"Mã đơn hàng": lambda n: f"DH{n}", "Mã KH": lambda n: f"KH{n % 20}", "Ngày đặt": day,
             "Trạng thái đơn hàng": lambda n: words[n % 2].replace("{day}", day(n)),
             "Tổng tiền": lambda n: (n + 1) * 10_000}  # fmt: skip
    folder = save(tmp_path, {"don_hang.csv": table(cells)})
    where = propose(folder).matches["transactions"].where
    assert where is not None
    assert where.others == (void,)
    assert len(where.words) == 1
    assert len(rows(loaded(folder, "where", "left_out"), "transactions")) == 30
    assert propose(folder).toml().count('= "true"') == 1


def test_a_question_of_contacts_and_their_ratings_is_one(tmp_path: Path) -> None:
    cells = {"Ticket ID": lambda n: f"T{n}", "Requester code": lambda n: f"C{n % 20}",
             "Created at": lambda n: moment(n, "%Y-%m-%d %H:%M"), "CSAT score": lambda n: n % 5 + 1,
             "Product owner": lambda n: pick(n, "ann", "bob")}  # fmt: skip
    proposal = propose(save(tmp_path, {"tickets.csv": table(cells)}))
    assert "responses" in proposal.matches
    assert len([one for one in proposal.questions() if "Product owner" in one]) <= 1
