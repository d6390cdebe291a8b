"""Every result has an HTML form in the language of its company; text of the data is never HTML."""

from __future__ import annotations

import dataclasses
import re
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from companies import answers, demo

import carestudy as cs
from carestudy.rendering import Rendered

BAD = '<b id="x">An</b>'
UNSHOWN = {"Period", "Show"}  # a text, and the maker of pages


def results() -> dict[str, Any]:
    """One result of most kinds, all small."""
    care, figure = demo(), cs.kpi.csat
    history = cs.purchase_history(care)
    return {
        "care": care, "figure": figure, "needing": cs.kpi.service_level, "trend": cs.trend(figure, care, last=9),
        "why": cs.why(figure, care, period="2026-10", by="channel"), "needed": cs.desk.agents_needed(100, 5),
        "log rank": cs.survival.compare(care, by="gender"), "audience": cs.audience(care, "gifts"),
        "codebook": cs.themes.codebook(), "model": cs.value.bg_nbd(history), "segments": cs.segment(care, 2),
        "change": cs.trends.change_point([1, 1, 1, 5, 5, 5.0]), "groups": cs.clusters.kmeans([[0.0], [1.0]], 2),
    }  # fmt: skip


def test_every_public_kind_of_result_has_an_html_form() -> None:
    parts = [getattr(cs, name) for name in cs.__all__]
    inner = [getattr(part, name) for part in parts if isinstance(part, ModuleType) for name in part.__all__]
    kinds = {one for one in (*parts, *inner) if isinstance(one, type) and dataclasses.is_dataclass(one)}
    assert len(kinds) > 25
    assert {one.__name__ for one in kinds if not issubclass(one, Rendered)} == UNSHOWN


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_results_are_short_html_that_opens_and_closes(lang: str) -> None:
    for name, result in results().items():
        result.read_in(lang, "VND")
        html = result._repr_html_()
        assert html.count("<div") == html.count("</div>"), name
        assert '<div class="care">' in html, name
        assert "class '" not in html, name
        assert len(html) < 60_000, name
        assert "<" not in repr(result)[:1], name


def test_html_is_in_the_language_of_the_settings_and_plain_text_stays() -> None:
    frame = answers([5, 4, 3] * 40, answered_at=pd.date_range("2026-01-05", periods=120, freq="3D").astype(str))
    told = {lang: cs.load({"responses": frame}, language=lang) for lang in ("vi", "en")}
    trends = {lang: cs.trend(cs.kpi.csat, care) for lang, care in told.items()}
    assert "Căn cứ của kết luận" in trends["vi"]._repr_html_()
    assert "Evidence" in trends["en"]._repr_html_()
    assert repr(trends["vi"]) == repr(trends["en"])
    assert trends["vi"] == trends["en"]
    assert "Đã đọc" in told["vi"]._repr_html_()
    assert "Survey answers" in told["en"]._repr_html_()


def test_numbers_are_rounded() -> None:
    result = cs.survival.compare(demo(), by="gender")
    result.read_in("en", "VND")
    numbers = re.findall(r"\d+\.\d+", re.sub(r"<style.*?</style>", "", result._repr_html_()))
    assert numbers
    assert max(len(one.partition(".")[2]) for one in numbers) <= 3


def test_text_of_the_data_is_escaped() -> None:
    days = pd.date_range("2026-09-01", periods=120, freq="12h").astype(str)
    frame = answers([5, 1] * 60, answered_at=days, team=[BAD, "B"] * 60)
    care = cs.load({"responses": frame}, company=BAD)
    for result in (care, cs.why(cs.kpi.csat, care, period="2026-10", by="team")):
        assert BAD not in result._repr_html_()
        assert "&lt;b id" in result._repr_html_()


def test_a_table_of_the_data_is_a_frame() -> None:
    sales = pd.DataFrame({"customer_id": ["A", None], "amount": [12.5, 3], "occurred_at": ["2026-01-05"] * 2})
    table = cs.load({"transactions": sales.assign(note=["x", None])}, currency="USD")["transactions"]
    assert isinstance(table, pd.DataFrame)
    assert table["amount"].tolist() == [12.5, 3.0]
    assert {"customer_id", "occurred_at", "note"} <= set(table.columns)
    assert [name for name in table.columns if name.startswith("carestudy_")] == []
    assert table["customer_id"].dtype == table["note"].dtype == "str"
    with pytest.raises(cs.CareError, match="needs table 'contacts'; the data have transactions"):
        cs.load({"transactions": sales})["contacts"]
