"""Features, segments, reasons and purchase histories are the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from servers import COMMENTS, ENGINES

import carestudy as cs
from carestudy.themes.leftovers import all_texts
from carestudy.themes.masked_quotes import quotes
from carestudy.value import purchase_history_table

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Spark has something to say of pandas


def _rows(table: Any) -> pd.DataFrame:
    frame = table.to_pyarrow().to_pandas(date_as_object=True)
    return frame.sort_values("customer_id", ignore_index=True)


ANALYSES: dict[str, Callable[[Any], pd.DataFrame]] = {
    "features of every customer": lambda care: _rows(cs.features_table(care)),
    "RFM groups": lambda care: cs.rfm(care),
    "RFM scores of every customer": lambda care: _rows(cs.rfm_scores_table(care)),
    "profile classes": lambda care: cs.profile(care, by=["region", "gender"], period="2026-10"),
    "the Lorenz curve": lambda care: cs.lorenz(care),
    "reasons with their change": lambda care: cs.churn.reasons(care, period="2026-10"),
    "incidence of each reason": lambda care: cs.churn.incidence(care),
    "purchase histories": lambda care: _rows(purchase_history_table(care)),
    "themes of comments": lambda care: cs.themes.themes(care, period="2026-10"),
    "how many answers have a comment": lambda care: cs.themes.heard(care, period="2026-10"),
    "answers that have a comment": lambda care: pd.DataFrame({"text": sorted(all_texts(care, None))}),
    "words that no theme covers": lambda care: cs.themes.leftovers(care, period="2026"),
    "quotes": lambda care: quotes(care, "price", period="2026", of="all"),
    "those likely to leave": lambda care: cs.churn.at_risk(care),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("analysis", ANALYSES)
def test_an_analysis_is_the_same_on_every_engine(
    analysis: str, engine: str, here: Any, there: Callable[[str], Any]
) -> None:
    expected = ANALYSES[analysis](here)
    assert len(expected)
    pd.testing.assert_frame_equal(ANALYSES[analysis](there(engine)), expected, check_dtype=False, rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_customer_falls_into_the_same_segment_on_every_engine(
    engine: str, here: Any, there: Callable[[str], Any]
) -> None:
    found = cs.segment(here, k=3)
    expected = _rows(found.assign(here))
    assert expected["segment"].nunique() == 3
    pd.testing.assert_frame_equal(_rows(found.assign(there(engine))), expected, check_dtype=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_words_that_begin_and_end_with_v_and_f_stay_whole(engine: str, there: Callable[[str], Any]) -> None:
    texts = set(all_texts(there(engine), None))
    assert {text.strip() for text in COMMENTS} - texts == {""}
    assert "" not in {text.strip() for text in texts}
