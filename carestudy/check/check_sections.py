"""What the check of a company's data tells, part by part, for the terminal and the page alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import pandas as pd

from carestudy.care import Care, Settings, own_columns
from carestudy.check.computable import gaps, lacks, own_questions
from carestudy.contract import TABLES, Missing, Premise, Type
from carestudy.kpi import ALL
from carestudy.load.source import Source
from carestudy.quality.alarms import Alarm
from carestudy.show import alarms, dates, labels, quality
from carestudy.show.numbers import MISSING, number
from carestudy.show.words import Reader

WELL, NO_REPORT, TO_SEE = 0, 1, 3
MOST = 40  # names of columns that are listed before they are only counted
KINDS: tuple[Type, ...] = get_args(Type)


@dataclass(frozen=True)
class Section:
    """One part: a title, a sentence, and a table whose last column holds the long text."""

    title: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Found:
    """Everything that the check knows: what can be loaded, what stops it, what columns are called, what to look at."""

    care: Care | None
    errors: tuple[str, ...] = ()
    mapping: Mapping[str, Source] = field(default_factory=dict)
    quality: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def reader(self) -> Reader:
        """The company as the reader of its page."""
        settings = Settings() if self.care is None else self.care.settings
        return Reader(settings.language, settings.currency)

    @property
    def code(self) -> int:
        """The exit code: 0 where all is well, 3 where there is something to look at, 1 where no report can be made."""
        if self.errors or self.care is None or not self.useful:
            return NO_REPORT
        warned = len(self.quality) and (self.quality["level"] == "warning").any()
        return (
            TO_SEE
            if warned or self.notes or self.alarms or any(count.set_aside for count in self.care.counts)
            else WELL
        )

    @property
    def useful(self) -> bool:
        """Whether there are rows from which any figure can be computed."""
        care = self.care
        return (
            care is not None
            and any(count.used for count in care.counts)
            and (len(gaps(care)) < len(ALL) or bool(own_questions(care)))
        )


def verdict(reader: Reader, report: Found) -> str:
    """Whether a report can be made, in a sentence."""
    t, care = reader.t, report.care
    if report.errors or care is None:
        return t("No report can be made: mend first what stops it ({n}).", n=number(reader, len(report.errors)))
    if not report.useful:
        missing = ", ".join(lacks(care, gaps(care)))
        return t("No report can be made: no figure can be computed. Missing are {missing}.", missing=missing)
    aside, read = sum(count.set_aside for count in care.counts), sum(count.read for count in care.counts)
    if not aside:
        return t("A report can be made: all {read} rows are used.", read=number(reader, read))
    counted = {"aside": number(reader, aside), "read": number(reader, read)}
    return t("A report can be made: {aside} of {read} rows are excluded.", **counted)


def sections(reader: Reader, report: Found) -> list[Section]:
    """Every part that has something to tell, what stops a report first."""
    all_sections = [_errors(reader, report.errors), _alarms(reader, report.alarms), _left_open(reader, report.notes)]
    if report.care is not None:
        care = report.care
        all_sections += [
            _tables(reader, care),
            _put_together(reader, care),
            _faults(reader, care, aside=True),
            _faults(reader, care, aside=False),
        ]
        all_sections += [_notes(reader, report), _columns(reader, care, report.mapping), _figures(reader, care)]
    return [section for section in all_sections if section.rows or section.text]


def notes(reader: Reader, report: Found) -> list[tuple[str, str, str]]:
    """What is to be noted of good rows: how much it matters, a sentence, and the figures that it touches."""
    return [] if report.care is None else quality.told(reader, report.quality)


def known(reader: Reader, care: Care | None) -> str:
    """Whose data these are, and up to when they are known."""
    if care is None:
        return ""
    if not care.spans:
        return reader.t("No day is known: no table has a column of days.")
    company = labels.clean(care.settings.company)
    text = ", ".join(filter(None, (company, dates.known_up_to(reader, care.as_of))))
    return text[:1].upper() + text[1:]


def _errors(reader: Reader, errors: Iterable[str]) -> Section:
    t = reader.t
    rows = tuple((labels.clean(error),) for error in errors)
    return Section(t("What stops a report"), "", (t("What was found, and how to mend it"),), rows)


def _alarms(reader: Reader, doubtful: Iterable[Alarm]) -> Section:
    t = reader.t
    rows = tuple((sentence,) for sentence in alarms.sentences(reader, doubtful))
    return Section(t("What is most likely wrong"), "", (t("What was found, and how to mend it"),), rows)


def _put_together(reader: Reader, care: Care) -> Section:
    """Which rows are items of documents, and how many found their row in another file."""
    t, rows = reader.t, []
    for count in care.counts:
        table = labels.table(reader, count.table)
        if count.documents is not None:
            counted = {"rows": number(reader, count.used), "documents": number(reader, count.documents)}
            rows.append((table, t("{rows} rows used are items of {documents} documents.", **counted)))
        for left in count.left_out:
            by = {"file": labels.clean(left.file), "where": labels.clean(left.where)}
            counted = {"rows": number(reader, left.rows), "of": number(reader, left.of)}
            rows.append(
                (table, t("{rows} of {of} rows of {file} are none of this table: only where {where}.", **counted, **by))
            )
        for join in count.joins:
            counted = {"matched": number(reader, join.matched), "rows": number(reader, join.rows)}
            by = {"file": labels.clean(join.table), "other": labels.clean(join.other), "on": labels.clean(join.on)}
            rows.append((table, t("{matched} of {rows} rows of {file} have one in {other} by {on}.", **counted, **by)))
    return Section(t("Tables put together"), "", (t("Table"), t("What was found")), tuple(rows))


def _left_open(reader: Reader, notes: Iterable[str]) -> Section:
    t = reader.t
    return Section(t("What is left open"), "", (t("What was found"),), tuple((labels.clean(note),) for note in notes))


def _tables(reader: Reader, care: Care) -> Section:
    t = reader.t
    heads = (t("Table"), t("Read"), t("Used"), t("Excluded"), t("Days"), t("Source"))
    rows = tuple(
        (
            labels.table(reader, count.table), number(reader, count.read), number(reader, count.used),
            number(reader, count.set_aside), _span(reader, care, count.table), labels.clean(count.source),
        )
        for count in care.counts
    )  # fmt: skip
    return Section(t("Tables"), "", heads, rows, frozenset({1, 2, 3}))


def _span(reader: Reader, care: Care, table: str) -> str:
    if table not in care.spans:
        return ""
    first, last = (dates.day(reader, day) for day in care.spans[table])
    return reader.t("{low} to {high}", low=first, high=last)


def _faults(reader: Reader, care: Care, *, aside: bool) -> Section:
    t = reader.t
    heads = (t("Table"), t("Rows"), t("Lines"), t("Column"), t("Reason"))
    rows = tuple(
        (
            labels.table(reader, str(fault["table"])), number(reader, fault["rows"]), _lines(reader, fault),
            labels.clean(str(fault["column"])), labels.clean(t(str(fault["reason"]))),
        )
        for fault in care.faults.to_dict("records") if fault["set_aside"] == aside
    )  # fmt: skip
    title = t("Excluded rows") if aside else t("Corrected rows")
    return Section(title, "", heads, rows, frozenset({1}))


def _lines(reader: Reader, fault: Mapping[Any, Any]) -> str:
    shown = [
        number(reader, example) if isinstance(example, int) else labels.clean(str(example))
        for example in fault["examples"]
    ]
    listed = ", ".join(shown)
    return f"{listed}, …" if fault["rows"] > len(fault["examples"]) else listed


def _notes(reader: Reader, report: Found) -> Section:
    t = reader.t
    heads = (t("Level"), t("What was found"))
    rows = tuple(
        (level, f"{sentence} [{figures}]" if figures else sentence)
        for level, sentence, figures in notes(reader, report)
    )
    return Section(t("Warnings and notices"), "", heads, rows)


def _columns(reader: Reader, care: Care, mapping: Mapping[str, Source]) -> Section:
    t, rows = reader.t, []
    for name, table in care.tables.items():
        kinds, shown = TABLES[name].columns, labels.table(reader, name)
        theirs = {column: entry.shown for column, entry in mapping.get(name, Source()).columns.items()}
        for kind in KINDS:
            known = [_named(name_, theirs.get(name_, name_)) for name_ in table.columns if kinds.get(name_) == kind]
            rows += [(shown, _kind(reader, kind), ", ".join(known))] if known else []
        own_names = [labels.clean(column) for column in own_columns(table) if column not in kinds]
        remaining = [t("and {n} more", n=number(reader, len(own_names) - MOST))] if len(own_names) > MOST else []
        rows += [(shown, t("kept as it is"), ", ".join([*own_names[:MOST], *remaining]))] if own_names else []
    return Section(t("Columns"), "", (t("Table"), t("Read as"), t("Columns")), tuple(rows))


def _named(ours: str, theirs: str) -> str:
    return ours if ours == theirs else f'{ours} = "{labels.clean(theirs)}"'


def _kind(reader: Reader, kind: str) -> str:
    t = reader.t
    words = {
        "text": t("text"), "date": t("day"), "time": t("moment"), "money": t("amount"), "number": t("number"),
        "integer": t("whole number"), "flag": t("yes or no"),
    }  # fmt: skip
    return words[kind]


def _figures(reader: Reader, care: Care) -> Section:
    t = reader.t
    missing, questions = gaps(care), own_questions(care)
    computable = [labels.label(reader, labels.card(name)) for name in ALL if name not in missing]
    counts = {"n": number(reader, len(computable)), "all": number(reader, len(ALL))}
    summary = t("{n} of {all} figures can be computed.", **counts)
    rows = tuple(
        (labels.label(reader, labels.card(name)), labels.clean(gap.table), _lacks(reader, gap))
        for name, gap in missing.items()
    )
    text = f"{summary} {'; '.join(computable)}." if computable else summary
    if questions:
        names = "; ".join(labels.clean(name) for name in questions)
        text += " " + t("Mean scores can be computed of further questions: {names}.", names=names)
    return Section(t("Figures"), text, (t("Not this one"), t("It lacks the table"), t("or of it the column")), rows)


def _lacks(reader: Reader, gap: Missing) -> str:
    """The column that a figure lacks, or why a column that is there is not enough."""
    if isinstance(gap, Premise):
        return labels.clean(reader.t(gap.reason, **gap.values))
    return labels.clean(gap.column or MISSING)
