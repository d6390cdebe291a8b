"""Churn: why customers say they leave, when in their life they do, and what goes with it."""

from carestudy.churn.cox import Cox, cox
from carestudy.churn.drivers import Drivers, drivers
from carestudy.churn.holdout import Quality, auc
from carestudy.churn.incidence import cumulative_incidence, incidence
from carestudy.churn.logistic import Logistic, logistic, marginal_effects
from carestudy.churn.reasons import kinds, reasons
from carestudy.churn.risk import at_risk
from carestudy.churn.shifts import changes

__all__ = [
    "Cox",
    "Drivers",
    "Logistic",
    "Quality",
    "at_risk",
    "auc",
    "changes",
    "cox",
    "cumulative_incidence",
    "drivers",
    "incidence",
    "kinds",
    "logistic",
    "marginal_effects",
    "reasons",
]
