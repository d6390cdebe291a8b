"""People: fair comparison, responsibility, goals."""

from carestudy.people.fair import compare
from carestudy.people.funnel_plot import (
    Overdispersion,
    funnel_limits,
    normal_limits,
    overdispersion,
    two_sided,
    winsorised,
)
from carestudy.people.goal_attainment import attained, goals
from carestudy.people.responsibility import caseloads, load, owners
from carestudy.people.shrink import BetaBinomial, beta_binomial, shrunken, shrunken_means
from carestudy.stats.multiple_testing import adjusted

__all__ = [
    "BetaBinomial",
    "Overdispersion",
    "adjusted",
    "attained",
    "beta_binomial",
    "caseloads",
    "compare",
    "funnel_limits",
    "goals",
    "load",
    "normal_limits",
    "overdispersion",
    "owners",
    "shrunken",
    "shrunken_means",
    "two_sided",
    "winsorised",
]
