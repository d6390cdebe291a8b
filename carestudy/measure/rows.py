"""The rows a figure is made of, placed in periods and in groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from carestudy import engine
from carestudy.care import UNTIMED, Care, own_columns
from carestudy.contract import TABLES, CareError, Missing
from carestudy.measure import moment_precision
from carestudy.periods import Period

OURS = "carestudy_"
CLUSTER = f"{OURS}customer"
BUCKET = f"{OURS}period"
OUTBOUND = "outbound"  # the direction of contacts that the company makes
EVER = (date(1900, 1, 1), date(2200, 1, 1))


class Rows:
    """The rows of one table as the author of a figure uses them: columns by name, and the moment the data end."""

    def __init__(self, care: Care, name: str, expression: engine.Table | None = None) -> None:
        self._care, self._name = care, name
        self._expression = care.tables.get(name) if expression is None else expression

    def __getattr__(self, column: str) -> engine.Value:
        if column.startswith("__"):
            raise AttributeError(column)
        if self._expression is None:
            raise Missing(self._name, has=self._care.tables)
        if column not in self._expression.columns:
            raise Missing(self._name, column, own_columns(self._expression))
        return self._expression[column]

    def has(self, column: str) -> bool:
        """Whether the rows have a column."""
        return self._expression is not None and column in self._expression.columns

    @property
    def every(self) -> engine.Value:
        """True in every row."""
        self._care.table(self._name)
        return engine.literal(True)  # noqa: FBT003

    @property
    def as_of(self) -> engine.Value:
        """The moment up to which the data are known."""
        return engine.literal(self._care.known_until)

    @property
    def ces_scale(self) -> int:
        """Where the scale of the question about effort ends: 5 or 7."""
        return self._care.ces_scale

    @property
    def from_customers(self) -> engine.Value:
        """Whether a customer made the contact: all but those that the data mark as made by the company."""
        if self._expression is None or "direction" not in self._expression.columns:
            return self.every
        return self.direction.isnull() | (self.direction != OUTBOUND)

    def exact(self, column: str) -> engine.Value:
        """A column of moments from which times can be computed: in UTC where the company's clocks change."""
        return moment_precision.exact(getattr(self, column))

    @property
    def exact_as_of(self) -> engine.Value:
        """The moment up to which the data are known, as ``exact`` moments are."""
        return engine.literal(moment_precision.known_until(self._care, self._name))

    def untimed(self, column: str) -> engine.Value:
        """Whether an event has ended at a moment that the data do not state."""
        self._care.table(self._name, column)
        return moment_precision.untimed(self._expression, column)

    def refuse_days(self, *columns: str) -> None:
        """Refuse columns that hold days without hours, for a figure that needs the hour."""
        moment_precision.refuse_days(self._care, self._name, *columns)

    @property
    def solved(self) -> engine.Value:
        """Whether a contact is resolved: by its flag, and where the flag is null, by whether it has an end."""
        if self._expression is None or "resolved" not in self._expression.columns:
            return engine.true(self._ended())  # Spark reads no IS NOT NULL IS NOT NULL
        if "resolved_at" not in self._expression.columns:
            return self.resolved
        return self.resolved.coalesce(self._ended())

    def _ended(self) -> engine.Value:
        """Whether a contact has an end, be it one that could not be used."""
        ended = self.resolved_at.notnull()
        bad = UNTIMED + "resolved_at"
        return ended | getattr(self, bad) if self._expression is not None and bad in self._expression.columns else ended

    def following(self, column: str, *, of: Sequence[str], among: engine.Value | None = None) -> engine.Value:
        """The value of a column in the next row, in time, of the same group.

        With ``among``, a condition, rows that hold it are followed by such rows, and the others by the others.
        """
        contract = TABLES[self._name]
        order = [name for name in (contract.time, contract.key) if name]
        table = self._care.table(self._name, column, *of, *order)
        return engine.next_in(table, column, of=[*of, *([] if among is None else [among])], order=order)


def groups(by: str | Sequence[str] | None) -> list[str]:
    """The requested dimensions, as a list."""
    return [by] if isinstance(by, str) else list(by or ())


def with_dimensions(care: Care, name: str, by: Sequence[str]) -> engine.Table:
    """A table with every dimension as a column: its own, its contact's, its customer's, or its person's.

    The contact is the one that an answer or invitation names (``contact_id``); it tells stage and topic. The person is
    the agent of a row, as staffed on that day, or the owner of a customer, in their latest job.
    """
    table = care.table(name)
    foreign = [dimension for dimension in by if dimension not in table.columns]
    if not foreign:
        return table
    keepers = {dimension: keeper(care, name, dimension) for dimension in foreign}
    for dimension, table_name in keepers.items():
        if table_name is None:
            raise Missing(name, dimension, [column for column in table.columns if not column.startswith(OURS)])
    joins = {"contacts": _from_contacts, "customers": _from_customers, "staff": _from_staff}
    for keeper_table, join in joins.items():
        dimensions = [dimension for dimension in foreign if keepers[dimension] == keeper_table]
        table = join(care, table, name, dimensions) if dimensions else table
    return table


def keeper(care: Care, name: str, dimension: str) -> str | None:
    """The table that holds a dimension for the rows of a table: itself, contacts, customers or staff; None if none."""
    columns = care.table(name).columns
    if dimension in columns:
        return name
    if name != "contacts" and "contact_id" in columns and care.has("contacts", "contact_id", dimension):
        return "contacts"
    if name != "customers" and care.has("customers", "customer_id", dimension):
        return "customers"
    return "staff" if care.has("staff", dimension) else None


