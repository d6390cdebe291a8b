"""How far the data bear the report: a verdict, what there is to know, and what each table covers."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import TABLES
from carestudy.show import dates, labels, tables
from carestudy.show.layers import more
from carestudy.show.numbers import MISSING, number
from carestudy.show.output import Output
from carestudy.show.words import Reader, t

MOST_ROWS, MOST_FIGURES = 12, 4
COVERED = ("coverage", "grouping", "in no base", "never")
GROUPED = ("grouping", "alike", "letters")
NOT_DATA = "not data"
LEVEL = Markup('<span class="verdict {look}">{words}</span>')
FOUND = Markup("{}<small>{}</small>")
MUTED = Markup("<p><small>{}</small></p>")

SENTENCES = {
    "unusable": t("{table}: {rows} of {of} rows ({share}) could not be used, most often because {fault}."),
    "repeated": t("{table}: the same row again in {rows} of {of} cases ({share}); only the first counts."),
    "differing": t(
        "{table}: rows of one {key} that differ, most often in {column}, in {rows} of {of} cases ({share}); only the "
        "first row counts."
    ),
    "impossible": t("{table}: impossible times in {rows} of {of} rows ({share}), which do not count ({fault})."),
    "currency": t(
        "{table}: another currency in {rows} of {of} rows ({share}), which do not count; sums are too low by them."
    ),
    "exchanged": t(
        "{table}: in {rows} of {of} rows ({share}) a spreadsheet exchanged day and month of {column}, so that they "
        'count in another month; add the form "swapped" to its dates in care.toml.'
    ),
    "emptied": t(
        "{table}: {fault}, in {rows} of {of} rows ({share}); these rows count, without what their cells said."
    ),
    "errors": t(
        "{table}: an error of a spreadsheet, such as #N/A, stands in {header} in {rows} of {of} rows ({share}); these "
        "rows count, without what it should say."
    ),
    "mended": t("{table}: mended by a fixed rule in {rows} of {of} rows ({share}): {fault}."),
    "coverage": t("{table}: no {column} in {lacking} of {of} rows ({lack}), which count in part only."),
    "grouping": t("{table}: no {column} in {lacking} of {of} rows ({lack}); grouped by it, they are “(not stated)”."),
    "in no base": t("Customers without a day of joining: {lacking} of {of} ({lack}). They count in no customer base."),
    "never": t("{table}: {column} is filled in none of {of} rows; a figure of 0% or 100% is then no finding."),
    "word": t(
        "{table}: {column} is “{words}” in none of {of} rows. If you use another word for it, map it in care.toml."
    ),
    "unknown word": t("{table}: {column} is a word that figures do not know in {rows} of {of} rows ({share}){named}."),
    "unmet words": t(
        "{table}: no cell of “{header}” is “{first_word}”, which where in care.toml lists; words there: {others}."
    ),
    "left out": t(
        "{table}: {rows} of {of} rows of {first_word} ({share}) are left out, as where in care.toml does not list "
        "their word in “{header}”: {others}."
    ),
    "unknown question": t(
        "{table}: none of {of} rows belongs to a question that figures know{named}; map it in care.toml."
    ),
    "scale": t("{question}: none of {of} answers lies in the upper half of the scale; perhaps another scale was used."),
    "only good": t("{question}: each of {of} answers is a good one; perhaps only satisfied customers were asked."),
    "five points": t(
        "CES: {of} answers are read on a scale of 1 to 5, where 4 and 5 are easy; ces_scale states another."
    ),
    "open scale": t(
        "CES: {of} answers, none above 5, are read on a scale of 1 to 7; if it ends at 5, state ces_scale = 5."
    ),
    "orphan": t(
        "{table}: customers missing from the customer table in {rows} of {of} rows ({share}); no base counts them."
    ),
    "before joining": t(
        "{table}: {rows} of {of} rows ({share}) lie before the day on which their customer joined; is joined_on that "
        "day, or does it begin later?"
    ),
    "after the end": t("{table}: {rows} of {of} days of leaving lie after the data end (up to {last}): not left yet."),
    "ungrouped": t(
        "{table}: in {rows} of {of} rows ({share}) the {column} is not in table {keeper}; its groups lack these rows."
    ),
    "unknown figure": t(
        "{table}: a figure that does not exist in {rows} of {of} rows{named}, which are compared with nothing."
    ),
    "unknown scope": t(
        "{table}: a group or column that no table has in {rows} of {of} rows{named}, which are compared with nothing."
    ),
    "unknown period": t(
        "{table}: a period that cannot be read in {rows} of {of} rows{named}; write it as 2026-10, 2026-Q4 or 2026."
    ),
    "other unit": t(
        "{table}: targets in another unit than their figure in {rows} of {of} rows{named}: 85 of a share is read as "
        "85%, and 50% of points as 50."
    ),
    "unclear unit": t(
        "{table}: it is not clear whether targets are 0.5% or 50% in {rows} of {of} rows{named}, which are compared "
        "with nothing; write every target with a percent sign."
    ),
    "several targets": t(
        "{table}: several targets for one figure, group and period in {rows} of {of} rows{named}; none of them counts."
    ),
    "letters": t(
        "{table}: {column} has lost letters in {rows} of {of} rows ({share}), as in “Nguy?n”; export it in UTF-8."
    ),
    "alike": t(
        "{table}: names of {column} differing only in capitals, accents, points or spaces: {rows} of {of}{named}; "
        "groups may be split."
    ),
    "phones": t(
        "{table}: {rows} of {of} ids are a phone number that stands in another form as well, such as 0912… and "
        '+84912…; one customer counts as two: write match_ids = "phone" in care.toml.'
    ),
    "no key": t("{table}: rows have no number of their own, so repeated rows cannot be found."),
    "new negatives": t(
        "{table}: amounts below zero in {rows} of {of} rows since {first}, and in none before. Refunds or corrections "
        "in rows of their own, or a sign that changed?"
    ),
    "amount": t(
        "{table}: amounts at least 50 times as large as any other: {rows} of {of}. Perhaps they have zeros too many."
    ),
    "stopped": t("{table}: the last row is of {last}; the last {rows} days of the data are missing."),
    "gap": t("{table}: no rows on {rows} of the last {of} days while other tables go on (longest: {first} to {last})."),
    "closed": t(
        "{table}: no rows on {rows} of the last {of} days (longest: {first} to {last}). Closed, or data missing?"
    ),
    "early": t("{table}: dates over a year before all others (from {first}) in {rows} of {of} rows; probably slips."),
    "late": t(
        "{table}: dates long after all others (up to {last}) in {rows} of {of} rows move the data's end; state as_of."
    ),
}
# Where the general sentence of a check would say too little.
WITHOUT_THEM = t(
    "{table}: impossible times in {rows} of {of} rows ({share}); the rows count, without these times ({fault})."
)
SPECIAL = {
    ("impossible", "first_reply_at"): WITHOUT_THEM,
    ("impossible", "resolved_at"): WITHOUT_THEM,
    ("never", "left_on"): t(
        "None of {of} customers ever left. If the file holds only those who stayed, 100% retention is no finding."
    ),
    **dict.fromkeys(
        (("never", flag) for flag in ("reopened", "answered", "resolved")),
        t("{table}: {column} says yes in none of {of} rows; a figure of 0% or 100% is then no finding."),
    ),
    ("never", "returned"): t("{table}: none of {of} rows is marked as returned; a rate of 0% is then no finding."),
    ("alike", "customer_id"): t(
        "{table}: customer ids that differ only in capitals or spaces: {rows} of {of}. A customer may count twice."
    ),
}


def quality(reader: Reader, care: Any, frame: pd.DataFrame) -> Output:
    """The verdict, the warnings and notices with the figures they touch, and the coverage of every table."""
    verdict, every = _verdict(reader, care, frame), told(reader, frame)
    rows, warning = every[:MOST_ROWS], reader.t("Warning")
    rest = _rest(reader, len(every) - len(rows), int((frame["level"] == "fine").sum()))
    blocks = [Markup("<p><strong>{}</strong></p>").format(verdict)]
    if rows:
        heads = [reader.t("Level"), reader.t("Finding, and the figures it affects")]
        looks = ["worse" if level == warning else "" for level, *_ in rows]
        cells = [
            [LEVEL.format(look=look, words=level), FOUND.format(sentence, figures)]
            for look, (level, sentence, figures) in zip(looks, rows, strict=True)
        ]
        blocks.append(tables.grid("", heads, cells, numeric=set()))
    cover, lines = _cover(reader, care, frame)
    text = "\n".join("\t".join(line) for line in [[verdict], *rows, [rest], *lines])
    return Output(Markup("").join(blocks) + more(MUTED.format(rest) + cover), text, looks=("table",))


def told(reader: Reader, frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Every warning and then every notice: its level, what was found, and the figures that it touches."""
    levels = {"warning": reader.t("Warning"), "notice": reader.t("Notice")}
    return [
        (words, _sentence(reader, row), _figures(reader, row))
        for level, words in levels.items()
        for row in frame[frame["level"] == level].to_dict("records")
    ]


