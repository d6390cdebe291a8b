"""A sales pipeline: only the deals that were won are sales."""

from __future__ import annotations

from dataclasses import replace

from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Match

WON = {"won", "closed won", "thang", "chot", "da chot", "ky hop dong", "da ky", "win"}
LOST = {"lost", "closed lost", "thua", "mat", "that bai", "huy", "lose"}
PIPELINE = {"deal", "stage"}


def with_won(match: Match) -> Match:
    """The deals of a pipeline as sales: those that were won, on the day they were closed."""
    closed = match.columns.get("occurred_at")
    stage = _stage(match)
    if match.table != "transactions" or stage is None or closed is None or closed.entry is not None:
        return match
    won = sorted(text for text in stage.few if words.folded(text) in WON)
    entry = {"column": closed.column.name, "where": {stage.name: won}}
    why = f"{closed.why}, and only what '{stage.name}' calls {won[0]} is a sale"
    columns = {name: one for name, one in match.columns.items() if one.column.name != stage.name}
    note = f"'{stage.name}' tells of deals: only those that were won are sales, and the others are excluded rows"
    return replace(
        match,
        columns={**columns, "occurred_at": replace(closed, why=why, entry=entry)},
        noted=(*match.noted, note),
    )


def _stage(match: Match) -> Column | None:
    """The column that tells won deals from lost ones."""
    for column in match.export.columns:
        said = {words.folded(text) for text in column.few}
        if said & WON and (said & LOST or len(said) > 1) and words.meaning(column.name).things & {*PIPELINE, "status"}:
            return column
    return None
