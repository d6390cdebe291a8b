"""What features and segments are called."""

from __future__ import annotations

from carestudy.segments.names import EVERYBODY, read
from carestudy.show.labels import clean, lowered
from carestudy.show.words import Reader, t

FEATURES = {
    "age": t("Age"),
    "income_rank": t("Income band"),
    "tenure_days": t("Days as a customer"),
    "recency_days": t("Days since the last purchase"),
    "frequency": t("Days with a purchase"),
    "orders": t("Orders"),
    "monetary": t("Revenue so far"),
    "monetary_year": t("Revenue in twelve months"),
    "mean_order": t("Mean order value"),
    "typical_order": t("Median order value"),
    "orders_per_month": t("Orders a month"),
    "return_share": t("Share of orders returned"),
    "purchase_channels": t("Channels bought on"),
    "contacts": t("Contacts in twelve months"),
    "complaints": t("Complaints in twelve months"),
    "recontacts": t("Re-contacts in twelve months"),
    "unresolved": t("Unresolved contacts"),
    "contact_channels": t("Channels contacted on"),
    "csat_last": t("Last CSAT score"),
    "csat_mean": t("Mean CSAT score"),
    "csat_answers": t("CSAT answers"),
    "nps_last": t("Last NPS score"),
    "nps_mean": t("Mean NPS score"),
    "nps_answers": t("NPS answers"),
}
# What segments are mostly made of has words of its own; of anything else it is said whether it is high or low.
LEVELS = {
    "orders_per_month": {
        "very_low": t("buy very rarely"),
        "low": t("buy rarely"),
        "middle": t("buy at a medium rate"),
        "high": t("buy often"),
        "very_high": t("buy very often"),
    },
    "typical_order": {
        "very_low": t("very small orders"),
        "low": t("small orders"),
        "middle": t("medium orders"),
        "high": t("large orders"),
        "very_high": t("very large orders"),
    },
}
ANY = {
    "very_low": t("{feature} very low"),
    "low": t("{feature} low"),
    "middle": t("{feature} as usual"),
    "high": t("{feature} high"),
    "very_high": t("{feature} very high"),
}
WAYS = {
    "new": t("New"),
    "returned": t("Came back"),
    "left": t("Left"),
    "unknown": t("Without a segment"),
    EVERYBODY: t("All customers"),
}


def feature(reader: Reader, name: str) -> str:
    """The name of a feature."""
    return reader.t(FEATURES[name]) if name in FEATURES else clean(name.replace("_", " "))


def segment(reader: Reader, code: str | None) -> str:
    """The name of a segment from its code, such as "Buy often, large orders"."""
    if code is None:
        return reader.t(WAYS["unknown"])
    if code in WAYS:
        return reader.t(WAYS[code])
    pairs, number = read(code)
    name = ", ".join(_level(reader, one, level) for one, level in pairs)
    name = name[:1].upper() + name[1:]
    return f"{name} ({number})" if number > 1 else name


def _level(reader: Reader, name: str, level: str) -> str:
    if name in LEVELS:
        return reader.t(LEVELS[name][level])
    return reader.t(ANY[level], feature=lowered(feature(reader, name)))
