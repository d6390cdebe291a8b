"""The eight questions on one page: an answer each, with its interval and a small chart, or what is missing for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import Missing, Premise, Reason, Refused
from carestudy.eight_questions import Answer, Answers
from carestudy.show import dates, labels, refusals, unanswered
from carestudy.show.layers import folded
from carestudy.show.numbers import MISSING, Form, cases, is_missing, number
from carestudy.show.output import Output, figures
from carestudy.show.spark import spark
from carestudy.show.value.answer import worth
from carestudy.show.words import Reader

PAGE = Markup('<ol class="care-questions">{}</ol>')
ITEM = Markup("<li><h3>{question}</h3>{answer}</li>")
ANSWER = Markup("<strong>{}</strong>")
SENTENCE = Markup("<p>{}</p>")
CHART = Markup('<table class="care-mini"><tbody>{}</tbody></table>')
ROW = Markup(
    '<tr><th scope="row">{name}</th><td class="number">{value}</td><td class="scale" aria-hidden="true">{bar}</td>'
    '<td class="muted">{spread}</td></tr>'
)
BAR = Markup('<i style="left:{low:.1f}%;width:{width:.1f}%"></i><b style="left:{value:.1f}%"></b>')


@dataclass(frozen=True)
class _Told:
    """An answer in the reader's words: the short one, the sentence, the rows of its chart, and what is drawn."""

    answer: str
    sentence: str
    rows: Sequence[tuple[str, str, str, Any]] = ()
    line: Markup | None = None


def questions(reader: Reader, answers: Answers) -> Output:
    """The eight questions, an item each."""
    items, texts, payload, untold = [], [], [], set()
    alike = [one.name for _, refused in unanswered.refused_alike(answers.answers).values() for one in refused]
    for one in answers.answers:
        if unanswered.lack(reader, one) or one.name in alike:
            continue
        told = _missing(reader, one.missing) if one.missing else TELL[one.name](reader, one)
        if told.answer == reader.t("Not known."):
            untold.add(one.name)
        question = reader.t(one.question)
        answer = folded(ANSWER.format(told.answer), SENTENCE.format(told.sentence) + _chart(told))
        items.append(ITEM.format(question=question, answer=answer))
        lines = [" ".join(filter(None, row[:3])) for row in told.rows]
        texts.append("\n".join([f"{one.number}. {question}", f"{told.answer} {told.sentence}".strip(), *lines]))
        payload += [
            f
            for frame in one.found.values()
            if isinstance(frame, pd.DataFrame) and "kpi" in frame
            for f in figures(frame)
        ]
    html = PAGE.format(Markup().join(items)) if items else Markup()
    if words := unanswered.line(reader, answers.answers, untold):
        html, texts = html + unanswered.LINE.format(words), [*texts, words]
    return Output(html, "\n".join(texts), tuple(payload), looks=("questions",))


def _loss(reader: Reader, answer: Answer) -> _Told:
    now, before, form = answer.found["loss"].iloc[0], answer.found["before"].iloc[0], Form(reader, "share")
    rows = [_share(form, dates.period(reader, str(row["period"])), row) for row in (now, before)]
    if is_missing(now["value"]):
        return _Told(*_nothing(reader, now.get("note")))
    fields = {"lost": number(reader, now["numerator"]), "base": number(reader, now["denominator"])}
    sentence = reader.t("Of the {base} customers of twelve months ago, {lost} have left.", **fields)
    left = answer.found["departures"].iloc[0]
    if left["newcomers"]:
        counts = {"left": number(reader, left["left"]), "newcomers": number(reader, left["newcomers"])}
        sentence += " " + reader.t(
            "In all, {left} customers left in these twelve months; {newcomers} of them had joined in the same time.",
            **counts,
        )
    return _Told(form.value(now["value"]) + ".", sentence, rows)


