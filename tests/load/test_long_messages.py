"""No message of the door is longer than two thousand bytes, and each can be read to its end."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import folder

from carestudy.check import check
from carestudy.contract import LONGEST_MESSAGE, CareError, Missing, shortened
from carestudy.load import examine, load
from carestudy.load.settings import interpret

HEADERS = [f"Cột số {number} của phiếu khảo sát" for number in range(700)]
WIDE = ",".join(["response_id", *HEADERS]) + "\nR1" + ",x" * len(HEADERS) + "\n"


def refused(place: Path) -> str:
    with pytest.raises(CareError) as error:
        load(place)
    assert len(str(error.value).encode()) <= LONGEST_MESSAGE
    return str(error.value)


def test_a_header_that_is_not_there_lists_a_few_of_those_that_are(tmp_path: Path) -> None:
    told = refused(folder(tmp_path, responses=WIDE, care='[responses]\ncolumns = { score = "Zzz" }\n'))
    assert told.endswith(f"{', '.join(name.lower() for name in HEADERS[:11])} and 689 more")


def test_sheets_are_listed_up_to_a_few(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "contacts.xlsx") as book:
        for number in range(60):
            pd.DataFrame({"contact_id": [number], "topic": ["giá"]}).to_excel(
                book, sheet_name=f"Tháng {number}", index=False
            )
    told = refused(tmp_path)
    assert '"Tháng 11" and 48 more: say which in care.toml [contacts] sheet = "Tháng 0"' in told


def test_one_endless_header_is_cut(tmp_path: Path) -> None:
    text = f"contact_id,{'rất dài ' * 900}\n1,2\n"
    told = refused(folder(tmp_path, contacts=text, care='[contacts]\ncolumns = { topic = "Qqq" }\n'))
    assert told.startswith('care.toml [contacts] columns: topic = "Qqq" is not in the data; they have contact_id, rất')
    assert told.endswith("…")


def test_endless_names_in_care_toml_are_cut() -> None:
    with pytest.raises(CareError) as error:
        interpret({"contacts": {"columns": {"topic" * 900: "Chủ đề"}, "ha" * 3000: 1}})
    assert len(str(error.value).encode()) <= LONGEST_MESSAGE
    assert "is not known" in str(error.value)


def test_questions_that_are_left_open_are_counted(tmp_path: Path) -> None:
    toml = "\n".join(["# ? what is it"] * 1000)
    place = folder(tmp_path, care=toml, contacts="contact_id\n1\n")
    assert examine(str(place)).notes == (
        "care.toml asks what only you know, in lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 988 more: answer by "
        "taking off the '# ?'",
    )


def test_a_figure_lists_a_few_of_the_columns_there_are() -> None:
    told = str(Missing("responses", "score", HEADERS))
    assert "and 688 more. Map it in care.toml" in told
    assert len(told.encode()) <= LONGEST_MESSAGE


def test_a_condition_of_many_words_is_short(tmp_path: Path) -> None:
    words = ", ".join(f'"trạng thái {number}"' for number in range(900))
    toml = f'[contacts]\nwhere = {{ status = ["mở", {words}] }}\n'
    place = folder(tmp_path, care=toml, contacts="contact_id,status\n1,mở\n2,mở\n3,đóng\n")
    lines, _ = check(str(place))
    assert len("\n".join(lines).encode()) < 12_000
    assert load(place).counts[0].left_out[0].where.endswith("or one of 889 more")


def test_short_messages_are_as_they_were() -> None:
    text = "x" * 2000
    assert shortened(text) is text
    for message in ("é" * 5000, "a, " * 3000, "one two " * 900, "'" + "b" * 4000 + "': mend it"):
        assert len(shortened(message).encode()) <= LONGEST_MESSAGE
    assert shortened("'" + "b" * 4000 + "': mend it").endswith("…': mend it")
