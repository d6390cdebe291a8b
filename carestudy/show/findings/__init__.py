"""Findings, shown: one screen that says what stands out, since when, why, what it costs, what to do, who, by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from carestudy.findings import Finding
from carestudy.findings.topics import topics
from carestudy.show import dates, labels
from carestudy.show.findings.follow import DETAIL, FOLLOWED, REPEATED
from carestudy.show.findings.sentences import behind, cost, headline, surety
from carestudy.show.output import Output
from carestudy.show.words import LOCALES, Reader

MOST = 5  # on the first screen
ITEM = Markup("<li><strong>{headline}{repeated}</strong>{cause}{action}{charge}</li>")
LINE = Markup("<span>{}</span>")
ACTION = Markup('<span class="do">→ {}</span>')
CHARGE = Markup('<span class="muted">{}{}</span>')
LIST = Markup('<ul class="care-attention care-findings">{}</ul>')
SENTENCE = Markup('<p class="care-nothing">{}</p>')


def findings(reader: Reader, standing_out: Sequence[Finding]) -> Output:
    """The findings for the worse, the costliest first; the better ones in one line; or that nothing stands out.

    Beneath stands what became of the findings of the last report, and each leads to the report that goes deeper.
    """
    nothing = reader.t("Nothing unusual in this period.")
    return _screen(reader, standing_out, nothing, linked=True)


def of_topic(reader: Reader, standing_out: Sequence[Finding]) -> Output:
    """The findings of a detail report, as in the monthly one; or in one line that nothing stands out on its topic."""
    return _screen(reader, standing_out, reader.t("Nothing unusual on this topic in this period."), linked=False)


def _screen(reader: Reader, standing_out: Sequence[Finding], nothing: str, *, linked: bool) -> Output:
    worse = [finding for finding in standing_out if not finding.better]
    better = [finding for finding in standing_out if finding.better]
    items = [_item(reader, finding, linked=linked) for finding in worse[:MOST]]
    closing = _closing(reader, worse[MOST:], better)
    if not items:
        closing = [nothing, *closing]
    html = LIST.format(Markup("").join(item for item, _ in items)) if items else Markup("")
    html += Markup("").join(SENTENCE.format(line) for line in closing) + (FOLLOWED if linked else Markup(""))
    text = "\n".join([*(line for _, lines in items for line in lines), *closing])
    return Output(html, text, findings=tuple(map(record, [*worse, *better])), looks=("board", "findings"))


def record(finding: Finding) -> Mapping[str, Any]:
    """A finding for machines, the same in every language."""
    since, play = finding.since, finding.play
    return {
        "key": finding.key,
        "kind": finding.kind,
        "kpi": finding.kpi,
        "by": dict(finding.groups),
        "topics": list(topics(finding)),
        "better": finding.better,
        "since": None if since is None else since.period,
        "since_interval": None if since is None else [since.earliest, since.latest],
        "before": _rounded(finding.change.before),
        "now": _rounded(finding.change.now),
        "change_low": _rounded(finding.change.low),
        "change_high": _rounded(finding.change.high),
        "p_adjusted": _rounded(finding.p_adjusted),
        "customers": _rounded(finding.cost.customers),
        "money": _rounded(finding.cost.money),
        "owner": finding.owner,
        "due": finding.due.isoformat(),
        "months": finding.months,
        "headline": {lang: headline(Reader(lang), finding) for lang in LOCALES},
        "play": None if play is None else {"vi": play.vi, "en": play.en, "audience": play.audience},
    }


def _rounded(amount: float | None) -> float | None:
    return None if amount is None or amount != amount else float(f"{amount:.12g}")


def _item(reader: Reader, finding: Finding, *, linked: bool) -> tuple[Markup, list[str]]:
    t, play = reader.t, finding.play
    title, cause = headline(reader, finding), " ".join(filter(None, [cost(reader, finding), behind(reader, finding)]))
    action = "" if play is None else labels.clean(getattr(play, reader.lang))
    owner = labels.clean(finding.owner) if finding.owner else t("not assigned")
    charge = [t("In charge: {owner}", owner=owner), t("due {day}", day=dates.day(reader, finding.due))]
    charge += [surety(reader, finding)]
    charge += [t("list: carestudy audience {kind}", kind=play.audience)] if play and play.audience else []
    detail = DETAIL.format(topics(finding)[0]) if linked and topics(finding) else ""
    html = ITEM.format(
        headline=title,
        repeated=REPEATED.format(finding.key),
        cause=LINE.format(cause) if cause else "",
        action=ACTION.format(action) if action else "",
        charge=CHARGE.format(" · ".join(charge), detail),
    )
    return html, [title, *filter(None, [cause, action and f"→ {action}"]), " · ".join(charge)]


def _closing(reader: Reader, more_worse: Sequence[Finding], better: Sequence[Finding]) -> list[str]:
    t = reader.t
    lines = []
    if more_worse:
        lines.append(t("Also: {findings}", findings=_sentences(reader, more_worse)))
    if better:
        lines.append(t("Better: {findings}", findings=_sentences(reader, better)))
    return lines


def _sentences(reader: Reader, findings: Sequence[Finding]) -> str:
    return "; ".join(headline(reader, finding) for finding in findings) + "."
