"""Amounts that could be another amount: read by the form that is stated, else set aside; currencies are never added."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import counts, faults, findings, refused, taken, used

from carestudy import kpi

HEAD = "transaction_id;occurred_at;amount\n"


def _amounts(folder: Path, cells: list[str], care: str = "") -> dict[str, int | None]:
    """What the cells of amount are read as, beside one that is plain; those that are not there were set aside."""
    rows = "".join(f"{n};2026-01-05;{cell}\n" for n, cell in enumerate([*cells, "1"]))
    found = taken(folder, {"transactions": HEAD + rows, **({"care": care} if care else {})})
    read = dict(used(found, "transactions", "transaction_id", "amount"))
    assert read[str(len(cells))] == 1
    assert counts(found, "transactions")[0] == len(cells) + 1
    return {cell: read[str(n)] for n, cell in enumerate(cells) if str(n) in read}


def test_what_could_be_two_amounts_is_neither(tmp_path: Path) -> None:
    assert _amounts(tmp_path / "data", ["950.000", "1,200", "1.234.567", "1234,5", "12 34"]) == {}


def test_a_column_of_such_amounts_is_a_question(tmp_path: Path) -> None:
    said = refused(tmp_path / "data", {"transactions": f"{HEAD}T1;2026-01-05;950.000\nT2;2026-01-05;1.250.000\n"})
    assert said.startswith("transactions.csv: amount")
    assert "care.toml: numbers" in said


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("1.234,5", {"950.000": 950_000, "1.234.567,5": 1_234_568, "12,5": 13, "950000": 950_000}),
        ("1,234.5", {"950,000": 950_000, "1,234,567.5": 1_234_568, "12.5": 13}),
        ("1234,5", {"950000,0": 950_000, "12,5": 13}),
        ("1234.5", {"950.000": 950, "12.5": 13}),
    ],
)
def test_a_stated_form_is_read_and_no_other(tmp_path: Path, form: str, cells: dict[str, int]) -> None:
    wrong = {"1.234,5": "1,234.5", "1,234.5": "1.234,5", "1234,5": "1.234,5", "1234.5": "1,234.5"}[form]
    found = _amounts(tmp_path / "data", [*cells, wrong], f'[transactions]\nnumbers = "{form}"\n')
    assert found == cells


def test_an_amount_may_carry_the_currency_of_the_company(tmp_path: Path) -> None:
    cells = {
        "1.200.000 đ": 1_200_000, "1.200.000₫": 1_200_000, "₫ 5": 5, "VND 1.000": 1000, "1.000 VNĐ": 1000,
        "12 đồng": 12, "(1.200.000)": -1_200_000, "(1.200 đ)": -1200, "-5": -5, "１２３": 123,
    }  # fmt: skip
    assert _amounts(tmp_path / "data", list(cells), '[transactions]\nnumbers = "1.234,5"\n') == cells


def test_an_amount_of_another_currency_is_set_aside_and_never_added(tmp_path: Path) -> None:
    text = (
        f"{HEAD}T1;2026-01-05;100 đ\nT2;2026-01-05;$100\nT3;2026-01-05;100 USD\nT4;2026-01-05;€100\nT5;2026-01-06;50\n"
    )
    care = taken(tmp_path / "data", {"transactions": text})
    assert counts(care, "transactions") == (5, 2, 3)
    assert kpi.invoiced(care, period="2026-01")["value"].tolist() == [150]
    assert {column for column, *_ in faults(care)} == {"amount"}


def test_what_is_no_amount_is_set_aside(tmp_path: Path) -> None:
    assert (
        _amounts(
            tmp_path / "data",
            [
                "1,2tr",
                "1.2tr",
                "2k",
                "inf",
                "-inf",
                "1e999",
                "#REF!",
                "#DIV/0!",
                "#VALUE!",
                "0x1F",
                "--5",
                "5-",
                "mười",
            ],
        )
        == {}
    )


def test_an_amount_that_is_not_known_is_empty_and_not_zero(tmp_path: Path) -> None:
    cells = ["", "NaN", "#N/A", "NULL"]
    assert _amounts(tmp_path / "data", cells) == dict.fromkeys(cells)
    rows = "".join(f"{n};2026-01-05;{cell}\n" for n, cell in enumerate([*cells, "10", "20"]))
    care = taken(tmp_path / "mean", {"transactions": HEAD + rows})
    assert kpi.mean_transaction(care, period="2026-01")["value"].tolist() == [15]


def test_a_large_amount_keeps_its_last_digit(tmp_path: Path) -> None:
    large = [str(2**53 + 1), str(2**62 + 1), f"-{2**53 + 1}"]
    assert _amounts(tmp_path / "data", large) == {cell: int(cell) for cell in large}
    assert _amounts(tmp_path / "more", [str(2**63), "9" * 40]) == {}


def test_sums_do_not_depend_on_the_order_of_the_rows(tmp_path: Path) -> None:
    cells = [str(2**53 + 1), "1", "-3", str(2**53)] * 5
    rows = [f"{n};2026-01-05;{cell}\n" for n, cell in enumerate(cells)]
    one = taken(tmp_path / "one", {"transactions": HEAD + "".join(rows)})
    other = taken(tmp_path / "other", {"transactions": HEAD + "".join(reversed(rows))})
    frames = [kpi.invoiced(care, period="2026-01") for care in (one, other)]
    assert frames[0].equals(frames[1])
    assert frames[0]["value"].tolist() == [float(sum(map(int, cells)))]


def test_one_amount_a_thousand_times_too_large_is_kept_and_warned_of(tmp_path: Path) -> None:
    rows = "".join(f"{n};2026-01-{n % 28 + 1:02};{90_000 + 1000 * n}\n" for n in range(60))
    care = taken(tmp_path / "data", {"transactions": f"{HEAD}{rows}X;2026-01-05;120000000\n"})
    assert counts(care, "transactions") == (61, 61, 0)
    assert [rows for _, rows in findings(care, "transactions", "amount")] == [1]


def test_numbers_beside_money_keep_the_same_rules(tmp_path: Path) -> None:
    goals = "kpi;target;weight\nnps;40;0,5\nnps;abc;1\nnps;50;1\n"
    care = taken(tmp_path / "data", {"goals": goals, "care": '[goals]\nnumbers = "1234,5"\n'})
    assert used(care, "goals", "target", "weight") == [(40.0, 0.5), (50.0, 1.0)]
    assert faults(care) == [("target", "is no number", (3,))]
