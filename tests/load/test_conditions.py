"""Rows that ``where`` of a table leaves out, words of conditions that no cell holds, and words with a day in them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy import kpi
from carestudy.check import check
from carestudy.contract import CareError
from carestudy.load import load
from carestudy.load.settings import interpret
from carestudy.quality import quality
from carestudy.quality.alarms import alarms

DEALS = """Deal,Client,Stage,Close date,Value
D1,A,Won,2026-01-05,100
D2,B,Lost,,50
D3,A,Won,2026-02-05,70
D4,C,New,,20
D5,C,Lost,,20
D6,B,won ,2026-03-05,33
D7,B,New,,50
D8,B,Lost,2026-03-07,51
"""
WON = """[transactions]
source = "deals.csv"
where = { "Stage" = ["Won"] }
left_out = { "Stage" = ["Lost", "New"] }
columns = { transaction_id = "Deal", customer_id = "Client", occurred_at = "Close date", amount = "Value" }
"""
LINES = 'where = { "Stage" = ["Won"] }\nleft_out = { "Stage" = ["Lost", "New"] }\n'
ORDERS = """Mã đơn,Khách,Ngày,Tiền,Trạng thái
1,A,2026-03-01,5,Đã giao (12/10/2026)
2,B,2026-03-02,6,Đã giao (13/10/2026 14:05)
3,A,2026-03-03,7,Đã huỷ (2026-10-12)
4,C,2026-03-04,8,Đang giao
5,C,2026-03-05,9,Đang giao
6,C,2026-03-06,10,Đã huỷ (1/2/26)
"""
COLUMNS = 'columns = { transaction_id = "Mã đơn", customer_id = "Khách", occurred_at = "Ngày", amount = "Tiền" }\n'


def test_only_won_deals_are_transactions(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=WON, deals=DEALS))
    assert rows(care, "transactions", "transaction_id", "amount") == [("D1", 100), ("D3", 70), ("D6", 33)]
    assert counts(care, "transactions") == (3, 3, 0)
    assert not faults(care)
    assert not alarms(care)
    (count,) = care.counts
    assert [(one.file, one.where, one.rows, one.of) for one in count.left_out] == [("deals.csv", "Stage is won", 5, 8)]


def test_without_a_condition_the_open_deals_raise_the_alarm(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=WON.replace(LINES, ""), deals=DEALS))
    assert counts(care, "transactions") == (8, 4, 4)
    assert [one.check for one in alarms(care)] == ["excluded"]


def test_cancelled_orders_do_not_stay_in_what_was_invoiced(tmp_path: Path) -> None:
    where = 'where = { "Trạng thái" = ["Đã giao ({date})", "Đang giao"] }\n'
    care = load(folder(tmp_path, care=f'[transactions]\nsource = "don.csv"\n{where}{COLUMNS}', don=ORDERS))
    assert rows(care, "transactions", "transaction_id") == ["1", "2", "4", "5"]
    assert kpi.invoiced(care, period="2026-03")["value"].item() == 28


def test_each_source_has_its_own_condition_and_says_what_it_left_out(tmp_path: Path) -> None:
    toml = (
        f'[[transactions.sources]]\nsource = "don.csv"\nwhere = {{ "trạng thái" = "Đang giao" }}\n{COLUMNS}'
        + WON.replace("[transactions]", "[[transactions.sources]]")
    )
    care = load(folder(tmp_path, care=toml, deals=DEALS, don=ORDERS))
    assert sorted(rows(care, "transactions", "transaction_id")) == ["4", "5", "D1", "D3", "D6"]
    found = {one.file: (one.rows, one.of) for one in care.counts[0].left_out}
    assert found == {"deals.csv": (5, 8), "don.csv": (4, 6)}


def test_the_condition_of_a_workbook_with_typed_cells(tmp_path: Path) -> None:
    cells = {"id": ["a", "b", "c"], "occurred_at": pd.Timestamp("2026-01-05"), "amount": 5, "Code": [1.0, 2.0, None]}
    frame = pd.DataFrame(cells)
    frame.to_excel(tmp_path / "transactions.xlsx", index=False)
    (tmp_path / "care.toml").write_text(
        '[transactions]\nwhere = { Code = [1] }\ncolumns = { transaction_id = "id" }\n', "utf-8"
    )
    assert rows(load(tmp_path), "transactions", "transaction_id") == ["a"]


def test_a_condition_that_no_row_meets_is_refused_with_the_words_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(CareError) as error:
        load(folder(tmp_path, care=WON.replace('"Won"', '"Gewonnen"'), deals=DEALS))
    assert str(error.value) == (
        "deals.csv: in none of 8 rows Stage is gewonnen, as care.toml wants with where; there are lost, won, new"
    )


def test_a_condition_on_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="'stage'"):
        load(folder(tmp_path, care=WON.replace('"Stage"', '"Stag"'), deals=DEALS))
    with pytest.raises(CareError, match="where is like"):
        interpret({"transactions": {"where": "Won"}})


def test_a_row_that_cannot_be_read_is_not_left_out_but_excluded(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=WON, deals=DEALS + "D9,A,Won,2026-03-08,5,6,7\n"))
    assert counts(care, "transactions") == (4, 3, 1)


def test_words_that_no_cell_holds_are_a_notice_with_those_that_do(tmp_path: Path) -> None:
    toml = WON.replace('["Won"]', '["Won", "Closed won"]').replace(
        "amount =", 'returned = { value = true, where = { Stage = ["Returned", "Lost"] } }, amount ='
    )
    care = load(folder(tmp_path, care=toml, deals=DEALS))
    found = quality(care)
    unmet = found[found["check"] == "unmet words"]
    assert unmet[["column", "rows", "of", "level"]].to_numpy().tolist() == [
        ["Stage", 1, 2, "notice"], ["Stage", 1, 2, "notice"]
    ]  # fmt: skip
    assert [row[0] for row in unmet["words"]] == ["closed won", "returned"]
    assert unmet["words"].iloc[0][1:] == ("lost", "won", "new")
    lines, _ = check(str(tmp_path))
    told = " ".join(" ".join(lines).split())
    assert "no cell of “Stage” is “closed won”, which where in care.toml lists; words there: lost, won, new" in told
    assert "5 of 8 rows of deals.csv are none of this table: only where Stage is won" in told


@pytest.mark.parametrize(
    "cells",
    [
        ["Lan 0912345678"] * 4,  # a number of many digits
        ["lan@example.vn"] * 4,
        ["a"] * 3 + ["once only"],
        [f"word {number}" for number in range(20) for _ in range(2)],  # too many
        ["a very long remark of somebody that nobody would call the name of a kind"] * 4,
    ],
)
def test_words_that_may_tell_of_people_are_not_shown(tmp_path: Path, cells: list[str]) -> None:
    lines = [f"T{number},2026-01-05,{number + 1},{cell}" for number, cell in enumerate(cells)]
    toml = '[transactions]\ncolumns = { returned = { value = true, where = { note = ["nowhere"] } } }\n'
    text = "\n".join(["transaction_id,occurred_at,amount,note", *lines, ""])
    (unmet,) = load(folder(tmp_path, care=toml, transactions=text)).counts[0].unmet
    assert (unmet.words, unmet.present) == (("nowhere",), ())


def test_every_word_that_a_cell_holds_is_no_notice(tmp_path: Path) -> None:
    assert load(folder(tmp_path, care=WON, deals=DEALS)).counts[0].unmet == ()


STATUSES = [
    "Đã huỷ 12/10/2026", "đã huỷ 1-2-26", "Đã huỷ 2026-10-12 08:30", "Đã huỷ 12 tháng 10, 2026",
    "Đã huỷ 12 thg 10 2026",
    "Đã huỷ 12 Oct 2026", "Đã huỷ October 12, 2026", "Đã huỷ 08:30 12.10.2026", "Đã huỷ 2026/10/12T08:30:15",
]  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_a_word_with_any_day_in_it_is_one_word_of_a_value_map(tmp_path: Path, status: str) -> None:
    text = f'contact_id,opened_at,kind\n1,2026-10-12,"{status}"\n2,2026-10-12,Đã huỷ 3 đơn\n3,2026-10-12,Đã huỷ\n'
    toml = '[contacts]\nvalues = { kind = { "Đã huỷ {date}" = "complaint", "Đã huỷ" = "request" } }\n'
    care = load(folder(tmp_path, care=toml, contacts=text))
    assert rows(care, "contacts", "kind") == ["complaint", "Đã huỷ 3 đơn", "request"]


def test_a_word_of_one_day_comes_before_the_word_of_any_day(tmp_path: Path) -> None:
    text = "contact_id,opened_at,kind\n1,2026-10-12,Giao 12/10/2026\n2,2026-10-12,Giao 13/10/2026\n"
    toml = '[contacts]\nvalues = { kind = { "Giao {date}" = "request", "Giao 12/10/2026" = "complaint" } }\n'
    assert rows(load(folder(tmp_path, care=toml, contacts=text)), "contacts", "kind") == ["complaint", "request"]


def test_numbers_that_are_no_day_are_no_day_of_a_word(tmp_path: Path) -> None:
    text = "contact_id,opened_at,kind\n1,2026-10-12,Giao 1/2\n2,2026-10-12,Giao 10/2026\n3,2026-10-12,Giao 2026\n"
    toml = '[contacts]\nvalues = { kind = { "Giao {date}" = "request" } }\n'
    found = rows(load(folder(tmp_path, care=toml, contacts=text)), "contacts", "kind")
    assert found == ["Giao 1/2", "Giao 10/2026", "Giao 2026"]
