"""Published numbers about leaving come out of the public functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_facts import Check, PublishedFile

import carestudy as cs


@pytest.mark.parametrize("method", ["goodman", "sison_glaz"])
def test_simultaneous_intervals_of_sison_and_glaz(check: Check, method: str) -> None:
    published = check("e01-multinomial-ci")
    limits = getattr(cs.intervals, method)(published["input"]["counts"])
    assert np.transpose(limits) == pytest.approx(
        np.array(published["expected"][method]), abs=published["tolerance"]["abs"]
    )


@pytest.fixture(scope="module")
def gammopathy(check: Check, published_file: PublishedFile) -> pd.DataFrame:
    return pd.read_csv(published_file(check("e03-aalen-johansen-mgus")["input"]["file"]))


def test_cumulative_incidence_of_competing_causes(check: Check, gammopathy: pd.DataFrame) -> None:
    published = check("e03-aalen-johansen-mgus")
    told, near = published["expected"], published["tolerance"]["abs"]
    found = cs.churn.cumulative_incidence(
        gammopathy["time"], gammopathy["event"], times=published["input"]["times"]
    ).set_index("duration")
    for cause in (1, 2):
        curve = found[found["event"] == cause]
        assert curve["value"].tolist() == pytest.approx(told[f"cif{cause}"], abs=near)
    errors = found[found["event"] == 1]["error"]
    assert errors[[60, 120, 240, 360]].tolist() == pytest.approx(told["se1_60_120_240_360"], abs=near)


def test_one_minus_kaplan_meier_is_not_the_incidence(check: Check, gammopathy: pd.DataFrame) -> None:
    published = check("e03-aalen-johansen-mgus")
    curve = cs.survival.kaplan_meier(gammopathy["time"], gammopathy["event"] == 1)
    trap = 1 - curve[curve["duration"] <= 240]["value"].iloc[-1]
    assert trap == pytest.approx(published["expected"]["one_minus_km_cause1_240"], abs=published["tolerance"]["abs"])
    assert trap > 2 * published["expected"]["cif1"][3]


def test_cox_regression_of_rearrest(check: Check, published_file: PublishedFile) -> None:
    published = check("e05-cox-rossi")
    told, near = published["expected"], published["tolerance"]
    rows = pd.read_csv(published_file(published["input"]["file"]))
    columns = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    found = cs.churn.cox(rows, duration="week", event="arrest", columns=columns)
    effects = found.effects.set_index("column").loc[columns]
    assert effects["coefficient"].tolist() == pytest.approx(told["coefs"], abs=near["coefs"]["abs"])
    assert effects["error"].tolist() == pytest.approx(told["ses"], abs=near["ses"]["abs"])
    assert found.log_likelihood == pytest.approx(told["loglik"], abs=near["loglik"]["abs"])
    assert found.concordance == pytest.approx(told["concordance"], abs=near["concordance"]["abs"])
    assert found.chi_square == pytest.approx(told["lr_chi2"], abs=near["lr_chi2"]["abs"])
    # The book's own check: the effects of age and of work experience change over time, and no other does.
    assert effects.index[effects["proportional_p"] < 0.05].tolist() == ["age", "wexp"]


def test_average_marginal_effects_of_spector_and_mazzeo(check: Check) -> None:
    from statsmodels.datasets import spector

    published = check("e07-average-marginal-effects")
    told, near = published["expected"], published["tolerance"]["abs"]
    rows = spector.load_pandas().data
    model = cs.churn.logistic(rows, outcome="GRADE", columns=["GPA", "TUCE", "PSI"])
    assert list(model.coefficients) == pytest.approx(told["coef"], abs=near)
    assert model.log_likelihood == pytest.approx(told["llf"], abs=near)
    slopes = cs.churn.marginal_effects(rows, model, dummy=False)
    assert slopes["value"].tolist() == pytest.approx(told["ame"], abs=near)
    assert slopes["error"].tolist() == pytest.approx(told["ame_se"], abs=near)
    switched = cs.churn.marginal_effects(rows, model).set_index("column")["value"]
    assert switched["PSI"] == pytest.approx(told["psi_discrete"], abs=near)
    assert switched["GPA"] == pytest.approx(told["ame"][0], abs=near)
