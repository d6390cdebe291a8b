"""What `coverage.py` asks of one simulated company: figures beside their truths, and verdicts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import coverage_truths as truths
import numpy as np
import pandas as pd

import carestudy as cs
from carestudy import demo, kpi
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.rows import Rows

# Nothing that is planted changes in 2025.
MONTHLY = {"period": "2025-12", "every": "month", "last": 6}
LOSSES = {"period": "2026-10", "every": "month", "last": 16}
QUIET = ("2025-06", "2025-10")  # each beside the month before it
STEADY = [
    kpi.retention_rate, kpi.gross_churn_rate, kpi.csat, kpi.nps, kpi.response_rate, kpi.recontact_rate,
    kpi.complaint_rate.of(per="contact"), kpi.first_contact_resolution, kpi.return_rate, kpi.return_rate.of(of="value"),
    kpi.first_response_time, kpi.resolution_time, kpi.service_level.of(within=24), kpi.typical_transaction,
    kpi.mean_transaction,
]  # fmt: skip
PIECE = ["value", "low", "high", "n", "figure", "truth", "part"]
SIZES = (0, 10, 30, 100, np.inf)


@ratio(label="Rated well")
def rated_well(responses: Rows, *, at_least: int = 4) -> Fraction:
    """Share of the answers to any question that are at least so high."""
    return Fraction(responses.score >= at_least, responses.score.notnull())


@ratio(label="Reopened")
def reopened(contacts: Rows) -> Fraction:
    """Share of the resolved contacts that were reopened."""
    return Fraction(contacts.reopened & contacts.resolved_at.notnull(), contacts.resolved_at.notnull())


@ratio(label="Through one channel")
def through(contacts: Rows, *, channel: str) -> Fraction:
    """Share of the contacts that came through a channel."""
    return Fraction(contacts.channel == channel, contacts.every)


@ratio(label="Nobody's")
def unassigned(contacts: Rows) -> Fraction:
    """Share of the contacts of no team."""
    return Fraction(contacts.team.isnull(), contacts.every)


def studied(seed: int, customers: int, only: Collection[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What carestudy says of one company: estimates beside truths, and verdicts; of everything, or ``only`` of some."""
    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder) / "company"
        demo.write(company, customers=customers, seed=seed, threads=1)
        planted = json.loads((company / "truths.json").read_text(encoding="utf-8"))["truths"]
        care = cs.load(company)
        pieces, verdicts = (
            [row for name, ask in family.items() if not only or name in only for row in ask(care, planted)]
            for family in (ESTIMATES, VERDICTS)
        )
    estimates = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=PIECE)
    called = pd.DataFrame(verdicts, columns=["asked", "called", "expected"])
    return estimates.assign(seed=seed), called.assign(seed=seed)


def _piece(name: str, found: pd.DataFrame, truth: Any, part: Any = "") -> pd.DataFrame:
    """Figures beside their truths; ``part`` tells the rows of one figure apart."""
    told = found[["value", "low", "high", "n"]].reset_index(drop=True)
    return told.assign(figure=name, truth=np.asarray(truth, float), part=np.asarray(part, str))


def _by_size(name: str, found: pd.DataFrame, truth: Any) -> Iterator[pd.DataFrame]:
    """The same, apart for small and large numbers of cases."""
    for least, most in pairwise(SIZES):
        inside = ((found["n"] > least - (least > 0)) & (found["n"] < most)).to_numpy()
        if inside.any():
            size = f"n from {least:.0f}" if np.isinf(most) else f"n {max(least, 1):.0f}-{most - 1:.0f}"
            yield _piece(f"{name}, {size}", found[inside], np.broadcast_to(truth, len(found))[inside])


