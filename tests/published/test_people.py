"""Published numbers of fair comparison come out of the public functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_facts import Check, PublishedFile

from carestudy import people


def test_the_fifteen_p_values_of_benjamini_and_hochberg(check: Check) -> None:
    published = check("k01-bh-1995")
    p, alpha, expected = published["input"]["p"], published["input"]["alpha"], published["expected"]
    least = {
        name: people.adjusted(p, method=name) for name in ("benjamini-hochberg", "holm", "bonferroni")
    }  # fmt: skip
    found = [int((least[name] <= alpha).sum()) for name in least]
    assert found == [expected["n_bh"], expected["n_holm"], expected["n_bonferroni"]]
    first = expected["adj_bh_first6"]
    assert least["benjamini-hochberg"][: len(first)] == pytest.approx(first, abs=published["tolerance"]["abs"])


def test_the_tumours_of_historical_rats_shrink_those_of_the_seventy_first_group(
    check: Check, published_file: PublishedFile
) -> None:
    published = check("k03-beta-binomial-rats")
    groups = pd.read_csv(published_file(published["input"]["file"])).head(published["input"]["historical"])
    population = people.beta_binomial(groups["y"], groups["n"], method="moments")
    count, n = map(int, published["input"]["current"].split("/"))
    current = population.posterior([count], [n]).iloc[0]
    found = {"mean": population.mean, "sd": population.sd, "alpha": population.alpha, "beta": population.beta}
    found |= {"post_mean": current["value"], "post_sd": current["sd"]}
    for name, value in published["expected"].items():
        assert found[name] == pytest.approx(value, abs=published["tolerance"][name]["abs"]), name


def test_the_funnel_has_the_limits_of_spiegelhalters_formula(check: Check) -> None:
    published = check("k05-funnel-limits")
    given = published["input"]
    limits = people.funnel_limits(given["target"], given["n"], given["p"])
    assert limits == pytest.approx(np.array(published["expected"]["limits"]), abs=published["tolerance"]["abs"])
