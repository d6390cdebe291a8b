"""Columns for each year, such as REVENUE_2015 and REVENUE_2016: a row for each year, once somebody agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, person, pick, save, table

import carestudy as cs
from carestudy import kpi
from carestudy.recognise import Proposal, propose

PEOPLE: dict[str, Any] = {"Mã khách hàng": lambda n: f"KH{n:05d}", "Tên khách hàng": person,
                          "Tỉnh/Thành phố": lambda n: pick(n, "Hà Nội", "Huế", "Đà Nẵng")}  # fmt: skip
SUMS = range(1, 61)


def tried(folder: Path, name: str = "export.csv", **more: Any) -> Proposal:
    """What is proposed for one file of customers with further columns."""
    return propose(save(folder, {name: table({**PEOPLE, **more})}), company="Mẫu", currency="VND")


def loaded(folder: Path, proposal: Proposal) -> Any:
    """The data once every line that waits is agreed to; the sentences among them stay comments."""
    lines = []
    for line in proposal.toml().splitlines():
        said = line.removeprefix("# ? ")
        lines.append(said if said == line or said.startswith("[") or " = " in said else f"# {said}")
    (folder / "care.toml").write_text("\n".join(lines), "utf-8")
    return cs.load(folder)


@pytest.mark.parametrize(
    "header", ["Doanh thu {year}", "Doanh thu năm {year}", "{year} - Tổng mua", "REVENUE_{year}", "GIFT_{year}",
               "Tổng chi tiêu ({year})", "Doanh số bán hàng {year}"],
)  # fmt: skip
def test_amounts_of_years_are_a_question_and_right_once_answered(header: str, tmp_path: Path) -> None:
    years = {header.replace("{year}", "2024"): lambda n: (n + 1) * 1000, header.replace("{year}", "2025"): 500}
    proposal = tried(tmp_path, **years)
    sold = proposal.matches["transactions"]
    assert sold.columns["amount"].column.name == header
    assert (sold.columns["occurred_at"].entry, sold.columns["occurred_at"].sure) == ({"value": "{year}-12-31"}, "guess")
    assert f'# ? amount = "{header}"' in proposal.toml()
    care = loaded(tmp_path, proposal)
    assert float(kpi.invoiced(care)["value"].item()) == sum(SUMS) * 1000 + 500 * len(SUMS)
    assert care.table("customers").count().to_pyarrow().as_py() == len(SUMS)


@pytest.mark.parametrize("name", ["khach_hang.csv", "export.csv"])
def test_one_file_tells_of_customers_of_sales_and_of_answers(name: str, tmp_path: Path) -> None:
    years: dict[str, Any] = {f"NPS_{year}": lambda n: (n * 7) % 11 for year in (2015, 2016)}
    years |= {f"Doanh số {year}": lambda n: n * 1000 for year in (2015, 2016, 2017)}
    proposal = tried(tmp_path, name, **years)
    assert set(proposal.matches) == {"customers", "transactions", "responses"}
    answers = proposal.matches["responses"]
    assert [(one.name, one.column.name) for one in answers.questions] == [("nps", "NPS_{year}")]
    assert answers.columns["answered_at"].entry == {"value": "{year}-12-31"}
    care = loaded(tmp_path, proposal)
    assert care.table("responses").count().to_pyarrow().as_py() == 2 * len(SUMS)


def test_nothing_of_years_counts_before_it_is_agreed_to(tmp_path: Path) -> None:
    proposal = tried(tmp_path, **{f"Doanh thu {year}": 500 for year in (2024, 2025)})
    (tmp_path / "care.toml").write_text(proposal.toml(), "utf-8")
    assert "transactions" not in cs.load(tmp_path).tables


@pytest.mark.parametrize(
    "columns",
    [
        {"Doanh thu 2024": 500},  # a year by itself
        {"birth_year": 1990, "Năm sinh": 1990, "Revenue": 500},
        {"Điểm tích lũy 2024": 5, "Điểm tích lũy 2025": 6},
        {"Active_2024": "Yes", "Active_2025": "No"},
        {"Kế hoạch doanh thu 2024": 500, "Kế hoạch doanh thu 2025": 600},
        {"Công nợ 2024": 500, "Công nợ 2025": 600},
        {"Doanh thu 01/2024": 500, "Doanh thu 01/2025": 600},
        {"Revenue Jan 2024": 500, "Revenue Jan 2025": 600},
        {"Revenue growth 2024": 0.5, "Revenue growth 2025": 0.6},
        {"Mã 2024": 1, "Mã 2025": 2},
    ],
)  # fmt: skip
def test_other_columns_with_years_stay_as_they_are(columns: dict[str, Any], tmp_path: Path) -> None:
    proposal = tried(tmp_path, "khach_hang.csv", **columns)
    assert "{year}" not in proposal.toml()


def test_a_file_with_a_day_of_each_sale_is_not_by_year(tmp_path: Path) -> None:
    rows: Rows = table({"Số hóa đơn": lambda n: f"HD{n:05d}", "Ngày hóa đơn": day, "Mã khách hàng": lambda n: f"KH{n}",
                        "Doanh thu 2024": 500, "Doanh thu 2025": 600})  # fmt: skip
    assert "{year}" not in propose(save(tmp_path, {"hoa_don.csv": rows})).toml()


def test_yearly_sums_beside_a_file_of_sales_are_no_second_record_of_them(tmp_path: Path) -> None:
    people = table({**PEOPLE, "Doanh thu 2024": 500, "Doanh thu 2025": 600})
    sold = table({"Số hóa đơn": lambda n: f"HD{n:05d}", "Ngày hóa đơn": day, "Mã khách hàng": lambda n: f"KH{n:05d}",
                  "Thành tiền": 500})  # fmt: skip
    assert "{year}" not in propose(save(tmp_path, {"khach_hang.csv": people, "hoa_don.csv": sold})).toml()


def test_sums_of_products_are_not_those_of_customers(tmp_path: Path) -> None:
    rows = table({"ID": lambda n: f"P{n}", "Tên sản phẩm": "Trà", "Doanh thu 2024": 500, "Doanh thu 2025": 600})
    assert "{year}" not in propose(save(tmp_path, {"san_pham.csv": rows})).toml()
