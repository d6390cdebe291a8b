"""What customers say is shown with its doubt, never with their words unless somebody asks, and never as HTML."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo
from frames import HOSTILE

import carestudy as cs
from carestudy.contract import CareError
from carestudy.expected.kano_table import COLUMNS as KANO
from carestudy.show.voice.importance import importance
from carestudy.show.voice.kano import kano
from carestudy.show.voice.themes import themes
from carestudy.show.words import Reader
from carestudy.themes import codebook
from carestudy.themes.counts import CHANGED, MOOD, SHOWN

EN, BOOK = Reader("en"), codebook()


def found(*rows: tuple[str | None, int, float, str], n: int = 100, before_n: int = 100) -> pd.DataFrame:
    """Themes with their count, their change and the verdict on it, of n texts."""
    frame = pd.DataFrame(rows, columns=["theme", "count", "change", "verdict"]).assign(period="2026-10", n=n)
    frame["share"] = frame["count"] / n
    frame = frame.assign(low=frame["share"] - 0.05, high=frame["share"] + 0.05, before=frame["share"] - frame["change"])
    frame = frame.assign(before_n=before_n, change_low=0.0, change_high=0.0, **dict.fromkeys(MOOD, float("nan")))
    return frame[[*SHOWN, *CHANGED, *MOOD]]


def text(frame: pd.DataFrame, whose: str = "unhappy") -> str:
    return themes(EN, frame, BOOK, whose, 5).text.replace("\xa0", " ")


def test_the_title_says_which_theme_comes_first_and_both_where_chance_may_have_ordered_them() -> None:
    clear = text(found(("price", 40, 0, "cannot tell"), ("staff", 20, 0, "cannot tell"), (None, 3, 0, "cannot tell")))
    assert clear.startswith("What unhappy customers write about: most often price and offers\n")
    close = text(found(("price", 40, 0, "cannot tell"), ("staff", 38, 0, "cannot tell"), (None, 3, 0, "cannot tell")))
    assert close.startswith("What unhappy customers write about: most often price and offers; staff and care\n")


def test_the_sentence_has_coverage_intervals_and_what_changed() -> None:
    said = text(found(("price", 40, 0.2, "more often"), ("staff", 20, 0, "cannot tell"), (None, 3, 0, "cannot tell")))
    assert "100 comments were read; 97.0% of them have a theme." in said
    assert "Price and offers 40.0% (95% interval 35.0% to 45.0%; n = 40)" in said
    assert "Clear changes against the period before: Price and offers +20.0 pp (more often)." in said
    assert "praise is not counted" in said


def test_nothing_that_changed_and_nothing_to_compare_with_are_told_apart() -> None:
    rows = [("price", 40, 0.0, "cannot tell"), (None, 3, 0.0, "cannot tell")]
    assert "No theme changed clearly" in text(found(*rows))
    assert "too few comments to compare with" in text(found(*rows, before_n=9))


def test_a_theme_of_fewer_texts_than_the_least_group_is_only_counted() -> None:
    said = text(found(("price", 5, 0, "cannot tell"), ("staff", 4, 0, "cannot tell"), (None, 3, 0, "cannot tell")))
    assert "Price and offers\t5" in said
    assert "Staff and care" not in said
    assert "Themes with very few comments, not shown: 1." in said


@pytest.mark.parametrize(("n", "few"), [(9, True), (10, False)])
def test_below_ten_texts_no_share_is_shown(n: int, few: bool) -> None:  # noqa: FBT001 - a case of the test
    said = text(found(("price", 6, 0, "cannot tell"), (None, 1, 0, "cannot tell"), n=n))
    assert ("too few comments" in said) is few
    assert ("%" in said) is not few


def _weights(**given: tuple[float, float, float]) -> pd.DataFrame:
    """Attributes with importance, share of the satisfied, and how often they are urgent."""
    rows = [
        {"attribute": name, "importance": weight, "low": weight - 0.05, "high": weight + 0.05, "first": 0.5}
        | {
            "satisfied": happy,
            "satisfied_low": happy - 0.05,
            "satisfied_high": happy + 0.05,
            "urgent": urgent,
            "n": 400,
        }
        for name, (weight, happy, urgent) in given.items()
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("urgent", "said"),
    [
        (0.96, "“Speed” is more important and less satisfying than average, in 96.0% of the bootstrap samples."),
        (0.9, "“Speed” is probably more important and less satisfying than average (90.0% of the bootstrap samples)"),
        (0.5, "No aspect is clearly both more important and less satisfying than average."),
    ],
)
def test_what_is_urgent_is_said_as_surely_as_the_bootstrap_is(urgent: float, said: str) -> None:
    output = importance(EN, _weights(speed=(0.7, 0.4, urgent), price=(0.3, 0.8, 0.0)), "2026-10")
    assert said in output.text
    assert "not a cause" in output.text
    assert output.text.startswith("What customers expect: “Speed” matters most, “Speed” satisfies least")
    assert "parted across: (0.5, 0) (0.5, 1)" in output.text


def test_too_few_surveys_for_weights_are_a_box_that_says_so() -> None:
    assert "It takes 30 surveys" in importance(EN, _weights(), "2026-10").text


def test_kanos_classes_are_listed_and_doubt_is_one_of_them() -> None:
    row = {"n": 100, "M": 60, "O": 10, "A": 10, "I": 10, "R": 5, "Q": 5, "category": "M"}
    row |= {"better": 0.2, "better_low": 0.1, "better_high": 0.3, "worse": -0.7, "worse_low": -0.8, "worse_high": -0.6}
    rows = [
        {"attribute": "speed", **row, "verdict": "must-be"},
        {"attribute": HOSTILE, **row, "verdict": "cannot tell"},
    ]
    output = kano(EN, pd.DataFrame(rows)[KANO])
    assert "Must-be: Speed; not clear: <b id=live" in output.text
    assert "<b id=live" not in output.html
    assert "value: (0.7, 0.2)" in output.text


def company(comment: str, count: int = 12) -> Any:
    names = [f"C{number}" for number in range(count)]
    frame = pd.DataFrame({"response_id": names, "customer_id": names, "question": "csat", "score": 1})
    return cs.load({"responses": frame.assign(answered_at="2026-10-05", comment=comment)}, as_of="2026-10-31")


def test_customers_words_stand_nowhere_but_in_quotes_and_there_masked_and_escaped() -> None:
    voice = cs.Show(company("Giá cao quá <b id=live> gọi 0912345678 gặp Lan"), "2026-10", "en").voice
    shown = [voice.themes(), voice.missed(), voice.heard()]
    assert not any("script" in output.text or "0912" in output.text for output in shown)
    quoted = voice.quotes("price")
    assert "<b id=live" not in quoted.html
    assert "Giá cao quá" in quoted.text
    assert "0912" not in quoted.text
    assert "Lan" not in quoted.text
    assert len(quoted.text.splitlines()) == 3


def test_nobody_is_quoted_where_fewer_than_the_least_group_wrote() -> None:
    assert "no data" in cs.Show(company("Giá cao quá trời luôn", 4), "2026-10", "en").voice.quotes("price").text
    with pytest.raises(CareError, match="of='sad' is not known"):
        cs.Show(company("Giá cao"), "2026-10").voice.themes(of="sad")
    with pytest.raises(CareError, match="theme='cost' is not known: choose one of price, billing"):
        cs.Show(company("Giá cao"), "2026-10").voice.quotes("cost")


def test_what_the_codebook_missed_is_a_count_and_no_text() -> None:
    said = cs.Show(company("trời hôm nay đẹp lắm"), "2026-10", "en").voice.missed().text
    assert said.startswith("0.0% of the comments have a theme of the codebook\n12 of 12 comments have none.")
    assert "By language: Vietnamese 12. Groups of like words that a person may name: 1." in said
    assert "đẹp" not in said


def test_where_answers_are_missing_a_box_says_what_is() -> None:
    care = cs.load({"customers": pd.DataFrame({"customer_id": ["A"], "joined_on": ["2026-01-01"]})}, as_of="2026-10-31")
    voice = cs.Show(care, "2026-10", "en").voice
    for shown in (voice.board, voice.themes, voice.missed, voice.heard, voice.expectations, voice.kano):
        assert "cannot be computed" in shown().text


def test_whose_voice_it_is_is_said_with_all_customers_beside() -> None:
    said = cs.Show(demo(), "2026-10", "en").voice.heard().text
    assert said.startswith("October 2026: 527 customers answered a survey")
    assert "the company has 3,537 customers: 14.9% of that number" in said
