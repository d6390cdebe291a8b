"""Everything that can be called by a public name."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import carestudy as cs
from carestudy.measure.kpi import Kpi
from carestudy.show.churn import Churn
from carestudy.show.segments import Segments
from carestudy.show.service import Service
from carestudy.show.value import Value
from carestudy.show.voice import Voice

PAGES = (cs.Show, Churn, Segments, Service, Value, Voice)


def functions() -> dict[str, Any]:
    """Public functions and KPIs by the name under which they are reached from ``carestudy``."""
    names = {name: getattr(cs, name) for name in cs.__all__}
    parts = [(name, one) for name, one in names.items() if isinstance(one, ModuleType)]
    names |= {f"{name}.{inner}": getattr(part, inner) for name, part in parts for inner in part.__all__}
    return {name: one for name, one in names.items() if inspect.isfunction(one) or isinstance(one, Kpi)}


def public() -> dict[str, Any]:
    """Public functions, KPIs, and the methods that show a page."""
    methods = {f"{page.__name__}.{name}": one for page in PAGES for name, one in vars(page).items() if name[0] != "_"}
    return functions() | {name: one for name, one in methods.items() if inspect.isfunction(one)}
