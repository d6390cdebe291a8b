"""Figures of a report: a picture under the finding it shows, with the sentence that says so what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import Reason
from carestudy.show import charts, dates, labels, sentences
from carestudy.show.change import CANNOT_TELL, FEW, Change, taken, too_few
from carestudy.show.labels import Card
from carestudy.show.layers import folded, more
from carestudy.show.numbers import Form, is_missing
from carestudy.show.output import Output, dimensions, figures
from carestudy.show.picture import paint
from carestudy.show.words import Reader

FIGURE = Markup(
    '<figure class="care-figure"><figcaption><strong>{title}</strong> <span>{what}</span></figcaption>'
    '<img src="{uri}" alt="{alt}">{sentence}</figure>'
)
CALM = Markup(
    '<figure class="care-figure"><figcaption><span>{what}</span></figcaption><img src="{uri}" alt="{alt}">{sentence}'
    "</figure>"
)
SENTENCE = Markup("<p>{}</p>")
DRAWN = ("value", "low", "high")


@dataclass(frozen=True)
class Told:
    """The words around a picture; a ``calm`` one shows nothing that needs attention, and a page folds it away."""

    title: str
    what: str
    alt: str
    sentence: str
    calm: bool = False


def trend(reader: Reader, kpi: Card, frame: pd.DataFrame, every: str, changes: Mapping[str, Change]) -> Output:
    """A KPI over time; ``changes`` are by what they are against, and without any the last one is worked out."""
    form, enough = form_of(reader, kpi, frame), only_enough(frame, kpi)
    if "note" in frame and isinstance(frame["note"].iloc[-1], Reason):
        changes = {}  # no whole period stands beside another
    elif not changes:
        last = sentences.last_change(kpi, frame)
        changes = {_before(reader, kpi, frame): last} if last else {}
    subject = _what(reader, kpi, every, frame, groups="")
    until = dates.period(reader, frame.iloc[-1]["period"])
    said = (
        sentences.trend(kpi, frame.iloc[-1], form, changes),
        sentences.few_at_the_end(kpi, frame, form),
        sentences.left_out(frame, form),
        sentences.in_part(frame, form),
    )
    sentence = " ".join(filter(None, said))
    alt = reader.t("Line chart: {what}; {n} periods, the last {period}", what=subject, n=len(frame), period=until)
    calm = bool(changes) and all(change.verdict == CANNOT_TELL for change in changes.values())
    texts = Told(sentences.trend_title(kpi, frame.iloc[-1], form, changes), subject, alt, sentence, calm)
    return drawn(texts, charts.trend(enough, form), 2.7, figures(frame, kpi))


def _before(reader: Reader, kpi: Card, frame: pd.DataFrame) -> str:
    """What the last period but one is called beside the last."""
    now, before = frame.iloc[-1], frame.iloc[-2]
    return taken(reader, dates.period(reader, before["period"]), now, before, kpi.per_time)


def trends(reader: Reader, kpi: Card, frame: pd.DataFrame, every: str) -> Output:
    """A KPI over time, a small line for each group, all on one scale."""
    t, by, form, enough = reader.t, dimensions(frame), form_of(reader, kpi, frame), only_enough(frame, kpi)
    rows = [rows for _, rows in frame.groupby(by, dropna=False, sort=False)]
    rows.sort(key=lambda group: tuple(labels.order(name, group.iloc[0][name]) for name in by))
    panels = {labels.groups(reader, by, group.iloc[0]): group for group in rows}
    found, sentence = sentences.groups_over_time(kpi, panels, form)
    sentence = " ".join(filter(None, (sentence, sentences.equal_days(kpi, rows, form), sentences.in_part(frame, form))))
    groups = group_names(reader, by)
    subject = _what(reader, kpi, every, frame, groups)
    alt = t("Line charts: {what}; {n} groups: {groups}", what=subject, n=len(panels), groups=", ".join(panels))
    title = t("{label} by {groups}", label=labels.label(reader, kpi), groups=groups)
    texts = Told(f"{title}. {found}" if found else title, subject, alt, sentence)
    painter = charts.multiples({name: enough.loc[group.index] for name, group in panels.items()}, form)
    lines = -(-len(panels) // charts.columns(len(panels)))
    return drawn(texts, painter, 0.5 + 1.5 * lines, figures(frame, kpi))


def form_of(reader: Reader, kpi: Card, frame: pd.DataFrame) -> Form:
    """How the figures of this frame are written: sums of money all on the scale of the largest."""
    largest = frame["value"].abs().max() if len(frame) else 0.0
    return Form(reader, labels.unit(reader, kpi), 0.0 if is_missing(largest) else float(largest))


def only_enough(frame: pd.DataFrame, kpi: Card) -> pd.DataFrame:
    """The frame without the values of too few cases, which are not drawn."""
    hidden = pd.Series([too_few(n, kpi.unit) for n in frame["n"]], frame.index, dtype=bool)
    return frame.assign(**{name: frame[name].astype(float).mask(hidden) for name in DRAWN})


def drawn(told: Told, painter: charts.Painter, height: float, payload: Sequence[Mapping[str, Any]]) -> Output:
    """The picture of a painter under its finding; the sentence beneath it is folded away on a page."""
    painted = paint(painter, height)
    sentence = more(SENTENCE.format(told.sentence)) if told.sentence else Markup("")
    fields = {"what": told.what, "uri": painted.uri, "alt": told.alt, "sentence": sentence}
    if told.calm:
        html = folded(Markup("<strong>{}</strong>").format(told.title), CALM.format(**fields))
    else:
        html = FIGURE.format(title=told.title, **fields)
    words = filter(None, (told.title, told.what, told.alt, told.sentence, painted.drawn))
    return Output(html, "\n".join(words), tuple(payload), looks=("figure",))


def group_names(reader: Reader, by: list[str]) -> str:
    """What the groups are groups of."""
    return ", ".join(labels.lowered(labels.column(reader, name)) for name in by)


def with_intervals(reader: Reader, what: str, frame: pd.DataFrame) -> str:
    """What is drawn, and that its intervals are, where it has any."""
    return reader.t("{what}, with 95% intervals", what=what) if (frame["high"] > frame["low"]).any() else what


def _what(reader: Reader, kpi: Card, every: str, frame: pd.DataFrame, groups: str) -> str:
    t = reader.t
    each = {"week": t("by week"), "month": t("by month"), "quarter": t("by quarter"), "year": t("by year")}[every]
    label = labels.label(reader, kpi)
    what = with_intervals(
        reader, f"{t('{label} by {groups}', label=label, groups=groups) if groups else label} {each}", frame
    )
    hides = (only_enough(frame, kpi)["value"].isna() & frame["value"].notna()).any()
    return f"{what}. {t('Periods with n below {n} are not drawn', n=FEW)}" if hides else what
