"""The codebook: the themes, their names, and the phrases that identify them."""

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
from carestudy.themes.word_forms import is_bare, language, stripped, words

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
        text_words = words(text, self.short)
        text_words = [stripped(word) for word in text_words] if plain else text_words
        # "no" is a word of Vietnamese without accents, too.
        denying = self.negation["vi"] | (frozenset() if language(text) == "vi0" else self.negation["en"])
        hits = set((self.bare if plain else self.accented).hits(text_words, denying))
        away = [hit for hit in hits if hit.phrase.tone == "not"]
        remaining = [hit for hit in hits if hit.phrase.tone != "not" and not any(map(hit.caught_by, away))]
        heard = sorted((hit for hit in remaining if not any(map(hit.yields_to, remaining))), key=self._place)
        tones: dict[str, set[str]] = {}
        for hit in heard:
            tones.setdefault(hit.phrase.theme, set()).add(self._tone(hit, text_words, denying))
        return {theme: tone for theme, theme_tones in tones.items() if (tone := _overall_tone(theme_tones))}

    def _place(self, hit: Hit) -> tuple[int, int]:
        return hit.start, list(self.names).index(hit.phrase.theme)

    def _tone(self, hit: Hit, text_words: Sequence[str], denying: frozenset[str]) -> str:
        """The tone of a phrase in its context: negated praise is a complaint, a negated complaint is none."""
        at = hit.start - 1
        while at >= 0 and text_words[at] in self.negation["between"]:
            at -= 1
        denied = at >= 0 and text_words[at] in denying
        if denied and " ".join(text_words[at : at + 2]) not in SURE:
            return {"praise": "complaint", "complaint": "denied"}.get(hit.phrase.tone, hit.phrase.tone)
        return hit.phrase.tone


def codebook(source: Codebook | Mapping[str, Any] | str | Path | None = None) -> Codebook:
    """Load a codebook: the shipped one, one from a file, or one from the parsed content of a file."""
    if source is None or (isinstance(source, Mapping) and not source):
        return shipped()
    if isinstance(source, Codebook):
        return source
    return compiled(source if isinstance(source, Mapping) else read(Path(source)))


@cache
def shipped() -> Codebook:
    """The codebook of the package."""
    return compiled(_shipped_text())


@cache
def _shipped_text() -> dict[str, Any]:
    return tomllib.loads(files("carestudy.themes").joinpath(FILE).read_text("utf-8"))


def read(path: Path) -> dict[str, Any]:
    """Parse the file of a codebook; an error names the file and not its folder."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CareError(f"{path.name} is not written in UTF-8: save it as UTF-8") from None
    except (OSError, RecursionError, tomllib.TOMLDecodeError) as problem:
        reason = "there is no such file" if isinstance(problem, FileNotFoundError) else problem
        raise CareError(f"the codebook {path.name} cannot be read: {reason}") from None


def compiled(content: Mapping[str, Any]) -> Codebook:
    """Build a codebook from the content of a file; missing tables are the shipped ones."""
    for name in content:
        if name not in TABLES:
            raise CareError(f"codebook: [{name}] is not known; it has {', '.join(TABLES)}")
    themes = content.get("themes")
    if not isinstance(themes, Mapping) or not themes:
        raise CareError('codebook: it has no theme; write [themes.price] name = { vi = "Giá", en = "Price" }')
    usual = _shipped_text() if any(name not in content for name in TABLES[1:]) else {}
    lists = _listed({**usual.get("lists", {}), **content.get("lists", {})})
    unsure = frozenset(_strings(content.get("bare", usual.get("bare", {})).get("unsure", []), "[bare] unsure"))
    accented, plain = Node(), Node()
    names = {str(theme): _names(str(theme), entry) for theme, entry in themes.items()}
    for theme, entry in themes.items():
        for tone in TONES:
            for written in _strings(entry.get(tone, []), f"[themes.{theme}] {tone}"):
                slots_of_phrase = _slots(written, str(theme), lists)
                accented.add(slots_of_phrase, Phrase(str(theme), tone))
                if not written.startswith(EXACT):
                    plain.add(bare(slots_of_phrase, unsure), Phrase(str(theme), tone))
    denying = content.get("negation", usual.get("negation", {}))
    sets = {name: _strings(denying.get(name, []), f"[negation] {name}") for name in ("vi", "en", "between")}
    negation = {name: frozenset([*phrases, *map(stripped, phrases)]) for name, phrases in sets.items()}
    return Codebook(names, accented, plain, _short(content.get("short", usual.get("short", {}))), negation)


def _short(abbreviations: Mapping[str, Any]) -> dict[str, str]:
    """The meaning of each abbreviation, both spelled as in the words of a text."""
    return {
        word: " ".join(words(full))
        for full, written in abbreviations.items()
        for short_form in _strings(written, f"[short] {full}")
        for word in words(short_form)
    }


def _slots(written: str, theme: str, lists: Mapping[str, Sequence[str]]) -> list[Slot]:
    """The slots of a phrase; an error quotes a phrase that cannot be parsed."""
    try:
        phrase_slots = slots(written.removeprefix(EXACT), lists)
    except ValueError as sign:
        raise CareError(f"codebook: [themes.{theme}] '{written}' has a '{sign}' too many") from None
    if not any(word != GAP for slot in phrase_slots for choice in slot for word in choice):
        raise CareError(f"codebook: [themes.{theme}] '{written}' has no word")
    return phrase_slots


def _names(theme: str, entry: Mapping[str, Any]) -> dict[str, str]:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if not isinstance(name, Mapping) or not all(isinstance(name.get(lang), str) for lang in ("vi", "en")):
        raise CareError(f'codebook: [themes.{theme}] needs name = {{ vi = "…", en = "…" }}')
    for key in entry:
        if key not in ("name", *TONES):
            raise CareError(f"codebook: [themes.{theme}] '{key}' is not known; it has name, {', '.join(TONES)}")
    return {lang: str(name[lang]) for lang in ("vi", "en")}


def _listed(lists: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: _strings(phrases, f"[lists] {name}") for name, phrases in lists.items()}


def _strings(phrases: object, where: str) -> list[str]:
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise CareError(f'codebook: {where} is a list of phrases in quotes, such as ["đắt", "expensive"]')
    return phrases


def _overall_tone(tones: set[str]) -> str:
    """Reduce the tones of a theme to one: a negated complaint also cancels bare mentions."""
    if {"complaint", "praise"} <= tones:
        return "both"
    for tone in ("complaint", "praise"):
        if tone in tones:
            return tone
    return "" if "denied" in tones else "mention"
