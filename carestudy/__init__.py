"""Customer-care research and management reports from Jupyter."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carestudy import kpi
    from carestudy.care import Care
    from carestudy.contract import CareError
    from carestudy.load import load
    from carestudy.measure import intervals
    from carestudy.overview import bridge, missing, scorecard
    from carestudy.periods import Period
    from carestudy.quality import quality
    from carestudy.segments import pareto, purchases
    from carestudy.show import Show

__version__ = "0.1.0"

# Heavy libraries load when a name is first used: "import carestudy" is quick.
_WHERE = {
    "Care": "carestudy.care",
    "CareError": "carestudy.contract",
    "Period": "carestudy.periods",
    "Show": "carestudy.show",
    "bridge": "carestudy.overview",
    "intervals": "carestudy.measure",
    "kpi": "carestudy",
    "load": "carestudy.load",
    "missing": "carestudy.overview",
    "pareto": "carestudy.segments",
    "purchases": "carestudy.segments",
    "quality": "carestudy.quality",
    "scorecard": "carestudy.overview",
}

__all__ = [
    "Care",
    "CareError",
    "Period",
    "Show",
    "bridge",
    "intervals",
    "kpi",
    "load",
    "missing",
    "pareto",
    "purchases",
    "quality",
    "scorecard",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'carestudy' has no attribute '{name}'")
    if name in ("intervals", "kpi"):
        return import_module(f"{_WHERE[name]}.{name}")
    return getattr(import_module(_WHERE[name]), name)
