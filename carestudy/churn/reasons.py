"""Why customers say they leave: shares that hold together, what changed, and what could have been prevented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.churn.given import INVOLUNTARY, SEVERAL, UNKNOWN, UNTOLD, VOLUNTARY, Counts, beside, kind_of, singly
from carestudy.churn.shifts import changes
from carestudy.contract import CareError
from carestudy.measure import intervals, stock
from carestudy.measure.front import reads
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Count, Level, Months
from carestudy.measure.premises import LEAVERS_LISTED, LOSS_SHOWS, NOTE, demand_base, demand_days
from carestudy.measure.rows import groups
from carestudy.periods import Period

STATED, OTHERS = "stated", "others"
METHODS: dict[str, Callable[..., intervals.Limits]] = {
    "goodman": intervals.goodman,
    "sison_glaz": intervals.sison_glaz,
}
MEASURED = ("value", "low", "high", "n", "numerator", "denominator")
COMPARED = ("before", "before_n", "change", "change_low", "change_high", "p", "p_adjusted", "verdict")


@reads("customers")
def reasons(
    care: Care,
    *,
    period: str | None = None,
    top: Count = 5,
    by: str | Sequence[str] | None = None,
    against: str | None = None,
    months: Months | None = 12,
    method: str = "goodman",
    level: Level = 0.95,
) -> pd.DataFrame:
    """Share of each reason for leaving among the customers lost in the twelve months up to the end of the period.

    Lost is everybody who left in those months and is not here at their end, newcomers of the same months as well;
    ``months=None`` takes those of the period alone. A row for each of the ``top`` most frequent reasons, one for all
    ``others`` together, and one for the leavers of whom no reason is known (``what`` tells which). ``kind`` is
    voluntary or involuntary by ``involuntary`` of care.toml. Shares, 0 to 1; Goodman's intervals hold for all reasons
    together (``method="sison_glaz"`` where no count is small); where leavers name several reasons, parted by a
    semicolon, shares add up to more than 1 and each has a Wilson interval. The change is against the months just before
    (``against="year_ago"``: a year earlier), with Newcombe's interval; its verdict, more often, less often or cannot
    tell, follows from adjusted residuals (Haberman 1973) with p values adjusted by Benjamini and Hochberg over all
    reasons of a group. Where the leaving dates are the day of a list of who had left by then, these are all of them,
    whenever they left, compared with nobody; the column ``note`` says so.

    >>> import carestudy as cs
    >>> rows = [("A", "price"), ("B", "price; moved"), ("C", None), ("D", "moved"), ("E", "price")]
    >>> people = pd.DataFrame(rows, columns=["customer_id", "leave_reason"])
    >>> care = cs.load({"customers": people.assign(joined_on="2024-01-01", left_on="2026-10-05")}, as_of="2026-10-31")
    >>> reasons(care)[["reason", "what", "value", "numerator"]]
       reason     what  value  numerator
    0   price   stated    0.6          3
    1   moved   stated    0.4          2
    2    None  unknown    0.2          1
    """
    if method not in METHODS:
        raise CareError(f"method='{method}' is not known: choose one of {', '.join(METHODS)}")
    now, before = _windows(care, period, months, against)
    dimensions = groups(by)
    counted = _counted(care, dimensions, [now, before])
    grouped: Any = counted.groupby(dimensions, dropna=False, sort=True) if dimensions else [((), counted)]
    pieces = [
        _group(care, _counts(rows), top, method, level).assign(**dict(zip(dimensions, key, strict=True)))
        for key, rows in grouped
    ]
    table = pd.concat(pieces, ignore_index=True) if pieces else _group(care, [], top, method, level)
    table[dimensions] = table[dimensions].astype(object).where(table[dimensions].notna(), None)
    result: pd.DataFrame = table.assign(period=_span(now))[
        [*dimensions, "period", "reason", "what", "kind", *MEASURED, *COMPARED]
    ]
    if listed := LEAVERS_LISTED.mark(care):
        return result.assign(**{NOTE: pd.Series([listed] * len(result), dtype=object)})
    return result


@reads("customers")
def kinds(care: Care, *, period: str | None = None, months: Months | None = 12, level: Level = 0.95) -> pd.DataFrame:
    """Share of the lost customers whose reasons the company could have done something about, and of the others.

    ``involuntary`` in care.toml lists the reasons that are nobody's to win back, such as moving away; a leaver is
    involuntary where all the reasons given are. Rows: voluntary, involuntary, unknown; without the setting all
    with a reason are "not told apart". Share, 0 to 1; Goodman's intervals.
    """
    now, _ = _windows(care, period, months, None)
    counted = _counted(care, [], [now])
    known = [VOLUNTARY, INVOLUNTARY] if care.settings.involuntary else [UNTOLD]
    kind_by_row = pd.Series(
        [kind_of(text, care.settings.involuntary) for text, _, _ in _counts(counted)], counted.index
    )
    count = np.array([int(counted.loc[kind_by_row == kind, "now"].sum()) for kind in (*known, UNKNOWN)])
    low, high = intervals.goodman(count, level)
    value = count / count.sum() if count.sum() else np.full(len(count), np.nan)
    return pd.DataFrame(
        {
            "period": _span(now), "kind": [*known, UNKNOWN], "value": value, "low": low, "high": high,
            "n": count.sum(), "numerator": count, "denominator": count.sum(),
        }
    )  # fmt: skip


def _windows(care: Care, period: str | None, months: int | None, against: str | None) -> list[tuple[date, date]]:
    """The days of which leavers are looked at, and those they are compared with."""
    if against not in (None, "before", "year_ago"):
        raise CareError(f"against='{against}' is not known: choose before or year_ago")
    requested = known_period(care, period) if period else Period.until(care.known_until)
    start, end = stock.window(care, requested, months)
    year_ago = against == "year_ago"
    if months is None and requested.unit:
        earlier = requested.year_ago() if year_ago else requested.before()
        return [(start, end), (earlier.start, earlier.end)]
    if year_ago:
        back = [Period.until(day, 12).start for day in (start, end)]
        if back[1] > start:
            raise CareError(f"a year ago overlaps with these {months} months: ask for months=12 or fewer")
        return [(start, end), (back[0], back[1])]
    length = months or 12 * (end.year - start.year) + end.month - start.month
    return [(start, end), (Period.until(start, max(length, 1)).start, start)]


def _span(window: tuple[date, date]) -> str:
    last = date.fromordinal(window[1].toordinal() - 1)
    month = Period.holding(window[0], "month")
    return month.text if (month.start, month.end) == window else f"{window[0]}..{last}"


def _counted(care: Care, by: list[str], windows: list[tuple[date, date]]) -> pd.DataFrame:
    """How many left with each text of reasons, in each window."""
    if stock.has_contracts(care):
        care.table("customers", "leave_reason")
    demand_base(care, windows[0][1])
    demand_days(care, *windows[0])
    frames = stock.counts(care, lambda bridge: {"lost": bridge.gone}, [*by, "leave_reason"], windows)
    counted = frames[0].rename(columns={"lost": "now", "leave_reason": "reason"})
    # Nobody could be seen to leave before that: it is no time to compare with.
    seen = len(frames) > 1 and not LEAVERS_LISTED.mark(care) and LOSS_SHOWS.of_days(care, *windows[1]) is None
    counted["past"] = frames[1]["lost"].to_numpy() if seen else 0
    return counted[(counted["now"] > 0) | (counted["past"] > 0)].reset_index(drop=True)


def _counts(counted: pd.DataFrame) -> list[Counts]:
    texts = (text if isinstance(text, str) else None for text in counted["reason"])
    return list(zip(texts, map(int, counted["now"]), map(int, counted["past"]), strict=True))


def _group(care: Care, counted: list[Counts], top: int, method: str, level: float) -> pd.DataFrame:
    """The reasons of one group, the most frequent first."""
    single = singly(counted)
    stated, silent = (
        [count for count in single if count[0] is not None],
        [count for count in single if count[0] is None],
    )
    rows = [(*count, STATED) for count in stated[:top]]
    if stated[top:]:
        rows.append((None, *beside(counted, [str(count[0]) for count in stated[:top]]), OTHERS))
    rows += [(*count, UNKNOWN) for count in silent]
    table = pd.DataFrame(rows, columns=["reason", "now", "past", "what"]).astype({"reason": object})
    table["reason"] = pd.Series([count[0] for count in rows], dtype=object)
    table["kind"] = [
        OTHERS if row_kind == OTHERS else kind_of(text, care.settings.involuntary) for text, *_, row_kind in rows
    ]
    n, n_before = sum(count[1] for count in counted), sum(count[2] for count in counted)
    now, past = table["now"].to_numpy(float), table["past"].to_numpy(float)
    several = any(SEVERAL in (text or "") for text, _, _ in counted)
    low, high = _limits(now, n, len(single), "wilson" if several else method, level)
    columns = {"low": low, "high": high, "n": n, "numerator": table["now"], "denominator": n, "before_n": n_before}
    shares = {"value": now / n if n else np.nan, "before": past / n_before if n_before else np.nan}
    return table.assign(**shares, **columns).join(changes(now, n, past, n_before, level))


def _limits(count: Any, n: int, categories: int, method: str, level: float) -> intervals.Limits:
    """Intervals of the shares shown; those of Goodman are as wide as all reasons need, shown or not."""
    if method == "sison_glaz" and len(count):
        return intervals.sison_glaz(count, level)
    return intervals.wilson(count, n, level if method == "wilson" else 1 - (1 - level) / max(categories, 1))
