"""One word for one thing: no message and no notebook says what the glossary rules out, in either language."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import carestudy
from carestudy.show.words import catalogue

PACKAGE = Path(carestudy.__file__).parent
TERMS = tomllib.loads((PACKAGE / "locale" / "glossary.toml").read_text("utf-8"))["term"]
NOTEBOOKS = sorted((PACKAGE.parent / "notebooks").glob("*.ipynb"))


def _ruled_out(lang: str) -> list[str]:
    return [word for term in TERMS for word in term.get(f"not_{lang}", ())]


def _messages(lang: str) -> list[str]:
    vietnamese = catalogue("vi")
    return list(vietnamese.values() if lang == "vi" else vietnamese)


def _prose(notebook: Path, lang: str) -> str:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if f"lang-{lang}" in cell["metadata"].get("tags", []))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_message_says_what_the_glossary_rules_out(lang: str) -> None:
    said = [(word, text) for text in _messages(lang) for word in _ruled_out(lang) if word in text.lower()]
    assert said == []


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_says_what_the_glossary_rules_out(notebook: Path, lang: str) -> None:
    prose = _prose(notebook, lang).lower()
    assert prose
    assert [word for word in _ruled_out(lang) if word in prose] == []


def test_every_term_has_one_word_in_each_language() -> None:
    for lang in ("en", "vi"):
        words = [term[lang] for term in TERMS]
        assert len(set(words)) == len(words)
        assert not [word for word in words for other in _ruled_out(lang) if other in word]


def test_each_ruled_out_word_would_be_found() -> None:
    """A word with a capital letter could never be found, as text is compared in small letters."""
    assert [word for lang in ("en", "vi") for word in _ruled_out(lang) if word != word.lower()] == []
