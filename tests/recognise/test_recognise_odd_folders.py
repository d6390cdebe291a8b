"""init never fails without a sentence, whatever lies in a folder."""

from __future__ import annotations

import random
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, save, table

from carestudy.contract import TABLES, CareError
from carestudy.recognise import propose, words

CELLS: tuple[Any, ...] = (
    "", "?", "Q3", "Khiếu nại", "-", lambda n: n, lambda n: f"{n}.0", lambda n: f"A{n % 7:04d}",
    lambda n: f"C{n:06d}", lambda n: f"2026-0{n % 9 + 1}-1{n % 10}", lambda n: f"{n % 28 + 1}/{n % 12 + 1}/2026",
    lambda n: f"{n % 24}:15", lambda n: f"{n},5", lambda n: f"{n}.000đ", lambda n: ("Có", "Không")[n % 2],
    lambda n: n % 5 + 1, lambda n: ("Won", "Lost", "Open")[n % 3], lambda n: f"1h {n}m", lambda n: f"09{n:08d}",
    lambda n: f"a{n}@b.vn", lambda n: ("Gọi nhỡ", "Thành công")[n % 2], lambda n: 1_780_000_000 + n,
)  # fmt: skip


def _headers() -> list[str]:
    columns = (column.headers for name in TABLES if name != "invitations" for column in TABLES[name].registry.values())
    phrases = [phrase for headers in (*columns, *words.dictionary()["own"].values()) for phrase in headers]
    return [*phrases, "Quantity", "Unit price", "Discount", "Created (GMT+9)", "x", "Total Revenue", "Quarter", "id"]


def _folder(seed: int) -> dict[str, Rows]:
    draw = random.Random(seed)  # noqa: S311 - folders for a test
    names = draw.sample(
        ["khach_hang", "orders", "order_details", "tickets", "calls", "khao_sat", "services", "data"], 4
    )
    headers = draw.sample(_headers(), 9)
    files: dict[str, Rows] = {}
    for name in names:
        chosen = list(dict.fromkeys(draw.choices(headers, k=draw.randint(1, 7))))
        cells = {header: draw.choice(CELLS) for header in chosen}
        files[f"{name}.csv"] = table(cells, draw.choice((0, 1, 2, 30)))
    return files


@pytest.mark.parametrize("seed", range(60))
def test_an_odd_folder_is_proposed_or_refused_in_a_sentence(seed: int, tmp_path: Path) -> None:
    save(tmp_path, _folder(seed))
    with suppress(CareError):
        proposal = propose(tmp_path)
        tomllib.loads(proposal.toml())
        assert proposal.lines()
