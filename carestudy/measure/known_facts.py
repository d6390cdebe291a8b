"""Facts of the data on which premises of figures stand, looked up once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from carestudy import engine
from carestudy.care import Care
from carestudy.memory import recalled

Fact = TypeVar("Fact")


def fact(care: Care, key: Hashable, look_up: Callable[[], Fact]) -> Fact:
    """Look up a fact for the premises of figures, once for the same data; its query is not among a figure's queries."""
    if key not in care.facts:
        with engine.unheard():
            care.facts[key] = recalled(care.cache, ("fact", key), look_up)
    known: Fact = care.facts[key]
    return known
