"""A table of several sources, each with its own columns, and a table with columns for each year."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import counts, folder, rows

from carestudy.contract import CareError
from carestudy.load import load, set_aside
from carestudy.load.settings import interpret

CONTACTS = """[contacts]
dates = "%d/%m/%Y"
[[contacts.sources]]
source = "goi.csv"
columns = { customer_id = "Mã KH", opened_at = "Ngày", channel = { value = "phone" } }
[[contacts.sources]]
source = "kn.csv"
columns = { contact_id = "Số", customer_id = "Khách", opened_at = "Lúc", kind = { value = "complaint" } }
dates = { opened_at = "%Y.%m.%d" }
join = [{ source = "kh.csv", on = { "Khách" = "kh" } }]
"""
CALLS = "Mã KH,Ngày,Ghi chú\n1,31/12/2025,a\n2,xx,b\n"
COMPLAINTS = "Số,Khách,Lúc\nK1,1,2026.01.05\nK2,9,2026.13.05\n"


def test_each_source_has_its_own_columns_forms_and_constants(tmp_path: Path) -> None:
    place = folder(tmp_path, care=CONTACTS, goi=CALLS, kn=COMPLAINTS, kh="kh,hạng\n1,vàng\n")
    care = load(place)
    columns = ("contact_id", "customer_id", "channel", "kind", "ghi chú", "hạng")
    found = sorted(rows(care, "contacts", *columns), key=str)
    assert [str(day)[:10] for day in sorted(rows(care, "contacts", "opened_at"))] == ["2025-12-31", "2026-01-05"]
    assert found[0] == ("K1", "1", None, "complaint", None, "vàng")
    assert found[1][1:] == ("1", "phone", None, "a", None)
    assert counts(care, "contacts") == (4, 2, 2)
    assert sorted(set_aside(care)[["source", "line"]].values.tolist()) == [["goi.csv", 3], ["kn.csv", 3]]


def test_what_the_table_says_holds_for_each_source() -> None:
    said = interpret(
        {"contacts": {"columns": {"team": "Đội"}, "empty": ["-"], "sources": [
            {"source": "a.csv"}, {"source": "b.csv", "columns": {"team": "Nhóm", "topic": "Việc"}, "empty": ["?"]}]}}
    ).sources["contacts"]  # fmt: skip
    first, second = said.each
    assert (first.columns["team"].shown, first.empty) == ("Đội", ("-",))
    assert ([one.shown for one in second.columns.values()], second.empty) == (["Nhóm", "Việc"], ("?",))


def test_one_source_of_items_and_one_of_documents(tmp_path: Path) -> None:
    toml = """[[transactions.sources]]
source = "web.csv"
sum_by = "transaction_id"
columns = { amount = "sl * gia" }
[[transactions.sources]]
source = "shop.csv"
"""
    web, shop = "transaction_id,sl,gia\nW1,2,10\nW1,1,5\n", "transaction_id,amount\nS1,7\nS1,8\n"
    care = load(folder(tmp_path, care=toml, web=web, shop=shop))
    assert sorted(rows(care, "transactions", "transaction_id", "amount")) == [("S1", 7), ("W1", 25)]
    assert (counts(care, "transactions"), care.counts[0].documents) == ((4, 3, 1), 2)


def test_one_number_for_two_contacts_of_two_sources_is_a_question(tmp_path: Path) -> None:
    toml = '[[contacts.sources]]\nsource = "a.csv"\n[[contacts.sources]]\nsource = "b.csv"\n'
    a = "contact_id,opened_at\n1,2026-01-01\n2,2026-01-02\n"
    same, other = "contact_id,opened_at\n2,2026-01-02\n3,2026-01-05\n", "contact_id,opened_at\n2,2026-03-02\n"
    assert counts(load(folder(tmp_path / "same", care=toml, a=a, b=same)), "contacts") == (4, 3, 1)
    with pytest.raises(CareError, match="1 contact_id of two sources has another opened_at in each"):
        load(folder(tmp_path / "other", care=toml, a=a, b=other))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "sources are sections of their own"),
        ("a.csv", "sources are sections of their own"),
        ([{"sorce": "a.csv"}], "'sorce' is not known; did you mean 'source'"),
        ([{"sources": []}], "'sources' is not known"),
    ],
)
def test_a_slip_in_sources_is_refused(said: object, message: str) -> None:
    with pytest.raises(CareError, match=message):
        interpret({"contacts": {"sources": said}})


def test_a_source_that_names_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"number 2 says no source, and there is no contacts.csv"):
        load(folder(tmp_path, care='[[contacts.sources]]\nsource = "a.csv"\n[[contacts.sources]]\n', a="team\nA\n"))


WIDE = "Mã,Tên,REVENUE_2014,REVENUE_2015,Note_2015\nA,x,100,0,n\nB,y,,250,\nC,z,abc,7,\n"
MELT = """[transactions]
source = "wide.csv"
columns = { customer_id = "Mã", amount = "Revenue_{year}", occurred_at = { value = "{year}-12-31" } }
"""


def test_columns_of_years_become_a_row_a_year(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=MELT, wide=WIDE))
    found = sorted(rows(care, "transactions", "customer_id", "amount", "transaction_id"))
    assert found == [("A", 100, "row 2 2014"), ("B", 250, "row 3 2015"), ("C", 7, "row 4 2015")]
    assert sorted({day.year for day in rows(care, "transactions", "occurred_at")}) == [2014, 2015]
    assert counts(care, "transactions") == (4, 3, 1)
    assert not [column for column in care.tables["transactions"].columns if column.startswith("revenue")]


def test_questions_of_years_are_answers_of_years(tmp_path: Path) -> None:
    toml = """[responses]
columns = { customer_id = "Mã", answered_at = { value = "{year}-06-30" } }
questions = { nps = "NPS {year}", csat = "Sat{year}" }
"""
    text = "Mã,NPS 2015,NPS 2016,Sat2016\nA,9,0,5\nB,,7,\n"
    care = load(folder(tmp_path, care=toml, responses=text))
    found = [
        (day.year, *one) for day, *one in rows(care, "responses", "answered_at", "customer_id", "question", "score")
    ]
    assert sorted(one for one in found if one[-1] is not None) == [
        (2015, "A", "nps", 9.0), (2016, "A", "csat", 5.0), (2016, "A", "nps", 0.0), (2016, "B", "nps", 7.0),
    ]  # fmt: skip


def test_years_that_no_header_has_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r'no header is like "Umsatz_\{year\}" with a year; they have mã, tên'):
        load(folder(tmp_path, care=MELT.replace("Revenue", "Umsatz"), wide=WIDE))
    with pytest.raises(CareError, match="a customer has one row"):
        load(
            folder(
                tmp_path / "b", care='[customers]\ncolumns = { age = "A{year}" }', customers="customer_id,A2015\n1,2\n"
            )
        )
