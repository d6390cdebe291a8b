"""Campaigns: what was planted is found, nothing is found where nothing is, and groups that are none are refused."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs
from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.measure.intervals import newcombe
from carestudy.stats.experiments import cuped

BEGAN = date(2026, 9, 1)
IDS = [f"C{number:04}" for number in range(2000)]
CONTROL = IDS[1500:]


@cache
def company(lift: float = 0.0) -> Any:
    """2,000 customers, the first 1,500 of whom were written to: so much more of them buy in September."""
    dice = np.random.default_rng(3)
    worth = dice.lognormal(12, 0.7, len(IDS)).round()
    sales = []
    for number, customer in enumerate(IDS):
        treated = customer not in CONTROL
        often = 0.6 if number % 2 else 0.1
        for begins, chance in ((BEGAN - timedelta(days=30), often), (BEGAN, often + lift * treated)):
            if dice.random() < chance:
                day = begins + timedelta(days=int(dice.integers(30)))
                sales.append((customer, f"{day} 10:00", worth[number] * dice.uniform(0.8, 1.2) // 1))
    frame = pd.DataFrame(sales, columns=["customer_id", "occurred_at", "amount"])
    left = [str(BEGAN + timedelta(days=3)) if number % 25 == 0 else None for number in range(len(IDS))]
    return cs.load(
        {
            "customers": pd.DataFrame({"customer_id": IDS, "joined_on": "2025-01-01", "left_on": left}),
            "transactions": frame.assign(transaction_id=range(len(frame))),
        },
        as_of="2026-10-15",
    )


def _effect(found: Any, outcome: str) -> dict[str, Any]:
    (row,) = found.effects[found.effects["outcome"] == outcome].to_dict("records")
    return dict(row)


def test_a_planted_lift_is_found_with_the_numbers_that_a_sum_by_hand_gives() -> None:
    care = company(0.15)
    found = cs.campaign(care, IDS[:1500], CONTROL, began=str(BEGAN), days=30, planned=0.25)
    sales = care["transactions"]
    during = sales[(sales["occurred_at"] >= "2026-09-01") & (sales["occurred_at"] < "2026-10-01")]
    spent = during.groupby("customer_id")["amount"].sum().reindex(IDS, fill_value=0)
    buyers = [int((spent[part] > 0).sum()) for part in (IDS[:1500], CONTROL)]
    row = _effect(found, "bought")
    assert (row["treated"], row["control"]) == (buyers[0] / 1500, buyers[1] / 500)
    assert (row["low"], row["high"]) == pytest.approx(newcombe(buyers[0], 1500, buyers[1], 500))
    assert row["low"] < 0.15 < row["high"]
    assert row["verdict"] == "better"
    earlier = sales[(sales["occurred_at"] >= "2026-08-02") & (sales["occurred_at"] < "2026-09-01")]
    before = earlier.groupby("customer_id")["amount"].sum().reindex(IDS, fill_value=0)
    money = cuped(spent.to_numpy(), before.to_numpy(), [1] * 1500 + [0] * 500)
    assert (_effect(found, "spent")["value"], _effect(found, "spent")["low"]) == pytest.approx((money.value, money.low))
    assert found.gain == pytest.approx(1500 * money.value)
    assert found.gain_low < found.gain < found.gain_high
    assert "C0" not in repr(found)


def test_what_was_known_before_makes_the_money_surer() -> None:
    found = _effect(cs.campaign(company(0.15), IDS[:1500], CONTROL, began=str(BEGAN)), "spent")
    sales = company(0.15)["transactions"]
    during = sales[(sales["occurred_at"] >= "2026-09-01") & (sales["occurred_at"] < "2026-10-01")]
    spent = during.groupby("customer_id")["amount"].sum().reindex(IDS, fill_value=0).to_numpy()
    plain = cs.stats.welch(spent[:1500], spent[1500:])
    assert found["high"] - found["low"] < plain.high - plain.low


def test_where_nothing_was_planted_nothing_is_told() -> None:
    found = cs.campaign(company(), IDS[:1500], CONTROL, began=str(BEGAN))
    assert set(found.effects["verdict"]) == {"cannot tell"}
    assert found.gain_low < 0 < found.gain_high
    left = _effect(found, "left")
    assert (left["treated"], left["control"]) == (60 / 1500, 20 / 500)
    assert 0.02 < left["smallest"] < 0.05


def test_an_event_that_happened_to_a_few_has_no_interval() -> None:
    row = _effect(cs.campaign(company(), IDS[:1500], CONTROL[:60], began=str(BEGAN), planned=60 / 1560), "left")
    assert row["verdict"] == "too few"
    assert np.isnan(row["low"])


def test_the_files_of_a_list_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in (".csv", ".xlsx"):
        care = company(0.15)
        folder = tmp_path / f"data{suffix}"
        folder.mkdir()
        for table in ("customers", "transactions"):
            care[table].to_csv(folder / f"{table}.csv", index=False)
        path = tmp_path / f"gifts{suffix}"
        command = ["audience", "gifts", "--data", str(folder), "--as-of", "2026-08-31", "--control", "0.2"]
        assert main([*command, "--days", "1", "--top", "0.9", "--out", str(path)]) == 0
        found = cs.campaign(care, str(path), began=str(BEGAN), planned=0.2)
        assert found.assigned + found.held_out > 100
        assert found.held_out == pytest.approx(0.2 * (found.assigned + found.held_out), abs=1)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("drawn", "control", "call", "message"),
    [
        (IDS[:9], None, {}, "customers who were held out: draw its list with --control"),
        (IDS[:9], [], {}, "customers who were held out"),
        (IDS[:9], IDS[8:20], {}, "1 customers are in both groups"),
        ([*IDS[:9], "X1", "X2"], IDS[20:30], {}, "2 of 21 customers of the lists are not in the data"),
        (IDS[:1500], CONTROL[:350], {"planned": 0.25}, "350 of 1,850 customers are held out where 25.0% was planned"),
        (IDS[:1500], CONTROL, {"planned": 25.0}, "planned=25.0 is the share that was to be held out, such as 0.1"),
        (IDS[:1500], CONTROL, {"days": 90}, "the 90 days from 2026-09-01 are not over"),
        (IDS[:1500], CONTROL, {"began": "1/9/2026"}, "began='1/9/2026' is no day"),
        ("none.csv", None, {}, "there is no file none.csv"),
    ],
)
def test_what_is_no_campaign_is_refused(drawn: Any, control: Any, call: dict[str, Any], message: str) -> None:
    with pytest.raises(CareError, match=message):
        cs.campaign(company(), drawn, control, **{"began": str(BEGAN), **call})
