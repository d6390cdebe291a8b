"""The kernels of one run share results: what one has computed, the next one reads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tiny import tiny_data

import carestudy as cs
from carestudy import kpi, memory
from carestudy.care import Care
from carestudy.engine import overheard
from carestudy.memory import FOLDER, Memory, recalled, spelled

PERIOD = "2026-09"


@pytest.fixture
def next_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Care]:
    """Data as each further kernel of one run loads them."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setenv("CARESTUDY_DATA", str(tiny_data(tmp_path / "data")))
    monkeypatch.setenv(FOLDER, str(folder))
    numbers = itertools.count()
    monkeypatch.setattr(memory.os, "getpid", lambda: next(numbers))

    def loaded(**options: object) -> Care:
        memory._of_run.cache_clear()
        return cs.load("$CARESTUDY_DATA", **options)

    return loaded


def test_the_next_kernel_asks_the_engine_nothing_again(next_kernel: Callable[..., Care]) -> None:
    first, second = [], []
    for results in (first, second):
        show = cs.Show(next_kernel(), period=PERIOD)
        with overheard() as queries:
            results += [kpi.nps(show.care, every="month"), cs.questions(show.care, period=PERIOD), len(queries)]
    assert first[-1] > 0
    assert second[-1] == 0
    pd.testing.assert_frame_equal(first[0], second[0])
    assert str(first[1]) == str(second[1])


def test_data_of_one_group_or_other_settings_have_results_of_their_own(next_kernel: Callable[..., Care]) -> None:
    counted = [
        kpi.nps(cs.Show(next_kernel(**options), period=PERIOD).care)["n"].tolist()
        for options in ({}, {"as_of": "2026-09-11"}, {"company": "Another"}, {})
    ]
    assert counted[0] == counted[2] == counted[3]
    assert counted[1] != counted[0]


def test_a_file_that_a_killed_kernel_left_gives_its_whole_results(tmp_path: Path) -> None:
    Memory(tmp_path, "data").keep("a", 1)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:-5])
    assert Memory(tmp_path, "data").get("a") == 1
    assert Memory(tmp_path, "other data").get("a") is None


def test_what_cannot_be_shared_stays_in_its_process(tmp_path: Path) -> None:
    results = Memory(tmp_path, "data")
    for key, value in {"function": lambda: 1, "large": "x" * memory.LARGEST_RECORD, lambda: 2: 3}.items():
        results.keep(key, value)
        assert results.get(key) is value
    again = Memory(tmp_path, "data")
    assert [again.get(key) for key in ("function", "large")] == [None, None]


def test_a_frame_that_is_changed_by_its_reader_does_not_change_the_result() -> None:
    results = Memory()
    frame = recalled(results, "key", lambda: pd.DataFrame({"n": [1]}))
    frame["n"] = 2
    assert recalled(results, "key", lambda: pd.DataFrame({"n": [3]}))["n"].tolist() == [1]


def test_keys_of_different_figures_differ() -> None:
    figures = [kpi.nps, kpi.csat, kpi.complaint_rate.of(per="customer"), kpi.complaint_rate.of(per="contact")]
    assert len({spelled(figure) for figure in figures}) == len(figures)
    assert None not in map(spelled, figures)
