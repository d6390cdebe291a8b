"""The codebook: which themes there are, what they are called, and the phrases that tell of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from carestudy.contract import CareError
from carestudy.rendering import Rendered
from carestudy.themes.phrases import EXACT, GAP, TONES, Hit, Node, Phrase, Slot, bare, slots
from carestudy.themes.text import is_bare, language, stripped, words

FILE = "codebook.toml"
TABLES = ("themes", "lists", "short", "negation", "bare")
SURE = {"not only", "không chỉ", "không những", "chẳng những", "khong chi", "khong nhung", "chang nhung"}


@dataclass(frozen=True)
class Codebook(Rendered):
    """Themes with their names, and their phrases as trees: as they are written, and as typed without accents."""

    names: Mapping[str, Mapping[str, str]]
    accented: Node
    bare: Node
    short: Mapping[str, str]
    negation: Mapping[str, frozenset[str]]

    def name(self, theme: str, lang: str) -> str:
        """What a theme is called in a language."""
        return self.names[theme][lang]

    def __repr__(self) -> str:
        return f"Codebook of {len(self.names)} themes: {', '.join(self.names)}"

    def found(self, text: str) -> dict[str, str]:
        """The themes of a text with their tone, in the order in which it comes to speak of them."""
        plain = is_bare(text)
        said = words(text, self.short)
        said = [stripped(word) for word in said] if plain else said
        # "no" is a word of Vietnamese without accents, too.
        denying = self.negation["vi"] | (frozenset() if language(text) == "vi0" else self.negation["en"])
        hits = set((self.bare if plain else self.accented).hits(said, denying))
        away = [hit for hit in hits if hit.phrase.tone == "not"]
        kept = [hit for hit in hits if hit.phrase.tone != "not" and not any(map(hit.caught_by, away))]
        heard = sorted((hit for hit in kept if not any(map(hit.yields_to, kept))), key=self._place)
        tones: dict[str, set[str]] = {}
        for hit in heard:
            tones.setdefault(hit.phrase.theme, set()).add(self._tone(hit, said, denying))
        return {theme: told for theme, said_of in tones.items() if (told := _told(said_of))}

    def _place(self, hit: Hit) -> tuple[int, int]:
        return hit.start, list(self.names).index(hit.phrase.theme)

    def _tone(self, hit: Hit, said: Sequence[str], denying: frozenset[str]) -> str:
        """The tone of a phrase where it stands: praise denied is a complaint, a complaint denied is none."""
        at = hit.start - 1
        while at >= 0 and said[at] in self.negation["between"]:
            at -= 1
        denied = at >= 0 and said[at] in denying
        if denied and " ".join(said[at : at + 2]) not in SURE:
            return {"praise": "complaint", "complaint": "denied"}.get(hit.phrase.tone, hit.phrase.tone)
        return hit.phrase.tone


def codebook(given: Any = None) -> Codebook:
    """A codebook: the one that is shipped, a file of one's own, or what such a file says."""
    if given is None or (isinstance(given, Mapping) and not given):
        return shipped()
    if isinstance(given, Codebook):
        return given
    return compiled(given if isinstance(given, Mapping) else read(Path(given)))


@cache
def shipped() -> Codebook:
    """The codebook of the package."""
    return compiled(_shipped_text())


@cache
def _shipped_text() -> dict[str, Any]:
    return tomllib.loads(files("carestudy.themes").joinpath(FILE).read_text("utf-8"))


def read(path: Path) -> dict[str, Any]:
    """What a codebook's file says; an error names the file and not its place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CareError(f"{path.name} is not written in UTF-8: save it as UTF-8") from None
    except (OSError, RecursionError, tomllib.TOMLDecodeError) as problem:
        reason = "there is no such file" if isinstance(problem, FileNotFoundError) else problem
        raise CareError(f"the codebook {path.name} cannot be read: {reason}") from None


def compiled(said: Mapping[str, Any]) -> Codebook:
    """A codebook from what its file says; what it does not say of abbreviations and negation is as shipped."""
    for name in said:
        if name not in TABLES:
            raise CareError(f"codebook: [{name}] is not known; it has {', '.join(TABLES)}")
    themes = said.get("themes")
    if not isinstance(themes, Mapping) or not themes:
        raise CareError('codebook: it has no theme; write [themes.price] name = { vi = "Giá", en = "Price" }')
    usual = _shipped_text() if any(name not in said for name in TABLES[1:]) else {}
    lists = _listed({**usual.get("lists", {}), **said.get("lists", {})})
    unsure = frozenset(_strings(said.get("bare", usual.get("bare", {})).get("unsure", []), "[bare] unsure"))
    accented, plain = Node(), Node()
    names = {str(theme): _names(str(theme), told) for theme, told in themes.items()}
    for theme, told in themes.items():
        for tone in TONES:
            for written in _strings(told.get(tone, []), f"[themes.{theme}] {tone}"):
                places = _places(written, str(theme), lists)
                accented.add(places, Phrase(str(theme), tone))
                if not written.startswith(EXACT):
                    plain.add(bare(places, unsure), Phrase(str(theme), tone))
    denying = said.get("negation", usual.get("negation", {}))
    sets = {name: _strings(denying.get(name, []), f"[negation] {name}") for name in ("vi", "en", "between")}
    negation = {name: frozenset([*one, *map(stripped, one)]) for name, one in sets.items()}
    return Codebook(names, accented, plain, _short(said.get("short", usual.get("short", {}))), negation)


def _short(told: Mapping[str, Any]) -> dict[str, str]:
    """What each abbreviation stands for, as both stand in the words of a text."""
    return {
        word: " ".join(words(full))
        for full, written in told.items()
        for one in _strings(written, f"[short] {full}")
        for word in words(one)
    }


def _places(written: str, theme: str, lists: Mapping[str, Sequence[str]]) -> list[Slot]:
    """The places of a phrase; an error quotes one that cannot be read."""
    try:
        found = slots(written.removeprefix(EXACT), lists)
    except ValueError as sign:
        raise CareError(f"codebook: [themes.{theme}] '{written}' has a '{sign}' too many") from None
    if not any(word != GAP for slot in found for choice in slot for word in choice):
        raise CareError(f"codebook: [themes.{theme}] '{written}' has no word")
    return found


def _names(theme: str, told: Any) -> dict[str, str]:
    name = told.get("name") if isinstance(told, Mapping) else None
    if not isinstance(name, Mapping) or not all(isinstance(name.get(lang), str) for lang in ("vi", "en")):
        raise CareError(f'codebook: [themes.{theme}] needs name = {{ vi = "…", en = "…" }}')
    for key in told:
        if key not in ("name", *TONES):
            raise CareError(f"codebook: [themes.{theme}] '{key}' is not known; it has name, {', '.join(TONES)}")
    return {lang: str(name[lang]) for lang in ("vi", "en")}


def _listed(lists: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: _strings(found, f"[lists] {name}") for name, found in lists.items()}


def _strings(found: Any, where: str) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise CareError(f'codebook: {where} is a list of phrases in quotes, such as ["đắt", "expensive"]')
    return found


def _told(tones: set[str]) -> str:
    """One tone for a theme: a complaint denied takes bare mentions with it."""
    if {"complaint", "praise"} <= tones:
        return "both"
    for tone in ("complaint", "praise"):
        if tone in tones:
            return tone
    return "" if "denied" in tones else "mention"
