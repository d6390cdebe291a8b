"""Which figures the data of a company allow, and what the others lack; the last word of the check hangs on it."""

from __future__ import annotations

from collections import Counter

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.kpi import ALL
from carestudy.measure.available import lack
from carestudy.quality.reads import reads

MOST_LACKS = 3
OF_FIGURES = ("nps", "csat", "ces")  # questions that figures of their own are computed from


def gaps(care: Care) -> dict[str, Missing]:
    """The figures that cannot be computed, and what each lacks; first those about a question that nobody answered."""
    return _unanswered(care) | {name: gap for name, kpi in ALL.items() if (gap := lack(care, kpi))}


def own_questions(care: Care) -> list[str]:
    """The questions of a survey that have scores and belong to no figure but the mean score."""
    if not care.has("responses", "question", "score", "answered_at"):
        return []
    table = care.tables["responses"]
    scored = table.filter(table.score.notnull() & table.question.notnull() & ~table.question.isin(OF_FIGURES))
    return sorted(engine.fetch(scored.select("question").distinct())["question"])


def lacks(care: Care, gaps: dict[str, Missing]) -> list[str]:
    """What most figures lack, as ``table`` or ``table.column``; columns of tables that are there come first."""
    counted = Counter(".".join(filter(None, (gap.table, gap.column))) for gap in gaps.values())
    order = sorted(counted, key=lambda name: (name.partition(".")[0] not in care.tables, -counted[name], name))
    return order[:MOST_LACKS]


def _unanswered(care: Care) -> dict[str, Missing]:
    """The figures about a question that no answer belongs to, and what they lack."""
    if not care.has("responses", "question"):
        return {}
    questions = care.tables["responses"].select("question").distinct().to_pyarrow()["question"].to_pylist()
    wanted = {name: [word for *at, word in words if at == ["responses", "question"]]
              for name, words in reads(care).words.items()}  # fmt: skip
    return {
        name: Missing("responses", f'question = "{words[0]}"')
        for name, words in wanted.items()
        if words and not set(words) & set(questions)
    }
