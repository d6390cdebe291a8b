"""What a reader has to know before the first figure: tables without rows, ids that match nobody, many excluded rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from carestudy.contract import CareError
from carestudy.show import labels
from carestudy.show.numbers import number
from carestudy.show.words import Reader

BOX = Markup('<p class="warning">{}</p>')
# A report without any row of these would be about nothing; of staff and goals it lacks some columns only.
NEEDED = ("customers", "transactions", "contacts", "responses")
IDS = (("customer_id", "customers", "customer_id"), ("agent", "staff", "agent"))


def alerts(reader: Reader, care: Any) -> list[str]:
    """A sentence for each, in the order of the tables; a needed table of which no row can be used stops the report."""
    if care.only:  # the group of a company may well lack what the company has
        return []
    return [*(words for count in care.counts for words in _of_rows(reader, care, count)), *_of_ids(reader, care)]


def html(sentences: list[str]) -> Markup:
    """The box at the top of a page."""
    return Markup("").join(BOX.format(words) for words in sentences)


def _of_rows(reader: Reader, care: Any, count: Any) -> Iterator[str]:
    name = labels.table(reader, count.table)
    if not count.read:
        yield reader.t("{table} ({file}) has no rows: put the data there, or take it out of care.toml.",
                       table=name, file=labels.clean(str(count.source)))  # fmt: skip
        return
    share = count.set_aside / count.read
    if not count.used and count.table in NEEDED:
        raise CareError(
            f"{count.table}: none of its {count.read:,} rows can be used, most often because {_fault(care, count)}; "
            "carestudy check lists them all"
        )
    if share > care.settings.max_excluded:
        said = {"rows": number(reader, count.set_aside), "of": number(reader, count.read)}
        percent = number(reader, 100 * share, 1)
        yield reader.t(
            "{table}: {rows} of {of} rows ({share}%) are excluded, most often because {fault}. The figures below lack "
            "them: mend the file or care.toml; carestudy check lists them all.",
            table=name, share=percent, fault=_fault(care, count, reader), **said,
        )  # fmt: skip


def _fault(care: Any, count: Any, reader: Reader | None = None) -> str:
    """The most frequent reason why rows of a table are excluded."""
    faults = care.faults
    rows = faults[(faults["table"] == count.table) & faults["set_aside"].astype(bool)] if len(faults) else faults
    if rows.empty:
        return "?"
    row = rows.sort_values("rows", ascending=False, kind="stable").iloc[0]
    reason = str(row["reason"])
    written = reader.t(reason) if reader else reason
    return labels.clean(f"{row['column']} {written.split(' (')[0]}")


def _of_ids(reader: Reader, care: Any) -> Iterator[str]:
    from carestudy.measure import engine  # loaded with the engine where it is used

    for column, keeper, key in IDS:
        if not care.has(keeper, key):
            continue
        known = care.tables[keeper]
        for name in (one for one in care.tables if one != keeper and care.has(one, column)):
            rows = care.tables[name]
            ids = rows.filter(rows[column].notnull())
            (found,) = engine.answer(
                ids.aggregate(rows=ids.count(), known=ids.count(where=ids[column].isin(known[key])))
            ).to_pylist()
            if found["rows"] and not found["known"]:
                yield reader.t(
                    "{table}: in none of {rows} rows is {column} found in table {keeper}. Perhaps ids are written "
                    "differently, or another column holds them: look at [{file}] in care.toml.",
                    table=labels.table(reader, name), rows=number(reader, found["rows"]), column=column,
                    keeper=labels.table(reader, keeper), file=name,
                )  # fmt: skip
