"""The quality of the data as a manager reads it: a verdict first, then what to know, with nothing cut or false."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from companies import demo
from frames import HOSTILE, company, show

from carestudy.care import TableCount
from carestudy.kpi import ALL
from carestudy.quality import COLUMNS
from carestudy.quality.findings import RULES
from carestudy.show import Show
from carestudy.show.output import Output
from carestudy.show.quality import SENTENCES, SPECIAL

WARNED = {"check": "unusable", "level": "warning", "rows": 403, "of": 4000, "words": ("is no time (write ...)",)}
NOTED = {"check": "letters", "column": "region", "level": "notice", "rows": 7}
FINE = {"check": "orphan", "level": "fine", "rows": 0}


def _found(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"table": "transactions", "column": "occurred_at", "rows": 1, "of": 100, "figures": ("nps",), "words": ()}
    usual |= {"first": None, "last": None, "share": 0.01, "level": "warning"}
    return pd.DataFrame([usual | row for row in rows], columns=COLUMNS)


def _text(output: Output) -> str:
    return output.text.replace("\xa0", " ")


def _lines(output: Output) -> list[str]:
    return _text(output).splitlines()


def _from(*counts: tuple[int, int], lang: str = "en") -> Show:
    tables = tuple(TableCount("transactions", "x.csv", read, used, read - used, "") for read, used in counts)
    return Show(replace(company(), counts=tables), "2026-10", lang)


def test_the_verdict_comes_first_and_counts_what_is_to_be_known() -> None:
    rows = [WARNED, NOTED, FINE]
    assert _lines(_from((4000, 3597)).quality(_found(*rows)))[0] == (
        "Read the report with care: 89.9% of 4,000 rows are used. Warnings: 1, notices: 1."
    )
    assert _lines(_from((4000, 4000), lang="vi").quality(_found(NOTED)))[0] == (
        "Dữ liệu đủ tin cậy cho báo cáo: dùng được 100% trong 4.000 dòng. Có 1 điều cần lưu ý."
    )
    assert _lines(_from((4000, 4000)).quality(_found(FINE)))[0] == (
        "The data are sound enough for this report: 100% of 4,000 rows are used, and no check found a fault."
    )


def test_a_share_is_whole_only_if_nothing_is_missing() -> None:
    assert "99.9% of 100,000 rows" in _lines(_from((100_000, 99_999)).quality(_found(FINE)))[0]
    said = _text(_from((100_000, 100_000)).quality(_found(NOTED | {"rows": 1, "of": 100_000})))
    assert "1 of 100,000 rows (< 0.1%)" in said


def test_rows_that_are_no_data_are_not_missed() -> None:
    after = {"check": "not data", "level": "fine", "rows": 1000, "of": 4000}
    assert "100% of 3,000 rows" in _lines(_from((4000, 3000)).quality(_found(after)))[0]


def test_warnings_stand_before_notices_and_what_is_fine_is_only_counted() -> None:
    said = _lines(show("vi").quality(_found(FINE, NOTED, FINE, WARNED)))
    assert [line.split("\t")[0] for line in said[1:3]] == ["Cảnh báo", "Lưu ý"]
    assert said[3].startswith("2 phép kiểm tra không phát hiện lỗi")


def test_a_fault_is_told_without_the_hint_for_the_analyst() -> None:
    said = _text(show("en").quality(_found(WARNED)))
    assert "403 of 4,000 rows (10.0%) could not be used, most often because time of purchase is no time." in said


def test_the_figures_that_are_touched_are_named_in_the_language_of_the_reader() -> None:
    few, many = NOTED | {"figures": ("csat", "nps")}, WARNED | {"figures": tuple(ALL)}
    assert "\tCSAT; NPS" in _text(show("vi").quality(_found(few)))
    assert f"; Net growth of customers and {len(ALL) - 3} more" in _text(show("en").quality(_found(many)))
    grouped = NOTED | {"figures": tuple(ALL)}
    assert "\tcác chỉ số khi chia theo vùng" in _text(show("vi").quality(_found(grouped)))


def test_of_many_things_the_first_twelve_are_listed_and_the_rest_counted() -> None:
    output = show("en").quality(_found(*[WARNED] * 15))
    assert str(output.html).count("worse") == 12
    assert "Not listed here: 3." in _text(output)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("check", sorted(set(RULES) - {"not data"}))
def test_every_check_has_a_sentence_in_both_languages(check: str, lang: str) -> None:
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 12)}
    special = [column for there, column in SPECIAL if there == check]
    for column in ["agent", *special]:
        row = {"check": check, "column": column, "words": ("nps",), "rows": 3, **days}
        said = _lines(show(lang).quality(_found(row)))[1].split("\t")[1]
        assert said.endswith((".", "?"))
        assert not re.search(r"[{}]|\bnan\b", said)


def test_every_sentence_belongs_to_a_check() -> None:
    assert set(SENTENCES) == set(RULES) - {"not data"}
    assert {check for check, _ in SPECIAL} <= set(SENTENCES)


def test_the_cover_of_a_table_names_what_is_lacking_first() -> None:
    filled = [
        {"check": "coverage", "column": "amount", "level": "fine", "rows": 100, "share": 1.0},
        {"check": "grouping", "column": "agent", "level": "fine", "rows": 66, "share": 0.66},
        {"check": "never", "column": "returned", "level": "fine", "rows": 5, "share": 0.05},
    ]
    days = {"check": "stopped", "level": "fine", "first": date(2026, 1, 1), "last": date(2026, 10, 31), "rows": 0}
    said = _lines(_from((100, 100), lang="vi").quality(_found(*filled, days)))
    assert "Giao dịch\t100\t01/01/2026\t31/10/2026\t66,0% Nhân viên; 100% Số tiền" in said


def test_a_table_without_days_has_dashes() -> None:
    assert "Transactions\t100\t–\t–\t–" in _lines(_from((100, 100)).quality(_found(FINE)))


def test_words_and_columns_of_the_data_stay_text() -> None:
    row = {"check": "unknown word", "column": HOSTILE, "words": (HOSTILE,), "level": "notice"}
    html = str(show("vi").quality(_found(row, NOTED | {"column": HOSTILE, "figures": tuple(ALL)})).html)
    assert "<b id=live" not in html
    assert "\u202e" not in html
    assert "{0} {label}" in html


def test_the_demo_company_is_told_in_one_sentence_and_one_table() -> None:
    output = Show(demo(), "2026-10").quality()
    assert _lines(output)[0].startswith("Dữ liệu đủ tin cậy cho báo cáo: 100% trong 183.672 dòng")
    assert str(output.html).count("<table") == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_even_the_worst_of_data_leave_room_on_the_page(lang: str) -> None:
    worst = [WARNED | {"figures": tuple(ALL), "check": check} for check in SENTENCES]
    html = str(Show(demo(), "2026-10", lang).quality(_found(*worst)).html)
    assert len(html.encode()) < 8_000
