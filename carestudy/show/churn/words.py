"""What facts, their levels and kinds of reasons are called."""

from __future__ import annotations

import pandas as pd

from carestudy.churn.facts import NONE, OTHER
from carestudy.churn.reasons import OTHERS
from carestudy.show import labels
from carestudy.show.words import Reader, t

FACTS = {
    "tenure": t("Time as a customer"),
    "contacts": t("Contacts"),
    "complaints": t("Complaints"),
    "unresolved": t("Unresolved contacts"),
    "purchases": t("Purchases"),
}
LEVELS = {
    "tenure=under 3 months": t("customer for under 3 months"),
    "tenure=3 to 12 months": t("customer for 3 to 12 months"),
    "tenure=1 to 2 years": t("customer for 1 to 2 years"),
    "tenure=2 years or longer": t("customer for 2 years or longer"),
    "owner=none": t("without an owner"),
    "owner=some": t("with an owner"),
    "contacts=none": t("no contact in the 90 days before"),
    "contacts=some": t("in contact in the 90 days before"),
    "complaints=none": t("no complaint in the 90 days before"),
    "complaints=some": t("complained in the 90 days before"),
    "unresolved=none": t("nothing unresolved"),
    "unresolved=some": t("a contact still unresolved"),
    "purchases=none": t("no purchase in the 90 days before"),
    "purchases=some": t("bought in the 90 days before"),
    "csat=none": t("no CSAT answer within a year"),
    "csat=satisfied": t("last CSAT satisfied"),
    "csat=not satisfied": t("last CSAT not satisfied"),
    "nps=none": t("no NPS answer within a year"),
    "nps=promoter": t("last NPS promoter"),
    "nps=passive": t("last NPS passive"),
    "nps=detractor": t("last NPS detractor"),
}


def level(reader: Reader, fact: str, name: str) -> str:
    """A level of a fact as it stands in a list: what it says of a customer.

    >>> level(Reader("en"), "owner", "none"), level(Reader("en"), "region", "Nam")
    ('without an owner', 'Region: Nam')
    """
    known = LEVELS.get(f"{fact}={name}")
    if known:
        return reader.t(known)
    shown = reader.t("all other") if name == OTHER else labels.group(reader, fact, None if name == NONE else name)
    return f"{labels.column(reader, fact)}: {shown}"


def fact(reader: Reader, name: str) -> str:
    """The name of a fact."""
    return reader.t(FACTS[name]) if name in FACTS else labels.column(reader, name)


def reason(reader: Reader, text: object, what: str = "") -> str:
    """A reason for leaving as it was given, or what stands for those that are not named."""
    if what == OTHERS:
        return reader.t("all other reasons")
    return reader.t("(reason not known)") if labels.is_nameless(text) else labels.group(reader, "leave_reason", text)


def why(reader: Reader, reasons: str) -> str:
    """The facts that raise a customer's risk, in the reader's words: for a file, and never for a page.

    >>> why(Reader("en"), "owner=none; unresolved=some")
    'without an owner; a contact still unresolved'
    """
    pairs = (one.split("=", 1) for one in reasons.split("; ") if "=" in one)
    return "; ".join(level(reader, name, held) for name, held in pairs)


def risk_list(reader: Reader, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of ``churn.at_risk`` with its reasons in the reader's language: for a file, and never for a page."""
    return frame.assign(reasons=[why(reader, one) for one in frame["reasons"]])
