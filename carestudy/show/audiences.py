"""Lists of customers in the words of those who use them: the reason of each row, and who was left out. Never a page."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from carestudy.audiences import Audience
from carestudy.show import exits, feature_words, labels
from carestudy.show.numbers import Form, number
from carestudy.show.rfm import NAMES
from carestudy.show.words import Reader, t

NOT_STATED = "none"  # the level of a fact that the data do not tell
WHY = {
    "rfm": t("{group}: days with a purchase {purchase_days}, days since the last one {recency_days}, {amount} in all"),
    "kmeans": t("Segment: {segment}"),
    "risk": t("Chance of leaving {risk} ({months}-month outlook): {reasons}"),
    "gifts": t(
        "Months as a customer: {months}; in the last twelve, days with a purchase: {purchase_days}, amount: {amount}"
    ),
    "unowned": t("Nobody in charge; {amount} in the last twelve months"),
    "alone": t("Nobody in charge"),
    "interviews": t("Lost: {reasons}"),
    "survey": t("Drawn at random from all customers"),
    "everybody": t("Everybody who may be asked now"),
    "stratum": t("Drawn at random from {stratum}"),
}
# Facts that raise the chance of leaving; any other is told by the name of its column.
RISKS = {
    "owner=none": t("has no person in charge"),
    "complaints=some": t("complained lately"),
    "unresolved=some": t("waits for a solution"),
    "contacts=some": t("asked for help lately"),
    "csat=not satisfied": t("was not satisfied when asked"),
    "nps=detractor": t("would not recommend the company"),
}
STEPS = {
    "gone": t("no longer a customer"),
    "too_new": t("not a customer for long enough"),
    "too_seldom": t("bought on too few days"),
    "too_little": t("bought for too little"),
    "consent": t("consent refused or not known"),
    "complaint": t("an open complaint"),
    "asked": t("invited to a survey or answered one lately"),
    "not_drawn": t("not drawn for the sample"),
    "beyond": t("beyond the number asked for"),
    "control": t("held out as the control group"),
}


def worded(reader: Reader, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of an audience as customer_id and reason, in the reader's language."""
    sentences = [reader.t(WHY[row["why"]], **_facts(reader, row)) for row in rows.to_dict("records")]
    return pd.DataFrame({"customer_id": rows["customer_id"], "reason": pd.Series(sentences, rows.index, dtype=object)})


def summary(reader: Reader, audience: Audience) -> list[tuple[str, str]]:
    """What a list is made of: how many were considered, are on it, and fell out at which step; no name and no id."""
    t = reader.t
    lines = [
        (t("customers considered"), number(reader, audience.considered)),
        (t("on the list"), number(reader, len(audience.rows))),
    ]
    left_out = audience.left_out.to_dict("records")
    lines += [(t("left out: {why}", why=t(STEPS[row["step"]])), number(reader, row["customers"])) for row in left_out]
    lines += [(t("not checked, the data do not tell: {why}", why=t(STEPS[one])), "") for one in audience.unchecked]
    return lines + _planned(reader, audience)


def _facts(reader: Reader, row: dict[Any, Any]) -> dict[str, str]:
    facts = {name: _number(reader, value) for name, value in row.items() if isinstance(value, int)}
    if "amount" in row:
        facts["amount"] = Form(reader, "money").value(row["amount"])
    if "group" in row:
        facts["group"] = reader.t(NAMES[row["group"]])
    if "segment" in row:
        facts["segment"] = feature_words.segment(reader, row["segment"])
    if row["why"] == "risk":
        facts["risk"] = Form(reader, "share").value(row["risk"])
        facts["reasons"] = ", ".join(_risk(reader, one) for one in row["reasons"].split("; "))
    if row["why"] == "interviews":
        facts["reasons"] = exits.reasons(reader, row["reasons"])
    if "stratum" in row:
        facts["stratum"] = labels.group(reader, "", row["stratum"])
    return facts


def _risk(reader: Reader, fact: str) -> str:
    if fact in RISKS:
        return reader.t(RISKS[fact])
    name, _, level = fact.partition("=")
    return f"{labels.column(reader, name)}: {labels.group(reader, name, None if level == NOT_STATED else level)}"


_number = cache(number)  # lists are long, and most of their numbers small


def _planned(reader: Reader, audience: Audience) -> list[tuple[str, str]]:
    plan, t = audience.plan, reader.t
    if plan is None:
        return []
    points = Form(reader, "points")
    lines = [
        (t("answers needed for an NPS within {margin} points", margin=points.value(plan.margin)), plan.answers),
        (
            t("invitations needed for them, if {rate} answer", rate=Form(reader, "share").value(plan.response)),
            plan.invitations,
        ),
    ]
    told = [(words, number(reader, count)) for words, count in lines]
    if plan.invitations > plan.eligible:
        reached = points.value(plan.expected_margin)
        told.append((t("too few may be invited: expect an NPS within so many points"), reached))
    if "variance" in plan.assumed:
        told.append((t("the widest spread of answers is assumed, as there are too few so far"), ""))
    return told
