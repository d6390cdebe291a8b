"""Texts are coded by phrases: with accents or without, in two languages, with what negation turns round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy import themes
from carestudy.contract import CareError
from carestudy.demo import comments
from carestudy.themes.word_forms import is_bare, language, stripped, words

TWO = {
    "themes": {
        "price": {"name": {"vi": "Giá", "en": "Price"}, "complaint": ["giá .. cao", "đắt", "expens*"]},
        "staff": {"name": {"vi": "Người", "en": "Staff"}, "praise": ["thân thiện", "friendly"], "mention": ["thái độ"]},
    }
}  # fmt: skip


def said(text: str, codebook: Any = None) -> dict[str, str]:
    frame = themes.coded([text], codebook)
    return dict(zip(frame["theme"], frame["tone"], strict=True))


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Phí duy trì hàng tháng cao quá", "price"),
        ("mắc quá trời luôn", "price"),
        ("gia cuoc mac hon cho khac", "price"),
        ("I can't afford it anymore", "price"),
        ("nv ko nhiet tinh", "staff"),
        ("Nhân viên hok bt gì hết", "staff"),
        ("Thái độ thiếu chuyên nghiệp", "staff"),
        ("The agents were not helpful at all", "staff"),
        ("ship lau qua", "delivery"),
        ("Đơn hàng giao trễ 3 ngày", "delivery"),
        ("Package never arrived", "delivery"),
        ("Mạng lag hoàiiii", "quality"),
        ("wifi chap chon", "quality"),
        ("The app keeps freezing", "quality"),
        ("Nhà mình dọn về quê", "moved"),
        ("chuyen nha", "moved"),
        ("Relocating abroad", "moved"),
        ("đổi sang nhà mạng khác rồi", "competitor"),
        ("ko xài nữa", "no_need"),
        ("Gọi hoài không ai bắt máy", "waiting"),
        ("Hoá đơn tính sai", "billing"),
        ("I was charged twice", "billing"),
        ("Hứa mà không làm", "promises"),
        ("toàn gặp robot", "bot"),
    ],
)
def test_what_a_customer_complains_of_is_found(text: str, theme: str) -> None:
    assert said(text).get(theme) == "complaint"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Giá không đắt nhưng mạng chậm", "price"),
        ("It is not too expensive", "price"),
        ("Tôi đánh giá cao", "price"),
        ("Nhân viên chuyên nghiệp", "moved"),
        ("nhan vien chuyen nghiep", "moved"),
        ("van chuyen cham", "moved"),
        ("Chuyển tiền về quê", "moved"),
        ("Giao dịch chậm quá", "delivery"),
        ("ngan hang lam viec cham", "delivery"),
        ("Nhân viên không bao giờ thô lỗ", "staff"),
        ("sự cố gắng của các bạn", "quality"),
    ],
)
def test_what_looks_like_a_theme_and_is_none_is_left_out(text: str, theme: str) -> None:
    assert theme not in said(text) or said(text)[theme] == "praise"


def test_praise_denied_is_a_complaint_and_a_complaint_denied_is_nothing() -> None:
    assert said("Nhân viên không thân thiện", TWO) == {"staff": "complaint"}
    assert said("The staff are not very friendly", TWO) == {"staff": "complaint"}
    assert said("Nhân viên thân thiện, không đắt", TWO) == {"staff": "praise"}
    assert said("not only expensive", TWO) == {"price": "complaint"}


def test_praise_and_complaint_together_are_both() -> None:
    assert said("Hôm qua thân thiện, hôm nay không thân thiện", TWO) == {"staff": "both"}
    assert said("thái độ", TWO) == {"staff": "mention"}


def test_a_gap_goes_over_three_words_and_over_no_full_stop_and_no_negation() -> None:
    assert said("giá một hai ba cao", TWO) == {"price": "complaint"}
    assert said("giá một hai ba bốn cao", TWO) == {}
    assert said("Hỏi giá. Lương cao", TWO) == {}
    assert said("giá không cao", TWO) == {}


def test_a_lone_syllable_needs_its_accents() -> None:
    assert said("đắt", TWO) == {"price": "complaint"}
    assert said("dat", TWO) == {}  # it may be đạt, đất, dắt


def test_phrases_are_whole_words() -> None:
    assert said("unexpensive", TWO) == {}
    assert said("expensively", TWO) == {"price": "complaint"}


def test_themes_come_in_the_order_in_which_the_text_speaks_of_them() -> None:
    frame = themes.coded(pd.Series({"a": "Giá cao, nhân viên thô lỗ, giao hàng chậm", "b": None, "c": "vâng"}))
    assert frame.to_dict("list") == {
        "text": ["a"] * 3, "theme": ["price", "staff", "delivery"], "tone": ["complaint"] * 3,
    }  # fmt: skip


def test_no_texts_give_an_empty_frame_of_the_same_shape() -> None:
    assert list(themes.coded([]).columns) == list(themes.coded(["Giá cao"]).columns)
    assert themes.coded([]).empty


@pytest.mark.parametrize(
    ("theme", "found"), [("price", {"price", "billing"}), ("speed", {"quality"}), ("attitude", {"staff"})]
)
@pytest.mark.parametrize("phrases", [comments.UNHAPPY, comments.HAPPY])
def test_the_phrases_of_the_demo_company_have_their_theme_with_accents_and_without(
    theme: str, found: set[str], phrases: Any
) -> None:
    told = [*phrases[theme].phrases, phrases[theme].english]
    assert all(found & set(said(one)) for text in told for one in (text, comments.unaccented(text)))


def test_spellings_of_one_word_are_one() -> None:
    assert words("Hoá đơn, KỸ thuật") == words("hóa đơn, kĩ thuật")
    assert words("quý") == ["quý"]
    assert words("km 5 km", {"km": "khuyến mãi"}) == ["khuyến", "mãi", "5", "km"]


@given(st.text(max_size=60))
def test_any_text_can_be_coded_and_has_words_without_accents(text: str) -> None:
    assert set(themes.coded([text])["tone"]) <= {"complaint", "praise", "both", "mention"}
    assert is_bare(stripped(text))


@given(st.lists(st.sampled_from(["giá cao", "nhân viên thô lỗ", "mạng chậm", "chuyển nhà"]), min_size=1, max_size=4))
def test_a_text_without_accents_has_the_themes_it_has_with_them(pieces: list[str]) -> None:
    text = ". ".join(pieces)
    assert list(said(text)) == list(said(stripped(text)))


@pytest.mark.parametrize(
    ("text", "lang"),
    [("Mạng chậm", "vi"), ("mang cham qua", "vi0"), ("The line was slow", "en"), ("cam on", "vi0"), ("ok", "?")],
)  # fmt: skip
def test_languages_are_told_apart(text: str, lang: str) -> None:
    assert language(text) == lang


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "it has no theme"),
        ({"theme": {}}, r"\[theme\] is not known"),
        ({"themes": {"a": {}}}, r"\[themes.a\] needs name"),
        ({"themes": {"a": {"name": {"vi": "A", "en": "A"}, "bad": []}}}, "'bad' is not known"),
        ({"themes": {"a": {"name": {"vi": "A", "en": "A"}, "praise": "x"}}}, "is a list of phrases"),
        ({"themes": {"a": {"name": {"vi": "A", "en": "A"}, "praise": ["(x"]}}}, "has a '\\(' too many"),
        ({"themes": {"a": {"name": {"vi": "A", "en": "A"}, "praise": [".."]}}}, "has no word"),
    ],
)
def test_a_codebook_that_cannot_be_read_says_where(said: dict[str, Any], message: str) -> None:
    with pytest.raises(CareError, match=message):
        themes.coded(["x"], said or {"lists": {}})


def test_a_file_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"^the codebook mine.toml cannot be read: there is no such file$"):
        themes.coded(["x"], tmp_path / "mine.toml")
