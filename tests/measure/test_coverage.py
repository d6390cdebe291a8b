"""Simulated customers who answer several times: the intervals hold the truth as often as they say, or nearly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers

import carestudy as cs
from carestudy import kpi

COMPANIES, CUSTOMERS = 400, 80
MOODS = {"glad": (0.9, 9.0), "sour": (0.5, 5.0)}  # the chance of a positive rating, the usual score


@pytest.fixture(scope="module")
def simulated() -> Any:
    """Customers of many companies, each glad or sour for good, who answer one to six times."""
    draw = np.random.default_rng(11)
    times = draw.integers(1, 7, (COMPANIES, CUSTOMERS))
    glad = draw.random((COMPANIES, CUSTOMERS)) < 0.6
    company, customer = (np.repeat(index.ravel(), times.ravel()) for index in np.indices(times.shape))
    mood = np.repeat(glad.ravel(), times.ravel())
    positive = draw.random(len(mood)) < np.where(mood, *(share for share, _ in MOODS.values()))
    score = np.clip(draw.normal(np.where(mood, *(usual for _, usual in MOODS.values())), 2).round(), 0, 10)
    ids = {"customer_id": [f"{a}/{b}" for a, b in zip(company, customer, strict=True)], "team": company.astype(str)}
    return cs.load({"responses": pd.concat([answers(np.where(positive, 5, 2), **ids), answers(score, "nps", **ids)])})


@pytest.mark.parametrize("figure", [kpi.csat, kpi.nps], ids=["csat", "nps"])
def test_intervals_cover_when_customers_answer_several_times(figure: Any, simulated: Any) -> None:
    truth = figure(simulated)["value"].item()  # of 32,000 customers
    found = figure(simulated, by="team")
    covered = ((found["low"] <= truth) & (truth <= found["high"])).mean()
    assert len(found) == COMPANIES
    assert 0.92 <= covered <= 0.98
