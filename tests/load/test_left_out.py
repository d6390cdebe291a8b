"""Rows that ``where`` leaves out are stated with their words; a new word, or many rows, stand in the box at the top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from folders import folder

from carestudy.care import LeftOutWord
from carestudy.check import check
from carestudy.contract import CareError
from carestudy.load import load
from carestudy.load.settings import interpret
from carestudy.quality import quality
from carestudy.quality.alarms import alarms
from carestudy.show.alarms import sentences
from carestudy.show.words import Reader

# A header, the words that count, one that does not, and one that a later month brings.
LANGUAGES = {
    "vi": ("Trạng thái đơn", ("Hoàn thành", "Đang giao"), "Đã hủy", "Chờ đối soát"),
    "en": ("Order status", ("Completed", "Shipped"), "Cancelled", "In review"),
    "dated": ("Tình trạng", ("Đã giao {date}",), "Hủy ngày {date}", "Giữ lại {date}"),
}


def orders(path: Path, header: str, words: Sequence[str], *, more: str = "", left_out: Sequence[str] = ()) -> Path:
    """One order a day, with the words in turn; the first two count, and care.toml lists others under left_out."""
    lines = [f"id,customer,day,money,{header}"]
    for number, word in enumerate(words):
        day = date(2026, 1, 1) + timedelta(days=number)
        lines.append(f"{number},K{number % 7},{day},1000,{word.replace('{date}', f'{day:%d/%m/%Y}')}")
    listed = f'left_out = {{ "{header}" = [{", ".join(f"{one!r}" for one in left_out)}] }}\n' if left_out else ""
    kept = ", ".join(f"{one!r}" for one in dict.fromkeys(words[:2]))
    toml = (
        f'{more}[transactions]\nsource = "orders.csv"\nwhere = {{ "{header}" = [{kept}] }}\n{listed}'
        'columns = { transaction_id = "id", customer_id = "customer", occurred_at = "day", amount = "money" }\n'
    )
    return folder(path, care=toml, orders="\n".join([*lines, ""]))


def words(kind: str, months: int = 10) -> list[str]:
    """Every third order is cancelled, and of the last thirty, every third has a word that was never there before."""
    _, kept, cancelled, new = LANGUAGES[kind]
    usual = [kept[0], kept[-1], cancelled] * (10 * months)
    return [*usual, *[kept[0], new, kept[-1]] * 10]


@pytest.mark.parametrize("kind", LANGUAGES)
def test_the_report_states_how_many_rows_are_left_out_and_for_which_words(tmp_path: Path, kind: str) -> None:
    header, _, cancelled, new = LANGUAGES[kind]
    care = load(orders(tmp_path, header, words(kind)))
    (count,) = care.counts[0].left_out
    assert (count.rows, count.of) == (110, 330)
    assert [(one.word, one.rows, one.stated) for one in count.words] == [
        (cancelled if kind != "dated" else cancelled.lower(), 100, False),
        (new if kind != "dated" else new.lower(), 10, False),
    ]
    found = quality(care)
    (row,) = found[found["check"] == "left out"].to_dict("records")
    assert (row["table"], row["column"], row["rows"], row["of"], row["level"]) == (
        "transactions", header, 110, 330, "notice"
    )  # fmt: skip
    assert row["words"][0] == "orders.csv"
    assert new.lower() in map(str.lower, row["words"])


@pytest.mark.parametrize("kind", LANGUAGES)
def test_a_word_that_care_toml_does_not_list_under_left_out_is_an_alarm(tmp_path: Path, kind: str) -> None:
    header, _, cancelled, new = LANGUAGES[kind]
    care = load(orders(tmp_path, header, words(kind), left_out=[cancelled]))
    (alarm,) = alarms(care)
    assert (alarm.check, alarm.rows, alarm.of, alarm.column) == ("new word", 10, 330, header)
    (said,) = sentences(Reader("vi"), [alarm])
    assert new.lower() in said.lower()
    assert "orders.csv" in said


@pytest.mark.parametrize("kind", LANGUAGES)
def test_without_a_list_a_word_is_new_where_its_rows_begin_late(tmp_path: Path, kind: str) -> None:
    header, *_ = LANGUAGES[kind]
    care = load(orders(tmp_path, header, words(kind)))
    assert [(one.check, one.rows) for one in alarms(care)] == [("new word", 10)]


@pytest.mark.parametrize("kind", LANGUAGES)
def test_words_that_were_there_all_the_time_are_no_alarm(tmp_path: Path, kind: str) -> None:
    header, kept, cancelled, new = LANGUAGES[kind]
    usual = [kept[0], kept[-1], cancelled, kept[0], kept[0], new] * 30
    assert not alarms(load(orders(tmp_path, header, usual)))
    assert not alarms(load(orders(tmp_path, header, usual, left_out=[cancelled, new])))


def test_two_rows_at_the_end_may_be_slips(tmp_path: Path) -> None:
    usual = ["Paid", "Paid", "Void"] * 50
    assert not alarms(load(orders(tmp_path, "Status", [*usual, "Viod", "Viod"])))


@pytest.mark.parametrize(
    ("most", "known", "found"),
    [
        ("", [], ["left out"]), ("max_left_out = 0.7\n", [], []), ("max_left_out = 0.6\n", [], ["left out"]),
        ("", ["Lost"], []),
    ],
)  # fmt: skip
def test_more_than_a_settable_share_is_an_alarm_unless_left_out_says_so(
    tmp_path: Path, most: str, known: list[str], found: list[str]
) -> None:
    words = ["Won", "Won", "Lost", "Lost", "Lost", "Lost"] * 20  # two thirds
    care = load(orders(tmp_path, "Stage", words, more=most, left_out=known))
    assert [one.check for one in alarms(care)] == found


@pytest.mark.parametrize(
    "other",
    [
        "Nguyễn Văn Nam",
        "Tran Thi Hoa",
        "lan@example.vn",
        "0912 345 678",
        "a remark of somebody that is as long as no status is",
    ],
)
def test_words_that_may_tell_of_people_are_counted_and_not_shown(tmp_path: Path, other: str) -> None:
    care = load(orders(tmp_path, "Note", ["ok", "ok", other] * 40))
    (count,) = care.counts[0].left_out
    assert count.words == (LeftOutWord("Note", "", 40),)
    told = " ".join([*check(str(tmp_path))[0], str(quality(care)["words"].tolist())])
    assert other not in told


def test_more_than_a_few_words_are_counted_together(tmp_path: Path) -> None:
    lines = [word for number in range(40) for word in ("ok", "ok", f"remark {number}")]
    (count,) = load(orders(tmp_path, "Note", lines)).counts[0].left_out
    assert count.words == (LeftOutWord("Note", "", 40),)


def test_an_empty_cell_is_left_out_without_a_word(tmp_path: Path) -> None:
    (count,) = load(orders(tmp_path, "Status", ["Paid", "Paid", ""] * 40)).counts[0].left_out
    assert count.words == (LeftOutWord("Status", "", 40),)


def test_each_of_two_conditions_counts_what_it_leaves_out(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "id": range(8), "day": pd.Timestamp("2026-01-05"), "amount": 5,
        "Kind": ["sale"] * 4 + ["test"] * 4, "Status": ["Paid", "Void"] * 4,
    })  # fmt: skip
    frame.to_excel(tmp_path / "sales.xlsx", index=False)
    toml = (
        '[transactions]\nsource = "sales.xlsx"\nwhere = { Kind = ["sale"], Status = ["Paid"] }\n'
        'columns = { transaction_id = "id", occurred_at = "day" }\n'
    )
    (tmp_path / "care.toml").write_text(toml, "utf-8")
    (count,) = load(tmp_path).counts[0].left_out
    assert count.words == (LeftOutWord("Kind", "test", 4), LeftOutWord("Status", "Void", 2))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"left_out": {"Stage": ["Lost"]}}, "where names no 'Stage'"),
        ({"where": {"Stage": ["Won"]}, "left_out": {"Stage": ["won"]}}, "'won' stands in where and in left_out"),
        ({"where": {"Stage": ["Won"]}, "left_out": "Lost"}, "left_out is like"),
    ],
)
def test_a_list_that_contradicts_the_condition_is_refused(written: dict[str, object], message: str) -> None:
    with pytest.raises(CareError, match=message):
        interpret({"transactions": written})


@pytest.mark.parametrize("share", [-0.1, 1.5, True, "0.2"])
def test_a_share_that_is_none_is_refused(share: object) -> None:
    with pytest.raises(CareError, match="max_left_out is a share"):
        interpret({"max_left_out": share})


JOINED = """[transactions]
source = "orders.csv"
join = [{ source = "lines.csv", on = "id", where = { "Loại dòng" = ["Tổng", "Tổng cộng"] } }]
columns = { transaction_id = "id", occurred_at = "day", amount = "money" }
"""


def test_words_of_a_join_that_no_cell_holds_are_a_notice_too(tmp_path: Path) -> None:
    files = {
        "orders": "id,day\n1,2026-01-05\n2,2026-01-06\n",
        "lines": "id,Loại dòng,money\n1,Tổng,5\n1,Thuế,1\n2,Tổng,7\n",
    }
    care = load(folder(tmp_path, care=JOINED, **files))
    (unmet,) = care.counts[0].unmet
    assert (unmet.file, unmet.column, unmet.words) == ("lines.csv", "Loại dòng", ("tổng cộng",))
    found = quality(care)
    assert found[found["check"] == "unmet words"]["level"].tolist() == ["notice"]


def test_a_join_whose_words_are_in_no_cell_is_refused_with_those_that_are(tmp_path: Path) -> None:
    lines = "id,Loại dòng,money\n1,Total,5\n1,Tax,1\n2,Total,7\n2,Tax,1\n"
    with pytest.raises(CareError, match=r"no Loại dòng there is .*as where wants; there are tax"):
        load(folder(tmp_path, care=JOINED, orders="id,day\n1,2026-01-05\n2,2026-01-06\n", lines=lines))
