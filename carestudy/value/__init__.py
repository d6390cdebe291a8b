"""What a customer is worth: what customers have brought, and what they will still bring."""

from carestudy.measure.renewal import (
    BetaDiscreteWeibull,
    ShiftedBetaGeometric,
    beta_discrete_weibull,
    shifted_beta_geometric,
)
from carestudy.value.bg_bb import BgBb, bg_bb
from carestudy.value.bg_nbd import BgNbd, MbgNbd, bg_nbd, mbg_nbd
from carestudy.value.forecast_check import HoldOut
from carestudy.value.gamma_gamma import GammaGamma, gamma_gamma
from carestudy.value.historic import value_to_date
from carestudy.value.history import purchase_history, purchase_history_table
from carestudy.value.lifetime import LifetimeValue, customer_values, lifetime_value
from carestudy.value.pareto_nbd import ParetoNbd, pareto_nbd

__all__ = [
    "BetaDiscreteWeibull",
    "BgBb",
    "BgNbd",
    "GammaGamma",
    "HoldOut",
    "LifetimeValue",
    "MbgNbd",
    "ParetoNbd",
    "ShiftedBetaGeometric",
    "beta_discrete_weibull",
    "bg_bb",
    "bg_nbd",
    "customer_values",
    "gamma_gamma",
    "lifetime_value",
    "mbg_nbd",
    "pareto_nbd",
    "purchase_history",
    "purchase_history_table",
    "shifted_beta_geometric",
    "value_to_date",
]
