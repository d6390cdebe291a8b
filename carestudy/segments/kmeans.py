"""Customers in groups by k-means: a value that is fitted once, kept as JSON, and applied to every later month."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.features import ALWAYS, FEATURES, NUMBERS, features_table, last_day
from carestudy.measure.front import reads
from carestudy.measure.options import Seed
from carestudy.rendering import Rendered
from carestudy.segments import choose, clusters, names
from carestudy.segments.choose import Quality
from carestudy.segments.placed import placed
from carestudy.segments.scaling import Scale

SAMPLE = 20_000  # customers; centres from more of them differ by less than anybody could act on
PURCHASES = ("orders_per_month", "typical_order")
VERSION = 1


@dataclass(frozen=True)
class Segment(Rendered):
    """One group: its code, its centre and its medians on the common scale, how many were in it, and since when it is.

    ``since`` is the day of the fit at which the group was first found.
    """

    name: str
    centre: tuple[float, ...]
    medians: tuple[float, ...]
    size: int
    since: str


@dataclass(frozen=True)
class Segments(Rendered):
    """Groups of customers, found by ``segment``: nothing in it changes, so that later months are measured alike.

    ``scales`` tell how features are made comparable, ``groups`` are the segments, ``quality`` says how far each number
    of groups would be groups. ``customers`` were here on ``as_of`` with all features known, ``without`` lacked one and
    have no segment; ``spread`` is the mean squared distance to the centre. ``by_hand``: the number was given.
    """

    scales: tuple[Scale, ...]
    groups: tuple[Segment, ...]
    quality: tuple[Quality, ...]
    as_of: str
    customers: int
    without: int
    sampled: int
    spread: float
    by_hand: bool
    seed: int

    @property
    def features(self) -> tuple[str, ...]:
        """The features by which customers are grouped."""
        return tuple(scale.feature for scale in self.scales)

    @property
    def names(self) -> tuple[str, ...]:
        """The codes of the segments, in order."""
        return tuple(group.name for group in self.groups)

    @property
    def k(self) -> int:
        """How many segments there are."""
        return len(self.groups)

    @property
    def verdict(self) -> str:
        """Whether they are groups (``natural``), repeatable or chance cuts of a continuum (``cuts``, ``unstable``)."""
        return next((quality.verdict for quality in self.quality if quality.k == self.k), choose.ALL)

    def table(self) -> pd.DataFrame:
        """How far each number of groups would be groups: see ``Quality``."""
        return choose.table(self.quality)

    def assign(
        self, care: Care, *, period: str | None = None, as_of: str | None = None, columns: Sequence[str] = ()
    ) -> Any:
        """Every customer with the segment of the nearest centre on a day: an Ibis table, computed in the engine.

        The columns of ``features`` for those the segments use and ``columns``, then segment (null where a feature is
        not known) and distance (to the centre, on the common scale).
        """
        wanted = [*self.features, *columns]
        return placed(features_table(care, period=period, as_of=as_of, columns=wanted), self)

    def sizes(self, care: Care, *, period: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """How many customers each segment has at the end of a period, and what they brought in twelve months."""
        from carestudy.segments.described import sizes

        return sizes(self, care, period=period, level=level)

    def profile(self, care: Care, *, period: str | None = None) -> pd.DataFrame:
        """The medians of every known feature in each segment, beside those of all."""
        from carestudy.segments.described import profile

        return profile(self, care, period=period)

    def moves(self, care: Care, *, since: str, period: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """Who was in which segment at the end of ``since`` and is in which now, and what they brought."""
        from carestudy.segments.moves import moves

        return moves(self, care, since=since, period=period, level=level)

    def drift(self, care: Care, *, period: str | None = None) -> pd.DataFrame:
        """Whether customers have become other ones since the fit, so that segments are to be fitted anew."""
        from carestudy.segments.drift import drift

        return drift(self, care, period=period)

    def refit(self, care: Care, *, period: str | None = None) -> Segments:
        """Segments fitted anew; those close to an old one keep its name.

        Their number is the old one where it was given by hand, and is chosen anew otherwise.
        """
        from carestudy.segments.drift import named_after

        k = self.k if self.by_hand else "auto"
        new = segment(care, k, features=self.features, period=period, seed=self.seed)
        result: Segments = named_after(self, new)
        return result

    def to_json(self) -> str:
        """The segments as text; ``from_json`` gives equal ones."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1, allow_nan=False)

    @staticmethod
    def from_json(text: str) -> Segments:
        """The segments that ``to_json`` wrote."""
        try:
            stored = json.loads(text)
            if stored.pop("version") != VERSION:
                raise CareError("these segments were written by another version of carestudy: fit them anew")
            classes = {"scales": Scale, "groups": Segment, "quality": Quality}
            values = {name: tuple(_made(kind, item) for item in stored.pop(name)) for name, kind in classes.items()}
            segments: Segments = _made(Segments, {**stored, **values})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CareError("this is no text that to_json of segments wrote") from None
        return segments

    def __repr__(self) -> str:
        sizes = {
            choose.NATURAL: "natural groups",
            choose.CUTS: "no natural groups: repeatable cuts of a continuum",
            choose.UNSTABLE: "no natural groups: cuts of a continuum that others like these would not repeat",
            choose.ALL: "no groups to be found",
        }[self.verdict]
        head = (
            f"{self.k} segments of {self.customers:,} customers on {self.as_of} by {', '.join(self.features)}: {sizes}"
        )
        notes = [
            f"  {scale.feature}: {'all alike' if scale.by == 'constant' else 'half or more alike, scaled by sd'}"
            for scale in self.scales
            if scale.by != "iqr"
        ]
        if self.without:
            notes.append(f"  {self.without:,} more customers lack a feature and have no segment")
        rows = [f"  {group.name}: {group.size:,}, centre {_told(group.centre)}" for group in self.groups]
        quality = [self.table().to_string(index=False)] if self.quality else []
        return "\n".join([head, *notes, *rows, *quality])


