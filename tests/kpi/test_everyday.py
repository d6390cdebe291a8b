"""The everyday figures of a care desk: volume, backlog, handling, mean scores, and revenue that comes again."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import answers, by_group, fraction, table

import carestudy as cs
from carestudy import kpi

OCTOBER = {"period": "2026-10"}


def contacts(*rows: tuple[Any, ...], columns: str, as_of: str = "2026-11-15", **dtypes: Any) -> Any:
    """Contacts as rows of these columns; without a day they are of 5 October 2026."""
    frame = table(columns, *rows, **dtypes)
    days = {} if "opened_at" in frame else {"opened_at": "2026-10-05 08:00"}
    return cs.load({"contacts": frame.assign(**days)}, as_of=as_of)


def sales(*rows: tuple[Any, ...], as_of: str = "2026-10-31") -> Any:
    """Purchases as (customer, day, amount in VND)."""
    return cs.load({"transactions": table("customer_id occurred_at amount", *rows, amount="int64")}, as_of=as_of)


def test_contacts_are_counted_by_topic_and_month_to_the_first_and_last_day() -> None:
    rows = [
        ("2026-09-30 23:59", "bill"), ("2026-10-01 00:00", "bill"), ("2026-10-31 23:59", "speed"),
        ("2026-11-01 00:00", "speed"), ("2026-10-09 10:00", None),
    ]  # fmt: skip
    care = contacts(*rows, columns="opened_at topic")
    assert by_group(kpi.contact_count(care, by="topic", **OCTOBER), "topic") == {"bill": 1, "speed": 1, None: 1}
    months = kpi.contact_count(care, period="2026-11", every="month", last=3)
    assert by_group(months, "period") == {"2026-09": 1, "2026-10": 3, "2026-11": 1}


def test_only_complaints_are_complaints() -> None:
    care = contacts(("complaint",), ("question",), ("praise",), (None,), ("Complaint",), columns="kind")
    assert fraction(kpi.complaint_count(care, **OCTOBER)) == (2, 4)


def test_the_number_of_complaints_is_0_in_a_month_without_one_and_refused_where_nobody_recorded_any() -> None:
    rows = [("question", "2026-10-05 08:00"), ("complaint", "2026-09-05 08:00")]
    care = contacts(*rows, columns="kind opened_at")
    assert kpi.complaint_count(care, **OCTOBER)["value"].item() == 0
    for figure in (kpi.complaint_count, kpi.repeat_complainers):
        with pytest.raises(cs.CareError, match="no row of table contacts says complaint"):
            figure(contacts(("question", "A"), columns="kind customer_id"))


def test_contacts_per_customer_leave_out_what_is_nobodys() -> None:
    found = kpi.contacts_per_customer(contacts(("A",), ("A",), ("A",), ("B",), (None,), columns="customer_id"))
    assert found[["value", "numerator", "denominator", "n"]].iloc[0].tolist() == [2.0, 4, 2, 2]
    assert found["low"].item() <= 2 <= found["high"].item()


@pytest.mark.parametrize(("complaints", "expected"), [(1, (0, 1)), (2, (1, 1)), (3, (1, 1))])
def test_a_customer_complains_repeatedly_from_the_second_complaint(complaints: int, expected: tuple[int, int]) -> None:
    rows = [("A", "complaint")] * complaints + [("A", "question"), ("B", "question"), (None, "complaint")]
    assert fraction(kpi.repeat_complainers(contacts(*rows, columns="customer_id kind"))) == expected


def test_complaints_of_another_month_are_no_repetition() -> None:
    rows = [("A", "complaint", "2026-09-30 10:00"), ("A", "complaint", "2026-10-01 10:00")]
    care = contacts(*rows, columns="customer_id kind opened_at")
    assert fraction(kpi.repeat_complainers(care, **OCTOBER)) == (0, 1)
    assert fraction(kpi.repeat_complainers(care)) == (1, 1)


def test_how_often_is_often_may_be_told() -> None:
    care = contacts(*[("A", "complaint")] * 2, *[("B", "complaint")] * 3, columns="customer_id kind")
    assert fraction(kpi.repeat_complainers(care, times=3)) == (1, 2)
    assert kpi.repeat_complainers.of(times=3).id == "repeat_complainers(times=3)"


@pytest.mark.parametrize(
    ("opened", "resolved", "is_open"),
    [
        ("2026-10-31 23:59", None, 1),
        ("2026-11-01 00:00", None, 0),
        ("2024-01-05 08:00", None, 1),
        ("2026-10-05 08:00", "2026-10-31 23:59", 0),
        ("2026-10-05 08:00", "2026-11-01 00:00", 1),
    ],
)
def test_a_contact_is_open_at_the_end_of_a_month_if_it_ends_later(
    opened: str, resolved: str | None, is_open: int
) -> None:
    others = ("2026-09-01 08:00", "2026-09-02 08:00")
    care = contacts(others, (opened, resolved), columns="opened_at resolved_at")
    assert kpi.backlog(care, **OCTOBER)["value"].item() == is_open


def test_the_backlog_of_a_month_that_is_not_over_is_that_of_the_last_moment() -> None:
    rows = [("2026-10-05 08:00", "2026-10-20 12:00"), ("2026-10-06 08:00", None)]
    care = contacts(*rows, columns="opened_at resolved_at", as_of="2026-10-20T11:00")
    assert kpi.backlog(care, **OCTOBER)["value"].item() == 2
    care = contacts(*rows, columns="opened_at resolved_at", as_of="2026-10-20T13:00")
    assert kpi.backlog(care, **OCTOBER)["value"].item() == 1


def test_the_backlog_follows_the_months_and_adds_up_by_channel() -> None:
    rows = [
        ("2026-08-05 08:00", "2026-10-02 08:00", "phone"), ("2026-09-05 08:00", None, "e-mail"),
        ("2026-10-05 08:00", "2026-10-06 08:00", "phone"),
    ]  # fmt: skip
    care = contacts(*rows, columns="opened_at resolved_at channel")
    months = kpi.backlog(care, period="2026-10", every="month", last=3)
    assert by_group(months, "period") == {"2026-08": 1, "2026-09": 2, "2026-10": 1}
    assert by_group(kpi.backlog(care, by="channel", **OCTOBER), "channel") == {"phone": 0, "e-mail": 1}


def test_before_the_first_contact_there_is_no_backlog_to_tell() -> None:
    care = contacts(("2026-10-05 08:00", None), columns="opened_at resolved_at")
    assert pd.isna(kpi.backlog(care, period="2026-09")["value"].item())


def test_answered_and_abandoned_are_told_of_what_customers_began() -> None:
    rows = [(True, "inbound"), (False, "inbound"), (False, None), (None, "inbound"), (False, "outbound")]
    care = contacts(*rows, columns="answered direction", answered="object")
    assert fraction(kpi.answered_share(care)) == (1, 3)
    assert fraction(kpi.abandoned_share(care)) == (2, 3)


@pytest.mark.parametrize(
    ("resolved", "resolved_at", "expected"),
    [
        (True, None, (1, 1)),
        (False, "2026-10-06", (0, 1)),
        (None, "2026-10-06", (1, 1)),
        (None, None, (0, 1)),
    ],
)
def test_resolved_is_as_the_flag_says_and_else_as_the_time_says(
    *, resolved: bool | None, resolved_at: str | None, expected: tuple[int, int]
) -> None:
    care = contacts((resolved, resolved_at), columns="resolved resolved_at", resolved="object")
    assert fraction(kpi.resolved_share(care)) == expected


def test_resolved_needs_either_column_and_no_flag_no_case() -> None:
    assert fraction(kpi.resolved_share(contacts((True,), (None,), columns="resolved", resolved="object"))) == (1, 1)
    assert fraction(kpi.resolved_share(contacts(("2026-10-06",), (None,), columns="resolved_at"))) == (1, 2)
    with pytest.raises(cs.CareError, match="resolved_share needs column 'resolved_at'"):
        kpi.resolved_share(contacts(("x",), columns="topic"))


def test_handling_times_are_added_and_averaged_over_those_that_have_one() -> None:
    seconds = [("143",), ("0",), (None,), ("-5",), ("3457",)]
    care = contacts(*seconds, columns="handling_seconds")
    mean, total = kpi.mean_handling_time(care), kpi.total_handling_time(care)
    assert fraction(mean) == (3600, 3)
    assert mean["value"].item() == pytest.approx(1 / 3)
    assert total["value"].item() == 1.0


def test_an_unreadable_handling_time_or_flag_costs_the_cell_and_not_the_contact() -> None:
    care = contacts(("143", "yes", "?"), ("soon", "perhaps", "no"), columns="handling_seconds answered resolved")
    assert kpi.contact_count(care)["value"].item() == 2
    assert fraction(kpi.mean_handling_time(care)) == (143, 1)
    assert fraction(kpi.answered_share(care)) == (1, 1)
    assert fraction(kpi.resolved_share(care)) == (0, 1)
    assert set(care.faults["column"]) == {"handling_seconds", "answered", "resolved"}


def test_a_mean_score_is_that_of_one_question() -> None:
    scores = pd.concat([answers([5, 4.5, None, 2]), answers([10], "nps")], ignore_index=True)
    found = kpi.mean_score(scores, question="csat")
    assert (found["value"].item(), fraction(found)) == (pytest.approx(11.5 / 3), (11_500, 3))
    assert found["low"].item() < 11.5 / 3 < found["high"].item()
    assert kpi.mean_score(scores, question="nps")["value"].item() == 10
    with pytest.raises(cs.CareError, match="needs to be told question"):
        kpi.mean_score(scores)


def test_scores_that_are_all_alike_have_a_mean_and_no_interval() -> None:
    found = kpi.mean_score(answers([4, 4, 4]), question="csat")
    assert found["value"].item() == 4
    assert found[["low", "high"]].isna().all(axis=None)
    assert kpi.mean_score(answers([4, 4, 4]), question="ces")["n"].item() == 0


@pytest.mark.parametrize(("purchases", "expected"), [(1, (0, 1)), (2, (1, 1)), (3, (1, 1))])
def test_a_customer_bought_again_from_the_second_purchase(purchases: int, expected: tuple[int, int]) -> None:
    rows = [("A", f"2026-10-0{n + 1}", 5_000) for n in range(purchases)]
    care = sales(*rows, ("A", "2026-10-20", -5_000), (None, "2026-10-21", 9), (None, "2026-10-22", 9))
    assert fraction(kpi.bought_again(care)) == expected


def test_two_purchases_of_one_day_are_two_and_of_two_months_one_in_each() -> None:
    care = sales(("A", "2026-09-30", 5), ("A", "2026-10-01", 5), ("B", "2026-10-02", 5), ("B", "2026-10-02", 6))
    assert fraction(kpi.bought_again(care, **OCTOBER)) == (1, 2)
    assert fraction(kpi.bought_again(care)) == (2, 2)


TWO_YEARS = [
    ("A", "2024-11-01", 100), ("A", "2026-10-31", 150),  # more than a year ago: capped gross
    ("B", "2025-10-31", 200), ("B", "2025-11-01", 50),  # less
    ("C", "2025-01-05", 100),  # nothing
    ("D", "2026-03-01", 900),  # new
    ("E", "2025-01-05", 30), ("E", "2025-02-05", -30), ("E", "2026-02-05", 70),  # nothing then, so in neither
]  # fmt: skip


def test_revenue_retention_is_counted_by_customer_and_gross_is_capped() -> None:
    care = sales(*TWO_YEARS)
    gross, net = (one(care, **OCTOBER) for one in (kpi.gross_revenue_retention, kpi.net_revenue_retention))
    assert fraction(gross) == (100 + 50, 400)
    assert fraction(net) == (150 + 50, 400)
    assert gross["n"].item() == 3
    assert gross["value"].item() <= net["value"].item()


def test_a_loss_in_the_later_year_is_no_less_than_nothing() -> None:
    care = sales(("A", "2024-11-01", 100), ("A", "2026-01-05", -40), ("B", "2024-12-01", 100), ("B", "2026-01-05", 100))
    assert fraction(kpi.net_revenue_retention(care, **OCTOBER)) == (100, 200)


@pytest.mark.parametrize(("first", "known"), [("2024-11-08", True), ("2024-11-09", False)])
def test_revenue_retention_needs_two_years(first: str, *, known: bool) -> None:
    care = sales(("A", first, 100), ("A", "2026-03-01", 80), ("B", "2025-03-01", 100), ("B", "2026-03-01", 50))
    (row,) = kpi.gross_revenue_retention(care, **OCTOBER).to_dict("records")
    assert pd.notna(row["value"]) == known
    assert known or row["note"] == "the data begin within the months it looks back on"


def test_what_customers_count_by_all_their_rows_is_not_split_by_segments_of_rows() -> None:
    care = contacts(("A", "complaint", "phone"), ("B", "complaint", "chat"), columns="customer_id kind channel")
    with pytest.raises(cs.CareError, match="repeat_complainers counts customers by all their rows"):
        cs.why(kpi.repeat_complainers, care, by="channel", **OCTOBER)
