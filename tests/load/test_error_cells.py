"""Errors of a spreadsheet are emptied and named by column; spoilt ids are excluded; lists are refused, and said so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy.check import check
from carestudy.contract import CareError
from carestudy.load import load
from carestudy.quality import quality

ERROR = "is an error of a spreadsheet, such as #N/A: left empty"


def orders(cells: list[str]) -> str:
    """Orders with some amounts."""
    lines = [f"D{n},K{n % 7},2026-01-{n % 28 + 1:02d},{cell}" for n, cell in enumerate(cells)]
    return "\n".join(["transaction_id,customer_id,occurred_at,amount", *lines, ""])


def test_amounts_that_are_errors_are_emptied_and_their_column_is_named(tmp_path: Path) -> None:
    care = load(folder(tmp_path, transactions=orders(["5000", "#N/A", "7000", "#N/A"] * 5)))
    assert counts(care, "transactions") == (20, 20, 0)
    assert faults(care) == [("amount", ERROR, 10, (3, 5, 7, 9, 11), False)]
    found = quality(care)
    (row,) = found[found["check"] == "errors"].to_dict("records")
    assert (row["column"], row["rows"], row["of"], row["level"]) == ("amount", 10, 20, "warning")
    told = " ".join(" ".join(check(str(tmp_path))[0]).split())
    assert "an error of a spreadsheet, such as #N/A, stands in amount in 10 of 20 rows" in told


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#ERROR!", "########"])
def test_every_error_is_counted_or_its_row_excluded_by_column(tmp_path: Path, error: str) -> None:
    lines = [
        f"T{n},2026-03-{n % 28 + 1:02d} 08:00,{error if n % 4 == 0 else '2026-04-30 09:00'},giao" for n in range(40)
    ]
    text = "\n".join(["contact_id,opened_at,resolved_at,topic", *lines, ""])
    care = load(folder(tmp_path, contacts=text))
    assert [(column, number) for column, _, number, *_ in faults(care)] == [("resolved_at", 10)]
    assert sum(value is None for value in rows(care, "contacts", "resolved_at")) == 10


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?"])
def test_a_group_is_never_called_after_an_error(tmp_path: Path, error: str) -> None:
    lines = [f"T{n},2026-03-0{n % 9 + 1} 08:00,{error if n % 3 == 0 else 'giao'}" for n in range(30)]
    care = load(folder(tmp_path, contacts="\n".join(["contact_id,opened_at,topic", *lines, ""])))
    assert set(rows(care, "contacts", "topic")) == {None, "giao"}
    assert faults(care) == [("topic", ERROR, 10, (2, 5, 8, 11, 14), False)]


def test_an_error_that_care_toml_calls_empty_is_named_all_the_same(tmp_path: Path) -> None:
    toml = '[transactions]\nempty = ["#REF!"]\n'
    care = load(folder(tmp_path, care=toml, transactions=orders(["5000", "#REF!"] * 5)))
    assert faults(care)[0][:3] == ("amount", ERROR, 5)


def test_two_columns_of_errors_are_two_findings(tmp_path: Path) -> None:
    lines = [f"T{n},2026-03-0{n % 9 + 1} 08:00,#N/A,{'#N/A' if n % 3 else 'lan'}" for n in range(30)]
    care = load(folder(tmp_path, contacts="\n".join(["contact_id,opened_at,channel,agent", *lines, ""])))
    found = quality(care)
    assert sorted(found[found["check"] == "errors"]["column"]) == ["agent", "channel"]


@pytest.mark.parametrize("spoilt", ["5,76461E+14", "5.76461E+14", "5.76461e14", "1E+15"])
def test_an_id_that_kept_its_first_digits_only_is_excluded(tmp_path: Path, spoilt: str) -> None:
    lines = [f'"{spoilt if n % 4 == 0 else 576461000000000 + n}",2026-01-{n + 1:02d},5000' for n in range(20)]
    care = load(folder(tmp_path, transactions="\n".join(["transaction_id,occurred_at,amount", *lines, ""])))
    assert counts(care, "transactions") == (20, 15, 5)
    assert faults(care)[0][:3] == ("transaction_id", "was spoilt by a spreadsheet: export it as text", 5)


def test_a_kind_that_nobody_knows_is_a_notice_in_however_few_rows(tmp_path: Path) -> None:
    lines = [f"T{n},2026-03-0{n % 9 + 1} 08:00,{'vandalism' if n < 2 else 'complaint'}" for n in range(100)]
    care = load(folder(tmp_path, contacts="\n".join(["contact_id,opened_at,kind", *lines, ""])))
    found = quality(care)
    (row,) = found[found["check"] == "unknown word"].to_dict("records")
    assert (row["rows"], row["level"], row["words"]) == (2, "notice", ("vandalism",))


LISTS = [[["phone"], ["phone", "email"]], [{"a", "b"}, {"c"}], [("a", "b"), ("c",)]]


@pytest.mark.parametrize("cells", LISTS[::2])
def test_lists_in_a_frame_are_refused_where_figures_read_them(cells: list[object]) -> None:
    frame = pd.DataFrame({"contact_id": ["1", "2"], "opened_at": pd.Timestamp("2026-03-01 08:00"), "channel": cells})
    with pytest.raises(CareError, match="channel holds lists"):
        load({"contacts": frame})
    assert load({"contacts": frame.rename(columns={"channel": "tags"})}).counts[0].used == 2


@pytest.mark.parametrize("cell", ['["phone", "email"]', "['Zalo']", '{"name": "Zalo"}'])
def test_lists_written_as_text_are_refused_where_figures_read_them(tmp_path: Path, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    lines = [f"T{n},2026-03-0{n + 1} 08:00,{quoted},{quoted}" for n in range(8)]
    folder(tmp_path, contacts="\n".join(["contact_id,opened_at,channel,labels", *lines, ""]))
    with pytest.raises(CareError, match="channel holds lists, several values in a cell in 8 of 8 rows"):
        load(tmp_path)
    (tmp_path / "contacts.csv").write_text("\n".join(["contact_id,opened_at,labels,tags", *lines, ""]), "utf-8")
    assert load(tmp_path).counts[0].used == 8


def test_a_few_words_in_brackets_are_no_list(tmp_path: Path) -> None:
    lines = [f"T{n},2026-03-0{n + 1} 08:00,[Giao hàng]" for n in range(8)]
    care = load(folder(tmp_path, contacts="\n".join(["contact_id,opened_at,topic", *lines, ""])))
    assert set(rows(care, "contacts", "topic")) == {"[Giao hàng]"}


@pytest.mark.parametrize("written", ["{day:02d}/{month:02d}/2026", "{day}-{month}-2026", "{day:02d}.{month:02d}.26"])
def test_half_converted_days_of_which_nobody_states_the_form_are_an_alarm(tmp_path: Path, written: str) -> None:
    lines = []
    for number in range(84):
        day, month = number % 28 + 1, number // 28 + 3
        # A spreadsheet takes 05/03 for the third of May and leaves 16/03 a text.
        cell = f"2026-{day:02d}-{month:02d}" if day <= 12 else written.format(day=day, month=month)
        lines.append(f"D{number},{cell},5000")
    care = load(folder(tmp_path, transactions="\n".join(["transaction_id,occurred_at,amount", *lines, ""])))
    found = quality(care)
    (row,) = found[found["check"] == "exchanged"].to_dict("records")
    assert (row["column"], row["rows"], row["level"]) == ("occurred_at", 36, "warning")
    assert counts(care, "transactions") == (84, 36, 48)


def test_days_of_the_whole_month_in_two_forms_are_no_alarm(tmp_path: Path) -> None:
    cells = [f"2026-03-{n % 28 + 1:02d}" if n % 2 else f"{n % 28 + 1:02d}/03/2026" for n in range(84)]
    lines = [f"D{n},{cell},5000" for n, cell in enumerate(cells)]
    care = load(folder(tmp_path, transactions="\n".join(["transaction_id,occurred_at,amount", *lines, ""])))
    assert not (quality(care)["check"] == "exchanged").any()
