"""Large Parquet in which there is nothing to mend is asked where it is; all else is copied into the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from folders import counts, folder, rows

import carestudy as cs
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.load import load, sources

CLEAN = {
    "response_id": ["R1", "R2", "R3"],
    "customer_id": ["C1", "C2", None],
    "answered_at": pd.to_datetime(["2026-10-01 08:00", "2026-10-02 09:30", "2026-10-31 23:59"]),
    "question": ["nps", "nps", "csat"],
    "score": [9, 3, 5],
    "team": ["Đội Bắc", None, "B"],
}


@pytest.fixture(autouse=True)
def every_table_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "IN_PLACE", 0)


def answers(path: Path, **columns: Sequence[Any]) -> Path:
    """A folder with one Parquet of answers."""
    path.mkdir(exist_ok=True)
    pd.DataFrame(CLEAN | columns).to_parquet(path / "responses.parquet")
    return path


def in_place(care: Care) -> bool:
    return bool(care.watched)


def test_a_company_has_the_same_figures_in_place_and_copied() -> None:
    here, copied = load("data/demo"), load("data/demo", in_memory=True)
    assert [one.source for one in here.watched] == [
        f"{name}.parquet" for name in ("customers", "transactions", "contacts", "responses", "invitations")
    ]
    assert not in_place(copied)
    assert here.counts == copied.counts
    assert here.as_of == copied.as_of
    assert {n: t.schema() for n, t in here.tables.items()} == {n: t.schema() for n, t in copied.tables.items()}
    both = [
        cs.scorecard(care, period="2026-10", by="channel", kpis=[cs.kpi.nps, cs.kpi.recontact_rate])
        for care in (here, copied)
    ]
    pd.testing.assert_frame_equal(*both)


def test_what_needs_no_mending_stays_in_its_file(tmp_path: Path) -> None:
    care = load(answers(tmp_path))
    assert in_place(care)
    assert rows(care, "responses", "response_id", "score", "team") == [
        ("R1", 9.0, "Đội Bắc"), ("R2", 3.0, None), ("R3", 5.0, "B"),
    ]  # fmt: skip
    care.refuse_if_changed()


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        ({"team": [" A", "A", "A"]}, ["A", "A", "A"]),
        ({"team": ["A", "N/A", ""]}, ["A", None, None]),
        ({"team": ["Hue\u0302\u0301", "A", "A"]}, ["Huế", "A", "A"]),
        ({"team": [1, 2, 3]}, ["1", "2", "3"]),
        ({"question": ["NPS", "nps", "csat"]}, CLEAN["team"]),
        ({"response_id": ["1.0", "2", "3"]}, CLEAN["team"]),
        ({"score": ["9", "3", "5"]}, CLEAN["team"]),
        ({"score": [9, 11, 5]}, ["Đội Bắc", "B"]),
        ({"response_id": ["R1", "R1", "R3"]}, ["Đội Bắc", "B"]),
        ({"response_id": ["R1", None, "R3"]}, ["Đội Bắc", "B"]),
    ],
)  # fmt: skip
def test_what_needs_mending_is_copied(tmp_path: Path, columns: dict[str, Any], read: list[Any]) -> None:
    care = load(answers(tmp_path, **columns))
    assert not in_place(care)
    assert rows(care, "responses", "team") == read


def test_a_number_that_is_none_is_empty_in_place_as_well(tmp_path: Path) -> None:
    care = load(answers(tmp_path, score=[9.0, float("nan"), 5.0], weight=[1.0, float("nan"), 2.0]))
    assert in_place(care)
    assert rows(care, "responses", "score", "weight") == [(9.0, 1.0), (None, None), (5.0, 2.0)]


def test_files_of_several_months_stay_where_they_are(tmp_path: Path) -> None:
    folder(tmp_path, care='[responses]\nsource = "r_*.parquet"')
    for month in (9, 10):
        frame = pd.DataFrame(CLEAN | {"response_id": [f"{month}-{n}" for n in range(3)]})
        frame.to_parquet(tmp_path / f"r_{month}.parquet")
    care = load(tmp_path)
    assert in_place(care)
    assert counts(care, "responses") == (6, 6, 0)
    assert len(set(rows(care, "responses", "response_id"))) == 6


def test_that_text_is_tidy_is_looked_at_once_and_not_with_every_question(tmp_path: Path) -> None:
    responses = load(answers(tmp_path)).table("responses")
    backend = responses.get_backend()
    ((_, plan),) = backend.con.execute(f"EXPLAIN {backend.compile(responses.score.sum().as_table())}").fetchall()
    assert "READ_PARQUET" in plan
    assert "JOIN" not in plan
    assert "normalize" not in plan


@pytest.mark.parametrize("name", ["r[1].parquet", "r?.parquet"])
def test_a_file_whose_name_could_be_a_pattern_is_copied(tmp_path: Path, name: str) -> None:
    (answers(tmp_path) / "responses.parquet").rename(tmp_path / name)
    care = load(folder(tmp_path, care=f'[responses]\nsource = "{name}"'))
    assert not in_place(care)
    assert len(rows(care, "responses", "team")) == 3


@pytest.mark.parametrize("change", ["another", "longer", "gone"])
def test_a_file_that_changes_under_a_report_is_noticed(tmp_path: Path, change: str) -> None:
    care = load(answers(tmp_path))
    if change == "gone":
        (tmp_path / "responses.parquet").unlink()
    elif change == "another":
        answers(tmp_path / "new", score=[1, 1, 1])
        (tmp_path / "new" / "responses.parquet").replace(tmp_path / "responses.parquet")
    else:
        answers(tmp_path, comment=["a", "b", "c"])
    with pytest.raises(CareError, match=r"^responses\.parquet was changed while it was read: load it again"):
        care.refuse_if_changed()


def test_in_memory_a_file_may_change_once_it_is_loaded(tmp_path: Path) -> None:
    care = load(folder(answers(tmp_path), care="in_memory = true"))
    (tmp_path / "responses.parquet").unlink()
    care.refuse_if_changed()
    assert len(rows(care, "responses", "team")) == 3


def test_no_other_file_can_be_read(tmp_path: Path) -> None:
    pd.DataFrame(CLEAN).to_parquet(tmp_path / "other.parquet")
    backend = load(answers(tmp_path)).table("responses").get_backend()
    with pytest.raises(Exception, match="Cannot access file"):
        backend.con.execute(f"FROM '{tmp_path / 'other.parquet'}'")
