"""How long customers wait, cases take and customers stay; what has not ended counts as far as it is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import by_group, demo, fraction, people, table

import carestudy as cs
from carestudy import kpi, survival
from carestudy.measure.survival import kaplan_meier, quantile

OFFICE = {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["08:00-12:00"]}


def tickets(*rows: tuple[Any, ...], columns: str = "") -> pd.DataFrame:
    """Cases as (opened_at, resolved_at, further columns ...)."""
    return table(f"opened_at resolved_at {columns}", *rows)


def known(frame: pd.DataFrame, **given: Any) -> Any:
    """A company of these cases, known up to the end of October 2026."""
    return cs.load({"contacts": frame}, as_of="2026-10-31", **given)


def stays(*rows: tuple[str, str | None], as_of: str = "2026-10-31") -> Any:
    named = [(f"K{k}", joined, left) for k, (joined, left) in enumerate(rows)]
    return cs.load({"customers": people(*named)}, as_of=as_of)


def test_open_cases_are_neither_left_out_nor_zero() -> None:
    cases = tickets(
        ("2026-10-05 08:00", "2026-10-05 09:00"), ("2026-10-05 08:00", "2026-10-05 10:00"),
        ("2026-10-05 08:00", "2026-10-05 16:00"), ("2026-10-05 08:00", None), ("2026-10-05 08:00", None),
    )  # fmt: skip
    found = kpi.resolution_time(known(cases)).iloc[0]
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (8.0, 3, 5, 5)
    assert found["note"] is None


def test_a_case_that_ends_after_the_data_do_is_open() -> None:
    cases = tickets(*[("2026-10-05 08:00", "2026-10-05 09:00")] * 2, ("2026-10-31 20:00", "2026-11-03 09:00"))
    assert fraction(kpi.resolution_time(known(cases))) == (2, 3)


def test_a_case_that_ends_as_the_data_do_has_ended() -> None:
    assert fraction(kpi.resolution_time(known(tickets(("2026-10-31 20:00", "2026-11-01 00:00"))))) == (1, 1)
    assert fraction(kpi.resolution_time(known(tickets(("2026-10-31 20:00", "2026-11-01 00:01"))))) == (0, 1)


def test_where_too_many_are_open_there_is_no_median_and_it_says_why() -> None:
    cases = tickets(("2026-10-05 08:00", "2026-10-05 09:00"), *[("2026-10-05 08:00", None)] * 2)
    found = kpi.resolution_time(known(cases)).iloc[0]
    assert np.isnan(found[["value", "low", "high"]].astype(float)).all()
    assert found["note"] == "too many are still open"
    none = kpi.resolution_time(known(tickets(("2026-10-05 08:00", None)))).iloc[0]
    assert none["note"] == "nothing has ended"


def test_times_below_an_hour_are_taken_to_the_second() -> None:
    for second, minutes in (("29", 29 / 60), ("30", 0.5)):
        cases = tickets(("2026-10-05 08:00:00", f"2026-10-05 08:00:{second}"))
        assert kpi.resolution_time(known(cases))["value"].item() == pytest.approx(minutes / 60)


def test_business_hours_leave_out_nights_weekends_and_holidays() -> None:
    cases = tickets(("2026-02-13 17:00", "2026-02-23 09:00"))
    care = known(cases, hours=OFFICE, holidays=["2026-02-16..2026-02-22"])
    assert kpi.resolution_time(care, clock="business")["value"].item() == 0.5 + 4 + 1
    assert kpi.resolution_time(care)["value"].item() == 9 * 24 + 16


@pytest.mark.parametrize(("opened", "closed", "minutes"), [
    ("07:00:00", "08:30:30", 30.5), ("08:00:00", "08:30:29", 30 + 29 / 60), ("08:00:00", "10:00:29", 120),
    ("11:59:30", "13:00:00", 0.5), ("17:29:30", "23:00:00", 0.5),
])  # fmt: skip
def test_business_hours_are_counted_to_the_second(opened: str, closed: str, minutes: float) -> None:
    care = known(tickets((f"2026-10-05 {opened}", f"2026-10-05 {closed}")), hours=OFFICE)
    assert kpi.resolution_time(care, clock="business")["value"].item() == pytest.approx(minutes / 60)


def test_without_hours_business_hours_say_what_is_missing() -> None:
    with pytest.raises(cs.CareError, match=r"^resolution_time needs to know when the company is open: .*hours = \{"):
        kpi.resolution_time(known(tickets(("2026-10-05 08:00", None))), clock="business")
    assert len(cs.missing(demo(), [kpi.resolution_time.of(clock="business")])) == 1


@pytest.mark.parametrize(("option", "told"), [({"at": "p50"}, "is no quantile"), ({"clock": "moon"}, "is not known")])
def test_an_option_that_nobody_knows_is_refused(option: dict[str, Any], told: str) -> None:
    with pytest.raises(cs.CareError, match=told):
        kpi.resolution_time(known(tickets(("2026-10-05 08:00", None))), **option)


def test_groups_and_periods_of_opening_have_their_own_times() -> None:
    cases = tickets(
        ("2026-09-30 23:00", "2026-10-01 01:00", "Bắc"), ("2026-10-01 00:00", "2026-10-01 05:00", "Bắc"),
        ("2026-10-09 00:00", "2026-10-09 07:00", None), columns="team",
    )  # fmt: skip
    found = kpi.resolution_time(known(cases), by="team", period="2026-10", every="month", last=2)
    assert found[["team", "period", "n"]].to_numpy().tolist() == [
        ["Bắc", "2026-09", 1], ["Bắc", "2026-10", 1], [None, "2026-09", 0], [None, "2026-10", 1],
    ]  # fmt: skip
    assert found["value"].tolist() == pytest.approx([2, 5, np.nan, 7], nan_ok=True)


def test_what_the_company_begins_waits_for_no_reply() -> None:
    rows = pd.DataFrame({"opened_at": ["2026-10-05T08:00"] * 3, "direction": ["inbound", "outbound", None],
                         "first_reply_at": ["2026-10-05T09:00", "2026-10-05T08:00", "2026-10-05T11:00"]})  # fmt: skip
    assert fraction(kpi.first_response_time(rows)) == (2, 2)
    assert kpi.first_response_time(rows)["value"].item() == 2.0


def test_the_first_reply_of_the_demo_is_that_of_kaplan_and_meier_on_its_rows() -> None:
    rows = demo().table("contacts").to_pyarrow().to_pandas()
    end = pd.Timestamp("2026-11-01")
    asked = rows[rows["direction"] == "inbound"]  # the company's own contacts wait for no reply
    for column, figure, mine in (
        ("first_reply_at", kpi.first_response_time, asked), ("resolved_at", kpi.resolution_time, rows)
    ):  # fmt: skip
        ended = mine[column] <= end
        lasted = ((mine[column].where(ended, end) - mine["opened_at"]).dt.total_seconds() + 30) // 60
        for at, share in (("median", 0.5), ("p90", 0.9)):
            found = figure(demo(), at=at).iloc[0]
            assert found["value"] == pytest.approx(quantile(kaplan_meier(lasted, ended), share)[0] / 60)


def test_cases_of_one_customer_widen_the_interval() -> None:
    hours = np.random.default_rng(2).integers(1, 200, 40)
    alone = pd.DataFrame({"opened_at": pd.Timestamp("2026-10-01"), "who": np.repeat(range(40), 5)})
    alone["resolved_at"] = alone["opened_at"] + pd.to_timedelta(np.repeat(hours, 5), unit="h")
    told = kpi.resolution_time(known(alone)).iloc[0]
    same = kpi.resolution_time(known(alone.assign(customer_id="K" + alone["who"].astype("str")))).iloc[0]
    assert same["value"] == told["value"]
    assert (same["low"] < told["low"], same["high"] > told["high"]) == (True, True)


def test_staying_a_year_counts_those_still_here_as_far_as_they_are_known() -> None:
    care = stays(("2024-01-05", None), ("2024-02-01", "2024-08-01"), ("2026-10-01", None))
    assert kpi.tenure(care)[["value", "numerator", "denominator"]].iloc[0].tolist() == [0.5, 1, 3]
    assert kpi.tenure_share(care)[["value", "numerator", "denominator"]].iloc[0].tolist() == [0.5, 1, 2]


@pytest.mark.parametrize(("joined", "stayed"), [("2025-11-01", 1), ("2025-11-02", 0)])
def test_a_year_is_365_days(joined: str, stayed: int) -> None:
    assert fraction(kpi.tenure_share(stays((joined, None)))) == (stayed, 1)
    assert fraction(kpi.tenure(stays((joined, None)))) == (stayed, 1)


def test_nobody_followed_for_so_long_gives_no_share_but_a_reason() -> None:
    found = kpi.tenure(stays(*[("2026-01-05", None)] * 20), years=5).iloc[0]
    assert (found["note"], np.isnan(found["value"])) == ("nobody was followed for so long", True)


def _company(begins: str | None, n: int = 4_000) -> Any:
    """Customers who leave at a steady rate; those who had left before the data begin are not in them."""
    draw = np.random.default_rng(7)
    joined = pd.Timestamp("2018-01-01") + pd.to_timedelta(draw.integers(0, 3200, n), unit="D")
    left = joined + pd.to_timedelta(draw.exponential(900, n).astype(int) + 1, unit="D")
    rows = pd.DataFrame({"joined_on": joined, "left_on": left, "customer_id": [f"K{k}" for k in range(n)]})
    rows = rows[rows["joined_on"] < "2026-11-01"]
    rows = rows if begins is None else rows[rows["left_on"] >= begins]
    return cs.load(
        {"customers": rows.assign(left_on=rows["left_on"].where(rows["left_on"] < "2026-11-01"))}, as_of="2026-10-31"
    )


@pytest.mark.parametrize("begins", [None, "2024-01-01"])
@pytest.mark.parametrize("years", [1, 2, 5])
def test_leavers_from_before_the_data_begin_do_not_flatter_the_share(begins: str | None, years: int) -> None:
    found = kpi.tenure(_company(begins), years=years).iloc[0]
    assert found["low"] <= np.exp(-365 * years / 900) <= found["high"]


def test_when_the_data_begin_can_be_told() -> None:
    care = _company("2024-01-01")
    known, told = kpi.tenure(care, years=2).iloc[0], kpi.tenure(care, years=2, since="2024-01-01").iloc[0]
    assert known["value"] == pytest.approx(told["value"], abs=0.01)
    with pytest.raises(cs.CareError, match="since='January' is no day"):
        kpi.tenure(care, since="January")


def test_where_nobody_is_followed_from_the_beginning_there_is_no_share() -> None:
    care = stays(*[("2020-01-05", None)] * 30, *[("2020-01-05", "2026-05-05")] * 5)
    assert kpi.tenure(care, since="2026-01-01")["note"].item() == "too few were followed from the beginning"


def test_tenure_at_the_end_of_a_period_knows_nothing_of_later_leaving() -> None:
    care = stays(*[("2025-01-05", "2025-09-05")] * 3, *[("2024-01-05", None)] * 3)
    found = kpi.tenure(care, every="month", period="2025-09", last=2)
    assert by_group(found, "period") == {"2025-08": 1.0, "2025-09": 0.5}


def test_tenure_by_group_counts_customers_of_no_group() -> None:
    rows = people(("A", "2024-01-05", None, "Bắc"), ("B", "2024-01-05", "2024-09-05", None), columns="region")
    found = kpi.tenure(cs.load({"customers": rows}, as_of="2026-10-31"), by="region")
    assert by_group(found, "region") == {"Bắc": 1.0, None: 0.0}


def _shop(*rows: tuple[str, str], as_of: str = "2025-02-01", **tables: Any) -> Any:
    """Purchases as (customer_id, day), in a shop whose first day is 1 January 2023; silence ends after 90 days."""
    bought = table("customer_id occurred_at", (None, "2023-01-01"), *rows)
    return cs.load({"transactions": bought, **tables}, as_of=as_of, inactive_after=90)


def test_without_contracts_a_customer_who_came_back_is_one_customer() -> None:
    care = _shop(("A", "2024-01-05"), ("B", "2024-01-05"), ("B", "2025-01-20"), ("C", "2024-12-24"))
    # A was silent from the first day on, B came back after a year and is here, C has just begun.
    assert kpi.tenure(care)[["value", "numerator", "denominator"]].iloc[0].tolist() == [0.5, 1, 3]


def test_what_came_after_a_period_is_not_known_at_its_end() -> None:
    care = _shop(("A", "2023-06-05"), ("B", "2023-06-05"), ("B", "2025-01-20"))
    found = kpi.tenure(care, years=0.5, period="2024-06", every="month", last=1)
    assert found[["value", "denominator"]].iloc[0].tolist() == [0, 2]  # B had not come back yet
    assert kpi.tenure(care, years=0.5)["value"].item() == 0.5


@pytest.mark.parametrize(("first", "counted"), [("2023-03-31", 0), ("2023-04-01", 1)])
def test_who_may_have_bought_before_the_data_begin_is_left_out(first: str, counted: int) -> None:
    # 1 April is 91 days after 31 December, the last day that the data do not hold.
    found = kpi.tenure(_shop(("A", first), ("B", "2024-01-05")))
    assert found["denominator"].item() == counted + 1
    # Of today's customers it is known how long they have been here at least: nobody is left out.
    still = [first] + [f"2023-{month:02}-28" for month in range(5, 13, 2)]
    plain = kpi.tenure_share(_shop(*(("A", day) for day in [*still, "2024-02-28", "2024-04-28"]), as_of="2024-05-01"))
    assert fraction(plain) == (1, 1)


def test_days_of_joining_tell_since_when_old_customers_are_customers() -> None:
    began = {"A": "2021-02-01", "B": "2023-01-20", "C": None}
    names = [f"{name}{k}" for name in began for k in range(12)]
    joined = table("customer_id joined_on", *[(name, began[name[0]]) for name in names])
    care = _shop(*[(n, day) for n in names for day in ("2023-02-01", "2023-04-01", "2023-06-01")], customers=joined)
    found = survival.curve(care, kpi.tenure)
    # A comes under observation two years old, B is new on joining, of C nobody knows since when; all fall silent.
    assert found.loc[found["ended"] > 0, "duration"].tolist() == [223, 941]
    assert fraction(kpi.tenure(care)) == (0, 24)


def test_a_contract_taken_up_again_is_one_stay() -> None:
    spells = people(("A", "2023-01-05", "2023-06-05"), ("A", "2024-01-05", None), ("B", "2023-01-05", "2023-06-05"))
    care = cs.load({"customers": spells}, as_of="2026-10-31")
    assert kpi.tenure(care)[["value", "numerator", "denominator"]].iloc[0].tolist() == [0.5, 1, 2]


def test_durations_stand_on_the_scorecard_with_a_verdict() -> None:
    card = cs.scorecard(demo(), period="2026-10", kpis=[kpi.resolution_time, kpi.tenure, kpi.tenure_share])
    assert card["kpi"].tolist() == ["resolution_time", "tenure", "tenure_share"]
    assert card["verdict"].iloc[:2].isin(["better", "worse", "cannot tell"]).all()
    assert card["verdict"].iloc[2] in ("cannot tell", None)  # an older base is neither better nor worse


@pytest.mark.parametrize("name", ["tenure", "tenure_share", "first_response_time", "resolution_time"])
def test_one_definition_is_true_of_every_time_that_may_be_asked_for(name: str) -> None:
    definition = getattr(kpi, name).definition
    assert not any(letter.isdigit() for letter in definition)
    assert "named" in definition


def test_a_call_centre_sees_seconds() -> None:
    rows = [("2026-10-05 08:00:00", f"2026-10-05 08:00:{5 + k:02d}") for k in range(41)]
    found = kpi.first_response_time(known(tickets(*rows).rename(columns={"resolved_at": "first_reply_at"})))
    assert found["value"].item() * 3600 == pytest.approx(25)
    assert 5 < found["low"].item() * 3600 < 25 < found["high"].item() * 3600 < 46
    text = cs.Show(known(tickets(*rows)), period="2026-10", lang="en").survival(kpi.resolution_time).text
    assert "Half of the cases take 25\xa0seconds or less" in text
    assert "10\xa0seconds\t" in text
