"""What a header means: the things it speaks of, in whichever words, and how well that fits the contract's columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

from carestudy.contract import TABLES
from carestudy.recognise import zones

OWN = "own"
# Words that say what kind of thing a column holds, but not of what: alone they fit only where nothing else is said.
ROLES = frozenset({"id", "when", "name", "kind", "status", "count", "by", "amount"})
TONES = "\u0300\u0301\u0303\u0309\u0323"
BRACKETS = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})\s*[*:?.]*\s*$")
EXACT = 1.05
MONEY = {"amount", "due", "subtotal", "price"}
SALES = {"sale", "sales", "turnover", "doanh"}
# Units in which sums are shortened; k/h is a customer.
UNITS = re.compile(
    r"triệu|trieu|nghìn|nghin|million|thousand|billion|"
    r"(?<![^\W_])(tr|tr\.?\s?đ|ngàn|tỷ|tỉ|ty (?=dong|vnd)|'?000s?|k|mn|mio|bn(?=\)|\s?(vnd|usd|đ)))(?![^\W_]|/)"
)
SHORT = re.compile("ma|id|so|[bcdghknpqstv]{2}")


@dataclass(frozen=True)
class Meaning:
    """The things a header speaks of, and how many of its words are not known."""

    things: frozenset[str]
    unknown: int = 0


@dataclass(frozen=True)
class _Token:
    """A word without marks, and with its tone at the end, so that hóa and hoá are one."""

    plain: str
    marked: str

    def fits(self, written: _Token) -> bool:
        """Whether a word of a header may be this word of the dictionary: marks may be left out, but not differ."""
        return self.plain == written.plain and written.marked in (self.marked, written.plain)


Vocabulary = dict[tuple[str, ...], list[tuple[str, tuple[_Token, ...]]]]


@cache
def dictionary() -> Mapping[str, Any]:
    """The words of both languages, as they stand in words.toml."""
    return tomllib.loads(files("carestudy.recognise").joinpath("words.toml").read_text("utf-8"))


def tokens(text: str) -> list[_Token]:
    """The words of a header or a value, split at capitals, digits and signs."""
    text = normalize("NFKC", normalize("NFC", text)).replace("Ð", "Đ").replace("ð", "đ")
    text = re.sub(r"\b(\w)/(\w)\b", r"\1\2", text)
    return [_token(word) for word in re.findall(r"[^\W\d_]+|\d+", _parted(text).lower())]


def folded(text: str) -> str:
    """Words in small letters without marks: what slugs and comparisons are made of.

    >>> folded("Mã  KH"), folded("NgayGD"), folded("T/g tạo")
    ('ma kh', 'ngay gd', 'tg tao')
    """
    return " ".join(token.plain for token in tokens(text))


@cache
def meaning(header: str) -> Meaning:
    """What a header speaks of; units in brackets at its end say nothing of that.

    >>> sorted(meaning("Mã KH").things), sorted(meaning("cust_no").things)
    (['customer', 'id'], ['customer', 'id'])
    """
    header = zones.without(header)
    bare = BRACKETS.sub("", header)
    return _read(tokens(bare) or tokens(header), _vocabulary())


def _read(words: list[_Token], vocabulary: Vocabulary) -> Meaning:
    things: set[str] = set()
    unknown = position = 0
    while position < len(words):
        thing, length = _longest(words[position:], vocabulary)
        if thing is None:
            glued = _glued(words[position].plain)
            things |= glued
            unknown += not glued
        elif thing != "noise":
            things.add(thing)
        position += length
    return Meaning(frozenset(things), unknown)


@cache
def fits(header: str) -> Mapping[tuple[str, str], float]:
    """How well a header fits each column of the contract, and each thing that the contract does not have (``own``)."""
    said, called = meaning(header), folded(header).replace(" ", "_")
    found = {}
    for table, columns in _phrases().items():
        for column, phrases in columns.items():
            best = max((_strength(said, phrase, number) for number, phrase in enumerate(phrases)), default=0.0)
            if table in TABLES and called == column:
                best = EXACT
            if best > 0:
                found[table, column] = best
    below = header.rpartition(" / ")[2]
    if below != header:  # the lower of two rows may say all: Đơn hàng / Tổng tiền
        found = {key: max(found.get(key, 0.0), 0.9 * fits(below).get(key, 0.0)) for key in {**fits(below), **found}}
    return found


def barred(header: str, column: str) -> bool:
    """Whether a header speaks of something that a column of the contract never is: an age is no id.

    >>> barred("Customer Age", "customer_id"), barred("Customer No.", "customer_id")
    (True, False)
    """
    return bool(meaning(header).things & set(dictionary()["never"].get(column, ())))


def of_money(header: str) -> bool:
    """Whether a header has a word for money, or for sales.

    >>> of_money("Thành tiền"), of_money("Sales"), of_money("Invoice"), of_money("Freight")
    (True, True, False, False)
    """
    return bool(meaning(header).things & MONEY or SALES & set(folded(header).split()))


def unit(header: str) -> str | None:
    """The unit of thousands or more in which a header says that its amounts are written.

    >>> unit("Doanh thu (triệu đồng)"), unit("Giá trị K/H")
    ('triệu', None)
    """
    match = UNITS.search(normalize("NFC", header).lower())
    return match[0].strip() if match else None


def nothings() -> frozenset[str]:
    """Ways of writing nothing, in small letters."""
    return frozenset(dictionary()["nothing"]["words"])


def table_named(name: str) -> dict[str, float]:
    """Of which tables the name of a file or sheet speaks."""
    things_of_name = meaning(name).things
    tables = {}
    for table, phrases in dictionary()["files"].items():
        wanted = [meaning(phrase).things for phrase in phrases]
        words = {folded(phrase) for phrase in phrases}
        if any(things and things <= things_of_name for things in wanted) or any(
            f" {w} " in f" {folded(name)} " for w in words
        ):
            tables[table] = 1.0
    return tables


def _parted(text: str) -> str:
    """Words that are told apart by capitals, with a space between: NgayGD, HTMLPage."""
    parted = ""
    for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        starts = before.islower() or (before.isupper() and after.islower())
        parted += f" {letter}" if letter.isupper() and starts else letter
    return parted


def _strength(header_meaning: Meaning, phrase: frozenset[str], number: int) -> float:
    if not phrase or not phrase <= header_meaning.things:
        return 0.0
    left = header_meaning.things - phrase
    # What has an id, a date or a name of its own is that, and not the thing itself; who cares says little.
    penalty = sum(2.0 if thing in ROLES else 0.4 if thing == "care" else 1.0 for thing in left)
    if len(phrase) > 1:
        missed = 0.25 * penalty + 0.12 * min(header_meaning.unknown, 4)
    elif phrase <= ROLES:
        missed = 0.5 * penalty + 0.35 * header_meaning.unknown
    else:
        missed = 0.3 * penalty + 0.2 * min(header_meaning.unknown, 1) + 0.1 * max(header_meaning.unknown - 1, 0)
    return max(0.0, 1 - missed - 0.003 * number)


def _token(word: str) -> _Token:
    letters = normalize("NFD", word.replace("đ", "d\u0335"))
    tone = "".join(letter for letter in letters if letter in TONES)
    bare = "".join(letter for letter in letters if not combining(letter))
    marked = "".join(letter for letter in letters if letter not in TONES) + tone
    return _Token(bare, marked)


@cache
def _dictionary() -> Vocabulary:
    """Every word or phrase of words.toml without marks, with what it means and how it is written with them."""
    vocabulary: Vocabulary = {}
    lists = {**dictionary()["same"], "noise": dictionary()["noise"]["words"]}
    for thing, phrases in lists.items():
        for phrase in phrases:
            words = tuple(tokens(phrase))
            vocabulary.setdefault(tuple(word.plain for word in words), []).append((thing, words))
    return vocabulary


@cache
def _vocabulary() -> Vocabulary:
    """The dictionary, and the headers of the contract that it cannot read, each of which means itself."""
    vocabulary = dict(_dictionary())
    headers = [header for columns in _headers().values() for phrases in columns.values() for header in phrases]
    for header in dict.fromkeys(headers):
        words = tuple(tokens(header))
        if _read(list(words), _dictionary()).unknown:
            vocabulary[tuple(word.plain for word in words)] = [(header, words)]
    return vocabulary


def _longest(words: list[_Token], vocabulary: Vocabulary) -> tuple[str | None, int]:
    """What the first words mean, taking as many together as are known, and how many these are."""
    for length in range(min(5, len(words)), 0, -1):
        head = words[:length]
        entries = _entries(head, vocabulary)
        for thing, written in entries:
            if all(known_word.fits(header_word) for known_word, header_word in zip(written, head, strict=True)):
                return thing, length
        # Half of the marks are missing or wrong: phrases are known all the same.
        if entries and length > 1:
            return entries[0][0], length
    return None, 1


def _entries(words: Iterable[_Token], vocabulary: Vocabulary) -> list[tuple[str, tuple[_Token, ...]]]:
    plain = tuple(word.plain for word in words)
    entries = vocabulary.get(plain, [])
    if not entries and len(plain[-1]) > 3 and plain[-1].endswith("s"):
        return [(thing, tuple(words)) for thing, _ in vocabulary.get((*plain[:-1], plain[-1][:-1]), [])]
    # A word that stands there as in the dictionary, marks and all, comes before one that lost its marks.
    exact = [entry for entry in entries if [w.marked for w in entry[1]] == [w.marked for w in words]]
    return exact + [entry for entry in entries if entry not in exact]


@cache
def _runs() -> dict[str, str]:
    """Known words without spaces; any word holds some of two letters, so of these only few count."""
    runs = {"".join(plain): entries[0][0] for plain, entries in _dictionary().items()}
    return {run: thing for run, thing in runs.items() if thing != "noise" and (len(run) > 2 or SHORT.fullmatch(run))}


@cache
def _glued(word: str) -> frozenset[str]:
    """What a word means that is several known words written as one: sodienthoai, customerid, makh."""
    ways: list[tuple[int, frozenset[str]] | None] = [(0, frozenset())] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            before, thing = ways[start], _runs().get(word[start:end])
            if before is not None and thing is not None:
                reading = (before[0] + 1, before[1] | {thing})
                ways[end] = min(filter(None, (ways[end], reading)), key=lambda candidate: candidate[0])
    return ways[-1][1] if ways[-1] else frozenset()


@cache
def _phrases() -> dict[str, dict[str, list[frozenset[str]]]]:
    return {
        table: {column: [_things(phrase) for phrase in phrases] for column, phrases in headers.items()}
        for table, headers in {**_headers(), OWN: dictionary()[OWN]}.items()
    }


def _headers() -> dict[str, dict[str, tuple[str, ...]]]:
    """What exports call the columns of the contract, by table and column."""
    return {name: {column: facts.headers for column, facts in table.registry.items()} for name, table in TABLES.items()}


def _things(phrase: str) -> frozenset[str]:
    """What a phrase of the dictionary speaks of; the name of a thing is itself."""
    return meaning(phrase).things or frozenset({phrase})
