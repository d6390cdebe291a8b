"""care.toml says when the company is open; a slip is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carestudy.contract import CareError
from carestudy.hours import Hours
from carestudy.load.settings import interpret

OFFICE = {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["08:00-12:00"]}


def test_hours_holidays_and_make_up_days_are_read() -> None:
    written = {"hours": OFFICE, "holidays": ["2026-02-16..2026-02-22", date(2026, 4, 30)], "extra_days": ["2026-02-28"]}
    found = interpret(written).settings.business
    assert isinstance(found, Hours)
    assert found.open_on(date(2026, 4, 30)) == ()
    assert found.open_on(date(2026, 2, 28)) == ((480, 720), (780, 1050))


def test_without_hours_nothing_is_known_of_them() -> None:
    assert interpret({"holidays": ["2026-02-16"]}).settings.business is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"hours": "08:00-12:00"}, "care.toml: hours are by weekday"),
        ({"hours": {"mo": ["08:00-12:00"]}}, "care.toml: hours: 'mo' is no weekday"),
        ({"hours": OFFICE, "holidays": "2026-02-16"}, "care.toml: holidays is a list of days"),
        ({"hours": OFFICE, "extra_days": ["28/02/2026"]}, "care.toml: extra_days: '28/02/2026' is no day"),
    ],
)
def test_a_slip_in_the_hours_is_named(written: dict[str, Any], told: str) -> None:
    with pytest.raises(CareError, match=told):
        interpret(written)
