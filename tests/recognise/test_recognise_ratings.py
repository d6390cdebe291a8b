"""Ratings beside contacts are answers; contacts that nobody rated are no excluded rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import moment, pick, save, table
from test_recognise_right_values import loaded

import carestudy as cs
from carestudy import kpi
from carestudy.recognise import propose


def desk(folder: Path, rating: str, *, ended: bool = True, **more: Any) -> Path:
    """Tickets of which three of four are rated from 1 to 5, and these have ended."""
    columns: dict[str, Any] = {
        "Ticket ID": lambda n: f"T{n:04d}", "Customer ID": lambda n: f"C{n % 20}",
        "Channel": lambda n: pick(n, "Email", "Phone"),
        "Created at": lambda n: moment(n, "%Y-%m-%d %H:%M"),
    }  # fmt: skip
    if ended:
        columns["Resolved at"] = lambda n: moment(n + 1, "%Y-%m-%d %H:%M") if n % 4 else ""
    score = {rating: lambda n: n % 5 + 1 if n % 4 else ""}
    return save(folder, {"tickets.csv": table({**columns, **score, **more})})


SCORES = [n % 5 + 1 for n in range(60) if n % 4]


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("rating", ["CSAT", "Customer Satisfaction Rating", "CSAT score", "Điểm CSAT"])
def test_a_rating_that_is_called_so_is_an_answer_at_once(tmp_path: Path, rating: str, *, ended: bool) -> None:
    care = loaded(desk(tmp_path, rating, ended=ended))
    assert {count.table: count.set_aside for count in care.counts} == {"contacts": 0, "responses": 0}
    found = kpi.mean_score(care, question="csat")
    assert found["value"].tolist() == pytest.approx([sum(SCORES) / len(SCORES)])
    assert kpi.csat(care, by="channel")["n"].sum() == len(SCORES)


@pytest.mark.parametrize("rating", ["Rating (1-5)", "Đánh giá sao", "Stars"])
def test_another_rating_is_asked_with_all_that_it_needs(tmp_path: Path, rating: str) -> None:
    folder = desk(tmp_path, rating)
    proposal = propose(folder)
    assert [one for one in proposal.questions() if f"is '{rating}' what customers gave" in one]
    assert "responses" not in {count.table for count in loaded(folder).counts}
    written = proposal.toml()
    section = written[written.index("# ? [responses]") :]
    answered = written.replace(section, "\n".join(line.removeprefix("# ? ") for line in section.splitlines()))
    (folder / "care.toml").write_text(answered, encoding="utf-8")
    assert kpi.mean_score(cs.load(folder), question="csat")["n"].tolist() == [len(SCORES)]


def test_requests_of_jira_that_nobody_rated_are_no_excluded_rows(tmp_path: Path) -> None:
    form = "%d/%b/%y %I:%M %p"
    requests = table({
        "Issue key": lambda n: f"HD-{n}", "Issue Type": "Question", "Created": lambda n: moment(n, form),
        "Reporter": lambda n: f"user{n % 9}", "Summary": "Hỏi", "Status": "Done",
        "Resolved": lambda n: moment(n + 1, form) if n % 4 else "",
        "Satisfaction rating": lambda n: n % 5 + 1 if n % 4 else "",
        "Custom field (Satisfaction date)": lambda n: moment(n + 1, form) if n % 4 else "",
    })  # fmt: skip
    counts = {count.table: count for count in loaded(save(tmp_path, {"jira.csv": requests})).counts}
    assert (counts["responses"].read, counts["responses"].used, counts["responses"].set_aside) == (45, 45, 0)
    assert counts["contacts"].used == 60


def test_an_answer_whose_score_cannot_be_read_is_still_counted_as_excluded(tmp_path: Path) -> None:
    folder = desk(tmp_path, "CSAT")
    text = (folder / "tickets.csv").read_text(encoding="utf-8")
    (folder / "tickets.csv").write_text(text.replace(",5\n", ",five\n", 1), encoding="utf-8")
    counts = {count.table: count for count in loaded(folder).counts}
    assert (counts["responses"].read, counts["responses"].set_aside) == (len(SCORES), 1)
