"""A finding is the charge of whoever the company's goals name for its figure and place, and of nobody else."""

from __future__ import annotations

import pandas as pd
import pytest

import carestudy as cs
from carestudy.findings.candidate import Candidate, Cause, Change
from carestudy.findings.charge_of_findings import owned_goals, owner
from carestudy.findings.context import Context

LOSS = Candidate("loyalty", "level", "gross_churn_rate", 0.001, Change(0.02, 0.03, 0.005, 0.015))
SOUTH = (("team", "Đội Nam"),)
BOT = Candidate(
    "channels", "apart", "nps", 0.001, Change(32, -19, -72, -53), groups=(("channel", "Chatbot"),),
    causes=(Cause("mix", (("channel", "Chatbot"),)), Cause("within", (("channel", "Chatbot"),), within=SOUTH)),
    about={"also": (("csat", 0.6, 0.4),)},
)  # fmt: skip


def in_charge(one: Candidate, *rows: tuple[str, str, str, str | None]) -> str | None:
    goals = pd.DataFrame(rows, columns=["kpi", "scope", "period", "owner"]).assign(target=0.5)
    answered = pd.DataFrame({"customer_id": ["K1"], "metric": ["nps"], "score": [9], "responded_at": ["2026-10-05"]})
    care = cs.load({"responses": answered, "goals": goals}, as_of="2026-11-30")
    return owner(one, owned_goals(Context.of(care, "2026-10")))


@pytest.mark.parametrize(
    ("one", "rows", "expected"),
    [
        (LOSS, [("gross_churn_rate", "company", "2026-10", "Lan")], "Lan"),
        (LOSS, [("retention_rate", "company", "2026-10", "Lan")], "Lan"),  # the same change, told otherwise
        (LOSS, [("gross_churn_rate", "company", "2026-10", None)], None),
        (LOSS, [("gross_churn_rate", "company", "2026-11", "Lan")], None),  # not yet in force
        (LOSS, [("nps", "company", "2026-10", "Lan")], None),
        (LOSS, [("gross_churn_rate", "team=Đội Nam", "2026-10", "Nam")], None),
        (BOT, [("nps", "company", "2026-10", "Lan"), ("nps", "team=Đội Nam", "2026-10", "Nam")], "Nam"),
        (BOT, [("nps", "company", "2026-10", "Lan"), ("ces", "team=Đội Nam", "2026-10", "Nam")], "Nam"),
        (BOT, [("nps", "company", "2026-10", "Lan"), ("nps", "team=Đội Bắc", "2026-10", "Bắc")], "Lan"),
        (BOT, [("nps", "company", "2026-10", "Lan"), ("csat", "company", "2026-10", "Hoa")], None),  # several people
    ],
)
def test_who_is_in_charge(one: Candidate, rows: list[tuple[str, str, str, str | None]], expected: str | None) -> None:
    assert in_charge(one, *rows) == expected
