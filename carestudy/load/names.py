"""Names of columns as they are compared, and the columns that the data have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from carestudy.contract import CareError

OURS = "carestudy_"
LINE, BROKEN, PART = f"{OURS}line", f"{OURS}broken", f"{OURS}part"
QUESTION = f"{OURS}question "
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def plain(name: str) -> str:
    """A column's name as it is compared: small letters in one normal form, with single spaces.

    >>> plain("  Mã\\u00a0KH ")
    'mã kh'
    """
    return " ".join(unicodedata.normalize("NFC", name).translate(UNSEEN).lower().split())


def told_apart(names: Iterable[str], where: str) -> list[str]:
    """The plain names of columns, numbered where a column has none; two of one name are an error."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        new = plain(name) or f"column {number}"
        if new in found:
            raise CareError(f"{where}: two columns are called '{new}'; names that differ in capitals only are the same")
        if new.startswith(OURS):
            raise CareError(f"{where}: names that start with '{OURS}', such as '{new}', are kept for carestudy itself")
        found.append(new)
    return found


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
            hint = f"did you mean '{self.there[near[0]]}'?" if near else f"they have {self._listed()}"
            which = f"\": '{written}'" if within else '"'
            raise CareError(f'{self.where} = "{within or written}{which} is not in the data; {hint}')
        return self.there[plain(written)]

    def _listed(self) -> str:
        names = list(self.there.values())
        return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
