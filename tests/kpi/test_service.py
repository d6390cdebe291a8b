"""Complaints, repeated contacts, returned goods."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import by_group, fraction, table

import carestudy as cs
from carestudy import kpi

CONTACTS = "customer_id opened_at resolved_at topic channel kind"


def contacts(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Contacts as (customer_id, opened_at, resolved_at, topic, channel, kind); what is left out is a bill by phone."""
    usual = (None, None, None, "bill", "phone", "question")
    return table(CONTACTS, *[(*row, *usual[len(row) :]) for row in rows])


def orders(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Orders as (occurred_at, amount, returned)."""
    return table("occurred_at amount returned", *rows, amount="int64", returned="object")


@pytest.fixture(scope="module")
def served() -> Any:
    """Four contacts, two of them complaints, five transactions; A, B and C are known, one of each is nobody's."""
    asked = contacts(
        ("A", "2026-10-02", None, "bill", "phone", "complaint"),
        ("A", "2026-10-09", None, "bill", "chat", "question"),
        (None, "2026-10-10", None, "bill", "phone", "complaint"),
        ("B", "2026-10-11", None, "bill", "chat", None),
    )
    bought = table(
        "customer_id occurred_at channel",
        ("A", "2026-10-03", "shop"), ("C", "2026-10-03", "shop"), ("C", "2026-10-04", "phone"),
        (None, "2026-10-05", "shop"), ("D", "2026-11-01", "shop"),
    )  # fmt: skip
    return cs.load({"contacts": asked, "transactions": bought})


@pytest.mark.parametrize(("per", "expected"), [("contact", (2, 4)), ("transaction", (2, 4)), ("customer", (2, 3))])
def test_complaints_are_measured_against_what_is_named(served: Any, per: str, expected: tuple[int, int]) -> None:
    assert fraction(kpi.complaint_rate(served, per=per, period="2026-10")) == expected


def test_complaint_rate_says_its_denominator_in_name_and_title() -> None:
    figure = kpi.complaint_rate.of(per="transaction")
    assert figure.id == "complaint_rate(per=transaction)"
    assert figure.title == "Complaints per transaction"


def test_complaint_rate_needs_to_be_told_its_denominator(served: Any) -> None:
    with pytest.raises(cs.CareError, match="needs to be told per"):
        kpi.complaint_rate(served)
    with pytest.raises(cs.CareError, match="choose one of contact, transaction, customer"):
        kpi.complaint_rate(served, per="order")


def test_a_customer_of_two_channels_is_served_on_both(served: Any) -> None:
    found = kpi.complaint_rate(served, per="customer", by="channel", period="2026-10")
    assert by_group(found, "channel", "denominator") == {"chat": 2, "phone": 2, "shop": 2}
    assert by_group(found, "channel", "numerator") == {"chat": 0, "phone": 2, "shop": 0}


def test_complaints_may_exceed_the_transactions(served: Any) -> None:
    found = kpi.complaint_rate(served, per="transaction", by="channel", period="2026-10").set_index("channel")
    assert found.loc["phone", "value"] == 2.0
    assert found.loc["chat", ["numerator", "denominator"]].tolist() == [0, 0]
    assert pd.isna(found.loc["chat", "value"])


def test_a_contact_is_followed_within_seven_days_after_it_was_closed() -> None:
    first = ("2026-10-01 10:00:00", "2026-10-01 12:00:00")
    again = {"in time": "2026-10-08 12:00:00", "too late": "2026-10-08 12:00:01", "still open": "2026-10-01 11:00:00"}
    rows = [row for name, at in again.items() for row in ((name, *first), (name, at))]
    found = kpi.recontact_rate(cs.load({"contacts": contacts(*rows)}, as_of="2026-10-31"), by="customer_id")
    assert by_group(found, "customer_id") == {"in time": 1, "too late": 0, "still open": 1}


def test_a_contact_is_followed_on_any_channel_by_the_same_customer_on_the_same_topic() -> None:
    first = ("2026-10-01", "2026-10-02")
    rows = contacts(
        ("other channel", *first), ("other channel", "2026-10-03", None, "bill", "chat"),
        ("other topic", *first), ("other topic", "2026-10-03", None, "speed"),
        ("other customer", *first), ("another", "2026-10-03"),
    )  # fmt: skip
    found = kpi.recontact_rate(cs.load({"contacts": rows}, as_of="2026-10-31"), by="customer_id")
    told = {"other channel": 1, "other topic": 0, "other customer": 0, "another": 0}
    assert by_group(found, "customer_id", "numerator") == told


def test_a_call_by_the_company_is_no_follow_up_of_the_customer() -> None:
    first, later, last = ("2026-10-01", "2026-10-02"), ("2026-10-03", "2026-10-03"), ("2026-10-04", "2026-10-04")
    rows = contacts(
        ("called back", *first), ("called back", *later),
        ("asked again after the call", *first), ("asked again after the call", *later),
        ("asked again after the call", *last), ("answers a call", *first), ("answers a call", *later),
        ("nobody says", *first), ("nobody says", *later),
    )  # fmt: skip
    who = ["inbound", "outbound", "inbound", "outbound", "inbound", "outbound", "inbound", "inbound", None]
    found = kpi.recontact_rate(cs.load({"contacts": rows.assign(direction=who)}, as_of="2026-10-31"), by="customer_id")
    counted = found.set_index("customer_id")[["numerator", "denominator"]].T.to_dict("list")
    # The company's own contacts are on neither side; the customer's next one counts across them.
    assert counted == {
        "answers a call": [0, 1], "asked again after the call": [1, 2], "called back": [0, 1], "nobody says": [1, 2],
    }  # fmt: skip
    everybody = kpi.recontact_rate(cs.load({"contacts": rows}, as_of="2026-10-31"))
    assert fraction(everybody) == (5, 9)


def test_a_contact_counts_once_its_seven_days_are_over() -> None:
    first = "2026-10-20"
    rows = contacts(("over", first, "2026-10-25 00:00:00"), ("not yet", first, "2026-10-25 00:00:01"))
    found = kpi.recontact_rate(cs.load({"contacts": rows}, as_of="2026-10-31"), by="customer_id")
    assert by_group(found, "customer_id", "denominator") == {"over": 1, "not yet": 0}


def test_open_contacts_and_those_of_nobody_are_followed_by_none() -> None:
    rows = contacts(("A", "2026-10-01"), ("A", "2026-10-02"), (None, "2026-10-01", "2026-10-01"), (None, "2026-10-02"))
    assert fraction(kpi.recontact_rate(cs.load({"contacts": rows}, as_of="2026-10-31"))) == (0, 0)


def test_a_followed_contact_belongs_to_the_month_it_was_opened_in() -> None:
    rows = contacts(("A", "2026-09-28", "2026-09-29"), ("A", "2026-10-02", "2026-10-03"))
    found = kpi.recontact_rate(cs.load({"contacts": rows}, as_of="2026-10-31"), period="2026-10", last=2)
    assert by_group(found, "period") == {"2026-09": 1.0, "2026-10": 0.0}


def test_recontact_can_look_further_and_then_waits_longer() -> None:
    rows = contacts(("A", "2026-10-01", "2026-10-01"), ("A", "2026-10-11", "2026-10-20"))
    care = cs.load({"contacts": rows}, as_of="2026-10-31")
    assert fraction(kpi.recontact_rate(care, within=14)) == (1, 1)
    assert fraction(kpi.recontact_rate(care, within=7)) == (0, 2)


def test_return_rate_in_orders_and_in_value() -> None:
    rows = orders(("2026-09-01", 100, True), ("2026-09-02", 300, False), ("2026-09-03", 50, None))
    care = cs.load({"transactions": rows}, as_of="2026-10-31")
    assert fraction(kpi.return_rate(care)) == (1, 3)
    assert fraction(kpi.return_rate(care, of="value")) == (100, 450)


def test_an_order_counts_once_it_can_no_longer_come_back() -> None:
    rows = orders(("2026-10-02 00:00:00", 100, True), ("2026-10-02 00:00:01", 200, True))
    care = cs.load({"transactions": rows}, as_of="2026-10-31")
    assert fraction(kpi.return_rate(care)) == (1, 1)
    assert fraction(kpi.return_rate(care, of="value")) == (100, 100)


def test_money_paid_back_is_no_sale_and_counts_as_a_return_of_its_own_where_nobody_knows_of_what() -> None:
    rows = orders(("2026-09-01", 0, True), ("2026-09-01", -100, True), ("2026-09-01", 100, False))
    care = cs.load({"transactions": rows}, as_of="2026-10-31")
    assert fraction(kpi.return_rate(care)) == (2, 2)
    assert fraction(kpi.return_rate(care, of="value")) == (100, 100)


def test_the_share_returned_has_no_upper_limit_above_all_of_it() -> None:
    rows = orders(*[("2026-09-01", 100 * k, k % 4 > 0) for k in range(1, 9)])
    found = kpi.return_rate(cs.load({"transactions": rows}, as_of="2026-10-31"), of="value")
    assert found["value"].item() <= found["high"].item() <= 1


@pytest.mark.parametrize("of", ["orders", "value"])
def test_no_return_in_many_orders_is_no_rate_of_zero(of: str) -> None:
    days = [f"2026-09-{day:02}" for day in range(1, 31)]
    never = cs.load({"transactions": orders(*[(day, 100, False) for day in days])}, as_of="2026-10-31")
    with pytest.raises(cs.CareError, match="nobody recorded any"):
        kpi.return_rate(never, of=of)
    once = cs.load({"transactions": orders(*[(day, 100, day == days[0]) for day in days])}, as_of="2026-10-31")
    assert kpi.return_rate(once, of=of)["value"].item() == pytest.approx(1 / 30)
    few = cs.load({"transactions": orders(*[(day, 100, False) for day in days[1:]])}, as_of="2026-10-31")
    assert kpi.return_rate(few, of=of)["value"].item() == 0


def test_return_rate_refuses_what_it_does_not_know() -> None:
    with pytest.raises(cs.CareError, match="choose orders or value"):
        kpi.return_rate(orders(("2026-09-01", 1, False)), of="pieces")


@pytest.fixture(scope="module")
def called() -> pd.DataFrame:
    """Three contacts of customers, two of them complaints, and two calls of the company, one of them a complaint."""
    asked = contacts(
        ("A", "2026-10-02T09:00", "2026-10-02T10:00", "bill", "phone", "complaint"),
        ("A", "2026-10-03T09:00", "2026-10-03T10:00", "bill", "phone", "question"),
        ("B", "2026-10-04T09:00", "2026-10-04T10:00", "bill", "phone", "complaint"),
        ("B", "2026-10-05T09:00", "2026-10-05T10:00", "bill", "phone", "exit_interview"),
        ("C", "2026-10-06T09:00", "2026-10-06T10:00", "bill", "phone", "complaint"),
    )
    return asked.assign(direction=["inbound", "inbound", None, "outbound", "outbound"])


def test_calls_of_the_company_count_in_complaints_as_in_repeated_contacts(called: pd.DataFrame) -> None:
    care = cs.load({"contacts": called}, as_of="2026-11-30")
    assert fraction(kpi.complaint_rate(care, per="contact", period="2026-10")) == (2, 3)
    assert kpi.complaint_count(care, period="2026-10")["value"].item() == 2
    assert fraction(kpi.repeat_complainers(care, period="2026-10")) == (0, 2)
    # A came again a day later; the company's calls to B and C neither follow nor are followed.
    assert fraction(kpi.recontact_rate(care, period="2026-10")) == (1, 3)
    bought = table("customer_id occurred_at", ("D", "2026-10-03"))
    care = cs.load({"contacts": called, "transactions": bought}, as_of="2026-11-30")
    # C was only called: served are A, B and D.
    assert fraction(kpi.complaint_rate(care, per="customer", period="2026-10")) == (2, 3)
    assert fraction(kpi.complaint_rate(care, per="transaction", period="2026-10")) == (2, 1)


def test_where_nobody_says_who_made_a_contact_all_count_in_both(called: pd.DataFrame) -> None:
    care = cs.load({"contacts": called.drop(columns="direction")}, as_of="2026-11-30")
    assert fraction(kpi.complaint_rate(care, per="contact", period="2026-10")) == (3, 5)
    assert fraction(kpi.recontact_rate(care, period="2026-10")) == (2, 5)
