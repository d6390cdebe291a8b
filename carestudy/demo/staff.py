"""Who works for the company, who is on which team's roster when, and what the goals are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from carestudy.demo import dice, world

_ROSTER_SLOTS = 60  # divisible by every team's size, so that colleagues share the work equally

_MACROS = """
CREATE MACRO begun(day, k) AS (day >= getvariable('eras')[k])::INT;
CREATE MACRO agent_of(team, day, id) AS
    label('roster', (team * 4 + begun(day, 1) + begun(day, 2) + begun(day, 3)) * 60 + below('agent', id, 60));
"""

_GOALS = (
    ("csat", "company", "2026-10", 0.78, 3),
    ("csat", "team=Đội Bắc", "2026-10", 0.78, 2),
    ("csat", "team=Đội Trung", "2026-10", 0.78, 2),
    ("csat", "team=Đội Nam", "2026-10", 0.78, 2),
    ("nps", "company", "2026-10", 35, 3),
    ("nps", "team=Đội Bắc", "2026-10", 35, 2),
    ("nps", "team=Đội Trung", "2026-10", 35, 2),
    ("nps", "team=Đội Nam", "2026-10", 35, 2),
    ("retention_rate", "company", "2026-10", 0.985, 3),
    ("complaint_rate(per=customer)", "company", "2026-10", 0.10, 1),
    ("response_rate", "company", "2026-10", 0.25, 1),
    ("csat", "company", "2026", 0.78, 3),
    ("nps", "company", "2026", 40, 3),
    ("retention_rate", "company", "2026", 0.82, 3),
    ("complaint_rate(per=customer)", "company", "2026", 0.10, 1),
    ("response_rate", "company", "2026", 0.25, 1),
)


def prepare(engine: DuckDBPyConnection) -> None:
    """Give the engine `agent_of(team, day, id)`, the number of an agent at work that day, 0 for team 0."""
    eras = (date.min, *world.ERAS)
    rosters = [_slots(team, day) for team in range(len(world.TEAMS)) for day in eras]
    dice.keep(
        engine,
        eras=world.ERAS,
        teams=world.TEAMS,
        roster=[agent for slots in rosters for agent in slots],
        gone_agents=list(world.LEFT_STAFF),
        agents=[None, *map(code, range(1, 1 + sum(map(len, world.ROSTER.values()))))],
    )
    engine.execute(_MACROS)


def write(folder: Path) -> dict[str, int]:
    """Write staff.csv and goals.csv; the answer counts their rows."""
    staff = [
        (code(agent), world.TEAMS[team], world.CARE if team <= 3 else world.SALES, _since(agent), _until(agent))
        for team, agents in world.ROSTER.items()
        for agent in agents
    ]
    _save(folder / "staff.csv", ("agent", "team", "department", "from", "until"), staff)
    _save(folder / "goals.csv", ("kpi", "scope", "period", "target", "weight"), _GOALS)
    return {"staff": len(staff), "goals": len(_GOALS)}


def code(agent: int) -> str:
    """The code of an agent.

    >>> code(7)
    'NV07'
    """
    return f"NV{agent:02d}"


def _slots(team: int, day: date) -> list[int]:
    there = [agent for agent in world.ROSTER.get(team, ()) if _works(agent, day)] or [0]
    return [there[k % len(there)] for k in range(_ROSTER_SLOTS)]


def _works(agent: int, day: date) -> bool:
    return world.HIRED.get(agent, date.min) <= day <= world.LEFT_STAFF.get(agent, date.max)


def _since(agent: int) -> str:
    return world.HIRED.get(agent, date(2023, 1 + agent % 6, 1)).isoformat()


def _until(agent: int) -> str:
    return world.LEFT_STAFF[agent].isoformat() if agent in world.LEFT_STAFF else ""


def _save(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
