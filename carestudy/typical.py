"""What is typical of amounts that are mostly small and sometimes huge: middles, spread, and honest intervals.

The functions of numbers take an array; ``transaction`` computes all of it from a company's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from carestudy import engine
from carestudy.arguments import Count, Level, Seed, validated
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import typical_transaction
from carestudy.measure.customer_clusters import cluster
from carestudy.measure.front import reads
from carestudy.measure.intervals import Limits, order_ranks
from carestudy.measure.limits import AMOUNTS
from carestudy.measure.rows import BUCKET, CLUSTER, groups, in_periods, with_dimensions

__all__ = ["exponential_interval", "geometric_mean", "mean", "median", "quantile", "transaction", "trimmed_mean"]

LARGE = 5_000  # amounts; with more of them Student's interval is as good, and takes no minutes
COLUMNS = (
    "n", "customers", "median", "median_low", "median_high", "p10", "p90",
    "mean", "mean_low", "mean_high", "trimmed_mean", "geometric_mean",
)  # fmt: skip
LOG_UNIT = 10**9  # logarithms are summed as integers: sums of floating point numbers differ from run to run


@validated
def median(amounts: Any, *, level: Level = 0.95) -> tuple[float, Limits]:
    """The middle amount, with the interval that holds it whatever the distribution: two of the sorted amounts.

    >>> median([3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487])
    (88.0, (7.0, 130.0))
    """
    return quantile(amounts, 0.5, level=level)


@validated
def quantile(amounts: Any, at: float, *, level: Level = 0.95) -> tuple[float, Limits]:
    """The amount that this share of amounts does not pass, with its order-statistic interval; NaN where too few.

    >>> quantile(range(1, 101), 0.9)[1]
    (84.0, 96.0)
    """
    values = np.sort(_amounts(amounts))
    ranks = [float(rank) for rank in order_ranks(len(values), at, level)]
    low, high = (float(values[int(rank) - 1]) if rank == rank else np.nan for rank in ranks)
    return float(np.quantile(values, at)), (low, high)


@validated
def trimmed_mean(amounts: Any, *, cut: float = 0.1) -> float:
    """The mean without the smallest and the largest tenth, rounded down to whole amounts.

    >>> trimmed_mean([3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487])
    80.7
    """
    values = np.sort(_amounts(amounts))
    off = _cut_off(len(values), cut)
    return float(values[off : len(values) - off].mean())


@validated
def geometric_mean(amounts: Any) -> float:
    """The mean of what is multiplied rather than added: e to the mean logarithm. Needs amounts above zero.

    >>> round(geometric_mean([1, 10, 100]), 9)
    10.0
    """
    values = _amounts(amounts)
    if (values <= 0).any():
        raise CareError("a geometric mean needs amounts above zero")
    return float(np.exp(np.log(values).mean()))


@validated
def mean(
    amounts: Any, *, customers: ArrayLike | None = None, level: Level = 0.95, resamples: Count = 9_999, seed: Seed = 1
) -> tuple[float, Limits]:
    """The mean, with the interval of ``kpi.mean_transaction`` where customers are given, else the BCa bootstrap's.

    Purchases of one customer are not independent: with ``customers`` (whose each amount is) the interval is that of a
    ratio of sums over customers, on the log scale, the very same as the KPI has of the same rows. Amounts that stand
    alone, such as waiting times, are resampled; of more than 5,000 it is Student's interval, which is then the same.
    One customer has no interval. Source: Efron 1987, JASA 82:171-185; Davison & Hinkley 1997, section 5.3.

    >>> value, (low, high) = mean([3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487])
    >>> round(value, 2), 55 < low < 60, 215 < high < 240
    (108.08, True, True)
    """
    values = _amounts(amounts)
    if customers is None:
        return float(values.mean()), _resampled(values, level, resamples, seed)
    codes, _ = pd.factorize(np.asarray(customers, object), use_na_sentinel=False)
    if len(codes) != len(values):
        raise CareError(f"customers say whose each amount is: {len(values):,} amounts have {len(codes):,}")
    a, b = np.bincount(codes, values), np.bincount(codes).astype(float)
    sums = {"numerator": a.sum(), "denominator": b.sum(), "units": len(a), "aa": a @ a, "ab": a @ b, "bb": b @ b}
    return float(values.mean()), _of_sums(sums, level)


@validated
def exponential_interval(amounts: Any, *, level: Level = 0.95) -> Limits:
    """The exact interval of the mean of waiting times that are exponential, as those between chance events are.

    >>> low, high = exponential_interval([3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487])
    >>> round(low, 1), round(high, 1)
    (65.9, 209.2)
    """
    values, tail = _amounts(amounts), (1 - level) / 2
    n, total = len(values), float(values.sum())
    return total / float(special.gammainccinv(n, tail)), total / float(special.gammainccinv(n, 1 - tail))


@reads("transactions")
def transaction(
    care: Care, *, by: str | Sequence[str] | None = None, period: str | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """What a transaction typically is: median, 10th to 90th percentile, mean, trimmed and geometric mean, by group.

    Negative amounts are left out, zero ones out of the geometric mean. The median's interval is that of
    ``kpi.typical_transaction``, the mean's that of ``kpi.mean_transaction``. In the currency's main unit.
    """
    by = groups(by)
    asked: dict[str, Any] = {"by": by, "period": period, "level": level}
    keys = [*by, "period"]
    middle = typical_transaction(care, **asked)
    result = middle[[*keys, "n"]].assign(
        median=middle["value"], median_low=middle["low"], median_high=middle["high"],
        **{name: typical_transaction(care, at=at, **asked)["value"] for name, at in (("p10", 0.1), ("p90", 0.9))},
    )  # fmt: skip
    rows = _rows(care, by, period)
    means = _means(rows, by, level, typical_transaction.scale(care))
    result = result.merge(means, on=by, how="left") if by else result.join(means)
    return result[[*keys, *COLUMNS]]


def _rows(care: Any, by: list[str], period: str | None) -> engine.Table:
    table = care.table("transactions", "amount")
    table = table.mutate(**{CLUSTER: cluster(table, "transactions")}).filter(table.amount >= 0)
    periods = typical_transaction.periods(care, period, None, None)
    table = with_dimensions(care.with_table("transactions", table), "transactions", by)
    table = in_periods(table, "transactions", periods)
    groups_of = [table[dimension].cast("string").name(dimension) for dimension in by]
    return table.select(*groups_of, BUCKET, CLUSTER, amount=table.amount.cast("int64"))


def _means(rows: Any, by: list[str], level: float, unit: float) -> pd.DataFrame:
    """Means of each group with the number of its customers, from two queries of sums."""
    each = _by_customer(rows, by)
    sums = each.group_by(by).aggregate(**_totals(each)) if by else each.aggregate(**_totals(each))
    names = ("customers", "n", "sum", "inner", "kept", "logs", "positive", "aa", "ab", "bb")
    found = engine.fetch(sums.order_by(by) if by else sums, names)
    rows_of = [_mean_row(one, level, unit) for one in found.to_dict("records")]
    return pd.DataFrame(rows_of, columns=[*by, *COLUMNS[1:2], *COLUMNS[7:]])


def _by_customer(rows: engine.Table, by: list[str]) -> engine.Table:
    """Sums of each customer: of all amounts, of those within the middle eight tenths of the group, of logarithms."""
    groups_of = [*by, BUCKET]
    order = engine.window(group_by=groups_of, order_by=[rows.amount, rows[CLUSTER]])
    rows = rows.mutate(
        place=engine.row_number().over(order) + 1, size=rows.count().over(engine.window(group_by=groups_of))
    )
    off = (rows["size"] // 10).cast("int64")
    inner, above = (rows.place > off) & (rows.place <= rows["size"] - off), rows.amount > 0
    logs = (above.ifelse(rows.amount, 1).cast("float64").ln() * LOG_UNIT).round().cast("int64")
    rows = rows.mutate(middle=inner.ifelse(rows.amount, 0), kept=engine.integer(inner), log=logs)
    rows = rows.mutate(above=engine.integer(rows.amount > 0))
    return rows.group_by([*by, CLUSTER]).aggregate(
        a=engine.total(rows.amount), b=rows.count(), middle=engine.total(rows.middle), kept=engine.total(rows.kept),
        log=engine.total(rows.log), above=engine.total(rows.above),
    )  # fmt: skip


def _totals(each: Any) -> dict[str, Any]:
    a, b = each.a.cast("int64"), each.b.cast("int64")
    wide = {"aa": (a, a), "ab": (a, b), "bb": (b, b)}
    return {
        "customers": each.count(), "n": engine.total(b), "sum": engine.total(a), "inner": engine.total(each.middle),
        "kept": engine.total(each.kept), "logs": engine.total(each.log), "positive": engine.total(each.above),
        **{name: engine.product_sum(*pair, wide=True) for name, pair in wide.items()},
    }  # fmt: skip


def _mean_row(one: dict[Any, Any], level: float, unit: float) -> dict[Any, Any]:
    if not one["n"]:
        return {**one, **dict.fromkeys(COLUMNS[7:], np.nan)}
    low, high = _of_sums({**one, "numerator": one["sum"], "denominator": one["n"], "units": one["customers"]}, level)
    means = {"mean": one["sum"] / one["n"], "mean_low": low, "mean_high": high}
    means |= {"trimmed_mean": one["inner"] / one["kept"]}
    geometric = np.exp(one["logs"] / LOG_UNIT / one["positive"]) if one["positive"] else np.nan
    return {**one, **{name: value * unit for name, value in {**means, "geometric_mean": geometric}.items()}}


def _of_sums(sums: dict[Any, Any], level: float) -> Limits:
    """The interval of a mean of amounts from sums over customers, as that of ``kpi.mean_transaction``."""
    low, high = AMOUNTS.limits(pd.DataFrame([sums]), level)
    return float(low[0]), float(high[0])


def _resampled(values: NDArray[Any], level: float, resamples: int, seed: int) -> Limits:
    """The interval of the mean of amounts that are independent of each other."""
    if len(values) < 2:
        return np.nan, np.nan
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    if len(values) > LARGE:
        half = float(special.stdtrit(len(values) - 1, (1 + level) / 2) * values.std(ddof=1) / np.sqrt(len(values)))
        return float(values.mean()) - half, float(values.mean()) + half
    from scipy import stats  # a second to import, and only means need it

    found = stats.bootstrap(
        (values,), np.mean, vectorized=True, method="BCa", confidence_level=level, n_resamples=resamples, batch=200,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _cut_off(n: int, cut: float) -> int:
    if not 0 <= cut < 0.5:
        raise CareError(f"cut={cut} leaves nothing: give the share to leave out at each end, such as 0.1")
    return int(np.floor(n * cut + 1e-9))


def _amounts(amounts: ArrayLike) -> Any:
    values = np.asarray(amounts, float).ravel()
    if not len(values) or np.isnan(values).any():
        raise CareError("amounts are numbers, at least one, and none of them missing")
    return values


def __dir__() -> list[str]:
    return __all__
