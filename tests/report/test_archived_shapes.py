"""Archived files of another shape than ours keep nothing from being published; what was not compared is stated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import showing, tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.report.archived import published
from carestudy.report.report_list import rebuild
from carestudy.report.restated import restated
from carestudy.report.run import Order, publish_report
from carestudy.show.archive import restated as shown
from carestudy.show.words import Reader

FIGURE = {"kpi": "nps", "by": {}, "period": "2026-08", "value": 41.0, "n": 30, "numerator": 9, "denominator": 30}
GOOD: dict[str, Any] = {
    "figures": [FIGURE],
    "parameters": {"period": "2026-08"},
    "notebook": "care",
    "as_of": "2026-10-01T00:00:00+07:00",
    "tables": [{"table": "responses", "hash": "a"}],
}
CHANGE = {**FIGURE, "old": {"value": 1.0, "n": 9}, "new": {"value": 2.0, "n": 9}, "report": "2026-07", "why": []}
SHAPES: dict[str, Any] = {
    "a list": [],
    "a number": 5,
    "no figures": {name: GOOD[name] for name in ("parameters", "notebook")},
    "figures that are a text": {**GOOD, "figures": "nps"},
    "figures by name": {**GOOD, "figures": {"nps": 41.0}},
    "figures that are texts": {**GOOD, "figures": ["nps", 3]},
    "a value that is a text": {**GOOD, "figures": [{**FIGURE, "value": "41"}]},
    "a value with its limits": {**GOOD, "figures": [{**FIGURE, "value": {"value": 41.0}}]},
    "a group that is a list": {**GOOD, "figures": [{**FIGURE, "by": ["team", "A"]}]},
    "a period that is a list": {**GOOD, "figures": [{**FIGURE, "period": ["2026-08"]}]},
    "parameters in a list": {**GOOD, "parameters": ["2026-08"]},
    "parameters without a period": {**GOOD, "parameters": {}},
    "no parameters": {**GOOD, "parameters": None},
    "tables that are texts": {**GOOD, "tables": ["responses"]},
    "tables that are a text": {**GOOD, "tables": "responses"},
    "a moment that is a number": {**GOOD, "as_of": 5},
}
BYTES = {"nothing": b"", "half a file": b'{"figures": [', "other letters": '{"figures": []}'.encode("utf-16")}
FILES = {name: json.dumps(shape).encode() for name, shape in SHAPES.items()} | BYTES
LISTS: dict[str, bytes] = {
    **BYTES,
    "a list": b"[1]",
    "changes that are a text": json.dumps({"restated": "abc", "parameters": {}}).encode(),
    "changes that are texts": json.dumps({"restated": ["a"], "parameters": {}}).encode(),
    "a change without its sides": json.dumps({"restated": [FIGURE], "parameters": {}}).encode(),
    "sides that are numbers": json.dumps({"restated": [{**CHANGE, "old": 3}], "parameters": {}}).encode(),
    "reasons that are a number": json.dumps({"restated": [{**CHANGE, "why": 5}], "parameters": {}}).encode(),
    "no parameters": json.dumps({"restated": [CHANGE]}).encode(),
}
NEW = {**GOOD, "figures": [{**FIGURE, "value": 42.0}], "parameters": {"period": "2026-09"}}


def _order(folder: Path, period: str = "2026-09") -> Order:
    return Order(folder / "care.ipynb", str(folder / "data"), period, ("vi",), folder / "out")


def _put(folder: Path, name: str, content: bytes, period: str = "2026-08") -> Path:
    file = folder / "out" / period / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("shape", FILES)
@pytest.mark.parametrize("period", ["2026-08", "2026-09"])
def test_figures_of_another_shape_are_not_compared_and_it_is_stated(shape: str, period: str, tmp_path: Path) -> None:
    file = _put(tmp_path, "care.figures.json", FILES[shape], period)
    found = restated(_order(tmp_path), NEW)
    assert (found.changes, found.not_compared) == ([], [period])
    with pytest.raises(CareError, match=r"care\.figures\.json holds no figures of a report"):
        published(file)
    rebuild(tmp_path / "out")


def test_figures_of_our_shape_are_compared(tmp_path: Path) -> None:
    timeless = {**FIGURE, "kpi": "rfm", "period": None}
    _put(tmp_path, "care.figures.json", json.dumps({**GOOD, "figures": [FIGURE, timeless]}).encode())
    _put(tmp_path, "care.restated.json", json.dumps({"restated": [CHANGE], "parameters": {}}).encode(), "2026-09")
    found = restated(_order(tmp_path), NEW)
    assert [(one["old"]["value"], one["new"]["value"]) for one in found.changes] == [(1.0, 2.0), (41.0, 42.0)]
    assert found.not_compared == []


@pytest.mark.parametrize("shape", LISTS)
def test_a_list_of_restated_figures_of_another_shape_is_not_repeated_and_it_is_stated(
    shape: str, tmp_path: Path
) -> None:
    _put(tmp_path, "care.restated.json", LISTS[shape], "2026-09")
    found = restated(_order(tmp_path), NEW)
    assert (found.changes, found.not_compared) == ([], ["2026-09"])
    rebuild(tmp_path / "out")


@pytest.mark.parametrize(("lang", "words"), [("vi", "Không đọc được số liệu"), ("en", "could not be compared")])
def test_the_page_states_which_report_could_not_be_compared(lang: str, words: str) -> None:
    section = str(shown(Reader(lang), [], ["2026-08"]))
    assert words in section
    assert {"vi": "tháng 8/2026", "en": "August 2026"}[lang] in section


@pytest.mark.slow
def test_a_run_beside_archived_figures_of_another_shape_is_published_and_repeats_what_it_could_not_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = _order(tmp_path)
    tiny_notebook(order.notebook, showing(figures=[{**FIGURE, "period": "2026-09"}]))
    _put(tmp_path, "care.figures.json", b'{"figures": {"nps": 41}}', "2026-09")
    publish_report(order)
    page = (order.folder / "care.vi.html").read_bytes()
    assert "Không đọc được số liệu của báo cáo trước cho tháng 9/2026" in page.decode()
    publish_report(order)
    assert (order.folder / "care.vi.html").read_bytes() == page
    other = _put(tmp_path, "care.figures.json", b"{}", "2026-07")
    assert main(["compare", str(other), str(order.folder / "care.vi.html")]) == 1
    assert "care.figures.json holds no figures of a report" in capsys.readouterr().err