def _cover(reader: Reader, care: Any, frame: pd.DataFrame) -> tuple[Markup, list[list[str]]]:
    """What every table covers, as a table and as lines."""
    heads = [
        reader.t("Table"),
        reader.t("Rows used"),
        reader.t("First day"),
        reader.t("Last day"),
        reader.t("Filled in"),
    ]
    rows = [_covered(reader, count, frame[frame["table"] == count.table]) for count in care.counts]
    blank = reader.t(
        "A cell that is empty because the customer has not left, has no owner or has not answered is not missing data."
    )
    html = tables.grid(reader.t("What the tables cover"), heads, rows, numeric={1}) + MUTED.format(blank)
    return html, [heads, *rows, [blank]]


def _verdict(reader: Reader, care: Any, frame: pd.DataFrame) -> str:
    counted = frame.groupby("level")["check"].count().to_dict()
    aside = int(frame.loc[frame["check"] == NOT_DATA, "rows"].sum())
    read, used = sum(count.read for count in care.counts) - aside, sum(count.used for count in care.counts)
    fields = {"share": share(reader, used, read), "rows": number(reader, read)}
    warnings, notices = counted.get("warning", 0), counted.get("notice", 0)
    if warnings:
        fields |= {"warnings": number(reader, warnings), "notices": number(reader, notices)}
        return reader.t(
            "Read the report with care: {share} of {rows} rows are used. Warnings: {warnings}, notices: {notices}.",
            **fields,
        )
    if notices:
        return reader.t(
            "The data are sound enough for this report: {share} of {rows} rows are used. Points to note: {n}.",
            n=notices,
            **fields,
        )
    return reader.t(
        "The data are sound enough for this report: {share} of {rows} rows are used, and no check found a fault.",
        **fields,
    )


