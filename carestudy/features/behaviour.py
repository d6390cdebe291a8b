"""What each customer bought, asked for and said up to a day: tables of a row a customer, to be joined as needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ibis

from carestudy.care import Care
from carestudy.features.people import day
from carestudy.measure import engine
from carestudy.periods import Period

DAYS_A_MONTH = 30.4375
RECONTACT_DAYS = 7  # as the figure of the same name
SCORES = "decimal(19, 4)"  # sums of it do not depend on the order of the rows


def purchases(care: Care, end: date) -> Iterator[Any]:
    """What each customer bought; a negative amount is no purchase, and lowers ``monetary``."""
    sold = _until(care.table("transactions", "customer_id", "occurred_at", "amount"), "occurred_at", end)
    sold = sold.mutate(bought=~engine.true(sold.amount < 0), bought_on=sold.occurred_at.cast("date"))
    came_back = engine.true(sold.returned) if "returned" in sold.columns else ibis.literal(False)  # noqa: FBT003
    bought = sold.bought
    net = (bought & came_back).ifelse(0, sold.amount)
    each = sold.group_by("customer_id").aggregate(
        last=sold.bought_on.max(where=bought),
        orders=sold.count(where=bought),
        monetary=engine.total(net),
        monetary_year=engine.total((sold.occurred_at >= _moment(Period.until(end).start)).ifelse(net, 0)),
        spent=sold.amount.sum(where=bought),
        priced=sold.amount.count(where=bought),
        came_back=sold.count(where=bought & came_back),
    )
    made = {name: each[name].cast("int64") for name in ("orders", "monetary", "monetary_year")}
    made["recency_days"] = day(end - timedelta(days=1)).delta(each["last"], unit="day").cast("int64")
    made["mean_order"] = _ratio(each.spent, each.priced)
    if "returned" in sold.columns:
        made["return_share"] = _ratio(each.came_back, each.orders)
    yield each.select("customer_id", **made)
    only = sold.filter(sold.bought)
    yield engine.different(only, "bought_on", of="customer_id", name="frequency")
    yield engine.medians(only, "amount", of="customer_id", name="typical_order")
    if "channel" in only.columns:
        yield engine.different(only, "channel", of="customer_id", name="purchase_channels")


def a_month(orders: Any, tenure_days: Any) -> Any:
    """Orders per month as a customer; who has been one for less than a month counts as having been one for a month."""
    months = ibis.greatest(tenure_days.cast("float64"), ibis.literal(DAYS_A_MONTH))
    return orders.cast("float64") * DAYS_A_MONTH / months


def service(care: Care, end: date) -> Iterator[Any]:
    """What each customer asked for in the twelve months up to a day; contacts that we began are not counted."""
    asked = _until(care.table("contacts", "customer_id", "opened_at"), "opened_at", end)
    asked = asked.filter(asked.opened_at >= _moment(Period.until(end).start))
    if "direction" in asked.columns:
        asked = asked.filter(~engine.true(asked.direction == "outbound"))
    made = {"contacts": asked.count()}
    if "kind" in asked.columns:
        made["complaints"] = asked.count(where=engine.true(asked.kind == "complaint"))
    if "resolved_at" in asked.columns:
        made["unresolved"] = asked.count(where=~engine.true(asked.resolved_at < _moment(end)))
    each = asked.group_by("customer_id").aggregate(**made)
    yield each.mutate(**{name: each[name].cast("int64") for name in made})
    if {"topic", "resolved_at"} <= set(asked.columns):
        yield _recontacts(asked, end)
    if "channel" in asked.columns:
        yield engine.different(asked, "channel", of="customer_id", name="contact_channels")


def _recontacts(asked: Any, end: date) -> Any:
    keys = ["opened_at", *(["contact_id"] if "contact_id" in asked.columns else [])]
    asked = asked.mutate(next_on=engine.next_in(asked, "opened_at", of=["customer_id", "topic"], order=keys))
    over = asked.resolved_at + engine.days(RECONTACT_DAYS)
    again = engine.true(over <= _moment(end)) & asked.topic.notnull() & engine.true(asked.next_on <= over)
    return asked.group_by("customer_id").aggregate(recontacts=asked.count(where=again).cast("int64"))


def satisfaction(care: Care, end: date) -> Iterator[Any]:
    """What each customer answered in the twelve months up to a day."""
    said = _until(care.table("responses", "customer_id", "answered_at", "question", "score"), "answered_at", end)
    said = said.filter(
        (said.answered_at >= _moment(Period.until(end).start))
        & said.score.notnull()
        & said.question.isin(["csat", "nps"])
    )
    latest = [said.answered_at.desc(), *([said.response_id.desc()] if "response_id" in said.columns else [])]
    place = ibis.row_number().over(ibis.window(group_by=["customer_id", "question"], order_by=latest))
    said = said.mutate(place=place, exact=said.score.cast(SCORES))
    made = {}
    for question in ("csat", "nps"):
        mine = said.question == question
        made[f"{question}_last"] = said.score.cast("float64").max(where=mine & (said.place == 0))
        made[f"{question}_sum"] = said.exact.sum(where=mine)
        made[f"{question}_answers"] = said.count(where=mine)
    each = said.group_by("customer_id").aggregate(**made)
    told = {}
    for question in ("csat", "nps"):
        answers = each[f"{question}_answers"].cast("int64")
        told[f"{question}_last"] = each[f"{question}_last"]
        told[f"{question}_mean"] = _ratio(each[f"{question}_sum"], answers)
        told[f"{question}_answers"] = answers
    yield each.select("customer_id", **told)


def _until(table: Any, time: str, end: date) -> Any:
    return table.filter(table.customer_id.notnull() & (table[time] < _moment(end)))


def _moment(first: date) -> Any:
    return ibis.literal(str(first)).cast("timestamp")


def _ratio(above: Any, below: Any) -> Any:
    """A quotient of exact numbers, which every engine rounds alike; none where there is nothing below the line."""
    return above.cast("float64") / below.cast("float64").nullif(0.0)
