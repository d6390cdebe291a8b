"""What is asked of the columns of a table, all of it in one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.measure.rows import OURS
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

MOST_WORDS = 5
KNOWN = {"kind": ("question", "complaint", "request", "praise", "exit_interview"), "question": ("nps", "csat", "ces")}
INSTEAD = {"returned": "refunded"}  # where the second has values, figures read it and the first may be empty
KEPT_ELSEWHERE = {"customer_id": ("customers", "customer_id"), "agent": ("staff", "agent"), "owner": ("staff", "agent")}
# A scale of 0 to 10 whose answers never pass 5, and what it takes for all of them to be good.
SCALES = {"nps": (5, 9), "csat": (3, 4)}


@dataclass(frozen=True)
class Look:
    """One table, and what is known of who reads it."""

    care: Care
    name: str
    table: Any
    reads: Reads

    def there(self, columns: tuple[str, ...]) -> list[str]:
        """Those of the columns that the table has as text."""
        return [column for column in columns if column in self.table.columns and self.table[column].type().is_string()]


@dataclass(frozen=True)
class Measure:
    """A finding whose numbers are still expressions."""

    column: str
    check: str
    rows: Any
    of: Any
    figures: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def found_in(care: Care, name: str, reads: Reads) -> list[Finding]:
    """What one query tells of the columns of a table."""
    look = Look(care, name, _with_strangers(care, name), reads)
    measures = [measure for check in CHECKS for measure in check(look)]
    if not measures:
        return []
    counts = {
        f"{side}_{n}": getattr(asked_measure, side)
        for n, asked_measure in enumerate(measures)
        for side in ("rows", "of")
    }
    answers = engine.answer(look.table.aggregate(**counts)).to_pylist()[0]
    findings = []
    for n, asked_measure in enumerate(measures):
        rows, of = answers[f"rows_{n}"] or 0, answers[f"of_{n}"]
        findings.append(
            _quoted(
                look,
                Finding(
                    name,
                    asked_measure.column,
                    asked_measure.check,
                    rows,
                    of,
                    asked_measure.figures,
                    words=asked_measure.words,
                ),
            )
        )
    return findings


def _with_strangers(care: Care, name: str) -> Any:
    """The table with a mark on every customer and agent of whom another table should know."""
    table, marks = care.tables[name], {}
    for column, (keeper, key) in KEPT_ELSEWHERE.items():
        if keeper != name and care.has(keeper, key) and column in table.columns:
            marks[f"{OURS}known_{column}"] = table[column].isin(care.tables[keeper][key])
    return table.mutate(**marks)


def _coverage(look: Look) -> Iterator[Measure]:
    contract, all_rows = TABLES[look.name], look.table.count()
    for column, facts in contract.registry.items():
        readers = look.reads.column(look.name, column)
        if column not in look.table.columns or column in (contract.key, contract.time):
            continue
        value = look.table[column]
        if column == "joined_on" and readers:
            yield Measure(column, "in no base", value.count(), all_rows, readers)
        elif facts.telling and readers:
            stated = _said(value) if facts.type == "flag" else value.count()
            instead = INSTEAD.get(column)
            if instead in look.table.columns:
                stated = (look.table[instead].count() > 0).ifelse(all_rows, stated)
            yield Measure(column, "never", stated, all_rows, readers)
        elif readers:
            yield Measure(column, "coverage", value.count(), all_rows, readers)
        elif facts.group:
            yield Measure(column, "grouping", value.count(), all_rows, look.reads.touched(look.name, column))


def _said(flag: Any) -> Any:
    """How many cells of a flag say yes or no; none where none says yes, which figures cannot tell from unrecorded."""
    return flag.any().ifelse(flag.count(), 0)


def _strangers(look: Look) -> Iterator[Measure]:
    """Strangers are in no customer base that is made from the customer table; else only groups lack them."""
    for column in KEPT_ELSEWHERE:
        mark = f"{OURS}known_{column}"
        if mark in look.table.columns:
            unknown = look.table.count(where=~look.table[mark])
            base = look.reads.column("customers", "joined_on") if column == "customer_id" else ()
            check = "orphan" if base else "ungrouped"
            figures = tuple(dict.fromkeys([*base, *look.reads.table(look.name)]))
            yield Measure(column, check, unknown, look.table[column].count(), figures)


def _words(look: Look) -> Iterator[Measure]:
    for column in look.there(tuple(KNOWN)):
        sought = look.reads.sought(look.name, column)
        if sought:
            value, readers = look.table[column], look.reads.column(look.name, column)
            strange = ~value.isin({*sought, *KNOWN[column]})
            yield Measure(column, "word", look.table.count(where=value.isin(sought)), value.count(), readers, sought)
            check = "unknown question" if column == "question" else "unknown word"
            yield Measure(column, check, look.table.count(where=strange), value.count(), readers)


def _scales(look: Look) -> Iterator[Measure]:
    if look.name != "responses" or not look.care.has("responses", "question", "score"):
        return
    for word, (middle, good) in SCALES.items():
        readers = look.reads.word("responses", "question", word)
        score = (look.table.question == word).ifelse(look.table.score, None)
        yield Measure("score", "scale", look.table.count(where=score > middle), score.count(), readers, (word,))
        yield Measure("score", "only good", look.table.count(where=score < good), score.count(), readers, (word,))
    readers = look.reads.word("responses", "question", "ces")
    score = (look.table.question == "ces").ifelse(look.table.score, None)
    if look.care.ces_scale == 5:
        yield Measure("score", "five points", score.count(), score.count(), readers)
    elif look.care.settings.ces_scale is None:
        yield Measure("score", "open scale", (score.max() <= 5).ifelse(score.count(), 0), score.count(), readers)


def _keys(look: Look) -> Iterator[Measure]:
    key = TABLES[look.name].key
    if key and look.there((key,)):
        value, readers = look.table[key], look.reads.table(look.name)
        yield Measure(key, "no key", look.table.count(where=value.startswith("row ")), value.count(), readers)


CHECKS = (_coverage, _strangers, _words, _scales, _keys)


def _quoted(look: Look, finding: Finding) -> Finding:
    """The finding with the words it is about, if they are a few short names and no free text."""
    if finding.check not in ("unknown word", "unknown question") or finding.level == "fine":
        return finding
    value, known = look.table[finding.column], KNOWN.get(finding.column, ())
    strange = (
        look.table.filter(value.notnull() & ~value.isin(known))
        .group_by(word=value)
        .aggregate(rows=lambda rows: rows.count())
    )
    words = engine.fetch(strange.order_by("word").limit(MOST_WORDS + 1), ("rows",)).to_dict("records")
    shown = (_of_all(row["word"], row["rows"]) for row in words)
    can_be_shown = len(words) <= MOST_WORDS and all(shown)
    return replace(finding, words=tuple(row["word"] for row in words) if can_be_shown else ())


def _of_all(word: str, rows: int) -> bool:
    """Whether a word names a kind of thing: short, used more than once, and not written like a person's name."""
    capitals = sum(name_part[:1].isupper() for name_part in word.split())
    return rows > 1 and capitals < 2 and len(word) <= 24 and not any(sign.isdigit() or sign == "@" for sign in word)
