"""Every customer and contact should have exactly one person in charge who is still there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy.contract import CareError, Missing
from carestudy.people import caseloads, load, owners

STAFF = table("agent team from until", ("An", "N", None, None), ("Bình", "S", None, "2026-09-30"),
              ("Chi", "S", None, None))  # fmt: skip


def _customers(*held: str | None) -> pd.DataFrame:
    rows = [(f"K{k}", "2026-01-05", None, one, "Bắc" if k % 2 else "Nam") for k, one in enumerate(held)]
    return people(*rows, ("gone", "2026-01-05", "2026-08-01", None, "Bắc"), columns="owner region")


def _contacts(*held: tuple[str | None, str | None]) -> pd.DataFrame:
    rows = [(f"C{k}", "K1", "2026-10-05T08:00:00", end, one, "phone") for k, (one, end) in enumerate(held)]
    return table("contact_id customer_id opened_at resolved_at agent channel", *rows)


def _load(**tables: pd.DataFrame) -> Any:
    return cs.load(tables, as_of="2026-10-31")


def _n(found: pd.DataFrame) -> dict[str, Any]:
    return {check: None if pd.isna(n) else int(n) for check, n in zip(found["check"], found["n"], strict=True)}


def test_every_gap_of_responsibility_is_counted_among_active_customers() -> None:
    care = _load(customers=_customers(None, "An", "An; Chi", "Bình", "Dung", "Chi"), staff=STAFF)
    found = owners(care)
    assert _n(found) == {
        "without owner": 1, "several owners": 1, "owner has left": 1, "owner unknown to staff": 1,
        "contact without agent": None, "agent unknown to staff": None, "open contact of an agent who has left": None,
    }  # fmt: skip
    assert set(found["of"].dropna()) == {6}
    assert found["lacks"].dropna().unique().tolist() == ["contacts"]


def test_whoever_works_on_the_last_day_but_one_has_left_and_on_no_last_day_has_not() -> None:
    for until, left in (("2026-10-31", 1), ("2026-11-01", 0), (None, 0)):
        staff = table("agent team from until", ("An", "N", None, until))
        assert _n(owners(_load(customers=_customers("An"), staff=staff)))["owner has left"] == left


def test_who_has_another_job_now_has_not_left() -> None:
    jobs = table("agent team from until", ("An", "N", "2025-01-01", "2026-01-31"), ("An", "S", "2026-02-01", None))
    assert _n(owners(_load(customers=_customers("An"), staff=jobs)))["owner has left"] == 0


def test_a_name_with_a_comma_that_staff_knows_is_one_person() -> None:
    staff = table("agent team from until", ("Lan, CSKH", "N", None, None))
    found = _n(owners(_load(customers=_customers("Lan, CSKH"), staff=staff)))
    assert found["several owners"] == found["owner unknown to staff"] == 0


def test_without_staff_only_clear_signs_part_two_owners() -> None:
    found = owners(_load(customers=_customers("Lan, CSKH", "Lan; Mai")))
    assert _n(found)["several owners"] == 1
    assert _n(found)["owner has left"] is None
    assert found.set_index("check").loc["owner has left", "lacks"] == "staff.agent"


def test_a_customer_of_several_open_rows_has_several_owners() -> None:
    rows = people(("K1", "2026-01-05", "2026-05-01", "An"), ("K1", "2026-06-05", None, "Chi"), columns="owner")
    assert _n(owners(_load(customers=rows, staff=STAFF)))["several owners"] == 0
    care = _load(customers=rows, staff=STAFF)
    both = care.table("customers").mutate(left_on=care.table("customers").left_on.nullif(pd.Timestamp("2026-05-01")))
    assert _n(owners(care.with_table("customers", both)))["several owners"] == 1


def test_rows_that_the_door_set_aside_are_counted() -> None:
    rows = people(("K1", "2026-01-05", None, "An"), ("K1", "2026-02-05", None, "Chi"), columns="owner")
    found = owners(_load(customers=rows, staff=STAFF)).set_index("check")
    assert found.loc["customer rows excluded as duplicates", ["n", "of"]].tolist() == [1, 2]


def test_contacts_are_checked_in_the_period_and_open_ones_whenever_they_came() -> None:
    held = [("An", "2026-10-06T08:00:00"), (None, None), ("Dung", None), ("Bình", None)]
    care = _load(customers=_customers("An"), contacts=_contacts(*held), staff=STAFF)
    now, before = _n(owners(care)), _n(owners(care, period="2026-09"))
    assert (now["contact without agent"], now["agent unknown to staff"]) == (1, 1)
    assert now["open contact of an agent who has left"] == before["open contact of an agent who has left"] == 1
    assert before["contact without agent"] == 0


def test_the_groups_add_up_to_the_whole() -> None:
    whole, parts = owners(demo()).set_index("check"), owners(demo(), by="segment")
    summed = parts.groupby("check")[["n", "of"]].sum()
    for check in summed.index:
        assert summed.loc[check].tolist() == whole.loc[check, ["n", "of"]].tolist()


def test_a_scope_that_only_contacts_have_leaves_the_customers_out_and_says_so() -> None:
    found = owners(demo(), by="channel")
    assert found[found["check"] == "without owner"]["lacks"].tolist() == ["customers.channel"]
    assert found[found["check"] == "contact without agent"]["lacks"].isna().all()


def test_the_planted_gaps_of_the_demo_are_found() -> None:
    found = _n(owners(demo()))
    assert (found["without owner"], found["owner has left"], found["several owners"]) == (103, 53, 0)


def test_ids_of_customers_are_not_shown() -> None:
    for frame in (owners(demo(), by="segment"), load(demo()), caseloads(demo())):
        assert "customer_id" not in frame.columns
        assert not frame.astype(str).melt()["value"].str.fullmatch(r"KH\d+").any()


def test_the_load_has_its_median_and_its_range() -> None:
    held = [("An", None), ("An", None), ("Chi", None), (None, None)]
    care = _load(customers=_customers("An", "An", "An", "Chi", None), contacts=_contacts(*held), staff=STAFF)
    found = load(care).set_index("load")
    assert found.loc["customers"].tolist() == [2, 4, 2, 1, 3]
    assert found.loc["contacts"].tolist() == [2, 3, 1.5, 1, 2]


def test_caseloads_tell_who_is_there() -> None:
    care = _load(customers=_customers("An", "Bình", "Dung", "An; Chi"), staff=STAFF)
    found = caseloads(care)
    assert found["person"].tolist() == ["An", "Bình", "Dung"]
    assert found["there"].tolist() == [True, False, None]
    assert found["customers"].tolist() == [1, 1, 1]


def test_nothing_to_check_is_an_error_that_names_what_is_missing() -> None:
    care = _load(staff=STAFF)
    for ask in (owners, caseloads):
        with pytest.raises(Missing, match="needs table 'customers'"):
            ask(care)


def test_a_dimension_named_as_a_column_of_the_result_is_refused() -> None:
    with pytest.raises(CareError, match="another name"):
        owners(demo(), by="share")
