"""The sentences of a finding: what happened and since when, what it costs, what lies behind it, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from carestudy.findings import Cause, Finding
from carestudy.show import dates, labels
from carestudy.show.numbers import Form, number
from carestudy.show.words import Reader

VERY_SURE = 0.001


def headline(reader: Reader, one: Finding) -> str:
    """What happened and since when, in one sentence."""
    return HEADLINES[one.kind](reader, one)


def cost(reader: Reader, one: Finding) -> str:
    """How many customers a finding concerns, and what they brought in a year."""
    t, customers, money = reader.t, one.cost.customers, one.cost.money
    if customers is None or round(customers) < 1:
        return ""
    count = number(reader, round(customers))
    if not one.cost.lost:
        return t("About {n} customers concerned.", n=count) if one.kind != "backlog" else ""
    if money is None:
        return t("About {n} more customers lost.", n=count)
    return t(
        "About {n} more customers lost, who brought {money} in the year before.", n=count, money=_money(reader, money)
    )


def behind(reader: Reader, one: Finding) -> str:
    """What lies behind it, as far as the data tell."""
    said = [_beside(reader, one)] if one.kind == "apart" else []
    said += [_CAUSES[cause.kind](reader, cause) for cause in one.causes]
    if one.kind == "apart" and any(cause.within for cause in one.causes):  # compared with equal work, and found alike
        said.append(reader.t("With equal work they do as well there as elsewhere."))
    said += [_pulled(reader, one)] if one.about.get("pulled") else []
    said += [_goal(reader, one)] if "goal" in one.about else []
    return " ".join(said)


def surety(reader: Reader, one: Finding) -> str:
    """How sure it is after all comparisons of the page, and within which months it began."""
    said = reader.t("very sure") if one.p_adjusted < VERY_SURE else reader.t("sure")
    if one.since is None or one.since.earliest == one.since.latest:
        return said
    span = {"first": dates.period(reader, one.since.earliest), "last": dates.period(reader, one.since.latest)}
    return f"{said}, {reader.t('began between {first} and {last}', **span)}"


def figure(reader: Reader, name: str, amount: float) -> tuple[str, str]:
    """The name of a figure, and an amount as it is written."""
    card = labels.card(name)
    return labels.label(reader, card), Form(reader, labels.unit(reader, card), abs(amount)).value(amount)


def group(reader: Reader, groups: tuple[tuple[str, str], ...]) -> str:
    """The names of groups."""
    return " · ".join(labels.group(reader, name, value) for name, value in groups)


def _money(reader: Reader, amount: float) -> str:
    return Form(reader, "money", amount).value(amount)


def _level(reader: Reader, one: Finding) -> str:
    t = reader.t
    name, now = figure(reader, one.kpi, one.change.now)
    said = {"figure": name, "before": figure(reader, one.kpi, one.change.before)[1], "now": now}
    since = {} if one.since is None else {"since": dates.period(reader, one.since.period)}
    rising = one.change.difference > 0
    if one.since is None and rising:
        return t("{figure} has been rising: {before} → {now}", **said)
    if one.since is None:
        return t("{figure} has been falling: {before} → {now}", **said)
    if rising:
        return t("{figure} has risen from {before} to {now} since {since}", **said, **since)
    return t("{figure} has fallen from {before} to {now} since {since}", **said, **since)


def _apart(reader: Reader, one: Finding) -> str:
    t = reader.t
    told = [" ".join(_named(reader, kpi, now)) for kpi, _, now in _figures_of(one)]
    ((dimension, _),) = one.groups
    called = {"dimension": labels.column(reader, dimension), "group": group(reader, one.groups)}
    if one.better:
        return t("{dimension} {group} does better: {figures}", figures="; ".join(told), **called)
    return t("{dimension} {group} does worse: {figures}", figures="; ".join(told), **called)


def _figures_of(one: Finding) -> list[tuple[str, float, float]]:
    """The figures by which a group stands apart, each with what is expected of the same work and what it is."""
    return [(one.kpi, one.change.before, one.change.now), *one.about.get("also", ())]


def _named(reader: Reader, kpi: str, amount: float) -> tuple[str, str]:
    name, value = figure(reader, kpi, amount)
    return labels.lowered(name), value


def _beside(reader: Reader, one: Finding) -> str:
    told = [" ".join(_named(reader, kpi, expected)) for kpi, expected, _ in _figures_of(one)]
    return reader.t("Expected of the same work: {figures}.", figures="; ".join(told))


def _mix(reader: Reader, one: Finding) -> str:
    form = Form(reader, "share")
    said = {"before": form.value(one.change.before), "now": form.value(one.change.now)}
    since = dates.period(reader, one.since.period) if one.since else dates.period(reader, "all")
    ((dimension, _),) = one.groups
    called = {"dimension": labels.column(reader, dimension), "group": group(reader, one.groups)}
    return reader.t("{dimension} {group}: {before} → {now} of contacts since {since}", since=since, **called, **said)


def _ownership(reader: Reader, one: Finding) -> str:
    form = Form(reader, "share")
    ratio, here = number(reader, one.about["ratio"], 1), number(reader, one.about["here"])
    rates = {"now": form.value(one.change.now), "others": form.value(one.change.before)}
    told = {"n": here, "ratio": ratio, **rates}
    if dict(one.groups).get("in_charge") == "gone":
        return reader.t(
            "{n} customers whose owner has left leave {ratio} times as often: {now} a month, others {others}", **told
        )
    return reader.t(
        "{n} customers have no owner and leave {ratio} times as often: {now} a month, others {others}", **told
    )


def _goal_missed(reader: Reader, one: Finding) -> str:
    name, now = figure(reader, one.kpi, one.change.now)
    return reader.t("{figure} misses its goal: {now}, goal {target}", figure=name, now=now,
                    target=figure(reader, one.kpi, one.change.before)[1])  # fmt: skip


def _backlog(reader: Reader, one: Finding) -> str:
    said = {"now": number(reader, one.change.now), "before": number(reader, one.change.before)}
    return reader.t("{now} contacts are open, {before} a year ago: more than the growth of contacts explains", **said)


def _more(reader: Reader, cause: Cause) -> str:
    form, before, now = Form(reader, "share"), cause.before or 0.0, cause.now or 0.0
    said = {"before": form.value(before), "now": form.value(now)}
    if cause.share is not None:
        named = {"group": group(reader, cause.groups), "share": Form(reader, "share").tick(round(cause.share, 1))}
        return reader.t("Explained to {share} by the share of {group}: {before} → {now}.", **named, **said)
    return reader.t("Its share of contacts went from {before} to {now}.", **said)


def _within(reader: Reader, cause: Cause) -> str:
    form, before, now = Form(reader, "share"), cause.before or 0.0, cause.now or 0.0
    said = {"place": group(reader, cause.within), "before": form.value(before), "now": form.value(now)}
    return reader.t("It grew in {place} ({before} → {now}).", **said)


def _carried(reader: Reader, cause: Cause) -> str:
    share = Form(reader, "share").tick(round(cause.share or 0.0, 1))
    return reader.t("Mostly in {group}: {share} of the change.", group=group(reader, cause.groups), share=share)


def _reason(reader: Reader, cause: Cause) -> str:
    form, named = Form(reader, "share"), group(reader, cause.groups)
    said = {"before": form.value(cause.before or 0.0), "now": form.value(cause.now or 0.0)}
    return reader.t("Reason given more often: {reason} ({before} → {now}).", reason=named, **said)


def _none(reader: Reader, _: Cause) -> str:
    return reader.t("No cause was found in the data.")


def _pulled(reader: Reader, one: Finding) -> str:
    told = []
    for kpi, before, now in one.about["pulled"]:
        name, value = figure(reader, kpi, now)
        told.append(f"{name} {figure(reader, kpi, before)[1]} → {value}")
    since = dates.period(reader, one.since.period) if one.since else ""
    return reader.t("Over all since {since}: {figures}.", since=since, figures="; ".join(told))


def _goal(reader: Reader, one: Finding) -> str:
    name, value = figure(reader, one.about["goal_of"], one.about["goal"])
    return reader.t("The goal of {figure}, {target}, is missed.", figure=labels.lowered(name), target=value)


HEADLINES: Mapping[str, Callable[[Reader, Finding], str]] = {
    "level": _level, "drift": _level, "apart": _apart, "mix": _mix, "ownership": _ownership, "goal": _goal_missed,
    "backlog": _backlog,
}  # fmt: skip
_CAUSES: Mapping[str, Callable[[Reader, Cause], str]] = {
    "mix": _more, "within": _within, "carried": _carried, "reason": _reason, "none": _none,
}  # fmt: skip
