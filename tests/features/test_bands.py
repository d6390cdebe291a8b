"""Bands of ages and incomes as companies write them."""

from __future__ import annotations

import pytest

from carestudy.features.bands import bounds, in_order, middle


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("10–20 triệu", (10e6, 20e6)),
        ("500 nghìn - 1 triệu", (500e3, 1e6)),
        ("Dưới 10 triệu", (None, 10e6)),
        ("Trên 40 triệu", (40e6, None)),
        ("Under 15K", (None, 15e3)),
        ("250K+", (250e3, None)),
        ("10.000.000 - 20.000.000", (10e6, 20e6)),
        ("1,5-2 triệu", (1.5e6, 2e6)),
        ("34", (34.0, 34.0)),
        ("unknown", (None, None)),
    ],
)
def test_a_band_has_two_ends_of_which_one_may_be_open(text: str, ends: tuple[float | None, float | None]) -> None:
    assert bounds(text) == ends


def test_bands_stand_in_the_order_of_their_numbers_and_not_of_the_alphabet() -> None:
    bands = ["100-124K", "15-24K", "250K+", "Under 15K", "75-99K"]
    assert in_order(bands) == ["Under 15K", "15-24K", "75-99K", "100-124K", "250K+"]


def test_words_have_an_order_too() -> None:
    assert in_order(["Cao", "Thấp", "Trung bình"]) == ["Thấp", "Trung bình", "Cao"]


def test_the_middle_of_a_band_is_whole_and_of_an_open_one_its_end() -> None:
    assert [middle(one) for one in ("19-24", "65+", "Dưới 18", "-")] == [21, 65, 18, None]
