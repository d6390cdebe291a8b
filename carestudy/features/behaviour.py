"""What each customer bought, requested and answered up to a day: tables of one row a customer, joined as needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.features.membership import day
from carestudy.periods import Period

DAYS_A_MONTH = 30.4375
RECONTACT_DAYS = 7  # as the figure of the same name
SCORES = "decimal(19, 4)"  # sums of it do not depend on the order of the rows


def purchases(care: Care, end: date) -> Iterator[Any]:
    """What each customer bought; a negative amount is no purchase, and lowers ``monetary``."""
    sold = _until(care.table("transactions", "customer_id", "occurred_at", "amount"), "occurred_at", end)
    sold = sold.mutate(bought=~engine.true(sold.amount < 0), bought_on=sold.occurred_at.cast("date"))
    came_back = engine.true(sold.returned) if "returned" in sold.columns else engine.literal(False)  # noqa: FBT003
    bought = sold.bought
    net = (bought & came_back).ifelse(0, sold.amount)
    by_customer = sold.group_by("customer_id").aggregate(
        last=sold.bought_on.max(where=bought),
        orders=sold.count(where=bought),
        monetary=engine.total(net),
        monetary_year=engine.total((sold.occurred_at >= _moment(Period.until(end).start)).ifelse(net, 0)),
        spent=sold.amount.sum(where=bought),
        priced=sold.amount.count(where=bought),
        came_back=sold.count(where=bought & came_back),
    )
    columns = {name: by_customer[name].cast("int64") for name in ("orders", "monetary", "monetary_year")}
    columns["recency_days"] = day(end - timedelta(days=1)).delta(by_customer["last"], unit="day").cast("int64")
    columns["mean_order"] = _ratio(by_customer.spent, by_customer.priced)
    if "returned" in sold.columns:
        columns["return_share"] = _ratio(by_customer.came_back, by_customer.orders)
    yield by_customer.select("customer_id", **columns)
    purchases_only = sold.filter(sold.bought)
    yield engine.different(purchases_only, "bought_on", of="customer_id", name="frequency")
    yield engine.medians(purchases_only, "amount", of="customer_id", name="typical_order")
    if "channel" in purchases_only.columns:
        yield engine.different(purchases_only, "channel", of="customer_id", name="purchase_channels")


def a_month(orders: engine.Value, tenure_days: engine.Value) -> engine.Value:
    """Orders per month as a customer; who has been one for less than a month counts as having been one for a month."""
    months = engine.greatest(tenure_days.cast("float64"), engine.literal(DAYS_A_MONTH))
    return orders.cast("float64") * DAYS_A_MONTH / months


def service(care: Care, end: date) -> Iterator[Any]:
    """The contacts of each customer in the twelve months up to a day; contacts made by the company are not counted."""
    contacts = _until(care.table("contacts", "customer_id", "opened_at"), "opened_at", end)
    contacts = contacts.filter(contacts.opened_at >= _moment(Period.until(end).start))
    if "direction" in contacts.columns:
        contacts = contacts.filter(~engine.true(contacts.direction == "outbound"))
    counts = {"contacts": contacts.count()}
    if "kind" in contacts.columns:
        counts["complaints"] = contacts.count(where=engine.true(contacts.kind == "complaint"))
    if "resolved_at" in contacts.columns:
        counts["unresolved"] = contacts.count(where=~engine.true(contacts.resolved_at < _moment(end)))
    by_customer = contacts.group_by("customer_id").aggregate(**counts)
    yield by_customer.mutate(**{name: by_customer[name].cast("int64") for name in counts})
    if {"topic", "resolved_at"} <= set(contacts.columns):
        yield _recontacts(contacts, end)
    if "channel" in contacts.columns:
        yield engine.different(contacts, "channel", of="customer_id", name="contact_channels")


def _recontacts(contacts: engine.Table, end: date) -> engine.Table:
    keys = ["opened_at", *(["contact_id"] if "contact_id" in contacts.columns else [])]
    contacts = contacts.mutate(next_on=engine.next_in(contacts, "opened_at", of=["customer_id", "topic"], order=keys))
    over = contacts.resolved_at + engine.days(RECONTACT_DAYS)
    again = engine.true(over <= _moment(end)) & contacts.topic.notnull() & engine.true(contacts.next_on <= over)
    return contacts.group_by("customer_id").aggregate(recontacts=contacts.count(where=again).cast("int64"))


def satisfaction(care: Care, end: date) -> Iterator[Any]:
    """What each customer answered in the twelve months up to a day."""
    said = _until(care.table("responses", "customer_id", "answered_at", "question", "score"), "answered_at", end)
    said = said.filter(
        (said.answered_at >= _moment(Period.until(end).start))
        & said.score.notnull()
        & said.question.isin(["csat", "nps"])
    )
    latest = [said.answered_at.desc(), *([said.response_id.desc()] if "response_id" in said.columns else [])]
    recency = engine.row_number().over(engine.window(group_by=["customer_id", "question"], order_by=latest))
    said = said.mutate(place=recency, exact=said.score.cast(SCORES))
    sums = {}
    for question in ("csat", "nps"):
        is_asked = said.question == question
        sums[f"{question}_last"] = said.score.cast("float64").max(where=is_asked & (said.place == 0))
        sums[f"{question}_sum"] = said.exact.sum(where=is_asked)
        sums[f"{question}_answers"] = said.count(where=is_asked)
    by_customer = said.group_by("customer_id").aggregate(**sums)
    columns = {}
    for question in ("csat", "nps"):
        answers = by_customer[f"{question}_answers"].cast("int64")
        columns[f"{question}_last"] = by_customer[f"{question}_last"]
        columns[f"{question}_mean"] = _ratio(by_customer[f"{question}_sum"], answers)
        columns[f"{question}_answers"] = answers
    yield by_customer.select("customer_id", **columns)


def _until(table: engine.Table, time: str, end: date) -> engine.Table:
    return table.filter(table.customer_id.notnull() & (table[time] < _moment(end)))


def _moment(first: date) -> engine.Value:
    return engine.literal(str(first)).cast("timestamp")


def _ratio(numerator: engine.Value, denominator: engine.Value) -> engine.Value:
    """A quotient of exact numbers, which every engine rounds alike; null where the denominator is 0."""
    return numerator.cast("float64") / denominator.cast("float64").nullif(0.0)
