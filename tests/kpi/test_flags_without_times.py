"""A flag says that a contact was answered or resolved, and no time says when: no case that is still open."""

from __future__ import annotations

from companies import table

import carestudy as cs
from carestudy import kpi

OPENED = "2026-10-05 10:00"
GOOD = [(OPENED, "2026-10-05 11:00", "2026-10-05 12:00", "yes", "yes")] * 4


def test_a_flag_that_says_resolved_without_a_time_is_no_open_case() -> None:
    rows = [
        *GOOD,
        (OPENED, None, None, "yes", "yes"),
        (OPENED, None, None, "no", "no"),
        (OPENED, None, None, None, None),
    ]
    frame = table("opened_at first_reply_at resolved_at answered resolved", *rows)
    care = cs.load({"contacts": frame}, as_of="2026-10-31")
    solved = kpi.resolution_time(care).iloc[0]
    assert (solved["numerator"], solved["denominator"]) == (4, 6)
    # Who hung up before anybody answered waits no longer, and is not part of how long an answer takes.
    assert kpi.first_response_time(care)["denominator"].item() == 5
    assert kpi.service_level(care, within=4)["denominator"].item() == 6
