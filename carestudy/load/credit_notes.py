"""Credit notes: returns booked as documents of their own, and the purchases that they pay back."""

from __future__ import annotations

from carestudy.engine import Table, least, literal, row_number, total, true, union, window
from carestudy.load.engine import Database, Engine

KEY, ID, TIME, AMOUNT, REFUNDED = "transaction_id", "customer_id", "occurred_at", "amount", "refunded"
FIRST = literal(0, "int64")


def with_refunds(engine: Engine | Database, sold: Table) -> Table:
    """Transactions with ``refunded``: of each purchase what credit notes paid back, of each of them what it is alone.

    A negative amount is a credit note. It pays back the latest earlier purchase of its customer of the same amount
    that no other one has paid back, else a part of the latest earlier one that is larger. What belongs to no purchase
    of the data stands in its own row. Transactions without any, or that say themselves what was refunded, stay.
    """
    if not {KEY, TIME, AMOUNT} <= set(sold.columns) or REFUNDED in sold.columns:
        return sold
    lowest = sold.aggregate(lowest=sold[AMOUNT].min()).to_pyarrow().to_pylist()[0]["lowest"]
    if lowest is None or lowest >= 0:
        return sold
    refunds = engine.kept("refunds", _refunds(engine, sold))
    joined = sold.left_join(refunds, sold[KEY] == refunds.carestudy_key)
    return joined.select(*sold.columns, **{REFUNDED: joined[REFUNDED]})


def _refunds(engine: Engine | Database, sold: Table) -> Table:
    """A row for each purchase that was paid back and for each credit note of no purchase, with the amount."""
    names = [name for name in (KEY, ID, TIME, AMOUNT) if name in sold.columns]
    rows = sold.select(*names).filter(sold[AMOUNT] != 0)
    credits_ = rows.filter(rows[AMOUNT] < 0)
    if ID not in names:
        return _of_no_purchase(credits_)
    of_buyers = rows.filter(rows[ID].isin(credits_.filter(credits_[ID].notnull())[ID]))
    pairs = engine.kept("credit_pairs", _paired(of_buyers))
    bought, unpaired = pairs.filter(pairs[AMOUNT] > 0), pairs.filter((pairs[AMOUNT] < 0) & ~pairs.paired)
    paid_in_full = bought.filter(bought.paired).select(carestudy_key=bought[KEY], refunded=bought[AMOUNT])
    partial = engine.kept("credit_parts", _partial_refunds(unpaired, bought.filter(~bought.paired)))
    paid = partial.group_by("carestudy_key").aggregate(refunded=total(partial.part), most=partial.most.max())
    paid = paid.select("carestudy_key", refunded=least(paid.refunded, paid.most).cast("int64"))
    unmatched = unpaired.filter(unpaired[KEY].notin(partial.carestudy_credit))
    nobody = credits_.filter(credits_[ID].isnull())
    return union(paid_in_full, paid, _of_no_purchase(unmatched), _of_no_purchase(nobody))


def _paired(rows: Table) -> Table:
    """Purchases and credit notes of one customer and amount, each with whether it has its counterpart.

    Purchases are counted up and credit notes down, as brackets are: a purchase is paid back where the count falls
    below its own later on, and a credit note pays back where there is something to count down from.
    """
    size, step = rows[AMOUNT].abs(), (rows[AMOUNT] > 0).ifelse(1, -1).cast("int64")
    rows = rows.mutate(size=size, step=step)
    order = {"group_by": [ID, "size"], "order_by": [rows[TIME], rows.step.desc(), rows[KEY]]}
    rows = rows.mutate(level=rows.step.sum().over(window(**order, rows=(None, 0))).cast("int64"))
    later = rows.level.min().over(window(**order, rows=(1, None)))
    before = rows.level.min().over(window(**order, rows=(None, -1)))
    rows = rows.mutate(later=later, floor=least(before.fill_null(FIRST), FIRST))
    paired = (rows.step > 0).ifelse(true(rows.later < rows.level), rows.level >= rows.floor)
    return rows.select(KEY, ID, TIME, AMOUNT, paired=paired)


def _partial_refunds(credits_: Table, bought: Table) -> Table:
    """The latest earlier purchase that each credit note may pay back a part of, and that part."""
    notes = credits_.select(
        carestudy_credit=credits_[KEY], who=credits_[ID], paid_on=credits_[TIME], part=-credits_[AMOUNT]
    )
    purchases = bought.select(carestudy_key=bought[KEY], buyer=bought[ID], bought_on=bought[TIME], most=bought[AMOUNT])
    pairs = notes.join(
        purchases, [notes.who == purchases.buyer, purchases.bought_on <= notes.paid_on, purchases.most > notes.part]
    )
    latest = window(group_by="carestudy_credit", order_by=[pairs.bought_on.desc(), pairs.carestudy_key.desc()])
    ranked = pairs.mutate(place=row_number().over(latest))
    return ranked.filter(ranked.place == 0).select("carestudy_credit", "carestudy_key", "part", "most")


def _of_no_purchase(credits_: Table) -> Table:
    return credits_.select(carestudy_key=credits_[KEY], refunded=-credits_[AMOUNT])
