"""Customers who are alike are counted once: what a model is fitted to."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from carestudy.contract import CareError, Missing
from carestudy.measure import engine
from carestudy.measure.likelihood import Data


def collapsed(history: Any, *names: str) -> Data:
    """The columns of a purchase history with how many customers are alike, counted in the engine.

    ``history`` is an Ibis table or a frame; a column ``customers`` says that it has been collapsed before. Customers
    of whom one of the values is not known are left out.
    """
    table = history if isinstance(history, ibis.Table) else _table(history, names)
    for name in names:
        if name not in table.columns:
            raise Missing("purchase_history", name, table.columns)
    known = table.drop_null(list(names))
    alike = known.customers.sum() if "customers" in known.columns else known.count()
    counted = known.group_by(list(names)).aggregate(weight=alike).order_by(list(names)).to_pyarrow()
    data = {name: counted.column(name).to_numpy().astype(float) for name in (*names, "weight")}
    if not len(data["weight"]):
        raise CareError("there are no customers to fit a model to: the history has no rows")
    if any(not np.isfinite(column).all() or (column < 0).any() for column in data.values()):
        raise CareError(f"{', '.join(names)} are numbers from 0 on")
    return data


def columns(history: Any, *names: str) -> Data:
    """The columns of a history as numbers: of a frame, of another mapping, or of an Ibis table."""
    rows = history.select(*names).to_pyarrow().to_pandas() if isinstance(history, ibis.Table) else history
    return {name: np.atleast_1d(np.asarray(rows[name], float)) for name in names}


def repeaters_needed(data: Data, end: str = "T") -> None:
    """Refuse a history that no model can be learnt from."""
    if not (data["x"] > 0).any():
        raise CareError("nobody bought twice, on two different days: a model of repeat purchases has nothing to learn")
    if (data["t_x"] > data[end]).any():
        raise CareError(f"t_x is larger than {end}: a last purchase lies after the end of the history")
    if ((data["x"] > 0) != (data["t_x"] > 0)).any():
        raise CareError("t_x is above 0 where x is: it is when the last repeat purchase came")


def _table(history: Any, names: tuple[str, ...]) -> Any:
    frame = history if isinstance(history, pd.DataFrame) else pd.DataFrame(dict(history))
    wanted = [name for name in (*names, "customers") if name in frame.columns]
    return engine.small_table(frame[wanted]) if wanted else ibis.memtable(pa.table({"none": [0]}))
