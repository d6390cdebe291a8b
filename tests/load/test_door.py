"""The door as a whole: whatever comes, it is counted or refused with one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from folders import counts, folder, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy import kpi
from carestudy.contract import TABLES, CareError
from carestudy.load import load, set_aside, sources

EVENTS = {
    "transactions": pd.DataFrame({"occurred_at": ["2026-10-02 10:00", "2026-10-03 23:59"]}),
    "contacts": pd.DataFrame({"opened_at": ["2026-10-05 10:00"], "resolved_at": ["2026-11-20 10:00"]}),
}
PEOPLE = pd.DataFrame({"customer_id": ["A"], "joined_on": ["2026-10-06"], "left_on": ["2027-03-31"]})


def test_data_are_known_to_midnight_after_the_latest_event() -> None:
    assert load(EVENTS).as_of.isoformat() == "2026-10-06T00:00:00+07:00"
    assert load(EVENTS, timezone="America/New_York").as_of.isoformat() == "2026-10-06T00:00:00-04:00"


def test_that_customers_will_leave_does_not_tell_where_the_data_end() -> None:
    assert load({**EVENTS, "customers": PEOPLE}).as_of.date().isoformat() == "2026-10-07"
    assert load({"customers": PEOPLE}).as_of.date().isoformat() == "2027-04-01"


def test_rows_set_aside_do_not_tell_where_the_data_end() -> None:
    sold = pd.DataFrame({"transaction_id": ["A", "A", None], "occurred_at": ["2026-10-02", "2026-10-09", "2026-10-12"]})
    assert load({"transactions": sold}).as_of.date().isoformat() == "2026-10-03"


def test_without_any_event_there_is_a_day_all_the_same() -> None:
    assert load({"responses": pd.DataFrame({"score": [9]})}).as_of.date().isoformat() == "1970-01-02"


def test_a_silence_that_is_stated_is_taken() -> None:
    sold = pd.DataFrame({"customer_id": ["A", "A", "B"], "occurred_at": ["2026-01-01", "2026-01-31", "2026-02-05"]})
    assert load({"transactions": sold}).inactive_after == 30
    assert load({"transactions": sold}, inactive_after=90).inactive_after == 90


def test_the_front_of_the_package_is_the_door(tmp_path: Path) -> None:
    path = folder(tmp_path, responses="question,score\nnps,9\n")
    assert cs.load(str(path)).counts == load(path).counts


def test_the_order_of_rows_changes_no_figure() -> None:
    answers = pd.DataFrame(
        {"response_id": range(40), "customer_id": [n % 7 for n in range(40)], "question": "nps",
         "score": [n % 12 for n in range(40)], "team": ["A", " B", None, "B"] * 10}
    )  # fmt: skip
    figures = [kpi.nps({"responses": answers.sample(frac=1, random_state=seed)}, by="team") for seed in range(3)]
    pd.testing.assert_frame_equal(figures[0], figures[1])
    pd.testing.assert_frame_equal(figures[0], figures[2])


def test_the_same_data_have_the_same_counts_and_fingerprint(tmp_path: Path) -> None:
    path = folder(tmp_path, responses="question,score\nnps,9\nnps,11\n")
    assert load(path).counts == load(path).counts
    other = folder(tmp_path / "other", responses="question,score\nnps,9\nnps,12\n")
    assert load(path).counts[0].hash != load(other).counts[0].hash


@pytest.mark.parametrize("change", ["more", "other", "gone"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: str) -> None:
    path = folder(tmp_path, responses="question,score\nnps,9\n") / "responses.csv"
    _, raw = sources.from_folder(tmp_path, {})
    raw["responses"].refuse_if_changed()
    if change == "more":
        path.write_text(path.read_text() + "nps,3\n")
    elif change == "other":
        (tmp_path / "new").write_text(path.read_text())
        (tmp_path / "new").replace(path)
    else:
        path.unlink()
    with pytest.raises(CareError, match=r"responses\.csv was changed while it was read"):
        raw["responses"].refuse_if_changed()


def test_once_loaded_a_file_may_change(tmp_path: Path) -> None:
    path = folder(tmp_path, responses="question,score\nnps,9\n")
    care = load(path)
    folder(tmp_path, responses="question,score\nnps,0\nnps,0\n")
    assert rows(care, "responses", "score") == [9.0]
    pd.DataFrame({"question": ["nps"], "score": [9]}).to_parquet(folder(tmp_path / "p") / "responses.parquet")
    care = load(tmp_path / "p")
    (tmp_path / "p" / "responses.parquet").unlink()
    assert rows(care, "responses", "score") == [9.0]


cells = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.datetimes()
    | st.dates()
    | st.decimals()
    | st.sampled_from(
        [
            "2026-10-31",
            "9999-12-31",
            "1900-01-01",
            "12",
            "9",
            "nps",
            "csat",
            "có",
            "A",
            "NULL",
            "1.250",
            "2026-10-31T01:00:00Z",
        ]
    )
)
names = {table: [*contract.columns, "mine", "Mine ", "carestudy_x", ""] for table, contract in TABLES.items()}


@st.composite
def frames(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    made = {}
    for table in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=2, unique=True)):
        columns = draw(st.lists(st.sampled_from(names[table]), min_size=1, max_size=5, unique=True))
        height = draw(st.integers(0, 5))
        column = st.lists(cells, min_size=height, max_size=height)
        made[table] = pd.DataFrame({name: pd.Series(draw(column), dtype=object) for name in columns})
    return made


def examine(source: Any, read: dict[str, int] | None = None) -> None:
    """Every row is used or set aside, or there is one line that says why not."""
    try:
        care = load(source)
        aside = set_aside(care)
    except CareError as problem:
        assert "\n" not in str(problem)  # noqa: PT017
        return
    for count in care.counts:
        counts(care, count.table)
        used = care.table(count.table).count().to_pyarrow().as_py()
        told = care.faults[(care.faults["table"] == count.table) & care.faults["set_aside"]]["rows"].sum()
        assert (used, told, (aside["table"] == count.table).sum()) == (count.used, count.set_aside, count.set_aside)
        assert read is None or count.read == read[count.table]


MANY = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@MANY
@given(frames())
def test_any_frames_are_counted_or_refused(made: dict[str, pd.DataFrame]) -> None:
    examine(made, {name: len(frame) for name, frame in made.items()})


@MANY
@given(st.data())
def test_any_bytes_are_counted_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(TABLES)))
    header = ",".join(list(TABLES[table].columns)[:4]).encode() + b"\n"
    body = data.draw(
        st.binary(max_size=60)
        | st.text(alphabet='a1,;"\n\r\t-2026 :.đ\ufeff\u0301', max_size=60).map(str.encode)
        | st.lists(
            st.sampled_from([b"2026-10-31", b"1", b"A", b",", b",", b"\n", b'"', b"9", b"\r\n", b"nps"]), max_size=30
        ).map(b"".join)
    )
    content = data.draw(st.sampled_from([header, b"", header[:-1]])) + body
    examine(folder(tmp_path_factory.mktemp("data"), **{table: content}))


@settings(max_examples=15)
@given(st.binary(max_size=200))
def test_any_bytes_under_the_name_of_parquet_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("data")
    (path / "responses.parquet").write_bytes(b"PAR1" + content + b"PAR1")
    with pytest.raises(CareError, match=r"responses\.parquet"):
        load(path)


def test_polars_and_pandas_give_the_same_company() -> None:
    made = pd.DataFrame({"question": "nps", "score": [9, 11, 3]})
    assert load({"responses": made}).faults.equals(load({"responses": pl.from_pandas(made)}).faults)
