"""What a page folds away stands open in a notebook, and nothing of it is lost."""

from __future__ import annotations

import re

import pandas as pd
from frames import figure, score, scores, show
from markupsafe import Markup

from carestudy.show.layers import beneath, closed, folded, more


def _html(output: object) -> str:
    return str(output._repr_mimebundle_()["text/html"])  # type: ignore[attr-defined]


def test_a_fold_within_a_fold_is_closed_too() -> None:
    html = closed(str(folded("NPS 35.5", more(Markup("<p>n = 307</p>")))), "Details")
    assert html.count("<details") == html.count("</details>") == 2
    assert "<!--" not in html
    assert re.sub("<[^>]+>", " ", html).split() == ["NPS", "35.5", "Details", "n", "=", "307"]


def test_what_is_folded_is_text_unless_it_is_html() -> None:
    assert "<b>" not in folded("<b>", "<b>")
    assert "<b>" not in more("<b>")


def test_a_table_joins_the_details_that_are_there() -> None:
    html = closed(str(beneath(more(Markup("<p>why</p>")), Markup("<table></table>"))), "Details")
    assert html.count("<details") == 1
    assert html.index("why") < html.index("<table>") < html.index("</details>")
    assert closed(str(beneath(Markup("<p>1</p>"), Markup("<p>2</p>"))), "Details").count("<details") == 1


def test_a_trend_without_a_clear_change_is_one_line_on_a_page() -> None:
    before = figure(30.0, period="2026-09")
    calm = show("en").trend(pd.DataFrame([before, figure(31.0)]))
    clear = show("en").trend(pd.DataFrame([before, figure(60.0)]))
    assert closed(_html(calm), "Details").count("<details") == 2
    assert closed(_html(clear), "Details").count("<details") == 1
    assert "<strong>NPS has risen to 60.0" in _html(clear)


def test_the_board_names_what_needs_attention_and_folds_the_rest() -> None:
    missed = score("nps", 30, target=35.0, reached=False)
    page = closed(_html(show("en").board(scores(missed))), "Details")
    before, fold, after = page.partition("<details")
    assert fold
    assert "target not reached" in before
    assert 'class="care-tile"' not in before
    assert 'class="care-tile"' in after


def test_every_definition_stands_once() -> None:
    from carestudy import kpi
    from carestudy.show.appendix import definitions
    from carestudy.show.labels import card
    from carestudy.show.words import Reader

    rates = [kpi.complaint_rate.of(per=per) for per in ("contact", "customer")]
    html = str(definitions(Reader("en"), map(card, rates)).html)
    assert html.count("Complaints in the period over") == 1
    assert "Complaints per contact; Complaints per customer" in html
