"""Companies in the form of known tools, and of none: their columns are mapped right, and known figures come out."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import carestudy as cs
from carestudy import kpi
from carestudy.care import Care
from carestudy.load import settings
from carestudy.recognise import Proposal, propose

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent.name for path in HERE.glob("*/facts.toml"))
TOLERANCE = 1e-6
ASSIGNED = re.compile(r"\[+\w|[\w\"].* = ")


def _count(care: Care, table: str, what: Callable[[Any], Any] | None = None) -> float:
    rows = care.table(table)
    return float((rows.filter(what(rows)) if what else rows).count().to_pyarrow().as_py())


def _value(frame: Any) -> float:
    return float(frame["value"].item())


FIGURES: dict[str, Callable[[Care], float]] = {
    "customers": lambda care: _count(care, "customers"),
    "left": lambda care: _count(care, "customers", lambda rows: rows.left_on.notnull()),
    "transactions": lambda care: _count(care, "transactions"),
    "revenue": lambda care: _value(kpi.invoiced(care)),
    "mean_order": lambda care: _value(kpi.mean_transaction(care)),
    "return_rate": lambda care: _value(kpi.return_rate(care, within=0)),
    "buyers": lambda care: _value(kpi.active_customers(care)),
    "contacts": lambda care: _count(care, "contacts"),
    "complaints": lambda care: _count(care, "contacts", lambda rows: rows.kind == "complaint"),
    "resolved": lambda care: _count(care, "contacts", lambda rows: rows.resolved_at.notnull()),
    "answered": lambda care: _count(care, "contacts", lambda rows: rows.answered),
    "solved": lambda care: _count(care, "contacts", lambda rows: rows.resolved),
    "reopened": lambda care: _count(care, "contacts", lambda rows: rows.reopened),
    "first_reply_minutes": lambda care: 60 * _value(kpi.first_response_time(care)),
    "hour_of_first": lambda care: float(care.table("contacts").opened_at.min().hour().to_pyarrow().as_py()),
    "agents": lambda care: _agents(care),
    "responses": lambda care: _count(care, "responses", lambda rows: rows.score.notnull()),
    "csat": lambda care: _value(kpi.csat(care)),
    "nps": lambda care: _value(kpi.nps(care)),
    "ces": lambda care: _value(kpi.ces(care)),
}


def _agents(care: Care) -> float:
    table = next(care.tables[name] for name in ("contacts", "customers") if name in care.tables)
    column = "agent" if "agent" in table.columns else "owner"
    return float(table[column].nunique().to_pyarrow().as_py())


@dataclass(frozen=True)
class Outcome:
    """What init proposed for a company, and which of its facts came out, were refused or asked, or came out wrong."""

    proposal: Proposal | None  # none where init refused the folder
    expected: Mapping[str, Any]
    right: tuple[str, ...]
    open: tuple[str, ...]
    wrong: tuple[str, ...]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    @cache
    def tried(name: str) -> Outcome:
        folder = tmp_path_factory.mktemp("exports") / name
        said = tomllib.loads((HERE / name / "facts.toml").read_text("utf-8"))
        shutil.copytree(HERE / name, folder, ignore=shutil.ignore_patterns("facts.toml"))
        try:
            proposal = propose(folder, company="Mẫu", currency=said.get("currency"))
        except cs.CareError:
            return Outcome(None, said["columns"], (), tuple(said["facts"]), ())
        (folder / "care.toml").write_text(_answered(proposal.toml(), said.get("answers", ())), "utf-8")
        return _tried(folder, proposal, said)

    return tried


def _answered(toml: str, answers: Sequence[str]) -> str:
    """A proposal with its questions answered: the lines that begin with an answer are what is right.

    The answer "*" says that every line that waits is right, such as those of a further file of a table.
    """
    lines = [line.removeprefix("# ? ") if _is_answer(line, answers) else line for line in toml.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("# ?"))


def _is_answer(line: str, answers: Sequence[str]) -> bool:
    said = line.removeprefix("# ? ")
    return said != line and (said.startswith(tuple(answers)) or ("*" in answers and bool(ASSIGNED.match(said))))


def _tried(folder: Path, proposal: Proposal, said: Mapping[str, Any]) -> Outcome:
    right, unsettled, wrong = [], [], []
    try:
        care = cs.load(folder)
    except cs.CareError:
        return Outcome(proposal, said["columns"], (), tuple(said["facts"]), ())
    for name, true in said["facts"].items():
        try:
            found = FIGURES[name](care)
        except (cs.CareError, AttributeError):
            unsettled.append(name)
            continue
        if found == pytest.approx(true, rel=TOLERANCE):
            right.append(name)
        else:
            (unsettled if proposal.questions() else wrong).append(f"{name}: {found} for {true}")
    return Outcome(proposal, said["columns"], tuple(right), tuple(unsettled), tuple(wrong))


def _mapping(proposal: Proposal | None) -> dict[tuple[str, str], tuple[Any, str]]:
    """What is proposed for each column, and how sure it is."""
    if proposal is None:
        return {}
    found = {
        (table, name): (one.column.name if one.entry is None else one.entry, one.sure)
        for table, match in proposal.matches.items() for name, one in match.columns.items()
    }  # fmt: skip
    asked = {(table, f"? {one.name}"): (one.column.name, one.sure)
             for table, match in proposal.matches.items() for one in match.questions}  # fmt: skip
    return found | asked


def _expected(outcome: Outcome) -> dict[tuple[str, str], Any]:
    return {(table, name): one for table, columns in outcome.expected.items() for name, one in columns.items()}


def test_there_are_folders_of_every_tool_and_of_no_tool() -> None:
    from carestudy.recognise import known_tools

    said = [tomllib.loads((HERE / name / "facts.toml").read_text("utf-8")).get("tool") for name in FOLDERS]
    assert set(said) - {None} == {form.tool for form in known_tools.forms()}
    assert said.count(None) >= 7


@pytest.mark.parametrize("name", FOLDERS)
def test_what_init_proposes_can_be_read(name: str, outcome: Callable[[str], Outcome]) -> None:
    proposal = outcome(name).proposal
    assert proposal is None or settings.interpret(tomllib.loads(proposal.toml())).settings.company == "Mẫu"


@pytest.mark.parametrize("name", FOLDERS)
def test_no_wrong_column_is_called_sure(name: str, outcome: Callable[[str], Outcome]) -> None:
    expected = _expected(outcome(name))
    wrong = {
        key: one
        for key, (one, sure) in _mapping(outcome(name).proposal).items()
        if sure == "sure" and expected.get(key) != one
    }
    assert not wrong


@pytest.mark.parametrize("name", FOLDERS)
def test_no_figure_is_wrong_without_a_question(name: str, outcome: Callable[[str], Outcome]) -> None:
    assert not outcome(name).wrong


def _pending(name: str) -> Any:
    reason = tomllib.loads((HERE / name / "facts.toml").read_text("utf-8")).get("not_yet")
    return pytest.param(name, marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else [])


@pytest.mark.parametrize("name", [_pending(name) for name in FOLDERS])
def test_every_column_and_every_fact_comes_out(name: str, outcome: Callable[[str], Outcome]) -> None:
    found, expected = _mapping(outcome(name).proposal), _expected(outcome(name))
    settled = {key: one for key, (one, sure) in found.items() if sure != "guess" or key in expected}
    assert settled == expected
    assert not outcome(name).open
    assert not outcome(name).wrong


def test_nearly_all_columns_and_facts_come_out(outcome: Callable[[str], Outcome]) -> None:
    tried = [outcome(name) for name in FOLDERS]
    columns = [key for one in tried for key in {*_mapping(one.proposal), *_expected(one)}]
    mapped = [
        key for one in tried for key, (said, _) in _mapping(one.proposal).items() if _expected(one).get(key) == said
    ]
    right, facts = sum(len(one.right) for one in tried), sum(len(one.right + one.open + one.wrong) for one in tried)
    print(f"{len(tried)} companies: {len(mapped)} of {len(columns)} columns, {right} of {facts} facts")
    assert len(mapped) >= 0.95 * len(columns)
    assert right >= 0.95 * facts


def test_the_committed_files_are_what_their_makers_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    import make_exports as make

    for name in make.COMPANIES:
        made = make.invented(name)
        make.write(tmp_path / name, made)
        for file in [*made.files, "facts.toml"]:
            assert (HERE / name / file).read_bytes() == (tmp_path / name / file).read_bytes(), f"{name}/{file}"
