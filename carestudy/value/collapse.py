"""Customers who are alike are counted once: what a model is fitted to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.contract import CareError, Missing
from carestudy.measure.likelihood import Data

MANY = 20_000  # different counts


def collapsed(history: Any, *names: str) -> Data:
    """The columns of a purchase history with how many customers are alike: those of a table counted in its engine.

    ``history`` is an Ibis table or a frame; a column ``customers`` says that it has been collapsed before. Customers
    of whom one of the values is not known are left out.
    """
    known = history if isinstance(history, engine.Table) else pd.DataFrame(history)
    for name in names:
        if name not in known.columns:
            raise Missing("purchase_history", name, [str(column_name) for column_name in known.columns])
    data = _counted(known, names) if isinstance(known, engine.Table) else _grouped(known, names)
    if not len(data["weight"]):
        raise CareError("there are no customers to fit a model to: the history has no rows")
    if any(not np.isfinite(column).all() or (column < 0).any() for column in data.values()):
        raise CareError(f"{', '.join(names)} are numbers from 0 on")
    return data


def _counted(table: Any, names: tuple[str, ...]) -> Data:
    """Customers who are alike, counted in the engine and put in order here, which is quicker."""
    known = table.drop_null(list(names))
    alike = known.customers.sum() if "customers" in known.columns else known.count()
    counted = engine.answer(known.group_by(list(names)).aggregate(weight=alike))
    data = {name: counted.column(name).to_numpy().astype(float) for name in (*names, "weight")}
    order = np.lexsort([data[name] for name in reversed(names)])
    return {name: column[order] for name, column in data.items()}


def _grouped(frame: pd.DataFrame, names: tuple[str, ...]) -> Data:
    """The same of a frame."""
    groups = frame.groupby(list(names), sort=True)
    sizes = groups["customers"].sum() if "customers" in frame.columns else groups.size()
    values = {name: sizes.index.get_level_values(name).to_numpy(float) for name in names}
    return {**values, "weight": sizes.to_numpy(float)}


def columns(history: Any, *names: str) -> Data:
    """The columns of a history as numbers: of a frame, of another mapping, or of an Ibis table."""
    rows = engine.answer(history.select(*names)).to_pandas() if isinstance(history, engine.Table) else history
    return {name: np.atleast_1d(np.asarray(rows[name], float)) for name in names}


def kinds(counts: Any) -> tuple[Any, Any]:
    """The different counts, and the place of each row among them: what depends on a count is worked out once.

    Every count up to the largest where that is few, which takes no sorting.

    >>> kinds(np.array([2.0, 0.0, 2.0]))
    (array([0., 1., 2.]), array([2, 0, 2]))
    """
    integers = counts.astype(np.int64)
    if integers.max(initial=0) > MANY or (integers != counts).any():
        distinct: tuple[Any, Any] = np.unique(counts, return_inverse=True)
        return distinct
    return np.arange(integers.max(initial=0) + 1.0), integers


def repeaters_needed(data: Data, end: str = "T") -> None:
    """Refuse a history that no model can be learnt from."""
    if not (data["x"] > 0).any():
        raise CareError("nobody bought twice, on two different days: a model of repeat purchases has nothing to learn")
    if (data["t_x"] > data[end]).any():
        raise CareError(f"t_x is larger than {end}: a last purchase lies after the end of the history")
    if ((data["x"] > 0) != (data["t_x"] > 0)).any():
        raise CareError("t_x is above 0 where x is: it is when the last repeat purchase came")
