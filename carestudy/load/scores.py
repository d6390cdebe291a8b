"""Scores that lie outside the scale of their question."""

from __future__ import annotations

from typing import Any

SCALES = {
    "nps": (0, 10, "is no whole number from 0 to 10, the scale of nps"),
    "csat": (1, 5, "lies outside 1 to 5, the scale of csat"),
}


def off_scale(question: Any, score: Any) -> list[tuple[Any, Any]]:
    """The conditions under which a score is none of the scale of its question, each with what is wrong with it."""
    faults = []
    for name, (low, high, reason) in SCALES.items():
        off = (score < low) | (score > high)
        if name == "nps":  # what lies far outside is no integer of any engine
            off = off | (score != off.ifelse(0, score).cast("int64").cast("float64"))
        faults.append(((question == name) & off, f"score {reason}"))
    return faults
