"""How long callers wait for a number of agents: Erlang B, C and A, and the agents that a promise needs.

Calls come at random at a steady rate, are handled in exponentially long times, and wait in one line in the order
they came. Source: Erlang 1917; Palm 1957; Garnett, Mandelbaum & Reiman 2002, M&SOM 4:208-227.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.desk.roster_size import on_roster, refuse_promise, refuse_shrinkage
from carestudy.measure.front import validated
from carestudy.rendering import Rendered

MOST_AGENTS = 100_000
FAR = 10.0  # standard deviations of the length of the line beyond which it is never found
NEVER = 45.0  # a length of the line is left out when it is exp(45) times as rare as a line of one
MINUTES, SECONDS = 60.0, 3600.0  # of an hour


@dataclass(frozen=True)
class Queue(Rendered):
    """The waiting of callers: shares of all calls offered, 0 to 1, and times in seconds.

    ``load`` is in erlangs: the agents that would be busy if nobody had to wait. ``service_level`` is answered within
    ``within_seconds`` over all calls offered, those who hung up included. ``mean_wait`` is that of all calls, and
    ``mean_wait_answered`` that of the answered ones.
    """

    agents: int
    load: float
    occupancy: float
    waiting: float
    service_level: float
    mean_wait: float
    mean_wait_answered: float
    abandoned: float
    within_seconds: float


@dataclass(frozen=True)
class Needed(Rendered):
    """The smallest number of agents that keeps a promise, how many must be on the roster, and how long callers wait."""

    agents: int
    with_shrinkage: int
    queue: Queue
    promise: float
    shrinkage: float


@validated
def erlang_b(load: float, agents: int) -> float:
    """Share of calls turned away when nobody can wait, for a load in erlangs and a number of agents.

    By its recursion, which neither overflows nor loses digits for thousands of agents.

    >>> round(erlang_b(10, 14), 5)
    0.05682
    """
    _at_least(load, 0, "load")
    return next(islice(_blocked(load), _count(agents), None))


@validated
def erlang_c(calls_per_hour: float, handling_minutes: float, agents: int, *, within_seconds: float = 20) -> Queue:
    """The waiting of callers who never hang up (Erlang C).

    Where the agents are no more than the load, the line grows without end: everybody waits, for ever.

    >>> queue = erlang_c(200, 3, 14)
    >>> round(queue.waiting, 4), round(queue.service_level, 4), round(queue.mean_wait, 1)
    (0.1741, 0.8884, 7.8)
    """
    load = _load(calls_per_hour, handling_minutes, within_seconds)
    return _patient(load, handling_minutes, _count(agents), erlang_b(load, agents), within_seconds)


@validated
def erlang_a(
    calls_per_hour: float,
    handling_minutes: float,
    agents: int,
    *,
    patience_minutes: float,
    within_seconds: float = 20,
) -> Queue:
    """The waiting of callers who hang up after an exponentially distributed time, ``patience_minutes`` on average.

    By the birth-death chain of the calls in the system; hanging up makes every line finite, so that it holds for more
    load than agents too (Erlang A).

    >>> queue = erlang_a(200, 3, 14, patience_minutes=5)
    >>> round(queue.waiting, 4), round(queue.abandoned, 4), round(queue.service_level, 4)
    (0.1453, 0.014, 0.9168)
    """
    load = _load(calls_per_hour, handling_minutes, within_seconds)
    _above(patience_minutes, "patience_minutes")
    blocked, agents = erlang_b(load, agents), _count(agents)
    if load == 0:
        return Queue(agents, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, within_seconds)
    if agents == 0:
        return Queue(0, load, 1.0, 1.0, 0.0, patience_minutes * MINUTES, math.nan, 1.0, within_seconds)
    line = _line(load, agents, blocked, handling_minutes / patience_minutes)
    return _impatient(load, agents, line, patience_minutes * MINUTES, within_seconds)


@validated
def agents_needed(
    calls_per_hour: float,
    handling_minutes: float,
    promise: float = 0.8,
    within_seconds: float = 20,
    *,
    patience_minutes: float | None = None,
    shrinkage: float = 0.3,
) -> Needed:
    """The smallest number of agents with whom the promised share of all calls is answered within the time.

    Erlang C, or with ``patience_minutes`` Erlang A. ``shrinkage`` is the share of paid time in which an agent takes
    no calls (breaks, training, leave): 14 agents at 30 % need 14 / (1 - 0.3) = 20 on the roster.

    >>> needed = agents_needed(200, 3)
    >>> needed.agents, needed.with_shrinkage
    (14, 20)
    """
    refuse_promise(promise)
    refuse_shrinkage(shrinkage)
    load = _load(calls_per_hour, handling_minutes, within_seconds)

    def queue_of(agents: int) -> Queue:
        return _queue(calls_per_hour, handling_minutes, agents, within_seconds, patience_minutes)

    queue = queue_of(_smallest(lambda agents: queue_of(agents).service_level >= promise, load))
    return Needed(queue.agents, on_roster(queue.agents, shrinkage), queue, promise, shrinkage)


@validated
def agents_for_rates(
    calls_per_hour: Sequence[float],
    handling_minutes: float,
    promise: float = 0.8,
    within_seconds: float = 20,
    *,
    patience_minutes: float | None = None,
) -> tuple[int, float]:
    """The smallest number of agents that keeps a promise over equally likely rates of calls, and the share they reach.

    The share is that of all calls: busy times weigh as many calls as they bring. A forecast is such a list of rates;
    for its mean alone fewer agents seem enough, since what is lost in busy times is not won back in quiet ones.

    >>> agents_for_rates([200], 5)[0], agents_for_rates([160, 200, 240], 5)[0]
    (21, 23)
    """
    refuse_promise(promise)
    rates = np.asarray(calls_per_hour, float)
    load = max((_load(rate, handling_minutes, within_seconds) for rate in rates), default=0.0)
    if not load:
        return 0, 1.0

    @cache
    def reached(agents: int) -> float:
        queues = [_queue(rate, handling_minutes, agents, within_seconds, patience_minutes) for rate in rates]
        return float(np.average([queue.service_level for queue in queues], weights=rates))

    agents = _smallest(lambda count: reached(count) >= promise, load)
    return agents, reached(agents)


def _queue(
    calls_per_hour: float, handling_minutes: float, agents: int, within_seconds: float, patience_minutes: float | None
) -> Queue:
    """The waiting of callers who hang up after their patience, or never where there is none."""
    if patience_minutes is None:
        return erlang_c(calls_per_hour, handling_minutes, agents, within_seconds=within_seconds)
    patience = {"patience_minutes": patience_minutes, "within_seconds": within_seconds}
    return erlang_a(calls_per_hour, handling_minutes, agents, **patience)


def _smallest(enough: Callable[[int], bool], load: float) -> int:
    """The smallest number of agents that is enough: more agents never serve worse."""
    too_few, enough_agents = -1, 1
    while not enough(enough_agents):
        too_few, enough_agents = enough_agents, 2 * enough_agents
        if enough_agents > MOST_AGENTS:
            raise CareError(f"a load of {load:,.0f} erlangs with this promise needs more than {too_few:,} agents")
    while enough_agents - too_few > 1:
        middle = (too_few + enough_agents) // 2
        too_few, enough_agents = (too_few, middle) if enough(middle) else (middle, enough_agents)
    return enough_agents


def _blocked(load: float) -> Iterator[float]:
    """Erlang B for 0, 1, 2 ... agents."""
    blocked, agents = 1.0, 0
    while True:
        yield blocked
        agents += 1
        blocked = load * blocked / (agents + load * blocked)


def _patient(load: float, handling_minutes: float, agents: int, blocked: float, within_seconds: float) -> Queue:
    if load == 0:
        return Queue(agents, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, within_seconds)
    if agents <= load:
        return Queue(agents, load, 1.0, 1.0, 0.0, math.inf, math.inf, 0.0, within_seconds)
    waiting = agents * blocked / (agents - load * (1 - blocked))
    idle = (agents - load) / (handling_minutes * MINUTES)  # calls a second that could be taken beyond those that come
    level = 1 - waiting * math.exp(-idle * within_seconds)
    return Queue(agents, load, load / agents, waiting, level, waiting / idle, waiting / idle, 0.0, within_seconds)


@dataclass(frozen=True)
class _Line:
    """The probabilities that a caller finds all agents busy and so many others waiting, in the steady state."""

    waiting: Any
    chance: Any
    at_once: float  # the probability that an agent is free
    free: float  # the agents' rate of taking calls over that of one caller hanging up


def _line(load: float, agents: int, blocked: float, hanging_up: float) -> _Line:
    """The line by its birth-death chain; ``hanging_up`` is the rate of one caller over that of one agent's calls.

    The weights of all states below are 1 / Erlang B of that with all agents busy and nobody waiting.
    """
    peak, spread = max(0.0, (load - agents) / hanging_up), math.sqrt(max(load, agents) / hanging_up)
    first = max(0, math.floor(peak - FAR * spread))
    last = math.ceil(peak + FAR * spread + 50)
    if load < agents:
        last = min(last, math.ceil(NEVER / -math.log(load / agents)) + 1)
    others = np.arange(first, last + 1, dtype=float)
    steps = np.log(load) - np.log(agents + hanging_up * others)
    steps[0] = 0.0
    weights = np.cumsum(steps)
    top = weights.max()
    weights = np.exp(weights - top)
    below = 0.0 if first else (1 / blocked - 1) * math.exp(-top) if blocked else math.inf
    total = below + float(weights.sum())
    return _Line(others, weights / total, below / total if below < math.inf else 1.0, agents / hanging_up)


def _impatient(load: float, agents: int, line: _Line, patience: float, within_seconds: float) -> Queue:
    position = line.waiting + 1  # the caller's own place in the line
    answered = line.chance * line.free / (line.free + position)
    served = line.at_once + float(answered.sum())
    abandoned = float((line.chance * line.waiting).sum()) * agents / (line.free * load)
    # The time until the call of a place is taken is a sum of exponential times whose rates are one patience apart;
    # in units of patience, exp(-time) of it has a beta distribution.
    gone = -math.expm1(-within_seconds / patience)
    soon = float((answered * special.betainc(position, line.free + 1, gone)).sum())
    spent = special.digamma(line.free + 1 + position) - special.digamma(line.free + 1)
    return Queue(
        agents,
        load,
        occupancy=min(1.0, load * served / agents),
        waiting=float(line.chance.sum()),
        service_level=min(1.0, line.at_once + soon),
        mean_wait=abandoned * patience,
        mean_wait_answered=float((answered * spent).sum()) * patience / served,
        abandoned=abandoned,
        within_seconds=within_seconds,
    )


def _load(calls_per_hour: float, handling_minutes: float, within_seconds: float) -> float:
    """The load in erlangs: calls an hour times hours each."""
    _at_least(calls_per_hour, 0, "calls_per_hour")
    _above(handling_minutes, "handling_minutes")
    _at_least(within_seconds, 0, "within_seconds")
    return float(calls_per_hour) * handling_minutes / MINUTES


def _count(agents: int) -> int:
    if isinstance(agents, bool) or agents != agents // 1 or not 0 <= agents <= 10 * MOST_AGENTS:
        raise CareError(f"agents is a whole number from 0 to {10 * MOST_AGENTS:,}, not {agents!r}")
    return int(agents)


def _at_least(amount: float, least: float, name: str) -> None:
    if not least <= amount < math.inf:
        raise CareError(f"{name} is a number of {least} or more, not {amount!r}")


def _above(amount: float, name: str) -> None:
    if not 0 < amount < math.inf:
        raise CareError(f"{name} is a number above 0, not {amount!r}")
