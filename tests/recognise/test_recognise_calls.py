"""Calls and chats: waiting becomes the first reply of those picked up, talking the handling time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import moment, pick, save, table
from test_recognise_right_values import loaded, rows

from carestudy import kpi
from carestudy.recognise import propose
from carestudy.show import Show

MISSED = 5  # every fifth call


def is_missed(number: int) -> bool:
    """Whether nobody picked up."""
    return number % MISSED == 0


def wait(number: int) -> int:
    """Seconds until somebody picked up, or the customer gave up."""
    return 5 + number % 20


def talk(number: int) -> int:
    """Seconds of talk."""
    return 0 if is_missed(number) else 60 + number


def spoken(seconds: int) -> str:
    """A length as 00:02:23."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


# What a call log calls its columns: the id, the beginning, the status, and its words for picked up and missed.
LOGS: dict[str, tuple[str, str, str, str, str]] = {
    "cuoc_goi.csv": ("Mã cuộc gọi", "Thời điểm gọi", "Trạng thái", "Nghe máy", "Gọi nhỡ"),
    "lich_su_tong_dai.csv": ("ID cuộc gọi", "Thời gian bắt đầu", "Kết quả", "Thành công", "Khách dập máy"),
    "calls.csv": ("Call ID", "Start time", "Status", "Answered", "Abandoned"),
    "cdr.csv": ("Call ID", "Started at", "Disposition", "ANSWERED", "NO ANSWER"),
    "chats.csv": ("Chat ID", "Started at", "Status", "Picked up", "Missed"),
}
WAITS = ["Thời gian chờ (giây)", "Wait time (sec)", "Waiting time (seconds)", "Queue time (s)", "Ring duration (sec)"]
TALKS = ["Thời lượng (giây)", "Talk time (sec)", "Thời gian đàm thoại (giây)", "Call duration (seconds)", "Billsec"]


def log(folder: Path, name: str, columns: dict[str, Any]) -> Path:
    """A log of sixty calls with further columns."""
    key, begin, status, answered, missed = LOGS[name]
    cells = {
        key: lambda n: f"G{n:04d}", begin: lambda n: moment(n, "%Y-%m-%d %H:%M:%S"),
        status: lambda n: missed if is_missed(n) else answered, "Agent": lambda n: pick(n, "an", "binh"),
    }  # fmt: skip
    return save(folder, {name: table({**cells, **columns})})


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("header", WAITS[:2])
def test_waiting_is_the_first_reply_of_those_that_were_picked_up(tmp_path: Path, name: str, header: str) -> None:
    folder = log(tmp_path, name, {header: wait, "Talk time (sec)": talk})
    assert not [one for one in propose(folder).questions() if "first_reply" in one or "handling" in one]
    found = rows(loaded(folder), "contacts").sort_values("contact_id").reset_index(drop=True)
    gaps = (found["first_reply_at"] - found["opened_at"]).dt.total_seconds()
    assert gaps.isna().tolist() == [is_missed(n) for n in range(60)]
    assert gaps.dropna().tolist() == [wait(n) for n in range(60) if not is_missed(n)]


@pytest.mark.parametrize("header", WAITS)
def test_headers_of_waiting(tmp_path: Path, header: str) -> None:
    found = propose(log(tmp_path, "calls.csv", {header: wait})).matches["contacts"].columns["first_reply_at"]
    assert (found.column.name, found.entry["unit"], found.entry["where"], found.ask) == (
        header, "seconds", {"Status": ["Answered"]}, False
    )  # fmt: skip


@pytest.mark.parametrize("header", TALKS)
def test_talking_is_the_handling_time_and_missed_calls_have_none(tmp_path: Path, header: str) -> None:
    care = loaded(log(tmp_path, "calls.csv", {header: talk}), "handling_seconds")
    right = [talk(n) for n in range(60) if not is_missed(n)]
    found = kpi.mean_handling_time(care)
    assert found["value"].tolist() == pytest.approx([sum(right) / len(right) / 3600])
    assert found["denominator"].tolist() == [len(right)]


