"""Queues: the recursion against the textbook formula, impatience against the chain solved by hand, and their laws."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

import carestudy as cs
from carestudy import desk

loads = st.floats(0.01, 300)
teams = st.integers(1, 300)


def _by_factorials(load: float, agents: int) -> float:
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    return terms[-1] / sum(terms)


def _chain(calls: float, handling: float, agents: int, patience: float, longest: int = 4_000) -> tuple[float, float]:
    """Waiting and abandonment of Erlang A, from the balance of every state of a long chain."""
    weights = [1.0]
    for state in range(1, longest):
        busy, line = min(state, agents), max(state - agents, 0)
        weights.append(weights[-1] * calls / (busy / handling + line / patience))
    chances = np.array(weights) / sum(weights)
    line = np.maximum(np.arange(longest) - agents, 0)
    return float(chances[agents:].sum()), float((chances * line).sum() / patience / calls)


def _served_by_quadrature(calls: float, handling: float, agents: int, patience: float, within: float) -> float:
    """Served within a time over all, from the density of the virtual wait (Zeltyn & Mandelbaum 2005)."""
    rate, leave = agents / handling, 1 / patience

    def density(x: float) -> float:
        return calls * math.exp(calls * (1 - math.exp(-leave * x)) / leave - rate * x)

    below = 1 / _by_factorials(calls * handling, agents - 1)
    whole = integrate.quad(density, 0, 60 * handling, limit=500)[0]
    soon = integrate.quad(lambda x: math.exp(-leave * x) * density(x), 0, within, limit=500)[0]
    return (below + soon) / (below + whole)


@pytest.mark.parametrize(("load", "agents"), [(10, 14), (0.5, 1), (20, 10), (100, 117), (3.7, 4)])
def test_erlang_b_is_the_formula_of_factorials(load: float, agents: int) -> None:
    assert desk.erlang_b(load, agents) == pytest.approx(_by_factorials(load, agents), rel=1e-12)


def test_a_thousand_agents_are_no_more_trouble_than_ten() -> None:
    queue = desk.erlang_c(200_000, 3, 10_050)
    assert 0 < queue.waiting < 1
    assert queue.occupancy == pytest.approx(10_000 / 10_050)
    # Halfin & Whitt 1981: with load + b sqrt(load) agents the chance of waiting tends to a number of b alone.
    b = 0.5
    limit = 1 / (1 + b * 0.6914624612740131 / 0.3520653267642995)
    assert desk.erlang_c(200_000, 3, 10_050).waiting == pytest.approx(limit, abs=0.003)


def test_a_line_that_grows_without_end_keeps_everyone_waiting_for_ever() -> None:
    for agents in (9, 10):
        queue = desk.erlang_c(200, 3, agents)
        assert (queue.waiting, queue.service_level, queue.occupancy) == (1, 0, 1)
        assert queue.mean_wait == math.inf
    assert desk.erlang_c(200, 3, 11).mean_wait < math.inf


def test_nobody_calls_and_nobody_is_needed() -> None:
    for queue in (desk.erlang_c(0, 3, 0), desk.erlang_c(0, 3, 5), desk.erlang_a(0, 3, 0, patience_minutes=1)):
        assert (queue.waiting, queue.service_level, queue.mean_wait, queue.occupancy) == (0, 1, 0, 0)
    assert desk.agents_needed(0, 3).agents == desk.agents_needed(0, 3).with_shrinkage == 0


def test_without_agents_everybody_hangs_up() -> None:
    queue = desk.erlang_a(60, 3, 0, patience_minutes=2)
    assert (queue.abandoned, queue.service_level, queue.mean_wait) == (1, 0, 120)


@pytest.mark.parametrize(
    ("calls", "handling", "agents", "patience"),
    [(200, 3, 14, 5), (200, 3, 8, 5), (200, 3, 3, 0.5), (600, 4, 45, 60), (30, 10, 5, 10)],
)
def test_erlang_a_is_its_chain_state_by_state(calls: float, handling: float, agents: int, patience: float) -> None:
    queue = desk.erlang_a(calls, handling, agents, patience_minutes=patience)
    waiting, abandoned = _chain(calls / 60, handling, agents, patience)
    assert queue.waiting == pytest.approx(waiting, rel=1e-9)
    assert queue.abandoned == pytest.approx(abandoned, rel=1e-9)
    assert queue.occupancy == pytest.approx(calls / 60 * handling * (1 - abandoned) / agents, rel=1e-9)
    assert queue.mean_wait == pytest.approx(60 * abandoned * patience, rel=1e-9)


@pytest.mark.parametrize(("agents", "within"), [(14, 20), (14, 1), (10, 60), (6, 200), (14, 0)])
def test_the_service_level_of_erlang_a_is_that_of_the_virtual_wait(agents: int, within: float) -> None:
    queue = desk.erlang_a(200, 3, agents, patience_minutes=5, within_seconds=within)
    assert queue.service_level == pytest.approx(_served_by_quadrature(200 / 60, 3, agents, 5, within / 60), abs=1e-7)


def test_all_waits_are_those_of_the_answered_and_of_those_who_hang_up() -> None:
    # Who hangs up has waited for the time of a race; over a long time the answered ones make up the service level.
    queue = desk.erlang_a(200, 3, 9, patience_minutes=5)
    steps = np.arange(0, 3000, 2.0)
    served = [desk.erlang_a(200, 3, 9, patience_minutes=5, within_seconds=float(t)).service_level for t in steps]
    mean = np.trapezoid(served[-1] - np.array(served), steps) / served[-1]
    assert served[-1] == pytest.approx(1 - queue.abandoned, abs=1e-6)
    assert queue.mean_wait_answered == pytest.approx(mean, rel=1e-3)


def test_callers_of_endless_patience_are_those_of_erlang_c() -> None:
    calm, patient = desk.erlang_a(200, 3, 14, patience_minutes=1e7), desk.erlang_c(200, 3, 14)
    for name in ("waiting", "service_level", "mean_wait", "mean_wait_answered", "occupancy"):
        assert getattr(calm, name) == pytest.approx(getattr(patient, name), rel=1e-5), name
    assert calm.abandoned == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("agents", [8_000, 10_000, 12_000])
@pytest.mark.parametrize("patience", [0.1, 5, 600])
def test_erlang_a_holds_for_ten_thousand_agents(agents: int, patience: float) -> None:
    queue = desk.erlang_a(200_000, 3, agents, patience_minutes=patience)
    assert queue.abandoned >= 0
    assert queue.load * (1 - queue.abandoned) == pytest.approx(queue.occupancy * agents, rel=1e-9)
    assert 0 <= queue.service_level <= 1 - queue.abandoned + 1e-9
    if agents == 8_000:  # what is more than all agents can do hangs up
        assert queue.abandoned == pytest.approx(0.2, abs=1e-3)


@given(load=loads, agents=teams)
def test_one_more_agent_never_serves_worse(load: float, agents: int) -> None:
    queues = [desk.erlang_c(load * 20, 3, agents + more) for more in (0, 1)]
    impatient = [desk.erlang_a(load * 20, 3, agents + more, patience_minutes=4) for more in (0, 1)]
    for one, more in (queues, impatient):
        assert more.service_level >= one.service_level - 1e-12
        assert more.waiting <= one.waiting + 1e-12


@given(load=loads, agents=teams, patience=st.floats(0.05, 500), within=st.floats(0, 600))
def test_shares_are_shares_and_what_comes_goes(load: float, agents: int, patience: float, within: float) -> None:
    queue = desk.erlang_a(load * 20, 3, agents, patience_minutes=patience, within_seconds=within)
    for share in (queue.occupancy, queue.waiting, queue.service_level, queue.abandoned):
        assert -1e-12 <= share <= 1 + 1e-12
    assert queue.service_level <= 1 - queue.abandoned + 1e-9
    assert queue.abandoned <= queue.waiting + 1e-12
    assert load * (1 - queue.abandoned) == pytest.approx(queue.occupancy * agents, rel=1e-6)


@given(load=loads, promise=st.floats(0.05, 0.99), within=st.floats(0, 300))
def test_the_agents_needed_are_the_fewest(load: float, promise: float, within: float) -> None:
    for patience in (None, 3.0):
        needed = desk.agents_needed(load * 20, 3, promise, within, patience_minutes=patience)
        assert needed.queue.service_level >= promise
        less = needed.agents - 1
        if less < 0:
            continue
        fewer = (
            desk.erlang_c(load * 20, 3, less, within_seconds=within)
            if patience is None
            else desk.erlang_a(load * 20, 3, less, patience_minutes=patience, within_seconds=within)
        )
        assert fewer.service_level < promise


def test_more_calls_and_stricter_promises_need_more_agents() -> None:
    by_calls = [desk.agents_needed(calls, 3).agents for calls in (10, 50, 200, 1000)]
    by_promise = [desk.agents_needed(200, 3, promise).agents for promise in (0.5, 0.8, 0.95)]
    assert all(one < more for numbers in (by_calls, by_promise) for one, more in pairwise(numbers))


def test_shrinkage_divides() -> None:
    assert desk.agents_needed(200, 3, shrinkage=0.3).with_shrinkage == 20
    assert desk.agents_needed(200, 3, shrinkage=0).with_shrinkage == 14
    assert desk.agents_needed(80, 3, shrinkage=0.3).with_shrinkage == 10  # seven agents, and 7 / 0.7 is ten


def test_callers_who_hang_up_need_fewer_agents() -> None:
    assert desk.agents_needed(200, 3, patience_minutes=5).agents < desk.agents_needed(200, 3).agents


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: desk.erlang_c(-1, 3, 2), "calls_per_hour is a number of 0 or more"),
        (lambda: desk.erlang_c(10, 0, 2), "handling_minutes is a number above 0"),
        (lambda: desk.erlang_c(math.nan, 3, 2), "calls_per_hour is a number"),
        (lambda: desk.erlang_c(10, 3, 2.5), "agents is a whole number"),  # type: ignore[arg-type]
        (lambda: desk.erlang_c(10, 3, -1), "agents is a whole number"),
        (lambda: desk.erlang_c(10, 3, 2, within_seconds=-1), "within_seconds is a number"),
        (lambda: desk.erlang_a(10, 3, 2, patience_minutes=0), "patience_minutes is a number above 0"),
        (lambda: desk.agents_needed(10, 3, 1.0), "promise is a share above 0 and below 1"),
        (lambda: desk.agents_needed(10, 3, 80), "promise is a share above 0 and below 1"),
        (lambda: desk.agents_needed(10, 3, shrinkage=1), "shrinkage is a share of 0 or more and below 1"),
        (lambda: desk.agents_needed(1e9, 3), "needs more than"),
    ],
)
def test_what_makes_no_sense_is_refused(call: object, told: str) -> None:
    with pytest.raises(cs.CareError, match=told):
        call()  # type: ignore[operator]
