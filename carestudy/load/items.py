"""Rows that are the items of a document, put together to one row for each document."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.care import Settings
from carestudy.contract import CareError, Contract
from carestudy.load import digits
from carestudy.load.checks import FOREIGN, REASON, REMAINDER, ROUNDED
from carestudy.load.digits import only_if
from carestudy.load.error_cells import ERROR
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import LINE, OURS, PART, UNREAD

ITEMS = f"{OURS}items"  # the rows of the source that a row was made of
ALONE = f"{OURS}alone"
SEVERAL, ALIKE = f"{OURS}several", f"{OURS}alike"  # whether a document has several amounts, and all of them alike
ENOUGH, DIFFERENT = 10, 3  # documents of several amounts, and amounts in them, below which they may be alike by chance


def refuse_without_key(table: Any, contract: Contract) -> None:
    """Refuse rows of which nothing tells whose items they are."""
    if contract.key not in table.columns:
        raise CareError(f"{FILE} [{contract.name}]: sum_by needs a column {contract.key}: map it in columns")


def summed(rows: engine.Table, contract: Contract, settings: Settings, *, as_it_stands: bool) -> engine.Table:
    """Parsed rows with one key as one row: amounts are added, of other columns the first that says something counts.

    Nothing and an amount is the amount. A document is returned if all of its items are that have an amount, as what is
    said of the whole may stand in its first row only; it cannot be read if one of its amounts cannot. Rows without a
    key stay by themselves. Of files that both have a document, each has its own.
    An amount that stands in a column ``as_it_stands`` may be the total of its document: see ``repeated_totals``.
    """
    key = str(contract.key)
    rows = rows.mutate(**{ALONE: rows[key].isnull().ifelse(rows[LINE], 0)})
    together = [key, ALONE, *([PART] if PART in rows.columns else [])]
    summed_columns = [c for c in rows.columns if c not in (*together, LINE) and not c.startswith(REMAINDER)]
    cells = {c: _together(rows, c, contract, settings) for c in summed_columns}
    if as_it_stands and "amount" in rows.columns:
        cells |= {SEVERAL: rows.amount.count() > 1, ALIKE: rows.amount.nunique() == 1}
    lines = {LINE: rows[LINE].min(), ITEMS: rows[LINE].collect()}
    return rows.group_by(together).aggregate(**cells, **lines).drop(ALONE)


def repeated_totals(documents: engine.Table, contract: Contract) -> int:
    """How many good documents have several amounts, where these are alike in each of them; 0 where any has others.

    So do the totals of documents that stand in every row of them, which must not be added.
    """
    if contract.name != "transactions" or ALIKE not in documents.columns:
        return 0
    good, alike = documents[REASON].isnull(), documents[ALIKE].fill_null(False)  # noqa: FBT003
    several = good & documents[SEVERAL].fill_null(False)  # noqa: FBT003
    counts = {
        "several": documents.count(where=several),
        "alike": documents.count(where=several & alike),
        "amounts": documents.amount.nunique(where=several),
    }
    totals = documents.aggregate(**counts).to_pyarrow().to_pylist()[0]
    sure = totals["several"] == totals["alike"] >= ENOUGH and totals["amounts"] >= DIFFERENT
    return int(totals["several"]) if sure else 0


def by_themselves(rows: engine.Table) -> engine.Table:
    """Rows of which each is one document, beside others that are put together."""
    return rows.mutate(**{ITEMS: engine.array([rows[LINE]])})


def apart(documents: engine.Table) -> engine.Table:
    """Every row of the source again, with what was found of its document."""
    return documents.mutate(**{LINE: documents[ITEMS].unnest()}).drop(ITEMS)


def _together(rows: Any, column: str, contract: Contract, settings: Settings) -> Any:
    cells, kind = rows[column], contract.columns.get(column)
    if column.startswith((UNREAD, FOREIGN, ROUNDED, ERROR)):
        return cells.any()
    if kind == "money":
        if (remainders := REMAINDER + column) in rows.columns:  # 0.333 + 0.333 + 0.333 is 1.00, not 0.99
            return digits.with_remainders(cells.sum(), rows[remainders].sum(where=cells.notnull()))
        return cells.sum().cast("int64")
    if column == "returned":
        back = cells.fill_null(False)  # noqa: FBT003
        priced = rows.amount.notnull() if "amount" in rows.columns else engine.literal(True)  # noqa: FBT003
        return only_if(cells.count() > 0, back.all(where=priced).fill_null(back.all()))
    first = cells.first(where=cells.notnull(), order_by=rows[LINE])
    if column == "currency":  # one item of other money is enough
        foreign = cells.notnull() & ~digits.is_own(cells, settings.currency)
        return engine.coalesce(cells.first(where=foreign, order_by=rows[LINE]), first)
    return first
