"""Segments are found once, kept as text, and applied by the engine to whoever is a customer later."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo

import carestudy as cs
from carestudy.contract import CareError, Missing
from carestudy.segments import choose
from carestudy.segments.names import named, read
from carestudy.segments.scaling import Scale

DAYS = pd.date_range("2026-01-05", "2026-10-30", freq="D").strftime("%Y-%m-%d")


@pytest.fixture(scope="module")
def found() -> Any:
    return cs.segment(demo(), period="2026-09")


def _company(*kinds: tuple[int, int, int], unit: int = 1) -> Any:
    """Customers of kinds (how many, orders each, amount of each), a little different from each other."""
    rng = np.random.default_rng(3)
    rows = []
    for kind, (many, orders, amount) in enumerate(kinds):
        for one in range(many):
            count = max(1, orders + int(rng.integers(-1, 2)))
            days = ["2026-01-05", *rng.choice(DAYS, count, replace=False)]
            paid = [unit * round(amount * float(one)) for one in rng.uniform(0.9, 1.1, len(days))]
            rows += [(f"{kind}-{one:03}", *pair) for pair in zip(days, paid, strict=True)]
    sold = pd.DataFrame(rows, columns=["customer_id", "occurred_at", "amount"])
    return cs.load({"transactions": sold}, as_of="2026-10-31", inactive_after=400)


def _segments(care: Any, found: Any, **when: str) -> Any:
    return found.assign(care, **when).to_pyarrow().to_pandas().set_index("customer_id").sort_index()


def test_groups_that_are_there_are_found_named_and_called_natural() -> None:
    care = _company((40, 3, 100), (40, 40, 100), (40, 3, 9_000), (40, 40, 9_000))
    segments = cs.segment(care)
    assert (segments.k, segments.verdict, segments.by_hand) == (4, "natural", False)
    kinds = _segments(care, segments)["segment"]
    assert kinds.groupby(kinds.index.str[0]).nunique().tolist() == [1, 1, 1, 1]
    assert kinds["0-000"] == "orders_per_month:low,typical_order:low"
    assert kinds["3-000"] == "orders_per_month:high,typical_order:high"


def test_another_unit_of_money_gives_the_same_groups() -> None:
    kinds = ((40, 3, 100), (40, 40, 100), (40, 3, 900), (40, 40, 900))
    one, other = (_company(*kinds, unit=unit) for unit in (1, 1_000))
    labels = [_segments(care, cs.segment(care, 5))["segment"] for care in (one, other)]
    assert cs.clusters.adjusted_rand(*labels) > 0.95


def test_the_demo_has_no_natural_groups_and_four_cuts_that_come_out_again(found: Any) -> None:
    assert (found.k, found.verdict) == (4, "cuts")
    assert found.customers == cs.bridge(demo(), period="2026-09")["end"].iloc[0]
    assert "no natural groups: repeatable cuts of a continuum" in repr(found)


def test_kept_as_text_they_are_the_same_value(found: Any) -> None:
    again = cs.Segments.from_json(found.to_json())
    assert again == found
    assert repr(again) == repr(found)
    assert json.loads(found.to_json())["as_of"] == "2026-09-30"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 1, "scales": []}'])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(CareError, match="to_json of segments"):
        cs.Segments.from_json(text)


def test_the_engine_places_customers_as_scikit_learn_does(found: Any) -> None:
    from sklearn.cluster import KMeans

    rows = _segments(demo(), found, period="2026-10")
    scaled = np.column_stack([one.scaled(rows[one.feature]) for one in found.scales])
    centres = np.array([group.centre for group in found.groups])
    model = KMeans(found.k, init=centres, n_init=1, max_iter=1).fit(centres)
    assert [found.names[label] for label in model.predict(scaled)] == rows["segment"].tolist()
    nearest = np.linalg.norm(scaled[:, None, :] - centres[None, :, :], axis=2).min(axis=1)
    assert rows["distance"].to_numpy() == pytest.approx(nearest)


def test_sizes_at_the_fit_are_those_of_the_engine(found: Any) -> None:
    sizes = found.sizes(demo(), period="2026-09")
    assert sizes["customers"].tolist() == [group.size for group in found.groups]
    assert sizes["share"].sum() == pytest.approx(1)
    rows = _segments(demo(), found, period="2026-09")
    here = rows[rows["here"]]
    assert (here["distance"] ** 2).mean() == pytest.approx(found.spread, rel=1e-6)


def test_the_profile_has_the_medians_of_each_segment(found: Any) -> None:
    profile = found.profile(demo(), period="2026-10").set_index(["segment", "feature"])
    rows = _segments(demo(), found, period="2026-10")
    mine = rows[rows["here"] & (rows["segment"] == found.names[0])]
    told = profile.loc[(found.names[0], "typical_order")]
    assert (told["median"], told["n"]) == (mine["typical_order"].median(), len(mine))
    assert told["standing"] < 0


def test_who_moved_adds_up_with_who_is_here(found: Any) -> None:
    moves = found.moves(demo(), since="2026-09", period="2026-10")
    (steps,) = cs.bridge(demo(), period="2026-10").to_dict("records")
    of = moves.groupby("from")["customers"].sum()
    assert of.drop("new").sum() == steps["start"]
    assert of["new"] == steps["new"]
    assert moves.loc[moves["to"] == "left", "customers"].sum() == steps["lost"]
    assert moves.loc[moves["to"] != "left", "customers"].sum() == steps["end"]
    assert moves.loc[moves["from"] == "new", ["share", "low", "high"]].isna().all(axis=None)
    assert (moves.dropna()["low"] <= moves.dropna()["share"]).all()


def test_the_money_that_moved_is_that_of_the_segments(found: Any) -> None:
    moves = found.moves(demo(), since="2026-09", period="2026-10")
    sizes = found.sizes(demo(), period="2026-10").set_index("segment")
    now = moves[moves["to"] != "left"].groupby("to")["after"].sum()
    assert now[list(found.names)].tolist() == pytest.approx(sizes.loc[list(found.names), "money"].tolist())


def test_moves_go_forward_in_time(found: Any) -> None:
    with pytest.raises(CareError, match="from an earlier day to a later one"):
        found.moves(demo(), since="2026-10", period="2026-10")


def test_customers_like_those_of_the_fit_have_not_drifted(found: Any) -> None:
    assert found.drift(demo(), period="2026-10")["verdict"].tolist() == ["same"] * 4


def test_other_customers_ask_for_a_new_fit() -> None:
    before = _company((40, 3, 100), (40, 40, 900))
    after = _company((40, 3, 100), (10, 40, 900), (40, 20, 50_000))
    drift = cs.segment(before, 2).drift(after).set_index("what")
    assert drift.loc["typical_order", "verdict"] == "refit"
    assert drift.loc["distance", "verdict"] == "refit"


def test_a_new_fit_keeps_the_names_of_the_segments_it_finds_again() -> None:
    before = _company((40, 3, 100), (40, 40, 900))
    found = cs.segment(before, 2, period="2026-09")
    assert [group.since for group in found.refit(before).groups] == ["2026-09-30"] * 2
    assert found.refit(before).names == found.names
    again = found.refit(_company((50, 3, 105), (40, 40, 90_000)))
    assert [group.since for group in again.groups] == ["2026-09-30", "2026-10-31"]
    assert again.names[0] == found.names[0]
    assert len(set(again.names)) == 2


def test_whoever_lacks_a_feature_has_no_segment_and_is_counted() -> None:
    care = demo()
    found = cs.segment(care, 2, features=["csat_mean", "tenure_days"])
    assert found.without > 0
    rows = _segments(care, found)
    assert rows["segment"].isna().equals(rows["csat_mean"].isna())
    sizes = found.sizes(care)
    assert sizes["segment"].iloc[-1] is None
    assert sizes["customers"].iloc[-1] == found.without


def test_a_feature_in_which_most_are_alike_is_scaled_by_its_deviation() -> None:
    scale = Scale.of("complaints", [0] * 90 + [1] * 10)
    logs = np.log1p([0] * 90 + [1] * 10)
    assert (scale.by, scale.middle) == ("sd", 0.0)
    assert scale.spread == pytest.approx(logs.std())
    assert Scale.of("complaints", [3] * 9).by == "constant"
    assert Scale.of("complaints", [3] * 9).scaled([3, 3]).tolist() == pytest.approx([0, 0], abs=1e-8)


def test_refunds_beyond_purchases_are_as_far_below_zero_as_sales_are_above() -> None:
    scale = Scale.of("monetary", [-100, 0, 100])
    assert scale.scaled([-5.0]).tolist() == pytest.approx((-scale.scaled([5.0])).tolist())


def test_few_customers_or_none_alike_are_one_segment_or_a_clear_error() -> None:
    alike = _company((5, 3, 100))
    assert (cs.segment(alike).k, cs.segment(alike).verdict) == (1, "all")
    assert cs.segment(alike).names == ("everybody",)
    sold = {"customer_id": [f"C{k}" for k in range(50)], "occurred_at": "2026-10-01", "amount": 5}
    same = cs.load({"transactions": pd.DataFrame(sold)}, as_of="2026-10-31", inactive_after=99)
    one = cs.segment(same)
    assert (one.k, one.customers, [scale.by for scale in one.scales]) == (1, 50, ["constant"] * 2)
    assert one.drift(same)[["what", "verdict"]].to_numpy().tolist() == [["segments", "same"]]
    with pytest.raises(CareError, match="2 groups need at least 2 different rows, and there are 1"):
        cs.segment(same, 2)
    with pytest.raises(CareError, match="there is nobody to group"):
        cs.segment(same, period="2026-09")


def test_a_number_of_segments_is_a_number() -> None:
    for k in (0, -1, True, "many", 2.0):
        with pytest.raises(CareError, match="is neither"):
            choose.checked(k)


def test_what_cannot_be_grouped_by_is_told() -> None:
    with pytest.raises(CareError, match="'region' is no number"):
        cs.segment(demo(), 2, features=["region"])
    with pytest.raises(CareError, match="'left_on' is no feature to group by"):
        cs.segment(demo(), 2, features=["left_on"])
    with pytest.raises(Missing, match="needs table 'transactions'"):
        cs.segment(cs.load({"customers": pd.DataFrame({"customer_id": ["A"], "joined_on": "2026-01-01"})}))


def test_names_are_unique_and_read_back() -> None:
    codes = named(["a", "b"], [[2.0, 0.0], [0.5, 0.1], [0.5, 0.1], [-2.0, 0.9]])
    assert codes == ["a:very_high,b:middle", "a:high,b:middle", "a:high,b:middle,2", "a:low,b:high"]
    assert read(codes[2]) == ([("a", "high"), ("b", "middle")], 2)


def test_a_name_holds_the_features_farthest_from_the_middle() -> None:
    assert named(["a", "b", "c"], [[0.1, 1.0, -0.5], [0.0, -0.1, 0.6]])[0] == "b:high,c:low"


@pytest.mark.parametrize("kinds", [2, 3, 4, 6])
@pytest.mark.parametrize("k", ["auto", None])
def test_equal_customers_of_so_many_kinds_are_so_many_groups(kinds: int, k: str | None) -> None:
    rows = [
        (f"K{kind}-{customer}", f"2026-{month:02}-{day:02}", 100 * 10 ** (kind % 3) * (kind + 1))
        for kind in range(kinds)
        for customer in range(15)
        for month in range(1, 11)
        for day in range(1, 2 + 2 * kind)
    ]
    sales = pd.DataFrame(rows, columns=["customer_id", "occurred_at", "amount"])
    care = cs.load({"transactions": sales}, as_of="2026-10-31")
    found = cs.segment(care, kinds if k is None else k)
    assert (found.k, found.verdict) == (kinds, "natural")
    assert [group.size for group in found.groups] == [15] * kinds
    assert cs.Segments.from_json(found.to_json()) == found
    with pytest.raises(cs.CareError, match=f"{kinds + 1} groups need at least {kinds + 1} different rows"):
        cs.segment(care, kinds + 1)
