"""Alarms of whole tables in words."""

from __future__ import annotations

from collections.abc import Iterable

from carestudy.quality.alarms import EMPTY, EXCLUDED, NOBODY, TOTALS, Alarm
from carestudy.show import labels
from carestudy.show.numbers import number
from carestudy.show.quality import share
from carestudy.show.words import Reader, t

SENTENCES = {
    EXCLUDED: t(
        "{table}: {rows} of {of} rows ({share}) cannot be used, which is more than max_excluded allows; figures of it "
        "may be far from the truth."
    ),
    EMPTY: t("{table}: the table has no rows; is it the right file or sheet?"),
    TOTALS: t(
        "{table}: the rows of a document have one and the same amount in all {rows} documents of several amounts, and "
        "sum_by adds them; if it is the total of the document, leave sum_by out of care.toml."
    ),
    NOBODY: t(
        "{table}: {rows} of {of} rows ({share}) have a customer_id that no customer has; is it the right column in "
        "both tables?"
    ),
}


def sentences(reader: Reader, alarms: Iterable[Alarm]) -> list[str]:
    """Each alarm as a sentence."""
    return [_sentence(reader, one) for one in alarms]


def _sentence(reader: Reader, one: Alarm) -> str:
    counted = {"rows": number(reader, one.rows), "of": number(reader, one.of)}
    table, part = labels.table(reader, one.table), share(reader, one.rows, one.of)
    return reader.t(SENTENCES[one.check], table=table, share=part, **counted)
