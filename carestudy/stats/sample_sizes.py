"""How many customers a comparison takes, what it can show, and how much of its level a look may use."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from carestudy.arguments import Inside, validated
from carestudy.contract import CareError


@validated
def sample_size_of_shares(share: Inside, other: Inside, *, power: Inside = 0.8, level: Inside = 0.05) -> float:
    """Customers needed in each arm to see the difference of two shares, two-sided at ``level``, as often as ``power``.

    The variance of no difference is that of the mean share, as in R's power.prop.test. Round it up. CareError for two
    equal shares. Source: Fleiss, Levin & Paik 2003, section 4.2.

    >>> round(sample_size_of_shares(0.5, 0.75, power=0.9), 1)
    76.7
    """
    if share == other:
        raise CareError("two equal shares have no difference to be seen")
    mean = (share + other) / 2
    spread = _z(1 - level / 2) * np.sqrt(2 * mean * (1 - mean))
    spread += _z(power) * np.sqrt(share * (1 - share) + other * (1 - other))
    return float((spread / (share - other)) ** 2)


@validated
def power_of_shares(n: float, share: Inside, other: Inside, *, level: Inside = 0.05) -> float:
    """How often two arms of n customers show the difference of two shares, two-sided at ``level``.

    >>> round(power_of_shares(50, 0.5, 0.75), 2)
    0.74
    """
    mean = (share + other) / 2
    null = _z(1 - level / 2) * np.sqrt(2 * mean * (1 - mean))
    spread = np.sqrt(share * (1 - share) + other * (1 - other))
    return float(special.ndtr((np.sqrt(n) * abs(share - other) - null) / spread))


@validated
def power_of_means(n: float, difference: float, *, sigma: float = 1.0, level: Inside = 0.05) -> float:
    """How often two arms of n customers show a difference of means, by Student's test two-sided at ``level``.

    The other side's tail is left out, as in R's power.t.test.

    >>> round(power_of_means(20, 1), 4)
    0.869
    """
    df = 2 * (n - 1)
    reach = float(special.stdtrit(df, 1 - level / 2))
    return float(1 - special.nctdtr(df, np.sqrt(n / 2) * abs(difference) / sigma, reach))


@validated
def sample_size_of_means(difference: float, *, sigma: float = 1.0, power: Inside = 0.8, level: Inside = 0.05) -> float:
    """Customers needed in each arm to see a difference of means by Student's test; round it up.

    >>> round(sample_size_of_means(1, power=0.9), 3)
    22.021
    """
    if difference == 0 or not sigma > 0:
        raise CareError("a sample size needs a difference other than zero and a spread above zero")
    guess = 2 * ((_z(1 - level / 2) + _z(power)) * sigma / difference) ** 2
    return float(
        optimize.brentq(lambda n: power_of_means(n, difference, sigma=sigma, level=level) - power, 2, guess * 2 + 20)
    )


@validated
def smallest_difference(
    n: float, n_control: float, share: Inside, *, power: Inside = 0.8, level: Inside = 0.05
) -> float:
    """The smallest difference of shares that arms of these sizes show as often as ``power``, from a control's share.

    >>> round(smallest_difference(5_000, 500, 0.10), 3)
    0.039
    """
    spread = np.sqrt(share * (1 - share) * (1 / n + 1 / n_control))
    return float((_z(1 - level / 2) + _z(power)) * spread)


@validated
def spent(information: Inside | int, *, level: Inside = 0.05) -> float:
    """How much of the level a look may have used when this share of the data is in (O'Brien & Fleming's spending).

    Early looks get next to nothing, so that the last keeps nearly all. Source: Lan & DeMets 1983, Biometrika
    70:659-663.

    >>> round(spent(0.5), 5), round(spent(1), 5)
    (0.00305, 0.05)
    """
    return float(4 * (1 - special.ndtr(_z(1 - level / 4) / np.sqrt(information))))


def _z(share: float) -> float:
    return float(special.ndtri(share))
