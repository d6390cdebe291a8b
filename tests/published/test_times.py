"""Numbers that others have published of durations and of typical amounts come out of the public functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_facts import Check, PublishedFile

import carestudy as cs
from carestudy import kpi, survival, typical


@pytest.fixture(scope="module")
def remission(check: Check, published_file: PublishedFile) -> pd.DataFrame:
    return pd.read_csv(published_file(check("d01-km-logrank-gehan")["input"]["file"]))


def test_kaplan_and_meier_on_the_remission_times(check: Check, remission: pd.DataFrame) -> None:
    published = check("d01-km-logrank-gehan")
    told = published["expected"]
    curves = {name: survival.kaplan_meier(rows["time"], rows["cens"] == 1) for name, rows in remission.groupby("treat")}
    treated = curves["6-MP"].set_index("duration")
    near = published["tolerance"]["abs"]
    assert treated["value"][[6, 10, 23]].tolist() == pytest.approx(
        [told["S6MP"], told["S6MP_10"], told["S6MP_23"]], abs=near
    )
    assert treated["error"][10] == pytest.approx(told["se6MP_10"], abs=near)
    for name, group in (("6MP", "6-MP"), ("ctrl", "control")):
        value, low, high = survival.quantile(curves[group])
        assert value == told[f"median_{name}"]
        assert [low, high] == [float(limit) for limit in told[f"median_{name}_ci_loglog"]]


def test_log_rank_on_the_remission_times(check: Check, remission: pd.DataFrame) -> None:
    published = check("d01-km-logrank-gehan")
    told, near = published["expected"], published["tolerance"]["abs"]
    found = survival.log_rank(remission["time"], remission["cens"] == 1, remission["treat"])
    assert found.chi_square == pytest.approx(told["logrank_chi2"], abs=near)
    assert found.p == pytest.approx(told["p"], abs=1e-8)
    expected = found.groups.set_index("group")["expected"]
    assert expected["6-MP"] == pytest.approx(told["expected_6MP"], abs=near)


def test_open_tickets_are_censored_in_the_median(check: Check, published_file: PublishedFile) -> None:
    published = check("j05-open-tickets-median")
    rows = pd.read_csv(published_file(published["input"]["file"]))
    told = published["expected"]
    # Hours before the data end: a case still open has waited just so long.
    end = pd.Timestamp("2026-11-01")
    opened = end - pd.to_timedelta(rows["t"], unit="h")
    cases = pd.DataFrame({"opened_at": opened, "resolved_at": [end if ended else None for ended in rows["e"]]})
    care = cs.load({"contacts": cases.assign(team=rows["g"].astype("str"))}, as_of="2026-10-31")
    found = kpi.resolution_time(care, by="team")
    medians = {name[0].upper(): value for name, value in zip(found["team"], found["value"], strict=True)}
    assert medians == {"M": told["median_M"], "N": told["median_N"]}
    curve = survival.curve(care, kpi.resolution_time, by="team")
    mine = curve[curve["team"].str.upper().str.startswith("M")].set_index("duration")["value"]
    assert mine[[31, 34]].tolist() == pytest.approx([told["S_M_at_31"], told["S_M_at_34"]], abs=0.0006)


@pytest.mark.parametrize("customers", ["regular", "high_end"])
def test_renewals_of_fader_and_hardie(check: Check, customers: str) -> None:
    published = check("d03-sbg-fader-hardie")
    alive = [round(10 * share) for share in published["input"][f"{customers}_pct_alive"][:8]]
    model = survival.shifted_beta_geometric(alive)
    told = published["expected"]
    near = published["tolerance"][customers]["abs"]
    assert [model.alpha, model.beta, model.log_likelihood] == pytest.approx(told[customers], abs=near)
    near = published["tolerance"][f"{customers}_S_pct"]["abs"]
    assert 100 * model.survival(12) == pytest.approx(np.array(told[f"{customers}_S_pct"]), abs=near)


def test_typical_times_between_failures_of_davison_and_hinkley(check: Check) -> None:
    published = check("h01-typical-aircondit")
    times, told = published["input"]["x"], published["expected"]
    mean, bca = typical.mean(times)
    assert mean == pytest.approx(told["mean"], abs=0.001)
    assert bca == pytest.approx(tuple(told["bca"]), rel=0.03)
    assert typical.median(times)[0] == told["median"]
    assert typical.trimmed_mean(times) == pytest.approx(told["trim10"], abs=1e-9)
    assert typical.geometric_mean(times) == pytest.approx(told["geo_mean"], rel=1e-9)
    assert typical.exponential_interval(times) == pytest.approx(tuple(told["exact_exp_ci"]), abs=0.002)
