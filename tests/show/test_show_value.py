"""What customers are worth, shown: the finding first, the verdict with it, and a box where nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo

import carestudy as cs
from carestudy.show.value import Lifetime
from carestudy.show.value.answer import worth


@pytest.fixture(scope="module")
def shop() -> Any:
    """Three hundred customers who buy again, one of them with a name that is markup."""
    random = np.random.default_rng(3)
    rows = []
    for number in range(300):
        day, pace = random.integers(0, 120), random.gamma(1.2, 0.03)
        leave, mean = random.beta(1, 4), random.gamma(3, 20)
        while day < 365:
            rows.append(
                (
                    f"C{number}",
                    pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(day)),
                    round(random.gamma(4, mean / 4), 2),
                )
            )
            day += 1 + random.exponential(1 / pace)
            if random.random() < leave:
                break
    sales = pd.DataFrame(rows, columns=["customer_id", "occurred_at", "amount"])
    people = pd.DataFrame({"customer_id": [f"C{n}" for n in range(300)], "segment": ["<b>x</b>", "plain"] * 150})
    return cs.load({"transactions": sales, "customers": people}, as_of="2025-12-31", currency="USD")


@pytest.fixture(scope="module")
def shown(shop: Any) -> Lifetime:
    return cs.Show(shop, period="2025-12", lang="en").value.lifetime(by="segment")


@pytest.fixture(scope="module")
def signed() -> Lifetime:
    return cs.Show(demo(), period="2026-10", lang="en").value.lifetime()


def test_the_value_stands_with_its_interval_verdict_and_basis(shown: Lifetime) -> None:
    page, row = shown.ahead(), shown.found.whole.iloc[0]  # type: ignore[union-attr]
    assert page.text.startswith("A customer will bring US$")
    assert f"{int(row['customers'])} customers" in page.text
    assert "This is revenue, not profit" in page.text
    assert "BG/NBD, Gamma-Gamma" in page.text
    assert "All customers" in page.text
    assert [one["by"] for one in page.figures] == [{"segment": "<b>x</b>"}, {"segment": "plain"}, {}]
    assert page.figures[-1]["value"] == pytest.approx(row["value"], rel=1e-8)


def test_names_of_groups_are_text_and_never_markup(shown: Lifetime) -> None:
    html = shown.ahead().html
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_the_hold_out_is_drawn_with_its_line_and_its_ends(shown: Lifetime) -> None:
    text, check = shown.tracking().text, shown.found.check  # type: ignore[union-attr]
    assert check is not None
    assert "held out: " in text
    assert f"text: actual {int(check.tracking['actual'].iloc[-1]):,}" in text
    assert f"{round(check.counted.expected):,} purchases" in text


def test_who_bought_once_is_told_apart_from_who_still_buys(shown: Lifetime) -> None:
    text, found = shown.alive().text, shown.found
    assert found is not None
    assert f"Not shown: {found.once} customers with one purchase" in text
    assert f"of the {found.alive['customers'].sum()} repeat customers are still active" in text


def test_what_is_not_to_be_relied_on_says_so_first(signed: Lifetime) -> None:
    assert signed.ahead().text.startswith("Not to be used yet: the model says about ₫")
    assert signed.tracking().text.startswith("The forecast was wrong when tested on past data")
    assert "653 left" in signed.tracking().text


def test_contracts_show_how_long_customers_stay_and_purchases_who_still_buys(signed: Lifetime, shown: Lifetime) -> None:
    assert signed.here().text == signed.projection().text
    assert signed.projection().text.startswith("Of new customers, ")
    assert shown.here().text == shown.alive().text
    assert "no contracts" in shown.projection().text
    assert "known from the contracts" in signed.alive().text


def test_in_vietnamese_no_english_word_is_left(shop: Any) -> None:
    value = cs.Show(shop, period="2025-12", lang="vi").value
    pages = [value.brought().text, *(draw().text for draw in (value.lifetime().ahead, value.lifetime().tracking))]
    assert all(word not in " ".join(pages) for word in (" the ", "customer ", "forecast "))


def test_margin_is_said_to_be_one(shop: Any) -> None:
    page = cs.Show(shop, period="2025-12", lang="en").value.lifetime(margin=0.3).ahead()
    assert "Margin: 30% of revenue." in page.text


def test_an_earlier_period_is_shown_as_it_was_known_then(shop: Any) -> None:
    found = cs.Show(shop, period="2025-09", lang="en").value.lifetime().found
    assert found is not None
    assert str(found.as_of) == "2025-09-30"


def test_what_is_missing_is_named_in_a_box(shop: Any) -> None:
    value = cs.Show(cs.load({"customers": pd.DataFrame({"customer_id": ["A"]})}), period="2025-12", lang="en").value
    assert all("transactions" in draw().text for draw in (value.brought, value.lifetime().ahead))
    assert "no column region" in cs.Show(shop, period="2025-12", lang="en").value.lifetime(by="region").ahead().text


def test_without_repeat_buyers_the_box_says_why_and_what_was_brought() -> None:
    sales = pd.DataFrame({"customer_id": list("ABCDEFGHIJKL"), "occurred_at": "2025-06-01", "amount": 10.0})
    found = cs.Show(
        cs.load({"transactions": sales}, as_of="2025-12-31", currency="USD"), period="2025-12", lang="en"
    ).value.lifetime()
    assert "Nobody has bought on two different days." in found.ahead().text
    assert "12 customers have brought US$10.00 each on average" in found.ahead().text
    assert all("There is no forecast" in draw().text for draw in (found.tracking, found.alive, found.projection))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Not included: 12 customers who were customers before the sales data begin, or may have been"),
        ("vi", "Không tính 12 khách hàng đã có hoặc có thể đã có từ trước khi dữ liệu bán hàng bắt đầu"),
    ],
)
def test_where_all_joined_before_the_sales_begin_the_box_says_so(lang: str, sentence: str) -> None:
    ids = list("ABCDEFGHIJKL")
    sales = pd.DataFrame({"customer_id": ids, "occurred_at": "2025-06-01", "amount": 10.0})
    people = pd.DataFrame({"customer_id": ids, "joined_on": "2024-02-01"})
    care = cs.load({"customers": people, "transactions": sales}, as_of="2025-12-31", currency="USD")
    value = cs.Show(care, period="2025-12", lang=lang).value
    assert sentence in value.brought().text


def test_the_sixth_question_gives_the_forecast_only_where_it_held(shown: Lifetime, signed: Lifetime) -> None:
    so_far = pd.DataFrame(
        {"months": [12], "value": [50.0], "low": [40.0], "high": [60.0], "customers": [99], "left_out": [0]}
    )
    held = replace(shown.found, check=None)  # type: ignore[type-var]
    short, sentence, rows = worth(shown.asked.reader, so_far, held) or ("", "", [])
    assert "in the next 12 months." in short
    assert [name for name, *_ in rows] == ["first 12 months", "the next 12 months, forecast"]
    short, sentence, rows = worth(signed.asked.reader, so_far, signed.found) or ("", "", [])  # type: ignore[arg-type]
    assert short == "₫50 in the first 12 months."
    assert "do not use it yet" in sentence
    assert len(rows) == 1
