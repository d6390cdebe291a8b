"""The sentences of a finding: what happened and since when, what it costs, what lies behind it, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from carestudy.findings import Cause, Finding
from carestudy.show import dates, labels
from carestudy.show.numbers import Form, number
from carestudy.show.words import Reader

VERY_SURE = 0.001


def headline(reader: Reader, finding: Finding) -> str:
    """What happened and since when, in one sentence."""
    return HEADLINES[finding.kind](reader, finding)


def cost(reader: Reader, finding: Finding) -> str:
    """How many customers a finding concerns, and what they brought in a year."""
    t, customers, money = reader.t, finding.cost.customers, finding.cost.money
    if customers is None or round(customers) < 1:
        return ""
    count = number(reader, round(customers))
    if not finding.cost.lost:
        return t("About {n} customers concerned.", n=count) if finding.kind != "backlog" else ""
    if money is None:
        return t("About {n} more customers lost.", n=count)
    return t(
        "About {n} more customers lost, who brought {money} in the year before.", n=count, money=_money(reader, money)
    )


def behind(reader: Reader, finding: Finding) -> str:
    """What lies behind it, as far as the data tell."""
    said = [_beside(reader, finding)] if finding.kind == "apart" else []
    said += [_CAUSES[cause.kind](reader, cause) for cause in finding.causes]
    if finding.kind == "apart" and any(
        cause.within for cause in finding.causes
    ):  # compared with equal work, and found alike
        said.append(reader.t("With equal work they do as well there as elsewhere."))
    said += [_pulled(reader, finding)] if finding.about.get("pulled") else []
    said += [_goal(reader, finding)] if "goal" in finding.about else []
    return " ".join(said)


def surety(reader: Reader, finding: Finding) -> str:
    """How sure it is after all comparisons of the page, and within which months it began."""
    sentence = reader.t("very sure") if finding.p_adjusted < VERY_SURE else reader.t("sure")
    if finding.since is None or finding.since.earliest == finding.since.latest:
        return sentence
    span = {"first": dates.period(reader, finding.since.earliest), "last": dates.period(reader, finding.since.latest)}
    return f"{sentence}, {reader.t('began between {first} and {last}', **span)}"


def figure(reader: Reader, name: str, amount: float) -> tuple[str, str]:
    """The name of a figure, and an amount as it is written."""
    card = labels.card(name)
    return labels.label(reader, card), Form(reader, labels.unit(reader, card), abs(amount)).value(amount)


def group(reader: Reader, groups: tuple[tuple[str, str], ...]) -> str:
    """The names of groups."""
    return " · ".join(labels.group(reader, name, value) for name, value in groups)


def _money(reader: Reader, amount: float) -> str:
    return Form(reader, "money", amount).value(amount)


def _level(reader: Reader, finding: Finding) -> str:
    t = reader.t
    name, now = figure(reader, finding.kpi, finding.change.now)
    fields = {"figure": name, "before": figure(reader, finding.kpi, finding.change.before)[1], "now": now}
    since = {} if finding.since is None else {"since": dates.period(reader, finding.since.period)}
    rising = finding.change.difference > 0
    if finding.since is None and rising:
        return t("{figure} has been rising: {before} → {now}", **fields)
    if finding.since is None:
        return t("{figure} has been falling: {before} → {now}", **fields)
    if rising:
        return t("{figure} has risen from {before} to {now} since {since}", **fields, **since)
    return t("{figure} has fallen from {before} to {now} since {since}", **fields, **since)


def _apart(reader: Reader, finding: Finding) -> str:
    t = reader.t
    told = [" ".join(_named(reader, kpi, now)) for kpi, _, now in _figures_of(finding)]
    ((dimension, _),) = finding.groups
    called = {"dimension": labels.column(reader, dimension), "group": group(reader, finding.groups)}
    if finding.better:
        return t("{dimension} {group} does better: {figures}", figures="; ".join(told), **called)
    return t("{dimension} {group} does worse: {figures}", figures="; ".join(told), **called)


def _figures_of(finding: Finding) -> list[tuple[str, float, float]]:
    """The figures by which a group stands apart, each with what is expected of the same work and what it is."""
    return [(finding.kpi, finding.change.before, finding.change.now), *finding.about.get("also", ())]


def _named(reader: Reader, kpi: str, amount: float) -> tuple[str, str]:
    name, value = figure(reader, kpi, amount)
    return labels.lowered(name), value


def _beside(reader: Reader, finding: Finding) -> str:
    told = [" ".join(_named(reader, kpi, expected)) for kpi, expected, _ in _figures_of(finding)]
    return reader.t("Expected of the same work: {figures}.", figures="; ".join(told))


def _mix(reader: Reader, finding: Finding) -> str:
    form = Form(reader, "share")
    fields = {"before": form.value(finding.change.before), "now": form.value(finding.change.now)}
    since = dates.period(reader, finding.since.period) if finding.since else dates.period(reader, "all")
    ((dimension, _),) = finding.groups
    called = {"dimension": labels.column(reader, dimension), "group": group(reader, finding.groups)}
    return reader.t("{dimension} {group}: {before} → {now} of contacts since {since}", since=since, **called, **fields)


def _ownership(reader: Reader, finding: Finding) -> str:
    form = Form(reader, "share")
    ratio, here = number(reader, finding.about["ratio"], 1), number(reader, finding.about["here"])
    rates = {"now": form.value(finding.change.now), "others": form.value(finding.change.before)}
    fields = {"n": here, "ratio": ratio, **rates}
    if dict(finding.groups).get("in_charge") == "gone":
        return reader.t(
            "{n} customers whose owner has left leave {ratio} times as often: {now} a month, others {others}", **fields
        )
    return reader.t(
        "{n} customers have no owner and leave {ratio} times as often: {now} a month, others {others}", **fields
    )


def _goal_missed(reader: Reader, finding: Finding) -> str:
    name, now = figure(reader, finding.kpi, finding.change.now)
    return reader.t("{figure} misses its goal: {now}, goal {target}", figure=name, now=now,
                    target=figure(reader, finding.kpi, finding.change.before)[1])  # fmt: skip


def _backlog(reader: Reader, finding: Finding) -> str:
    fields = {"now": number(reader, finding.change.now), "before": number(reader, finding.change.before)}
    return reader.t("{now} contacts are open, {before} a year ago: more than the growth of contacts explains", **fields)


def _more(reader: Reader, cause: Cause) -> str:
    form, before, now = Form(reader, "share"), cause.before or 0.0, cause.now or 0.0
    fields = {"before": form.value(before), "now": form.value(now)}
    if cause.share is not None:
        fields = {"group": group(reader, cause.groups), "share": Form(reader, "share").tick(round(cause.share, 1))}
        return reader.t("Explained to {share} by the share of {group}: {before} → {now}.", **fields, **fields)
    return reader.t("Its share of contacts went from {before} to {now}.", **fields)


def _within(reader: Reader, cause: Cause) -> str:
    form, before, now = Form(reader, "share"), cause.before or 0.0, cause.now or 0.0
    fields = {"place": group(reader, cause.within), "before": form.value(before), "now": form.value(now)}
    return reader.t("It grew in {place} ({before} → {now}).", **fields)


def _carried(reader: Reader, cause: Cause) -> str:
    share = Form(reader, "share").tick(round(cause.share or 0.0, 1))
    return reader.t("Mostly in {group}: {share} of the change.", group=group(reader, cause.groups), share=share)


def _reason(reader: Reader, cause: Cause) -> str:
    form, named = Form(reader, "share"), group(reader, cause.groups)
    fields = {"before": form.value(cause.before or 0.0), "now": form.value(cause.now or 0.0)}
    return reader.t("Reason given more often: {reason} ({before} → {now}).", reason=named, **fields)


def _none(reader: Reader, _: Cause) -> str:
    return reader.t("No cause was found in the data.")


def _pulled(reader: Reader, finding: Finding) -> str:
    told = []
    for kpi, before, now in finding.about["pulled"]:
        name, value = figure(reader, kpi, now)
        told.append(f"{name} {figure(reader, kpi, before)[1]} → {value}")
    since = dates.period(reader, finding.since.period) if finding.since else ""
    return reader.t("Over all since {since}: {figures}.", since=since, figures="; ".join(told))


def _goal(reader: Reader, finding: Finding) -> str:
    name, value = figure(reader, finding.about["goal_of"], finding.about["goal"])
    return reader.t("The goal of {figure}, {target}, is missed.", figure=labels.lowered(name), target=value)


HEADLINES: Mapping[str, Callable[[Reader, Finding], str]] = {
    "level": _level, "drift": _level, "apart": _apart, "mix": _mix, "ownership": _ownership, "goal": _goal_missed,
    "backlog": _backlog,
}  # fmt: skip
_CAUSES: Mapping[str, Callable[[Reader, Cause], str]] = {
    "mix": _more, "within": _within, "carried": _carried, "reason": _reason, "none": _none,
}  # fmt: skip
