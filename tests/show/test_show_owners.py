"""Responsibility is told in counts, without names."""

from __future__ import annotations

import base64
import re

import numpy as np
import pandas as pd
from companies import demo
from frames import HOSTILE

from carestudy.people import caseloads, load, owners
from carestudy.show import owners as shown
from carestudy.show.words import Reader

EN = Reader("en")


def _checks(*rows: tuple[str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["check", "n", "of"]).astype({"n": "Int64", "of": "Int64"})
    share = frame["n"].astype(float) / frame["of"].astype(float)
    lacks = pd.Series(["staff.agent" if pd.isna(n) else None for n in frame["n"]], dtype=object)
    return frame.assign(share=share, lacks=lacks)


def test_the_title_counts_the_customers_without_one_owner_who_is_there() -> None:
    output = shown.owners(EN, _checks(("without owner", 100, 2000), ("owner has left", 56, 2000)))
    assert output.text.startswith(
        "Account owners. 156 of 2,000 active customers lack an account owner who is still with the company"
    )
    assert "Customers without an owner: 100 of 2,000 (5.0%)." in output.text


def test_when_all_have_an_owner_that_is_said() -> None:
    output = shown.owners(EN, _checks(("without owner", 0, 20), ("contact without agent", 0, 0)))
    assert "All 20 active customers have an account owner" in output.text


def test_a_check_that_cannot_be_done_says_what_it_needs() -> None:
    text = shown.owners(EN, _checks(("without owner", 1, 20), ("owner has left", None, 20))).text
    assert "needs staff.agent" in text
    assert "Some checks need staff.agent, which the data do not have." in text


def test_groups_stand_in_order_and_are_no_html() -> None:
    frame = _checks(("without owner", 1, 20), ("without owner", 2, 20))
    frame.insert(1, "region", [HOSTILE, "An Giang"])
    output = shown.owners(EN, frame)
    assert "<b id=live" not in str(output.html)
    lines = [line for line in output.text.splitlines() if line.startswith("Customers without an owner\t")]
    assert "An Giang" in lines[1] or "An Giang" in lines[0]
    assert output.text.startswith("Account owners by region. 3 of 40")


def test_the_load_is_a_picture_without_names() -> None:
    output = shown.load(EN, caseloads(demo()), load(demo()))
    (png,) = re.findall(r"base64,([^\"]*)\"", str(output.html))
    assert len(base64.b64decode(png)) < 10_000
    assert "NV" not in output.text
    assert re.search(
        r"Customers per owner: median [\d.]+, from \d+ to \d+ \(\d+ owners, [\d,]+ customers\)", output.text
    )


def test_the_load_by_group_is_a_table() -> None:
    output = shown.load(Reader("vi"), caseloads(demo(), by="region"), load(demo(), by="region"))
    assert "base64" not in str(output.html)
    assert "Khách hàng mỗi người" in output.text


def test_nobody_with_a_load_gives_an_empty_table() -> None:
    nobody = load(demo(), period="2026-10").iloc[:0]
    assert "Load per person" in shown.load(EN, caseloads(demo()).iloc[:0], nobody).text


def test_it_speaks_vietnamese() -> None:
    text = shown.owners(Reader("vi"), owners(demo())).text
    assert text.startswith("Phân công phụ trách. 156 trên 3.537 khách hàng hiện tại")
    assert not np.any([word in text for word in ("Customers", "owner ", "Contacts")])
