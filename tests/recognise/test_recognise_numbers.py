"""The form of numbers is decided by the whole column, or it is a question."""

from __future__ import annotations

import pyarrow as pa
import pytest

from carestudy.recognise.column import Column
from carestudy.recognise.numbers import Numbers, of_whole_money


def numbers(*cells: object) -> Numbers:
    return Column.of("Số tiền", [pa.array(cells)]).numbers


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["1.234.567,5", "12"], "1.234,5"), (["950.000", "1.200.000"], "1.234,5"), (["12,5", "950.000"], "1.234,5"),
        (["1,200,000 đ"], "1,234.5"), (["950,000", "12.50"], "1,234.5"), (["12,5", "4"], "1234,5"),
        (["1,234", "12,5"], "1234,5"), (["11.77", "950.000"], "1234.5"), (["11.77", "12.0"], None), (["12", "0"], None),
        (["(1.234.567)", "-5"], "1.234,5"), (["$1,234.50"], "1,234.5"), (["1.234.567 VNĐ"], "1.234,5"),
    ],
)  # fmt: skip
def test_a_form_is_decided_by_the_column(cells: list[str], form: str | None) -> None:
    found = numbers(*cells)
    assert (found.share, found.form, found.choices) == (1.0, form, ())


@pytest.mark.parametrize(
    ("cells", "choices"),
    [
        (["950.000", "12"], ("1.234,5", "1234.5")), (["950,000"], ("1,234.5", "1234,5")),
        (["12,5", "12.5"], ("1.234,5", "1,234.5")), (["950.000", "950,000"], ("1.234,5", "1,234.5")),
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_a_question(cells: list[str], choices: tuple[str, ...]) -> None:
    assert (numbers(*cells).form, numbers(*cells).choices) == (None, choices)


def test_a_currency_without_decimals_answers_the_question() -> None:
    assert of_whole_money(numbers("950.000"), "VND", sure=False).form == "1.234,5"
    assert of_whole_money(numbers("950,000 đ", "1,500"), "VND", sure=True).form == "1,234.5"


def test_a_currency_that_is_only_guessed_does_not_answer_it_for_odd_amounts() -> None:
    assert of_whole_money(numbers("950.125"), "VND", sure=False).form is None


def test_a_currency_does_not_mend_a_mixture() -> None:
    assert of_whole_money(numbers("950.000", "950,000"), "VND", sure=True).form is None


def test_marks_of_a_currency_are_found_before_and_behind_amounts() -> None:
    assert numbers("1.000.000 đ", "₫ 5").marks == {"đ", "₫"}
    assert numbers("$5.50").marks == {"$"}
    assert numbers("5").marks == set()


def test_the_range_is_that_of_the_numbers_meant() -> None:
    assert (numbers("1.234.567,5", "12").low, numbers("1.234.567,5", "12").high) == (12, 1_234_567.5)
    assert (numbers(3.5, None, 12).low, numbers(3.5, None, 12).high) == (3.5, 12)


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "12/5", "KH001", "1,2tr", "--"])
def test_what_is_no_number_is_not_taken_for_one(cell: str) -> None:
    assert numbers(cell).share == 0
