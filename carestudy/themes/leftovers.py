"""Groups the texts in which the codebook finds no theme, so that a person may name the groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.front import validated
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Count
from carestudy.measure.rows import in_periods
from carestudy.themes.codebook import Codebook, codebook
from carestudy.themes.word_forms import BARE_VIETNAMESE, BREAK, ENGLISH, language, stripped, words

LEFT = ["language", "group", "n", "words"]
LEAST, MOST, TOP, ROUNDS = 5, 8, 6, 200
LANGUAGES = ("vi", "vi0", "en", "?")


@validated
def leftovers(
    data: Care | Iterable[Any],
    *,
    period: str | None = None,
    codebook: Any = None,
    groups: Count = MOST,
    least: Count = LEAST,
) -> pd.DataFrame:
    """Texts that no theme of the codebook was found in, in groups of like words: for a person to read and to name.

    ``data`` are a company's comments of a period, or texts. Texts are sorted by language first (*vi* with accents,
    *vi0* without, *en*, *?* where their words do not tell), because groups of mixed text follow the language and not
    the theme; within a language by TF-IDF and non-negative matrix factorisation into at most ``groups``. A row for each
    group: ``n`` texts, and the ``words`` that tell it apart, each from at least ``least`` texts. Groups of fewer than
    ``least`` (and min_group of care.toml), and texts without a common word, stand together in group 0 without words.
    The same texts give the same groups, in whatever order they come. Source: Lee & Seung 1999, Nature 401:788-791.
    """
    book = codebook_of(data, codebook)
    texts = sorted(text for text in all_texts(data, period) if not book.found(text))
    least = max(least, data.settings.min_group if isinstance(data, Care) else LEAST)
    spoken: dict[str, list[str]] = {name: [] for name in LANGUAGES}
    for text in texts:
        spoken[language(text)].append(text)
    frames = [
        _grouped(name, language_texts, book, groups, least) for name, language_texts in spoken.items() if language_texts
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=LEFT).astype({"n": "int64"})


def codebook_of(data: Any, source: Any) -> Codebook:
    """The requested codebook, or else that of the company."""
    return codebook(data.settings.themes if source is None and isinstance(data, Care) else source)


def all_texts(data: Care | Iterable[Any], period: str | None) -> list[str]:
    """The comments of a company in a period, or the given texts; empty texts are left out."""
    if not isinstance(data, Care):
        return [text for text in data if isinstance(text, str) and text.strip()]
    answers = data.table("responses", "comment", "answered_at")
    answers = in_periods(answers, "responses", [known_period(data, period)] if period else [])
    written = answers.filter(engine.has_text(answers.comment)).select("comment")
    return [str(text) for text in engine.fetch(written)["comment"]]


def _grouped(name: str, texts: list[str], book: Codebook, groups: int, least: int) -> pd.DataFrame:
    """The groups of one language, the largest first; group 0 at the end holds the ungrouped texts."""
    terms, weights = _weighed([_terms(text, name, book) for text in texts], least)
    factors = _factored(weights, min(groups, len(texts) // least, len(terms)))
    if factors is None:
        return pd.DataFrame([(name, 0, len(texts), "")], columns=LEFT)
    shares, topics = factors
    best = np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), -1)
    sizes = [(int((best == topic).sum()), topic) for topic in range(len(topics))]
    large = sorted((size, topic) for size, topic in sizes if size >= least)[::-1]
    rows = [(name, number, size, _top(terms, topics[topic])) for number, (size, topic) in enumerate(large, start=1)]
    ungrouped = len(texts) - sum(size for size, _ in large)
    return pd.DataFrame([*rows, *([(name, 0, ungrouped, "")] if ungrouped else [])], columns=LEFT)


def _terms(text: str, name: str, book: Codebook) -> list[str]:
    """The content words of a text: in Vietnamese pairs of syllables, in English words and pairs of words."""
    text_words = words(text, book.short)
    text_words = text_words if name == "vi" else [stripped(word) for word in text_words]
    common = ENGLISH if name == "en" else BARE_VIETNAMESE
    telling = [word != BREAK and not word.isdigit() and stripped(word) not in common for word in text_words]
    pairs = [
        f"{text_words[number]} {text_words[number + 1]}"
        for number in range(len(text_words) - 1)
        if telling[number] and telling[number + 1]
    ]
    alone = [word for word, tells in zip(text_words, telling, strict=True) if tells and len(word) > 1]
    return [*pairs, *alone] if name == "en" or not pairs else pairs


def _weighed(texts: list[list[str]], least: int) -> tuple[list[str], Any]:
    """The terms that occur in enough texts, and the weight of each term in each text."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # heavy, and only here

    often: dict[str, int] = {}
    for text in texts:
        for term in set(text):
            often[term] = often.get(term, 0) + 1
    terms = sorted(term for term, count in often.items() if count >= least)
    if not terms:
        return [], np.zeros((len(texts), 0))
    weigh = TfidfVectorizer(analyzer=lambda text: text, vocabulary=terms, sublinear_tf=True)
    return terms, weigh.fit_transform(texts)


def _factored(weights: Any, groups: int) -> tuple[Any, Any] | None:
    """Texts by groups and groups by terms, rounded so that the last bits of a machine do not tell groups apart."""
    if groups < 1:
        return None
    from sklearn.decomposition import NMF  # heavy, and only here
    from sklearn.exceptions import ConvergenceWarning

    start = "nndsvda" if groups <= min(weights.shape) else "random"
    model = NMF(groups, init=start, random_state=0, max_iter=ROUNDS, tol=1e-3)
    # scikit-learn takes the root of a residual that rounding makes negative where groups fit the texts exactly.
    with catch_warnings(), np.errstate(invalid="ignore"):
        simplefilter("ignore", ConvergenceWarning)  # groups that a person looks at need no last digit
        shares = model.fit_transform(weights)
    return np.round(shares, 6), np.round(model.components_, 6)


def _top(terms: list[str], topic: NDArray[Any]) -> str:
    """The terms with the largest weights; a word that a listed pair contains is not repeated."""
    top_terms: list[str] = []
    for number in sorted(range(len(terms)), key=lambda number: (-topic[number], terms[number])):
        if len(top_terms) == TOP or topic[number] <= 0:
            break
        if not any(f" {terms[number]} " in f" {term} " or f" {term} " in f" {terms[number]} " for term in top_terms):
            top_terms.append(terms[number])
    return ", ".join(top_terms)
