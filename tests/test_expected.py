"""What customers expect: planted weights are found, and thin data give no row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import DATA

import carestudy as cs
from carestudy.expected import expectations


def surveys(count: int, seed: int = 1) -> pd.DataFrame:
    """Surveys in which speed weighs four times as much as price, and colour nothing."""
    draw = np.random.default_rng(seed)
    speed, price, colour = draw.integers(1, 6, size=(3, count))
    csat = np.clip(np.round(0.8 * speed + 0.2 * price), 1, 5)
    wide = pd.DataFrame({"speed": speed, "price": price, "colour": colour, "csat": csat})
    wide["customer_id"], wide["answered_at"] = [f"C{n}" for n in range(count)], "2026-10-05"
    return wide.melt(["customer_id", "answered_at"], var_name="question", value_name="score")


def found(frame: pd.DataFrame, **asked: Any) -> pd.DataFrame:
    return expectations(cs.load({"responses": frame}), period="2026-10", **asked)


def test_what_drives_satisfaction_comes_first_with_its_interval() -> None:
    frame = found(surveys(600))
    assert frame["attribute"].tolist()[0] == "speed"
    assert frame["importance"].sum() == pytest.approx(1)
    assert frame["importance"][0] > 0.85
    assert ((frame["low"] <= frame["importance"]) & (frame["importance"] <= frame["high"])).all()
    assert frame["first"].tolist() == [1, 0, 0]
    assert set(frame["n"]) == {600}


def test_an_attribute_is_not_given_what_it_explains_by_chance() -> None:
    signs = np.array(np.meshgrid(*[[-1, 1]] * 4)).reshape(4, -1)
    signs = np.tile(signs, 3)  # 48 surveys, in which the four signs do not go with each other
    speed, price, colour, luck = signs
    wide = pd.DataFrame({"speed": 3 + speed, "price": 3 + price, "colour": 3 + colour})
    wide["csat"] = 3 + speed + (price + luck) // 2
    wide["customer_id"], wide["answered_at"] = [f"C{n}" for n in range(48)], "2026-10-05"
    frame = found(wide.melt(["customer_id", "answered_at"], var_name="question", value_name="score"))
    # Two thirds and a sixth of the variance of csat; of the sixth that is luck each has 1 / 44 by chance.
    less = np.array([2 / 3, 1 / 6]) - 1 / 6 / 44
    assert frame["attribute"].tolist() == ["speed", "price", "colour"]
    assert frame["importance"].to_numpy() == pytest.approx([*less / less.sum(), 0])
    assert frame["low"].iloc[2] == 0


def test_only_surveys_that_rate_everything_count() -> None:
    frame = surveys(40)
    frame.loc[(frame["question"] == "price") & (frame.index % 2 == 0), "score"] = None
    assert found(frame).empty
    assert set(found(surveys(30))["n"]) == {30}
    assert found(surveys(29)).empty
    assert list(found(surveys(29)).columns) == list(found(surveys(30)).columns)


@pytest.mark.parametrize("question", ["csat", "speed"])
def test_without_the_whole_or_without_parts_there_is_no_row(question: str) -> None:
    frame = surveys(40)
    assert found(frame[frame["question"] == question]).empty


def test_the_share_of_the_satisfied_is_of_four_and_five() -> None:
    frame = surveys(100)
    price = frame[frame["question"] == "price"]["score"]
    row = found(frame).set_index("attribute").loc["price"]
    assert row["satisfied"] == (price >= 4).mean()
    assert row["satisfied_low"] < row["satisfied"] < row["satisfied_high"]


def test_the_order_of_rows_makes_no_difference() -> None:
    frame = surveys(60)
    shuffled = frame.sample(frac=1, random_state=2)
    assert found(frame).equals(found(shuffled))


def test_the_planted_driver_of_the_demo_company_is_found() -> None:
    frame = expectations(cs.load(DATA / "demo"), period="2025-11..2026-10")
    assert frame["attribute"][0] == "solution"
    assert frame["low"][0] > frame["high"][1]
