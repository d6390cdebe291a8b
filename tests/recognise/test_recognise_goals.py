"""Targets whose header says percent and whose numbers are parts of 1 are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import save
from test_recognise_right_values import loaded, rows

from carestudy.recognise import propose


def goals(folder: Path, header: str, *targets: Any) -> Path:
    """A file of goals."""
    names = ("CSAT", "NPS", "CES")
    return save(folder, {"muc_tieu.csv": [["Chỉ tiêu", header], *zip(names, targets, strict=False)]})


@pytest.mark.parametrize("header", ["Mục tiêu (%)", "Target (%)", "Target percent", "Mục tiêu (phần trăm)"])
@pytest.mark.parametrize("targets", [(0.85,), (0.85, 0.9), (85, 0.9)])
def test_parts_of_one_under_a_header_of_percent_are_asked(
    tmp_path: Path, header: str, targets: tuple[Any, ...]
) -> None:
    folder = goals(tmp_path, header, *targets)
    (question,) = [one for one in propose(folder).questions() if "target" in one]
    assert "its header says percent" in question
    assert rows(loaded(folder, "target"), "goals")["target"].tolist() == list(targets)


@pytest.mark.parametrize(
    ("header", "targets"),
    [("Mục tiêu (%)", (85, 90)), ("Mục tiêu", (0.85, 0.9)), ("Target (%)", ("85%", "90%")), ("Target", (0.85,))],
)
def test_other_targets_are_no_question(tmp_path: Path, header: str, targets: tuple[Any, ...]) -> None:
    assert not [one for one in propose(goals(tmp_path, header, *targets)).questions() if "target" in one]
