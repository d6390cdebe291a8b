"""Many comparisons at once; see ``carestudy.stats.multiple_testing``."""

from carestudy.stats.multiple_testing import adjusted

__all__ = ["adjusted"]
