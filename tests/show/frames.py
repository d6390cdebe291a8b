"""Hand-made figures in the shape that every KPI gives, and a company to show them for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from carestudy.care import Care, Settings, TableCount
from carestudy.show import Show

MONTHS = [f"2025-{month:02}" for month in (10, 11, 12)] + [f"2026-{month:02}" for month in range(1, 11)]
NOTHING = float("nan")
HOSTILE = "<b id=live> {0} {label} $x_{$ %s \u202egnp.exe"


def figure(value: float, **given: Any) -> dict[str, Any]:
    """One row: an NPS of October 2026 from 400 answers, unless something else is given."""
    row = {"period": "2026-10", "kpi": "nps", "value": value, "low": value - 8, "high": value + 8, "n": 400}
    return row | {"numerator": value * 4, "denominator": 400} | given


def trend(values: list[float], **given: Any) -> pd.DataFrame:
    """A figure over the months up to October 2026."""
    return pd.DataFrame([figure(v, period=p, **given) for v, p in zip(values, MONTHS[-len(values) :], strict=True)])


def teams(**values: float) -> pd.DataFrame:
    """A figure by team."""
    return pd.DataFrame([{"team": name} | figure(value) for name, value in values.items()])


def score(kpi: str, value: float, **given: Any) -> dict[str, Any]:
    """One row of a scorecard, with nothing to compare with unless it is given."""
    row: dict[str, Any] = {"period": "2026-10", "kpi": kpi, "value": value, "low": value, "high": value}
    row |= {"n": 400, "numerator": 100, "denominator": 400}
    for side in ("", "year_"):
        row |= {
            f"{side}change": NOTHING,
            f"{side}change_low": NOTHING,
            f"{side}change_high": NOTHING,
            f"{side}verdict": None,
        }
    row |= {"before": NOTHING, "before_n": 0, "year_ago": NOTHING, "year_n": 0, "target": NOTHING, "reached": None}
    return row | given


def scores(*rows: dict[str, Any]) -> pd.DataFrame:
    """A scorecard."""
    return pd.DataFrame(list(rows))


def steps(**given: float) -> pd.DataFrame:
    """The bridge of October 2026."""
    return pd.DataFrame(
        [{"period": "2026-10", "start": 3452, "lost": 101, "new": 186, "returned": 0, "end": 3537} | given]
    )


def company(name: str = "Công ty Mẫu", **settings: Any) -> Care:
    """A company without tables, known up to the end of October 2026."""
    as_of = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    counts = (
        TableCount("customers", "khach_hang.xlsx", 5000, 4990, 10, "7b3e23a0c8f3e3e6"),
        TableCount("responses", "responses.csv", 1200, 1200, 0, "5328465f5d233860"),
    )
    rows = [
        {
            "table": "customers",
            "column": "joined_on",
            "reason": "is empty",
            "rows": 10,
            "examples": (2, 3),
            "set_aside": True,
        }
    ]
    return Care({}, Settings(company=name, **settings), as_of, counts, pd.DataFrame(rows))


def show(lang: str = "vi", **settings: Any) -> Show:
    """The company's October in a language."""
    return Show(company(**settings), "2026-10", lang)
