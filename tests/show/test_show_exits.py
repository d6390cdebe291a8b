"""Exit interviews are told as a count with its verdict, its share and its rule; the list speaks to who calls."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from carestudy.show import exits
from carestudy.show.words import Reader


def found(**given: Any) -> pd.DataFrame:
    row = {"period": "2026-08-01..2026-10-31", "lost": 310, "lost_reached": 40, "value": 40 / 310, "low": 0.0962}
    row |= {
        "high": 0.1709,
        "reached": 44,
        "interviews": 39,
        "undecided": 0,
        "wanted": 5,
        "enough": "yes",
        "missing": "",
    }
    return pd.DataFrame([row | given])


def told(lang: str = "en", **given: Any) -> list[str]:
    return exits.interviews(Reader(lang), found(**given)).text.replace("\xa0", " ").splitlines()


def test_enough_interviews_are_told_with_the_share_of_the_lost() -> None:
    title, sentence, rule = told()
    assert title == "Exit interviews: 44 lost customers reached, target 5: met"
    assert (
        "Of the 310 customers who left in this time, 40 were reached: 12.9% (95% interval 9.6% to 17.1%; n = 310)."
        in sentence
    )
    assert "not chatbots or mass messages" in rule


def test_too_few_interviews_say_how_many_more_are_needed() -> None:
    title, sentence, _ = told(reached=3, enough="no")
    assert title.endswith("not met")
    assert sentence.endswith("2 more are needed.")


def test_what_is_missing_is_named_where_nobody_can_tell() -> None:
    title, sentence, _ = told(reached=3, undecided=4, enough="cannot tell", missing="contacts.agent")
    assert "not known whether the target of 5 was met" in title
    assert sentence.endswith("For 4 more it is not known, as contacts.agent is missing or unclear.")
    nothing = told(value=float("nan"), reached=0, enough="cannot tell", missing="contacts")[1]
    assert nothing.endswith("Missing: contacts.")
    assert "nan" not in nothing


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_list_keeps_its_customers_and_puts_reasons_into_words(lang: str) -> None:
    frame = pd.DataFrame({"order": [1, 2], "customer_id": ["KH1", "KH2"], "reasons": ["recent, unhappy", ""]})
    listed = exits.call_list(Reader(lang), frame)
    assert listed["customer_id"].tolist() == ["KH1", "KH2"]
    assert listed["reasons"].tolist()[1] == ""
    assert listed["reasons"].tolist()[0] != "recent, unhappy"


def test_no_customer_is_named_on_a_page() -> None:
    assert "KH" not in "".join(told())
