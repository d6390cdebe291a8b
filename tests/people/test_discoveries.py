"""Many comparisons at once are adjusted for being many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from carestudy.contract import CareError
from carestudy.people import adjusted

LISTS = st.lists(st.floats(0, 1), min_size=1, max_size=30)
THEIRS = {"benjamini-hochberg": "fdr_bh", "holm": "holm", "bonferroni": "bonferroni"}


@pytest.mark.parametrize("method", THEIRS)
@given(p=LISTS)
def test_every_method_is_that_of_statsmodels(method: str, p: list[float]) -> None:
    assert adjusted(p, method=method) == pytest.approx(multipletests(p, method=THEIRS[method])[1], abs=1e-12)


@given(p=LISTS)
def test_adjusting_never_makes_a_finding_surer_and_keeps_the_order(p: list[float]) -> None:
    found = adjusted(p)
    assert (found >= np.array(p)).all()
    assert (np.diff(found[np.argsort(p)]) >= 0).all()


def test_a_missing_p_value_is_no_comparison() -> None:
    found = adjusted([0.01, np.nan, 0.04])
    assert found[[0, 2]].tolist() == adjusted([0.01, 0.04]).tolist()
    assert np.isnan(found[1])


def test_no_comparison_gives_none() -> None:
    assert adjusted([]).tolist() == []


@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.1]]])
def test_what_is_no_probability_is_refused(p: list[float]) -> None:
    with pytest.raises(CareError, match="from 0 to 1"):
        adjusted(p)


def test_an_unknown_method_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(CareError, match=r"benjamini-hochberg, .*holm, .*bonferroni"):
        adjusted([0.1], method="tukey")
