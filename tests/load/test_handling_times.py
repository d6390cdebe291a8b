"""Handling times as telephone systems write them: seconds, clocks and words."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import carestudy as cs

OPENED = ["2026-10-05 08:00", "2026-10-05 09:00"]
WRITTEN = [
    ["00:02:23", "00:03:10"], ["143", "190"], ["2m 23s", "3m 10s"], ["2 phút 23 giây", "3 phút 10 giây"],
    ["PT2M23S", "190"], [143, 190.0], [time(0, 2, 23), time(0, 3, 10)],
    [timedelta(seconds=143), timedelta(seconds=190)],
]  # fmt: skip


def seconds(data: Any) -> float:
    found = cs.kpi.mean_handling_time(data).iloc[0]
    assert found["n"] == 2
    return float(found["value"] * 3600)


def calls(cells: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"contact_id": ["1", "2"], "opened_at": OPENED, "handling_seconds": cells})


@pytest.mark.parametrize("cells", WRITTEN)
def test_frames(cells: list[Any]) -> None:
    assert seconds(cs.load({"contacts": calls(cells)})) == pytest.approx(166.5)


@pytest.mark.parametrize("cells", WRITTEN[:-1])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files(cells: list[Any], kind: str, tmp_path: Path) -> None:
    frame, path = calls(cells), tmp_path / f"contacts.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_excel(path, index=False)
    (tmp_path / "care.toml").write_text(f'[contacts]\nsource = "{path.name}"\n')
    assert seconds(cs.load(tmp_path)) == pytest.approx(166.5)


def test_two_numbers_with_a_colon_are_left_empty_and_counted() -> None:
    care = cs.load({"contacts": calls(["02:23", "00:03:10"])})
    found = cs.kpi.mean_handling_time(care).iloc[0]
    assert (found["n"], round(found["value"] * 3600)) == (1, 190)