def _loyalty(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    loss, people = planted["monthly_loss"], care.table("customers")
    told = care.with_table("customers", people.mutate(owned=people.owner.notnull().ifelse("yes", "no")))
    months, owners = (kpi.gross_churn_rate(told, by=by, **LOSSES) for by in (None, "owned"))
    truth = truths.monthly_loss(months, owners, loss)
    for name, inside in (("before", months["period"] < loss["change"]), ("since", months["period"] >= loss["change"])):
        yield _piece(f"monthly loss, {name} the change", months[inside], truth[inside])
    for period, after in (("2026-02", 0), ("2026-10", 8)):
        years = [kpi.annual_loss(told, period=period, by=by) for by in (None, "owned")]
        yield _piece(f"annual loss, {period}", years[0], truths.annual_loss(*years, loss, after))
    reasons = kpi.leaving_reasons(care, period="2026-10")
    shares = planted["leave_reasons"]["value"]
    yield _piece("reasons for leaving", reasons, [shares[one or "(unknown)"] for one in reasons["leave_reason"]])
    for years in (1, 2):
        found = kpi.tenure(care, years=years, period="2026-02")
        yield _piece(f"staying {years} years, 2026-02", found, truths.tenure(loss["before"], years))


def _voice(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    for figure, positive in ((kpi.csat, truths.share), (kpi.nps, truths.score)):
        truth = planted[figure.name]
        usual, bad = positive(truth["elsewhere"]), positive(truth["bad"])
        year, months = (figure(care, by="channel", **asked) for asked in ({"period": "2025"}, MONTHLY))
        poor = year["channel"] == truth["bad_channel"]
        yield _piece(f"{figure.name}, year, bad channel", year[poor], bad)
        yield _piece(f"{figure.name}, year, other channels", year[~poor], usual)
        months = months[months["n"] > 0]
        of_each = np.where(months["channel"] == truth["bad_channel"], bad, usual)
        yield from _by_size(f"{figure.name}, month and channel", months, of_each)
    rate = planted["response_rate"]["value"]
    yield _piece("response rate, month", kpi.response_rate(care, **MONTHLY), rate)
    by_channel = kpi.response_rate(care, by="channel", **MONTHLY)
    yield from _by_size("response rate, month and channel", by_channel[by_channel["n"] > 0], rate)


def _wishes(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    answers = care.table("responses")
    effort = care.with_table("responses", answers.filter(answers.question == "ces"))
    yield _piece("effort, month", rated_well(effort, at_least=5, **MONTHLY), planted["effort"]["value"])
    happy = answers.filter(answers.question == "csat").select(of="contact_id", at="answered_at", satisfied="score")
    rated = answers.filter(answers.question.isin(list(planted["attributes"]["value"])))
    rated = rated.join(happy, [rated.contact_id == happy.of, rated.answered_at == happy["at"]])
    rated = rated.mutate(satisfied=(rated.satisfied >= 4).ifelse("satisfied", "others"))
    found = rated_well(care.with_table("responses", rated), by=["question", "satisfied"], period="2025")
    shares = planted["attributes"]["value"]
    truth = [shares[of][who] for of, who in zip(found["question"], found["satisfied"], strict=True)]
    yield _piece("attributes by satisfaction, year", found, truth)
    wishes = cs.expectations(care, period="2025")
    weights = truths.importance(planted)
    for one in wishes.itertuples():
        row = pd.DataFrame({"value": [one.importance], "low": one.low, "high": one.high, "n": one.n})
        yield _piece(f"importance of {one.attribute}", row, weights[one.attribute])
    of_all = wishes.rename(columns={"satisfied": "value"})[["attribute", "value", "n"]]
    of_all = of_all.assign(low=wishes["satisfied_low"], high=wishes["satisfied_high"])
    truth = [truths.satisfied(planted, name) for name in of_all["attribute"]]
    yield _piece("satisfied with attributes, year", of_all, truth)


def _service(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    contacts = care.table("contacts")
    care = care.with_table("contacts", contacts.filter(contacts.direction == "inbound"))
    mix = planted["team_mix"]
    for figure, name in (
        (kpi.complaint_rate.of(per="contact"), "complaint_share"), (kpi.recontact_rate, "recontact_rate"),
        (reopened, "reopened"), (unassigned, "unassigned"),
    ):  # fmt: skip
        for when, asked in (("month", MONTHLY), ("year", {"period": "2025"})):
            yield _piece(f"{name.replace('_', ' ')}, {when}", figure(care, **asked), planted[name]["value"])
    truth = truths.first_contact_resolution(planted)
    yield _piece("first contact resolution, month", kpi.first_contact_resolution(care, **MONTHLY), truth)
    teams = through(care, channel=planted["csat"]["bad_channel"], by="team", period="2026-06..2026-10")
    teams = teams[teams["team"].notna()]
    shares = np.where(teams["team"] == mix["team"], mix["bad_channel_share"], mix["bad_channel_share_elsewhere"])
    yield _piece("bad channel by team", teams, shares)


def _money(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    for when, asked in (("month", MONTHLY), ("year", {"period": "2025"})):
        yield _piece(f"return rate, orders, {when}", kpi.return_rate(care, **asked), planted["return_rate"]["value"])
        by_value = kpi.return_rate(care, of="value", **asked)
        yield _piece(f"return rate, value, {when}", by_value, truths.returned_value())
        for at in (0.5, 0.9):
            typical = kpi.typical_transaction(care, at=at, by="segment", **asked)
            amounts = [truths.amount(name, at) for name in typical["segment"]]
            yield _piece(f"transaction at {at} by segment, {when}", typical, amounts)
        means = kpi.mean_transaction(care, by="segment", **asked)
        amounts = [truths.mean_amount(name) for name in means["segment"]]
        yield _piece(f"mean transaction by segment, {when}", means, amounts)


def _unplanted(care: cs.Care, _: dict[str, Any]) -> Iterator[pd.DataFrame]:
    figures = [
        kpi.active_customers, kpi.invoiced, kpi.net_growth_rate, kpi.owned_rate, kpi.service_level.of(within=24),
        kpi.tenure_share, kpi.complaint_rate.of(per="transaction"), kpi.complaint_rate.of(per="customer"),
        kpi.mean_transaction, kpi.typical_transaction, kpi.first_response_time, kpi.first_response_time.of(at="p90"),
        kpi.resolution_time, kpi.resolution_time.of(at="p90"),
    ]  # fmt: skip
    for figure in figures:
        months = figure(care, **MONTHLY)
        yield _piece(f"{figure.id}, month", months, np.full(len(months), np.nan), months["period"])
    yield _piece("lost customers reached, quarter", cs.exits.interviews(care).assign(n=1), np.nan)


def _whys(care: cs.Care, planted: dict[str, Any]) -> Iterator[pd.DataFrame]:
    nothing = {"change": 0, "mix": 0, "rate": 0}
    yield from _why(cs.why(kpi.response_rate, care, period="2025", against="2024", by="channel"), nothing)
    why = cs.why(kpi.csat, care, period="2026", against="2025", by="channel")
    since, whole = (kpi.csat(care, period=period)["n"].item() for period in ("2026-06..2026-10", "2026"))
    mix = truths.mix_effect(planted) * since / max(whole, 1)
    if planted["csat"]["bad_channel"] not in why.pooled:  # in a pool of channels it would be no segment of its own
        yield from _why(why, {"change": mix, "mix": mix, "rate": 0})


def _why(why: Any, truth: dict[str, float]) -> Iterator[pd.DataFrame]:
    for part, value in truth.items():
        row = why.total[why.total["part"] == part].assign(n=1)
        yield _piece(f"why {why.kpi}, {why.against} to {why.period}: {part}", row, value)


Called = tuple[str, bool, str]


def _alarms(care: cs.Care, _: dict[str, Any]) -> Iterator[Called]:
    """Verdicts between months in which nothing was planted."""
    for by, figures in ((None, STEADY), ("channel", [kpi.csat, kpi.nps, kpi.response_rate])):
        for month in QUIET:
            card = cs.scorecard(care, period=month, kpis=figures, by=by)
            for row in card[card["n"].gt(0) & card["before_n"].gt(0)].itertuples():
                place = f" by {by}" if by else ""
                yield f"{row.kpi}{place}, month to month", row.verdict in ("better", "worse"), "at most 5 %"
            for row in card[card["n"].gt(0) & card["year_n"].gt(0)].itertuples():
                place = f" by {by}" if by else ""
                yield f"{row.kpi}{place}, year to year", row.year_verdict in ("better", "worse"), "at most 5 %"
    apart = cs.people.compare(kpi.csat, care, by="agent", period="2024-01..2026-05")["statement"]
    yield "an agent stands apart in csat", bool(apart.str.contains("better|worse").any()), "at most 5 %"


def _trends(care: cs.Care, planted: dict[str, Any]) -> Iterator[Called]:
    """What trends say where there is none, and where there is one."""
    changed = planted["monthly_loss"]["change"]
    for figure, month in ((kpi.retention_rate, "2026-02"), (kpi.csat, "2026-05"), (kpi.response_rate, "2026-10")):
        found = cs.trend(figure, care, period=month, last=24)
        yield f"trend of {figure.name} to {month}", found.verdict in ("better", "worse"), "at most 5 %"
        yield f"new level of {figure.name} to {month}", bool(found.changes), "seldom"
    for figure in (kpi.retention_rate, kpi.csat):
        found = cs.trend(figure, care, period="2026-10", last=24)
        yield f"trend of {figure.name} to 2026-10: worse", found.verdict == "worse", "planted"
        if figure is kpi.retention_rate:
            near = [cs.Period.parse(changed).run(1)[0].before().text, changed, cs.Period.parse(changed).after().text]
            hit = any(one.period in near and one.after < one.before for one in found.changes)
            yield f"new level of {figure.name} within a month of {changed}", hit, "planted"
            first = found.frame.set_index("period")["outside"]
            yield f"{figure.name} outside its limits since {changed}", bool(first[changed:].any()), "planted"
    years = cs.scorecard(care, period="2026-10", kpis=[kpi.retention_rate, kpi.csat, kpi.nps]).itertuples()
    for row in years:
        yield f"{row.kpi}, 2026-10 to a year ago: worse", row.year_verdict == "worse", "planted"


ESTIMATES = {
    "loyalty": _loyalty, "voice": _voice, "wishes": _wishes, "service": _service, "money": _money,
    "unplanted": _unplanted, "whys": _whys,
}  # fmt: skip
VERDICTS = {"alarms": _alarms, "trends": _trends}
