"""Numbers that others have published come out of the public functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, people
from published_facts import Check

import carestudy as cs
from carestudy import kpi


def _near(value: Any, published: dict[str, Any]) -> Any:
    return pytest.approx(value, abs=published["tolerance"]["abs"])


def test_wilson_gives_the_intervals_of_newcombes_first_table(check: Check) -> None:
    published = check("a01-wilson-newcombe")
    count, n = np.array(published["input"]["x_n"]).T
    limits = np.transpose(cs.intervals.wilson(count, n, published["input"]["level"]))
    assert limits == _near(np.array(published["expected"]["ci"]), published)


def test_newcombe_gives_the_differences_of_his_second_table(check: Check) -> None:
    published = check("a03-newcombe-diff")
    limits = cs.intervals.newcombe(*np.array(published["input"]["x1_n1_x2_n2"]).T)
    assert np.transpose(limits) == _near(np.array(published["expected"]["ci"]), published)


def test_nps_has_the_interval_and_the_change_of_rocks(check: Check) -> None:
    published = check("a04-nps-wald")
    now, before = ([period[kind] for kind in ("promoters", "passives", "detractors")] for period in _periods(published))
    change, limits, p = cs.intervals.nps_change(tuple(now), tuple(before))
    found = {
        "var1": cs.intervals.nps_variance(*now) * sum(now),
        "se1": np.sqrt(cs.intervals.nps_variance(*now)),
        "ci1": np.array(cs.intervals.nps_wald(*now, adjusted=False)),
        "diff": change,
        "diff_se": (limits[1] - change) / cs.intervals.z_value(),
        "diff_ci": np.array(limits),
        "p": p,
    }
    for name, value in found.items():
        assert value == _near(np.array(published["expected"][name]), published), name


def test_nps_from_rows_is_the_published_score_in_points(check: Check) -> None:
    published = check("a04-nps-wald")
    for counts, name in zip(_periods(published), ("nps1", "nps2"), strict=True):
        scores = [9] * counts["promoters"] + [7] * counts["passives"] + [0] * counts["detractors"]
        score = kpi.nps(answers(scores, "nps"))["value"].item()
        assert score / 100 == _near(published["expected"][name], published)


def test_csat_counts_the_neutral_below_the_line_and_the_silent_nowhere(check: Check) -> None:
    published = check("a06-csat-neutral")
    given = [int(score) for score, times in published["input"]["answers"].items() for _ in range(times)]
    found = kpi.csat(answers([*given, *[None] * published["input"]["missing"]]))
    assert found["value"].item() == _near(published["expected"]["csat"], published)
    assert found["n"].item() == published["expected"]["n"]
    assert found[["low", "high"]].to_numpy()[0] == _near(published["expected"]["wilson"], published)


def test_retention_and_churn_of_rows_are_those_of_the_formulas(check: Check) -> None:
    published = check("b01-crr-ccr")
    customers = _base(**published["input"])
    found = {
        figure.name: figure(customers, period="2026-10").iloc[0]
        for figure in (kpi.retention_rate, kpi.net_growth_rate, kpi.gross_churn_rate)
    }
    expected = published["expected"]
    assert found["retention_rate"]["value"] == _near(expected["crr"], published)
    assert -found["net_growth_rate"]["value"] == _near(expected["ccr_classic"], published)
    assert found["gross_churn_rate"]["value"] == _near(expected["logo_churn"], published)
    assert found["gross_churn_rate"]["numerator"] == expected["lost"]
    assert found["retention_rate"][["low", "high"]].tolist() == _near(expected["crr_wilson"], published)
    assert found["gross_churn_rate"][["low", "high"]].tolist() == _near(expected["logo_churn_wilson"], published)
    bridge = cs.bridge({"customers": customers}, period="2026-10").iloc[0]
    assert bridge[["start", "new", "end"]].tolist() == [published["input"][name] for name in ("CS", "CN", "CE")]


def _periods(published: dict[str, Any]) -> list[dict[str, int]]:
    return [published["input"]["period1"], published["input"]["period2"]]


def _base(CS: int, CE: int, CN: int) -> pd.DataFrame:  # noqa: N803  the names of the published formula
    """Customers of October 2026: at its start, of them lost, and new ones, of whom one leaves again at once."""
    lost = CS + CN - CE
    old = [(f"old {k}", "2026-01-05", "2026-10-20" if k < lost else None) for k in range(CS)]
    new = [(f"new {k}", "2026-10-08", None) for k in range(CN)]
    return people(*old, *new, ("a guest", "2026-10-08", "2026-10-09"), ("the next", "2026-11-01", None))
