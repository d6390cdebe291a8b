"""Figures of too few customers are withheld, with as many others as it takes that nobody can work them out.

Whoever knows a total and all of its parts but one knows that part as well; so what is withheld of any total is of two
groups at least, who together have as many customers as a group must have to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.care import Care
from carestudy.contract import CareError, Missing, Unable
from carestudy.measure import units
from carestudy.show.labels import Card
from carestudy.show.numbers import number
from carestudy.show.output import COMPARED, MEASURED, Output, dimensions
from carestudy.show.words import Reader

if TYPE_CHECKING:
    from carestudy.show.asked import Asked

SIZE = "carestudy_customers"  # how many customers stand behind each figure of a frame
FAIR = (  # what a fair comparison adds to figures
    "usual", "worth", "usual_low", "usual_high", "far_low", "far_high", "phi", "shrunken", "shrunken_low",
    "shrunken_high", "p", "p_adjusted", "statement",
)  # fmt: skip
# The figures of a period, of the one before and of a year ago, by the column of their cases.
SIDES = {
    "n": (*MEASURED, *COMPARED, *(name for name in FAIR if name not in ("usual", "phi", "statement"))),
    "before_n": ("before", "before_n", "change", "change_low", "change_high", "verdict"),
    "year_n": ("year_ago", "year_n", "year_change", "year_change_low", "year_change_high", "year_verdict"),
}
NOTE = Markup('<p class="muted">{}</p>')
CERTAIN = 1e-9
Told = tuple[pd.DataFrame, bool]  # what may be told, and whether something was withheld


def sized(care: Care, kpi: Any, *, by: Any = None, period: str | None = None, **asked: Any) -> pd.DataFrame:
    """The figures of a KPI, with the customers behind each of them where they are of groups."""
    from carestudy.measure.figures import COLUMNS, sums  # loaded with the engine where it is used
    from carestudy.measure.premises import NOTE

    kpi = kpi.of()
    names = kpi.dimensions(by)
    if not names or care.settings.min_group <= 1:
        return kpi(care, by=by, period=period, **asked)  # type: ignore[no-any-return]
    try:
        periods = kpi.periods(care, period, asked.get("every"), asked.get("last"))
        raw = sums(care, [kpi], by=names, periods=periods)
    except (Missing, Unable) as problem:
        raise problem.for_figure(kpi.name) from None
    kept = raw[[*names, *COLUMNS, *([NOTE] if NOTE in raw else [])]]
    return kept.assign(**{SIZE: _whole(raw[kpi.size])})


def told(care: Care, frame: pd.DataFrame, kpi: Card) -> Told:
    """A figures frame without the numbers of too few customers, and whether there were any.

    Of a frame whose customers nobody counted, the cases are taken for them: no figure has fewer cases than customers.
    """
    cases = "numerator" if kpi.adds and units.of(kpi.unit).part and "numerator" in frame else "n"
    size = _whole(frame[SIZE if SIZE in frame else cases])
    frame = frame.drop(columns=SIZE, errors="ignore")
    by, least = dimensions(frame), care.settings.min_group
    if not by or least <= 1:
        return frame, False
    hidden = _by_figure(frame, by, size, least)
    return blank(frame, hidden), bool(hidden.any())


def sides(care: Care, card: pd.DataFrame, kpis: Sequence[Any] | None, period: str) -> Told:
    """The same for figures beside those of other periods, which are withheld by the customers of their own period.

    ``kpis`` are those of the figures, by default all; none where the frame is not made here and only its cases are
    known.
    """
    by = [name for name in dimensions(card) if name not in FAIR]
    least = care.settings.min_group
    if not by or card.empty or least <= 1:
        return card, False
    first, some = pd.Series(data=False, index=card.index), False
    for side, size in _sizes(care, card, by, kpis, period).items():
        hidden = _by_figure(card, by, size, least)
        first, some = (hidden if side == "n" else first), some or bool(hidden.any())
        # Of a change and one side of it, the other side is had by subtracting.
        card = blank(card, hidden | first, SIDES[side])
    return card, some


def _sizes(
    care: Care, card: pd.DataFrame, by: list[str], kpis: Sequence[Any] | None, period: str
) -> dict[str, pd.Series[float]]:
    """The customers behind the figures of each side, by the column of its cases."""
    there = [side for side in SIDES if side in card]
    if kpis is not None and not kpis:
        return {side: _whole(card[side]) for side in there}
    from carestudy.kpi import ALL
    from carestudy.measure.available import available
    from carestudy.measure.figures import sums
    from carestudy.periods import Period

    now = Period.parse(period)
    # A span of months has no period before it, and what is told of it alone needs none.
    other = {"n": lambda: now, "before_n": now.before, "year_n": now.year_ago}
    when = {side: other[side]() for side in there}
    asked = available(care, list(ALL.values()) if kpis is None else [kpi.of() for kpi in kpis], by)
    raw = sums(care, asked, by=by, periods=list(dict.fromkeys(when.values())))
    for kpi in asked:
        raw.loc[raw["kpi"] == kpi.id, SIZE] = raw[kpi.size]
    keys = [*by, "kpi"]
    found = {side: raw.loc[raw["period"] == when[side].text, [*keys, SIZE]] for side in there}
    return {
        side: _whole(card[keys].merge(one, on=keys, how="left")[SIZE].set_axis(card.index))
        for side, one in found.items()
    }


def _whole(size: pd.Series[Any]) -> pd.Series[float]:
    return size.astype(float).fillna(0)


def large_enough(care: Care, frame: pd.DataFrame, by: str) -> Told:
    """A frame of groups with their ``customers``, without those that are not told, and whether there were any."""
    least = care.settings.min_group
    if least <= 1:
        return frame, False
    hidden = kept_back(_whole(frame["customers"]), frame[[by]], least)
    return frame[~hidden].reset_index(drop=True), bool(hidden.any())


def blank(frame: pd.DataFrame, hidden: pd.Series[bool], names: Sequence[str] = MEASURED) -> pd.DataFrame:
    """A frame without the numbers of the rows that are withheld; their groups stay."""
    if not hidden.any():
        return frame
    there = [name for name in names if name in frame]
    words = [name for name in there if frame[name].dtype == object or name.endswith(("verdict", "target_from"))]
    floats = {name: frame[name].astype(float).mask(hidden) for name in there if name not in words}
    return frame.assign(**floats, **{name: frame[name].astype(object).mask(hidden, None) for name in words})


def kept_back(size: pd.Series[float], groups: pd.DataFrame, least: int) -> pd.Series[bool]:
    """Which cells of one figure are not told: those of fewer than ``least`` customers, and what would betray them.

    ``groups`` are the values of each dimension of a cell. The totals of every dimension count as known, where they
    are large enough to be told themselves.
    """
    many = size.to_numpy(float)
    small = (many > 0) & (many < least)
    hidden = small.copy()
    lines = [line for line in _lines(groups) if many[line].sum() >= least]
    while small.any():
        before = hidden.sum()
        for line in lines:
            _close(hidden, many, line, least)
        if hidden.sum() == before and not _one_more(hidden, small, many, lines):
            break
    return pd.Series(hidden, size.index)


def drawn(asked: Asked, told: Told, draw: Callable[[pd.DataFrame], Output]) -> Output:
    """What is drawn of what may be told; with a note where something was withheld."""
    frame, some = told
    output = draw(frame)
    return noted(asked.reader, output, asked.care.settings.min_group) if some else output


def noted(reader: Reader, output: Output, least: int) -> Output:
    """What is shown, and that something is not."""
    note = reader.t(
        "Suppressed: figures of fewer than {n} customers, and those from which they could be derived.",
        n=number(reader, least),
    )
    return replace(output, html=output.html + NOTE.format(note), text=f"{output.text}\n{note}")


def _by_figure(frame: pd.DataFrame, by: list[str], size: pd.Series[float], least: int) -> pd.Series[bool]:
    hidden = pd.Series(data=False, index=frame.index)
    for _, rows in frame.groupby([name for name in ("period", "kpi") if name in frame], dropna=False, sort=False):
        hidden[rows.index] = kept_back(size[rows.index], rows[by], least)
    return hidden


def _lines(groups: pd.DataFrame) -> list[Any]:
    """The cells that add up to each total: to that of all, and to those of every group of fewer dimensions."""
    names, lines = list(groups.columns), [np.arange(len(groups))]
    for width in range(1, len(names)):
        for some in combinations(names, width):
            codes = groups.groupby(list(some), dropna=False, sort=False).ngroup().to_numpy()
            lines += [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    return lines


def _close(hidden: Any, many: Any, line: Any, least: int) -> None:
    """Withhold the smallest others of a total until two groups of enough customers are withheld, or none is left."""
    while hidden[line].any() and (hidden[line].sum() < 2 or many[line][hidden[line]].sum() < least):
        if not _hide(hidden, many, line):
            return


def _hide(hidden: Any, many: Any, line: Any) -> bool:
    told = line[(many[line] > 0) & ~hidden[line]]
    if len(told):
        hidden[told[np.argmin(many[told])]] = True
    return bool(len(told))


def _one_more(hidden: Any, small: Any, many: Any, lines: list[Any]) -> bool:
    """Withhold another cell where the totals together still tell a small one; whether there was need and a way."""
    places = np.flatnonzero(hidden)
    totals = np.zeros((len(lines), len(places)))
    for row, line in enumerate(lines):
        totals[row] = np.isin(places, line)
    told = np.isclose(np.diag(np.linalg.pinv(totals) @ totals), 1.0, atol=CERTAIN)
    betrayed = places[told & small[places]]
    for place in betrayed:
        mine = [line for line in lines if place in line]
        if any(_hide(hidden, many, line) for line in sorted(mine, key=len)):
            return True
    return False


def merged(care: Care, by: str | Sequence[str] | None) -> Care:
    """The data with the groups of too few customers as one: for what is shown of groups other than by a KPI's figures.

    A column whose words decide what is counted (``question``, ``kind``, ``direction``) and keys stay as they are.
    """
    from carestudy.measure.rows import groups

    for name in groups(by):
        if care.settings.min_group > 1 and name not in ("question", "kind", "direction") and not name.endswith("_id"):
            care = _merged(care, name)
    return care


def _merged(care: Care, name: str) -> Care:

    from carestudy import engine
    from carestudy.load.only import ASIDE
    from carestudy.load.only import groups as counted
    from carestudy.show.labels import together

    try:
        found = counted(care, name)
    except CareError:  # whoever asks for it is told that there is no such column
        return care
    few, _ = told_apart(sizes(found), care.settings.min_group)
    if not few:
        return care
    names, one = [value for value, _ in few if value is not None], engine.literal(together(len(few)))
    for table in [*care.tables]:
        rows = care.tables[table]
        if name in rows.columns and not (table in ASIDE and name == "agent"):
            small = engine.true(rows[name].cast("string").isin(names))
            small = small | rows[name].isnull() if len(names) < len(few) else small
            care = care.with_table(table, rows.mutate(**{name: small.ifelse(one, rows[name].cast("string"))}))
    return care


def sizes(frame: pd.DataFrame) -> list[tuple[str | None, int]]:
    """Groups with the customers by which they are small: those on file, where any are."""
    rows = [
        (None if pd.isna(value) else str(value), int(known), int(filed)) for value, known, filed in frame.to_numpy()
    ]
    return [(value, min(known, filed) if filed else known) for value, known, filed in rows]


def told_apart(
    groups: Sequence[tuple[str | None, int]], least: int
) -> tuple[list[tuple[str | None, int]], list[tuple[str | None, int]]]:
    """The groups that are told together and those told by themselves, from the smallest to the largest.

    So that no small one can be had by subtracting the others from the whole, the smallest of the others joins them
    where one alone would be left, or where all of them together are still too small.
    """
    rest = sorted(groups, key=lambda row: (row[1], row[0] is None, row[0] or ""))
    few = [row for row in rest if row[1] < least]
    rest = rest[len(few) :]
    while few and rest and (len(few) < 2 or sum(size for _, size in few) < least):
        few.append(rest.pop(0))
    return few, rest
