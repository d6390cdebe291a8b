"""The kinds of lists: who belongs on each, with which facts, and which limits leave customers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from carestudy import engine, exits
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import invoiced
from carestudy.measure.options import Days, Months, Part
from carestudy.measure.rows import latest_spell, with_dimensions
from carestudy.people.responsibility import left_staff
from carestudy.periods import Period
from carestudy.segments.bought import bought_in, purchases_table
from carestudy.segments.kmeans import Segments
from carestudy.segments.rfm import GROUPS, rfm_scores_table

LOYAL, AT_RISK = "champions,loyal", ("cannot_lose", "at_risk")
UNMET = ("too_new", "too_seldom", "too_little")  # the conditions of a gift, in the order in which they are checked
UNOWNED = ("nobody", "gone")
YEAR = 12  # months


@dataclass(frozen=True)
class Candidates:
    """The customers who belong on a list, one row each: customer_id, ``why`` (the wording of the reason) and its facts.

    A higher ``rank`` comes first; equal ranks are in random order. ``unmet`` names, for each row, the condition of the
    list that it does not meet.
    """

    rows: pd.DataFrame
    rank: pd.Series[Any] | None = None
    unmet: pd.Series[Any] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of list: who belongs on it, and the limits that leave customers out, in their order."""

    find: Callable[..., Candidates] = field(repr=False)
    limits: tuple[str, ...]


def segment(care: Care, *, groups: str | None = None, saved: str | Segments | None = None) -> Candidates:
    """Customers of one or several RFM groups, or of ``saved`` segments (a file of theirs), who brought most first.

    Without ``groups``, champions and loyal ones, or all segments; segments are named by their code or their number.
    """
    if saved is None:
        return _of_groups(care, tuple(name.strip() for name in (groups or LOYAL).split(",") if name.strip()))
    fitted = saved if isinstance(saved, Segments) else _read(saved)
    placed = fitted.assign(care, columns=["monetary"] if care.has("transactions", "amount") else [])
    chosen = placed.filter(placed.segment.isin(_named(groups, fitted.names)))
    amount = chosen.monetary if "monetary" in placed.columns else chosen.customer_id.length() * 0
    rows = engine.fetch(chosen.select("customer_id", "segment", amount=amount).order_by("customer_id"), ("amount",))
    return Candidates(rows[["customer_id", "segment"]].assign(why="kmeans"), rows["amount"].astype(float))


def at_risk(care: Care, *, rule: str = "risk", months: Months = 1) -> Candidates:
    """Customers likely to leave in the next months, and who they are by the facts that go with leaving.

    By ``churn.at_risk``: those of whom a fact holds that raises the chance, the highest chance first. Where no fact
    does, or the data do not tell who left, and with ``rule`` "rfm": those who used to buy often or much and have not
    for long, who brought most first.
    """
    if rule not in ("risk", "rfm"):
        raise CareError(f"there is no rule '{rule}': choose risk or rfm")
    if rule == "risk":
        from carestudy.churn import at_risk as likely  # here: it needs a regression

        try:
            scored = likely(care, months=months)
            scored = scored[scored["reasons"] != ""].reset_index(drop=True)
        except CareError:
            scored = pd.DataFrame()
        if len(scored):
            return Candidates(scored.assign(why="risk", months=months), scored["risk"].astype(float).round(9))
    return _of_groups(care, AT_RISK)


def gifts(care: Care, *, months: Months = 12, days: Days = 3, top: Part = 0.25) -> Candidates:
    """Loyal customers: with the company for so many months, and in the last twelve with purchases on so many days and
    an amount, less what was returned, among the top share of all who bought; equal amounts are in or out together.
    """
    year = Period.until(care.known_until, YEAR)
    bought = bought_in(care, year)
    customers = engine.fetch(_began(care, bought).order_by("customer_id"), ("days", "net"))
    stayed = pd.Series([_months(day, year.end) for day in customers["joined_on"]], dtype="int64")
    buyers = customers.loc[customers["days"] > 0, "net"].astype(float)
    enough = buyers.quantile(1 - top, interpolation="higher") if len(buyers) else float("inf")
    net = customers["net"].astype(float)
    short = (stayed < months, customers["days"].astype("int64") < days, (net < enough) | (net <= 0))
    unmet = pd.Series([None] * len(customers), dtype=object)
    for name, missed in zip(UNMET, short, strict=True):
        unmet = unmet.mask(missed & unmet.isna(), name)
    rows = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "why": "gifts",
            "months": stayed,
            "purchase_days": customers["days"].astype("int64"),
            "amount": net * invoiced.scale(care),
        }
    )
    return Candidates(rows, rows["amount"], unmet)


def interviews(care: Care, *, months: Months = 3) -> Candidates:
    """Lost customers whom nobody has talked to yet, in the order of ``exits.to_call``."""
    listed = exits.to_call(care, n=2**31, months=months)
    rows = pd.DataFrame({"customer_id": listed["customer_id"], "why": "interviews", "reasons": listed["reasons"]})
    return Candidates(rows, -listed["order"])