@reads("transactions")
def segment(
    care: Care,
    k: int | str = "auto",
    *,
    features: Sequence[str] | None = None,
    period: str | None = None,
    seed: Seed = 0,
) -> Segments:
    """Groups of the customers here at the end of a period who are alike in what they do, by k-means.

    ``features`` are numbers of ``cs.features``; by default how often and how much customers buy: orders_per_month and
    typical_order. They become log(1 + x), less the median, over the interquartile range (see ``Scale``); customers for
    whom one is not known get no segment and are counted. Centres are fitted to at most 20,000 customers, evenly spaced
    in the order of their features, from 20 random starts. ``k`` "auto" takes the natural groups if there are any, else
    the finest cuts of the continuum that come out again in other samples, else one segment of all (see ``choose``);
    a number is taken as given, and how far it gives groups is told for it alone. CareError where fewer customers
    differ than segments are asked for.

    >>> import pandas as pd
    >>> import carestudy as cs
    >>> sales = [(name, day, amount) for name, amount in (("A", 10), ("B", 12), ("C", 900), ("D", 950))
    ...          for day in ("2026-09-01", "2026-10-01")]
    >>> care = cs.load({"transactions": pd.DataFrame(sales, columns=["customer_id", "occurred_at", "amount"])})
    >>> [(group.name, group.size) for group in cs.segment(care, 2, features=["mean_order"]).groups]
    [('mean_order:low', 2), ('mean_order:high', 2)]
    """
    wanted = choose.checked(k)
    used = _usable(features or PURCHASES)
    day = last_day(care, period=period)
    values, customers = _fetched(features_table(care, as_of=day.isoformat(), columns=used), used)
    if not len(values):
        raise CareError(f"no customer is here on {day} with {', '.join(used)} known: there is nobody to group")
    scales = tuple(Scale.of(name, values[:, position]) for position, name in enumerate(used))
    rows = np.column_stack([scale.scaled(values[:, position]) for position, scale in enumerate(scales)])
    sample = _evenly(rows)
    few = wanted is None and len(rows) < choose.FEWEST
    quality = () if few else choose.choose(sample, [wanted] if wanted else choose.KS, seed=seed)
    centres = clusters.kmeans(sample, wanted or choose.chosen(quality), seed=seed).centres
    labels, squares = clusters.nearest(rows, centres)
    spread = float(clusters.rounded([squares.mean()])[0])
    return Segments(
        scales, _groups(used, centres, rows, labels, day), quality, day.isoformat(), len(rows), customers - len(rows),
        len(sample), spread, by_hand=wanted is not None, seed=seed,
    )  # fmt: skip


def _usable(features: Sequence[str]) -> list[str]:
    used = list(dict.fromkeys([features] if isinstance(features, str) else features))
    for name in used:
        if name in FEATURES and name not in NUMBERS:
            raise CareError(f"feature '{name}' is no number: segments are made of {', '.join(NUMBERS)}")
        if name in ALWAYS and name != "tenure_days":
            raise CareError(f"'{name}' is no feature to group by: choose from {', '.join(NUMBERS)}")
    return used


def _fetched(table: Any, used: list[str]) -> tuple[Any, int]:
    """The features of the customers here for whom all are known, and how many are here in all."""
    answered = engine.answer(
        table.filter(table.here).select(*(table[name].cast("float64").name(name) for name in used))
    )
    values = np.column_stack([answered.column(name).to_numpy() for name in used])
    return values[np.isfinite(values).all(axis=1)], len(values)


def _evenly(rows: Any) -> Any:
    """At most ``SAMPLE`` rows, evenly spaced in their order: the same whatever order they come in."""
    if len(rows) <= SAMPLE:
        return rows
    ordered = np.lexsort(rows.T[::-1])
    return rows[ordered[((np.arange(SAMPLE) + 0.5) * len(rows) / SAMPLE).astype(int)]]


def _groups(used: list[str], centres: Any, rows: Any, labels: Any, day: date) -> tuple[Segment, ...]:
    members = [rows[labels == number] for number in range(len(centres))]
    # A centre of a sample may have nobody: then its own place stands for the median.
    medians = [
        clusters.rounded(np.median(rows_of_group, axis=0)) if len(rows_of_group) else centre
        for rows_of_group, centre in zip(members, centres, strict=True)
    ]
    return tuple(
        Segment(code, tuple(map(float, centre)), tuple(map(float, median)), len(rows_of_group), day.isoformat())
        for code, centre, median, rows_of_group in zip(
            names.named(used, medians), centres, medians, members, strict=True
        )
    )


def _made(kind: Any, stored: dict[str, Any]) -> Any:
    if set(stored) != {field.name for field in fields(kind)}:
        raise KeyError(kind.__name__)
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()})


def _told(numbers: Sequence[float]) -> str:
    return "(" + ", ".join(f"{number:.3g}" for number in numbers) + ")"
