"""The catalogue of features: their units, and the columns that they are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["days", "years", "money", "count", "share", "rate", "score", "rank", "text"]
Part = Literal["profile", "purchases", "service", "satisfaction"]


@dataclass(frozen=True)
class Feature:
    """One column of the features: its group, its unit, and the columns of a table that it reads."""

    name: str
    maker: Part
    unit: Unit
    table: str
    reads: tuple[str, ...]


def _features(maker: Part, table: str, reads: str, **units: tuple[Unit, str] | Unit) -> list[Feature]:
    result = []
    for name, spec in units.items():
        unit, more_columns = spec if isinstance(spec, tuple) else (spec, "")
        result.append(Feature(name, maker, unit, table, (*reads.split(), *more_columns.split())))
    return result


FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        *_features(
            "profile", "customers", "customer_id",
            gender=("text", "gender"), education=("text", "education"), region=("text", "region"),
            interests=("text", "interests"), income_band=("text", "income_band"), income_rank=("rank", "income_band"),
        ),
        Feature("age", "profile", "years", "customers", ("customer_id", "birth_year")),
        *_features(
            "purchases", "transactions", "customer_id occurred_at amount",
            recency_days="days", frequency="count", orders="count", monetary="money", monetary_year="money",
            mean_order="money", typical_order="money", orders_per_month="rate", return_share=("share", "returned"),
            purchase_channels=("count", "channel"),
        ),
        *_features(
            "service", "contacts", "customer_id opened_at",
            contacts="count", complaints=("count", "kind"), recontacts=("count", "topic resolved_at"),
            unresolved=("count", "resolved_at"), contact_channels=("count", "channel"),
        ),
        *_features(
            "satisfaction", "responses", "customer_id answered_at question score",
            csat_last="score", csat_mean="score", csat_answers="count",
            nps_last="score", nps_mean="score", nps_answers="count",
        ),
    )
}  # fmt: skip
NUMBERS = tuple(name for name, feature in FEATURES.items() if feature.unit != "text")
