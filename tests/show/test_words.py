"""Every message has both languages, and nothing is left over."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from pathlib import Path

import pytest

import carestudy
from carestudy import trends, whys
from carestudy.contract import TABLES, CareError
from carestudy.eight_questions import QUESTIONS
from carestudy.files import row_table
from carestudy.kpi import ALL
from carestudy.load import checks, exchanged, faults, mending, repeats, scores
from carestudy.measure import lasted, moment_precision, premises
from carestudy.measure.kinds import lookback
from carestudy.show import audiences, labels, rfm, survival
from carestudy.show.value import words as value_words
from carestudy.show.words import Reader, catalogue

PACKAGE = Path(carestudy.__file__).parent
SAME = {"NPS", "CSAT", "CES", "SMS", "E-mail", "Chat", "Chatbot", "Web", "n", "'Q'Q", "Notebook {name}, {hash}"}
SAME.add("{period}: {label} {value} ({cases}).")
COLUMN_LABELS = {column.label for table in TABLES.values() for column in table.registry.values()}
REASONS = (
    "is empty",
    "lies after as_of",
    checks.OUTSIDE,
    checks.OTHER_CURRENCY,
    faults.TITLE,
    faults.REPEATED,
    exchanged.REASON,
    faults.SPLIT,
    row_table.OTHER_WIDTH,
    row_table.HEADER_AGAIN,
    row_table.TOTAL,
    row_table.BELOW_TOTAL,
    row_table.ERROR_CELL,
    row_table.NOT_COMPUTED,
    repeats.AGAIN,
    repeats.AGREES,
    repeats.DIFFERS,
    checks.FAR_BEFORE,
    checks.FAR_AFTER,
    repeats.IN_PART,
    repeats.NOT_OVER,
    repeats.SAME_START,
)


def _asked_for() -> set[str]:
    """The text of every ``t("...")`` in the package."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == "t" and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return found


def _listed() -> set[str]:
    """The words that are translated by way of a list."""
    found = {*labels.COLUMNS.values(), *labels.TABLES.values(), *COLUMN_LABELS}
    found.update(word for codes in labels.CODES.values() for word in codes.values())
    found.update(REASONS, checks.READABLE.values(), (reason for *_, reason in scores.SCALES.values()))
    found.update(f"lies before {earlier}" for _, _, earlier in mending.ORDER)
    found.update(what for _, what in mending.MENDINGS.values())
    found.update(mending.EMPTY.values())
    found.update(QUESTIONS.values(), trends.CAVEATS.values(), whys.CAVEATS.values())
    found.update(
        (lasted.NONE_YET, lasted.OPEN, lasted.YOUNG, lasted.FEW, lookback.BEGINS_LATER, "calendar", "business")
    )
    found.update((moment_precision.NO_CLOCK, moment_precision.MEND, moment_precision.IN_DAYS))
    found.update(premises.SENTENCES)
    found.update(survival.YEARS.values())
    found.update(value_words.LIMITS.values())
    found.update((*rfm.NAMES.values(), *rfm.MEANINGS.values(), *audiences.WHY.values(), *audiences.STEPS.values()))
    found.update(audiences.RISKS.values())
    for kpi in ALL.values():
        found.update((kpi.label, kpi.definition))
        options = {name: str(value) for name, value in labels.card(kpi).options.items() if name not in labels.CODES}
        found.update(value for value in options.values() if not value.isdigit())
    return found


MESSAGES = sorted(_asked_for() | _listed())


def test_every_message_is_there_in_vietnamese_with_its_fields() -> None:
    def fields(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    vietnamese = catalogue("vi")
    assert [message for message in MESSAGES if message not in vietnamese] == []
    assert {
        message: vietnamese[message] for message in MESSAGES if fields(vietnamese[message]) != fields(message)
    } == {}


def test_the_catalogue_holds_nothing_that_no_one_asks_for() -> None:
    assert set(catalogue("vi")) == set(MESSAGES)


def test_only_names_and_abbreviations_are_the_same_in_both_languages() -> None:
    assert {message for message, text in catalogue("vi").items() if message == text} <= SAME


def test_vietnamese_is_composed_and_has_its_accents() -> None:
    texts = [text for text in catalogue("vi").values() if len(re.sub(r"\{.*?\}|\W", "", text)) > 15]
    assert all(unicodedata.is_normalized("NFC", text) for text in catalogue("vi").values())
    assert all(re.search(r"[À-ỹđ]", text) for text in texts)


def test_the_catalogue_says_each_message_once() -> None:
    parts = [path.read_bytes() for path in (PACKAGE / "locale" / "vi").glob("*.po")]
    lines = [
        line for part in parts for line in part.decode().splitlines() if re.match(r'msgid "(?!"$)|msgid ""$', line)
    ]
    assert len(lines) == len(set(catalogue("vi")) - COLUMN_LABELS) + len(parts)


def test_english_is_the_message_itself() -> None:
    assert Reader("en").t("{low} to {high}", low=1, high=2) == "1 to 2"


def test_braces_in_values_are_no_fields() -> None:
    assert Reader("vi").t("{label}: no data", label="{0} {x.y}") == "{0} {x.y}: không có dữ liệu"


def test_a_language_nobody_wrote_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(CareError, match="lang='fr' is not known: choose one of vi, en"):
        catalogue("fr")


def test_every_table_of_the_contract_has_a_name() -> None:
    assert set(labels.TABLES) == set(TABLES)
