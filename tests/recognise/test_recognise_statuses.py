"""Status words that are sentences, or have dates in them, are understood by how they begin, or asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_folders import day, pick, save, table

import carestudy as cs
from carestudy.recognise import Proposal, propose


def orders(folder: Path, *statuses: str, rows: int = 60, **columns: object) -> Proposal:
    """What is proposed for orders with these words in turn; {day} in a word is a day of its own."""
    sales = {
        "Mã đơn hàng": lambda n: f"D{n}", "Mã khách hàng": lambda n: f"C{n % 9}", "Ngày đặt hàng": day,
        "Tổng tiền": lambda n: 100_000 + n, "Trạng thái": lambda n: pick(n, *statuses).replace("{day}", day(n)),
    }  # fmt: skip
    save(folder, {"don_hang.csv": table({**sales, **columns}, rows)})
    return propose(folder)


def left_open(proposal: Proposal) -> list[str]:
    """What is asked besides whether cancelled orders count."""
    return [question for question in proposal.questions() if "no sales?" not in question]


def returned(folder: Path, proposal: Proposal) -> tuple[int, int]:
    """How many orders that can be used are returned, and how many there are."""
    (folder / "care.toml").write_text(proposal.toml(), "utf-8")
    flags = cs.load(folder).tables["transactions"].returned.to_pyarrow().to_pylist()
    return sum(flags), len(flags)


@pytest.mark.parametrize(
    "status",
    [
        "Đã giao hàng và khách đã xác nhận nhận được hàng",
        "Người mua xác nhận đã nhận được hàng, nhưng vẫn có thể gửi yêu cầu Trả hàng/Hoàn tiền tới {day}",
        "Giao lúc {day}",
        "Delivered on {day} 08:30",
        "Giao thành công cho khách tại quầy của chi nhánh",
    ],
)
def test_a_long_status_means_what_its_beginning_means(status: str, tmp_path: Path) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", status)
    assert left_open(proposal) == []
    assert returned(tmp_path, proposal) == (20, 60)


@pytest.mark.parametrize("status", ["Đã hủy bởi hệ thống ngày {day}", "Đã hoàn tiền cho người mua qua ví ngày {day}"])
def test_so_does_one_that_ends_an_order(status: str, tmp_path: Path) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", status)
    assert (left_open(proposal), returned(tmp_path, proposal)) == ([], (40, 60))


@pytest.mark.parametrize(
    "status",
    [
        "Đã giao hàng nhưng khách trả lại toàn bộ đơn hàng này cho chúng tôi",  # its end says something else
        "Hẹn khách giao lại vào một ngày khác trong tuần sau nhé",
        "Chuyển đơn vị khác {day}",
    ],
)
def test_a_status_that_nobody_knows_is_asked_for_and_never_left_out(status: str, tmp_path: Path) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", status)
    assert any("in no list of ours" in one for one in proposal.questions())
    assert f'# ? "{status.replace("{day}", "{date}")}" = "true"' in proposal.toml()


def test_a_status_that_may_tell_of_a_person_is_asked_for_by_its_first_words(tmp_path: Path) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", "Gọi lại cho số 0912345678 của chị Lan")
    (asked,) = proposal.questions()
    assert asked.startswith("[transactions] 20 cells of 'Trạng thái' that begin with 'Gọi lại cho số …'")
    assert "0912345678" not in proposal.toml()


def test_a_day_in_every_status_does_not_make_it_another_kind_of_column(tmp_path: Path) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", *["Giao lúc {day}"] * 8, rows=200)
    assert returned(tmp_path, proposal) == (20, 200)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Trạng thái Trả hàng/Hoàn tiền", ("", "Đã chấp thuận")),
        ("Trạng thái hoàn trả", ("", "Đang xử lý trả hàng")),
        ("Hoàn tiền", ("", "Có")),
    ],
)
def test_a_second_column_that_tells_of_returns_is_asked_for(
    header: str, words: tuple[str, str], tmp_path: Path
) -> None:
    proposal = orders(tmp_path, "Hoàn thành", "Đã hủy", **{header: lambda n: pick(n, *words)})
    assert any("may tell of returns too" in one and f"'{header}'" in one for one in proposal.questions())


@pytest.mark.parametrize(("header", "words"), [("Lý do hủy", ("", "Đổi ý")), ("Refunded Amount", ("0", "0"))])
def test_reasons_and_columns_of_nothing_are_not(header: str, words: tuple[str, str], tmp_path: Path) -> None:
    assert left_open(orders(tmp_path, "Hoàn thành", "Đã hủy", **{header: lambda n: pick(n, *words)})) == []


@pytest.mark.parametrize("cells", [("85%", "90 %", "72,5%"), ("85%", "90%", "40%")])
def test_goals_in_percent_are_targets(cells: tuple[str, ...], tmp_path: Path) -> None:
    rows = [["Chỉ tiêu", "Kỳ", "Mục tiêu"], *[["csat", f"2026-{n + 1:02}", cells[n % 3]] for n in range(6)]]
    proposal = propose(save(tmp_path, {"muc_tieu.csv": rows}))
    assert proposal.matches["goals"].columns["target"].column.name == "Mục tiêu"
