"""Freestanding statistics: numbers in, numbers out, without a company's tables."""

from carestudy.stats.bot_outcomes import BotOutcomes, bot_outcomes
from carestudy.stats.calendars import days_from_tet, holiday_shares, iso_week, tet, trading_days, weeks_of
from carestudy.stats.category_mix import MixTest, mix_against, mix_test
from carestudy.stats.centre_matching import match_centres
from carestudy.stats.contract_lifetime import renewal_shares, residual_lifetime
from carestudy.stats.control_charts import (
    Cusum,
    Overdispersed,
    cusum,
    ewma,
    g_chart,
    negative_binomial,
    t_chart,
    xbar_s,
)
from carestudy.stats.experiments import (
    Compliance,
    Effect,
    Split,
    adjusted_effects,
    compliance,
    cuped,
    sample_ratio,
    welch,
)
from carestudy.stats.false_alarms import alarm_chance, cusum_run_length, run_length
from carestudy.stats.forecast_accuracy import (
    Accuracy,
    Coverage,
    DieboldMariano,
    accepted_misses,
    conformal_half_width,
    diebold_mariano,
    forecast_accuracy,
    interval_scores,
    kupiec,
    seasonal_naive,
)
from carestudy.stats.importance_quadrants import importance_performance
from carestudy.stats.multiple_testing import Families, TwoStage, adjusted, families, simes, two_stage
from carestudy.stats.proportions import TrueShare, clopper_pearson, jeffreys, true_share
from carestudy.stats.rater_agreement import Kappa, kappa, krippendorff_alpha, mcnemar
from carestudy.stats.ratios import RatioOfTotals, ratio_of_totals
from carestudy.stats.sample_sizes import (
    power_of_means,
    power_of_shares,
    sample_size_of_means,
    sample_size_of_shares,
    smallest_difference,
    spent,
)
from carestudy.stats.shrinkage import james_stein
from carestudy.stats.standardisation import (
    ObservedExpected,
    Standardised,
    direct_rate,
    direct_share,
    indirect_rate,
    observed_expected,
    ratio_of_ratios,
)
from carestudy.stats.transitions import (
    Absorbing,
    SameSteps,
    absorbing,
    first_passage,
    same_steps,
    stationary,
    transition_chances,
    transition_counts,
)
from carestudy.stats.trend_tests import MannKendall, QuasiBinomial, mann_kendall, quasi_binomial
from carestudy.stats.uplift import Uplift, qini
from carestudy.stats.weighting import Weighted, kish_effect, poststratified_mean, rake, weighted_mean, weighted_share

__all__ = [
    "Absorbing",
    "Accuracy",
    "BotOutcomes",
    "Compliance",
    "Coverage",
    "Cusum",
    "DieboldMariano",
    "Effect",
    "Families",
    "Kappa",
    "MannKendall",
    "MixTest",
    "ObservedExpected",
    "Overdispersed",
    "QuasiBinomial",
    "RatioOfTotals",
    "SameSteps",
    "Split",
    "Standardised",
    "TrueShare",
    "TwoStage",
    "Uplift",
    "Weighted",
    "absorbing",
    "accepted_misses",
    "adjusted",
    "adjusted_effects",
    "alarm_chance",
    "bot_outcomes",
    "clopper_pearson",
    "compliance",
    "conformal_half_width",
    "cuped",
    "cusum",
    "cusum_run_length",
    "days_from_tet",
    "diebold_mariano",
    "direct_rate",
    "direct_share",
    "ewma",
    "families",
    "first_passage",
    "forecast_accuracy",
    "g_chart",
    "holiday_shares",
    "importance_performance",
    "indirect_rate",
    "interval_scores",
    "iso_week",
    "james_stein",
    "jeffreys",
    "kappa",
    "kish_effect",
    "krippendorff_alpha",
    "kupiec",
    "mann_kendall",
    "match_centres",
    "mcnemar",
    "mix_against",
    "mix_test",
    "negative_binomial",
    "observed_expected",
    "poststratified_mean",
    "power_of_means",
    "power_of_shares",
    "qini",
    "quasi_binomial",
    "rake",
    "ratio_of_ratios",
    "ratio_of_totals",
    "renewal_shares",
    "residual_lifetime",
    "run_length",
    "same_steps",
    "sample_ratio",
    "sample_size_of_means",
    "sample_size_of_shares",
    "seasonal_naive",
    "simes",
    "smallest_difference",
    "spent",
    "stationary",
    "t_chart",
    "tet",
    "trading_days",
    "transition_chances",
    "transition_counts",
    "true_share",
    "two_stage",
    "weeks_of",
    "weighted_mean",
    "weighted_share",
    "welch",
    "xbar_s",
]


def __dir__() -> list[str]:
    return __all__
