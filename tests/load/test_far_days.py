"""One date a century ahead moves nothing; the silence of a season, and rows that another table bears out, stay."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from folders import counts, faults, folder

from carestudy import kpi
from carestudy.load import checks, load, sources
from carestudy.quality import quality

START = date(2025, 1, 1)
END = "2026-02-05T00:00:00+07:00"


def days(n: int = 400, start: date = START, step: int = 1) -> list[str]:
    return [(start + timedelta(days=step * number)).isoformat() for number in range(n)]


def sales(when: list[str]) -> Any:
    return pd.DataFrame({
        "transaction_id": [f"T{n}" for n in range(len(when))], "customer_id": [f"A{n % 7}" for n in range(len(when))],
        "occurred_at": when, "amount": 100,
    })  # fmt: skip


def contacts(when: list[str]) -> Any:
    return pd.DataFrame({"contact_id": [f"C{n}" for n in range(len(when))], "opened_at": when})


@pytest.mark.parametrize("slip", ["2126-02-04", "2062-02-04 10:00", "2027-02-04", "2026-12-31"])
def test_one_date_far_ahead_is_excluded_and_does_not_move_the_end(slip: str) -> None:
    clean = load({"transactions": sales(days())})
    care = load({"transactions": sales([*days(), slip])})
    assert care.as_of.isoformat() == clean.as_of.isoformat() == END
    assert faults(care) == [("occurred_at", checks.FAR_AFTER, 1, (401,), True)]
    assert counts(care, "transactions") == (401, 400, 1)
    assert kpi.invoiced(care, period="2026-01")["value"].item() == 3100
    assert care.inactive_after == clean.inactive_after
    found = quality(care)
    told = found[found["level"] != "fine"]
    assert told[["table", "column", "check", "rows", "of", "level"]].to_numpy().tolist() == [
        ["transactions", "occurred_at", "impossible", 1, 401, "notice"]
    ]


def test_one_date_far_back_does_not_move_the_beginning() -> None:
    care = load({"transactions": sales(["1970-01-01", *days()])})
    assert care.spans["transactions"] == (START, date(2026, 2, 4))
    assert faults(care) == [("occurred_at", checks.FAR_BEFORE, 1, (1,), True)]


def test_both_ends_and_a_row_in_a_thousand(tmp_path: Path) -> None:
    many = [day for day in days() for _ in range(10)]
    text = sales(["1995-05-05", *many, *["2126-01-01"] * 4]).to_csv(index=False)
    care = load(folder(tmp_path, transactions=text))
    assert counts(care, "transactions") == (4005, 4000, 5)
    assert care.as_of.isoformat() == END
    assert load(folder(tmp_path, transactions=text, care='as_of = "2026-02-04"')).as_of.isoformat() == END


def test_more_rows_than_slips_of_the_pen_stay() -> None:
    care = load({"transactions": sales([*days(), *["2026-12-31"] * 3])})
    assert care.as_of.isoformat() == "2027-01-01T00:00:00+07:00"


def test_a_row_that_another_table_bears_out_stays() -> None:
    care = load({"transactions": sales([*days(), "2026-09-30"]), "contacts": contacts(days(640))})
    assert counts(care, "transactions") == (401, 401, 0)
    both = load({"transactions": sales([*days(), "2126-09-30"]), "contacts": contacts([*days(390), "2126-09-30"])})
    assert both.as_of.isoformat() == END
    assert [count.set_aside for count in both.counts] == [1, 1]


def test_the_first_sale_of_a_new_season_is_no_slip() -> None:
    first, second = days(60, date(2025, 1, 1)), days(60, date(2026, 1, 1))
    assert counts(load({"transactions": sales([*first, "2026-01-01"])}), "transactions") == (61, 61, 0)
    seasons = [*first, *second, "2027-01-02"]
    assert counts(load({"transactions": sales(seasons)}), "transactions") == (121, 121, 0)
    late = [*first, *second, "2127-01-02"]
    assert counts(load({"transactions": sales(late)}), "transactions") == (121, 120, 1)


@pytest.mark.parametrize("step", [7, 30, 91, 365])
def test_who_buys_seldom_makes_no_slip(step: int) -> None:
    when = days(20, date(2001, 1, 1), step)
    after = (date.fromisoformat(when[-1]) + timedelta(days=2 * step)).isoformat()
    assert counts(load({"transactions": sales([*when, after])}), "transactions") == (21, 21, 0)


def test_a_small_table_loses_only_what_is_beyond_doubt() -> None:
    few = ["2026-01-05", "2026-01-09", "2026-02-01", "2026-02-20"]
    assert counts(load({"transactions": sales([*few, "2027-02-20"])}), "transactions") == (5, 5, 0)
    assert counts(load({"transactions": sales([*few, "2126-02-20"])}), "transactions") == (5, 4, 1)
    assert counts(load({"transactions": sales(["2026-01-05", "2126-02-20"])}), "transactions") == (2, 2, 0)


def test_a_stated_end_is_taken_at_its_word() -> None:
    care = load({"transactions": sales([*days(), "2026-12-31"])}, as_of="2026-12-31")
    assert counts(care, "transactions") == (401, 401, 0)
    care = load({"transactions": sales([*days(), "2126-12-31"])}, as_of="2026-02-04")
    assert [reason for _, reason, *_ in faults(care)] == ["lies after as_of"]


def test_a_customer_who_joins_in_a_century_does_not_move_the_end() -> None:
    people = pd.DataFrame({"customer_id": [f"A{n}" for n in range(401)], "joined_on": [*days(), "2126-02-04"]})
    care = load({"customers": people})
    assert care.as_of.isoformat() == END
    founder = people.assign(joined_on=[*days(), "1990-01-01"])
    assert counts(load({"customers": founder}), "customers") == (401, 401, 0)
    booked = people.assign(joined_on=[*days(), "2027-02-04"])
    assert counts(load({"customers": booked}), "customers") == (401, 401, 0)


def test_large_parquet_that_stays_where_it_is_is_judged_as_well(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sources, "IN_PLACE", 100)
    frame = sales([*days(), "2126-01-01"]).assign(occurred_at=lambda rows: pd.to_datetime(rows["occurred_at"]))
    frame.astype({"occurred_at": "datetime64[us]"}).to_parquet(tmp_path / "transactions.parquet")
    care = load(tmp_path)
    assert (care.as_of.isoformat(), counts(care, "transactions")) == (END, (401, 400, 1))
