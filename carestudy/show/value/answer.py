"""What a customer is worth, as one of the eight questions: brought so far beside the forecast, if it held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.show.numbers import Form, cases, number
from carestudy.show.value import words
from carestudy.show.words import Reader
from carestudy.value import LifetimeValue

A_YEAR = 12
Row = tuple[str, str, str, Any]


def worth(reader: Reader, so_far: pd.DataFrame, ahead: LifetimeValue) -> tuple[str, str, list[Row]] | None:
    """The short answer, the sentence and the rows of its chart; nothing where there is neither value nor forecast.

    A forecast that did not hold when it was tried on an earlier day is no answer: then it is what was brought.
    """
    t, known = reader.t, so_far.dropna(subset=["value"])
    coming = ahead.whole.iloc[0]
    told = ahead.method != "" and bool(np.isfinite(coming["value"])) and ahead.trusted != "no"
    parts = _sentences(reader, so_far, ahead, told=told)
    if known.empty and not told:
        return (t("Not known."), " ".join(parts), []) if parts else None
    largest = float(np.nanmax([*known["high"].fillna(known["value"]), coming["high"] if told else np.nan]))
    form = Form(reader, "money", largest)
    rows = [_row(form, t("first {n} months", n=row["months"]), row, largest) for row in known.to_dict("records")]
    if told:
        time = words.ahead(reader, ahead)
        rows.append(_row(form, t("{time}, forecast", time=time), coming, largest))
        return t("{value} in {time}.", value=form.value(coming["value"]), time=time), " ".join(parts), rows
    months = [int(month) for month in known["months"]]
    first = months.index(A_YEAR) if A_YEAR in months else 0
    return t("{value} in the first {n} months.", value=rows[first][1], n=months[first]), " ".join(parts), rows


def _sentences(reader: Reader, so_far: pd.DataFrame, ahead: LifetimeValue, *, told: bool) -> list[str]:
    t, parts = reader.t, []
    left_out = int(so_far["left_out"].max())
    if so_far["value"].notna().any():
        parts.append(t("First months: mean revenue per customer, without returned purchases; not profit."))
    if not ahead.method:
        parts.append(f"{t('There is no forecast of what customers will bring')}. {words.why_not(reader, ahead)}")
    elif told:
        parts.append(f"{words.verdict(reader, ahead)}. {words.basis(reader, ahead)}")
    elif ahead.check:
        parts.append(f"{words.verdict(reader, ahead)}. {words.counted(reader, ahead.check)}")
    if left_out:
        parts.append(
            t(
                "Not included: {n} customers who were customers before the sales data begin, or may have been, as "
                "their first months are not all in the data.", n=number(reader, left_out),
            )
        )  # fmt: skip
    return parts


def _row(form: Form, name: str, row: Any, largest: float) -> Row:
    spread = f"{form.interval(row['low'], row['high'])}; {cases(form.reader, row['customers'])}"
    limits = tuple(row[part] / largest if largest else 0 for part in ("value", "low", "high"))
    return name, form.value(row["value"]), spread, limits
