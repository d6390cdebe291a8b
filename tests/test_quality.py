"""Each trap in the data is found by the rule that is stated for it, touches the figures that read it, and no others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from companies import DATA, answers, demo, people, table

import carestudy as cs
from carestudy.files import row_table
from carestudy.load import checks, faults, mending, repeats, scores
from carestudy.quality.door import ABOUT, HARMLESS
from carestudy.quality.findings import RULES, Finding, Rule
from carestudy.quality.reads import reads
from carestudy.show.labels import CODES

START = date(2026, 1, 1)
BASE = {
    "retention_rate",
    "gross_churn_rate",
    "net_growth_rate",
    "annual_loss",
    *(f"{name}(years={years})" for name in ("tenure", "tenure_share") for years in (1, 2, 5)),
}


def _days(count: int, *, start: date = START) -> list[str]:
    return [f"{start + timedelta(days=n)} 10:00" for n in range(count)]


def _sales(days: list[str], **columns: Any) -> pd.DataFrame:
    given = {
        "transaction_id": [f"T{n}" for n in range(len(days))],
        "occurred_at": days,
        "customer_id": "A",
        "amount": 100,
    }
    return pd.DataFrame({**given, **columns})


def _contacts(days: list[str], **columns: Any) -> pd.DataFrame:
    given = {"contact_id": [f"C{n}" for n in range(len(days))], "opened_at": days, "customer_id": "A", "topic": "giao"}
    return pd.DataFrame({**given, "kind": "complaint", **columns})


def _stays(count: int, *, left: int = 1, **columns: Any) -> pd.DataFrame:
    rows = [(f"A{n}", "2025-01-01", "2025-06-01" if n < left else None) for n in range(count)]
    return people(*rows).assign(**columns)


def _asked(care: Any, check: str, column: str = "", where: str = "") -> dict[str, Any]:
    found = cs.quality(care)
    rows = found[(found["check"] == check) & found["column"].isin([column] if column else found["column"])]
    rows = rows[rows["table"].isin([where] if where else rows["table"])]
    (row,) = rows.to_dict("records")
    return row


def _told(care: Any, check: str, column: str = "", where: str = "") -> tuple[int, int, str]:
    row = _asked(care, check, column, where)
    return row["rows"], row["of"], row["level"]


def test_the_demo_company_has_nothing_to_be_told_of() -> None:
    found = cs.quality(demo())
    assert set(found["level"]) == {"fine"}
    assert set(found["check"]) <= set(RULES)


def test_the_table_has_a_row_for_every_check_in_one_shape() -> None:
    found = cs.quality(cs.load({"responses": answers([9], question="nps", answered_at="2026-01-01 10:00")}))
    told = ["table", "column", "check", "rows", "of", "share", "level", "figures", "first", "last", "words"]
    assert list(found.columns) == told
    assert set(found["table"]) == {"responses"}
    assert not found.duplicated(["table", "column", "check", "words"]).any()


# Which figures read what is told by their definitions.


def test_figures_read_what_their_definitions_name() -> None:
    known = reads(demo())
    assert known.columns["nps"] == {("responses", "question"), ("responses", "score")}
    assert known.columns["retention_rate"] == {("customers", name) for name in ("customer_id", "joined_on", "left_on")}
    assert ("customers", "owner") in known.columns["owned_rate"]
    assert known.tables["complaint_rate(per=transaction)"] == {"contacts", "transactions"}
    assert known.sought("contacts", "kind") == ("complaint",)
    assert known.word("responses", "question", "csat") == ("csat", "mean_score(question=csat)")


def test_without_contracts_the_base_is_read_from_purchases() -> None:
    known = reads(cs.load({"transactions": _sales(_days(3))}))
    assert known.columns["retention_rate"] == {("transactions", "customer_id"), ("transactions", "occurred_at")}


def test_a_figure_that_the_data_do_not_allow_is_touched_by_nothing() -> None:
    known = reads(cs.load({"transactions": _sales(_days(3)).drop(columns="amount")}))
    assert "invoiced" not in known.columns
    assert "active_customers" in known.columns


# Rules.


@pytest.mark.parametrize(
    ("rows", "of", "level"), [(5, 100, "fine"), (6, 100, "notice"), (20, 100, "notice"), (21, 100, "warning")]
)
def test_a_share_above_a_limit_is_told(rows: int, of: int, level: str) -> None:
    assert Rule(0.05, 0.20).level(rows, of) == level
    assert Rule(0.05, 0.20, lack=True).level(of - rows, of) == level


def test_nothing_is_said_of_no_rows_or_too_few() -> None:
    assert Finding("contacts", "kind", "letters", 0, 0).share == 0
    assert Finding("contacts", "kind", "letters", 0, 0).level == "fine"
    assert Finding("contacts", "kind", "word", 0, 99).level == "fine"
    assert Finding("contacts", "kind", "word", 0, 100).level == "warning"
    assert Finding("contacts", "kind", "word", 1, 100).level == "fine"


# What the door found.


def test_rows_set_aside_are_sorted_by_what_is_the_matter() -> None:
    days = _days(100)
    days[:3] = ["hôm qua"] * 3
    numbers = [f"T{n}" for n in range(98)] + ["T50", "T51"]
    care = cs.load({"transactions": _sales(days, transaction_id=numbers)})
    assert _told(care, "unusable") == (3, 100, "warning")
    assert _told(care, "differing") == (2, 100, "notice")
    assert _told(care, "impossible") == (0, 100, "fine")
    assert _asked(care, "unusable")["words"][0].startswith("is no time")
    assert "invoiced" in _asked(care, "unusable")["figures"]


def test_times_that_cannot_be_are_told_apart() -> None:
    resolved = ["2025-12-01 10:00", *_days(49)[1:], "1900-01-01 10:00"]
    care = cs.load({"contacts": _contacts(_days(50), resolved_at=resolved)})
    assert _told(care, "impossible") == (2, 50, "warning")


def test_rows_after_as_of_are_no_fault_of_the_data() -> None:
    care = cs.load({"transactions": _sales(_days(100))}, as_of="2026-02-28")
    assert _told(care, "not data") == (41, 100, "fine")
    assert _told(care, "unusable") == (0, 100, "fine")


def test_money_of_another_kind_is_a_warning(tmp_path: Path) -> None:
    lines = [f"T{n},2026-01-{n:02},{n}00000 đ" for n in range(1, 28)] + ["T28,2026-01-28,20 USD"]
    (tmp_path / "transactions.csv").write_text("\n".join(["transaction_id,occurred_at,amount", *lines, ""]), "utf-8")
    care = cs.load(tmp_path)
    assert _told(care, "currency") == (1, 28, "warning")
    assert "invoiced" in _asked(care, "currency")["figures"]


def test_what_a_person_added_around_the_table_is_no_fault_of_the_data(tmp_path: Path) -> None:
    lines = ["Báo cáo tháng 1,,", "transaction_id,occurred_at,amount"]
    lines += [f"T{n},2026-01-{n:02},100" for n in range(1, 29)] + ["Tổng cộng,,2800"]
    (tmp_path / "transactions.csv").write_text("\n".join([*lines, ""]), "utf-8")
    found = cs.quality(cs.load(tmp_path))
    assert found.loc[found["check"] == "not data", "rows"].tolist() == [1]
    assert set(found["level"]) == {"fine"}


def test_a_day_that_means_never_is_no_mending_to_speak_of() -> None:
    care = cs.load({"customers": people(*[(f"A{n}", "2025-01-01", "9999-12-31") for n in range(9)])})
    assert "mended" not in set(cs.quality(care)["check"])


def test_the_reasons_that_are_sorted_are_those_that_the_door_gives() -> None:
    given = {repeats.AGAIN, repeats.NOT_OVER, repeats.SAME_START, repeats.IN_PART, checks.OUTSIDE, "lies after as_of"}
    given |= {repeats.AGREES, repeats.DIFFERS, checks.FAR_BEFORE, checks.FAR_AFTER}
    given |= {checks.OTHER_CURRENCY, row_table.HEADER_AGAIN, row_table.TOTAL, row_table.BELOW_TOTAL}
    given |= {f"lies before {earlier}" for *_, earlier in mending.ORDER}
    assert all(any(reason.startswith(start) for reason in given) for start in ABOUT)
    assert all(any(reason.startswith(start) for start in ABOUT) for reason in given)
    readable = {*checks.READABLE.values(), row_table.OTHER_WIDTH, row_table.ERROR_CELL, row_table.NOT_COMPUTED}
    readable |= {reason for *_, reason in scores.SCALES.values()}
    assert not any(reason.startswith(tuple(ABOUT)) for reason in readable)
    mended = {faults.TITLE, faults.REPEATED, *(reason for _, reason in mending.MENDINGS.values())}
    assert all(any(reason.startswith(start) for reason in mended) for start in HARMLESS)


# Columns.


def test_a_column_that_a_figure_reads_must_be_filled() -> None:
    care = cs.load(
        {"transactions": _sales(_days(100), amount=[100] * 79 + [None] * 21, channel=["web"] * 49 + [None] * 51)}
    )
    assert _told(care, "coverage", "amount") == (79, 100, "warning")
    assert "invoiced" in _asked(care, "coverage", "amount")["figures"]
    assert _told(care, "grouping", "channel") == (49, 100, "notice")


def test_customers_without_a_day_of_joining_are_in_no_base() -> None:
    stays = _stays(100)
    stays.loc[50:52, "joined_on"] = None
    care = cs.load({"customers": stays})
    assert _told(care, "in no base") == (97, 100, "notice")
    assert set(_asked(care, "in no base")["figures"]) == BASE


def test_an_export_of_survivors_is_a_trap() -> None:
    assert _told(cs.load({"customers": _stays(30, left=0)}), "never", "left_on") == (0, 30, "warning")
    assert _told(cs.load({"customers": _stays(30, left=1)}), "never", "left_on") == (1, 30, "fine")
    assert _told(cs.load({"customers": _stays(29, left=0)}), "never", "left_on") == (0, 29, "fine")
    assert set(_asked(cs.load({"customers": _stays(30, left=0)}), "never", "left_on")["figures"]) == BASE


def test_a_flag_that_is_never_raised_is_a_trap() -> None:
    care = cs.load({"transactions": _sales(_days(40), returned="no")})
    assert _told(care, "never", "returned") == (0, 40, "warning")
    assert set(_asked(care, "never", "returned")["figures"]) == {"return_rate", "return_rate(of=value)"}


def test_a_flag_that_is_never_raised_is_none_beside_amounts_paid_back() -> None:
    paid_back = [100, *[None] * 39]
    care = cs.load({"transactions": _sales(_days(40), returned="no", refunded=paid_back)})
    assert _told(care, "never", "returned") == (40, 40, "fine")
    nothing = cs.load({"transactions": _sales(_days(40), returned="no", refunded=[None] * 40)})
    assert _told(nothing, "never", "returned") == (0, 40, "warning")


def test_customers_nobody_knows_are_missing_from_the_base() -> None:
    sales = _sales(_days(100), customer_id=["A1"] * 88 + [" X "] * 11 + [None])
    care = cs.load({"customers": _stays(5), "transactions": sales})
    assert _told(care, "orphan") == (11, 99, "warning")
    assert set(_asked(care, "orphan")["figures"]) >= BASE | {"active_customers"}


def test_where_purchases_make_the_base_strangers_are_only_in_no_group() -> None:
    profile = table("customer_id region", ("A1", "Bắc"))
    care = cs.load({"customers": profile, "transactions": _sales(_days(10))})
    assert _told(care, "ungrouped") == (10, 10, "notice")


def test_agents_whom_the_staff_list_lacks_are_counted() -> None:
    staff = table("agent team", ("An", "Bắc"))
    care = cs.load({"staff": staff, "transactions": _sales(_days(10), agent=["An"] * 9 + ["Bình"])})
    assert _told(care, "ungrouped", "agent") == (1, 10, "notice")


def test_words_that_figures_do_not_know_are_counted_and_short_ones_named() -> None:
    care = cs.load({"contacts": _contacts(_days(100), kind=["Khiếu nại"] * 60 + ["Hỏi"] * 40)})
    assert _told(care, "word") == (0, 100, "warning")
    assert _told(care, "unknown word") == (100, 100, "notice")
    assert _asked(care, "unknown word")["words"] == ("Hỏi", "Khiếu nại")
    assert {"complaint_rate(per=contact)", "complaint_count"} <= set(_asked(care, "word")["figures"])


@pytest.mark.parametrize("kind", ["gọi lại số 0912345678", "an@congty.vn", "khách nói dài dòng về chuyện nhà"])
def test_what_looks_like_free_text_is_never_quoted(kind: str) -> None:
    care = cs.load({"contacts": _contacts(_days(100), kind=[kind] * 50 + ["complaint"] * 50)})
    assert _asked(care, "unknown word")["rows"] == 50
    assert _asked(care, "unknown word")["words"] == ()


def test_many_different_words_are_no_short_list() -> None:
    care = cs.load({"contacts": _contacts(_days(100), kind=[f"loại {chr(97 + n % 6)}" for n in range(100)])})
    assert _asked(care, "unknown word")["words"] == ()


def test_the_words_of_the_contract_are_known() -> None:
    kinds = [*CODES["kind"]] * 20
    assert _told(cs.load({"contacts": _contacts(_days(100), kind=kinds)}), "unknown word") == (0, 100, "fine")


def test_surveys_may_ask_more_than_figures_count() -> None:
    asked = answers([4.0] * 100).assign(question=["csat"] * 10 + ["tốc độ"] * 90, answered_at=_days(100))
    assert _told(cs.load({"responses": asked}), "unknown question") == (90, 100, "fine")
    other = answers([4.0] * 100, question="hài lòng", answered_at=_days(100))
    assert _told(cs.load({"responses": other}), "unknown question") == (100, 100, "notice")


@pytest.mark.parametrize(
    ("question", "score", "check", "level"),
    [
        ("nps", 5, "scale", "warning"),
        ("nps", 6, "scale", "fine"),
        ("csat", 3, "scale", "warning"),
        ("csat", 4, "scale", "fine"),
        ("nps", 9, "only good", "notice"),
        ("nps", 8, "only good", "fine"),
        ("csat", 4, "only good", "notice"),
        ("csat", 3, "only good", "fine"),
    ],
)
def test_answers_on_one_side_of_the_scale_are_a_trap(question: str, score: float, check: str, level: str) -> None:
    care = cs.load({"responses": answers([score] * 30, question=question, answered_at=_days(30))})
    found = cs.quality(care)
    (row,) = found[(found["check"] == check) & (found["words"] == (question,))].to_dict("records")
    assert (row["level"], row["figures"][0]) == (level, question)


@pytest.mark.parametrize(
    ("scores", "given", "check", "level"),
    [
        ([4] * 10, {}, "five points", "notice"),
        ([4] * 9, {}, "open scale", "notice"),
        ([*([4] * 9), 6], {}, "open scale", "fine"),
        ([4] * 9, {"ces_scale": 5}, "five points", "notice"),
    ],
)
def test_the_scale_on_which_effort_is_read_is_reported(
    scores: list[float], given: dict[str, Any], check: str, level: str
) -> None:
    care = cs.load({"responses": answers(scores, question="ces", answered_at=_days(len(scores)))}, **given)
    row = _asked(care, check)
    assert (row["level"], row["of"], row["figures"]) == (level, len(scores), ("ces",))


def test_letters_that_are_lost_are_counted() -> None:
    topics = [
        "Nguy?n",
        "Nguyá»…n",
        "GiÃ¡",
        "\N{REPLACEMENT CHARACTER}",
        "Sao? Tôi",
        "vn/a?b=c",
        "Đã giao",
        "MÃ",
        "Á",
        "Ổn",
    ]
    care = cs.load({"contacts": _contacts(_days(10), topic=topics)})
    assert _told(care, "letters", "topic") == (4, 10, "warning")
    assert _asked(care, "letters", "topic")["figures"][0] == "complaint_rate(per=contact)"
    free = answers([9] * 3, question="nps", answered_at=_days(3), comment=["sao?tôi", "Nguyá»…n", "ok"])
    assert _told(cs.load({"responses": free}), "letters", "comment") == (1, 3, "warning")


@pytest.mark.parametrize(
    "text",
    [
        "See index.php?f for more",
        "https://a.vn/x?y",
        "what should I do?I tried it",
        "I reset it, and what now? why does it do so?i am lost, please tell me what to do",
        "C?",
        "a?b=c",
    ],
)
def test_addresses_and_missing_spaces_are_no_lost_letters(text: str) -> None:
    care = cs.load({"contacts": _contacts(_days(10), topic=[text] * 10)})
    assert _told(care, "letters", "topic") == (0, 10, "fine")


@pytest.mark.parametrize(
    "text", ["Nguy?n V?n An", "NGUY?N", "Tr?n", "T?i mu?n h?i v? ??n h?ng c?a t?i ?? ??t h?m qua m? ch?a th?y giao"]
)
def test_words_with_question_marks_in_them_have_lost_letters(text: str) -> None:
    care = cs.load({"contacts": _contacts(_days(10), topic=[text] * 10)})
    assert _told(care, "letters", "topic") == (10, 10, "warning")


def test_names_that_differ_only_in_spelling_are_counted() -> None:
    care = cs.load(
        {"transactions": _sales(_days(6), team=["Đội Bắc", "đội bắc", "Doi  Bac", "Đội Nam", None, "Đội Nam"])}
    )
    assert _told(care, "alike", "team") == (2, 4, "notice")


def test_names_that_differ_only_in_points_are_counted() -> None:
    care = cs.load({"transactions": _sales(_days(5), team=["TP.HCM", "tp hcm", "TP. HCM", "E-mail", "Huế"])})
    assert _told(care, "alike", "team") == (2, 5, "notice")


def test_spellings_of_groups_are_named_and_those_of_people_are_not() -> None:
    regions = ["Hà Nội", "Ha Noi", "hà nội", "TP.HCM", "TP HCM", "Huế"]
    rows = people(*[(f"K{n}", "2025-01-01", None) for n in range(6)]).assign(region=regions, owner=["Lan", "LAN"] * 3)
    found = cs.quality(cs.load({"customers": rows}))
    alike = found[found["check"] == "alike"].set_index("column")["words"]
    assert [set(words.split(" / ")) for words in alike["region"]] == [
        {"Hà Nội", "Ha Noi", "hà nội"}, {"TP.HCM", "TP HCM"},
    ]  # fmt: skip
    assert alike["owner"] == ()


@pytest.mark.parametrize(("flags", "filled"), [([True, False] * 20, 40), ([False] * 40, 0), ([True] * 40, 40)])
def test_yes_and_no_are_both_filled_in_and_never_yes_is_a_warning(flags: list[bool], filled: int) -> None:
    care = cs.load({"contacts": _contacts(_days(40), answered=flags)})
    assert _told(care, "never", "answered") == (filled, 40, "fine" if filled else "warning")


def test_months_without_a_row_are_no_slip_where_rows_are_rare() -> None:
    start = pd.Timestamp("2000-02-27")
    rare = [str((start + pd.Timedelta(days=80 * n)).date()) for n in range(100)]
    care = cs.load({"transactions": _sales([*rare[:-1], str((start + pd.Timedelta(days=80 * 99 + 30)).date())])})
    assert _told(care, "late") == (0, 100, "fine")


def test_customer_ids_that_differ_only_in_capitals_or_spaces_are_counted() -> None:
    care = cs.load({"customers": people(*[(name, "2025-01-01", None) for name in ("KH 1", "kh1", "KH2", "KH-2")])})
    assert _told(care, "alike", "customer_id") == (1, 4, "notice")


def test_a_table_without_ids_cannot_be_searched_for_repeated_rows() -> None:
    assert _told(cs.load({"transactions": _sales(_days(5))}), "no key") == (0, 5, "fine")
    bare = _sales(_days(5)).drop(columns="transaction_id")
    assert _told(cs.load({"transactions": bare}), "no key") == (5, 5, "notice")


def test_goals_for_figures_that_do_not_exist_are_named() -> None:
    goals = table("kpi scope period target", ("nps", "company", "2026-10", 30), ("hài lòng", "company", "2026-10", 80))
    care = cs.load({"goals": goals})
    assert _told(care, "unknown figure") == (1, 2, "notice")
    assert _asked(care, "unknown figure")["words"] == ("hài lòng",)


def test_goals_that_nothing_meets_are_told_with_the_closest_name() -> None:
    rows = [
        ("retention", "company", "2026-10", 1), ("nps", "tem=Nam", "2026-10", 1), ("nps", "team=Nan", "2026-10", 1),
        ("nps", "agent=An", "2026-10", 1), ("nps", "company", "Oct", 1), ("nps", "team=Nam", "2026-10", 30),
        ("nps", "team=Nam", "2026-10", 40), ("keep", "company", "2026-10", 0.9),
        ("service_level(within=4)", "company", "2026-10", 0.9),
    ]  # fmt: skip
    given = answers([9] * 10, "nps", answered_at="2026-10-05", team="Nam", agent="Anh")
    care = cs.load({"goals": table("kpi scope period target", *rows), "responses": given})
    assert _told(care, "unknown figure") == (1, 9, "notice")
    assert _asked(care, "unknown figure")["words"] == ("retention → retention_rate?",)
    assert _asked(care, "unknown scope")["words"] == ("tem=Nam → team?", "team=Nan → team=Nam?", "agent=…")
    assert _asked(care, "unknown period")["words"] == ("Oct",)
    assert _told(care, "several targets") == (2, 9, "notice")


# Amounts and days.


@pytest.mark.parametrize(("largest", "found"), [(9_999 * 50, 1), (9_999 * 50 - 1, 0)])
def test_an_amount_that_no_other_comes_near_is_a_trap(largest: int, found: int) -> None:
    care = cs.load({"transactions": _sales(_days(200), amount=[100, *[9_999] * 198, largest])})
    level = "warning" if found else "fine"
    assert _told(care, "amount") == (found, 200, level)


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ([100] * 150 + [100, -100] * 25, (25, 49, "notice")),  # none before, every second one since
        ([100] * 150 + [-100] * 50, (50, 50, "notice")),  # a sign that changed
        ([100, -100] * 100, None),  # from the beginning
        ([100] * 198 + [-100] * 2, None),  # two may be slips
        ([100] * 60 + ([100] * 19 + [-100]) * 7, None),  # as seldom as it may have been before
        ([100] * 200, None),
    ],
)
def test_amounts_below_zero_that_are_new_are_pointed_out(
    amounts: list[int], found: tuple[int, int, str] | None
) -> None:
    care = cs.load({"transactions": _sales(_days(200), amount=amounts)})
    checks = cs.quality(care).set_index("check")
    assert ("new negatives" in checks.index) == bool(found)
    if found:
        row = checks.loc["new negatives"]
        assert (row["rows"], row["of"], row["level"]) == found
        first = next(place for place, amount in enumerate(amounts) if amount < 0)
        assert row["first"] == pd.Timestamp(_days(200)[first]).date()


def test_a_second_kind_of_business_is_no_slip() -> None:
    care = cs.load({"transactions": _sales(_days(200), amount=[100] * 190 + [1_000_000] * 10)})
    assert _told(care, "amount") == (0, 200, "fine")


def test_a_table_that_stopped_early_is_told_with_its_last_day() -> None:
    sales = {"transactions": _sales(_days(60))}
    assert _told(cs.load(sales, as_of="2026-03-04"), "stopped") == (0, 63, "fine")
    late = cs.load(sales, as_of="2026-03-05")
    assert _told(late, "stopped") == (4, 64, "warning")
    assert _asked(late, "stopped")["last"] == date(2026, 3, 1)


def test_weekends_are_no_gap_for_who_rests_on_them() -> None:
    days = [day for day in _days(200) if date.fromisoformat(day[:10]).weekday() < 5]
    found = cs.quality(cs.load({"transactions": _sales(days)}))
    assert set(found["level"]) == {"fine"}


def test_days_without_rows_are_a_gap_where_other_tables_go_on() -> None:
    days = _days(200)
    tables = {"transactions": _sales(days[:100] + days[107:]), "contacts": _contacts(days)}
    care = cs.load(tables)
    assert _told(care, "gap", where="transactions") == (7, 200, "warning")
    assert _told(care, "gap", where="contacts") == (0, 200, "fine")
    row = _asked(care, "gap", where="transactions")
    assert (row["first"], row["last"]) == (START + timedelta(days=100), START + timedelta(days=106))


def test_days_on_which_everybody_rests_are_a_notice() -> None:
    days = _days(200)
    care = cs.load({"transactions": _sales(days[:100] + days[107:]), "contacts": _contacts(days[:100] + days[107:])})
    assert _told(care, "closed", where="transactions") == (7, 200, "notice")
    assert _told(care, "gap", where="transactions") == (0, 200, "fine")


def test_one_event_far_in_the_future_is_told_and_nothing_that_follows_from_it() -> None:
    days = [*_days(99), "2026-12-31 10:00"]
    care = cs.load({"transactions": _sales(days), "contacts": _contacts(_days(99))})
    assert _told(care, "late", where="transactions") == (1, 100, "warning")
    assert _told(care, "late", where="contacts") == (0, 99, "fine")
    found = cs.quality(care)
    assert set(found.loc[found["level"] != "fine", "check"]) == {"late"}


def test_one_event_long_ago_is_a_notice() -> None:
    care = cs.load({"transactions": _sales(["1970-01-01 00:00", *_days(99)])})
    assert _told(care, "impossible") == (1, 100, "notice")


def test_a_few_rows_far_apart_are_no_slips() -> None:
    care = cs.load({"transactions": _sales(["2024-01-01 10:00", "2025-01-01 10:00", "2026-01-01 10:00"])})
    assert set(cs.quality(care)["level"]) == {"fine"}


# Privacy and size.


def test_no_value_of_the_data_is_in_the_answer_but_short_words_and_days(tmp_path: Path) -> None:
    rows = "\n".join(f"R{n},KH-{n}-bimat,2026-01-{n:02},nps,{n % 11},Chị Hoa bimat,NV bimat" for n in range(1, 29))
    head = "response_id,customer_id,answered_at,question,score,comment,agent\n"
    (tmp_path / "responses.csv").write_text(head + rows, "utf-8")
    assert "bimat" not in cs.quality(cs.load(tmp_path)).to_csv()


def test_a_company_without_rows_in_a_table_is_no_reason_to_stop() -> None:
    empty = _sales(_days(1)).iloc[:0].astype("str")
    found = cs.quality(cs.load({"transactions": empty, "contacts": _contacts(_days(3))}))
    assert set(found["level"]) == {"fine"}


def test_baskets_of_households_nobody_asked_are_told() -> None:
    found = cs.quality(cs.load(DATA / "journey"))
    told = found[found["level"] != "fine"]
    assert told[["check", "rows", "of", "level"]].to_numpy().tolist() == [["ungrouped", 74_031, 155_848, "notice"]]


# Days of joining.


@pytest.mark.parametrize(("early", "level"), [(1, "fine"), (2, "notice"), (60, "notice")])
def test_transactions_before_the_day_of_joining_are_told(early: int, level: str) -> None:
    days = _days(100)
    joined = [days[50][:10] if n < early else days[0][:10] for n in range(100)]
    customers = people(*[(f"A{n}", joined[n], None) for n in range(100)])
    sold = _sales(["2025-12-31 10:00" if n < early else days[n] for n in range(100)])
    care = cs.load({"customers": customers, "transactions": sold.assign(customer_id=[f"A{n}" for n in range(100)])})
    assert _told(care, "before joining") == (early, 100, level)
    strangers = sold.assign(customer_id=[f"A{n + 50}" for n in range(100)])
    care = cs.load({"customers": customers, "transactions": strangers})
    assert _asked(care, "before joining")["of"] == 50


def test_without_days_of_joining_nothing_lies_before_them() -> None:
    care = cs.load({"customers": people(("A1", None, None)), "transactions": _sales(_days(9), customer_id=["A1"] * 9)})
    assert _told(care, "before joining") == (0, 0, "fine")
