"""Themes are counted with their interval, compared with the period before, and what has none is counted too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from companies import DATA, demo

import carestudy as cs
from carestudy import themes
from carestudy.contract import CareError, Missing
from carestudy.themes.counts import LESS, MORE

TRUTHS = json.loads((DATA / "demo" / "truths.json").read_text("utf-8"))["truths"]
YEAR = "2025-11..2026-10"
# The planted themes as the codebook has them; it tells bills from prices.
SEEN = {
    "speed": ("quality",),
    "waiting": ("waiting",),
    "bot": ("bot",),
    "price": ("price", "billing"),
    "attitude": ("staff",),
}


def company(*comments: tuple[str | None, float], month: str = "2026-10", **columns: Any) -> pd.DataFrame:
    """Answers to csat, each of another customer, with what they wrote."""
    texts, scores = zip(*comments, strict=True)
    names = [f"{month} {number}" for number in range(len(comments))]
    frame = {"response_id": names, "customer_id": names, "answered_at": f"{month}-05", "question": "csat"}
    return pd.DataFrame(frame | {"score": scores, "comment": texts} | columns)


# Three themes are counted faster than all of those that are shipped.
SMALL = {
    "themes": {
        "price": {"name": {"vi": "Giá", "en": "Price"}, "complaint": ["giá cao"], "praise": ["giá hợp lý"]},
        "quality": {"name": {"vi": "Chất lượng", "en": "Quality"}, "complaint": ["mạng chậm"]},
        "staff": {"name": {"vi": "Nhân viên", "en": "Staff"}, "complaint": ["thô lỗ"]},
    }
}


def counted(*frames: pd.DataFrame, **asked: Any) -> pd.DataFrame:
    care = cs.load({"responses": pd.concat(frames, ignore_index=True)}, as_of="2026-10-31", themes=SMALL)
    return themes.themes(care, period="2026-10", **asked).set_index("theme")


def test_the_planted_themes_of_the_unhappy_come_out() -> None:
    table = demo().table("responses")
    below = {"csat": 4, "nps": 7}
    unhappy = [table.filter(table.question == name, table.score < least) for name, least in below.items()]
    texts = [text for part in unhappy for text in part.comment.to_pyarrow().to_pylist()]
    comments = [text for text in texts if text]
    coded = themes.coded(comments)
    found = {text: tuple(rows) for text, rows in coded.groupby("text")["theme"]}
    truth = TRUTHS["themes_of_the_unhappy"]["value"]
    first = pd.Series(
        [next(name for name, of in SEEN.items() if set(of) & {found[text][0]}) for text in range(len(comments))]
    )
    for name, share in truth.items():
        low, high = cs.intervals.wilson((first == name).sum(), len(comments), 0.99)
        assert low <= share <= high, name


def test_every_comment_of_the_unhappy_of_the_demo_company_has_a_theme() -> None:
    frame = themes.themes(demo(), period=YEAR, of="unhappy").set_index("theme")
    assert frame.loc[None, "count"] == 0
    assert frame.loc["bot", "low"] <= TRUTHS["themes_of_the_unhappy"]["value"]["bot"] <= frame.loc["bot", "high"]


def test_the_planted_reasons_for_leaving_come_out() -> None:
    frame = themes.themes(demo(), "leave_reasons", period=YEAR).set_index("theme")
    truth, known = TRUTHS["leave_reasons"]["value"], 1 - TRUTHS["leave_reasons"]["value"]["(unknown)"]
    planted = {"price": "Giá cao", "quality": "Chất lượng đường truyền", "moved": "Chuyển nơi ở"}
    planted |= {"competitor": "Đối thủ khuyến mãi", "staff": "Chăm sóc kém", "no_need": "Hết nhu cầu"}
    for theme, reason in planted.items():
        assert frame.loc[theme, "low"] <= truth[reason] / known <= frame.loc[theme, "high"], theme
    assert frame.loc[None, "count"] == 0


def test_shares_are_of_the_texts_and_the_last_row_is_without_a_theme() -> None:
    frame = counted(company(("Giá cao", 1), ("Giá cao, nhân viên thô lỗ", 2), ("vâng", 5), ("  ", 5), (None, 5)))
    assert frame.loc["price", ["n", "count", "share", "unhappy", "scored"]].tolist() == [3, 2, 2 / 3, 1, 2]
    assert frame.loc["staff", "count"] == 1
    assert list(frame.index)[-1] is None
    assert frame.loc[None, ["count", "share"]].tolist() == [1, 1 / 3]
    low, high = cs.intervals.wilson(2, 3)
    assert frame.loc["price", ["low", "high"]].tolist() == pytest.approx([float(low), float(high)])


@pytest.mark.parametrize(("score", "unhappy"), [(3, True), (4, False)])
def test_unhappy_is_below_four_of_csat(score: int, unhappy: bool) -> None:  # noqa: FBT001 - a case of the test
    frame = company(("Giá cao", score), ("Giá hợp lý", score))
    assert counted(frame, of="unhappy").loc["price", ["n", "count"]].tolist() == ([2, 1] if unhappy else [0, 0])
    assert counted(frame, of="happy").loc["price", ["n", "count"]].tolist() == ([0, 0] if unhappy else [2, 2])


def test_a_change_that_chance_does_not_explain_is_told_and_a_smaller_one_is_not() -> None:
    september = company(*[("Giá cao", 1)] * 10, *[("Mạng chậm", 1)] * 90, month="2026-09")
    october = company(*[("Giá cao", 1)] * 60, *[("Mạng chậm", 1)] * 40)
    frame = counted(september, october)
    assert frame.loc["price", "verdict"] == MORE
    assert frame.loc["quality", "verdict"] == LESS
    assert frame.loc["price", "change"] == pytest.approx(0.5)
    assert frame.loc["staff", "verdict"] == "cannot tell"
    same = counted(september, company(*[("Giá cao", 1)] * 14, *[("Mạng chậm", 1)] * 86))
    assert set(same["verdict"]) == {"cannot tell"}


def test_below_ten_customers_nothing_is_compared() -> None:
    frame = counted(company(*[("Giá cao", 1)] * 9, month="2026-09"), company(*[("Mạng chậm", 1)] * 9))
    assert set(frame["verdict"]) == {"cannot tell"}


def test_texts_of_one_customer_are_not_those_of_many() -> None:
    alone = company(*[("Giá cao", 1)] * 20, *[("Mạng chậm", 1)] * 20, customer_id=["A"] * 20 + ["B"] * 20)
    many = company(*[("Giá cao", 1)] * 20, *[("Mạng chậm", 1)] * 20)
    width = [frame.loc["price", "high"] - frame.loc["price", "low"] for frame in map(counted, (alone, many))]
    assert width[0] > 2 * width[1]


def test_groups_are_counted_apart() -> None:
    frame = company(("Giá cao", 1), ("Mạng chậm", 1), ("Giá cao", 1), channel=["web", "web", None])
    care = cs.load({"responses": frame}, as_of="2026-10-31", themes=SMALL)
    found = themes.themes(care, period="2026-10", by="channel")
    price = found[found["theme"] == "price"]
    assert price[["channel", "n", "count"]].to_numpy().tolist() == [["web", 2, 1], [None, 1, 1]]


def test_no_comment_at_all_gives_counts_of_nothing() -> None:
    frame = counted(company((None, 5), month="2026-09"))
    assert frame["n"].eq(0).all()
    assert frame["share"].isna().all()


def test_what_is_missing_or_not_known_is_named() -> None:
    care = cs.load({"responses": pd.DataFrame({"question": ["csat"], "score": [5]})})
    with pytest.raises(Missing, match="needs column 'comment'"):
        themes.themes(care)
    with pytest.raises(CareError, match="of='sad' is not known: choose one of all, unhappy, happy"):
        themes.themes(care, of="sad")
    with pytest.raises(CareError, match="a reason for leaving has none"):
        themes.themes(care, "leave_reasons", of="unhappy")


OWN = """
[themes.colour]
name = { vi = "Màu sắc", en = "Colour" }
complaint = ["màu .. xấu", "ugly colour*"]
"""


def test_a_company_has_its_own_codebook_in_care_toml(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN, "utf-8")
    (tmp_path / "care.toml").write_text('themes = "mine.toml"\nas_of = "2026-10-31"\n', "utf-8")
    company(("Màu này quá xấu", 1), ("Giá cao", 1)).to_csv(tmp_path / "responses.csv", index=False)
    frame = themes.themes(cs.load(tmp_path), period="2026-10")
    assert frame["theme"].tolist() == ["colour", None]
    assert frame["count"].tolist() == [1, 1]
    assert "mine.toml" not in repr(cs.load(tmp_path).settings)


def test_a_codebook_that_is_not_there_is_an_error_of_the_door(tmp_path: Path) -> None:
    (tmp_path / "care.toml").write_text('themes = "mine.toml"\n', "utf-8")
    company(("Giá cao", 1)).to_csv(tmp_path / "responses.csv", index=False)
    with pytest.raises(CareError, match=r"the codebook mine\.toml cannot be read: there is no such file"):
        cs.load(tmp_path)
