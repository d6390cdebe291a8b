"""What contacts are about: a column of few words that groups them, and not the one that tells each in its own words."""

from __future__ import annotations

import re
from dataclasses import replace

from carestudy.contract import TABLES
from carestudy.recognise import listed_values, words
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import LEAST, Mapped, Match

CONTENT = re.compile(r"\b(noi dung|mo ta|chi tiet|dien giai|description|details?|content|summary|subject|tieu de)\b")
FEW, OFTEN = 40, 3  # words of a column that groups contacts, and in how many rows each stands on average
MORE = 3  # times as many words as the other column has
OWN_WORDS = 0.5  # the share of cells of their own above which a column groups nothing


def with_topic(match: Match) -> Match:
    """Contacts whose topic is the column that groups them; a question where that may be another."""
    mapped = match.columns.get("topic")
    if match.table != "contacts" or match.form is not None or mapped is None or mapped.ask or not mapped.holds_itself:
        return match
    match = _without_teams_of_topics(match)
    column, others = mapped.column, [one for one in match.rest if _groups(one)]
    told = bool(CONTENT.search(words.folded(column.name)))
    if others and (told or _is_told(column)):
        best = max(others, key=_strength)
        return replace(match, columns={**match.columns, "topic": _instead(column, best)})
    if _is_told(column):
        why = "nearly every cell has words of its own: does it group contacts?"
        return replace(match, columns={**match.columns, "topic": replace(mapped, why=why, ask=True)})
    return match


def with_kind(match: Match) -> Match:
    """Contacts without a kind with a question for the one column of which a word means a complaint."""
    if match.table != "contacts" or match.form is not None or "kind" in match.columns:
        return match
    fitting = [column for column in match.rest if _speaks_of_complaints(column)]
    if len(fitting) != 1:
        return match
    why = "some of its cells speak of complaints: does it say what kind of contact each is?"
    columns = {**match.columns, "kind": Mapped(fitting[0], 0.6, why, ask=True)}
    ordered = {name: columns[name] for name in TABLES["contacts"].columns if name in columns}
    return replace(match, columns=ordered)


def _speaks_of_complaints(column: Column) -> bool:
    few = 1 < len(column.values) <= FEW and column.filled >= OFTEN * len(column.values) and not column.exposed
    return few and any(listed_values.value_of("kind", text) == "complaint" for text in column.values.to_pylist())


def _without_teams_of_topics(match: Match) -> Match:
    """A match in which no column is taken for the team whose header speaks more of topics: Nhóm vấn đề."""
    team = match.columns.get("team")
    said = words.fits(team.column.name) if team else {}
    if said.get(("contacts", "topic"), 0.0) <= said.get(("contacts", "team"), 0.0):
        return match
    return replace(match, columns={name: one for name, one in match.columns.items() if name != "team"})


def _instead(column: Column, other: Column) -> Mapped:
    """The other column as the topic: likely where the first has many more words, else a question."""
    if _is_told(column) or len(column.values) > MORE * len(other.values):
        return Mapped(other, 0.85, f"its few words group contacts, and '{column.name}' tells each in its own words")
    return Mapped(other, 0.7, f"its few words group contacts: or is '{column.name}' the topic?", ask=True)


def _groups(column: Column) -> bool:
    """Whether a column speaks of a kind or topic, and has few words for many rows."""
    few = 1 < len(column.values) <= FEW and column.filled >= OFTEN * len(column.values)
    return few and column.kind == "text" and not column.exposed and not column.personal and _strength(column) > LEAST


def _strength(column: Column) -> float:
    said = words.fits(column.name)
    own = max((strength for (where, _), strength in said.items() if where == words.OWN), default=0.0)
    return max(said.get(("contacts", name), 0.0) for name in ("topic", "kind")) - own


def _is_told(column: Column) -> bool:
    """Whether nearly every row tells of itself in its own words."""
    return column.filled >= FEW and column.unique > OWN_WORDS
