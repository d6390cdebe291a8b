"""What others have published of purchases, spending and renewals comes out of the public functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from published_facts import Check, PublishedFile
from scipy import special

import carestudy as cs
from carestudy import value

# Donors of the 1995 cohort by (x, t_x) of six occasions: Fader, Hardie & Shang 2010, Marketing Science 29(6), Table 1.
DONORS = [
    (6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129), (5, 5, 335), (4, 5, 284),
    (3, 5, 225), (2, 5, 173), (1, 5, 119), (4, 4, 240), (3, 4, 181), (2, 4, 155), (1, 4, 78), (3, 3, 322),
    (2, 3, 255), (1, 3, 129), (2, 2, 613), (1, 2, 277), (1, 1, 1091), (0, 0, 3464),
]  # fmt: skip


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


def test_bg_nbd_predictions(check: Check) -> None:
    published = check("g02-bgnbd-predictions")
    told, near = published["expected"], published["tolerance"]
    model = value.BgNbd.at(published["input"]["params"])
    x, t_x, age, time = np.array(published["input"]["cases"]).T
    history = {"x": x, "t_x": t_x, "T": age}
    found = [
        model.conditional({name: column[[at]] for name, column in history.items()}, time[at])[0] for at in range(len(x))
    ]
    assert found == pytest.approx(told["cet"], rel=near["cet"]["rel"])
    assert model.alive(history)[:2] == pytest.approx([told["palive_2"], told["palive_26"]], abs=near["palive_2"]["abs"])
    assert model.alive(history)[1] == pytest.approx(told["palive_26"], abs=near["palive_26"]["abs"])
    assert model.expected(52) == pytest.approx(told["E52"], abs=near["E52"]["abs"])


def test_pareto_nbd_on_the_cd_shop(summary: pd.DataFrame) -> None:
    # Fader & Hardie 2005, "A note on deriving the Pareto/NBD model", and its companion on implementing it.
    model = value.pareto_nbd(summary)
    assert model.parameters == pytest.approx((0.553, 10.578, 0.606, 11.669), abs=0.002)
    assert model.log_likelihood == pytest.approx(-9595.0, abs=0.05)


def test_discounted_purchases_of_pareto_nbd_for_ever() -> None:
    # The closed form with the confluent hypergeometric function: Fader, Hardie & Lee 2005, JMR 42(4), eq. 2.
    model, rate = value.ParetoNbd.at((0.553, 10.578, 0.606, 11.669)), 0.0027
    r, alpha, s, beta = model.parameters
    for x, t_x, age in ((0, 0.0, 77.86), (2, 30.43, 38.86), (26, 30.86, 31.0)):
        history = {"x": [x], "t_x": [t_x], "T": [age]}
        size = r + s + x
        whole = _integral(size, s, (alpha, beta), (t_x, age))
        like = 1 / ((alpha + age) ** (r + x) * (beta + age) ** s) + s / size * whole
        tricomi = special.hyperu(s, s, rate * (beta + age))
        told = rate ** (s - 1) * (r + x) * tricomi / (alpha + age) ** (r + x + 1) / like
        assert model.discounted(history, rate=rate)[0] == pytest.approx(told, rel=1e-6)


def _integral(size: float, s: float, parameters: tuple[float, float], times: tuple[float, float]) -> float:
    """A0 of the likelihood where beta is larger than alpha, by the hypergeometric functions of the paper."""
    (alpha, beta), shape = parameters, s + 1
    x_r = size - s
    sides = [
        special.hyp2f1(size, x_r, size + 1, (beta - alpha) / (beta + time)) / (beta + time) ** size for time in times
    ]
    assert beta > alpha
    assert shape > 1
    return float(sides[0] - sides[1])


def test_bg_bb_on_the_donors() -> None:
    donors = pd.DataFrame(DONORS, columns=["x", "t_x", "customers"]).assign(n=6)
    model = value.bg_bb(donors)
    assert model.parameters == pytest.approx((1.204, 0.750, 0.657, 2.783), abs=0.001)
    assert model.log_likelihood == pytest.approx(-33225.6, abs=0.05)
    assert model.n == 11_104
    # A model fitted to six occasions gives back how often they were used: 24,615 donations.
    assert model.expected(6) == pytest.approx((donors["x"] * donors["customers"]).sum() / 11_104, abs=0.04)


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


@pytest.mark.parametrize("customers", ["regular", "high_end"])
def test_renewals_with_and_without_the_time_a_customer_is_there(check: Check, customers: str) -> None:
    published = check("d03-sbg-fader-hardie")
    alive = [round(10 * share) for share in published["input"][f"{customers}_pct_alive"][:8]]
    plain, richer = value.shifted_beta_geometric(alive), value.beta_discrete_weibull(alive)
    told, near = published["expected"][customers], published["tolerance"][customers]["abs"]
    assert (*plain.parameters, plain.log_likelihood) == pytest.approx(tuple(told), abs=near)
    assert richer.log_likelihood > plain.log_likelihood
    held_out = np.array(published["input"][f"{customers}_pct_alive"][8:])
    assert (
        np.abs(100 * richer.survival(12)[8:] - held_out).max()
        < np.abs(100 * plain.survival(12)[8:] - held_out).max() + 0.5
    )


def test_every_customer_of_the_cd_shop(shared: Path) -> None:
    path = shared / "data" / "cdnow" / "cdnow_master.csv.gz"
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
