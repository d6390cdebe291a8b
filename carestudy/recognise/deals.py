"""Rows of sales that are none: deals that were not won, and orders that were cancelled or failed."""

from __future__ import annotations

from dataclasses import replace

from carestudy.load.vocabulary import DATE
from carestudy.recognise import listed_values, statuses, words
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import LIKELY, Condition, Match

WON = {"won", "closed won", "thang", "chot", "da chot", "ky hop dong", "da ky", "win"}
LOST = {"lost", "closed lost", "thua", "mat", "that bai", "huy", "lose"}
PIPELINE = {"deal", "stage"}


def with_won(match: Match) -> Match:
    """The deals of a pipeline as sales: those that were won, on the day they were closed."""
    stage = _stage(match)
    if match.table != "transactions" or stage is None:
        return match
    won = tuple(sorted(text for text in stage.few if words.folded(text) in WON))
    not_won = tuple(text for text in stage.few if text not in won) if statuses.shown(stage) else ()
    columns = {name: mapped for name, mapped in match.columns.items() if mapped.column.name != stage.name}
    why = f"'{stage.name}' tells of deals, and only those that were won are sales"
    return replace(match, columns=columns, where=Condition(stage.name, won, why, others=not_won))


def with_cancelled_asked(match: Match) -> Match:
    """Orders that ask whether those that their status calls cancelled, failed or a draft are to be left out.

    They would stay in all that was invoiced: a return is paid back, but what was cancelled was never paid.
    """
    if match.table != "transactions" or match.where is not None:
        return match
    returned = match.columns.get("returned")
    columns = [returned.column] if returned and returned.holds_itself else match.rest
    for column in columns:
        counts = statuses.kinds(column)
        void = tuple(text for text in counts if _is_void(text))
        if void and len(void) < len(counts) and _is_status(column) and statuses.shown(column):
            valid = tuple(text for text in counts if text not in void)
            rows = sum(counts[text] for text in void)
            why = f"are {rows:,} rows that '{column.name}' calls {', '.join(void)} no sales? Then only the others count"
            condition = Condition(column.name, valid, why, ask=True, others=void)
            return _or_returned(replace(match, where=condition))
    return match


def _or_returned(match: Match) -> Match:
    """Orders of which a column says only that they were cancelled: they are no sales, or returned, and not both."""
    condition, returned = match.where, match.columns.get("returned")
    if condition is None or returned is None or not returned.holds_itself:
        return match
    given_back = [
        text for text, meaning in statuses.understood(returned.column, "returned").items() if meaning == "true"
    ]
    if any(not _is_void(text) for text in given_back):
        return match
    why = f"{condition.why}; if they were paid for and paid back, leave this out: they count as given back"
    instead = replace(returned, fit=min(returned.fit, LIKELY), why="its header says so; where is the other answer")
    columns = {**match.columns, "returned": instead}
    return replace(match, columns=columns, where=replace(condition, why=why))


def _is_status(column: Column) -> bool:
    """Whether a column says of every row how it stands: of where it says nothing, nobody knows whether it is a sale."""
    things = words.meaning(column.name).things
    has_status_word = bool(things & {"status", "cancel", "order", "return", *PIPELINE}) and "reason" not in things
    return has_status_word and column.filled == column.rows


def _is_void(text: str) -> bool:
    return listed_values.value_of("void", statuses.without_days(text.replace(DATE, "…"))) == "true"


def _stage(match: Match) -> Column | None:
    """The column that tells won deals from lost ones."""
    for column in match.export.columns:
        stages = {words.folded(text) for text in column.few}
        things = words.meaning(column.name).things
        has_stage_word = bool(things & {*PIPELINE, "status"})
        if stages & WON and (stages & LOST or len(stages) > 1) and has_stage_word:
            return column
    return None