def in_periods(table: engine.Table, name: str, periods: Sequence[Period]) -> engine.Table:
    """The rows that fall in one of the periods, each with the first day of its period; all rows without periods."""
    time = TABLES[name].time
    if not periods or time is None:
        return table.mutate(**{BUCKET: engine.null("date")})
    if time not in table.columns:
        raise Missing(name, time, [column for column in table.columns if not column.startswith(OURS)])
    return placed_in(table, time, periods)


def placed_in(table: engine.Table, time: str, periods: Sequence[Period]) -> engine.Table:
    """The rows whose day or moment in a column falls in one of the periods, each with the first day of its period."""
    inside = [engine.within(table[time], start, end) for start, end in _merged(periods)]
    inside_any = inside[0]
    for condition in inside[1:]:
        inside_any = inside_any | condition
    bucket = _first_days(table[time], periods)
    return table.mutate(**{BUCKET: bucket.cast("date")}).filter(inside_any)


def _first_days(time: engine.Value, periods: Sequence[Period]) -> Any:
    """The first day of the period that each moment falls in: of the calendar, or of the span that holds it."""
    if unit := periods[0].unit:
        return time.truncate({"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}[unit])
    first, *later_days = (engine.literal(str(span.start)).cast("date") for span in periods)
    if not later_days:
        return first
    spans = zip(later_days, periods[1:], strict=True)
    return engine.cases(*((engine.within(time, span.start, span.end), day) for day, span in spans), else_=first)


def _merged(periods: Sequence[Period]) -> list[tuple[Any, Any]]:
    spans: list[tuple[Any, Any]] = []
    for period in sorted(set(periods), key=lambda candidate: candidate.start):
        if {candidate.unit for candidate in periods} != {period.unit}:
            raise CareError("periods of different lengths cannot be asked for at once")
        if spans and spans[-1][1] == period.start:
            spans[-1] = (spans[-1][0], period.end)
        else:
            spans.append((period.start, period.end))
    return spans


def _from_contacts(care: Care, table: engine.Table, name: str, dimensions: list[str]) -> engine.Table:  # noqa: ARG001 - as all joins
    contacts = care.table("contacts")
    contacts = contacts.filter(contacts.contact_id.notnull())
    columns = contacts.select(carestudy_contact=contacts.contact_id, **{d: contacts[d] for d in dimensions})
    return table.left_join(columns, [("contact_id", "carestudy_contact")]).drop("carestudy_contact")


def _from_customers(care: Care, table: engine.Table, name: str, dimensions: list[str]) -> engine.Table:
    if "customer_id" not in table.columns:
        raise Missing(name, "customer_id", table.columns)
    customers = latest_spell(care, care.table("customers"))
    return table.left_join(
        customers.select(carestudy_id=customers.customer_id, **{d: customers[d] for d in dimensions}),
        [("customer_id", "carestudy_id")],
    ).drop("carestudy_id")


def latest_spell(care: Care, customers: engine.Table) -> engine.Table:
    """One row a customer: the latest spell where a customer left and came back."""
    if not care.several_spells:
        return customers
    latest_first = [customers.joined_on.desc(), customers.left_on.desc(nulls_first=True)]
    order = engine.window(group_by="customer_id", order_by=latest_first)
    return customers.mutate(carestudy_rank=engine.row_number().over(order)).filter(
        lambda ranked: ranked.carestudy_rank == 0
    )


def _from_staff(care: Care, table: engine.Table, name: str, dimensions: list[str]) -> engine.Table:
    person = next((column for column in ("agent", "owner", "team") if column in table.columns), None)
    if person is None:
        raise Missing(name, "agent", table.columns)
    staff = care.table("staff")
    if person == "team":
        return _from_teams(table, staff, dimensions)
    jobs, time = _jobs(staff, dimensions), TABLES[name].time
    conditions = [table[person] == jobs.carestudy_agent]
    if time in table.columns:
        day = table[time].cast("date")
        conditions += [jobs.carestudy_from <= day, day < jobs.carestudy_until]
    else:
        jobs = jobs.filter(jobs.carestudy_latest)
        conditions = [table[person] == jobs.carestudy_agent]
    return table.left_join(jobs, conditions).drop(*(column for column in jobs.columns if column not in dimensions))


def _jobs(staff: engine.Table, dimensions: list[str]) -> engine.Table:
    """The job of each person from one day until before another: one job a day, the one begun last.

    In staff ``until`` is the last day worked; a job ends at the latest when the person's next one begins.
    """
    begun = staff["from"] if "from" in staff.columns else engine.null("date")
    ended = staff["until"] if "until" in staff.columns else engine.null("date")
    jobs = staff.select(
        carestudy_agent=staff.agent,
        carestudy_from=begun.fill_null(engine.literal(EVER[0])),
        carestudy_until=(ended + engine.days(1)).cast("date").fill_null(engine.literal(EVER[1])),
        **{dimension: staff[dimension] for dimension in dimensions},
    )
    order = ["carestudy_from", "carestudy_until", *dimensions]
    following = engine.next_in(jobs, "carestudy_from", of=["carestudy_agent"], order=order)
    jobs = jobs.mutate(carestudy_next=following)
    until = (jobs.carestudy_next < jobs.carestudy_until).ifelse(jobs.carestudy_next, jobs.carestudy_until)
    return jobs.mutate(carestudy_until=until, carestudy_latest=jobs.carestudy_next.isnull())


def _from_teams(table: engine.Table, staff: engine.Table, dimensions: list[str]) -> engine.Table:
    """A team's department, where all its people agree on one."""
    agreed = {d: (staff[d].nunique() == 1).ifelse(staff[d].max(), engine.null("string")) for d in dimensions}
    teams = staff.filter(staff.team.notnull()).group_by(carestudy_team=staff.team).aggregate(**agreed)
    return table.left_join(teams, [("team", "carestudy_team")]).drop("carestudy_team")
