"""Items of sales: a row is an item where a document repeats; what its amount is, and whether the rows are added up."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from carestudy.recognise import cells_by_row, words
from carestudy.recognise.cells_by_row import numbers
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Mapped, Match

KEY = "transaction_id"
REPEATS = 0.98  # a document that stands in more rows than this has one row each
ENOUGH, MOST, VARIED = 5, 0.95, 0.3
CENT = 0.011
BARE = re.compile(r"[^\W\d]\w*")
# Prices that are not what the customer pays for one.
OTHER_PRICES = ("von", "cost", "compare", "truoc", "niem yet", "goc", "list", "msrp", "nhap", "ton", "old")
PERCENT = re.compile(r"%|percent|phần trăm|phan tram|tỷ lệ|ty le|\brate\b|\bpct\b", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """The columns of an item: how many, at which price, and what is taken off."""

    quantity: Column
    price: Column
    discount: Column | None

    @property
    def expression(self) -> str:
        """The amount of an item, as care.toml says it."""
        product = f"{quoted(self.quantity)} * {quoted(self.price)}"
        if self.discount is None:
            return product
        off = quoted(self.discount)
        return f"{product} * (1 - {off}{self._share})" if self._share is not None else f"{product} - {off}"

    @property
    def _share(self) -> str | None:
        """How a share is made of the discount; None where it is money."""
        column = self.discount
        if column is None or column.numbers.high <= 1 or any("%" in text for text in column.few):
            return ""
        percent = column.numbers.high <= 100 and (PERCENT.search(column.name) or self.price.numbers.high >= 10_000)
        return " / 100" if percent else None

    @property
    def headers(self) -> str:
        """Its headers, for a sentence."""
        columns = [self.quantity, self.price, *([self.discount] if self.discount else [])]
        return ", ".join(f"'{column.name}'" for column in columns)


def with_items(match: Match) -> Match:
    """Sales whose rows are items: with the amount of an item, and added up by document where the document repeats."""
    if match.table != "transactions":
        return match
    item, key, mapped = _item(match), match.columns.get(KEY), match.columns.get("amount")
    repeats = key is not None and bool(key.column.filled) and key.column.unique < REPEATS and key.sure != "guess"
    if mapped is None or (mapped.sure == "guess" and not mapped.column.numbers.share):
        if item is None:
            return match
        computed = _computed(match, item)
        return _summed(computed) if repeats else computed
    if not repeats or key is None:
        return match
    return _with_amount(match, key.column, mapped, item)


def quoted(column: Column) -> str:
    """A header as an expression names it."""
    return column.name if BARE.fullmatch(column.name) else f"`{column.name}`"


def _computed(match: Match, item: Item) -> Match:
    why = f"no column holds what a row comes to, but {item.headers} say it"
    lacks = item.discount is not None and item.discount.filled < item.discount.rows
    if lacks:
        why += "; a row without a discount would have no amount: write 0 there"
    amount = Mapped(item.price, 0.85, why, ask=lacks, entry=item.expression)
    return replace(match, columns={**match.columns, "amount": amount})


def _summed(match: Match) -> Match:
    """A match whose rows of one document are one: the document repeats because its rows are items."""
    key = match.columns[KEY]
    if _of_several_customers(match, key.column):
        why = 'it repeats, but with several customers: is a row an item of it, and sum_by = "transaction_id" right?'
        return replace(match, columns={**match.columns, KEY: replace(key, why=why, ask=True)})
    known = replace(key, fit=max(key.fit, 0.85), why="its header says so, and it repeats: a row is an item of it")
    return replace(match, columns={**match.columns, KEY: known}, sum_by=KEY)


def _with_amount(match: Match, key: Column, mapped: Mapped, item: Item | None) -> Match:
    """Sales with an amount in each row: the amount of the item, or that of the document, again and again."""
    ids, amounts = cells_by_row.texts(match.export, key.name), numbers(match.export, mapped.column)
    if ids is None or amounts is None:
        return match
    groups = cells_by_row.groups(ids)
    if _first_only(groups, amounts):
        return _summed(match)
    products = _products(match, item)
    if products is not None and _equal(products, amounts):
        return _summed(match)
    if products is not None and _equal(_sums(groups, products), _firsts(groups, amounts)):
        return _once(match, key, mapped)
    differing = _differing(groups, amounts)
    if differing is None:
        return match
    return _once(match, key, mapped) if differing <= 1 - MOST else _summed(match) if differing >= VARIED else match


def _once(match: Match, key: Column, mapped: Mapped) -> Match:
    note = f"'{mapped.column.name}' is the same in every row of one '{key.name}': it is counted once"
    return replace(match, noted=(*match.noted, note), once=True)


def _of_several_customers(match: Match, key: Column) -> bool:
    customer = match.columns.get("customer_id")
    ids = cells_by_row.texts(match.export, key.name)
    theirs = cells_by_row.texts(match.export, customer.column.name) if customer else None
    if ids is None or theirs is None:
        return False
    codes = cells_by_row.groups(theirs)
    filled = np.asarray(theirs.is_valid()) & np.asarray(ids.is_valid())
    pairs = np.unique(np.stack([cells_by_row.groups(ids)[filled], codes[filled]]), axis=1)
    documents = len(np.unique(pairs[0]))
    return documents > 0 and pairs.shape[1] > (2 - MOST) * documents


def _products(match: Match, item: Item | None) -> Any:
    if item is None:
        return None
    quantity, price = numbers(match.export, item.quantity), numbers(match.export, item.price)
    return None if quantity is None or price is None else quantity * price


def _equal(some: Any, compared: Any) -> bool:
    both = ~np.isnan(some) & ~np.isnan(compared)
    near = np.abs(some - compared) <= CENT + 1e-9 * np.abs(compared)
    return int(both.sum()) >= ENOUGH and float(near[both].mean()) >= MOST


def _sums(groups: Any, values: Any) -> Any:
    return np.bincount(groups, weights=np.nan_to_num(values), minlength=int(groups.max(initial=0)) + 1)


def _firsts(groups: Any, values: Any) -> Any:
    firsts = np.full(int(groups.max(initial=0)) + 1, np.nan)
    filled = ~np.isnan(values)
    firsts[groups[filled][::-1]] = values[filled][::-1]
    return firsts


def _first_only(groups: Any, amounts: Any) -> bool:
    """Whether of the rows of one document only one holds an amount."""
    filled = np.bincount(groups[~np.isnan(amounts)], minlength=int(groups.max(initial=0)) + 1)
    sizes = np.bincount(groups, minlength=len(filled))
    several = sizes > 1
    return bool(several.any()) and float((filled[several] <= 1).mean()) >= MOST


def _differing(groups: Any, amounts: Any) -> float | None:
    """In how many of the further rows of a document the amount is another; None where amounts hardly differ at all."""
    filled = ~np.isnan(amounts)
    order = np.lexsort((amounts[filled], groups[filled]))
    group, amount = groups[filled][order], amounts[filled][order]
    same_group = group[1:] == group[:-1]
    differ = np.abs(amount[1:] - amount[:-1]) > CENT
    if int(same_group.sum()) < ENOUGH or not (~same_group).any() or float(differ[~same_group].mean()) <= 1 - MOST:
        return None
    return float(differ[same_group].mean())


def _item(match: Match) -> Item | None:
    """The quantity and the price of an item, where a file has one of each; and the discount, if it has one."""
    free = [column for column in match.export.columns if column.numbers.share > 0.8 and not column.exposed]
    quantities = [column for column in free if _is(column, {"quantity"}, {"goods", "count", "order"})]
    prices = [column for column in free if _is_price(column)]
    discounts = [column for column in free if _is(column, {"discount"}, {"goods", "amount", "count"})]
    if len(quantities) > 1:
        quantities = [candidate for candidate in quantities if "total" not in words.folded(candidate.name).split()][:1]
    if len(prices) > 1:
        prices = sorted(prices, key=lambda candidate: "unit" not in words.folded(candidate.name))[:1]
    if not quantities or not prices:
        return None
    return Item(quantities[0], prices[0], discounts[0] if len(discounts) == 1 else None)


def _is(column: Column, wanted: set[str], may: set[str]) -> bool:
    things = words.meaning(column.name).things
    return wanted <= things <= wanted | may


def _is_price(column: Column) -> bool:
    header = f" {words.folded(column.name)} "
    return _is(column, {"price"}, {"goods", "order"}) and not any(f" {word} " in header for word in OTHER_PRICES)
