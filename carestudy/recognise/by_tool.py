"""Matches exports of known tools: the tool's own description of its columns comes before any guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
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
    all_matches = dict(matches)
    for match in matches.values():
        for sighting in sightings(match.export)[1:] if match.form else ():
            all_matches.setdefault(sighting.form.table, _match(match.export, sighting))
    return all_matches


def _match(export: Export, seen: Sighting) -> Match:
    form = seen.form
    guessed = as_table(without(export, _settled(seen)), form.table) if form.custom else Match(export, form.table, {})
    columns = {**guessed.columns, **{name: _mapped(form, known_column) for name, known_column in seen.columns.items()}}
    questions = (
        tuple(_question(form, name, known_column) for name, known_column in seen.questions.items()) or guessed.questions
    )
    columns = {name: columns[name] for name in (*TABLES[form.table].columns, *columns) if name in columns}
    match = Match(export, form.table, columns, questions, noted=tuple(form.notes), form=form)
    questions_asked = [
        *doubts(form, export),
        *(known_column for name, known in seen.columns.items() for known_column in _asked(form, name, known)),
    ]
    match = replace(match, sum_by=form.keys.get("sum_by"), once=form.repeats, asked=tuple(questions_asked))
    return replace(match, score=RECOGNISED + max(evidence(match), 0.0))


def _mapped(form: Form, known: Known) -> Mapped:
    """Map a column; two signs make it sure: the header of the tool, and cells that agree."""
    claim = f"{form.tool} {'calls' if form.documented else 'seems to call'} it so"
    if not known.fits:
        return Mapped(known.column, 0.0, f"{claim}, but its cells do not agree", ask=True, entry=known.entry)
    if not known.column.filled:
        return Mapped(known.column, LIKELY, f"{claim}, but it is empty", entry=known.entry)
    fit = 1.0 if form.documented else LIKELY
    return Mapped(known.column, fit, f"{claim}, and its cells agree", entry=known.entry)


def _asked(form: Form, name: str, known: Known) -> Iterator[str]:
    """The words on which a constant of some rows may hang, and which the tool's file does not list."""
    if isinstance(known.entry, Mapping) and "value" in known.entry and "where" in known.entry:
        words = [f"'{text}'" for text in unknown(form, name, known.column) if len(text) <= LONGEST]
        if words:
            yield f"does {', '.join(words[:5])} in '{known.column.name}' mean {name}? Add what does to where"


def _question(form: Form, name: str, known: Known) -> Question:
    mapped = _mapped(form, known)
    return Question(name, mapped.column, mapped.sure, mapped.why)


def _settled(seen: Sighting) -> set[str]:
    """The plain names of the columns that the tool's description maps or ignores."""
    known_columns = [*seen.columns.values(), *seen.questions.values()]
    used = [header for known in known_columns for header in (known.column.name, *headers_of(known.entry))]
    return set(map(plain, (*used, *seen.form.ignored)))


def without(export: Export, settled: set[str]) -> Export:
    """An export without the columns of these plain names."""
    sheets = []
    for sheet in export.sheets:
        positions = [position for position, name in enumerate(sheet.names) if plain(name) not in settled]
        names = tuple(sheet.names[position] for position in positions)
        sheets.append(replace(sheet, names=names, cells=sheet.cells.select(positions)))
    return Export(tuple(sheets))
