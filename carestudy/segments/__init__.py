"""Segments: what each customer bought, and how customers fall into groups."""

from carestudy.segments.bought import purchases
from carestudy.segments.spread import pareto

__all__ = ["pareto", "purchases"]
