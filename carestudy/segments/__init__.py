"""Segments: what each customer bought, how revenue is spread, and how customers fall into groups."""

from carestudy.segments.bought import purchases, purchases_table
from carestudy.segments.kmeans import Segments, segment
from carestudy.segments.profile import profile
from carestudy.segments.rfm import rfm, rfm_scores, rfm_scores_table
from carestudy.segments.spread import lorenz, pareto

__all__ = [
    "Segments",
    "lorenz",
    "pareto",
    "profile",
    "purchases",
    "purchases_table",
    "rfm",
    "rfm_scores",
    "rfm_scores_table",
    "segment",
]
