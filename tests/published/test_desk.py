"""Published queues come out of the public functions."""

from __future__ import annotations

import pytest
from published_facts import Check

from carestudy import desk


def test_erlang_c_gives_the_worked_example_of_call_centre_helper(check: Check) -> None:
    published = check("j01-erlang-c")
    given, tolerance = published["input"], published["tolerance"]
    calls, minutes = given["calls"] * 3600 / given["interval_s"], given["aht_s"] / 60
    needed = desk.agents_needed(
        calls, minutes, given["target_sl"], given["target_s"], shrinkage=given["shrinkage"]
    )  # fmt: skip
    one_less = desk.erlang_c(calls, minutes, needed.agents - 1, within_seconds=given["target_s"])
    found = {
        "agents": needed.agents,
        "pw": needed.queue.waiting,
        "sl": needed.queue.service_level,
        "asa": needed.queue.mean_wait,
        "occupancy": needed.queue.occupancy,
        "with_shrinkage": needed.with_shrinkage,
        "sl13": one_less.service_level,
    }
    for name, expected in published["expected"].items():
        within = tolerance.get(name, tolerance["*"])["abs"]
        assert found[name] == pytest.approx(expected, abs=within), name


def test_erlang_a_gives_the_numbers_of_pyworkforce(check: Check) -> None:
    published = check("j04-erlang-a-small")
    given = published["input"]
    queue = desk.erlang_a(
        given["calls"] * 60 / given["interval_min"],
        given["aht_min"],
        given["agents"],
        patience_minutes=given["patience_min"],
        within_seconds=given["target_s"],
    )
    found = {
        "pw": queue.waiting,
        "abandon": queue.abandoned,
        "occ": queue.occupancy,
        "wait_all_min": queue.mean_wait / 60,
        "sl": queue.service_level,
    }
    for name, expected in published["expected"].items():
        assert found[name] == pytest.approx(expected, abs=published["tolerance"]["abs"]), name
