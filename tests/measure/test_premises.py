"""A figure whose premise does not hold is refused, and says why: to a call, on the scorecard, and on the page."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import fraction, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import Reason, Refused
from carestudy.overview import departures
from carestudy.show.refusals import silence, why
from carestudy.show.words import Reader

FIRST = date(2024, 1, 1)


def contacts(kinds: list[str | None], **columns: Any) -> Any:
    opened = [str(FIRST + timedelta(days=3 * place)) for place in range(len(kinds))]
    given = {"contact_id": [f"C{n}" for n in range(len(kinds))], "opened_at": opened, "kind": kinds, **columns}
    return cs.load({"contacts": pd.DataFrame(given)}, as_of="2024-12-31")


def shop(
    customers: int, gap: float, days: int, *, stay: float = 1e9, seed: int = 1, opened: int = 2000, **said: Any
) -> Any:
    """Customers who come at a constant rate, buy every so many days on average and leave at a constant rate."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(customers):
        start = random.uniform(-opened, days)
        day, end = start, start + random.exponential(stay)
        while day < min(end, days):
            if day >= 0:
                rows.append((f"K{person}", str(FIRST + timedelta(days=int(day)))))
            day += random.exponential(gap)
    sold = table("customer_id occurred_at", *rows)
    return cs.load({"transactions": sold}, as_of=str(FIRST + timedelta(days=days - 1)), **said)


def yearly(customers: int, years: int, gone: float, **said: Any) -> Any:
    """Customers who get one invoice at the end of each year, of whom a share had none in the last."""
    left = round(customers * gone)
    rows = [
        (f"K{person}", f"{2015 + year}-12-31")
        for person in range(customers)
        for year in range(years - (1 if person < left else 0))
    ]
    return cs.load({"transactions": table("customer_id occurred_at", *rows)}, **said)


def test_complaints_that_nobody_recorded_are_no_zero_per_cent() -> None:
    care = contacts(["question", "request", None] * 10)
    with pytest.raises(Refused, match="complaint_rate cannot be told: no row of table contacts says complaint"):
        kpi.complaint_rate(care, per="contact")
    assert "complaint_rate(per=contact)" in cs.missing(care)["kpi"].tolist()
    recorded = contacts(["question"] * 29 + ["complaint"])
    assert fraction(kpi.complaint_rate(recorded, per="contact", period="2024-01")) == (0, 11)


def test_of_a_group_without_complaints_the_rate_is_zero_where_the_company_records_them() -> None:
    care = contacts(["complaint", "question"] * 10, team=["A", "B"] * 10)
    part = cs.load({"contacts": care.table("contacts").to_pyarrow().to_pandas()}, as_of="2024-12-31", only="team=B")
    assert kpi.complaint_rate(part, per="contact")["value"].item() == 0


@pytest.mark.parametrize(
    ("figure", "name", "columns"),
    [
        (kpi.return_rate, "transactions", {"occurred_at": "2024-01-05", "amount": 5, "returned": None}),
        (kpi.service_level.of(within=4), "contacts", {"opened_at": "2024-01-05", "first_reply_at": None}),
        (kpi.response_rate, "invitations", {"invited_at": "2024-01-05", "response_id": None}),
        (
            kpi.first_contact_resolution,
            "contacts",
            {
                "opened_at": "2024-01-05",
                "resolved_at": "2024-01-06",
                "reopened": None,
                "customer_id": "A",
                "topic": "x",
            },
        ),
    ],
)
def test_a_column_that_is_empty_throughout_tells_nothing(figure: Any, name: str, columns: dict[str, Any]) -> None:
    frame = pd.DataFrame([columns] * 12).astype(object)
    with pytest.raises(Refused, match="is empty in every row: it was not recorded"):
        figure(cs.load({name: frame}, as_of="2024-12-31"))


