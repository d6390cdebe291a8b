"""What the codebook missed: texts without a theme, sorted into groups that a person may name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.measure import engine
from carestudy.measure.front import validated
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Count
from carestudy.measure.rows import in_periods
from carestudy.themes.codebook import Codebook, codebook
from carestudy.themes.text import BARE_VIETNAMESE, BREAK, ENGLISH, language, stripped, words

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
    book = made(data, codebook)
    texts = sorted(text for text in all_texts(data, period) if not book.found(text))
    least = max(least, data.settings.min_group if isinstance(data, Care) else LEAST)
    spoken: dict[str, list[str]] = {name: [] for name in LANGUAGES}
    for text in texts:
        spoken[language(text)].append(text)
    pieces = [_grouped(name, mine, book, groups, least) for name, mine in spoken.items() if mine]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=LEFT).astype({"n": "int64"})


def made(data: Any, given: Any) -> Codebook:
    """The codebook asked for, or else that of the company."""
    return codebook(data.settings.themes if given is None and isinstance(data, Care) else given)


def all_texts(data: Care | Iterable[Any], period: str | None) -> list[str]:
    """The comments of a company in a period, or the texts that were given; none without a word."""
    if not isinstance(data, Care):
        return [text for text in data if isinstance(text, str) and text.strip()]
    answers = data.table("responses", "comment", "answered_at")
    answers = in_periods(answers, "responses", [known_period(data, period)] if period else [])
    written = answers.filter(engine.has_text(answers.comment)).select("comment")
    return [str(text) for text in engine.fetch(written)["comment"]]


def _grouped(name: str, texts: list[str], book: Codebook, groups: int, least: int) -> pd.DataFrame:
    """The groups of one language, the largest first, and last what belongs to none."""
    terms, weights = _weighed([_terms(text, name, book) for text in texts], least)
    found = _factored(weights, min(groups, len(texts) // least, len(terms)))
    if found is None:
        return pd.DataFrame([(name, 0, len(texts), "")], columns=LEFT)
    shares, topics = found
    best = np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), -1)
    sizes = [(int((best == topic).sum()), topic) for topic in range(len(topics))]
    large = sorted((size, topic) for size, topic in sizes if size >= least)[::-1]
    rows = [(name, place, size, _top(terms, topics[topic])) for place, (size, topic) in enumerate(large, start=1)]
    rest = len(texts) - sum(size for size, _ in large)
    return pd.DataFrame([*rows, *([(name, 0, rest, "")] if rest else [])], columns=LEFT)


def _terms(text: str, name: str, book: Codebook) -> list[str]:
    """The words of a text that tell something: in Vietnamese pairs of syllables, in English words and pairs."""
    said = words(text, book.short)
    said = said if name == "vi" else [stripped(word) for word in said]
    common = ENGLISH if name == "en" else BARE_VIETNAMESE
    told = [word != BREAK and not word.isdigit() and stripped(word) not in common for word in said]
    pairs = [f"{said[place]} {said[place + 1]}" for place in range(len(said) - 1) if told[place] and told[place + 1]]
    alone = [word for word, tells in zip(said, told, strict=True) if tells and len(word) > 1]
    return [*pairs, *alone] if name == "en" or not pairs else pairs


def _weighed(texts: list[list[str]], least: int) -> tuple[list[str], Any]:
    """The terms that enough texts have, and how much each weighs in each text."""
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


def _top(terms: list[str], topic: Any) -> str:
    """The words that weigh most; a word within a pair that is told already is not told again."""
    told: list[str] = []
    for place in sorted(range(len(terms)), key=lambda place: (-topic[place], terms[place])):
        if len(told) == TOP or topic[place] <= 0:
            break
        if not any(f" {terms[place]} " in f" {one} " or f" {one} " in f" {terms[place]} " for one in told):
            told.append(terms[place])
    return ", ".join(told)
