"""What is to be asked and what is to be known of a table before its figures are trusted."""

from __future__ import annotations

from collections.abc import Iterator

from carestudy.contract import TABLES
from carestudy.load.parse import NO
from carestudy.recognise import answers, listed_values, scales, statuses, surveys, words
from carestudy.recognise.column import Column
from carestudy.recognise.dates import Dates
from carestudy.recognise.mapped import LEAST, Match

OF_CUSTOMERS = ("customers", "transactions", "contacts", "responses")
NEVER = (*NO, "0", "0.0", "0.00", "0,00")
UNDONE = {"cancel", "return"}
DETAILS = {"when", "reason", "id", "by", "agent"}  # of returns that another column tells of
KINDS = {"date": "days", "time": "days", "money": "amounts", "number": "numbers"}


def days_of(column: Column) -> Dates:
    """The days of a column that is known to hold days."""
    return column.dates if column.dates.share else column.counted_dates


def questions(match: Match) -> Iterator[str]:
    """What only the company can tell, or mend in the file."""
    yield from match.asked
    time = TABLES[match.table].time
    wanted = [time] if time else []
    wanted += ["amount"] if match.table == "transactions" else []
    wanted += ["customer_id"] if match.table in OF_CUSTOMERS else []
    wanted += ["score"] if match.table == "responses" and not match.questions else []
    wanted = [name for name in wanted if name != "customer_id" or not answers.anonymous(match)]
    yield from (_missing(match, name) for name in wanted if name not in match.columns)
    for name, mapped in match.columns.items():
        column = mapped.column
        keyed = name == TABLES[match.table].key and name != "customer_id" and not mapped.ask
        if keyed and column.filled and column.unique < 0.98 and not match.sum_by and not match.once:
            so = '; if so, write sum_by = "transaction_id"' if match.table == "transactions" else ""
            yield f"'{column.name}' repeats: is a row one item of it? Only the first row of each would be used{so}"
        if name == "customer_id" and column.names and not mapped.ask:
            yield f"'{column.name}' seems to hold names: two people of one name would be one customer"
    yield from _undone(match)
    yield from (
        f"{len(sheet.cut):,} rows of {sheet.file} (line {sheet.cut[0]:,} and on) have another number of cells than the "
        "header and cannot be read: quote the cells that hold the separator in the file"
        for sheet in match.export.sheets
        if sheet.cut
    )


def notes(match: Match) -> Iterator[str]:
    """What is good to know, and stops nothing."""
    yield from match.noted
    yield from _unsigned(match)
    for name, mapped in match.columns.items():
        if mapped.entry is not None:
            continue
        column, kind = mapped.column, KINDS.get(TABLES[match.table].columns[name])
        if not mapped.holds_itself:
            continue
        share = {"days": days_of(column).share, "amounts": column.numbers.share}.get(kind or "", 1.0)
        if column.filled and share < 1:
            yield f"{1 - share:.1%} of the cells of '{column.name}' are no {kind} that can be read"
        if column.personal:
            yield f"'{column.name}' holds {column.personal}: ids of your own would be better as {name}"
    if match.table == "contacts":
        settled = {*(match.form.ignored if match.form else ()), *match.elsewhere}
        rated = [column.name for column in match.rest if surveys.is_rating(column) and column.name not in settled]
        yield from (
            f"'{name}' seems to rate contacts: it can be mapped in [responses] too, with the same source and "
            "questions = { csat = ... }"
            for name in rated
        )


def _unsigned(match: Match) -> Iterator[str]:
    """What is good to know of headers that repeat, and of answers that nobody signs."""
    if "customer_id" not in match.columns and match.table == "responses" and answers.anonymous(match):
        yield "no column says who answered: answers are read as those of nobody in particular"
    yield from (
        f"'{sheet.split[0]}' was cut in two by a separator that is not quoted in {len(sheet.split[1]):,} rows of "
        f"{sheet.file}: put together"
        for sheet in match.export.sheets
        if sheet.split[1]
    )
    for repeated in sorted(match.export.repeated):
        yield f"'{repeated}' is the name of several columns: each after the first is read as '{repeated} (2)' and so on"


def _missing(match: Match, name: str) -> str:
    called = [
        column.name
        for column in match.rest
        if column.filled and not column.exposed and _called(column, match.table, name)
    ]
    kind = KINDS.get(TABLES[match.table].columns[name])
    if called and kind:
        return f"'{called[0]}' is called like {name}, but its cells are no {kind} that can be read"
    return f"no column was found for {name}: figures that need it cannot be made"


def _called(column: Column, table: str, name: str) -> bool:
    is_question = name == "score" and (
        listed_values.named("questions", column.name) or scales.STATED.search(column.name.lower())
    )
    return bool(is_question) or words.fits(column.name).get((table, name), 0) >= LEAST


def _undone(match: Match) -> Iterator[str]:
    """The columns that tell of sales that were none, and that nothing reads."""
    if match.table != "transactions":
        return
    read = match.columns.get("returned")
    known = " ".join(match.asked)  # what a tool's file asks of a column is not asked twice
    columns = [c for c in match.rest if _tells_of_undone(c) and f"'{c.name}'" not in known]
    columns = [c for c in columns if not (match.form and c.name in match.form.ignored)]
    columns = [c for c in columns if not (match.where and c.name == match.where.header)]
    if read:  # when and why is said of what it reads
        columns = [column for column in columns if not DETAILS & words.meaning(column.name).things]
    names = ", ".join(f"'{column.name}'" for column in columns)
    if names and read:
        yield f"{names} may tell of returns too, and only '{read.column.name}' is read: does it say all of them?"
    elif names:
        yield (
            f"{names} may tell of sales that were cancelled or returned, and nothing reads it: "
            "map returned to a column that says yes or no"
        )


def _tells_of_undone(column: Column) -> bool:
    texts = [text for text in column.values.to_pylist() if text.lower() not in NEVER]
    things = words.meaning(column.name).things
    is_return_status = (
        "status" in things and statuses.few(column) and "true" in statuses.understood(column, "returned").values()
    )
    return bool(texts) and (bool(UNDONE & things) or (is_return_status and "payment" not in things))
