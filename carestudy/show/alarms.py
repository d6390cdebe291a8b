"""Alarms of whole tables in words: in the box at the top of a page and in the check."""

from __future__ import annotations

from collections.abc import Iterable

from carestudy.quality.alarms import EMPTY, EXCLUDED, LEFT_OUT, NEW_WORD, NOBODY, TOTALS, Alarm
from carestudy.show import labels
from carestudy.show.numbers import number
from carestudy.show.quality import share
from carestudy.show.words import Reader, t

SENTENCES = {
    EXCLUDED: t(
        "{table}: {rows} of {of} rows ({share}) are excluded, most often because {fault}. The figures lack them: mend "
        "the file or care.toml; carestudy check lists them all."
    ),
    EMPTY: t(
        "{table} ({file}) has no rows: is it the right file or sheet? Put the data there, or take it out of care.toml."
    ),
    TOTALS: t(
        "{table}: the rows of a document have one and the same amount in all {rows} documents of several amounts, and "
        "sum_by adds them; if it is the total of the document, leave sum_by out of care.toml."
    ),
    LEFT_OUT: t(
        "{table}: {rows} of {of} rows of {file} ({share}) are left out, as where in care.toml lists other words of "
        "“{header}” than theirs ({words}). Add what counts to where, and the rest to left_out."
    ),
    NEW_WORD: t(
        "{table}: {rows} of {of} rows of {file} ({share}) are left out, as “{header}” is “{words}” there, a new word "
        "that care.toml does not list. Add it to where if these rows count, else to left_out."
    ),
    NOBODY: t(
        "{table}: in {rows} of {of} rows ({share}) {column} is not found in table {keeper}. Perhaps ids are written "
        "differently, or another column holds them: look at [{section}] in care.toml."
    ),
}


def sentences(reader: Reader, alarms: Iterable[Alarm]) -> list[str]:
    """Each alarm as a sentence."""
    return [_sentence(reader, alarm) for alarm in alarms]


def _sentence(reader: Reader, alarm: Alarm) -> str:
    reason = reader.t(alarm.reason).split(" (")[0] if alarm.reason else ""
    return reader.t(
        SENTENCES[alarm.check],
        table=labels.table(reader, alarm.table), section=alarm.table, column=alarm.column,
        share=share(reader, alarm.rows, alarm.of), rows=number(reader, alarm.rows), of=number(reader, alarm.of),
        fault=labels.clean(f"{alarm.column} {reason}"), file=labels.clean(alarm.source),
        keeper=labels.table(reader, alarm.source), header=labels.clean(alarm.column),
        words=labels.clean(alarm.reason) or "…",
    )  # fmt: skip
