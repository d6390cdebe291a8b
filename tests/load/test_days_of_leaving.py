"""Days of leaving that lie years ahead are no events: they do not move the end of the data, and are counted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from folders import folder

from carestudy.load import load
from carestudy.quality import quality

HEADERS = {"vi": ("Mã KH", "Ngày tham gia", "Ngày rời đi"), "en": ("Client", "Joined", "Left")}


def customers(path: Path, lang: str, far: str, *, every: int) -> Path:
    """Sixty customers of 2025, a third of whom left within it, and some with a day of leaving that is far away."""
    key, joined, left = HEADERS[lang]
    lines = [f"{key},{joined},{left}"]
    for number in range(60):
        day = date(2025, 1, 1) + timedelta(days=number * 3)
        end = far if number % every == 0 else str(day + timedelta(days=90)) if number % 3 == 1 else ""
        lines.append(f"K{number},{day},{end}")
    toml = f'[customers]\ncolumns = {{ customer_id = "{key}", joined_on = "{joined}", left_on = "{left}" }}\n'
    return folder(path, care=toml, customers="\n".join([*lines, ""]))


@pytest.mark.parametrize("lang", HEADERS)
@pytest.mark.parametrize("far", ["2099-12-31", "2126-12-31", "2030-01-01"])
@pytest.mark.parametrize("every", [2, 20, 60])
def test_a_day_of_leaving_years_ahead_does_not_move_the_end(tmp_path: Path, lang: str, far: str, every: int) -> None:
    care = load(customers(tmp_path, lang, far, every=every))
    last = max(date(2025, 1, 1) + timedelta(days=n * 3 + 90) for n in range(60) if n % 3 == 1 and n % every)
    assert care.known_until.date() == last + timedelta(days=1)
    found = quality(care)
    (row,) = found[found["check"] == "after the end"].to_dict("records")
    assert (row["rows"], row["level"], str(row["last"])) == (60 // every, "notice", far)


def test_days_of_leaving_within_the_data_end_them_as_before(tmp_path: Path) -> None:
    care = load(customers(tmp_path, "en", "2025-12-01", every=20))
    assert care.known_until.date() == date(2025, 12, 2)
    found = quality(care)
    assert found[found["check"] == "after the end"]["rows"].tolist() == [0]


def test_a_company_most_of_whose_customers_end_years_ahead_says_so_itself(tmp_path: Path) -> None:
    care = load(customers(tmp_path, "en", "2029-01-01", every=1))
    assert care.known_until.date() in (date(2029, 1, 2), date(2025, 6, 28))