def unowned(care: Care, *, groups: str | None = None) -> Candidates:
    """Customers without somebody in charge, who brought most in the last twelve months first.

    ``groups`` is "nobody" (the default), "gone" (whoever is in charge has left the staff), or both with a comma.
    """
    asked = {name.strip() for name in (groups or UNOWNED[0]).split(",")}
    if unknown := asked - set(UNOWNED):
        raise CareError(f"there is no group '{min(unknown)}': choose from {', '.join(UNOWNED)}")
    people = latest_spell(care, care.table("customers", "customer_id", "owner"))
    people = people.filter(people.customer_id.notnull())
    named = engine.true(engine.has_text(people.owner))
    gone = left_staff(care) if UNOWNED[1] in asked else []
    nobody = ~named if UNOWNED[0] in asked else engine.literal(False)  # noqa: FBT003
    alone = people.filter(nobody | engine.true(people.owner.isin(gone)) if gone else nobody)
    chosen = alone.select("customer_id").distinct()
    if not care.has("transactions", "customer_id", "occurred_at", "amount"):
        rows = engine.fetch(chosen.order_by("customer_id"))
        return Candidates(rows.assign(why="alone"))
    bought = bought_in(care, Period.until(care.known_until, YEAR))
    both = chosen.left_join(bought.select(buyer="customer_id", net="net"), [("customer_id", "buyer")])
    found = engine.fetch(both.select("customer_id", net=both.net.fill_null(0)).order_by("customer_id"), ("net",))
    amount = found["net"].astype(float) * invoiced.scale(care)
    return Candidates(found[["customer_id"]].assign(why="unowned", amount=amount), amount)


def survey(care: Care, *, by: str | None = None) -> Candidates:
    """All customers on file, with the stratum that a sample is drawn from."""
    people = care.table("customers", "customer_id")
    people = latest_spell(care, with_dimensions(care, "customers", [by]) if by else people)
    people = people.filter(people.customer_id.notnull())
    chosen = people.select("customer_id", **({"stratum": people[by].cast("string")} if by else {}))
    rows = engine.fetch(chosen.distinct().order_by("customer_id"))
    rows = rows.drop_duplicates("customer_id", ignore_index=True)
    return Candidates(rows.assign(why="stratum" if by else "survey"))


KINDS: Mapping[str, Kind] = {
    "segment": Kind(segment, ("gone", "consent")),
    "at_risk": Kind(at_risk, ("gone", "consent")),
    "gifts": Kind(gifts, ("gone", "consent", "complaint")),
    "interviews": Kind(interviews, ("consent",)),
    "unowned": Kind(unowned, ("gone",)),
    "survey": Kind(survey, ("gone", "consent", "complaint", "asked")),
}


def _read(path: str) -> Segments:
    try:
        return Segments.from_json(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no text"
        raise CareError(f"the segments in {Path(path).name} cannot be read: {reason}") from None


def _named(groups: str | None, names: tuple[str, ...]) -> list[str]:
    """The codes of segments requested by code (separated by ;, as codes contain commas) or by number."""
    if groups is None:
        return list(names)
    requested = [code.strip() for code in groups.split(";" if ":" in groups else ",") if code.strip()]
    numbered = {str(number): name for number, name in enumerate(names, start=1)}
    for code in requested:
        if code not in numbered and code not in names:
            known = "; ".join(f"{number} {name}" for number, name in numbered.items())
            raise CareError(f"there is no segment '{code}': choose from {known}")
    return [numbered.get(code, code) for code in requested]


def _of_groups(care: Care, groups: tuple[str, ...]) -> Candidates:
    for name in groups:
        if name not in GROUPS:
            raise CareError(f"there is no group '{name}': choose from {', '.join(GROUPS)}")
    scores = rfm_scores_table(care)
    chosen = scores.filter(scores.group.isin(list(groups))).select(
        "customer_id", "group", "recency_days", purchase_days=scores.frequency, amount=scores.monetary
    )
    rows = engine.fetch(chosen.order_by("customer_id"), ("recency_days", "purchase_days", "amount"))
    amount = rows["amount"].astype(float) * invoiced.scale(care)
    return Candidates(rows.assign(why="rfm", amount=amount), amount)


def _began(care: Care, bought: engine.Table) -> engine.Table:
    """All customers on file, or all who ever bought, with their first day and what they bought."""
    if care.has("customers", "customer_id", "joined_on"):
        people = care.table("customers")
        people = people.filter(people.customer_id.notnull()).group_by("customer_id")
        began = people.aggregate(joined_on=lambda table: table.joined_on.min())
    else:
        ever = purchases_table(care)
        began = ever.select("customer_id", joined_on=ever.first)
    both = began.left_join(bought.select(buyer="customer_id", days="days", net="net"), [("customer_id", "buyer")])
    return both.select("customer_id", "joined_on", days=both.days.fill_null(0), net=both.net.fill_null(0))


def _months(since: date | None, until: date) -> int:
    """Whole months from one day to another; 0 where the first day is not known."""
    if since is None:
        return 0
    return int((until.year - since.year) * 12 + until.month - since.month - (until.day < since.day))
