"""Whose a row is, and how far the rows of one customer resemble each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.contract import TABLES
from carestudy.measure.limits import effective, plain
from carestudy.measure.rows import CLUSTER, OURS


def cluster(table: engine.Table, name: str) -> engine.Value:
    """Whose row it is: answers of one customer are no independent answers; a row of nobody stands alone."""
    key = TABLES[name].key
    alone = ("#" + table[key]) if key in table.columns else engine.null("string")
    return engine.coalesce(table.customer_id, alone) if "customer_id" in table.columns else alone


def design_effect(rows: engine.Table, keys: list[str], thresholds: pd.DataFrame) -> pd.DataFrame:
    """By how much a share of rows varies more than if all were of different customers, 1 or more, for each group.

    The share is that of the rows whose ``value`` does not pass the group's ``threshold``, null counting as passing;
    from it follows how far a quantile of clustered rows can be trusted. Gives the keys, units (customers) and effect.
    Source: Woodruff 1952, JASA 47:635-646, for quantiles of clustered samples.
    """
    wanted = engine.small_table(thresholds.assign(threshold=thresholds["threshold"].astype("int64")))
    wanted = wanted.select(
        *(wanted[key].cast(rows[key].type()).name(f"{OURS}of_{key}") for key in keys), carestudy_top=wanted.threshold
    )
    same_group = [rows[key].identical_to(wanted[f"{OURS}of_{key}"]) for key in keys]
    marked = rows.join(wanted, same_group)
    inside = engine.integer(marked["value"] <= marked.carestudy_top)
    marked = marked.mutate(a=inside)
    by_customer = marked.group_by([*keys, CLUSTER]).aggregate(a=marked.a.sum(), b=marked.count())
    a, b = (by_customer[name].cast("int64") for name in "ab")
    products = {"aa": (a * a).sum(), "ab": (a * b).sum(), "bb": (b * b).sum()}
    sums = {"numerator": a.sum(), "denominator": b.sum(), "units": by_customer.count()} | products
    sums_found = engine.integer_sums(by_customer, keys, sums)
    share = plain(sums_found)
    worth = effective(sums_found, share * (1 - share))
    effect = sums_found["denominator"].to_numpy(float) / np.maximum(worth, 1)
    return sums_found[[*keys, "units"]].assign(effect=np.maximum(effect, 1.0))
