"""Who was at risk of leaving in a window of time, what was known of them before it began, and who left in it.

A fact is a column of plain values as they stood on the day before the window: nothing that happened in it, or after
the customer had left, can be seen. What is no event but a trait in the customer table stands as it does today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import clock, stock
from carestudy.measure.kpi import known_period
from carestudy.measure.premises import LEAVING_DATED, LOSS_SHOWS, demand, demand_days
from carestudy.periods import Period

Window = tuple[date, date]
TRAITS = ("owner", "segment", "region", "gender", "education", "income_band")
RECENT = 90  # days before the window
ANSWERS = 365  # days before the window in which an answer to a survey counts
COMPLAINT = "complaint"
# What the columns made from events are called, with what they need.
EVENTS = {
    "contacts": ("contacts", "customer_id", "opened_at"),
    "complaints": ("contacts", "customer_id", "opened_at", "kind"),
    "unresolved": ("contacts", "customer_id", "opened_at", "resolved_at"),
    "purchases": ("transactions", "customer_id", "occurred_at"),
    "csat": ("responses", "customer_id", "answered_at", "question", "score"),
    "nps": ("responses", "customer_id", "answered_at", "question", "score"),
}


def windows(care: Care, period: str | None, last: int) -> list[Window]:
    """The whole windows up to the end of a period, oldest first: as long as it, or the months of a span.

    Windows in which nobody can be seen to leave are left out.
    """
    now = known_period(care, period) if period else Period.holding(care.known_until, "month").before()
    run = now.split("month") if now.unit is None else now.run(last)
    finished = [(span.start, span.end) for span in run if span.end <= care.known_until.date()]
    if not finished:
        raise CareError(f"period {now.text} is not over yet: ask for one that has ended by {care.known_until.date()}")
    demand(care, LOSS_SHOWS)
    demand(care, LEAVING_DATED)
    seen = [span for span in finished if LOSS_SHOWS.of_days(care, *span) is None]
    if not seen:
        demand_days(care, *finished[-1])
    return seen


def unit(care: Care, period: str | None) -> str:
    """How long a window is: a week, month, quarter or year."""
    return (known_period(care, period).unit if period else None) or "month"


def usable(care: Care, columns: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """The traits and the events that the data have, or those asked for; the silence rule is no fact beside itself."""
    events = [name for name, needs in EVENTS.items() if care.has(*needs)]
    if not stock.has_contracts(care):
        # Who does not buy is lost by definition: purchases would explain the rule and not the customers.
        events = [name for name in events if name != "purchases"]
    if columns is None:
        return [name for name in TRAITS if care.has("customers", "customer_id", name)], events
    traits = [name for name in columns if name not in events and name != "tenure"]
    if traits:
        care.table("customers", "customer_id", *(name for name in traits if not care.has("staff", name)))
    return traits, [name for name in columns if name in events]


def at_risk(
    care: Care, spans: Sequence[Window], traits: Sequence[str], events: Sequence[str], most: int
) -> pd.DataFrame:
    """A row for each customer at the start of each window: facts, the day they left, if they did, and the reason.

    Columns: customer_id, window (its place), tenure (days before the start), followed (days in the window),
    left (0 or 1), leave_reason, the traits and the events. Of more rows than ``most`` every so many customers are
    taken, in the order of their ids.
    """
    rows = _present(spans, _sampled(care, traits, len(spans), most))
    for name in events:
        rows = rows.left_join(_event(care, name, spans), ["customer_id", "window"])
        rows = rows.drop("customer_id_right", "window_right")
    chosen = ["customer_id", "window", "tenure", "followed", "left", "leave_reason", *traits, *events]
    rows_at_risk: pd.DataFrame = engine.answer(rows.select(*chosen).order_by(["window", "customer_id"])).to_pandas()
    counts = [name for name in events if name not in ("csat", "nps")]
    return rows_at_risk.assign(**{name: rows_at_risk[name].fillna(0).astype("int64") for name in counts})


def _stays(care: Care, traits: Sequence[str]) -> Any:
    reason = ["leave_reason"] if care.has("customers", "customer_id", "leave_reason") else []
    stays = stock.spells(care, [*traits, *(column for column in reason if column not in traits)])
    return stays if reason else stays.mutate(leave_reason=engine.null("string"))


def _sampled(care: Care, traits: Sequence[str], spans: int, most: int) -> Any:
    stays = _stays(care, traits)
    ids = stays.select("customer_id").distinct()
    customers = int(engine.answer(ids.count()).as_py())
    step = -(-customers * spans // most)
    if step <= 1:
        return stays
    placed = ids.mutate(place=engine.row_number().over(engine.window(order_by="customer_id")))
    return stays.semi_join(placed.filter(placed.place % step == 0), "customer_id")


def _bounds(spans: Sequence[Window]) -> engine.Table:
    frame = pd.DataFrame(
        {"window": range(len(spans)), "start": [span[0] for span in spans], "until": [span[1] for span in spans]}
    )
    table = engine.small_table(frame)
    return table.mutate(start=table.start.cast("date"), until=table.until.cast("date"))


def _present(spans: Sequence[Window], stays: engine.Table) -> engine.Table:
    """Customers here at the start of each window; lost is, as everywhere, who is not here at its end."""
    rows = stays.cross_join(_bounds(spans))
    begun = engine.true(rows.joined_on < rows.start) & (rows.left_on.isnull() | (rows.left_on >= rows.start))
    over = engine.true(rows.joined_on < rows.until) & (rows.left_on.isnull() | (rows.left_on >= rows.until))
    rows = rows.mutate(begun=begun, over=over.ifelse(1, 0))
    again = engine.window(group_by=["customer_id", "window"])
    rows = rows.mutate(still=rows.over.max().over(again)).filter(rows.begun)
    joined, left, start, until = (clock.day_number(rows[name]) for name in ("joined_on", "left_on", "start", "until"))
    lost = rows.still == 0
    return rows.mutate(
        tenure=start - joined,
        left=lost.ifelse(1, 0),
        followed=engine.greatest(lost.ifelse(left, until) - start, engine.literal(1, "int64")),
        leave_reason=lost.ifelse(rows.leave_reason, engine.null("string")),
    )


def _event(care: Care, name: str, spans: Sequence[Window]) -> engine.Table:
    """One fact made from events before each window: how many, or the last answer."""
    table_name, _, time, *_ = EVENTS[name]
    table = care.table(table_name)
    rows = table.filter(table.customer_id.notnull()).cross_join(_bounds(spans))
    day = rows[time].cast("date")
    before = engine.true(day < rows.start)
    since = {"csat": ANSWERS, "nps": ANSWERS}.get(name, RECENT)
    recent = before & engine.true(day >= (rows.start - engine.days(since)).cast("date"))
    grouped = ["customer_id", "window"]
    if name in ("csat", "nps"):
        answers = rows.filter(recent & engine.true(rows.question == name) & rows.score.notnull())
        order = [answers[time].desc(), *(answers[key].desc() for key in ("response_id",) if key in answers.columns)]
        placed = answers.mutate(place=engine.row_number().over(engine.window(group_by=grouped, order_by=order)))
        return placed.filter(placed.place == 0).select(*grouped, **{name: placed.score.cast("float64")})
    counted = {
        "complaints": lambda: recent & engine.true(rows.kind == COMPLAINT),
        "unresolved": lambda: before & (rows.resolved_at.isnull() | (rows.resolved_at.cast("date") >= rows.start)),
    }.get(name, lambda: recent)()
    return rows.filter(counted).group_by(grouped).aggregate(**{name: lambda table: table.count()})
