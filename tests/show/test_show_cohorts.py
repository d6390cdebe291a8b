"""A cohort table leaves empty what is not over, and says the average with its interval."""

from __future__ import annotations

import pandas as pd
import pytest
from companies import demo

from carestudy.cohorts import cohorts as computed
from carestudy.contract import CareError
from carestudy.show.cohorts import cohorts
from carestudy.show.words import Reader


def test_it_tells_the_average_at_a_round_age_with_its_interval() -> None:
    frame = computed(demo())
    year = frame[(frame["cohort"] == "all") & (frame["age"] == 12)].iloc[0]
    text = cohorts(Reader("en"), frame).text.replace("\xa0", " ")
    assert f"After 12 months, {100 * year['value']:.1f}% are still here (95% interval " in text
    assert f"n = {int(year['n']):,})" in text
    assert "Periods that are not over are left empty" in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_cells_that_are_not_over_are_empty_and_not_zero(lang: str) -> None:
    output = cohorts(Reader(lang), computed(demo(), every="quarter"), "quarter")
    last = next(line for line in output.text.splitlines() if "2026" in line and line.rstrip().endswith("100%"))
    assert last.endswith("\t" * 12)
    assert "0%\t" not in last.replace("100%", "")


def test_few_customers_are_not_shaded() -> None:
    rows = [("2026-08", age, 5, 5 - age, 1 - age / 5, 0.1, 0.9) for age in (0, 1)]
    rows += [("all", *row[1:]) for row in rows]
    frame = pd.DataFrame(rows, columns=["cohort", "age", "n", "retained", "value", "low", "high"])
    output = cohorts(Reader("en"), frame)
    assert "background" not in str(output.html)
    assert "No cohort is old enough yet" in output.text


def test_a_table_of_several_groups_is_refused() -> None:
    with pytest.raises(CareError, match="one group"):
        cohorts(Reader("en"), computed(demo(), every="quarter", by="region"), "quarter")
