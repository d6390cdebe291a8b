"""Exports of known tools as tables: what a tool's file says of its columns comes before any guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from carestudy.contract import TABLES
from carestudy.load.names import plain
from carestudy.recognise.evidence import evidence
from carestudy.recognise.folder import Export
from carestudy.recognise.known_tools import Form, Known, Sighting, doubts, sightings, unknown
from carestudy.recognise.mapped import LIKELY, Mapped, Match, headers_of
from carestudy.recognise.match import as_table
from carestudy.recognise.surveys import Question

LONGEST = 40  # letters of a word; more may tell of a person
RECOGNISED = 2.0  # as much evidence as makes a table sure


def known(export: Export) -> Match | None:
    """An export as the table that its tool's file says; none where no tool is known for it."""
    seen = sightings(export)
    return _match(export, seen[0]) if seen and seen[0].form.table else None


def usable(exports: Sequence[Export]) -> tuple[list[Export], list[tuple[Export, str]]]:
    """The exports without those of which a tool's file says that no table comes from them; and these, with the why."""
    forms = [(export, seen[0].form if (seen := sightings(export)) else None) for export in exports]
    unusable = [
        (export, f"looks like {form.called}: {form.unusable}") for export, form in forms if form and not form.table
    ]
    return [export for export, form in forms if form is None or form.table], unusable


def with_companions(matches: Mapping[str, Match]) -> dict[str, Match]:
    """The matches with the tables that tools write into the same files, such as the ratings of tickets."""
    found = dict(matches)
    for match in matches.values():
        for one in sightings(match.export)[1:] if match.form else ():
            found.setdefault(one.form.table, _match(match.export, one))
    return found


def _match(export: Export, seen: Sighting) -> Match:
    form = seen.form
    guessed = as_table(without(export, _settled(seen)), form.table) if form.custom else Match(export, form.table, {})
    columns = {**guessed.columns, **{name: _mapped(form, one) for name, one in seen.columns.items()}}
    questions = tuple(_question(form, name, one) for name, one in seen.questions.items()) or guessed.questions
    columns = {name: columns[name] for name in (*TABLES[form.table].columns, *columns) if name in columns}
    match = Match(export, form.table, columns, questions, noted=tuple(form.notes), form=form)
    asked = [*doubts(form, export), *(one for name, known in seen.columns.items() for one in _asked(form, name, known))]
    match = replace(match, sum_by=form.keys.get("sum_by"), once=form.repeats, asked=tuple(asked))
    return replace(match, score=RECOGNISED + max(evidence(match), 0.0))


def _mapped(form: Form, found: Known) -> Mapped:
    """A column as sure as two signs make it: the tool's headers, and cells that agree."""
    said = f"{form.tool} {'calls' if form.documented else 'seems to call'} it so"
    if not found.fits:
        return Mapped(found.column, 0.0, f"{said}, but its cells do not agree", ask=True, entry=found.entry)
    if not found.column.filled:
        return Mapped(found.column, LIKELY, f"{said}, but it is empty", entry=found.entry)
    fit = 1.0 if form.documented else LIKELY
    return Mapped(found.column, fit, f"{said}, and its cells agree", entry=found.entry)


def _asked(form: Form, name: str, found: Known) -> Iterator[str]:
    """The words on which a constant of some rows may hang, and which the tool's file does not list."""
    if isinstance(found.entry, Mapping) and "value" in found.entry and "where" in found.entry:
        words = [f"'{text}'" for text in unknown(form, name, found.column) if len(text) <= LONGEST]
        if words:
            yield f"does {', '.join(words[:5])} in '{found.column.name}' mean {name}? Add what does to where"


def _question(form: Form, name: str, found: Known) -> Question:
    mapped = _mapped(form, found)
    return Question(name, mapped.column, mapped.sure, mapped.why)


def _settled(seen: Sighting) -> set[str]:
    """The plain names of the columns of which the tool's file tells what they are, or that they are nothing."""
    found = [*seen.columns.values(), *seen.questions.values()]
    used = [header for one in found for header in (one.column.name, *headers_of(one.entry))]
    return set(map(plain, (*used, *seen.form.ignored)))


def without(export: Export, settled: set[str]) -> Export:
    """An export without some of its columns, which are told by their plain names."""
    sheets = []
    for sheet in export.sheets:
        kept = [place for place, name in enumerate(sheet.names) if plain(name) not in settled]
        names = tuple(sheet.names[place] for place in kept)
        sheets.append(replace(sheet, names=names, cells=sheet.cells.select(kept)))
    return Export(tuple(sheets))
