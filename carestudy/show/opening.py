"""What a report opens with where there are neither customers nor sales: the service, or the scores of a survey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from carestudy.contract import CareError
from carestudy.overview import history, scorecard
from carestudy.show import gaps, given_back, tiles
from carestudy.show.output import Output

HEADING = Markup("<h2>{}</h2>")
SENTENCE = Markup("<p>{}</p>")
NOTHING = Output(Markup(""), "")
MOST_QUESTIONS = 6


def board(show: Any) -> Output:
    """What needs attention first, then a tile for each of the headlines."""
    return tiles_of(show, headlines(show.care))


def tiles_of(show: Any, kpis: Sequence[Any]) -> Output:
    """What of some figures needs attention, then a tile for each of them."""
    past = history(show.care, period=show.period, kpis=kpis)  # holds the card's
    if "note" in past:
        past = past.assign(value=past["value"].astype(float).mask(past["note"].notna()))  # whole periods only
    rows = scorecard(show.care, period=show.period, kpis=kpis)
    if rows.empty:
        return gaps.nothing(show.reader, "")
    shown = tiles.board(show.reader, rows, past)
    return given_back.noted(show.reader, show.care, show.period, list(rows["kpi"]), shown)


def questions(show: Any) -> Output:
    """The eight questions, each answered or with what is missing for it."""
    from carestudy.eight_questions import questions as asked  # loaded with the engine where it is used
    from carestudy.show.questions import questions as shown

    page: Output = shown(show.reader, asked(show.care, period=show.period))
    return page


def headlines(care: Any) -> list[Any]:
    """The figures that management reads first, as far as the tables of a company go."""
    from carestudy import kpi  # loaded with the engine where it is used
    from carestudy.measure.available import lack

    if "transactions" in care.tables or "customers" in care.tables:
        return kpi.HEADLINES
    if "contacts" in care.tables:
        return kpi.OF_A_DESK
    of_answers = [one for one in kpi.OF_A_SURVEY if lack(care, one) is None and int(one(care)["n"].iloc[0])]
    return [*of_answers, *(kpi.mean_score.of(question=name) for name in _questions(care))] or kpi.OF_A_SURVEY


def opening(show: Any) -> Output:
    """What a page opens with where the data are not about customers or sales, under its own heading; else nothing."""
    care, t = show.care, show.reader.t
    if "transactions" in care.tables or "customers" in care.tables:
        return NOTHING
    if "contacts" in care.tables:
        words = t("The data have contacts but no customers or sales, so the report opens with service.")
        heading = t("How well we serve")
        drawn = [show.service.topics, show.service.speed, lambda: _side_by_side(show, _of_channels())]
    elif "responses" in care.tables:
        words = t("The data have survey answers but no customers or sales, so the report opens with the scores.")
        heading = t("The scores of surveys")
        drawn = [lambda: _side_by_side(show, headlines(care))]
    else:
        return NOTHING
    head = Output(HEADING.format(heading) + SENTENCE.format(words), f"{heading}\n{words}")
    return joined([head, *_drawn(drawn)])


def joined(parts: Sequence[Output]) -> Output:
    """Several outputs as one."""
    return Output(
        Markup("").join(part.html for part in parts),
        "\n".join(part.text for part in parts),
        tuple(figure for part in parts for figure in part.figures),
        looks=tuple(dict.fromkeys(look for part in parts for look in part.looks)),
    )


def _drawn(parts: Sequence[Callable[[], Output | None]]) -> list[Output]:
    """What can be drawn; boxes that say what is missing stand in the other sections."""
    found = [draw() for draw in parts]
    return [one for one in found if one is not None and "gap" not in one.looks]


def _of_channels() -> list[Any]:
    from carestudy import kpi

    asked = [kpi.contact_count, kpi.first_response_time, kpi.resolved_share, kpi.answered_share, kpi.csat]
    return [*asked, kpi.complaint_rate.of(per="contact")]


def _side_by_side(show: Any, kpis: Sequence[Any]) -> Output | None:
    """Figures beside each other for each channel, source or team, whichever the data have first."""
    tables = [table for table in ("contacts", "responses") if table in show.care.tables][:1]
    by = next((name for name in ("channel", "source", "team") if tables and show.care.has(tables[0], name)), None)
    if by is None:
        return None
    try:
        output: Output = show.scorecards(by=by, kpis=list(kpis))
    except CareError:
        return None
    return output


def _questions(care: Any) -> list[str]:
    """The questions of a survey that are none of nps, csat and ces, the most answered first."""
    from carestudy import engine

    if not care.has("responses", "question", "score"):
        return []
    rows = care.table("responses")
    asked = rows.filter(rows.score.notnull() & ~rows.question.isin(["nps", "csat", "ces"]))
    counted = asked.group_by("question").aggregate(n=asked.count())
    frame = engine.fetch(counted.filter(counted.question.notnull()), ("n",)).sort_values(
        ["n", "question"], ascending=[False, True]
    )
    return [str(name) for name in frame["question"].head(MOST_QUESTIONS)]