def _rest(reader: Reader, more: int, fine: int) -> str:
    hidden = reader.t("Not listed here: {n}.", n=number(reader, more)) if more else ""
    calm = reader.t(
        "{n} checks found no fault: repeated rows, unknown ids, times, gaps, spelling, scales, amounts.",
        n=number(reader, fine),
    )
    return f"{hidden} {calm}".strip()


def _sentence(reader: Reader, row: dict[Any, Any]) -> str:
    message = SPECIAL.get((row["check"], row["column"]), SENTENCES[row["check"]])
    lacking, words = row["of"] - row["rows"], [labels.clean(word) for word in row["words"]]
    listed = ", ".join(words)
    reason = reader.t(words[0]).split(" (")[0] if words else ""
    column = labels.lowered(_column(reader, row["column"]))
    return reader.t(
        message,
        table=labels.table(reader, row["table"]), keeper=_keeper(reader, row),
        column=column, question=labels.group(reader, "question", reason),
        rows=number(reader, row["rows"]), of=number(reader, row["of"]), share=share(reader, row["rows"], row["of"]),
        lacking=number(reader, lacking), lack=share(reader, lacking, row["of"]),
        key=TABLES[row["table"]].key or "", header=labels.clean(row["column"]), first_word=(*words, "")[0],
        others=", ".join(words[1:]) or MISSING,
        words=listed, named=f" ({listed})" if words else "", fault=f"{column} {reason}".strip(),
        **{end: dates.day(reader, row[end]) if row[end] else "" for end in ("first", "last")},
    )  # fmt: skip


def _figures(reader: Reader, row: dict[Any, Any]) -> str:
    """The figures that are touched, the first few by name."""
    names = [labels.label(reader, labels.card(kpi)) for kpi in row["figures"]]
    if len(names) <= MOST_FIGURES:
        return "; ".join(names)
    if row["check"] == "ungrouped":
        return reader.t("those grouped by what table {keeper} says", keeper=_keeper(reader, row))
    if row["check"] in GROUPED:
        return reader.t("those grouped by {column}", column=labels.lowered(_column(reader, row["column"])))
    return reader.t(
        "{figures} and {n} more", figures="; ".join(names[: MOST_FIGURES - 1]), n=len(names) - MOST_FIGURES + 1
    )


def _covered(reader: Reader, count: Any, frame: pd.DataFrame) -> list[str]:
    """A table with its rows, its first and last day, and how many of them have each column."""
    spans = frame[frame["check"] == "stopped"].to_dict("records")
    days = [dates.day(reader, spans[0][end]) if spans else MISSING for end in ("first", "last")]
    columns = frame[frame["check"].isin(COVERED) & (frame["column"] != "returned") & (frame["of"] > 0)]
    by_share: dict[str, list[str]] = {}
    flags = {name for name, kind in TABLES[count.table].columns.items() if kind == "flag"}
    columns = columns[~columns["column"].isin(flags) | (columns["rows"] > 0)]  # of those that never say yes see above
    for row in columns.sort_values("share", kind="stable").to_dict("records"):
        by_share.setdefault(share(reader, row["rows"], row["of"]), []).append(_column(reader, row["column"]))
    filled = "; ".join(f"{share} {', '.join(names)}" for share, names in by_share.items())
    return [labels.table(reader, count.table), number(reader, count.used), *days, filled or MISSING]


def _keeper(reader: Reader, row: dict[Any, Any]) -> str:
    """The table that should know whom a column names."""
    return labels.table(reader, "customers" if row["column"] == "customer_id" else "staff")


def _column(reader: Reader, name: str) -> str:
    known = labels.of_the_contract(name)
    return reader.t(known) if known else labels.column(reader, name)


def share(reader: Reader, rows: int, of: int) -> str:
    """A share that is 100% only if it is all, and 0% only if it is none."""
    tenths = 1000 * rows / of if of else 0.0
    if 0 < tenths < 1:
        return "<\N{NO-BREAK SPACE}" + number(reader, 0.1, 1) + "%"
    whole = rows in (0, of)
    return number(reader, tenths / 10 if whole else math.floor(tenths) / 10, 0 if whole else 1) + "%"
