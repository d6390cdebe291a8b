"""What was planted in the demo company is what its stored report says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from carestudy.report.collected import collected

ROOT = Path(__file__).parents[1]
YEAR = "2025-11..2026-10"
TRUTHS = json.loads((ROOT / "data" / "demo" / "truths.json").read_text(encoding="utf-8"))["truths"]


@pytest.fixture(scope="module")
def figures() -> list[dict[str, Any]]:
    """Every figure of the stored report."""
    return list(collected(nbformat.read(ROOT / "notebooks" / "care_report.ipynb", 4))["figures"])


def of(figures: list[dict[str, Any]], kpi: str, period: str, **by: str | None) -> dict[str, Any]:
    """The one figure of this name, period and group."""
    found = [one for one in figures if (one["kpi"], one["period"], one["by"]) == (kpi, period, by)]
    assert len(found) == 1, (kpi, period, by)
    return found[0]


def test_retention_falls_from_the_planted_month(figures: list[dict[str, Any]]) -> None:
    loss = TRUTHS["monthly_loss"]
    months = [one for one in figures if one["kpi"] == "retention_rate" and not one["by"] and len(one["period"]) == 7]
    before = [one["value"] for one in months if one["period"] < loss["change"]]
    since = [one["value"] for one in months if one["period"] >= loss["change"]]
    assert len(before) == 16
    assert len(since) == 8
    assert min(before) > max(since)
    assert 1 - sum(before) / 16 == pytest.approx(loss["before"], abs=0.004)
    assert 1 - sum(since) / 8 == pytest.approx(loss["since"], abs=0.004)


def test_the_bad_channel_satisfies_fewer(figures: list[dict[str, Any]]) -> None:
    truth = TRUTHS["csat"]
    bad = of(figures, "csat", YEAR, channel=truth["bad_channel"])
    phone = of(figures, "csat", YEAR, channel="Điện thoại")
    assert bad["low"] <= truth["bad"] <= bad["high"] < phone["low"]
    assert phone["low"] <= truth["elsewhere"] <= phone["high"]


def test_the_reasons_for_leaving_have_their_shares(figures: list[dict[str, Any]]) -> None:
    for reason, share in TRUTHS["leave_reasons"]["value"].items():
        named = None if reason == "(unknown)" else reason
        assert of(figures, "leaving_reasons", "2026-10", leave_reason=named)["value"] == pytest.approx(share, abs=0.05)


def test_the_segments_have_their_sizes(figures: list[dict[str, Any]]) -> None:
    for segment, size in TRUTHS["segments"]["value"].items():
        assert of(figures, "customers_on_file", "all", segment=segment)["numerator"] == size


def test_customers_without_an_owner_are_counted(figures: list[dict[str, Any]]) -> None:
    owned = of(figures, "owned_rate", "2026-10")
    assert owned["denominator"] - owned["numerator"] == TRUTHS["without_owner_and_still_here"]["value"]


def test_the_mix_of_a_team_explains_its_nps(figures: list[dict[str, Any]]) -> None:
    team, bad = TRUTHS["team_mix"]["team"], TRUTHS["nps"]["bad_channel"]
    whole, other = (of(figures, "nps", YEAR, team=name) for name in (team, "Đội Bắc"))
    assert whole["high"] < other["value"], "as a whole the team scores lower"
    for channel in ("Điện thoại", "Chat", "Zalo", bad):
        mine, theirs = (of(figures, "nps", YEAR, team=name, channel=channel) for name in (team, "Đội Bắc"))
        assert mine["low"] < theirs["high"], f"on {channel} it does not"
        assert theirs["low"] < mine["high"]
    counts = {name: of(figures, "nps", YEAR, team=name, channel=bad)["n"] for name in (team, "Đội Bắc")}
    assert counts[team] > 2 * counts["Đội Bắc"]


def test_the_other_rates_hold_what_was_planted(figures: list[dict[str, Any]]) -> None:
    for kpi, name in (("response_rate", "response_rate"), ("return_rate", "return_rate")):
        found = of(figures, kpi, "2026-09")
        assert found["low"] <= TRUTHS[name]["value"] <= found["high"]
