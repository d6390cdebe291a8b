"""What else a survey holds beside its scores: choices to group by, and who answered when, if anybody says so."""

from __future__ import annotations

from difflib import get_close_matches

from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
from carestudy.recognise import scales
from carestudy.recognise.column import Column
from carestudy.recognise.headers import slug
from carestudy.recognise.mapped import Match
from carestudy.recognise.surveys import asks_freely, is_written

MOST_CHOICES = 15
NEAR = 0.85  # names as near as this to one of the contract's would be taken for a slip


def choices(match: Match) -> dict[str, str]:
    """Short names for the questions with a few answers to choose from, whose headers are long, and those headers."""
    short_names: dict[str, str] = {}
    if not match.questions:
        return short_names
    taken = {*TABLES[match.table].columns, *(question.name for question in match.questions)}
    for column in match.rest:
        name = slug(column.name)
        short = name != plain(column.name) and len(name) < len(column.name)
        if short and _closed(column) and name not in taken and not get_close_matches(name, taken, n=1, cutoff=NEAR):
            short_names[name] = column.name
            taken.add(name)
    return short_names


def anonymous(match: Match) -> bool:
    """Whether no column of a survey can say who answered."""
    left = [column for column in match.rest if column.filled and not scales.holds_scores(column)]
    return bool(match.questions) and not any(column.unique > 0.5 or column.personal for column in left)


def _closed(column: Column) -> bool:
    return (
        1 < len(column.values) <= MOST_CHOICES
        and not column.personal
        and not asks_freely(column)
        and not (is_written(column) and column.length > 40)
    )
