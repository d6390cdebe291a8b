"""The tables of `coverage.py`: how often intervals held the truth, and how often a verdict was given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.measure.intervals import wilson


def covered(estimates: pd.DataFrame) -> pd.DataFrame:
    """How often the intervals hold the truth, a row for each figure in the order of its first mention."""
    known = estimates.dropna(subset=["value", "low", "high"])
    means = known.groupby(["figure", "part"])["value"].transform("mean")
    known = known.assign(of=np.where(known["truth"].isna(), "mean", ""), truth=known["truth"].fillna(means))
    known["above"], known["below"] = known["low"] > known["truth"], known["high"] < known["truth"]
    known["held"], known["off"] = ~(known["above"] | known["below"]), known["value"] - known["truth"]
    return pd.DataFrame([_covered(name, rows) for name, rows in known.groupby("figure", sort=False)])


def _covered(name: Any, rows: pd.DataFrame) -> dict[str, Any]:
    share, low, high = _share(rows, "held")
    off = rows.groupby("seed")["off"].mean()
    error = off.std() / np.sqrt(len(off)) if len(off) > 1 else 0.0
    errors = off.mean() / error if error > 1e-12 else 0.0  # shares of a whole are never off on the whole
    one = np.ptp(rows["truth"]) < 1e-9
    flags = {"too narrow": high < 0.93, "wide": low > 0.97, "biased": abs(errors) > 4 and not rows["of"].any()}
    return {
        "figure": name, "truth": rows["of"].iloc[0] or (f"{rows['truth'].iloc[0]:.4g}" if one else "several"),
        "mean": f"{rows['value'].mean():.4g}", "bias": f"{rows['off'].mean():+.2g}", "in errors": f"{errors:+.1f}",
        "rows": len(rows), "held": f"{share:.1%}", "interval": f"{low:.1%}-{high:.1%}",
        "truth below": f"{rows['above'].mean():.1%}", "truth above": f"{rows['below'].mean():.1%}",
        "": ", ".join(flag for flag, true in flags.items() if true),
    }  # fmt: skip


def judged(verdicts: pd.DataFrame) -> pd.DataFrame:
    """How often a verdict was given, a row for each question in the order of its first mention."""
    rows = []
    for (name, expected), asked in verdicts.groupby(["asked", "expected"], sort=False):
        share, low, high = _share(asked, "called")
        flag = "too often" if expected.startswith("at most") and low > 0.05 else ""
        told = {"verdict": name, "expected": expected, "rows": len(asked), "called": f"{share:.1%}"}
        rows.append({**told, "interval": f"{low:.1%}-{high:.1%}", "": flag})
    return pd.DataFrame(rows)


def _share(rows: pd.DataFrame, column: str) -> tuple[float, float, float]:
    """A share with Wilson's interval, the rows of one seed being as alike as they are."""
    held = rows[column].astype(float)
    share, each = held.mean(), (held - held.mean()).groupby(rows["seed"]).sum()
    robust = (each**2).sum()
    worth = min(len(rows), share * (1 - share) * len(rows) ** 2 / robust) if robust > 0 else rows["seed"].nunique()
    low, high = wilson(share * worth, worth)
    return float(share), float(low), float(high)


def markdown(table: pd.DataFrame) -> str:
    """The rows of a table as text."""
    lines = [list(table.columns), ["---"] * len(table.columns), *table.astype(str).to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