def test_lengths_written_with_colons_and_in_minutes_are_read(tmp_path: Path) -> None:
    written = {"Thời gian chờ": lambda n: spoken(wait(n)), "Thời lượng": lambda n: spoken(talk(n))}
    care = loaded(log(tmp_path / "a", "cuoc_goi.csv", written))
    assert rows(care, "contacts")["handling_seconds"].sum() == sum(map(talk, range(60)))
    minutes = {"Thời lượng (phút)": lambda n: 0 if is_missed(n) else n % 7 + 1}
    care = loaded(log(tmp_path / "b", "cuoc_goi.csv", minutes))
    right = sum(n % 7 + 1 for n in range(60) if not is_missed(n))
    assert rows(care, "contacts")["handling_seconds"].sum() == 60 * right


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"Thời gian chờ": wait}, "first_reply_at"),  # of which unit?
        ({"Thời lượng (giây)": lambda n: wait(n) + talk(n)}, "handling_seconds"),  # with the time of waiting
    ],
)
def test_what_may_be_something_else_is_asked(tmp_path: Path, columns: dict[str, Any], name: str) -> None:
    proposal = propose(log(tmp_path, "cuoc_goi.csv", columns))
    assert any(f"is '{next(iter(columns))}' {name}?" in one for one in proposal.questions())


@pytest.mark.parametrize(
    "header", ["Hold time (sec)", "Thời gian giữ máy (giây)", "SLA wait time (sec)", "Wrap-up time"]
)
def test_other_lengths_are_no_first_reply(tmp_path: Path, header: str) -> None:
    assert "first_reply_at" not in propose(log(tmp_path, "calls.csv", {header: wait})).matches["contacts"].columns


def test_a_log_that_does_not_say_who_was_picked_up_asks(tmp_path: Path) -> None:
    cells = {"Call ID": lambda n: f"G{n}", "Start time": moment, "Wait time (sec)": wait}
    proposal = propose(save(tmp_path, {"calls.csv": table(cells)}))
    assert any("were all of them picked up?" in one for one in proposal.questions())


def test_a_missed_call_waits_no_longer_and_one_that_was_called_back_counts() -> None:
    contacts = {
        "opened_at": ["2026-10-05T08:00"] * 5,
        "first_reply_at": ["2026-10-05T08:01", "2026-10-05T08:02", None, None, "2026-10-05T10:00"],
        "answered": [True, True, False, None, False],
    }
    found = kpi.first_response_time(table_of(contacts), period="2026-10")
    assert found[["numerator", "denominator"]].to_numpy().tolist() == [[3, 4]]


def table_of(columns: dict[str, Any]) -> Any:
    """Contacts as a frame, with an id each."""
    import pandas as pd

    return pd.DataFrame({"contact_id": range(len(columns["opened_at"])), **columns})


def test_the_service_page_shows_what_a_call_centre_has(tmp_path: Path) -> None:
    folder = log(tmp_path, "calls.csv", {"Talk time (sec)": talk})
    show = Show(loaded(folder), period="2026-02", lang="en")
    page = show.service.speed().text
    for label in ("Answered contacts", "Abandoned contacts", "Mean handling time", "Total handling time"):
        assert label in page


def test_business_hours_that_nobody_stated_make_no_waiting_shorter(tmp_path: Path) -> None:
    folder = log(tmp_path, "calls.csv", {"Wait time (sec)": wait})
    service = Show(loaded(folder), period="2026-02", lang="en").service.assuming({"mon-fri": ["08:00-17:30"]})
    page = service.speed().text
    assert "in business hours\t" not in page
    assert "Times in business hours are missing" in page


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Phản hồi sau", "{} phút"),
        ("Replied after", "{}m"),
        ("Thời gian phản hồi", "0 giờ {} phút"),
        ("Reply time", "{} min"),
    ],
)
def test_how_long_a_reply_took_is_its_moment_where_cells_say_the_unit(tmp_path: Path, header: str, form: str) -> None:
    folder = log(tmp_path, "chats.csv", {header: lambda n: "" if is_missed(n) else form.format(wait(n))})
    found = rows(loaded(folder, "first_reply_at"), "contacts").sort_values("contact_id").reset_index(drop=True)
    gaps = (found["first_reply_at"] - found["opened_at"]).dt.total_seconds()
    assert gaps.dropna().tolist() == [60 * wait(n) for n in range(60) if not is_missed(n)]


@pytest.mark.parametrize("header", ["Average reply time", "Thời gian phản hồi trung bình"])
def test_a_mean_of_replies_is_no_first_reply(tmp_path: Path, header: str) -> None:
    proposal = propose(log(tmp_path, "chats.csv", {header: lambda n: f"{wait(n)} phút"}))
    found = proposal.matches["contacts"].columns.get("first_reply_at")
    assert found is None or found.sure == "guess"
