"""Themes of free text: coded by a codebook of phrases, counted, checked against people, and what it leaves over."""

from carestudy.themes.agreement import agreement
from carestudy.themes.codebook import Codebook, codebook
from carestudy.themes.coding import coded
from carestudy.themes.counts import themes
from carestudy.themes.leftovers import leftovers
from carestudy.themes.masked import masked
from carestudy.themes.response_counts import heard
from carestudy.themes.sample import codings, sample, sheet

__all__ = [
    "Codebook",
    "agreement",
    "codebook",
    "coded",
    "codings",
    "heard",
    "leftovers",
    "masked",
    "sample",
    "sheet",
    "themes",
]
