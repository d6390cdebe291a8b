"""Why a figure changed: mix and rate effects that add up, with limits that know who answered twice."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, demo, people
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Missing
from carestudy.load import load
from carestudy.whys import POOLED, Why, why

BEFORE, NOW = "2026-09-10 10:00", "2026-10-10 10:00"
SPLITS = [
    (kpi.nps, "channel"),
    (kpi.csat, "team"),
    (kpi.csat, "region"),
    (kpi.mean_transaction, "channel"),
    (kpi.retention_rate, "region"),
    (kpi.net_growth_rate, "gender"),
    (kpi.annual_loss, "region"),
    (kpi.complaint_rate.of(per="transaction"), "channel"),
    (kpi.complaint_rate.of(per="customer"), "region"),
    (kpi.response_rate, "channel"),
]


def told(*cells: tuple[str, str | None, int, int], **more: Any) -> Why:
    """CSAT by channel from (day, channel, good answers, bad answers), October against September."""
    frames = [answers([5] * good + [1] * bad, answered_at=day, channel=channel) for day, channel, good, bad in cells]
    rows = pd.concat(frames, ignore_index=True).astype({"channel": "str"}).replace({"channel": {"None": None}})
    return why(kpi.csat, load({"responses": rows}, as_of="2026-10-31"), period="2026-10", by="channel", **more)


def effects(found: Why) -> dict[str, float]:
    return dict(zip(found.total["part"], found.total["value"], strict=True))


@pytest.mark.parametrize("against", [None, "year_ago", "2026-02"])
@pytest.mark.parametrize(("figure", "by"), SPLITS, ids=lambda one: getattr(one, "id", one))
def test_the_effects_add_up_to_the_change_of_the_figure(figure: Any, by: str, against: str | None) -> None:
    found = why(figure, demo(), period="2026-10", by=by, against=against)
    size = max(abs(found.before), abs(found.now), 1.0)
    values = [figure(demo(), period=period)["value"].item() for period in (found.against, found.period)]
    assert [found.before, found.now] == pytest.approx(values, rel=1e-12)
    total = effects(found)
    assert total["mix"] + total["rate"] == pytest.approx(total["change"], abs=1e-12 * size)
    assert found.frame["mix"].sum() + found.frame["rate"].sum() == pytest.approx(
        values[1] - values[0], abs=1e-12 * size
    )
    assert found.frame[["share_before", "share_now"]].sum().tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize(("figure", "by"), SPLITS[:5], ids=lambda one: getattr(one, "id", one))
def test_looking_back_turns_every_sign(figure: Any, by: str) -> None:
    there = why(figure, demo(), period="2026-10", by=by, against="2026-08")
    back = why(figure, demo(), period="2026-08", by=by, against="2026-10")
    assert back.total["value"].tolist() == pytest.approx((-there.total["value"]).tolist(), abs=1e-9)
    assert back.total["low"].tolist() == pytest.approx((-there.total["high"]).tolist(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("figure", "by"), SPLITS, ids=lambda one: getattr(one, "id", one))
def test_the_change_is_judged_as_on_the_scorecard(figure: Any, by: str) -> None:
    explained = why(figure, demo(), period="2026-10", by=by)
    total, card = explained.total.iloc[0], cs.scorecard(demo(), period="2026-10", kpis=[figure]).iloc[0]
    assert total["verdict"] == card["verdict"]
    # Segments add up to the values as they stand; a scorecard takes shares of a period to equal days.
    assert ("days" in explained.caveats) == (figure.per_time is not None)
    if "days" not in explained.caveats:
        assert [total["value"], total["low"], total["high"]] == pytest.approx(
            [card["change"], card["change_low"], card["change_high"]]
        )


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=4, max_size=4))
def test_mix_and_rate_of_any_answers_add_up(counts: list[tuple[int, int]]) -> None:
    cells = [(day, channel) for day in (BEFORE, NOW) for channel in ("phone", "web")]
    total = effects(told(*((*cell, *count) for cell, count in zip(cells, counts, strict=True))))
    assert total["mix"] + total["rate"] == pytest.approx(total["change"], abs=1e-12)


def test_one_segment_is_all_rate() -> None:
    found = told((BEFORE, "web", 50, 50), (NOW, "web", 70, 30))
    assert effects(found) == pytest.approx({"change": 0.2, "mix": 0.0, "rate": 0.2})
    assert found.total.set_index("part").loc["mix", ["low", "high"]].tolist() == [0, 0]
    assert found.total["verdict"].tolist() == ["better", "cannot tell", "better"]


def test_equal_rates_are_all_mix_and_a_paradox() -> None:
    found = told((BEFORE, "web", 90, 10), (BEFORE, "phone", 50, 50), (NOW, "web", 45, 5), (NOW, "phone", 100, 100))
    assert effects(found)["rate"] == 0
    assert effects(found)["mix"] == pytest.approx(effects(found)["change"])
    assert found.simpson
    assert found.total["verdict"].tolist() == ["worse", "worse", "cannot tell"]


def test_simpsons_paradox_is_said_aloud_and_only_where_it_holds() -> None:
    better_each = told((BEFORE, "web", 90, 10), (BEFORE, "phone", 50, 50), (NOW, "web", 38, 2), (NOW, "phone", 110, 90))
    assert effects(better_each)["change"] < 0 < effects(better_each)["rate"]
    assert better_each.simpson
    assert "Simpson's paradox" in repr(better_each)
    one_worse = told((BEFORE, "web", 90, 10), (BEFORE, "phone", 50, 50), (NOW, "web", 38, 2), (NOW, "phone", 80, 120))
    assert not one_worse.simpson
    assert "Simpson" not in repr(one_worse)


def test_more_of_what_is_worse_than_the_whole_pulls_down() -> None:
    found = told((BEFORE, "web", 90, 10), (BEFORE, "phone", 50, 50), (NOW, "web", 45, 5), (NOW, "phone", 75, 75))
    assert found.frame.set_index("segment")["mix"].lt(0).to_dict() == {"phone": True, "web": True}


def test_segments_below_thirty_in_either_period_are_put_together() -> None:
    cells = [("web", 40, 40), ("sms", 20, 9), ("email", 20, 10)]
    found = told(*((BEFORE, *cell) for cell in cells), (NOW, "web", 40, 40), (NOW, "sms", 90, 9), (NOW, "email", 20, 9))
    assert found.frame["segment"].tolist() == ["web", POOLED]
    assert found.pooled == ("email", "sms")
    assert found.frame["segments"].tolist() == [1, 2]
    assert found.frame["n_now"].tolist() == [80, 128]
    thirty = told(*((BEFORE, name, good, 10) for name, good, _ in cells), (NOW, "web", 40, 40), (NOW, "sms", 90, 9),
                  (NOW, "email", 20, 10))  # fmt: skip
    assert thirty.frame["segment"].tolist() == ["email", "sms", "web"]
    assert "pooled" not in thirty.caveats


def test_a_segment_without_a_name_is_a_segment_however_small() -> None:
    found = told((BEFORE, "web", 40, 40), (NOW, "web", 40, 40), (NOW, None, 3, 0), (BEFORE, None, 1, 4))
    assert found.frame["segment"].tolist() == ["web", None]


def test_a_new_segment_is_all_mix_and_said() -> None:
    found = told((BEFORE, "web", 40, 40), (NOW, "web", 40, 40), (NOW, "app", 60, 0))
    app = found.frame.set_index("segment").loc["app"]
    assert (app["rate"], app["n_before"]) == (0, 0)
    assert np.isnan(app["rate_before"])
    assert app["mix"] > 0
    assert "new" in found.caveats


def test_what_counts_only_above_the_line_joins_the_others() -> None:
    found = why(kpi.complaint_rate.of(per="transaction"), demo(), period="2026-10", by="channel")
    assert "Chatbot" in found.pooled
    assert np.isfinite(found.frame[["mix", "rate"]].to_numpy()).all()


def test_an_answer_given_again_narrows_nothing() -> None:
    def doubled(times: int) -> Why:
        scores = [5, 1, 5, 5, 1, 5, 1, 1, 5, 5] * 20
        channel = ["web", "web", "phone"] * 66 + ["phone", "web"]
        days = [BEFORE] * 100 + [NOW] * 100
        rows = answers(scores * times, answered_at=days * times, channel=channel * times)
        rows["customer_id"] = [f"K{row % 150}" for row in range(200)] * times
        return why(kpi.csat, load({"responses": rows}, as_of="2026-10-31"), period="2026-10", by="channel")

    once, often = doubled(1).total, doubled(3).total
    assert often.iloc[1:, 2].tolist() == pytest.approx(once.iloc[1:, 2].tolist(), abs=1e-12)


def test_the_limits_are_those_of_a_bootstrap_over_customers() -> None:
    drawn = np.random.default_rng(23)
    people_, rows = 400, []
    mood = drawn.beta(5, 3, people_)
    for person in range(people_):
        for day, often in ((BEFORE, 1.5), (NOW, 1.8)):
            for channel, lean in (("web", 0.1), ("phone", -0.1)):
                for _ in range(drawn.poisson(often / 2)):
                    good = drawn.random() < np.clip(mood[person] + lean, 0, 1)
                    rows.append((f"K{person}", day, channel, 5 if good else 1))
    frame = pd.DataFrame(rows, columns=["customer_id", "answered_at", "channel", "score"]).assign(question="csat")
    found = why(kpi.csat, load({"responses": frame}, as_of="2026-10-31"), period="2026-10", by="channel")
    frame["good"] = frame["score"] >= 4
    sums = frame.pivot_table(index="customer_id", columns=["answered_at", "channel"], values="good",
                             aggfunc=["sum", "count"], fill_value=0).to_numpy(float)  # fmt: skip
    again = drawn.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), 3000) @ sums
    above, below = again[:, :4].reshape(-1, 2, 2), again[:, 4:].reshape(-1, 2, 2)
    share, rate = below / below.sum(axis=2, keepdims=True), above / below
    mix = ((rate[:, 0] + rate[:, 1]) / 2 * (share[:, 1] - share[:, 0])).sum(axis=1)
    own = ((share[:, 0] + share[:, 1]) / 2 * (rate[:, 1] - rate[:, 0])).sum(axis=1)
    for part, drawn_again in (("mix", mix), ("rate", own)):
        row = found.total.set_index("part").loc[part]
        assert (row["high"] - row["low"]) / 2 / 1.959964 == pytest.approx(drawn_again.std(), rel=0.1)


def test_customers_of_both_months_are_no_news_of_the_mix() -> None:
    # The same people stand in September and October: their regions differ little by chance.
    rows = [(f"K{k}", "2026-01-05", "2026-10-20" if k % 20 == 0 else None, "BN"[k % 2]) for k in range(2000)]
    rows += [(f"new {k}", "2026-09-05", None, "N") for k in range(20)]
    care = load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    found = why(kpi.retention_rate, care, period="2026-10", by="region").total.set_index("part")
    independent = 0.05 * np.sqrt(2 * 0.25 / 2000)  # what a share of two samples would do to rates 5 points apart
    assert 0 < found.loc["mix", "high"] - found.loc["mix", "low"] < independent
    assert found.loc["rate", "high"] < 0
    assert found["verdict"].tolist()[0] == "worse"


def test_a_stock_month_that_is_not_over_is_not_judged() -> None:
    rows = [(f"K{k}", "2026-01-05", "2026-10-10" if k % 2 else None, "BN"[k % 3 == 0]) for k in range(200)]
    care = load({"customers": people(*rows, columns="region")}, as_of="2026-10-20")
    found = why(kpi.retention_rate, care, period="2026-10", by="region")
    assert "unfinished" in found.caveats
    assert set(found.total["verdict"]) == {"cannot tell"}


def test_nine_customers_cannot_tell_and_ten_can() -> None:
    for n, verdict in ((9, "cannot tell"), (10, "better")):
        assert told((BEFORE, "web", 0, n), (NOW, "web", n, 0)).total["verdict"].iloc[0] == verdict


def test_churn_that_falls_is_better() -> None:
    rows = [(f"K{k}", "2026-01-05", "2026-09-20" if k % 3 else None, "BN"[k % 2]) for k in range(300)]
    care = load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    found = why(kpi.gross_churn_rate, care, period="2026-10", by="region")
    assert found.total["verdict"].iloc[0] == "better"


def test_what_cannot_be_split_is_refused() -> None:
    for figure in (kpi.invoiced, kpi.typical_transaction, kpi.leaving_reasons):
        with pytest.raises(CareError, match="is no fraction"):
            why(figure, demo(), period="2026-10", by="channel")
    with pytest.raises(CareError, match="no parts of the whole"):
        why(kpi.complaint_rate.of(per="customer"), demo(), period="2026-10", by="channel")
    with pytest.raises(CareError, match=r"^why: by is text in quotes"):
        why(kpi.nps, demo(), period="2026-10", by=["channel", "team"])  # type: ignore[arg-type]
    with pytest.raises(CareError, match="is a span"):
        why(kpi.nps, demo(), period="2026-09..2026-10", by="channel")
    for against in ("2026-10", "2026-Q3"):
        with pytest.raises(CareError, match="cannot be compared with"):
            why(kpi.nps, demo(), period="2026-10", by="channel", against=against)
    with pytest.raises(CareError, match="nothing to be computed from in 2019-10"):
        why(kpi.nps, demo(), period="2026-10", by="channel", against="2019-10")


def test_what_is_missing_names_the_figure() -> None:
    with pytest.raises(Missing, match="csat needs column 'planet'"):
        why(kpi.csat, demo(), period="2026-10", by="planet")
    with pytest.raises(Missing, match="retention_rate needs"):
        why(kpi.retention_rate, {"responses": answers([5], answered_at=NOW)}, period="2026-10", by="region")


def test_a_why_prints_whole_and_is_the_same_each_time() -> None:
    first, second = (why(kpi.nps, demo(), period="2026-10", by="channel") for _ in range(2))
    assert first == second
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert repr(first).startswith("nps by channel, 2026-09 to 2026-10: 27.4648 to 35.5049\n  change +8.04")
    assert "what caused it" in repr(first)


@pytest.mark.parametrize("now", [("Chat", 30, 70), ("Zalo", 90, 10)])
def test_a_split_that_is_kept_is_the_same_split(now: tuple[str, int, int]) -> None:
    # A channel that is new has no rate of its own before; the nameless is None throughout.
    found = told((BEFORE, "Chat", 90, 10), (BEFORE, None, 40, 5), (NOW, *now), (NOW, None, 30, 5))
    text = found.to_json()
    again = Why.from_json(text)
    assert again == found
    assert repr(again) == repr(found)
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    for name in ("frame", "total"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
