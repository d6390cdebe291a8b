"""The reader of a report: a language and a currency, and the catalogue of messages in that language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po

from carestudy.contract import TABLES, CareError

LOCALES = {"vi": "vi_VN", "en": "en_GB"}


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every message of a language by its English text; English itself needs no entry."""
    if lang not in LOCALES:
        raise CareError(f"lang='{lang}' is not known: choose one of {', '.join(LOCALES)}")
    folder = files("carestudy").joinpath("locale", lang)
    if not folder.is_dir():
        return {}
    columns = {column.label: column.vi for table in TABLES.values() for column in table.registry.values()}
    texts = [file.read_bytes() for file in folder.iterdir() if file.name.endswith(".po")]
    entries = (entry for text in texts for entry in read_po(BytesIO(text), locale=lang))
    return columns | {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}


@dataclass(frozen=True)
class Reader:
    """Who reads the report: everything that is formatted or translated is so for a reader.

    ``in_days`` are the durations, by the names of their KPIs, that the data tell in whole days only.

    >>> Reader("en").t("{low} to {high}", low=1, high=2)
    '1 to 2'
    """

    lang: str = "vi"
    currency: str = "VND"
    in_days: frozenset[str] = frozenset()

    @property
    def locale(self) -> str:
        """The locale of the numbers and dates."""
        return LOCALES[self.lang]

    def t(self, message: str, /, **values: object) -> str:
        """The message in the reader's language, with its values put in."""
        text = catalogue(self.lang).get(message, message)
        return text.format(**values) if values else text


def t(message: str) -> str:
    """Marks a message that is translated where it is shown."""
    return message
