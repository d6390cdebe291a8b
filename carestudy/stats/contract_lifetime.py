"""How long contracts still last where customers differ in how readily they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Count, Rate, validated
from carestudy.contract import CareError


@validated
def residual_lifetime(alpha: float, beta: float, *, periods: Count | int = 0, discount: Rate = 0.1) -> float:
    """Discounted periods that a customer still stays, by the shifted-beta-geometric model, per unit of margin a period.

    ``periods`` is how many a customer has been there by now. With 0 it is one just won, whose first period counts whole
    (DEL); with n it has renewed n - 1 times and the next renewal is due, which itself counts whole (DERL): who has been
    there for long has more to come. ``discount`` is a period's rate. CareError where the sum has no end. Source: Fader
    & Hardie 2010, Marketing Science 29:85-93.

    >>> round(residual_lifetime(3.80, 15.19), 2), round(residual_lifetime(0.5, 1.0, periods=2), 2)
    (4.01, 5.07)
    """
    if not (alpha > 0 and beta > 0):
        raise CareError("a model of renewals has alpha and beta above zero")
    if periods < 0:
        raise CareError(f"periods={periods} is no number of 0 or more")
    if discount == 0 and alpha <= 1:
        raise CareError("without a discount so many never leave that what they bring has no end: give a discount")
    factor = 1 / (1 + discount)
    if periods == 0:
        return float(special.hyp2f1(1, beta, alpha + beta, factor))
    last = beta + periods - 1
    return float(last / (alpha + last) * special.hyp2f1(1, last + 1, alpha + last + 1, factor))


@validated
def renewal_shares(alpha: float, beta: float, periods: Count) -> NDArray[Any]:
    """Share of the customers there before each renewal who renew, by the shifted-beta-geometric model.

    It rises with time though nobody changes: those who leave readily are gone first. Source: Fader & Hardie 2007,
    Journal of Interactive Marketing 21:76-90, equation 8.

    >>> renewal_shares(1, 1, 3).round(3).tolist()
    [0.5, 0.667, 0.75]
    """
    if not (alpha > 0 and beta > 0):
        raise CareError("a model of renewals has alpha and beta above zero")
    before = np.arange(periods)
    return (beta + before) / (alpha + beta + before)
