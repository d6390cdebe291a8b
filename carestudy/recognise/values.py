"""What the words of a table mean, which of them nobody knows yet, and which of them say nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carestudy.contract import TABLES
from carestudy.load.parse import NO, YES
from carestudy.recognise import listed_values, statuses
from carestudy.recognise.cells import FLAGS, flagged
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Match
from carestudy.recognise.scales import labelled

GROUPS = ("kind", "direction", "stage")
ZERO = "0"


@dataclass
class Values:
    """The value maps of a table, the words without a meaning by column, what is written for nothing, and questions."""

    maps: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: dict[str, Sequence[str]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)


def of(match: Match) -> Values:
    """What the words of a table mean."""
    found = Values()
    for name, mapped in match.columns.items():
        if not mapped.holds_itself:
            continue
        if name in FLAGS:
            known = {**flagged(mapped.column, name), **_of_tool(match, name)}
            found.maps[name] = {statuses.dated(text): ours for text, ours in known.items()}
            found.unknown[name] = statuses.unknown(mapped.column, known)
            found.asked += _withheld(name, mapped.column, known)
        elif name in GROUPS and len(mapped.column.values) <= 60:
            _group(found, name, mapped.column, _of_tool(match, name))
        elif name == "score":
            found.maps[name] = {**labelled(mapped.column), **_of_tool(match, name)}
    if match.questions:
        found.maps["score"] = {
            text: ours for question in match.questions for text, ours in labelled(question.column).items()
        }
        found.maps["score"] |= _of_tool(match, "score")
    found.maps = {name: one for name, one in found.maps.items() if one}
    found.unknown = {name: one for name, one in found.unknown.items() if one}
    _empty(found, match)
    return found


def _withheld(name: str, column: Column, known: Mapping[str, str]) -> list[str]:
    """A question for the words that may tell of people, and are not shown."""
    return [
        f"{cells:,} cells of '{column.name}' that begin with '{begin} …' are in no list of ours, and their rows would "
        f"be excluded: what do they mean? Write them under values.{name}"
        for begin, cells in statuses.withheld(column, known)
    ]


def _of_tool(match: Match, name: str) -> Mapping[str, str]:
    """What the words of a column mean in the tool that wrote them."""
    return match.form.values.get(name, {}) if match.form else {}


def _group(values: Values, name: str, column: Column, of_tool: Mapping[str, str]) -> None:
    known = {text: listed_values.value_of(name, text) for text in column.values.to_pylist()} | dict(of_tool)
    values.maps[name] = {text: ours for text, ours in known.items() if ours and ours != text.lower()}
    left = sum(1 for text, ours in known.items() if not ours and text not in column.nothing)
    if left and name == "kind" and "complaint" not in known.values():
        values.asked.append(f"which words of {name} ('{column.name}') mean a complaint? None of ours is there")


def _empty(values: Values, match: Match) -> None:
    """What the table writes where it says nothing: signs anywhere, words only where they cannot be values."""
    kinds = TABLES[match.table].columns
    typed = [
        one.column for name, one in match.columns.items() if kinds[name] not in ("text", "flag") and one.holds_itself
    ]
    typed += [question.column for question in match.questions]
    flags = [one.column for name, one in match.columns.items() if kinds[name] == "flag"]
    fields = {text: column for column in typed for text in column.nothing}
    kept = {text for text in fields if flags and _means(text, values.maps)}
    for text in sorted(kept):
        values.asked.append(f"'{text}' says nothing in '{fields[text].name}', but no in '{flags[0].name}': {LEAVE}")
    empty = set(fields) - kept
    empty |= {text for column in match.export.columns for text in column.nothing if not any(map(str.isalnum, text))}
    of_tool = set(match.form.empty) if match.form else set()
    values.empty = tuple(sorted(empty | of_tool | _zeros(values, match)))


LEAVE = "leave those cells empty in the file"


def _means(text: str, maps: Mapping[str, Mapping[str, str]]) -> bool:
    return text.lower() in (*YES, *NO) or any(text in value for value in maps.values())


def _zeros(values: Values, match: Match) -> set[str]:
    """The zero of counted days that says that there was none, where nothing else is zero."""
    mapped = [*(value.column for value in match.columns.values()), *(question.column for question in match.questions)]
    holding = [column for column in mapped if ZERO in column.few or ZERO in column.values.to_pylist()]
    never = [column for column in holding if not column.dates.share and column.counted_dates.share]
    others = [column for column in holding if column not in never]
    if never and others:
        values.asked.append(f"0 says never in '{never[0].name}', but is a number in '{others[0].name}': {LEAVE}")
    return {ZERO} if never and not others else set()
