"""Every public function refuses an argument that makes no sense, in one sentence that names it and says what is."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from companies import demo
from fronts import functions

import carestudy as cs

WRONG: dict[str, tuple[Any, ...]] = {
    "level": (95, 0, 1, -0.5, float("nan"), "95 %", True, None),
    "last": (0, -1, 2.5, "12"),
    "months": (0, -3, 1.5, "12"),
    "top": (0, -1, "a fifth"),
    "by": (5, [1, 2], 0.5),
    "period": (202610, 2026, ["2026-10"]),
    "every": (1, ["month"]),
    "k": (0, -1, 1.5, "many"),
    "seed": (0.5,),
}
FILLED: dict[str, Any] = {
    "by": "region", "period": "2026-10", "event": "left", "per": "contact", "question": "csat",
    "within": 24, "drawn": ["C1"], "began": "2026-10-01",
}  # fmt: skip


def _arguments(call: Any) -> dict[str, Any]:
    """A value for each argument that has no default; arrays are placeholders, for others are refused before."""
    needed = {name: one for name, one in inspect.signature(call).parameters.items() if one.default is one.empty}
    return {name: _value(name, str(one.annotation)) for name, one in needed.items()}


def _value(name: str, annotation: str) -> Any:
    if name in ("care", "data"):
        return demo()
    if name == "kpi":
        return cs.kpi.csat
    if annotation in ("int", "float", "Count", "Rate", "Count | int"):
        return 2
    if annotation.startswith("Inside"):
        return 0.5
    return FILLED.get(name, "days" if annotation == "str" else ["a"] if annotation.startswith("Sequence") else [1, 2])


def _call(call: Any, arguments: dict[str, Any]) -> Any:
    if call is cs.audience:
        arguments["kind"] = "survey" if "by" in arguments else "gifts"
    first = [arguments[name] for name in ("care", "data") if name in arguments and call is cs.audience]
    return call(*first, **{name: value for name, value in arguments.items() if not first or name != "care"})


def _cases() -> Iterator[tuple[str, Any, str, Any]]:
    for name, call in functions().items():
        for argument, values in WRONG.items():
            listed = inspect.signature(call).parameters.get(argument)
            if listed and listed.annotation not in ("Any", "ArrayLike"):  # an array is no number of groups
                yield from ((name, call, argument, value) for value in values)


def test_arguments_that_make_no_sense_are_refused_everywhere_by_name() -> None:
    accepted, silent, cases = [], [], list(_cases())
    for name, call, argument, value in cases:
        try:
            _call(call, {**_arguments(call), argument: value})
        except cs.CareError as refusal:
            text = str(refusal)
            if argument not in text or "\n" in text or str(value) not in text:
                silent.append((name, argument, value, text))
        except Exception as crash:  # noqa: BLE001 - every one of them is listed below
            accepted.append((name, argument, value, repr(crash)[:80]))
        else:
            accepted.append((name, argument, value, ""))
    assert len(cases) > 500
    assert accepted == []
    assert silent == []


def test_one_segment_is_no_segmentation() -> None:
    with pytest.raises(cs.CareError, match=r'^k is a number of segments from 2 up or "auto", and 1 is neither$'):
        cs.segment(demo(), 1)


def test_a_refused_table_is_not_printed() -> None:
    with pytest.raises(cs.CareError, match=r"^nps: by is text in quotes or a list .*, not a DataFrame$"):
        cs.kpi.nps(demo(), by=pd.DataFrame({0: ["An"]}))  # type: ignore[arg-type]
