"""Times as exports tell them: zones in headers, durations, dates beside clocks, swapped days, ends of calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, moment, pick, save, table

from carestudy.recognise import Proposal, propose

ISO = "%Y-%m-%d %H:%M:%S"


def contacts(folder: Path, name: str = "tickets.csv", **columns: Any) -> Proposal:
    """What is proposed for one file of contacts."""
    key = {"Ticket ID": lambda n: f"T{n}", "Customer ID": lambda n: f"C{n % 9}"}
    return propose(save(folder, {name: table({**key, **columns})}))


def stamp(number: int) -> str:
    """A moment."""
    return moment(number, ISO)


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Created (GMT+7)", None), ("Created At (UTC+07:00)", None), ("Ngày tạo GMT+7", None),
        ("Thời gian tạo (Asia/Bangkok)", None), ("Created (UTC)", "UTC"), ("Created At (GMT+0)", "UTC"),
        ("Created (America/New_York)", "America/New_York"), ("Ngày tạo (GMT+8)", "+08:00"),
        ("Created at (UTC-05:00)", "-05:00"), ("Created at UTC+5:30", "+05:30"), ("Created at", None),
    ],
)  # fmt: skip
def test_a_zone_of_a_header_is_proposed_where_it_is_not_the_companys(
    header: str, zone: str | None, tmp_path: Path
) -> None:
    proposal = contacts(tmp_path, **{header: stamp})
    assert proposal.matches["contacts"].columns["opened_at"].sure == "sure"
    assert proposal.forms["contacts"].timezone == zone
    assert proposal.questions() == []


def test_a_zone_is_compared_with_that_of_the_company(tmp_path: Path) -> None:
    rows = table({"Ticket ID": lambda n: n, "Created (GMT+7)": stamp, "Customer ID": "C"})
    proposal = propose(save(tmp_path, {"tickets.csv": rows}), timezone="Europe/London")
    assert proposal.forms["contacts"].timezone == "+07:00"


def test_several_zones_in_one_table_are_a_question(tmp_path: Path) -> None:
    proposal = contacts(tmp_path, **{"Created (UTC)": stamp, "Solved at (GMT+7)": stamp})
    assert any("several time zones" in question for question in proposal.questions())
    assert proposal.forms["contacts"].timezone is None


@pytest.mark.parametrize(
    ("header", "cell", "entry"),
    [
        ("First reply time (min)", "7.5", {"unit": "minutes"}),
        ("First response time (minutes)", lambda n: n, {"unit": "minutes"}),
        ("First response time in seconds", lambda n: n * 60, {"unit": "seconds"}),
        ("Thời gian phản hồi đầu tiên (phút)", lambda n: n, {"unit": "minutes"}),
        ("Thời gian phản hồi đầu tiên", "1 phút 23 giây", {}),
        ("First response time", lambda n: pick(n, "1h 23m", "45m"), {}),
        ("First reply time", "00:02:23", {}),
        ("First reply time", lambda n: pick(n, "1.5 hours", "2 hours"), {}),
    ],
)
def test_a_duration_is_a_moment_after_the_opening(header: str, cell: Any, entry: Any, tmp_path: Path) -> None:
    found = contacts(tmp_path, **{"Created at": stamp, header: cell}).matches["contacts"].columns["first_reply_at"]
    assert found.entry == {"after": "opened_at", "column": header, **entry}
    assert found.sure == "likely"


@pytest.mark.parametrize(
    "header", ["Time to close (seconds)", "Full resolution time (hrs)", "Thời gian giải quyết (giờ)"]
)
def test_a_duration_until_the_solution_too(header: str, tmp_path: Path) -> None:
    found = contacts(tmp_path, **{"Created at": stamp, header: lambda n: n}).matches["contacts"].columns["resolved_at"]
    assert found.entry["column"] == header


def test_the_unit_of_bare_numbers_is_asked_for(tmp_path: Path) -> None:
    proposal = contacts(tmp_path, **{"Created at": stamp, "First reply time": lambda n: n})
    assert proposal.matches["contacts"].columns["first_reply_at"].sure == "guess"


def test_business_hours_are_no_moment_and_a_moment_comes_before_a_duration(tmp_path: Path) -> None:
    proposal = contacts(
        tmp_path,
        **{"Created at": stamp, "First reply time in minutes within business hours": lambda n: n,
           "Solved at": lambda n: stamp(n + 1), "Full resolution time (hrs)": lambda n: n},
    )  # fmt: skip
    assert "first_reply_at" not in mapping(proposal)["contacts"]
    assert any("business hours only" in line for line in proposal.lines())
    assert mapping(proposal)["contacts"]["resolved_at"] == "Solved at"


@pytest.mark.parametrize(
    ("date", "clock"), [("Ngày", "Giờ"), ("Created date", "Created time"), ("Ngày tạo", "Giờ tạo")]
)
def test_a_date_and_its_clock_in_two_columns_are_one_moment(date: str, clock: str, tmp_path: Path) -> None:
    proposal = contacts(tmp_path, **{date: day, clock: lambda n: moment(n, "%H:%M")})
    assert proposal.matches["contacts"].columns["opened_at"].entry == [date, clock]
    assert proposal.forms["contacts"].dates["opened_at"].forms == ("%d/%m/%Y %H:%M",)


def half_swapped(number: int) -> str:
    """A day as a spreadsheet leaves it that reads day and month the other way round."""
    true = day(number, "%d/%m/%Y").split("/")
    return f"{true[2]}-{true[0]}-{true[1]}" if int(true[0]) <= 12 else "/".join(true)


def test_half_swapped_days_are_a_question_with_a_form_that_swaps_them_back(tmp_path: Path) -> None:
    rows = table({"Mã đơn": lambda n: n, "Ngày bán": half_swapped, "Mã KH": "C1", "Tổng tiền": 5000})
    proposal = propose(save(tmp_path, {"ban_hang.csv": rows}))
    form = proposal.forms["transactions"].dates["occurred_at"]
    assert form.choices == (("%d/%m/%Y",), ("%d/%m/%Y", "swapped"))
    assert any("swapped" in question for question in proposal.questions())
    assert '# ? occurred_at = ["%d/%m/%Y", "swapped"]' in proposal.toml()


@pytest.mark.parametrize("late", ["2026-05-31", "05/08/2026"])
def test_days_of_both_forms_that_fall_otherwise_are_no_question(late: str, tmp_path: Path) -> None:
    rows = table({
        "Mã đơn": lambda n: n, "Ngày bán": lambda n: late if n == 7 else half_swapped(n), "Mã KH": "C1",
        "Tổng tiền": 5000,
    })  # fmt: skip
    assert not any("swapped" in one for one in propose(save(tmp_path, {"ban_hang.csv": rows})).questions())


CALL: dict[str, Any] = {
    "Thời gian bắt đầu": moment, "Thời gian kết thúc": lambda n: moment(n + 1),
    "Hướng cuộc gọi": lambda n: pick(n, "Gọi vào", "Gọi ra"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "answered", "missed"),
    [
        ("Trạng thái", "Thành công", "Gọi nhỡ"),
        ("Call status", "Answered", "No answer"),
        ("Kết quả", "Nghe máy", "Busy"),
    ],
)
def test_the_end_of_a_call_is_a_solution_only_if_somebody_says_so(
    header: str, answered: str, missed: str, tmp_path: Path
) -> None:
    status = {header: lambda n: pick(n, answered, missed)}
    proposal = contacts(tmp_path, "cuoc_goi.csv", **CALL, **status)
    found = proposal.matches["contacts"].columns["resolved_at"]
    assert found.entry == {"column": "Thời gian kết thúc", "where": {header: [answered]}}
    assert found.sure == "guess"


def test_the_end_of_a_call_is_asked_for_where_nothing_tells_missed_ones(tmp_path: Path) -> None:
    assert contacts(tmp_path, "cuoc_goi.csv", **CALL).matches["contacts"].columns["resolved_at"].sure == "guess"


def test_a_purchase_years_before_is_no_opening(tmp_path: Path) -> None:
    proposal = contacts(
        tmp_path,
        **{"Date of Purchase": lambda n: day(n, "%Y-%m-%d").replace("2026", "2023"), "First Response Time": stamp},
    )
    assert "opened_at" not in mapping(proposal)["contacts"]
    assert any("no column was found for opened_at" in question for question in proposal.questions())


def test_a_reply_long_after_the_opening_is_a_question(tmp_path: Path) -> None:
    proposal = contacts(
        tmp_path, **{"Created at": lambda n: stamp(n).replace("2026", "2023"), "First Response Time": stamp}
    )
    found = proposal.matches["contacts"].columns
    assert (found["opened_at"].sure, found["first_reply_at"].sure) == ("guess", "guess")
    assert "days after it" in found["first_reply_at"].why


def test_solutions_before_the_reply_are_a_question(tmp_path: Path) -> None:
    proposal = contacts(
        tmp_path,
        **{"Created at": stamp, "First Response Time": lambda n: stamp(n + 2),
           "Solved at": lambda n: stamp(n + pick(n, "1", "3").count("3") * 2 + 1)},
    )  # fmt: skip
    why = proposal.matches["contacts"].columns["resolved_at"].why
    assert "rows 'Solved at' comes before 'First Response Time'" in why
    assert proposal.matches["contacts"].columns["resolved_at"].sure == "guess"


def test_the_only_days_of_a_file_are_asked_for(tmp_path: Path) -> None:
    rows: Rows = table({"Ticket ID": lambda n: n, "Customer ID": "C", "Priority": "High", "Xyz": stamp})
    proposal = propose(save(tmp_path, {"tickets.csv": rows}))
    assert proposal.matches["contacts"].columns["opened_at"].sure == "guess"


@pytest.mark.parametrize(
    ("file", "columns", "pair"),
    [
        ("tickets.csv", {"Ticket ID": lambda n: n, "Created at": lambda n: stamp(n + 9), "Closed at": stamp},
         ("opened_at", "resolved_at")),
        ("phieu.csv", {"Mã phiếu": lambda n: n, "Ngày tiếp nhận": lambda n: moment(n + 9, "%d/%m/%Y"),
                       "Ngày xử lý xong": lambda n: moment(n, "%d/%m/%Y")}, ("opened_at", "resolved_at")),
        ("khach_hang.csv", {"Mã KH": lambda n: f"K{n}", "Ngày đăng ký": lambda n: moment(n + 99, "%d/%m/%Y"),
                            "Ngày ngừng": lambda n: moment(n, "%d/%m/%Y")}, ("joined_on", "left_on")),
        ("customers.csv", {"Customer ID": lambda n: f"K{n}", "Joined": lambda n: stamp(n + 99), "Churned on": stamp},
         ("joined_on", "left_on")),
    ],
)  # fmt: skip
def test_an_end_before_its_beginning_is_a_question(
    tmp_path: Path, file: str, columns: dict[str, Any], pair: tuple[str, str]
) -> None:
    (match,) = propose(save(tmp_path, {file: table(columns)})).matches.values()
    assert {match.columns[name].sure for name in pair} == {"guess"}
    assert "comes before" in match.columns[pair[1]].why


def test_a_day_is_not_before_the_hours_of_the_same_day(tmp_path: Path) -> None:
    rows = table({"Ticket ID": lambda n: n, "Created at": stamp, "Closed at": lambda n: stamp(n)[:10]})
    found = propose(save(tmp_path, {"tickets.csv": rows})).matches["contacts"].columns
    assert {found["opened_at"].sure, found["resolved_at"].sure} == {"sure"}
