"""What must hold before a figure is told: asked once, here, for every figure; one whose premise fails is refused.

A premise of the whole figure (something was recorded at all, the silence window can be told) refuses it wherever it
is asked for: ``Refused`` names the reason. A premise of a period (loss can show in it, the data cover it) takes the
value of that period away, with the reason in the column ``note``, or only its comparison with other periods. A KPI
names its own premises beside its definition; what rows cover is asked of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Reason, Refused
from carestudy.measure import stock
from carestudy.measure.coverage import APART, PARTLY, STOPPED, apart, partly
from carestudy.measure.kind import Kind
from carestudy.measure.known_facts import fact
from carestudy.measure.observability import observation
from carestudy.measure.recorded_days import FEW
from carestudy.periods import Period

NOTE = "note"  # why a figure that has rows has no value
MEASURED = ["value", "low", "high"]
ONE = timedelta(days=1)
MANY = 100  # customers of whom somebody must have left before an empty column of leaving dates is believed
TOGETHER = 10  # days of joining, up to which customers are taken to come and go together
LEAVERS, SNAPSHOT = 10, 2  # of so many who left on no more days than these, the days are no days of leaving

NO_WORD = "no row of table {table} says {word} in column {column}: nobody recorded any"
NO_VALUE = "column {column} of table {table} is empty in every row: it was not recorded"
NOBODY_LEFT = "column left_on is empty for all {customers} customers: nobody recorded who left"
ONE_DAY = "column left_on has one day only: it says who had left by then, not when"
TWO_DAYS = "column left_on has two days only: it says who had left by then, not when"
WINDOW = (
    "these data cannot tell after how many days without a purchase a customer is lost: set inactive_after in care.toml;"
    " loss can be told by at most {longest} days here"
)
SILENT = (
    "who left cannot show yet: the data begin on {first}, and a customer is lost after {days} days without a purchase;"
    " periods from {since} on can be told"
)
NOT_YET = "nobody recorded who left before {since}"
NO_LONGER = "nobody recorded who left after {until}"
HORIZON = "everybody stays so long: a customer is lost only after {days} days without a purchase"
SO_FAR = "{period} is not over: the data are known up to {last}"
BY_THEN = "the data say who had left by {last}, not when: who was a customer before is not known"
MIXED = "the purchases begin on {first}: who first buys before {since} may have been a customer before"
OF_DAYS = (BY_THEN, ONE_DAY, TWO_DAYS, SILENT, NOT_YET, NO_LONGER, HORIZON)
SENTENCES = (NO_WORD, NO_VALUE, NOBODY_LEFT, WINDOW, *OF_DAYS, PARTLY, STOPPED, APART, SO_FAR, MIXED)


@dataclass(frozen=True)
class Recorded:
    """A premise: some row of the whole table has a value in a column, or the ``word`` that a figure counts.

    A value in the column named ``instead`` will do as well.
    """

    table: str
    column: str
    word: str | None = None
    instead: str | None = None
    least: int = 0  # rows of the table below which nothing is refused; 0: as many as is usual for it

    def failing(self, care: Care) -> Refused | None:
        """Why the figure is refused, or None."""
        known = care.whole or care
        if not known.has(self.table, self.column) or self._there(known):
            return None
        values = {"table": self.table, "column": self.column}
        reason = Reason(NO_WORD, word=self.word, **values) if self.word else Reason(NO_VALUE, **values)
        return Refused(reason, self.table, self.column)

    def _there(self, care: Care) -> bool:
        return fact(care, self, lambda: self._looked_up(care))

    def _looked_up(self, care: Care) -> bool:
        table = care.table(self.table)
        value = table[self.column]
        is_word = value if value.type().is_boolean() else value == self.word  # a flag says its one word or not
        n_present = value.count() if self.word is None else table.count(where=is_word)
        if self.instead in table.columns:
            n_present = n_present + table[self.instead].count()
        (rows,) = engine.answer(table.aggregate(rows=table.count(), there=n_present)).to_pylist()
        least = self.least or (FEW if self.word is None else 1)
        # Of a few rows none may have a value; a word that no row says may be one that nobody uses.
        return bool(rows["there"]) or rows["rows"] < least


@dataclass(frozen=True)
class LossShows:
    """A premise: who leaves can be seen, in these data at all and in the days that a figure looks at."""

    def failing(self, care: Care) -> Refused | None:
        """Why the figure is refused, or None."""
        if not stock.has_contracts(care):
            unsure = care.silence is not None and not care.silence.sure
            reason = Reason(WINDOW, longest=care.silence.longest) if unsure else None
            return Refused(reason, "transactions", "occurred_at") if reason else None
        seen = observation(care)
        if seen.left or seen.customers < MANY:
            return None
        return Refused(Reason(NOBODY_LEFT, customers=seen.customers), "customers", "left_on")

    def of_days(self, care: Care, start: date, end: date) -> Reason | None:
        """Why loss cannot show in all of these days, or None."""
        if not stock.has_contracts(care) and care.inactive_after is None:
            return None  # who left is not told at all: what asks for it names what is missing
        seen = observation(care)
        if seen.since is not None and start < seen.since:
            if stock.has_contracts(care):
                return Reason(NOT_YET, since=seen.since)
            return Reason(SILENT, first=seen.first, days=care.inactive_after, since=seen.since)
        if seen.until is not None and end > seen.until:
            return Reason(NO_LONGER, until=seen.until)
        return None


@dataclass(frozen=True)
class LeavingDated:
    """A premise: the leaving dates are days on which customers left, and not the day of a list of who had left.

    Where customers also joined on a few days only, they come and go together, and one day of leaving is no sign of it.
    """

    def failing(self, care: Care) -> Refused | None:
        """Why the figure is refused, or None."""
        known = care.whole or care
        if not stock.has_contracts(known):
            return None
        seen = observation(known)
        if seen.left < LEAVERS or seen.days > SNAPSHOT or seen.joining_days <= TOGETHER:
            return None
        return Refused(Reason(ONE_DAY if seen.days == 1 else TWO_DAYS), "customers", "left_on")


@dataclass(frozen=True)
class LeaversListed:
    """A premise that refuses nothing: where the leaving dates are no days of leaving, those who left are all who did
    so until then, whenever it was, and the figure says so.
    """

    def failing(self, care: Care) -> Refused | None:  # noqa: ARG002 - as all premises
        """Nothing: who left is known, only not when."""
        return None

    def mark(self, care: Care) -> Reason | None:
        """What a reader has to know of the figure, or None."""
        problem = LEAVING_DATED.failing(care)
        return problem.why if problem else None


@dataclass(frozen=True)
class BaseKnown:
    """A premise: who is a customer at the end of some days can be told; of a list of leavers, from its day on."""

    def failing(self, care: Care) -> Refused | None:  # noqa: ARG002 - as all premises
        """Nothing: it hangs on the days."""
        return None

    def of_days(self, care: Care, end: date) -> Reason | None:
        """Why nobody can tell who is a customer at the end of the day before ``end``, or None."""
        if LEAVING_DATED.failing(care) is None:
            return None
        customers = (care.whole or care).table("customers")
        last: date = engine.answer(customers.left_on.max()).as_py()
        return Reason(BY_THEN, last=last) if end <= last else None


LOSS_SHOWS, LEAVING_DATED, LEAVERS_LISTED, BASE_KNOWN = LossShows(), LeavingDated(), LeaversListed(), BaseKnown()


def refused(care: Care, kpi: Kind) -> Refused | None:
    """Why a figure is refused whatever the period, or None."""
    for premise in kpi.premises:
        if problem := premise.failing(care):
            return problem.for_figure(kpi.name)
    return None


def demand(care: Care, premise: LossShows | LeavingDated | Recorded) -> None:
    """Refuse what has this premise, if it does not hold in these data."""
    if problem := premise.failing(care):
        raise problem


def demand_base(care: Care, end: date) -> None:
    """Refuse what asks who is a customer at the end of the day before ``end``, if the data cannot tell."""
    if reason := BASE_KNOWN.of_days(care, end):
        raise Refused(reason, "customers", "left_on")


def demand_days(care: Care, start: date, end: date) -> None:
    """Refuse what asks who left, if loss cannot show in all of these days."""
    demand(care, LOSS_SHOWS)
    if reason := LOSS_SHOWS.of_days(care, start, end):
        raise Refused(reason, "customers" if stock.has_contracts(care) else "transactions")


def of_horizon(care: Care, days: int) -> Reason | None:
    """Why nothing can be told of who stays for so many days, or None."""
    wait = None if stock.has_contracts(care) else care.inactive_after
    return Reason(HORIZON, days=wait) if wait is not None and days <= wait else None


def of_period(care: Care, kpi: Kind, period: Period) -> Reason | None:
    """Why a figure has no value in a period, or None."""
    known_base = BASE_KNOWN in kpi.premises or LEAVERS_LISTED in kpi.premises
    if known_base and (reason := BASE_KNOWN.of_days(care, stock.window(care, period, None)[1])):
        return reason
    days = kpi.days_of_loss(care, period)
    if LOSS_SHOWS in kpi.premises and days:
        return LOSS_SHOWS.of_days(care, *days)
    return apart(care, kpi, period)


def comparable(care: Care, kpi: Kind, period: Period) -> Reason | None:
    """Why a period cannot stand beside others for a figure, or None: its value is refused, or it is partly covered."""
    return of_period(care, kpi, period) or partly(care, kpi, period)


def mark(care: Care, kpi: Kind, period: Period) -> Reason | None:
    """What a reader has to know of the value of a figure in a period, or None: it is no whole period, for one."""
    if LEAVERS_LISTED in kpi.premises and (reason := LEAVERS_LISTED.mark(care)):
        return reason
    if kpi.timeless:
        return None
    if period.end > care.known_until.date() and kpi.grows(care):
        return Reason(SO_FAR, period=period.text, last=care.known_until.date() - ONE)
    return partly(care, kpi, period)


def held(care: Care, kpis: Sequence[Kind], periods: Sequence[Period], frame: pd.DataFrame) -> pd.DataFrame:
    """The figures without the values of periods in which a premise fails, and with the reason beside them.

    Periods that are not whole keep their value, and a note that says so.
    """
    pairs = [(kpi, period_) for kpi in kpis for period_ in periods]
    reasons = {(kpi.id, period_.text): reason for kpi, period_ in pairs if (reason := of_period(care, kpi, period_))}
    marks = {(kpi.id, period_.text): reason for kpi, period_ in pairs if (reason := mark(care, kpi, period_))}
    if not reasons and not marks and not any(LOSS_SHOWS in kpi.premises for kpi in kpis):
        return frame
    keys = list(zip(frame["kpi"], frame["period"], strict=True))
    first_reasons = [reasons.get(key) or marks.get(key) for key in keys]
    failed = pd.Series([key in reasons for key in keys], frame.index, dtype=bool)
    notes = frame[NOTE] if NOTE in frame else [None] * len(frame)
    all_notes = [period_ if period_ is not None else note for period_, note in zip(first_reasons, notes, strict=True)]
    blank = {name: frame[name].astype(float).mask(failed) for name in MEASURED}
    return frame.assign(**blank, **{NOTE: pd.Series(all_notes, frame.index, dtype=object)})
