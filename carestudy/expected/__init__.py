"""What service customers expect: what weighs in their satisfaction, and what they take for granted."""

from carestudy.expected.kano_table import kano
from carestudy.expected.weights import expectations

__all__ = ["expectations", "kano"]
