"""Names of columns as they are compared, and the columns that the data have."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import count

from carestudy.contract import CareError, listed

OURS = "carestudy_"
LINE, BROKEN, PART, SOURCE = f"{OURS}line", f"{OURS}broken", f"{OURS}part", f"{OURS}source"
UNREAD = f"{OURS}unread_"  # before the name of a column: whether its cell says something that cannot be read
OWN = (LINE, BROKEN, PART, SOURCE)  # columns that are no data
QUESTION = f"{OURS}question "
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def plain(name: str) -> str:
    """A column's name as it is compared: small letters in one normal form, with single spaces.

    >>> plain("  Mã\\u00a0KH ")
    'mã kh'
    """
    return " ".join(unicodedata.normalize("NFC", name).translate(UNSEEN).lower().split())


def numbered(names: Iterable[str]) -> list[str]:
    """The names of columns, where each that repeats has its number behind it: names are equal if their plain forms are.

    >>> numbered(["Labels", "Email", "labels", "Labels", ""])
    ['Labels', 'Email', 'labels (2)', 'Labels (3)', '']
    """
    written = list(names)
    taken = {plain(name) for name in written}
    seen: set[str] = set()
    for index, name in enumerate(written):
        new = plain(name)
        if new in seen:
            free = (number for number in count(2) if f"{new} ({number})" not in taken)
            written[index] = f"{name.strip()} ({next(free)})"
            new = plain(written[index])
            taken.add(new)
        seen |= {new} - {""}
    return written


def repeated(names: Iterable[str]) -> list[str]:
    """The plain names that several columns have."""
    counts = Counter(plain(name) for name in names)
    return [name for name, columns in counts.items() if name and columns > 1]


def told_apart(names: Iterable[str], where: str) -> list[str]:
    """The plain names of columns, numbered where a column has none; two of one name are an error."""
    plain_names: list[str] = []
    for number, name in enumerate(names, start=1):
        new = plain(name) or f"column {number}"
        if new in plain_names:
            raise CareError(
                f"{where}: two columns are called '{new}' (capitals make no difference): give one of them another name"
            )
        if new.startswith(OURS):
            raise CareError(f"{where}: names that start with '{OURS}', such as '{new}', are kept for carestudy itself")
        plain_names.append(new)
    return plain_names


@dataclass(frozen=True)
class Headers:
    """The columns that the data have, by their plain names, and the line of care.toml that asks for one."""

    there: Mapping[str, str]
    where: str = ""

    def at(self, where: str) -> Headers:
        """The same columns, for another line of care.toml."""
        return replace(self, where=where)

    def has(self, written: str) -> bool:
        """Whether a column is called so."""
        return plain(written) in self.there

    def named(self, written: str, within: str = "") -> str:
        """The column that is called so; none is an error that names the nearest, and what it stands ``within``."""
        if not self.has(written):
            near = get_close_matches(plain(written), self.there, n=1)
            hint = f"did you mean '{self.there[near[0]]}'?" if near else f"they have {listed(self.there.values())}"
            which = f"\": '{written}'" if within else '"'
            raise CareError(f'{self.where} = "{within or written}{which} is not in the data; {hint}')
        return self.there[plain(written)]
