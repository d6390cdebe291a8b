"""Figures are collected once, whatever the language, and in the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from carestudy.contract import CareError
from carestudy.report.collected import agreed, collected, text, without_suppressed
from carestudy.show.output import MIME

NPS = {"kpi": "nps", "by": {}, "period": "2026-09", "value": 42.0}
CSAT = {"kpi": "csat", "by": {"team": None}, "period": "2026-09", "value": 0.9}


def _notebook(*payloads: dict[str, Any]) -> Any:
    outputs = [new_output("display_data", {"text/plain": "x", MIME: payload}) for payload in payloads]
    return new_notebook(
        cells=[new_markdown_cell("#"), new_code_cell(outputs=[*outputs, new_output("stream", text="x")])]
    )


def test_a_figure_that_is_shown_twice_is_kept_once() -> None:
    assert collected(_notebook({"figures": [NPS, CSAT]}, {"figures": [dict(reversed(NPS.items()))]}))["figures"] == [
        CSAT,
        NPS,
    ]


def test_figures_that_differ_are_both_kept() -> None:
    assert len(collected(_notebook({"figures": [NPS, {**NPS, "by": {"team": "A"}}]}))["figures"]) == 2


def test_what_a_report_is_about_is_kept_without_its_language() -> None:
    about = {"company": "Mẫu", "period": "2026-09", "as_of": "2026-10-01", "tables": [{"table": "customers"}]}
    shown = collected(_notebook({"about": {**about, "language": "vi"}}))
    assert shown == {**about, "figures": []}


def test_a_notebook_that_shows_nothing_has_no_figures() -> None:
    assert collected(_notebook()) == {"tables": [], "figures": []}


def test_languages_that_agree_give_one_answer() -> None:
    one, other = collected(_notebook({"figures": [NPS, CSAT]})), collected(_notebook({"figures": [CSAT, NPS]}))
    assert agreed({"vi": one, "en": other}) == one


def test_languages_that_differ_are_an_error() -> None:
    one, other = collected(_notebook({"figures": [NPS]})), collected(_notebook({"figures": [{**NPS, "value": 43.0}]}))
    with pytest.raises(CareError, match="the figures differ between vi and en"):
        agreed({"vi": one, "en": other})


def test_the_text_is_json_that_every_reader_knows() -> None:
    assert json.loads(text({"b": float("nan"), "a": [float("inf"), 1.5], "ơ": ()})) == {
        "a": [None, 1.5],
        "b": None,
        "ơ": [],
    }
    assert text({"b": 1, "a": 2}) == text({"a": 2, "b": 1})


def test_groups_that_are_suppressed_are_not_named() -> None:
    none = {"value": None, "n": None, "period": "2026-09", "kpi": "nps"}
    hidden = {**none, "by": {"owner": "Nguyễn Thị Lan", "team": "A"}}
    unknown = {**none, "by": {}}  # of the whole company: it could not be computed
    empty = {**none, "by": {"team": "B"}, "n": 0}  # nobody is no small group
    assert without_suppressed([NPS, hidden, unknown, CSAT, empty]) == [NPS, unknown, CSAT, empty]
