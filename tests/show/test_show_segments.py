"""Segments are shown with how sure they are, and promise nothing that nobody knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo, people

import carestudy as cs
from carestudy.features import NUMBERS
from carestudy.segments.choose import Quality
from carestudy.segments.kmeans import Segment, Segments
from carestudy.segments.scaling import Scale
from carestudy.show import feature_words, groups
from carestudy.show.moved import moved
from carestudy.show.words import Reader

EN, VI = Reader("en"), Reader("vi")
LOW, HIGH = "orders_per_month:low,typical_order:low", "orders_per_month:high,typical_order:high"


def _segments(verdict: Any = "cuts", stability: float = 0.9, without: int = 0) -> Segments:
    scales = tuple(Scale(name, 0.0, 1.0, "iqr") for name in ("orders_per_month", "typical_order"))
    kept = tuple(Segment(name, (at, at), (at, at), 50, "2026-10-31") for name, at in ((LOW, -1.0), (HIGH, 1.0)))
    quality = (
        Quality(1, 9.0, None, 1.0, 0.1, None, None, "all"),
        Quality(2, 5.0, 0.6, 1.5, 0.1, stability, 0.8, verdict),
    )
    return Segments(scales, kept, quality, "2026-10-31", 100, without, 100, 1.0, by_hand=False, seed=0)


def _sizes(*money: float) -> pd.DataFrame:
    rows = pd.DataFrame({"segment": pd.Series([LOW, HIGH], dtype=object), "customers": [80, 20], "of": 100})
    rows = rows.assign(share=[0.8, 0.2], low=[0.7, 0.1], high=[0.9, 0.3])
    return rows.assign(money=money, money_share=np.array(money) / sum(money))


def _text(output: Any) -> str:
    return str(output.text).replace("\xa0", " ")


@pytest.fixture(scope="module")
def shown() -> Any:
    return cs.Show(demo(), period="2026-10", lang="en").segments.groups(2)


@pytest.mark.parametrize(
    ("verdict", "title"),
    [
        ("natural", "2 distinct groups of customers"),
        ("cuts", "Customers form no natural groups; divided into 2 for practical use"),
        ("unstable", "Customers form no natural groups; the division into 2 would differ in another sample"),
    ],
)
def test_the_title_says_whether_there_are_groups(verdict: str, title: str) -> None:
    text = _text(groups.found(EN, _segments(verdict)))
    assert text.splitlines()[0] == title
    assert ("to organise work" in text) == (verdict != "natural")
    assert "100 customers on 31 October 2026" in text


def test_who_has_no_segment_is_counted() -> None:
    assert "7 more have no segment" in _text(groups.found(EN, _segments(without=7)))
    assert "no segment" not in _text(groups.found(EN, _segments()))


def test_the_finding_is_the_segment_with_the_most_revenue() -> None:
    output = groups.sizes(EN, _sizes(1e6, 9e6))
    text = _text(output)
    assert text.startswith("“Buy often, large orders”: 20.0% of the customers bring 90.0% of the revenue")
    assert "those who have left and their revenue are not included" in text
    assert [one["by"]["segment"] for one in output.figures] == [HIGH, LOW]


def test_without_purchases_in_money_sizes_stand_alone() -> None:
    frame = _sizes(1.0, 1.0).assign(money=np.nan, money_share=np.nan)
    assert "revenue" not in _text(groups.sizes(EN, frame)).replace("their revenue are not included", "")


def test_suggestions_follow_the_names_and_claim_nothing() -> None:
    text = _text(groups.steps(EN, _sizes(1e6, 9e6)))
    assert "Buy often, large orders\t20\tBring 90.0% of the revenue" in text
    assert "Buy rarely, small orders\t80\tRare, small orders" in text
    assert "not causes" in text


def test_moves_are_told_with_the_money_and_a_caveat() -> None:
    ways = [(LOW, LOW, 60), (LOW, HIGH, 12), (HIGH, LOW, 11), (HIGH, "left", 13), ("new", LOW, 5)]
    frame = pd.DataFrame(ways, columns=["from", "to", "customers"])
    frame = frame.assign(of=80, share=0.2, low=0.1, high=0.3, before=1e6, after=2e6)
    text = _text(moved(EN, _sizes(1e6, 9e6), frame, ("2026-09", "2026-10")))
    assert (
        "Of 96 customers at the end of September 2026, 62.5% are in the same segment; 12 moved up, 11 moved down, "
        "13 left." in text
    )
    assert "Buy often, large orders\tLeft\t13\t20.0% (10.0% to 30.0%)" in text
    assert "a single move means little" in text


def test_moves_of_few_customers_are_not_told_nor_what_betrays_them() -> None:
    ways = [(LOW, LOW, 60), (LOW, HIGH, 3), (HIGH, LOW, 11), (HIGH, "left", 13), ("new", LOW, 4)]
    frame = pd.DataFrame(ways, columns=["from", "to", "customers"])
    frame = frame.assign(of=80, share=0.2, low=0.1, high=0.3, before=1e6, after=2e6)
    text = _text(moved(EN, _sizes(1e6, 9e6), frame, ("2026-09", "2026-10"), least=5))
    kinds = [line.split("\t")[0] for line in text.splitlines() if line.startswith(("In the", "To a", "Left", "New or"))]
    assert kinds == ["In the same segment", "Left the company"]  # 3 rose: the 11 who fell would tell them
    assert "Of 87 customers at the end of September 2026, 69.0% are in the same segment." in text
    assert "Suppressed: figures of fewer than 5 customers" in text


def _sales() -> pd.DataFrame:
    """One customer buys more than all the others together."""
    sales = [(f"C{at}", f"2026-{month:02}-15", 10.0) for at in range(40) for month in range(1, 10)]
    sales += [("C0", f"2026-{1 + at // 25:02}-{1 + at % 25:02}", 900.0) for at in range(200)]
    return pd.DataFrame(sales, columns=["customer_id", "occurred_at", "amount"])


@pytest.fixture(scope="module")
def whale() -> cs.Care:
    """The company of those customers."""
    customers = people(*((f"C{at}", f"2026-0{1 + at % 6}-01", None) for at in range(40)))
    return cs.load({"customers": customers, "transactions": _sales()}, as_of="2026-10-31")


def test_segments_of_few_customers_are_not_told(whale: cs.Care) -> None:
    sizes = cs.segment(whale, k=2, period="2026-09").sizes(whale, period="2026-09")
    assert sorted(sizes["customers"]) == [1, 39]
    told = _text(cs.Show(whale, period="2026-09", lang="en").segments.groups(k=2).sizes())
    assert "39" not in told
    assert "97.5%" not in told
    assert "Suppressed: figures of fewer than 5 customers" in told


def test_rfm_groups_of_few_customers_are_not_told() -> None:
    sales = _sales()
    number, month = sales["customer_id"].str[1:].astype(int), sales["occurred_at"].str[5:7].astype(int)
    # Half of them stop buying: one customer is far ahead, the smallest of the other groups has six.
    some = sales.assign(amount=sales["amount"] + number % 11)[(number % 2 == 0) | (month <= 1 + number % 3)]
    care = cs.load({"transactions": some}, as_of="2026-09-30")
    found = cs.rfm(care).set_index("group")["customers"]
    assert sorted(found[found > 0])[:2] == [1, 6]
    small = set(found.index[found.between(1, 6)])
    told = cs.Show(care, period="2026-09", lang="en").segments.rfm()
    shown = {one["by"]["group"] for one in told.figures if one["numerator"]}
    assert shown
    assert not shown & small
    assert {one["n"] for one in told.figures} == {40.0}
    assert "40 customers who have bought" in _text(told)
    assert "Suppressed: figures of fewer than 5 customers" in _text(told)


def test_drift_is_one_sentence() -> None:
    def said(**verdicts: str) -> str:
        rows = [(what, 0.3, 0.01, 100, verdict) for what, verdict in verdicts.items()]
        frame = pd.DataFrame(rows, columns=["what", "value", "chance", "n", "verdict"])
        return _text(groups.drift(EN, _segments(), frame))

    assert "still fit" in said(segments="same", distance="same")
    assert "no longer fit (median order value 0.30): fit them anew" in said(typical_order="refit", segments="same")
    assert "fit less well (sizes 0.30)" in said(segments="watch")


def test_the_table_of_medians_has_a_column_for_each_segment(shown: Any) -> None:
    lines = _text(shown.medians()).splitlines()
    assert lines[1].split("\t")[1:] == [feature_words.segment(EN, name) for name in reversed(shown.segments.names)]
    assert lines[2].startswith("Orders a month\t")


def test_segments_kept_from_before_are_shown_as_they_are(shown: Any) -> None:
    kept = cs.Segments.from_json(shown.segments.to_json())
    again = cs.Show(demo(), period="2026-10", lang="en").segments.groups(kept)
    assert again.segments == kept
    assert "still fit" in _text(again.drift())


def test_what_is_missing_is_said_in_every_part() -> None:
    care = cs.load({"customers": people(("A", "2026-01-01", None))}, as_of="2026-10-31")
    parts = cs.Show(care, period="2026-10", lang="vi").segments.groups()
    for part in (parts.found, parts.sizes, parts.medians, parts.moves, parts.steps, parts.drift):
        assert "Phân khúc khách hàng" in part().text
        assert "transactions" in part().text


def test_names_are_words_in_both_languages() -> None:
    assert feature_words.segment(EN, HIGH) == "Buy often, large orders"
    assert feature_words.segment(VI, HIGH) == "Mua thường xuyên, đơn lớn"
    assert feature_words.segment(VI, "complaints:high,2").endswith("cao (2)")
    assert feature_words.segment(EN, None) == "Without a segment"


def test_every_feature_has_a_name() -> None:
    assert set(feature_words.FEATURES) == {*NUMBERS, "tenure_days"}