def _tenure(reader: Reader, answer: Answer) -> _Told:
    form, rows = Form(reader, "share"), []
    for name, frame in answer.found.items():
        years = int(name.removeprefix("years_"))
        label = reader.t("{n} year", n=years) if years == 1 else reader.t("{n} years", n=years)
        rows.append(_share(form, label, frame.iloc[0]))
    known = [f"{name} {value}" for name, value, _, _ in rows if value != MISSING]
    if not known and (note := _refusal(answer.found.values())):
        return _Told(*_nothing(reader, note))
    if not known:
        return _Told(*_young(reader, int(next(iter(answer.found.values()))["n"].iloc[0])))
    short = reader.t("A dash: no customer has been observed for so long.") if len(known) < len(rows) else ""
    if note := _refusal(answer.found.values()):
        short = reader.t("Not told for {years}: {reason}.", years=_untold(rows), reason=refusals.why(reader, note))
    words = reader.t(
        "Of all customers whose first day is known, until they left for good; those still here count for the time "
        "observed."
    )
    return _Told("; ".join(known) + ".", f"{words} {short}".strip(), rows)


def _trend(reader: Reader, answer: Answer) -> _Told:
    found, form, t = answer.found["trend"], Form(reader, "share"), reader.t
    words = {"better": t("Yes, for the better."), "worse": t("Yes, for the worse.")}
    frame = found.frame[found.frame["used"]]
    if frame.empty:
        return _Told(*_nothing(reader))
    if found.changes:  # two levels, and no line through both
        level = found.changes[-1]
        fields = {"period": dates.period(reader, level.period), "n": len(frame)}
        fields |= {"before": form.value(level.before), "after": form.value(level.after)}
        sentence = t("Monthly retention over {n} months: {after} since {period}, {before} before.", **fields)
    else:
        fields = {"first": form.value(found.first), "last": form.value(found.last), "n": len(frame)}
        sentence = t("Monthly retention over {n} months: from {first} to {last} by its trend.", **fields)
    answered = words.get(str(found.verdict), t("No clear change."))
    return _Told(answered, sentence, line=spark(list(frame["value"]), sentence))


def _reasons(reader: Reader, answer: Answer) -> _Told:
    frame, form = answer.found["reasons"], Form(reader, "share")
    if note := _refusal([frame]):
        return _Told(*_nothing(reader, note))
    stated = frame[frame["leave_reason"].notna()]
    if stated.empty:
        return _Told(*_nothing(reader))
    rows = [_share(form, labels.clean(str(row["leave_reason"])), row) for row in stated.to_dict("records")]
    silent = int(frame.loc[frame["leave_reason"].isna(), "numerator"].sum())
    fields = {"lost": number(reader, frame["denominator"].iloc[0]), "silent": number(reader, silent)}
    sentence = reader.t("{lost} customers left in twelve months; {silent} of them stated no reason.", **fields)
    if undated := next((note for note in stated.get("note", ()) if isinstance(note, Reason)), None):
        sentence = reader.t("{lost} customers have left; {silent} of them stated no reason.", **fields)
        sentence += " " + refusals.sentence(reader, undated)
    return _Told(f"{rows[0][0]}, {rows[0][1]}.", sentence, rows)


def _expectations(reader: Reader, answer: Answer) -> _Told:
    frame, form, t = answer.found["expectations"], Form(reader, "share"), reader.t
    if frame.empty or is_missing(frame["importance"].iloc[0]) or labels.is_nameless(frame["attribute"].iloc[0]):
        words = t("At least 30 surveys that rate several aspects of the service beside CSAT are needed.")
        return _Told(t("Not known."), words)
    rows = []
    for row in frame.to_dict("records"):
        happy = t("{share} satisfied", share=form.value(row["satisfied"]))
        limits = (row["importance"], row["low"], row["high"])
        rows.append((labels.group(reader, "question", row["attribute"]), form.value(row["importance"]), happy, limits))
    sentence = t(
        "Weight of each aspect in overall satisfaction, from {n} surveys of twelve months: an association, not a "
        "proven cause.", n=number(reader, frame["n"].iloc[0]),
    )  # fmt: skip
    return _Told(t("Above all: {part}.", part=rows[0][0]), sentence, rows)


def _worth(reader: Reader, answer: Answer) -> _Told:
    told = worth(reader, answer.found["worth"], answer.found["ahead"])
    return _Told(*told) if told else _Told(*_nothing(reader))


