"""What others have published of purchases, spending and renewals comes out of the public functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_facts import Check
from scipy import special

from carestudy import value

# Donors of the 1995 cohort by (x, t_x) of six occasions: Fader, Hardie & Shang 2010, Marketing Science 29(6), Table 1.
DONORS = [
    (6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129), (5, 5, 335), (4, 5, 284),
    (3, 5, 225), (2, 5, 173), (1, 5, 119), (4, 4, 240), (3, 4, 181), (2, 4, 155), (1, 4, 78), (3, 3, 322),
    (2, 3, 255), (1, 3, 129), (2, 2, 613), (1, 2, 277), (1, 1, 1091), (0, 0, 3464),
]  # fmt: skip


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
