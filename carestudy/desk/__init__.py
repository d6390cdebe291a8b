"""The service desk: when contacts come, whether somebody is there, and how many agents a promise needs."""

from carestudy.desk.erlang import Needed, Queue, agents_for_rates, agents_needed, erlang_a, erlang_b, erlang_c
from carestudy.desk.load import coverage, load
from carestudy.desk.staffing import staffing

__all__ = [
    "Needed",
    "Queue",
    "agents_for_rates",
    "agents_needed",
    "coverage",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "load",
    "staffing",
]
