"""A care.toml that says what was recognised, how sure that is and why, and asks what could not be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from carestudy.care import Settings
from carestudy.contract import TABLES
from carestudy.load.names import plain
from carestudy.recognise import ids
from carestudy.recognise.folder import Export, Found, look, pattern
from carestudy.recognise.forms import Currency, Forms, currency, days_of, forms
from carestudy.recognise.match import Match, matched
from carestudy.recognise.toml import comment, entry, text, written

HEAD = """\
# care.toml: what carestudy took the files of this folder for. Look at every line: each says how sure it is, and why.
# A line that begins with "# ?" asks something: take the "# ?" away from the answer that is right.
"""


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
    strangers: tuple[str, ...]

    def toml(self) -> str:
        """The care.toml that is proposed."""
        parts = [HEAD + self._settings()] + [self._table(name) for name in self.matches]
        rest = [f"# left: {comment(f'{name}: {why}')}" for name, why in self._left()]
        return "\n".join([*parts, *(["\n".join(rest) + "\n"] if rest else [])])

    def lines(self) -> list[str]:
        """What was recognised, how sure it is, what was left, and what is asked."""
        told = [line for name in self.matches for line in self._told(name)]
        told += [f"left: {name}: {why}" for name, why in self._left()]
        if self._amounts:
            told.append(f"currency: {self.currency.code} ({self.currency.sure}: {self.currency.why})")
        if self.digits:
            told.append(f"customers of {', '.join(self.digits)} match by the digits of their ids only")
        if self.last is not None:
            told.append(f"last day: {self.last.isoformat()}; write as_of where the data are known up to another day")
        return [text(line) for line in told + [f"question: {one}" for one in self.questions()]]

    def questions(self) -> list[str]:
        """What could not be decided, a sentence each."""
        asked = [
            f"[{name}] {one}"
            for name, said in self.forms.items()
            for one in (*said.questions, *said.notes, *self._strangers(name))
        ]
        if self.currency.sure == "guess" and self._amounts:
            asked.append(f"currency: is it {self.currency.code}? {self.currency.why}")
        return asked

    @property
    def last(self) -> date | None:
        """The last day of what happened, as far as its form is known."""
        days = [
            days_of(match.columns[time].column).last
            for name, match in self.matches.items()
            if (time := TABLES[name].time) and time in match.columns
        ]
        return max([day for day in days if day], default=None)

    @property
    def _amounts(self) -> bool:
        return "transactions" in self.matches and "amount" in self.matches["transactions"].columns

    def _left(self) -> list[tuple[str, str]]:
        return [*((str(export), why) for export, why in self.left), *self.found.left]

    def _settings(self) -> str:
        money = self.currency
        lines = [
            entry("company", self.company, "the name on the reports"),
            entry("language", Settings().language, "of the reports: vi or en"),
            entry("timezone", self.timezone, "of the times in the files that name no other"),
            entry("currency", money.code, f"{money.sure}: {money.why}"),
        ]
        if self.last is not None:
            lines.append(
                f'# as_of = "{self.last}"  # the last day in the files; the data may be known up to a later one'
            )
        if self.digits:
            why = f"likely: customer ids of {', '.join(self.digits)} are those of the customers by their digits only"
            lines.append(entry("match_ids", "digits", why))
        return "\n".join(lines) + "\n"

    def _table(self, name: str) -> str:
        match, said = self.matches[name], self.forms[name]
        rows = f"{match.export.rows:,} rows; {match.sure} that these are {name}"
        lines = [f"[{name}]  # {rows}", entry("source", self._source(match.export))]
        if match.export.sheet_names:
            lines.append(entry("sheet", match.export.sheet_names))
        if match.export.sheets[0].encoding:
            lines.append(
                entry("encoding", match.export.sheets[0].encoding, "the file is not UTF-8; it looks like this")
            )
        if said.timezone:
            lines.append(entry("timezone", said.timezone, "the times say so"))
        if said.empty:
            lines.append(entry("empty", list(said.empty), "stands where nothing is said"))
        lines += [f"# note: {comment(note)}" for note in (*said.notes, *self._strangers(name))]
        return "\n".join([*lines, *self._columns(match), *written(name, said), ""])

    def _strangers(self, name: str) -> list[str]:
        if name not in self.strangers:
            return []
        column = self.matches[name].columns[ids.ID].column.name
        return [f"hardly any customer_id in '{column}' is among the customers: is it the right column?"]

    def _source(self, export: Export) -> str | list[str]:
        files = export.files
        return files[0] if len(files) == 1 else pattern(export, self.found.names) or files

    def _columns(self, match: Match) -> list[str]:
        lines = [f"\n[{match.table}.columns]"]
        for name, one in match.columns.items():
            lines.append(entry(name, one.column.name, f"{one.sure}: {one.why}"))
        rest = [column.name for column in match.rest]
        # A column that is called like one of the contract would be taken for it.
        ours = [name for name in rest if plain(name) in TABLES[match.table].columns]
        why = "called like a column of ours, but its cells are not such"
        lines += [entry(f"their_{plain(name)}", name, why) for name in ours]
        if rest:
            lines.append(f"# kept under their own names: {comment(', '.join(rest))}")
        if match.questions:
            lines.append(f"\n[{match.table}.questions]")
            lines += [entry(one.name, one.column.name, f"{one.sure}: {one.why}") for one in match.questions]
        return lines

    def _told(self, name: str) -> list[str]:
        match = self.matches[name]
        told = [f"{name} <- {match.export} ({match.export.rows:,} rows): {match.sure}"]
        for column, one in match.columns.items():
            told.append(f"  {column} <- {one.column.name}: {one.sure}, {one.why}")
        told += [f"  question {one.name} <- {one.column.name}: {one.sure}, {one.why}" for one in match.questions]
        if match.rest:
            told.append(f"  left as they are: {', '.join(column.name for column in match.rest)}")
        personal = [f"{column.name} ({column.personal})" for column in match.rest if column.personal]
        if personal:
            told.append(f"  personal, and not needed: {', '.join(personal)}")
        return told


def propose(
    folder: Path | str, company: str | None = None, currency: str | None = None, timezone: str | None = None
) -> Proposal:
    """What the files of a folder seem to be; nothing is written.

    What is known of the company is taken as it is: its name, the currency of amounts, the time zone of times.
    """
    found = look(Path(folder))
    pairs, left = matched(found.exports)
    matches = {name: pairs[name] for name in TABLES if name in pairs}
    matches = ids.shared(matches)
    money = _currency(currency, matches)
    digits = tuple(ids.by_digits(matches))
    return Proposal(
        found, matches, tuple(left), {name: forms(match, money) for name, match in matches.items()}, money,
        company or "", timezone or Settings().timezone, digits, tuple(ids.strangers(matches)),
    )  # fmt: skip


def _currency(known: str | None, matches: Mapping[str, Match]) -> Currency:
    return Currency(known, "sure", "you said so") if known else currency(matches.get("transactions"))
