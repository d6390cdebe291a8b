"""Topics over time: what customers come with and what they complain of, month by month."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import Missing
from carestudy.periods import Period
from carestudy.show import dates, labels, sentences, stages, withheld
from carestudy.show.asked import Asked
from carestudy.show.change import BETTER, CANNOT_TELL, WORSE
from carestudy.show.numbers import MISSING, Form, cases, is_missing
from carestudy.show.output import Output, figures
from carestudy.show.spark import spark
from carestudy.show.tables import grid

TOPIC = "topic"
LAST, TOP = 13, 8
CHANGED = Markup('{}<small>{}</small><span class="verdict {}">{}</span>')
FIGURE = Markup("{}<small>{}</small>")


def topics(asked: Asked, *, top: int = TOP, last: int = LAST) -> Output:
    """The topics with most contacts in the period, each with its months and its change against the period before."""
    from carestudy import kpi  # loaded with the engine where it is used
    from carestudy.overview import scorecard

    reader, care = asked.reader, asked.care
    care.table("contacts", "opened_at")
    if not care.has("contacts", TOPIC):
        return stages.line(reader.t("Topics are not known: table contacts has no column topic."))
    shown, lacks = [kpi.contact_count], []
    if care.has("contacts", "kind"):
        shown.append(kpi.complaint_count)
    else:
        lacks.append(reader.t("Not here: {label}, which needs column {column} of table {table}.",
                              label=reader.t("Complaints"), column="kind", table="contacts"))  # fmt: skip
    card = scorecard(care, period=asked.period, by=TOPIC, kpis=shown)
    card, some = withheld.sides(care, card, shown, asked.period)
    months = {one.id: _months(asked, one, last) for one in shown}
    if (card["n"] == 0).all():
        return stages.line(reader.t("There are no contacts in this period."))
    output = _table(asked, card, months, top)
    return withheld.drawn(asked, (pd.DataFrame(), some), lambda _: stages.with_notes(output, lacks))


def _months(asked: Asked, kpi: Any, last: int) -> dict[Any, list[Any]]:
    """The numbers of each topic in the periods up to this one, oldest first."""
    now = Period.parse(asked.period)
    try:
        told = withheld.sized(asked.care, kpi, by=TOPIC, period=asked.period, every=now.unit or "month", last=last)
    except Missing:
        return {}
    frame, _ = withheld.told(asked.care, told, labels.card(kpi))
    return {name: list(rows["value"]) for name, rows in frame.groupby(TOPIC, dropna=False, sort=False)}


def _table(asked: Asked, card: pd.DataFrame, months: dict[str, dict[Any, list[Any]]], top: int) -> Output:
    reader = asked.reader
    by_topic: dict[Any, dict[str, Any]] = {}
    for row in card.to_dict("records"):
        name = None if labels.is_nameless(row[TOPIC]) else row[TOPIC]
        by_topic.setdefault(name, {})[str(row["kpi"])] = row
    ranked = sorted(by_topic, key=lambda name: (name is None, -_count(by_topic[name]), str(name)))
    first = [name for name in ranked if by_topic[name].get("contact_count", {"n": 0})["n"] != 0][:top]
    ids = list(dict.fromkeys(card["kpi"]))
    before = dates.previous(reader, asked.period)
    heads = [labels.column(reader, TOPIC)]
    for one in ids:
        label = labels.label(reader, labels.card(one))
        heads += [label, reader.t("against {before}", before=before)]
    lines = [[labels.group(reader, TOPIC, name), *_cells(asked, by_topic[name], months, name, ids)] for name in first]
    title, words = _title(asked, by_topic, first), _said(asked, by_topic, ids, before, len(ranked) - len(first))
    html = grid(title, heads, lines, numeric=set(range(1, len(heads)))) + Markup("<p>{}</p>").format(words)
    text = "\n".join([title, *("\t".join(map(_plain, row)) for row in (heads, *lines)), words])
    return Output(html, text, figures(card), looks=("table",))


def _cells(
    asked: Asked, rows: dict[str, Any], months: dict[str, dict[Any, list[Any]]], name: Any, ids: list[str]
) -> list[Any]:
    results: list[Any] = []
    for one in ids:
        row = rows.get(one)
        series = next((values for key, values in months[one].items() if key == name or _both_none(key, name)), [])
        if row is None or is_missing(row["n"]):
            results += [cases(asked.reader, None) if row else MISSING, MISSING]
            continue
        form = Form(asked.reader, "count")
        value = 0.0 if is_missing(row["value"]) else row["value"]
        results += [Markup("{}{}").format(form.value(value), spark(series)), _change(form, row)]
    return results


def _change(form: Form, row: Any) -> Any:
    """A change with its interval, and more, fewer or cannot tell."""
    if is_missing(row["change"]) or not (row["change"] or row["change_low"] or row["change_high"]):
        return MISSING  # nothing to compare with, or nothing now and then
    amount, interval = form.change(row["change"]), form.changes(row["change_low"], row["change_high"])
    verdict = moved(row)
    if verdict is None:
        return FIGURE.format(amount, interval)
    better = labels.card(str(row["kpi"])).better
    look = {None: "", "lower": WORSE if verdict == "more" else BETTER}.get(better, "")
    words = form.reader.t("more") if verdict == "more" else form.reader.t("fewer")
    return CHANGED.format(amount, interval, look, f"{sentences.ARROWS[verdict == 'more']} {words}")


def moved(row: Any) -> str | None:
    """Whether there are more or fewer than before by more than chance explains."""
    if is_missing(row["change_low"]) or is_missing(row["change_high"]) or row["verdict"] == CANNOT_TELL:
        return None
    return "more" if row["change_low"] > 0 else "fewer" if row["change_high"] < 0 else None


def _title(asked: Asked, by_topic: dict[Any, dict[str, Any]], first: list[Any]) -> str:
    reader, whole = asked.reader, sum(_count(rows) for rows in by_topic.values())
    named = [name for name in first if name is not None]
    period = dates.period(reader, asked.period)
    if not named or not whole:
        return reader.t("Topics of contacts, {period}", period=period)
    share = Form(reader, "share").value(_count(by_topic[named[0]]) / whole)
    fields = {"topic": labels.group(reader, TOPIC, named[0]), "share": share, "period": period}
    return reader.t("Most often: {topic}, {share} of the contacts in {period}", **fields)


def _said(asked: Asked, by_topic: dict[Any, dict[str, Any]], ids: list[str], before: str, more: int) -> str:
    """Which topics have changed by more than chance explains, and how many are not shown."""
    reader, told = asked.reader, []
    for one in ids:
        changed = [(name, rows[one]) for name, rows in by_topic.items() if one in rows and moved(rows[one])]
        label = labels.within(reader, labels.card(one))
        form = Form(reader, "count")
        listed = "; ".join(f"{labels.group(reader, TOPIC, name)} {form.change(row['change'])}" for name, row in changed)
        fields = {"label": label, "before": before, "topics": listed}
        if changed:
            told.append(reader.t("{label}: clear changes against {before}: {topics}.", **fields))
        else:
            told.append(reader.t("{label}: no topic changed clearly against {before}.", **fields))
    told[:] = [sentence[:1].upper() + sentence[1:] for sentence in told]
    if more > 0:
        told.append(reader.t("Topics not listed: {n}.", n=more))
    return " ".join(told)


def _count(rows: dict[str, Any]) -> float:
    value = rows.get("contact_count", {}).get("value")
    return 0.0 if is_missing(value) else float(value)


def _both_none(one: Any, other: Any) -> bool:
    return labels.is_nameless(one) and labels.is_nameless(other)


def _plain(cell: Any) -> str:
    if not isinstance(cell, Markup):
        return str(cell)
    return str(cell.replace(Markup("<small"), Markup(" <small")).replace(Markup("<span"), Markup(" <span")).striptags())
