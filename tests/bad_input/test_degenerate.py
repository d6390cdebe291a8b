"""Companies with hardly anything in them: figures that say how little stands behind them, never a false 0 or 100."""

from __future__ import annotations

from pathlib import Path

from exports import counts, findings, taken

import carestudy as cs
from carestudy import kpi

HEAD = "customer_id,joined_on,left_on,segment\n"
UP_TO = "2026-03-31"


def test_one_customer_is_a_company(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers": f"{HEAD}A1,2026-01-05,,\n"}, as_of=UP_TO)
    frame = kpi.retention_rate(care, period="2026-03")
    assert frame[["value", "n"]].to_numpy().tolist() == [[1.0, 1]]
    assert frame["low"].iloc[0] < 0.6
    assert not {"better", "worse"} & set(cs.scorecard(care, period="2026-03")["verdict"])


def test_a_rate_of_nobody_is_none(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers": f"{HEAD}A1,2026-03-05,,\nA2,2026-03-06,2026-03-20,\n"}, as_of=UP_TO)
    for figure in (kpi.retention_rate, kpi.gross_churn_rate):
        frame = figure(care, period="2026-03")
        assert frame["n"].tolist() == [0]
        assert frame["value"].isna().tolist() == [True]


def test_a_company_that_lost_everybody_has_lost_everybody(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2026-01-05,2026-03-{n + 10},\n" for n in range(12))
    care = taken(tmp_path / "data", {"customers": HEAD + rows}, as_of=UP_TO)
    assert kpi.retention_rate(care, period="2026-03")["value"].tolist() == [0.0]
    assert kpi.gross_churn_rate(care, period="2026-03")["value"].tolist() == [1.0]
    (steps,) = cs.bridge(care, period="2026-03").to_dict("records")
    assert (steps["start"], steps["lost"], steps["end"]) == (12, 12, 0)


def test_one_answer_is_an_answer_and_no_verdict(tmp_path: Path) -> None:
    text = "response_id,answered_at,question,score\nR1,2026-02-05,nps,3\nR2,2026-03-05,nps,10\n"
    care = taken(tmp_path / "data", {"responses": text}, as_of=UP_TO)
    (row,) = cs.scorecard(care, period="2026-03", kpis=[kpi.nps]).to_dict("records")
    assert (row["value"], row["n"], row["before"]) == (100, 1, -100)
    assert row["verdict"] == "cannot tell"


def test_answers_that_are_all_equal_are_not_certain(tmp_path: Path) -> None:
    rows = "".join(f"R{n},A{n},2026-03-05,nps,10\n" for n in range(20))
    care = taken(tmp_path / "data", {"responses": f"response_id,customer_id,answered_at,question,score\n{rows}"})
    frame = kpi.nps(care, period="2026-03")
    assert frame["value"].tolist() == [100]
    assert frame["low"].iloc[0] < 100


def test_customers_without_a_segment_are_a_group_of_their_own(tmp_path: Path) -> None:
    rows = "A1,2026-01-05,,VIP\nA2,2026-01-05,,\nA3,2026-01-05,, \nA4,2026-01-05,,N/A\n"
    care = taken(tmp_path / "data", {"customers": HEAD + rows}, as_of=UP_TO)
    frame = kpi.customers_on_file(care, by="segment", period="2026-03")
    named = frame[frame["segment"].notna()]
    assert named[["segment", "value"]].to_numpy().tolist() == [["VIP", 1]]
    assert frame[frame["segment"].isna()]["value"].tolist() == [3]


def test_an_export_of_survivors_only_is_warned_of(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2024-{n % 12 + 1:02}-05,,\n" for n in range(60))
    care = taken(tmp_path / "data", {"customers": HEAD + rows}, as_of=UP_TO)
    assert counts(care) == (60, 60, 0)
    assert findings(care, "customers", "left_on")


def test_tables_without_any_row_make_no_figure_and_no_fault(tmp_path: Path) -> None:
    files = {"customers": HEAD, "transactions": "transaction_id,occurred_at,amount\n", "staff": "agent\n"}
    care = taken(tmp_path / "data", files, as_of=UP_TO)
    card = cs.scorecard(care, period="2026-03")
    assert (card["n"].fillna(0) == 0).all()
    assert not (card["value"] == 1).any()
