"""Customer-care research and management reports from Jupyter."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from carestudy import hooks

if TYPE_CHECKING:
    from carestudy import churn, desk, exits, kpi, people, stats, survival, themes, trends, typical, value
    from carestudy.audiences import audience
    from carestudy.campaigns import campaign
    from carestudy.care import Care
    from carestudy.cohorts import cohorts
    from carestudy.contract import CareError
    from carestudy.eight_questions import questions
    from carestudy.expected import expectations, kano
    from carestudy.features import features, features_table
    from carestudy.findings import findings
    from carestudy.forecasts import forecast, roster
    from carestudy.load import load
    from carestudy.measure import drivers, intervals
    from carestudy.measure import kitagawa as mix
    from carestudy.nonresponse import weighted
    from carestudy.overview import bridge, missing, scorecard, silence_effect
    from carestudy.periods import Period
    from carestudy.quality import quality
    from carestudy.segments import Segments, clusters, lorenz, pareto, purchases, purchases_table, segment
    from carestudy.segments import spread as concentration
    from carestudy.segments.profile import profile
    from carestudy.segments.rfm import rfm, rfm_scores, rfm_scores_table
    from carestudy.show import Show
    from carestudy.trends import trend
    from carestudy.value import customer_values, lifetime_value, purchase_history, purchase_history_table, value_to_date
    from carestudy.whys import why

__version__ = "0.2.0"

# Heavy libraries load when a name is first used: "import carestudy" is quick.
_WHERE = {
    "Care": "carestudy.care",
    "CareError": "carestudy.contract",
    "Period": "carestudy.periods",
    "Segments": "carestudy.segments",
    "Show": "carestudy.show",
    "audience": "carestudy.audiences",
    "bridge": "carestudy.overview",
    "campaign": "carestudy.campaigns",
    "cohorts": "carestudy.cohorts",
    "expectations": "carestudy.expected",
    "kano": "carestudy.expected",
    "features": "carestudy.features",
    "features_table": "carestudy.features",
    "findings": "carestudy.findings",
    "forecast": "carestudy.forecasts",
    "load": "carestudy.load",
    "lorenz": "carestudy.segments",
    "missing": "carestudy.overview",
    "pareto": "carestudy.segments",
    "profile": "carestudy.segments",
    "purchases": "carestudy.segments",
    "purchases_table": "carestudy.segments",
    "quality": "carestudy.quality",
    "rfm": "carestudy.segments",
    "roster": "carestudy.forecasts",
    "rfm_scores": "carestudy.segments",
    "rfm_scores_table": "carestudy.segments",
    "questions": "carestudy.eight_questions",
    "scorecard": "carestudy.overview",
    "silence_effect": "carestudy.overview",
    "segment": "carestudy.segments",
    "trend": "carestudy.trends",
    "customer_values": "carestudy.value",
    "lifetime_value": "carestudy.value",
    "purchase_history": "carestudy.value",
    "purchase_history_table": "carestudy.value",
    "value_to_date": "carestudy.value",
    "weighted": "carestudy.nonresponse",
    "why": "carestudy.whys",
}
_MODULES = {
    "churn": "carestudy.churn",
    "clusters": "carestudy.segments.clusters",
    "concentration": "carestudy.segments.spread",
    "desk": "carestudy.desk",
    "drivers": "carestudy.measure.drivers",
    "exits": "carestudy.exits",
    "intervals": "carestudy.measure.intervals",
    "kpi": "carestudy.kpi",
    "mix": "carestudy.measure.kitagawa",
    "people": "carestudy.people",
    "stats": "carestudy.stats",
    "survival": "carestudy.survival",
    "themes": "carestudy.themes",
    "trends": "carestudy.trends",
    "typical": "carestudy.typical",
    "value": "carestudy.value",
}

__all__ = [
    "Care",
    "CareError",
    "Period",
    "Segments",
    "Show",
    "audience",
    "bridge",
    "campaign",
    "churn",
    "clusters",
    "cohorts",
    "concentration",
    "customer_values",
    "desk",
    "drivers",
    "exits",
    "expectations",
    "features",
    "features_table",
    "findings",
    "forecast",
    "intervals",
    "kano",
    "kpi",
    "lifetime_value",
    "load",
    "lorenz",
    "missing",
    "mix",
    "pareto",
    "people",
    "profile",
    "purchase_history",
    "purchase_history_table",
    "purchases",
    "purchases_table",
    "quality",
    "questions",
    "rfm",
    "rfm_scores",
    "rfm_scores_table",
    "roster",
    "scorecard",
    "segment",
    "silence_effect",
    "stats",
    "survival",
    "themes",
    "trend",
    "trends",
    "typical",
    "value",
    "value_to_date",
    "weighted",
    "why",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _WHERE:
        raise AttributeError(f"module 'carestudy' has no attribute '{name}'")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    # What Tab offers; a name is imported when it is used, not when it is offered.
    return sorted({*(name for name in globals() if name.startswith("__")), *__all__})


def _load(data: Any) -> Care:
    from carestudy.load import load

    return load(data)


def _html(result: object, language: str, currency: str) -> str:
    from carestudy.show.results import html

    return html(result, language, currency)


hooks.load, hooks.html = _load, _html


class _Front(ModuleType):
    """The package's front, where the name that a function and a part share is always the function's."""

    def __setattr__(self, name: str, value: Any) -> None:
        # A part that is imported would take the place of the function that is asked for by the same name.
        if not (name in _WHERE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front
