"""Published trends, control charts and changes of level come out of the public functions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from published_facts import Check, PublishedFile

from carestudy import trends


def _rows(published_file: PublishedFile, published: dict[str, Any]) -> pd.DataFrame:
    return pd.read_csv(published_file(published["input"]["file"]))


def _same(found: dict[str, Any], published: dict[str, Any]) -> None:
    for name, value in found.items():
        assert value == pytest.approx(published["expected"][name], **published["tolerance"]), name


def test_the_trend_of_smokers_is_that_of_r(check: Check) -> None:
    published = check("c01-prop-trend")
    given = published["input"]
    found = trends.cochran_armitage(given["x"], given["n"], given["scores"])
    _same({"chi2": found.chi2, "df": found.df, "p": found.p}, published)


def test_laneys_limits_of_the_nhs_hold_every_week_and_the_plain_ones_few(
    check: Check, published_file: PublishedFile
) -> None:
    published = check("c02-laney-p-nhs")
    weeks = _rows(published_file, published)
    chart, plain = trends.laney_limits(weeks["r"], weeks["n"]), trends.p_limits(weeks["r"], weeks["n"])
    first = chart.iloc[0]
    found = {"centre": first["centre"], "sigma_z": first["sigma_z"], "lcl_week1": first["low"]}
    found |= {"ucl_week1": first["high"], "points_outside_pprime": chart["outside"].sum()}
    _same({**found, "points_outside_plain_p": plain["outside"].sum()}, published)


def test_the_quasi_binomial_trend_is_that_of_r(check: Check, published_file: PublishedFile) -> None:
    published = check("c03-quasibinomial-trend")
    weeks = _rows(published_file, published)
    found = trends.quasi_binomial_trend(weeks["r"], weeks["n"], time=weeks["i"])
    told = {"slope": found.slope, "phi": found.dispersion, "se_quasi": found.error, "t": found.t}
    _same({**told, "p_quasi_t18": found.p, "z_naive": found.naive_z}, published)
    assert found.df == 18


def test_the_nile_changed_after_1898(check: Check, published_file: PublishedFile) -> None:
    published = check("c06-nile-changepoint")
    years = _rows(published_file, published)
    one = trends.change_point(years["flow"])
    found = {"n_before_change": one.before, "last_year_before_change": years["year"].iloc[one.before - 1]}
    _same({**found, "mean_before": one.mean_before, "mean_after": one.mean_after}, published)
    assert one.clear
    assert trends.change_points(years["flow"])["size"].tolist() == [28, 72]


def test_the_individuals_chart_is_that_of_nist(check: Check) -> None:
    published = check("c07-xmr-nist")
    first = trends.individuals_limits(published["input"]["x"]).iloc[0]
    _same({"mean": first["centre"], "mr_bar": first["mr_bar"], "ucl": first["high"], "lcl": first["low"]}, published)
