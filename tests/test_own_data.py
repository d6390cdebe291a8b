"""From a folder of exports to figures without a line of code: the facts told of the real data come out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pytest
from large_data import shared_folder

import carestudy as cs
from carestudy import kpi
from carestudy.__main__ import main

SHARED = shared_folder()

Begin = Callable[..., Any]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """What is loaded from a copy of raw files after ``carestudy init``."""

    def begun(name: str, *options: str) -> Any:
        folder = Path(shutil.copytree(SHARED / "data" / name, tmp_path / name))
        folder.chmod(0o755)
        assert main(["init", str(folder), *options]) in (0, 3)
        return cs.load(folder)

    return begun


def used(care: Any) -> dict[str, tuple[int, int]]:
    return {count.table: (count.read, count.used) for count in care.counts}


def asked(table: Any, **questions: Any) -> dict[str, Any]:
    (answer,) = table.aggregate(**questions).to_pyarrow().to_pylist()
    return answer


def test_the_baskets_of_the_complete_journey(begin: Begin) -> None:
    care = begin("complete_journey", "--timezone", "UTC", "--currency", "USD")
    assert used(care) == {"customers": (801, 801), "transactions": (155_848, 155_848)}
    assert kpi.invoiced(care)["value"].item() == 4_596_039.58
    assert kpi.typical_transaction(care)["value"].item() == 17.50
    assert {first.isoformat() for first, _ in care.spans.values()} == {"2017-01-01"}
    pareto = cs.pareto(care).iloc[0]
    assert (pareto["best"], round(pareto["value"], 4)) == (493, 0.5451)
    people = care.table("customers", "age")
    assert asked(people, n=people.count(where=people.age == "45-54"))["n"] == 288


def test_the_purchases_of_cdnow(begin: Begin) -> None:
    care = begin("cdnow")
    assert care.settings.currency == "USD"
    assert used(care) == {"transactions": (69_659, 69_659)}
    assert kpi.invoiced(care)["value"].item() == 2_500_315.63
    assert kpi.typical_transaction(care)["value"].item() == 25.98
    purchases = care.table("transactions", "customer_id")
    assert asked(purchases, ids=purchases.customer_id.nunique())["ids"] == 23_570
    assert round(cs.pareto(care)["value"].item(), 4) == 0.6778


def test_the_tickets_of_a_help_desk(begin: Begin) -> None:
    care = begin("incident_uci")
    assert used(care) == {"contacts": (24_918, 24_918)}
    tickets = care.table("contacts", "customer_id", "opened_at", "resolved_at", "channel", "topic", "team", "agent")
    hours = tickets.resolved_at.delta(tickets.opened_at, unit="minute") / 60
    facts = asked(
        tickets,
        callers=tickets.customer_id.nunique(),
        reopened=tickets.count(where=tickets.reopened),
        open=tickets.resolved_at.isnull().sum(),
        without=tickets.team.isnull().sum(),
        nobody=tickets.agent.isnull().sum(),
        phone=tickets.count(where=tickets.channel == "Phone"),
        mean=hours.mean(),
        median=hours.median(),
    )
    assert (round(facts.pop("mean"), 2), round(facts.pop("median"), 2)) == (178.17, 22.10)
    assert facts == {
        "callers": 5_244, "reopened": 275, "open": 1_556, "without": 2_157, "nobody": 99, "phone": 24_688,
    }  # fmt: skip
    following = ibis.window(group_by=tickets.customer_id, order_by=[tickets.opened_at, tickets.contact_id])
    known = tickets.mutate(next=tickets.opened_at.lead().over(following)).filter(tickets.customer_id.notnull())
    again = known.next.delta(known.opened_at, unit="second") <= 7 * 86_400
    assert asked(known, all=known.count(), again=again.sum()) == {"all": 24_915, "again": 12_199}


def test_the_comments_of_a_bank(begin: Begin) -> None:
    care = begin("vi_uts2017_bank")
    assert used(care) == {"responses": (2_470, 2_470)}
    comments = care.table("responses", "response_id", "comment", "overall")
    counted = comments.group_by("overall").aggregate(n=comments.count()).to_pyarrow().to_pylist()
    assert {row["overall"]: row["n"] for row in counted} == {"POSITIVE": 1_396, "NEGATIVE": 1_043, "NEUTRAL": 31}
