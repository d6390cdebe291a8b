"""Leftovers are grouped for a person, coders compared, samples drawn and quotes masked."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy import themes
from carestudy.contract import CareError

PARKING = ["bãi xe chật chội", "chỗ gửi xe chật chội", "bãi xe quá chật chội", "gửi xe chật chội", "xe chật chội"]
MUSIC = ["âm nhạc ồn ào", "mở âm nhạc ồn ào", "nghe âm nhạc ồn ào", "âm nhạc ồn ào suốt", "hôm đó âm nhạc ồn ào"]
ENGLISH = [f"the parking lot was full on {day}" for day in ("Monday", "Tuesday", "Friday", "Sunday", "Saturday")]


def test_leftovers_are_grouped_within_their_language() -> None:
    frame = themes.leftovers([*PARKING, *MUSIC, *ENGLISH, "Giá cao", "", "Mạng chậm"])
    assert frame["n"].sum() == 15
    assert frame[frame["language"] == "vi"]["n"].tolist() == [5, 5]
    told = " ".join(frame["words"])
    assert "chật chội" in told
    assert "âm nhạc" in told
    assert "parking" in told


def test_the_order_of_texts_makes_no_difference() -> None:
    texts = [*PARKING, *MUSIC, *ENGLISH]
    assert themes.leftovers(texts).equals(themes.leftovers(texts[::-1]))


def test_a_group_below_the_least_has_no_words() -> None:
    frame = themes.leftovers(PARKING[:4])
    assert frame.to_dict("list") == {"language": ["vi"], "group": [0], "n": [4], "words": [""]}
    assert list(themes.leftovers(["Giá cao"]).columns) == list(frame.columns)


def test_a_word_of_fewer_texts_is_not_shown() -> None:
    frame = themes.leftovers([*PARKING, "xe chật chội Nguyễn Văn An"])
    assert "nguyễn" not in " ".join(frame["words"])


def coders(both: int, first: int, second: int, neither: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    marks = [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * neither
    one, other = (
        pd.DataFrame({"text": range(len(marks)), "theme": ["price" if mark[side] else None for mark in marks]})
        for side in (0, 1)
    )
    return one, other


def test_kappa_is_that_of_the_text_book() -> None:
    # 50 proposals read by two: kappa .40 (the usual worked example), and Fleiss' standard error by hand.
    (row,) = themes.agreement(*coders(20, 5, 10, 15)).to_dict("records")
    assert (row["both"], row["first_only"], row["second_only"], row["neither"], row["agreed"]) == (20, 5, 10, 15, 0.7)
    assert row["kappa"] == pytest.approx(0.4)
    on = 0.4 * (1 - 1.1 * 0.6) ** 2 + 0.3 * (1 - 0.9 * 0.6) ** 2
    off = 0.6**2 * (0.1 * (0.6 + 0.5) ** 2 + 0.2 * (0.5 + 0.4) ** 2)
    error = np.sqrt((on + off - (0.4 - 0.5 * 0.6) ** 2) / (50 * 0.5**2))
    assert (row["low"], row["high"]) == pytest.approx((0.4 - 1.959964 * error, 0.4 + 1.959964 * error), abs=1e-5)


def test_where_both_say_the_same_of_every_text_there_is_no_kappa() -> None:
    (row,) = themes.agreement(*coders(8, 0, 0, 0)).to_dict("records")
    assert row["agreed"] == 1
    assert np.isnan(row["kappa"])


@given(st.tuples(*[st.integers(0, 9)] * 4).filter(lambda cells: cells[0] + cells[1] + cells[2] > 0))
def test_coders_may_change_places(cells: tuple[int, int, int, int]) -> None:
    one, other = coders(*cells)
    found, turned = themes.agreement(one, other), themes.agreement(other, one)
    assert found["kappa"].equals(turned["kappa"]) or found["kappa"][0] == pytest.approx(turned["kappa"][0])


def test_a_frame_that_is_no_coding_is_refused() -> None:
    with pytest.raises(CareError, match="columns text and theme; it has theme"):
        themes.agreement(pd.DataFrame({"theme": ["a"]}), pd.DataFrame({"text": [1], "theme": ["a"]}))


def test_a_sheet_for_coders_hides_the_codebook_and_holds_no_formula(tmp_path: Path) -> None:
    drawn = themes.sample(["=1+1", "@ai đó", "-giá cao", "Mạng chậm", "Mạng chậm", None], 9)
    page = themes.sheet(drawn, tmp_path / "sheet.csv")
    rows = list(csv.DictReader(StringIO(page)))
    assert len(rows) == 4
    assert list(rows[0]) == ["text", "written", "themes"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values())
    assert (tmp_path / "sheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_filled_sheet_is_compared_with_the_codebook() -> None:
    drawn = themes.sample(["Giá cao", "Nhân viên thô lỗ", "vâng"], 3)
    filled = drawn.assign(themes=drawn["codebook"])
    frame = themes.agreement(themes.codings(filled), themes.codings(drawn, "codebook"))
    assert frame["theme"].tolist() == ["price", "staff"]
    assert frame["kappa"].tolist() == [1, 1]


def test_a_sample_is_the_same_whatever_order_texts_come_in() -> None:
    texts = [f"Giá cao {word}" for word in "abcdefgh"]
    assert themes.sample(texts, 3).equals(themes.sample(texts[::-1], 3))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Gọi 0912.345.678 mãi không được", "Gọi … mãi không được"),
        ("tk 0071 0001 23456 bị trừ 50k", "tk … bị trừ …"),
        ("mail lan.nguyen@cong-ty.com.vn nhé", "mail … nhé"),
        ("xem https://a.vn/x?id=1 đi", "xem … đi"),
        ("Anh Trần Văn Nam rất nhiệt tình", "… rất nhiệt tình"),
        ("gặp chị Hoa ở Quận Ba. Rất tốt", "gặp chị … ở …. Rất tốt"),
        ("Wifi chậm, nhắn @nam_tran", "Wifi chậm, nhắn …"),
    ],
)
def test_what_points_to_a_person_is_masked(text: str, shown: str) -> None:
    assert themes.masked(text) == shown


@given(st.text(max_size=80))
def test_no_digit_and_no_address_is_left(text: str) -> None:
    left = themes.masked(text + " 0912345678 a@b.vn")
    assert not any(sign in "0123456789" for sign in left)
    assert "a@b.vn" not in left