@pytest.mark.parametrize("begins", ["2024-02-27", "2024-02-28"])
def test_nothing_is_compared_with_a_month_that_the_data_hardly_cover(begins: str) -> None:
    days = pd.date_range(begins, "2024-05-31")
    scores = [1 if day.month == 2 else 5 for day in days]
    rows = pd.DataFrame({"answered_at": days.astype(str), "question": "csat", "score": scores})
    care = cs.load({"responses": pd.concat([rows] * 12, ignore_index=True)}, as_of="2024-05-31")
    march = cs.scorecard(care, period="2024-03", kpis=[kpi.csat]).iloc[0]
    assert march["value"] == 1.0
    assert march[["before", "change", "change_low", "change_high"]].isna().all()
    assert march["verdict"] is None
    assert "begins on 2024-02-2" in march["before_note"]
    assert "không so với" in cs.Show(care, "2024-03").board(cs.scorecard(care, period="2024-03", kpis=[kpi.csat])).text
    may = cs.scorecard(care, period="2024-05", kpis=[kpi.csat]).iloc[0]
    assert may["before"] == 1.0
    assert cs.trend(kpi.csat, care).frame["period"].tolist() == ["2024-03", "2024-04", "2024-05"]


def test_a_rate_of_two_tables_has_no_value_before_one_of_them_begins() -> None:
    days = pd.date_range("2024-01-01", "2024-06-30").astype(str)
    sold = pd.DataFrame({"occurred_at": days, "customer_id": "A"})
    asked = pd.DataFrame({"opened_at": days[100:], "kind": "complaint", "customer_id": "A"})
    care = cs.load({"transactions": sold, "contacts": asked}, as_of="2024-06-30")
    found = kpi.complaint_rate(care, per="transaction", period="2024", every="month")
    assert found["value"].notna().tolist()[:6] == [False, False, False, False, True, True]
    assert "do not cover the same part" in found["note"][0]


def test_months_in_which_nobody_can_be_lost_have_no_retention() -> None:
    care = shop(900, 30, 420, stay=500)
    wait = care.inactive_after
    assert 90 <= wait <= 140
    found = kpi.retention_rate(care, period="2024", every="month")
    seen = FIRST + timedelta(days=wait + 1)
    starts = [date(2024, month, 1) for month in range(1, 13)]
    assert found["value"].notna().tolist() == [start >= seen for start in starts]
    assert "periods from" in found["note"][0]
    assert cs.bridge(care, period="2024-02")["note"].item() == found["note"][1]
    assert kpi.annual_loss(care, period="2024-12")["value"].isna().all()
    assert cs.trend(kpi.retention_rate, care).frame["period"].iloc[0] > str(seen)[:7]
    with pytest.raises(Refused, match="who left cannot show yet"):
        cs.churn.reasons(care, period="2024-12")


@pytest.mark.parametrize(("opened", "days"), [(2000, 700), (0, 700), (0, 1000)])
def test_constant_leaving_is_no_change_of_retention(opened: int, days: int) -> None:
    # A shop that opens with the data grows, and the lost are found late: the figure drifts, and leaving does not.
    told = [
        cs.trend(kpi.retention_rate, shop(800, 30, days, stay=600, seed=seed, opened=opened)).verdict
        for seed in range(3)
    ]
    assert told.count("cannot tell") >= 2


def test_leaving_that_grows_is_still_seen() -> None:
    random, rows = np.random.default_rng(5), []
    for person in range(1500):
        day, gone = random.uniform(0, 30), random.uniform(0, 1500) if person % 2 else 1e9
        end = 1100 * np.sqrt(gone / 1500) if gone < 1e9 else gone  # more leave the later it is
        while day < min(end, 1000):
            rows.append((f"K{person}", str(FIRST + timedelta(days=int(day)))))
            day += random.exponential(15)
    care = cs.load({"transactions": table("customer_id occurred_at", *rows)}, as_of=str(FIRST + timedelta(days=999)))
    assert cs.trend(kpi.retention_rate, care).verdict == "worse"


