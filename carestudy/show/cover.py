"""The head of a report: whose, which period, and up to when the data are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from carestudy.contract import CareError
from carestudy.measure.options import shown
from carestudy.show import dates, labels, refusals
from carestudy.show.numbers import number
from carestudy.show.output import Output
from carestudy.show.words import Reader, t

COVER = Markup(
    '<header class="care-cover"><p class="company">{company}</p><h1>{title} <span>{period}</span></h1>'
    "{warning}<p>{known}</p>{silence}<p><small>{rows}</small></p></header>"
)
BOX = Markup('<p class="warning">{}</p>')


TOPICS = {
    "care": t("Customer care report"),
    "churn": t("Why customers leave"),
    "segments": t("Who our customers are"),
    "service": t("How well we serve"),
    "tour": t("A tour of the data"),
    "value": t("Customer value"),
    "voice": t("The voice of the customer"),
}


BY_SILENCE = ("care", "churn", "value")  # topics whose figures hang on who counts as lost
OWN = "own"
WAYS = {
    OWN: t("{tables} by the {dimension} of each row"),
    "contacts": t("{tables} by that of their contact"),
    "customers": t("{tables} by that of their customer"),
    "staff": t("{tables} by that of the person in charge"),
}


Title = str | Mapping[str, str] | None  # of a report of one's own, in one language or by language


def cover(reader: Reader, care: Any, period: str, topic: str = "care", title: Title = None) -> Output:
    """The head of a report on a topic, or with a title of its own; it carries what the report is about."""
    if topic not in TOPICS:
        raise CareError(f"there is no cover '{topic}': choose one of {', '.join(TOPICS)}")
    t = reader.t
    title, when = _titled(reader, title) or t(TOPICS[topic]), dates.heading(reader, period)
    known = dates.known_up_to(reader, care.as_of)
    known = known[:1].upper() + known[1:] + "."
    company = whose(reader, care)
    warning = ""
    if dates.unfinished(period, care.as_of):
        warning = t("The period is not over yet: its figures are preliminary.")
    rows = " ".join(filter(None, [*(_rows(reader, count) for count in care.counts), _ways(reader, care)]))
    silence = (refusals.silence(reader, care) or refusals.leavers(reader, care)) if topic in BY_SILENCE else ""
    known_first = _alarms(reader, care)
    html = COVER.format(
        company=company, title=title, period=when, known=known, rows=rows,
        silence=Markup("<p>{}</p>").format(silence) if silence else "",
        warning=Markup("").join(BOX.format(words) for words in filter(None, [warning, *known_first])),
    )  # fmt: skip
    text = "\n".join(filter(None, (company, f"{title} {when}", warning, *known_first, known, silence, rows)))
    return Output(html, text, about=about(reader, care, period), looks=("cover",))


def _titled(reader: Reader, title: Title) -> str:
    """A title of one's own in the reader's language; nothing where none is given."""
    if isinstance(title, Mapping) and reader.lang not in title:
        raise CareError(f"the title has no text in '{reader.lang}': give title={{'vi': '...', 'en': '...'}}")
    if title is not None and not isinstance(title, str | Mapping):
        raise CareError(f"title is text in quotes or a text for each language, not {shown(title)}")
    return labels.clean((title[reader.lang] if isinstance(title, Mapping) else title) or "")


def _alarms(reader: Reader, care: Any) -> list[str]:
    """What is most likely wrong with whole tables; one of which no row can be used stops the report."""
    from carestudy.quality.alarms import alarms, unusable  # loaded with the engine where they are used
    from carestudy.show.alarms import sentences

    if problem := unusable(care):
        raise CareError(problem)
    return sentences(reader, alarms(care))


def whose(reader: Reader, care: Any) -> str:
    """The company, and the group of it that the report is about; several groups are not named but counted."""
    named = [
        f"{labels.column(reader, name)}: "
        + (labels.group(reader, name, values[0]) if len(values) == 1 else small(reader, len(values)))
        for name, values in care.only.items()
    ]
    return " · ".join(filter(None, [labels.clean(care.settings.company), *named]))


def _ways(reader: Reader, care: Any) -> str:
    """By what the rows of each table belong to the group that the report is about."""
    if not care.only:
        return ""
    from carestudy.measure.rows import keeper  # loaded with the engine where it is used

    said = []
    for name in care.only:
        fields: dict[str, list[str]] = {of: [] for of in WAYS}
        for table in (count.table for count in care.counts if count.table not in ("staff", "goals")):
            of = keeper(care, table, name)
            fields[OWN if of in (table, None) else str(of)].append(labels.lowered(labels.table(reader, table)))
        dimension = labels.lowered(labels.column(reader, name))
        said += [
            reader.t(WAYS[of], tables=", ".join(tables), dimension=dimension) for of, tables in fields.items() if tables
        ]
    return reader.t("What belongs to this group: {ways}.", ways="; ".join(said))


def small(reader: Reader, groups: int) -> str:
    """What groups are called together that are too small to be told apart."""
    return reader.t("{n} small groups together", n=number(reader, groups))


def about(reader: Reader, care: Any, period: str) -> dict[str, Any]:
    """What the report is about, for machines."""
    fields = ("table", "source", "read", "used", "set_aside", "hash")
    return {
        "company": care.settings.company,
        "period": period,
        "as_of": care.as_of.isoformat(),
        "language": reader.lang,
        "tables": [{field: getattr(count, field) for field in fields} for count in care.counts],
    }


def _rows(reader: Reader, count: Any) -> str:
    fields = {"table": labels.table(reader, count.table), "used": number(reader, count.used)}
    if not count.set_aside:
        return reader.t("{table}: {used} rows.", **fields)
    return reader.t("{table}: {used} rows, {aside} excluded.", aside=number(reader, count.set_aside), **fields)
