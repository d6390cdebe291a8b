"""Churn: why customers say they leave, when in their life they do, and what goes with it."""

from carestudy.churn.cox import Cox, cox
from carestudy.churn.incidence import cumulative_incidence, incidence
from carestudy.churn.logistic import Logistic, logistic, marginal_effects
from carestudy.churn.reasons import kinds, reasons
from carestudy.churn.shifts import changes

__all__ = [
    "Cox",
    "Logistic",
    "changes",
    "cox",
    "cumulative_incidence",
    "incidence",
    "kinds",
    "logistic",
    "marginal_effects",
    "reasons",
]
