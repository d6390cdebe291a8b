"""A period beside the one before it, the same a year ago, and its goal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, demo, people, table

import carestudy as cs
from carestudy import kpi

THEN, NOW = "2026-09-05", "2026-10-05"
SIDES = ["value", "n", "low", "high"]


def asked(now: list[int], before: list[int], question: str = "csat", **columns: Any) -> pd.DataFrame:
    """Answers of October and of September 2026."""
    days = [NOW] * len(now) + [THEN] * len(before)
    return answers([*now, *before], question, answered_at=days, **columns)


def judged(now: list[int], before: list[int], question: str = "csat") -> Any:
    card = cs.scorecard(
        cs.load({"responses": asked(now, before, question)}), period="2026-10", kpis=[kpi.ALL[question]]
    )
    return card.iloc[0]


def goals(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return table("kpi scope period target", *rows)


@pytest.mark.parametrize(
    ("by", "periods"), [(None, ("2026-10", "2026-09", "2025-10")), ("team", ("2026-Q3", "2026-Q2", "2025-Q3"))]
)
def test_each_side_is_the_figure_asked_for_alone(by: str | None, periods: tuple[str, ...]) -> None:
    kpis = [kpi.nps, kpi.invoiced, kpi.typical_transaction, kpi.complaint_rate.of(per="customer")]
    kpis += [kpi.csat] if by else [kpi.retention_rate, kpi.annual_loss]
    card = cs.scorecard(demo(), period=periods[0], by=by, kpis=kpis)
    for one in kpis:
        mine = card[card["kpi"] == one.id]
        now, past, old = (_alone(one, other, by, mine) for other in periods)
        assert mine[SIDES].to_numpy(float) == pytest.approx(now[SIDES].to_numpy(float), nan_ok=True)
        assert mine[["before", "before_n"]].to_numpy(float) == pytest.approx(
            past[SIDES[:2]].to_numpy(float), nan_ok=True
        )
        assert mine["year_ago"].to_numpy() == pytest.approx(old["value"].to_numpy(), nan_ok=True)
        # Sums are compared at equal days: October has 31 and September 30, third quarter and second 92 and 91.
        longer = (31 / 30 if by is None else 92 / 91) if one is kpi.invoiced else 1
        even = past["value"] ** (31 / 30) if one is kpi.retention_rate else longer * past["value"]
        assert mine["change"].to_numpy() == pytest.approx((now["value"] - even).to_numpy(), nan_ok=True)
        assert mine["year_change"].to_numpy() == pytest.approx((now["value"] - old["value"]).to_numpy(), nan_ok=True)


def _alone(one: Any, period: str, by: str | None, like: pd.DataFrame) -> pd.DataFrame:
    """The figure of a period, its groups in the order of the scorecard."""
    found = one(demo(), period=period, by=by)
    return like[[by]].merge(found, on=by, how="left").fillna({"n": 0}) if by else found


def test_the_change_of_a_share_has_newcombes_interval() -> None:
    row = judged([5] * 56 + [1] * 14, [5] * 48 + [1] * 32)
    assert row[["change_low", "change_high"]].tolist() == pytest.approx([0.0524, 0.3339], abs=6e-5)


def test_the_change_of_nps_has_the_interval_of_rocks() -> None:
    row = judged([9] * 53 + [7] * 32 + [0] * 15, [9] * 34 + [7] * 33 + [0] * 23, "nps")
    assert row[["change_low", "change_high"]].tolist() == pytest.approx([4.105276065, 47.45027949], abs=1e-6)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ([5] * 40, [1] * 20 + [5] * 20, "better"),
        ([1] * 20 + [5] * 20, [5] * 40, "worse"),
        ([5] * 21 + [1] * 19, [5] * 20 + [1] * 20, "cannot tell"),
        ([5] * 10, [1] * 10, "better"),
        ([5] * 9, [1] * 10, "cannot tell"),
        ([5] * 10, [1] * 9, "cannot tell"),
        ([5] * 40, [], None),
    ],
    ids=["up", "down", "as good as equal", "ten and ten", "nine now", "nine before", "nothing before"],
)
def test_a_verdict_needs_a_sure_change_and_ten_answers(now: list[int], before: list[int], verdict: str | None) -> None:
    assert judged(now, before)["verdict"] == verdict


@pytest.mark.parametrize(("customers", "verdict"), [(9, "cannot tell"), (10, "better")])
def test_many_answers_of_a_few_customers_make_no_verdict(customers: int, verdict: str) -> None:
    ids = [f"K{k}" for k in range(customers)] * 10
    responses = asked([5] * len(ids), [1] * len(ids), customer_id=ids * 2)
    card = cs.scorecard(cs.load({"responses": responses}), period="2026-10", kpis=[kpi.csat])
    assert card[["n", "verdict"]].iloc[0].tolist() == [len(ids), verdict]


def test_less_churn_and_fewer_complaints_are_better() -> None:
    stays = [(f"old {k}", "2026-01-05", "2026-09-09" if k < 60 else None) for k in range(200)]
    kinds = ["complaint"] * 40 + ["question"] * 40 + ["complaint"] * 5 + ["question"] * 75
    contacts = pd.DataFrame({"kind": kinds, "opened_at": [THEN] * 80 + [NOW] * 80})
    care = cs.load({"customers": people(*stays), "contacts": contacts}, as_of="2026-10-31")
    card = cs.scorecard(care, period="2026-10").set_index("kpi")
    for name in ("gross_churn_rate", "retention_rate", "net_growth_rate", "complaint_rate(per=contact)"):
        assert card.loc[name, "verdict"] == "better", name
    assert card.loc["gross_churn_rate", "change"] < 0 < card.loc["retention_rate", "change"]


def test_a_handful_of_complainers_make_no_verdict() -> None:
    # Nine customers complain a hundred times each: many complaints, few customers.
    rows = [(f"K{k}", NOW, "complaint") for k in range(9) for _ in range(100)] + [("K0", THEN, "question")]
    sold = [(f"K{k}", day) for k in range(300) for day in (THEN, NOW)]
    tables = {
        "contacts": table("customer_id opened_at kind", *rows),
        "transactions": table("customer_id occurred_at", *sold),
    }
    card = cs.scorecard(cs.load(tables), period="2026-10", kpis=[kpi.complaint_rate.of(per="transaction")])
    assert card["verdict"].item() == "cannot tell"


def test_goals_are_those_of_the_company_the_group_and_the_period() -> None:
    responses = asked([5, 5, 1, 5], [5], team=["Bắc", "Bắc", "Bắc", "Nam", None])
    wanted = goals(
        ("csat", "company", "2026-10", "0.75"),
        ("csat", None, "2026-Q4", "0.9"),
        ("csat", "team=Bắc", "2026-10", "0.7"),
        ("csat", "team=Nam", "2026-10", "1"),
        ("csat", "team=Nam", "2026-11", "0.1"),
        ("nps", "company", "2026-10", "50"),
    )
    care = cs.load({"responses": responses, "goals": wanted})
    whole = cs.scorecard(care, period="2026-10", kpis=[kpi.csat])
    assert whole[["target", "reached"]].to_numpy().tolist() == [[0.75, True]]
    quarter = cs.scorecard(care, period="2026-Q4", kpis=[kpi.csat])
    assert quarter[["target", "reached"]].to_numpy().tolist() == [[0.9, False]]
    teams = cs.scorecard(care, period="2026-10", kpis=[kpi.csat], by="team").set_index("team")
    assert teams.loc[["Bắc", "Nam"], "target"].tolist() == [0.7, 1.0]
    assert teams.loc[["Bắc", "Nam"], "reached"].tolist() == [False, True]
    assert np.isnan(teams["target"].iloc[-1])
    assert teams["reached"].iloc[-1] is None


def test_a_goal_is_carried_forward_to_the_scorecard_and_says_from_when() -> None:
    wanted = goals(("csat", "company", "2026-07", "0.75"), ("csat", "company", "2026-08", "0.7"),
                   ("csat", "company", "2026-11", "0.1"), ("csat", "company", "2026", "0.2"))  # fmt: skip
    care = cs.load({"responses": asked([5, 5, 1, 5], [5]), "goals": wanted})
    card = cs.scorecard(care, period="2026-10", kpis=[kpi.csat])
    assert card[["target", "target_from", "reached"]].to_numpy().tolist() == [[0.7, "2026-08", True]]
    early = cs.scorecard(care, period="2026-07", kpis=[kpi.csat]).iloc[0]
    assert (early["target"], early["target_from"], early["reached"]) == (0.75, "2026-07", None)


@pytest.mark.parametrize("scope", ["team=Bắc, channel=Zalo", "channel=Zalo,team=Bắc"])
@pytest.mark.parametrize("by", [["team", "channel"], ["channel", "team"]])
def test_a_scope_of_several_groups_is_that_of_the_scorecard_in_any_order(scope: str, by: list[str]) -> None:
    responses = asked([5, 5, 1, 5], [5], team=["Bắc", "Bắc", "Bắc", "Nam", "Bắc"], channel="Zalo")
    care = cs.load({"responses": responses, "goals": goals(("csat", scope, "2026-10", "0.6"))})
    card = cs.scorecard(care, period="2026-10", kpis=[kpi.csat], by=by).set_index("team")
    assert card["target"].dropna().to_dict() == {"Bắc": 0.6}
    assert card.loc["Bắc", "reached"] is True


def test_goals_that_contradict_each_other_hold_for_nobody() -> None:
    wanted = goals(("csat", "company", "2026-10", "0.75"), ("csat", None, "2026-10", "0.9"))
    card = cs.scorecard(cs.load({"responses": asked([5], [5]), "goals": wanted}), period="2026-10", kpis=[kpi.csat])
    assert card["target"].isna().all()
    assert card["target_from"].tolist() == [None]


@pytest.mark.parametrize(("target", "reached"), [("0.5", True), ("0.49", False), ("0.51", True)])
def test_a_goal_for_what_should_be_low_is_reached_from_above(target: str, reached: bool) -> None:  # noqa: FBT001
    contacts = pd.DataFrame({"kind": ["complaint", "question"], "opened_at": NOW})
    named = "complaint_rate(per=contact)"
    care = cs.load({"contacts": contacts, "goals": goals((named, "company", "2026-10", target))})
    card = cs.scorecard(care, period="2026-10")
    assert card[["kpi", "target", "reached"]].iloc[0].tolist() == [named, float(target), reached]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026-W41", ["2026-10-05", "2026-10-11 23:59", "2026-09-28", "2025-10-06"]),
        ("2026-W01", ["2025-12-29", "2026-01-04 23:59", "2025-12-28", "2024-12-30"]),
        ("2026-10", ["2026-10-01", "2026-10-31 23:59", "2026-09-30 23:59", "2025-10-31"]),
        ("2026-01", ["2026-01-01", "2026-01-31 23:59", "2025-12-01", "2025-01-31"]),
        ("2026-Q1", ["2026-01-01", "2026-03-31 23:59", "2025-12-31", "2025-03-31"]),
        ("2026", ["2026-01-01", "2026-12-31 23:59", "2025-06-05", "2025-01-01"]),
    ],
)
def test_every_kind_of_period_has_its_neighbours(period: str, days: list[str]) -> None:
    early = [] if period == "2026" else [str(pd.Timestamp(days[2]) - pd.Timedelta(weeks=60))]
    care = cs.load({"responses": answers([5] * (4 + len(early)), answered_at=days + early)}, as_of="2026-12-31")
    row = cs.scorecard(care, period=period, kpis=[kpi.csat]).iloc[0]
    before, year_ago = (2, 2) if period == "2026" else (1, 1)
    assert (row["n"], row["before_n"], row["year_n"]) == (2, before, year_ago)


@pytest.mark.parametrize(("as_of", "known"), [("2026-10-30", False), ("2026-10-31", True)])
def test_what_grows_with_the_days_of_a_month_has_no_verdict_before_its_end(as_of: str, known: bool) -> None:  # noqa: FBT001
    sold = [(f"K{k}", THEN) for k in range(90)] + [(f"K{k}", NOW) for k in range(30)]
    responses = asked([5] * 40, [1] * 40)
    care = cs.load({"transactions": table("customer_id occurred_at", *sold), "responses": responses}, as_of=as_of)
    card = cs.scorecard(care, period="2026-10", kpis=[kpi.active_customers, kpi.csat])
    assert card["verdict"].tolist() == ["worse" if known else "cannot tell", "better"]


def test_a_run_of_months_ends_where_the_data_end() -> None:
    found = kpi.retention_rate(demo(), period="2026", every="month")
    assert found["period"].tolist()[-1] == "2026-10"


def test_a_period_after_the_data_is_refused() -> None:
    with pytest.raises(cs.CareError, match="period 2026-11 lies after"):
        cs.scorecard(demo(), period="2026-11")


def test_a_scorecard_holds_what_the_data_allow_and_tells_the_rest() -> None:
    care = cs.load({"responses": asked([5], [4])})
    scores = {"ces", "csat", "mean_score(question=csat)", "nps"}
    assert set(cs.scorecard(care, period="2026-10")["kpi"]) == scores
    gaps = cs.missing(care)
    assert set(gaps["kpi"]) == set(kpi.ALL) - scores
    assert gaps["message"].str.contains("needs table").all()


def test_a_scorecard_by_what_no_table_has_says_so() -> None:
    with pytest.raises(cs.CareError, match="needs column 'planet'"):
        cs.scorecard(demo(), period="2026-10", by="planet")


# Sums of months of unequal length, and windows that overlap.


def sold(*months: tuple[str, int, int], **more: Any) -> Any:
    """Purchases of 10 each, as (month, of how many customers on each of its days, days)."""
    rows = [
        (f"{month}-K{day}-{k}", f"{month}-{day:02} 10:00", 10)
        for month, customers, days in months for day in range(1, days + 1) for k in range(customers)
    ]  # fmt: skip
    bought = table("customer_id occurred_at amount", *rows, amount="int64")
    return cs.load({"transactions": bought}, as_of="2026-12-31", **more)


def test_a_sum_is_compared_at_equal_days() -> None:
    # 28 days of February and 31 of March, every day alike: three days more are no success.
    card = cs.scorecard(sold(("2026-02", 20, 28), ("2026-03", 20, 31)), period="2026-03", kpis=[kpi.invoiced]).iloc[0]
    assert (card["value"], card["before"]) == (6200, 5600)
    assert card["change"] == pytest.approx(0)
    assert card["verdict"] == "cannot tell"
    # Compound Poisson: the variance of a sum is the sum of squares, and that of February times (31 / 28) squared.
    half = 1.959964 * np.sqrt(620 * 100 + 560 * 100 * (31 / 28) ** 2)
    assert card[["change_low", "change_high"]].tolist() == pytest.approx([-half, half])


def test_as_much_in_fewer_days_is_better() -> None:
    card = cs.scorecard(sold(("2026-01", 14, 31), ("2026-02", 18, 28)), period="2026-02", kpis=[kpi.invoiced]).iloc[0]
    assert card["change"] == pytest.approx(5040 - 4340 * 28 / 31)
    assert card["verdict"] == "better"


def test_customers_who_bought_are_judged_whatever_the_days_bring() -> None:
    # Ten more customers in three days more: perhaps as many as ever, perhaps more.
    asked_ = {"kpis": [kpi.active_customers], "period": "2026-03"}
    card = cs.scorecard(sold(("2026-02", 20, 28), ("2026-03", 21, 31)), **asked_).iloc[0]
    assert card["change"] == 651 - 560
    assert card["verdict"] == "cannot tell"
    same = intervals(651, 560)
    scaled = intervals(651, 560, 31 / 28)
    assert card[["change_low", "change_high"]].tolist() == pytest.approx([scaled[0], same[1]])


def intervals(now: int, before: int, times: float = 1.0) -> tuple[float, float]:
    """The limits of the difference of two counts of customers, the second taken so many times."""
    half = 1.959964 * np.sqrt(now + before * times**2)
    return now - before * times - half, now - before * times + half


def test_annual_losses_of_following_months_share_eleven_months() -> None:
    # 400 customers of two years; ten leave in every month of the last, and 30 in October.
    lost = [(f"2025-{month:02}-15", 10) for month in (10, 11, 12)] + [(f"2026-{m:02}-15", 10) for m in range(1, 10)]
    days = [day for day, many in [*lost, ("2026-10-15", 30)] for _ in range(many)]
    stays = [(f"K{k}", "2024-01-05", days[k] if k < len(days) else None) for k in range(400)]
    care = cs.load({"customers": people(*stays)}, as_of="2026-10-31")
    card = cs.scorecard(care, period="2026-10", kpis=[kpi.annual_loss]).iloc[0]
    # October: of the 390 that the year began with 140 are lost; September: of 400, 120.
    assert (card["value"], card["before"]) == (140 / 390, 120 / 400)
    # By hand, customer by customer: what each adds to the one loss less what the same one adds to the other.
    gone_first, gone_both, gone_last, here = 10, 110, 30, 250
    now, before = 140 / 390, 120 / 400
    adds = [(0, 1 - before, gone_first), (1 - now, 1 - before, gone_both), (1 - now, -before, gone_last),
            (-now, -before, here)]  # fmt: skip
    variance = sum(n * (mine / 390 - other / 400) ** 2 for mine, other, n in adds)
    width = card["change_high"] - card["change_low"]
    assert width == pytest.approx(2 * 1.959964 * np.sqrt(variance), rel=0.02)
    assert card["verdict"] == "worse"
    # As if the two years were of different people, nobody could tell.
    low, _ = cs.intervals.newcombe(140, 390, 120, 400)
    assert low < 0 < card["change_low"]
    # A year ago is another year: nothing is shared, and the interval is Newcombe's.
    assert card["year_n"] == 400


def test_groups_of_overlapping_windows_are_paired_each_by_itself() -> None:
    days = ["2026-03-15"] * 40 + ["2026-10-15"] * 20
    rows = [(f"{g}{k}", "2024-01-05", days[k] if k < 60 and g == "A" else None, g if g != "C" else None)
            for g in "ABC" for k in range(200)]  # fmt: skip
    care = cs.load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    card = cs.scorecard(care, period="2026-10", kpis=[kpi.annual_loss], by="region")
    assert card["region"].tolist() == ["A", "B", None]
    assert card["verdict"].tolist() == ["worse", "cannot tell", "cannot tell"]
    alone = care.with_table("customers", care.table("customers").filter(care.table("customers").region == "A"))
    whole = cs.scorecard(alone, period="2026-10", kpis=[kpi.annual_loss]).iloc[0]
    limits = ["change", "change_low", "change_high"]
    assert card.loc[0, limits].tolist() == pytest.approx(whole[limits].tolist())


def test_what_has_no_good_direction_is_neither_better_nor_worse() -> None:
    rows = [(f"K{k}", "2020-01-05", None) for k in range(50)] + [(f"N{k}", "2026-10-05", None) for k in range(500)]
    care = cs.load({"customers": people(*rows)}, as_of="2026-10-31")
    assert cs.scorecard(care, period="2026-10", kpis=[kpi.tenure_share])["verdict"].tolist() == [None]
