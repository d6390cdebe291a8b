"""What only the company can tell is a question, in care.toml and on the terminal, and never taken for granted."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, moment, person, phone, pick, save, table

from carestudy.load import settings
from carestudy.recognise import Proposal, propose


def sales(rows: int = 60, **more: Any) -> Rows:
    """Sales of some customers."""
    columns = {"Mã HĐ": lambda n: f"HD{n}", "Ngày bán": day, "Mã KH": lambda n: f"C{n % 30:05d}"}
    return table({**columns, **more}, rows)


def tickets(**more: Any) -> Rows:
    """Tickets of some customers."""
    columns = {"Mã phiếu": lambda n: f"P{n}", "Ngày tạo": moment, "Mã KH": lambda n: f"C{n % 30:05d}"}
    return table({**columns, "Kênh": lambda n: pick(n, "Email", "Zalo"), **more})


def answers(**more: Any) -> Rows:
    """A survey."""
    return table({"Dấu thời gian": moment, "Mã KH": lambda n: f"C{n % 30:05d}", **more})


def asked(folder: Path, **files: Rows) -> Proposal:
    """What is proposed for some files."""
    return propose(save(folder, {f"{name}.csv": rows for name, rows in files.items()}))


def one(proposal: Proposal, words: str) -> str:
    """The only question that has these words."""
    (found,) = [question for question in proposal.questions() if words in question]
    return found


def unread(proposal: Proposal, table_: str) -> dict[str, Any]:
    """What the other commands read of a table as long as nothing is answered."""
    toml = proposal.toml()
    settings.interpret(tomllib.loads(toml))
    return dict(tomllib.loads(toml)[table_])


@pytest.mark.parametrize(
    "header",
    ["Doanh thu (triệu đồng)", "Doanh thu (tr.đ)", "Doanh thu trđ", "Revenue ('000)", "Amount (k)", "Tiền (tỷ)"],
)
def test_amounts_in_a_larger_unit_are_not_read_as_they_stand(header: str, tmp_path: Path) -> None:
    proposal = asked(tmp_path, don_hang=sales(**{header: lambda n: f"{n},5"}))
    assert "write them out in full" in one(proposal, header)
    assert "amount" not in unread(proposal, "transactions")["columns"]
    assert f'# ? amount = "{header}"' in proposal.toml()


@pytest.mark.parametrize("header", ["Tổng tiền K/H", "Thành tiền", "Doanh thu trả góp", "Tổng tiền bán"])
def test_other_words_are_no_larger_unit(header: str, tmp_path: Path) -> None:
    assert not any("in full" in question for question in asked(tmp_path, don_hang=sales(**{header: 5})).questions())


def test_amounts_that_words_shorten_are_called_so_but_cannot_be_read(tmp_path: Path) -> None:
    proposal = asked(tmp_path, don_hang=sales(**{"Thành tiền": lambda n: pick(n, "1,5tr", "500k", "200.000đ")}))
    assert "'Thành tiền' is called like amount, but its cells are no amounts" in one(proposal, "amount")


def test_a_word_nobody_knows_beside_cancelled_sales_is_asked_for(tmp_path: Path) -> None:
    status = {"Tổng tiền": 5000, "Trạng thái": lambda n: pick(n, "Hoàn thành", "Đã hủy", "No-show", "Báo giá", "Kỳ lạ")}
    proposal = asked(tmp_path, don_hang=sales(**status))
    assert unread(proposal, "transactions")["values"]["returned"] == {
        "Hoàn thành": "false", "Đã hủy": "true", "No-show": "true", "Báo giá": "true",
    }  # fmt: skip
    assert "1 of the words of returned" in one(proposal, "returned")
    for answer in ("true", "false"):
        answered = proposal.toml().replace(f'# ? "Kỳ lạ" = "{answer}"', f'"Kỳ lạ" = "{answer}"')
        values = settings.interpret(tomllib.loads(answered)).sources["transactions"].values
        assert values["returned"]["Kỳ lạ"] == answer


def test_columns_of_returns_that_nothing_reads_are_named(tmp_path: Path) -> None:
    more = {"Tổng tiền": 5000, "Ngày hủy": lambda n: "" if n % 5 else day(n), "Số tiền hoàn trả": "0"}
    question = one(asked(tmp_path, don_hang=sales(**more)), "cancelled or returned")
    assert "'Ngày hủy'" in question
    assert "Số tiền hoàn trả" not in question


def test_files_of_one_table_with_more_columns_in_one_of_them_are_one(tmp_path: Path) -> None:
    columns = {"Mã KH": lambda n: f"B{n}", "Ngày tạo": day, "Giới tính": "Nam"}
    north, south = table(columns), table({**columns, "Mã KH": lambda n: f"N{n}", "Hạng": "Vàng", "Ghi chú": ""})
    proposal = asked(tmp_path, khach_bac=north, khach_nam=south)
    assert mapping(proposal)["customers"]["segment"] == "Hạng"
    assert proposal.matches["customers"].export.files == ["khach_bac.csv", "khach_nam.csv"]
    assert proposal.questions() == []


@pytest.mark.parametrize("header", ["Bạn hài lòng với dịch vụ chứ? (1-10)", "Mức độ hài lòng (1-10)"])
def test_satisfaction_up_to_ten_is_no_willingness_to_recommend(header: str, tmp_path: Path) -> None:
    proposal = asked(tmp_path, khao_sat=answers(**{header: lambda n: n % 10 + 1}))
    assert "? nps" not in mapping(proposal)["responses"]


def test_of_two_columns_of_satisfaction_it_is_asked_which_is_the_whole(tmp_path: Path) -> None:
    two = {"Hài lòng về nhân viên? (1-5)": lambda n: n % 5 + 1, "Hài lòng về cửa hàng? (1-5)": lambda n: n % 5 + 1}
    proposal = asked(tmp_path, khao_sat=answers(**two))
    assert "csat" in one(proposal, "answer to csat")
    assert "csat" not in unread(proposal, "responses")["questions"]


def test_words_of_a_score_that_is_only_guessed_wait_with_it(tmp_path: Path) -> None:
    proposal = asked(tmp_path, phan_hoi=answers(**{"Cảm nhận của anh chị thế nào?": lambda n: pick(n, "Tốt", "Kém")}))
    assert proposal.matches["responses"].questions[0].sure == "guess"
    assert "values" not in unread(proposal, "responses")
    answered = proposal.toml().replace("# ? ", "")
    assert settings.interpret(tomllib.loads(answered)).sources["responses"].values["score"] == {"Tốt": "4", "Kém": "2"}


def test_a_contract_is_no_customer_where_there_is_an_id_of_those(tmp_path: Path) -> None:
    columns = {"Số hợp đồng": lambda n: f"HD{n}", "Hiệu lực / Từ": day, "Giới tính": "Nam", "Năm sinh": 1980}
    alone = asked(tmp_path / "a", hop_dong_khach_hang=table(columns))
    assert alone.matches["customers"].columns["customer_id"].sure == "likely"
    both = asked(tmp_path / "b", khach_hang=table({**columns, "Mã bên mua BH": lambda n: f"BM{n % 40}"}))
    assert mapping(both)["customers"]["customer_id"] == "Mã bên mua BH"
    assert "joined_on" in one(both, "when a contract holds")


def test_sales_of_nobody_are_a_question(tmp_path: Path) -> None:
    rows = table({"Order ID": lambda n: f"A{n}", "Order Date": day, "Total": 5000})
    assert "no column was found for customer_id" in one(asked(tmp_path, orders=rows), "customer_id")


def test_times_with_an_offset_behind_them_are_times(tmp_path: Path) -> None:
    stamp = lambda n: moment(n, "%Y/%m/%d %I:%M:%S ") + pick(n, "SA GMT+7", "CH GMT+7")  # noqa: E731
    proposal = asked(tmp_path, khao_sat=answers(**{"Dấu thời gian": stamp, "NPS (0-10)": lambda n: n % 11}))
    assert unread(proposal, "responses")["dates"] == {"answered_at": "%Y/%m/%d %I:%M:%S %p"}


def test_a_column_called_so_that_holds_something_else_is_named(tmp_path: Path) -> None:
    proposal = asked(tmp_path, khao_sat=answers(**{"Dấu thời gian": "hôm qua", "NPS (0-10)": lambda n: n % 11}))
    assert "'Dấu thời gian' is called like answered_at, but its cells are no days" in one(proposal, "answered_at")


def test_zero_seconds_are_never(tmp_path: Path) -> None:
    epoch = {"Ngày tạo": lambda n: 1_780_000_000 + n, "Ngày đóng": lambda n: 1_790_000_000 + n if n % 4 else 0}
    alone = asked(tmp_path / "a", phieu=tickets(**epoch))
    assert unread(alone, "contacts")["empty"] == ["0"]
    counted = asked(tmp_path / "b", phieu=tickets(**epoch, **{"Số lần mở lại": lambda n: n % 3}))
    assert "Số lần mở lại" in one(counted, "0 says never in 'Ngày đóng'")
    assert "empty" not in unread(counted, "contacts")


def test_false_is_no_day_unless_it_means_no(tmp_path: Path) -> None:
    closed = {"Ngày đóng": lambda n: moment(n) if n % 4 else "False"}
    assert unread(asked(tmp_path / "a", phieu=tickets(**closed)), "contacts")["empty"] == ["False"]
    both = asked(tmp_path / "b", phieu=tickets(**closed, **{"Mở lại": lambda n: pick(n, "True", "False")}))
    assert "Ngày đóng" in one(both, "'False' says nothing")


def test_a_category_with_complaints_in_it_is_the_kind(tmp_path: Path) -> None:
    category = {"category": lambda n: pick(n, "Complaint", "Question", "Bug")}
    assert mapping(asked(tmp_path, tickets=tickets(**category)))["contacts"]["kind"] == "category"


def test_the_last_day_is_one_that_people_live_to_see(tmp_path: Path) -> None:
    rows = sales(**{"Tổng tiền": 5000, "Ngày bán": lambda n: "31/12/9999" if n == 7 else day(n)})
    last = asked(tmp_path, don_hang=rows).last
    assert last is not None
    assert last.year == 2026


def test_ratings_of_contacts_are_answers(tmp_path: Path) -> None:
    proposal = asked(tmp_path, phieu=tickets(**{"Điểm hài lòng (1-5)": lambda n: n % 5 + 1}))
    (question,) = proposal.matches["responses"].questions
    assert (question.name, question.column.name) == ("csat", "Điểm hài lòng (1-5)")


def test_every_question_stands_in_care_toml_and_nothing_else_is_called_so(tmp_path: Path) -> None:
    more = {"Tổng tiền (triệu)": 5, "Ngày hủy": day, "Khách": person}
    proposal = asked(tmp_path, don_hang=sales(**more), thoi_tiet=[["Nhiệt độ", "Độ ẩm"], ["31", "80"]])
    waiting = [line for line in proposal.toml().splitlines() if line.startswith("# ? ")]
    told = [line for line in proposal.lines() if line.startswith("question: ")]
    assert len(told) == len(waiting) == len(proposal.questions())


def test_a_file_without_names_of_columns_is_left_and_not_quoted(tmp_path: Path) -> None:
    rows = [[f"KH{n}", person(n), phone(n), f"mat{n}@x.vn", day(n)] for n in range(40)]
    proposal = asked(tmp_path, khach=rows, don_hang=sales(**{"Tổng tiền": 5000}))
    assert "khach.csv is not used: line 1 seems to be data" in one(proposal, "khach.csv")
    said = "\n".join([proposal.toml(), *proposal.lines()])
    assert not any(cell in said for cell in rows[0][1:])


def test_years_and_numbers_above_columns_are_names(tmp_path: Path) -> None:
    rows = table({"Mã KH": lambda n: f"C{n}", "Ngày đăng ký": day, "2025": 2025, "1": 1})
    assert asked(tmp_path, khach_hang=rows).matches["customers"].export.rows == 60


def test_a_header_that_tells_of_a_person_is_not_repeated(tmp_path: Path) -> None:
    rows = answers(**{"NPS (0-10)": lambda n: n % 11, "chị Mật 0912345678 <mat@x.vn>": "x"})
    proposal = asked(tmp_path, khao_sat=rows)
    said = "\n".join([proposal.toml(), *proposal.lines()])
    assert "chị Mật … <…>" in said
    assert "0912345678" not in said
    assert "mat@x.vn" not in said


def test_an_answer_that_tells_of_a_person_is_no_word_for_a_score(tmp_path: Path) -> None:
    words = lambda n: pick(n, "9 - có", "10 - chắc chắn", "2 - không", "5 - hỏi 0912345678")  # noqa: E731
    asks = "Bạn có giới thiệu chúng tôi không? (0-10)"
    proposal = asked(tmp_path, khao_sat=answers(**{asks: words, "Góp ý": "Nhân viên nhiệt tình"}))
    assert "0912345678" not in proposal.toml()
    assert "is called like score" in one(proposal, "score")


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": table({"Mã KH": lambda n: f"C{n}", "Ngày đăng ký": day})})
    save(tmp_path, {"\u1ebf.csv": sales(**{"Tổng tiền": 5000}), "e\u0302\u0301.csv": sales(**{"Tổng tiền": 7000})})
    proposal = propose(tmp_path)
    assert set(proposal.matches) == {"customers"}
    assert len([question for question in proposal.questions() if "two files are called so" in question]) == 2


def test_a_name_that_is_no_utf_8_is_left(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": table({"Mã KH": lambda n: f"C{n}", "Ngày đăng ký": day}), "don_\udce0.csv": "a\n1\n"})
    assert "rename it" in one(propose(tmp_path), "don_")
