"""Findings, shown: one screen that says what stands out, since when, why, what it costs, what to do, who, by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from carestudy.findings import Finding
from carestudy.show import dates, labels
from carestudy.show.findings.follow import HERE
from carestudy.show.findings.sentences import behind, cost, headline, surety
from carestudy.show.output import Output
from carestudy.show.words import LOCALES, Reader

MOST = 5  # on the first screen
ITEM = Markup("<li><strong>{what}</strong>{why}{do}{who}</li>")
LINE = Markup("<span>{}</span>")
DO = Markup('<span class="do">→ {}</span>')
WHO = Markup('<span class="muted">{}</span>')
LIST = Markup('<ul class="care-attention care-findings">{}</ul>')
SENTENCE = Markup('<p class="care-nothing">{}</p>')


def findings(reader: Reader, found: Sequence[Finding]) -> Output:
    """The findings for the worse, the costliest first; the better ones in one line; or that nothing stands out."""
    worse, better = [one for one in found if not one.better], [one for one in found if one.better]
    items = [_item(reader, one) for one in worse[:MOST]]
    rest = [*worse[MOST:], *better]
    closing = _closing(reader, worse[MOST:], better)
    if not items:
        closing = [reader.t("Nothing unusual in this period."), *closing]
    html = LIST.format(Markup("").join(item for item, _ in items)) if items else Markup("")
    html += Markup("").join(SENTENCE.format(line) for line in closing) + Markup(HERE)  # noqa: S704 - our own
    text = "\n".join([*(line for _, lines in items for line in lines), *closing])
    told = [*worse[:MOST], *rest]
    return Output(html, text, findings=tuple(map(record, told)), looks=("board", "findings"))


def record(one: Finding) -> Mapping[str, Any]:
    """A finding for machines, the same in every language."""
    return {
        "key": one.key,
        "kind": one.kind,
        "kpi": one.kpi,
        "by": dict(one.groups),
        "better": one.better,
        "since": None if one.since is None else one.since.period,
        "since_interval": None if one.since is None else [one.since.earliest, one.since.latest],
        "before": _rounded(one.change.before),
        "now": _rounded(one.change.now),
        "change_low": _rounded(one.change.low),
        "change_high": _rounded(one.change.high),
        "p_adjusted": _rounded(one.p_adjusted),
        "customers": _rounded(one.cost.customers),
        "money": _rounded(one.cost.money),
        "owner": one.owner,
        "due": one.due.isoformat(),
        "months": one.months,
        "headline": {lang: headline(Reader(lang), one) for lang in LOCALES},
        "play": None if one.play is None else {"vi": one.play.vi, "en": one.play.en, "audience": one.play.audience},
    }


def _rounded(amount: float | None) -> float | None:
    return None if amount is None or amount != amount else float(f"{amount:.12g}")


def _item(reader: Reader, one: Finding) -> tuple[Markup, list[str]]:
    t = reader.t
    what, why = headline(reader, one), " ".join(filter(None, [cost(reader, one), behind(reader, one)]))
    do = "" if one.play is None else labels.clean(getattr(one.play, reader.lang))
    owner = labels.clean(one.owner) if one.owner else t("not assigned")
    who = [t("In charge: {owner}", owner=owner), t("due {day}", day=dates.day(reader, one.due)), surety(reader, one)]
    who += [t("list: carestudy audience {kind}", kind=one.play.audience)] if one.play and one.play.audience else []
    parts = {
        "why": LINE.format(why) if why else "",
        "do": DO.format(do) if do else "",
        "who": WHO.format(" · ".join(who)),
    }
    return ITEM.format(what=what, **parts), [what, *filter(None, [why, do and f"→ {do}"]), " · ".join(who)]


def _closing(reader: Reader, more: Sequence[Finding], better: Sequence[Finding]) -> list[str]:
    t = reader.t
    lines = []
    if more:
        lines.append(t("Also: {findings}", findings=" ".join(headline(reader, one) for one in more)))
    if better:
        lines.append(t("Better: {findings}", findings=" ".join(headline(reader, one) for one in better)))
    return lines
