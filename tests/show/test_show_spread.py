"""Groups by what customers buy, how revenue is spread, and profiles: the finding first, nothing hidden."""

from __future__ import annotations

import base64
import re
from typing import Any

import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy.segments.rfm import GROUPS, RULES
from carestudy.show.profile import profile
from carestudy.show.rfm import MEANINGS, NAMES, rfm
from carestudy.show.spread import spread
from carestudy.show.words import Reader

EN = Reader("en")


def _groups(**of: float) -> pd.DataFrame:
    """An RFM frame in which each group has ten customers and these shares of revenue."""
    n = len(GROUPS)
    frame = pd.DataFrame({"group": list(GROUPS), "customers": [10] * n, "share": [1 / n] * n})
    frame = frame.assign(low=0.1, high=0.2, recency_days=3.5, purchase_days=2.0, amount=1000.0)
    share = [of.get(group, 0.0) for group in GROUPS]
    return frame.assign(revenue=[1000 * one for one in share], revenue_share=share)


def test_every_group_has_a_name_and_a_meaning() -> None:
    assert set(RULES) == set(NAMES) == set(MEANINGS)


def test_the_group_that_brings_most_heads_the_picture() -> None:
    text = rfm(EN, _groups(loyal=0.6, champions=0.3, at_risk=0.07, cannot_lose=0.03)).text
    assert text.startswith("Loyal: 12.5% of the customers bring 60.0% of the revenue")
    assert "80 customers who have bought, without those known to have left." in text
    assert "20 of them bought often or much before and have not bought for long" in text
    assert "they brought 10.0% of the revenue" in text


def test_the_table_has_every_group_with_interval_and_medians() -> None:
    lines = [line for line in rfm(EN, _groups(loyal=1.0)).text.splitlines() if "\t" in line]
    assert len(lines) == 1 + len(GROUPS)
    assert lines[2] == "Loyal\trepeat purchases\t10\t12.5% (10.0% to 20.0%)\t100.0%\t3.5\t2\t₫1,000"


def test_without_revenue_nothing_is_said_of_it() -> None:
    text = rfm(EN, _groups().assign(revenue_share=float("nan"))).text
    assert text.startswith("Groups of customers by what they buy")
    assert "they brought" not in text
    assert "–" in text


def test_the_groups_are_there_for_machines() -> None:
    records = rfm(EN, cs.rfm(demo())).figures
    assert [one["by"]["group"] for one in records] == list(GROUPS)
    assert sum(one["numerator"] for one in records) == 3537  # of 5,000; the others have left


def _best(**more: Any) -> pd.DataFrame:
    row = {"period": "all", "value": 0.6, "customers": 50, "best": 10, "revenue": 1e6, "gini": 0.5}
    return pd.DataFrame([row | {"gini_unbiased": 0.51, "without": 0} | more])


CURVE = pd.DataFrame({"customers_share": [0, 0.8, 1], "revenue_share": [0, 0.4, 1.0]})


def test_the_finding_heads_the_curve() -> None:
    text = spread(EN, _best(), CURVE).text
    assert text.startswith("The top 20% of the customers bring 60.0% of the revenue")
    assert "Gini coefficient 0.50" in text
    assert "there is no interval" in text
    assert "brought nothing" not in text


def test_who_brought_nothing_is_told() -> None:
    assert "7 customers brought no revenue" in spread(EN, _best(without=7), CURVE).text


def test_a_profile_names_its_classes_and_hides_figures_of_a_few() -> None:
    rows = [
        (f"{region}{k}", "2024-01-05", None, region) for region, n in (("A", 12), ("B", 6), ("C", 2)) for k in range(n)
    ]
    care = cs.load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    lines = profile(EN, cs.profile(care, by="region", period="2026-10")).text.splitlines()
    assert lines[0] == "Customers by region, October 2026"
    assert lines[1].split("\t") == ["Region", "Customers", "Stayed"]
    assert lines[2] == "A\t12 60.0%\t100.0% 75.8% to 100.0%"  # 12 / (12 + 1.96²)
    assert lines[3] == "2 small classes together\t8 40.0%\t–"


def test_names_from_the_data_are_no_html() -> None:
    hostile = "<b id=live>"
    rows = [(f"C{k}", "2024-01-05", None, hostile) for k in range(12)]
    care = cs.load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    assert "<b id=live" not in str(profile(EN, cs.profile(care, by="region", period="2026-10")).html)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_section_of_a_report_has_all_three(lang: str) -> None:
    shown = cs.Show(demo(), period="2026-10", lang=lang).segments
    texts = [shown.rfm().text, shown.spread().text, shown.profile(by="gender").text]
    starts = {
        "vi": ["Khách hàng tốt nhất: 17,2%", "20% khách hàng mua nhiều nhất", "Khách hàng theo giới tính"],
        "en": ["Champions: 17.2%", "The top 20% of the customers", "Customers by gender"],
    }[lang]
    assert [text.startswith(start) for text, start in zip(texts, starts, strict=True)] == [True] * 3


def test_what_is_missing_is_a_box_and_no_fault() -> None:
    care = cs.load({"customers": people(("A", "2024-01-05", None))}, as_of="2026-10-31")
    shown = cs.Show(care, period="2026-10", lang="en").segments
    for output in (shown.rfm(), shown.spread(), shown.profile(by="region")):
        assert "cannot be computed" in output.text
    free = cs.load({"transactions": table("customer_id occurred_at amount", ("A", "2026-10-05", 0), amount="int64")})
    assert "Share of revenue" in cs.Show(free, period="2026-10", lang="en").segments.spread().text


def test_pictures_are_small_and_always_the_same() -> None:
    for drawn in (
        lambda: rfm(Reader("vi"), cs.rfm(demo())),
        lambda: spread(Reader("vi"), cs.pareto(demo()), cs.lorenz(demo())),
    ):
        one, two = str(drawn().html), str(drawn().html)
        (png,) = re.findall(r"base64,([^\"]*)\"", one)
        assert one == two
        assert len(base64.b64decode(png)) < 22_000
