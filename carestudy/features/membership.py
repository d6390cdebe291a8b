"""Who is a customer on a day, since when, and with which profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.features import bands
from carestudy.measure.rows import latest_spell

MOST_BANDS = 200  # a column of more different texts holds no bands


def day(moment: date) -> engine.Value:
    """A day as an expression of the engine."""
    return engine.literal(str(moment)).cast("date")


def on_file(care: Care, end: date) -> engine.Table:
    """All who became customers before ``end``: customer_id, here, joined_on, left_on, tenure_days."""
    if care.has("customers", "customer_id", "joined_on"):
        return _joined(care, end)
    if care.has("transactions", "customer_id", "occurred_at"):
        return _since_first_purchase(care, end)
    for table in ("customers", "contacts", "responses"):
        if care.has(table, "customer_id"):
            ids = care.table(table).select("customer_id").distinct()
            return _known(ids).mutate(
                here=engine.literal(True),  # noqa: FBT003
                joined_on=engine.null("date"), left_on=engine.null("date"), tenure_days=engine.null("int64"),
            )  # fmt: skip
    raise Missing("customers", has=care.tables)


def profile(care: Care, end: date) -> Iterator[Any]:
    """The profile of each customer, from the columns that the data have: one row for each customer on file."""
    people = care.table("customers", "customer_id")
    if care.several_spells:
        people = latest_spell(care, people.filter(people.joined_on < day(end)))
    last = end - timedelta(days=1)
    columns = {name: people[name] for name in ("gender", "education", "region", "interests") if name in people.columns}
    if "birth_year" in people.columns:
        columns["age"] = (engine.literal(last.year) - people.birth_year).cast("int64")
    elif "age" in people.columns:
        columns["age"] = _coded(people, "age", lambda texts: {text: bands.middle(text) for text in texts})
    if "income_band" in people.columns:
        columns["income_band"] = people.income_band
        columns["income_rank"] = _coded(
            people, "income_band", lambda texts: {text: rank for rank, text in enumerate(bands.in_order(texts), 1)}
        )
    yield people.select("customer_id", **columns)


def _joined(care: Care, end: date) -> engine.Table:
    stays = care.table("customers", "customer_id", "joined_on")
    stays = stays.filter(stays.joined_on < day(end))
    contracts = "left_on" in stays.columns
    left = stays.left_on if contracts else engine.null("date")
    left = (left < day(end)).ifelse(left, engine.null("date"))
    until = left.fill_null(day(end - timedelta(days=1)))
    stays = stays.mutate(gone=left, days=until.delta(stays.joined_on, unit="day").cast("int64"))
    people = stays.group_by("customer_id").aggregate(
        here=stays.gone.isnull().ifelse(1, 0).max() == 1,
        joined_on=stays.joined_on.min(),
        left_on=stays.gone.max(),
        tenure_days=stays.days.sum().cast("int64"),
    )
    people = people.mutate(left_on=people.here.ifelse(engine.null("date"), people.left_on))
    if contracts or not care.has("transactions", "customer_id", "occurred_at"):
        return people
    bought = _bought(care, end).select(buyer="customer_id", last="last")
    joined = people.left_join(bought, [("customer_id", "buyer")])
    return joined.mutate(here=_lately(care, joined["last"], end)).drop("buyer", "last")


def _since_first_purchase(care: Care, end: date) -> engine.Table:
    people = _bought(care, end)
    tenure = day(end - timedelta(days=1)).delta(people["first"], unit="day").cast("int64")
    return people.select(
        "customer_id",
        here=_lately(care, people["last"], end),
        joined_on=people["first"],
        left_on=engine.null("date"),
        tenure_days=tenure,
    )


def _bought(care: Care, end: date) -> engine.Table:
    sold = _known(care.table("transactions", "customer_id", "occurred_at"))
    sold = sold.filter(sold.occurred_at < engine.literal(str(end)).cast("timestamp"))
    bought_on = sold.occurred_at.cast("date")
    return sold.group_by("customer_id").aggregate(first=bought_on.min(), last=bought_on.max())


def _lately(care: Care, last: engine.Value, end: date) -> engine.Value:
    """Whether somebody without a contract is still a customer: the silence is no longer than ``inactive_after``."""
    start = end - timedelta(days=1 + (care.inactive_after or 0))
    return engine.true(last >= day(start)) if care.inactive_after else last.notnull()


def _known(table: engine.Table) -> engine.Table:
    return table.filter(table.customer_id.notnull())


def _coded(table: engine.Table, column: str, codes: Callable[[list[str]], dict[str, int | None]]) -> engine.Value:
    """A column of bands as whole numbers; null where the text is no band."""
    bands_found = table.select(band=table[column]).distinct().limit(MOST_BANDS + 1)
    texts = sorted(text for text in engine.answer(bands_found).column("band").to_pylist() if text is not None)
    known = {text: code for text, code in codes(texts).items() if code is not None} if len(texts) <= MOST_BANDS else {}
    if not known:
        return engine.null("int64")
    return engine.cases(*((table[column] == text, code) for text, code in known.items())).cast("int64")