def test_before_leaving_dates_were_recorded_nobody_stayed() -> None:
    joined = [str(date(2020, 1, 1) + timedelta(days=4 * n)) for n in range(300)]
    left = [str(date(2024, 3, 10) + timedelta(days=3 * n)) if n < 90 else None for n in range(300)]
    care = cs.load(
        {"customers": people(*zip(range(300), joined, left, strict=True)).astype({"customer_id": "str"})},
        as_of="2024-12-31",
    )
    found = kpi.retention_rate(care, period="2024", every="month")
    assert found["value"].notna().tolist() == [False] * 3 + [True] * 9
    assert "nobody recorded who left before 2024-03-0" in found["note"][0]
    assert cs.trend(kpi.retention_rate, care).frame["period"].iloc[0] == "2024-04"
    assert kpi.annual_loss(care, period="2024-12")["value"].isna().all()


def test_after_leaving_dates_were_no_longer_recorded_nobody_stays() -> None:
    joined = [str(date(2020, 1, 1) + timedelta(days=2 * n)) for n in range(300)]
    left = [str(date(2021, 3, 10) + timedelta(days=5 * n)) if n < 90 else None for n in range(300)]
    care = cs.load({"customers": people(*((f"K{n}", joined[n], left[n]) for n in range(300)))}, as_of="2024-12-31")
    assert kpi.retention_rate(care, period="2022-03")["value"].notna().all()
    assert "nobody recorded who left after" in kpi.retention_rate(care, period="2024-03")["note"].item()


def test_an_empty_column_of_leaving_dates_is_no_retention_of_all() -> None:
    rows = [(f"K{n}", "2023-01-05", None) for n in range(150)]
    many, few = (cs.load({"customers": people(*rows[:n])}, as_of="2024-12-31") for n in (150, 20))
    with pytest.raises(Refused, match="left_on is empty for all 150 customers"):
        kpi.retention_rate(many, period="2024-01")
    assert kpi.retention_rate(few, period="2024-01")["value"].item() == 1


def test_yearly_invoices_do_not_tell_how_long_to_wait() -> None:
    care = yearly(200, 4, 0.2535)
    assert not care.silence.sure
    for figure in (kpi.retention_rate, kpi.tenure.of(years=1), kpi.annual_loss):
        with pytest.raises(Refused, match="set inactive_after in care"):
            figure(care)
    answers = cs.questions(care, period="2018-12")
    assert [isinstance(answers[name].missing, Refused) for name in ("loss", "tenure", "trend", "reasons")] == [True] * 4
    line = silence(Reader("vi"), care)
    assert line.startswith("Dữ liệu này không cho biết sau bao nhiêu ngày")
    assert "care.toml" in line


@pytest.mark.parametrize(("wait", "lost", "leaps"), [(300, 0.25, False), (364, 0.25, True), (365, 0.0, True)])
def test_what_hangs_on_a_day_of_the_window_is_said(wait: int, lost: float, *, leaps: bool) -> None:
    care = yearly(200, 4, 0.25, inactive_after=wait)
    effect = cs.silence_effect(care).set_index("times")
    assert effect.loc[1.0, ["days", "value", "leaps"]].tolist() == [wait, lost, leaps]
    assert effect.loc[0.5, "value"] == 0.25
    assert effect.loc[2.0, "value"] == 0.0
    assert ("A few days more or less" in silence(Reader("en"), care)) == leaps


def test_a_window_of_many_years_of_yearly_buyers_waits_for_the_late_ones() -> None:
    care = yearly(100, 12, 0.2)
    assert care.silence.sure
    assert care.inactive_after > 1.4 * 365


def test_tenure_is_not_told_of_a_time_within_the_window() -> None:
    care = shop(400, 30, 900, stay=700, inactive_after=200)
    assert kpi.tenure(care, years=0.5)["value"].isna().all()
    assert "everybody stays so long" in kpi.tenure(care, years=0.5)["note"].item()
    assert kpi.tenure(care, years=1)["value"].notna().all()


