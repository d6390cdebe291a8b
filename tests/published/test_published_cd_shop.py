"""What others have published of the customers of a CD shop comes out of the public functions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from large_data import shared_folder
from published_facts import Check, PublishedFile

import carestudy as cs
from carestudy import value

SHARED = shared_folder()


@pytest.fixture(scope="module")
def summary(check: Check, published_file: PublishedFile) -> pd.DataFrame:
    """The customers of the CD shop, as the authors summed them up."""
    frame = pd.read_csv(published_file(check("g01-bgnbd-cdnow")["input"]["file"]))
    return frame.rename(columns={"frequency": "x", "recency": "t_x"})


def test_bg_nbd_on_the_cd_shop(check: Check, summary: pd.DataFrame) -> None:
    published = check("g01-bgnbd-cdnow")
    model, told, near = value.bg_nbd(summary), published["expected"], published["tolerance"]
    for name in ("r", "alpha", "a", "b"):
        assert getattr(model, name) == pytest.approx(told[name], abs=near[name]["abs"])
    assert model.log_likelihood == pytest.approx(told["LL"], abs=near["LL"]["abs"])
    assert model.n == published["input"]["n"]


def test_pareto_nbd_on_the_cd_shop(summary: pd.DataFrame) -> None:
    # Fader & Hardie 2005, "A note on deriving the Pareto/NBD model", and its companion on implementing it.
    model = value.pareto_nbd(summary)
    assert model.parameters == pytest.approx((0.553, 10.578, 0.606, 11.669), abs=0.002)
    assert model.log_likelihood == pytest.approx(-9595.0, abs=0.05)


def test_gamma_gamma_on_the_cd_shop(check: Check, published_file: PublishedFile) -> None:
    published = check("g06-gamma-gamma-cdnow")
    told, near = published["expected"], published["tolerance"]
    rows = pd.read_csv(published_file(published["input"]["file"])).rename(columns={"zbar": "value"})
    model = value.gamma_gamma(rows)
    for name in ("p", "q", "v"):
        assert getattr(model, name) == pytest.approx(told[name], abs=near[name]["abs"])
    assert model.n == published["input"]["n_repeaters"]
    assert model.expected(rows[:10]) == pytest.approx(told["first10"], abs=near["first10"]["abs"])
    assert model.mean() == pytest.approx(told["population_mean"], abs=near["population_mean"]["abs"])
    assert model.correlation == pytest.approx(0.206, abs=0.001)


@pytest.fixture(scope="module")
def shop(check: Check, published_file: PublishedFile) -> Any:
    published = check("g08-rfm-from-transactions")["input"]
    names = ["master", "customer_id", "day", "discs", "amount"]
    kinds = dict.fromkeys(("customer_id", "day"), "str")
    rows = pd.read_csv(published_file(published["file"]), sep=r"\s+", header=None, names=names, dtype=kinds)
    rows["occurred_at"] = pd.to_datetime(rows["day"], format="%Y%m%d")
    sales = rows[["customer_id", "occurred_at", "amount"]]
    return cs.load({"transactions": sales}, as_of=published["end"], currency="USD")


def test_purchase_history_of_the_cd_shop(check: Check, shop: Any) -> None:
    published = check("g08-rfm-from-transactions")
    told, near = published["expected"], published["tolerance"]["*"]["abs"]
    rows = cs.purchase_history(shop, until=published["input"]["calibration_end"])
    assert len(rows) == told["customers"]
    again = rows[rows["x"] > 0]
    assert (len(again), rows["x"].max(), rows["x_after"].sum()) == (
        told["repeaters"], told["max_x"], told["holdout_total"],
    )  # fmt: skip
    assert rows["x"].mean() == pytest.approx(told["mean_x"], abs=near)
    for place, name in ((0, "customer1"), (5, "customer6")):
        assert rows.loc[place, ["x", "t_x", "T"]].tolist() == pytest.approx(told[name], abs=near)
    assert again["value"].mean() == pytest.approx(told["spend_mean"], abs=near)
    assert again["value"].std() == pytest.approx(told["spend_sd"], abs=near)
    quartiles = again["value"].quantile([0, 0.25, 0.5, 0.75, 1]).tolist()
    assert quartiles == pytest.approx(told["spend_q"], abs=published["tolerance"]["spend_q"]["abs"])


def test_the_models_come_from_the_receipts_themselves(check: Check, shop: Any) -> None:
    history = cs.purchase_history(shop, until=check("g08-rfm-from-transactions")["input"]["calibration_end"])
    assert value.bg_nbd(history).parameters == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.001)
    assert value.gamma_gamma(history).parameters == pytest.approx((6.25, 3.74, 15.44), abs=0.01)


def test_every_customer_of_the_cd_shop() -> None:
    path = SHARED / "data" / "cdnow" / "cdnow_master.csv.gz"
    rows = pd.read_csv(path, dtype={"customer_id": "str"}).rename(
        columns={"date": "occurred_at", "dollar_value": "amount"}
    )
    care = cs.load({"transactions": rows[["customer_id", "occurred_at", "amount"]]}, as_of="1998-06-30", currency="USD")
    found = cs.lifetime_value(care)
    assert found.whole["customers"].item() == 23_570
    assert found.once == 23_570 - 11_516
    assert found.check is not None
    assert found.check.events == "purchases"
    assert found.check.counted.ratio == pytest.approx(1, abs=0.25)
    row = found.whole.iloc[0]
    assert 0 < row["low"] < row["value"] < row["high"] < row["brought"]
    assert row["brought"] == pytest.approx(2_500_315.63 / 23_570, abs=0.001)