def _transaction(reader: Reader, answer: Answer) -> _Told:
    median, mean = answer.found["median"].iloc[0], answer.found["mean"].iloc[0]
    form = Form(reader, "money", 0.0 if is_missing(mean["value"]) else float(mean["value"]))
    if is_missing(median["value"]):
        return _Told(*_nothing(reader))
    fields = {"interval": form.interval(median["low"], median["high"]), "cases": cases(reader, median["n"])}
    sentence = reader.t(
        "Half of the orders are larger, half smaller (95% interval {interval}; {cases}). The mean is {mean}.",
        mean=form.value(mean["value"]), **fields,
    )  # fmt: skip
    return _Told(form.value(median["value"]) + ".", sentence)


def _interviews(reader: Reader, answer: Answer) -> _Told:
    row, t = answer.found["interviews"].iloc[0], reader.t
    words = {"yes": t("Yes."), "no": t("No.")}.get(str(row["enough"]), t("No clear change."))
    if row["missing"]:
        return _Told(words, t("Missing: {missing}.", missing=labels.clean(str(row["missing"]))))
    fields = {name: number(reader, row[name]) for name in ("reached", "interviews", "lost")}
    if row["interviews"]:
        sentence = t(
            "Staff talked with {reached} customers who had left, {interviews} of them in an exit interview; "
            "{lost} left in that time.", **fields,
        )  # fmt: skip
    else:
        sentence = t(
            "Staff talked with {reached} customers who had left, none of them in an exit interview; {lost} left "
            "in that time.",
            **fields,
        )
    return _Told(words, sentence)


TELL: dict[str, Callable[[Reader, Answer], _Told]] = {
    "loss": _loss, "tenure": _tenure, "trend": _trend, "reasons": _reasons, "expectations": _expectations,
    "worth": _worth, "transaction": _transaction, "interviews": _interviews,
}  # fmt: skip


def _missing(reader: Reader, gap: Missing) -> _Told:
    if isinstance(gap, Refused):
        return _Told(*_nothing(reader, gap.why))
    names = {"table": labels.clean(gap.table), "column": labels.clean(gap.column or "")}
    if isinstance(gap, Premise):
        return _Told(reader.t("Not known."), f"{reader.t(gap.reason, **gap.values)}.")
    if gap.column is None:
        return _Told(reader.t("Not known."), reader.t("The data have no table {table}.", **names))
    return _Told(reader.t("Not known."), reader.t("Table {table} has no column {column}.", **names))


def _nothing(reader: Reader, note: object = None) -> tuple[str, str]:
    reason = refusals.sentence(reader, note)
    return reader.t("Not known."), reason or reader.t("Not enough data in this period.")


def _refusal(frames: Iterable[pd.DataFrame]) -> Reason | None:
    """The first premise that takes a value away."""
    notes = (note for frame in frames if "note" in frame for note in frame.loc[frame["value"].isna(), "note"])
    return next((note for note in notes if isinstance(note, Reason)), None)


def _untold(rows: Sequence[tuple[str, str, str, Any]]) -> str:
    return ", ".join(name for name, value, *_ in rows if value == MISSING)


def _young(reader: Reader, n: int) -> tuple[str, str]:
    """Nobody has been a customer for long enough, as far as the data know them."""
    if not n:
        return _nothing(reader)
    words = reader.t(
        "The first day of {n} customers is known; none of them was followed for a year.", n=number(reader, n)
    )
    return reader.t("Not known."), words


def _share(form: Form, name: str, row: Any) -> tuple[str, str, str, Any]:
    """A row of a chart of shares: its name, value, interval with n, and where to draw them."""
    if is_missing(row["value"]):
        return name, MISSING, "", None
    spread = f"{form.interval(row['low'], row['high'])}; {cases(form.reader, row['n'])}"
    return name, form.value(row["value"]), spread, (row["value"], row["low"], row["high"])


def _chart(told: _Told) -> Markup:
    rows = [
        ROW.format(name=name, value=value, spread=spread, bar=_bar(limits)) for name, value, spread, limits in told.rows
    ]
    return CHART.format(Markup().join(rows)) if rows else told.line or Markup()


def _bar(limits: Any) -> Markup:
    if limits is None:
        return Markup()
    known = [limits[0] if is_missing(limit) else limit for limit in limits]
    value, low, high = (min(max(100 * float(one), 0), 100) for one in known)
    return BAR.format(low=low, width=high - low, value=value)