def test_who_came_and_left_within_the_year_counts_among_the_losses() -> None:
    old = [(f"a{n}", "2024-01-01", f"2026-05-0{n % 2 + 1}", "Price") for n in range(10)]
    new = [(f"n{n}", "2026-01-10", "2026-06-01", "Attitude") for n in range(90)]
    here = [(f"h{n}", "2024-01-01", None, None) for n in range(100)]
    care = cs.load({"customers": people(*old, *new, *here, columns="leave_reason")}, as_of="2026-09-30")
    assert fraction(kpi.annual_loss(care, period="2026-09")) == (10, 110)
    row = departures(care, period="2026-09").iloc[0]
    assert row[["base", "lost", "left", "newcomers"]].tolist() == [110, 10, 100, 90]
    shares = kpi.leaving_reasons(care, period="2026-09").set_index("leave_reason")["value"]
    assert shares[["Attitude", "Price"]].tolist() == [0.9, 0.1]
    text = cs.Show(care, "2026-09", lang="en").questions().text
    assert "Of the 110 customers of twelve months ago, 10 have left." in text
    assert "In all, 100 customers left in these twelve months; 90 of them had joined in the same time." in text


def test_who_came_back_and_left_again_within_a_year_left() -> None:
    rows = [("A", "2024-01-05", "2024-03-05"), ("A", "2024-09-05", "2024-11-05"), ("B", "2024-01-05", "2024-06-05"),
            ("B", "2024-08-05", None), ("C", "2023-01-05", None)]  # fmt: skip
    care = cs.load({"customers": people(*rows)}, as_of="2024-12-31")
    row = departures(care, period="2024-12").iloc[0]
    assert row[["base", "lost", "left", "newcomers"]].tolist() == [1, 0, 1, 1]
    assert cs.bridge(care, period="2024-11")["came_and_left"].item() == 0
    assert cs.bridge(care, period="2024")["came_and_left"].item() == 1


@pytest.mark.parametrize("order", [1, -1])
def test_stays_that_overlap_are_one(order: int) -> None:
    rows = [
        ("A", "2024-01-01", "2024-05-01", "moved"),
        ("A", "2024-04-30", None, None),
        ("B", "2024-01-01", None, None),
    ]
    care = cs.load({"customers": people(*rows[::order], columns="leave_reason")}, as_of="2024-12-31")
    (row,) = cs.bridge(care, period="2024-06").to_dict("records")
    assert (row["start"], row["lost"], row["end"]) == (2, 0, 2)
    first = care.table("customers").to_pyarrow().to_pandas().set_index("customer_id").loc["A"]
    assert (str(first["joined_on"])[:10], pd.isna(first["left_on"])) == ("2024-01-01", True)


def test_a_reason_is_written_in_the_reader_s_language_and_survives_a_pickle() -> None:
    reason = Reason("nobody recorded who left before {since}", since=date(2024, 3, 1))
    assert reason == "nobody recorded who left before 2024-03-01"
    again = pickle.loads(pickle.dumps(reason))  # noqa: S301 - our own
    assert why(Reader("vi"), again) == "trước 01/03/2024 chưa ghi nhận khách rời bỏ"
    assert why(Reader("en"), again) == "nobody recorded who left before 1 March 2024"


def test_a_curve_tells_nothing_of_the_days_in_which_silence_is_no_leaving() -> None:
    care = shop(300, 20, 500, stay=400, inactive_after=100)
    assert cs.survival.curve(care).attrs["within"] == 100
    shown = cs.Show(care, "2025-04", lang="en").survival(kpi.tenure.of(years=1)).text
    assert "first 100 days" in shown
    assert "\n30 days\t" not in shown


def test_cohorts_that_came_before_leaving_was_recorded_are_left_out() -> None:
    joined = [str(date(2020, 1, 1) + timedelta(days=5 * n)) for n in range(350)]
    left = [str(date(2024, 3, 10) + timedelta(days=3 * n)) if n < 90 else None for n in range(350)]
    care = cs.load({"customers": people(*((f"K{n}", joined[n], left[n]) for n in range(350)))}, as_of="2024-12-31")
    assert cs.cohorts(care)["cohort"].min() == "2024-04"


def test_the_page_says_why_there_is_no_annual_loss() -> None:
    care = shop(300, 20, 300, stay=400)
    show = cs.Show(care, "2024-10", lang="en")
    assert show.board().text.count("who left cannot show yet") >= 1
    assert "count as lost:" in show.cover().text
    assert "Who left cannot show yet" in show.churn.reasons().text
    early = cs.Show(care, "2024-02", lang="vi").bridge().text
    assert "chưa thể thấy ai rời bỏ" in early.lower()
