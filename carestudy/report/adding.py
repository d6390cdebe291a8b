"""Whether the reports of all groups add up to that of the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.load.only import divided
from carestudy.measure import ratio
from carestudy.measure.kpi import Kpi
from carestudy.measure.stock import has_contracts

FOLLOWED = ("recontact_rate",)  # what follows a contact may belong to another group: their numerators do not add up
Figures = Mapping[str, Any]


def unequal(whole: Figures, parts: Sequence[Figures], care: Care, dimension: str) -> list[str]:
    """What is counted otherwise in the parts than in the whole: rows of tables, and figures that count rows."""
    shared = [
        name for name in care.tables if name not in ("staff", "goals") and divided(care, name, dimension) is not None
    ]
    found = []
    rows = {one["table"]: one.get("used") for one in whole.get("tables", ())}
    for name in shared:
        total = sum(one["used"] for part in parts for one in part.get("tables", ()) if one["table"] == name)
        if name in rows and total != rows[name]:
            found.append(f"{name} has {rows[name]} rows, its parts {total}")
    summed = [_sums(part) for part in parts]
    for key, (kpi, counts) in _named(whole).items():
        for side in _sides(kpi, care, dimension, shared):
            total = sum(part.get(key, {}).get(side) or 0 for part in summed)
            if abs(total - (counts[side] or 0)) > 1e-9 * max(1.0, abs(total)):
                found.append(f"{kpi} of {json.loads(key)[1]}: {side} {counts[side]:,.0f}, its parts {total:,.0f}")
    return found


def _sums(part: Figures) -> dict[str, Mapping[str, Any]]:
    return {key: counts for key, (_, counts) in _named(part).items()}


def _named(report: Figures) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The figures of a report that are not split any further, by KPI and period."""
    own = [one for one in report["figures"] if not one.get("by") and one.get("kpi")]
    return {json.dumps([one["kpi"], one["period"]]): (str(one["kpi"]), one) for one in own}


def _sides(name: str, care: Care, dimension: str, shared: Sequence[str]) -> list[str]:
    """Which of numerator and denominator are the sums of those of the groups."""
    from carestudy.kpi import ALL

    base, _, told = name.rstrip(")").partition("(")
    if base not in ALL:
        return []
    options = dict(part.split("=", 1) for part in told.split(",") if "=" in part)
    try:
        return _adding(ALL[base].of(**options), care, dimension, shared)
    except (CareError, TypeError):
        return []


def _adding(kpi: Kpi, care: Care, dimension: str, shared: Sequence[str]) -> list[str]:
    if not set(kpi.tables) <= set(shared):
        return []
    both = ["numerator", "denominator"]
    if kpi.kind in ("stock", "mix"):
        return both if has_contracts(care) or dimension in care.tables["customers"].columns else []
    if kpi.kind not in ("ratio", "total"):
        return []
    made = ratio.fractions(care, kpi)
    if any(fraction.of_customers for fraction in made.values()) and set(made) != {"customers"}:
        return []  # a customer of two groups counts in both
    return ["denominator"] if kpi.name in FOLLOWED else both
