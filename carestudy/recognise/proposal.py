"""A care.toml that says what was recognised, how sure that is and why, and asks what could not be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carestudy.care import Settings
from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
from carestudy.recognise import (
    answers,
    ids,
    surveys,
)
from carestudy.recognise.asks import days_of
from carestudy.recognise.folder import Export, Found, pattern
from carestudy.recognise.forms import Currency, Forms
from carestudy.recognise.joins import lookups_of
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.sections import (
    asked_for,
    guesses,
    looks,
    lookup,
    mapped,
    personal_of,
    read_from,
    rows_of,
    waiting,
)
from carestudy.recognise.surveys import Question
from carestudy.recognise.toml import asked, comment, entry, inline, text, written

HEAD = """\
# care.toml: what carestudy took the files of this folder for. Look at every line: each says how sure it is, and why.
# A line that begins with "# ?" asks something: take the "# ?" away from the answer that is right, and the others out.
"""
UNPLACED = "guess: nothing in the files says where the company is; write its zone if it is another"


@dataclass(frozen=True)
class Proposal:
    """What was recognised in a folder, as a care.toml and as lines for the terminal."""

    found: Found
    matches: Mapping[str, Match]
    left: tuple[tuple[Export, str], ...]
    forms: Mapping[str, Forms]
    currency: Currency
    company: str
    timezone: str
    digits: tuple[str, ...]
    phones: tuple[str, ...]
    strangers: tuple[str, ...]
    placed: bool = True  # whether somebody, or the files, say where the company is
    stated: str = ""  # the header that names the company's time zone

    def toml(self) -> str:
        """The care.toml that is proposed."""
        sections = [HEAD + self._settings()] + [self._table(name) for name in self.matches]
        left_lines = [f"# left: {comment(f'{name}: {why}')}" for name, why in self._left()]
        left_lines += asked([comment(missed) for missed in self._missed()])
        return "\n".join([*sections, *(["\n".join(left_lines) + "\n"] if left_lines else [])])

    def lines(self) -> list[str]:
        """What was recognised, how sure it is, what was left, and what is asked."""
        lines = [line for name in self.matches for line in self._told(name)]
        lines += [f"left: {name}: {why}" for name, why in self._left()]
        lines += [f"note: [{name}] {note_text}" for name, form in self.forms.items() for note_text in form.notes]
        if self._amounts:
            money = self.currency
            note = "note: " if money.sure == "guess" else ""
            lines.append(f"{note}currency: {money.code} ({money.sure}: {money.why})")
        if not self.placed:
            lines.append(f"note: timezone: {self.timezone} ({self._zone})")
        if self.phones:
            lines.append(f"customers of {', '.join(self.phones)} match by their phone numbers, however written")
        elif self.digits:
            lines.append(f"customers of {', '.join(self.digits)} match by the digits of their ids only")
        if self.last is not None:
            lines.append(f"last day: {self.last.isoformat()}; write as_of where the data are known up to another day")
        return [text(line) for line in lines + [f"question: {note_text}" for note_text in self.questions()]]

    def questions(self) -> list[str]:
        """What could not be decided, a sentence each: just what care.toml asks."""
        return [
            *(f"[{name}] {question}" for name, form in self.forms.items()
              for question in (*self._guessed(name), *form.questions, *self._strangers(name))),
            *self._money(), *self._missed(),
        ]  # fmt: skip

    @property
    def last(self) -> date | None:
        """The last day of what happened, as far as its form is known."""
        return last_day(self.matches)

    @property
    def _amounts(self) -> bool:
        return "transactions" in self.matches and "amount" in self.matches["transactions"].columns

    def _left(self) -> list[tuple[str, str]]:
        return [(name, why) for name, why in self.found.left if name not in self.found.missed]

    def _missed(self) -> list[str]:
        """The files that hold rows, or should, and that no table would come from."""
        files = [(name, why) for name, why in self.found.left if name in self.found.missed]
        unused = [
            f"{name} is not used: {why}" for name, why in [*((str(file), why) for file, why in self.left), *files]
        ]
        return [*unused, *self.found.asked]

    def _guessed(self, name: str) -> list[str]:
        """What is only guessed of a table: whether it is one, and of its columns."""
        match = self.matches[name]
        questions = [match.doubt] if match.doubt else []
        questions += [f"is a row of {match.export} one of the {name}?"] if match.sure == "guess" else []
        questions += [match.where.why] if match.where and match.where.ask else []
        guessable: list[tuple[str, Mapped | Question]] = [pair for pair in match.columns.items() if not pair[1].again]
        guessable += [(f"the answer to {guess.name}", guess) for guess in match.questions]
        return questions + [
            f"is '{guess.column.name}' {meaning}? {guess.why}" for meaning, guess in guessable if guess.sure == "guess"
        ]

    def _money(self) -> list[str]:
        """Which currency it is, where the amounts tell only which it is not."""
        money = self.currency
        return [f"currency: is it {money.code}? {money.why}"] if money.asks and self._amounts else []

    @property
    def _zone(self) -> str:
        """Why the time zone is the company's."""
        if self.stated:
            return f"likely: the header '{self.stated}' says so; write the company's zone if it is another"
        return "of the times in the files that name no other" if self.placed else UNPLACED

    def _settings(self) -> str:
        money = self.currency
        lines = [
            entry("company", self.company, "the name on the reports"),
            entry("language", Settings().language, "of the reports: vi or en"),
            entry("timezone", self.timezone, self._zone),
            entry("currency", money.code, f"{money.sure}: {money.why}"),
            *asked([f"{comment(money_question)}; write the right one above" for money_question in self._money()]),
        ]
        if self.last is not None:
            lines.append(
                f'# as_of = "{self.last}"  # the last day in the files; the data may be known up to a later one'
            )
        scale = surveys.ces_scale(self.matches["responses"].questions) if "responses" in self.matches else None
        if scale:
            lines.append(f"ces_scale = {scale}  # where the scale of the question about effort ends, as it says itself")
        if self.phones:
            why = "likely: phone numbers are written in several ways, and one number is one customer"
            lines.append(entry("match_ids", "phone", why))
        elif self.digits:
            why = f"likely: customer ids of {', '.join(self.digits)} are those of the customers by their digits only"
            lines.append(entry("match_ids", "digits", why))
        return "\n".join(lines) + "\n"

    def _table(self, name: str) -> str:
        match, form, path = self.matches[name], self.forms[name], self._path(name)
        rows = f"{match.export.rows:,} rows; {match.sure} that these are {match.table}"
        head = f"[{path}]" if path == match.table else f"[[{path}]]"
        lines = [f"{head}  # {rows}{looks(match)}", entry("source", self._source(match.export))]
        if match.export.sheet_names:
            lines.append(entry("sheet", match.export.sheet_names))
        if match.export.sheets[0].encoding:
            lines.append(
                entry("encoding", match.export.sheets[0].encoding, "the file is not UTF-8; it looks like this")
            )
        if joined := [lookup(item) for item in lookups_of(match.export)]:
            lines.append(entry("join", joined, "looked up by a key of which each value stands there once"))
        keys = match.form.keys if match.form else {}
        if form.timezone and "timezone" not in keys:
            lines.append(entry("timezone", form.timezone, "the times say so"))
        lines += [entry(key, item, "as the tool writes it") for key, item in keys.items() if key != "sum_by"]
        if form.empty:
            lines.append(entry("empty", list(form.empty), "stands where nothing is said"))
        lines += [f"# note: {comment(note)}" for note in form.notes]
        if match.sure == "guess" and not match.doubt:
            lines += asked([comment(self._guessed(name)[0])])
        lines += rows_of(match)
        lines += asked([comment(item) for item in (*form.asked, *self._strangers(name))])
        lines += [*self._columns(match, path), *written(path, form, guesses(match))]
        return "\n".join([*(waiting(match.doubt, lines) if match.doubt else lines), ""])

    def _path(self, name: str) -> str:
        """The section of a table, or of one of its several sources."""
        table = self.matches[name].table
        several = sum(match.table == table for match in self.matches.values()) > 1
        return f"{table}.sources" if several else table

    def _strangers(self, name: str) -> list[str]:
        if name not in self.strangers:
            return []
        column = self.matches[name].columns[ids.ID].column.name
        return [f"hardly any customer_id in '{column}' is among the customers: is it the right column?"]

    def _source(self, export: Export) -> str | list[str]:
        files = export.files
        return files[0] if len(files) == 1 else pattern(export, self.found.names) or files

    def _columns(self, match: Match, path: str) -> list[str]:
        lines = [f"\n[{path}.columns]"]
        for name, mapped_column in match.columns.items():
            lines.append(mapped(name, mapped_column))
        short = answers.choices(match)
        lines += [
            entry(short_name, header, "answers to choose from, under a short name")
            for short_name, header in short.items()
        ]
        if match.table == "responses" and match.questions and "answered_at" not in match.columns:
            lines += asked(['answered_at = { value = "YYYY-MM-DD" }  # of a survey of one day: write that day'])
        unused = [column.name for column in match.rest if column.name not in short.values()]
        # A column that is called like one of the contract would be taken for it.
        ours = [name for name in unused if plain(name) in TABLES[match.table].columns]
        why = "called like a column of ours, but its cells are not such"
        lines += [entry(f"their_{plain(name)}", name, why) for name in ours]
        if unused:
            lines.append(f"# kept under their own names: {comment(', '.join(unused))}")
        if match.questions:
            lines.append(f"\n[{path}.questions]")
            lines += [line for mapped_column in match.questions for line in asked_for(mapped_column)]
        return lines

    def _told(self, name: str) -> list[str]:
        match = self.matches[name]
        report_lines = [f"{match.table} <- {match.export} ({match.export.rows:,} rows): {match.sure}{looks(match)}"]
        report_lines += [f"  with {item.export}: joined by {lookup(item)['on']}" for item in lookups_of(match.export)]
        for column, item in match.columns.items():
            report_lines.append(f"  {column} <- {read_from(item)}: {item.sure}, {item.why}")
        if match.where:
            report_lines.append(f"  where {inline(match.where.entry)}: {match.where.sure}, {match.where.why}")
        report_lines += [
            f"  question {item.name} <- {item.column.name}: {item.sure}, {item.why}" for item in match.questions
        ]
        if match.rest:
            report_lines.append(f"  left as they are: {', '.join(column.name for column in match.rest)}")
        personal = [f"{column.name} ({kind})" for column in match.rest if (kind := personal_of(column))]
        if personal:
            report_lines.append(f"  personal, and not needed: {', '.join(personal)}")
        return report_lines


def last_day(matches: Mapping[str, Match]) -> date | None:
    """The last day of what happened, as far as its form is known."""
    days = [
        days_of(match.columns[time].column).last
        for match in matches.values()
        if (time := TABLES[match.table].time) and time in match.columns
    ]
    return max([day for day in days if day], default=None)
