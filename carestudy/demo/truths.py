"""What is planted, and where it can be seen: truths.json, an exact count or a probability each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from carestudy.demo import comments, company_file, world

_COUNTS = """
SELECT (SELECT count(*) FROM people WHERE owned = 0) AS without_owner,
    (SELECT count(*) FROM people WHERE owned = 0 AND left_on IS NULL) AS without_owner_and_still_here,
    (SELECT count(*) FROM people WHERE owned = 1) AS owner_left,
    (SELECT count(*) FROM people WHERE owned = 1 AND left_on IS NULL) AS owner_left_and_still_here,
    (SELECT count(*) FROM people WHERE left_on IS NOT NULL) AS customers_lost,
    (SELECT count(*) FROM cases WHERE kind = 3) AS exit_interviews,
    (SELECT count(*) FROM cases WHERE kind = 3 AND opened_at >= TIMESTAMP '2026-08-01') AS exit_interviews_last_quarter,
    (SELECT count(*) FROM cases WHERE resolved_at IS NULL) AS contacts_open
"""
_COUNTED = {
    "without_owner": "customers with no owner; the planted share is 4 %, rounded down",
    "without_owner_and_still_here": "the same, with no left_on",
    "owner_left": "customers whose owner has an until date in staff.csv; the planted share is 1.5 %, rounded down",
    "owner_left_and_still_here": "the same, with no left_on",
    "customers_lost": "customers with a left_on",
    "exit_interviews": "contacts of kind exit_interview, all outbound and all after left_on",
    "exit_interviews_last_quarter": "the same, opened from 2026-08-01 to 2026-10-31",
    "contacts_open": "contacts with no resolved_at as of the end of 2026-10-31",
}


def write(folder: Path, engine: DuckDBPyConnection, customers: int, seed: int) -> None:
    """Write truths.json."""
    fields = {
        "made_by": company_file.MAKER,
        "customers": customers,
        "seed": seed,
        "as_of": world.LAST.isoformat(),
        "truths": {**_exact(engine), **_loyalty(), **_voice(), **_wishes(), **_service(), **_money()},
    }
    text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
    (folder / "truths.json").write_text(text, encoding="utf-8", newline="\n")


def _exact(engine: DuckDBPyConnection) -> dict[str, Any]:
    counts = engine.execute(_COUNTS).fetchone() or ()
    fields = {
        name: {"kind": "exact", "value": count, "seen": seen}
        for (name, seen), count in zip(_COUNTED.items(), counts, strict=True)
    }
    sizes = engine.execute(
        "SELECT label('segment_names', segment), count(*) FROM people GROUP BY segment ORDER BY segment"
    )
    fields["segments"] = {"kind": "exact", "value": dict(sizes.fetchall()), "seen": "customers by segment"}
    return fields


def _loyalty() -> dict[str, Any]:
    return {
        "monthly_loss": {
            "kind": "probability",
            "before": world.LOSS_BEFORE,
            "since": world.LOSS_SINCE,
            "change": _month(world.LOSS_CHANGE),
            "unowned_factor": world.UNOWNED_FACTOR,
            "seen": "lost in the month / at its start, customers with an owner; without one, the factor times as many",
        },
        "leave_reasons": {
            "kind": "probability",
            "value": {reason or "(unknown)": share / 1000 for reason, share in world.REASONS.items()},
            "seen": "leave_reason among customers with a left_on; unknown is null",
        },
    }


def _voice() -> dict[str, Any]:
    bad, mix = world.BAD_CHANNEL, {"usual": world.USUAL_MIX, "bad": world.BAD_MIX}
    return {
        "csat": {
            "kind": "probability",
            "elsewhere": world.CSAT_POSITIVE / 1000,
            "bad_channel": bad,
            "bad": world.CSAT_BAD / 1000,
            "seen": "csat scores of 4 and 5 / csat scores, by channel; teams and agents make no difference",
        },
        "nps": {
            "kind": "probability",
            "elsewhere": _thousandths(world.NPS_KINDS),
            "bad_channel": bad,
            "bad": _thousandths(world.NPS_BAD),
            "seen": "nps scores 9-10, 7-8, 0-6, by channel; teams and agents make no difference",
        },
        "team_mix": {
            "kind": "probability",
            "team": world.BAD_TEAM,
            "since": _month(world.ROLLOUT),
            "bad_channel_share": mix["bad"][bad] / 1000,
            "bad_channel_share_elsewhere": mix["usual"][bad] / 1000,
            "seen": "share of the bad channel in a care team's inbound contacts; before, the usual share in every team",
        },
        "response_rate": {
            "kind": "probability",
            "value": world.ANSWERING / 1000,
            "seen": "invitations with a response_id / invitations, the same for every question, channel and source",
        },
    }


def _wishes() -> dict[str, Any]:
    return {
        "attributes": {
            "kind": "probability",
            "value": {
                name: {"satisfied": happy / 1000, "others": unhappy / 1000}
                for name, (happy, unhappy) in world.ATTRIBUTES.items()
            },
            "seen": "attribute scores of 4 and 5, by whether the csat score of the same contact is 4 or 5; "
            "the wider the gap, the stronger the driver",
        },
        "themes_of_the_unhappy": {
            "kind": "probability",
            "value": {name: theme.share / 1000 for name, theme in comments.UNHAPPY.items()},
            "seen": "comments with a csat below 4 or an nps below 7, by theme (phrases in carestudy.demo.comments)",
        },
        "effort": {
            "kind": "probability",
            "value": sum(share for score, share in world.CES_SCORES.items() if score >= 5) / 1000,
            "seen": "ces scores of 5 to 7 / ces scores",
        },
    }


def _service() -> dict[str, Any]:
    later = sum(stage != "before" for _, stage in world.WHEEL) / len(world.WHEEL)
    return {
        "complaint_share": {
            "kind": "probability",
            "value": round(later * world.KINDS_LATER["complaint"] / 1000, 4),
            "seen": "inbound contacts of kind complaint / inbound contacts",
        },
        "recontact_rate": {
            "kind": "probability",
            "value": world.RECONTACT / 1000,
            "seen": "inbound contacts resolved up to 2026-10-24 and followed by one of the same customer and topic "
            "within 7 days after resolved_at / inbound contacts resolved up to 2026-10-24",
        },
        "reopened": {
            "kind": "probability",
            "value": world.REOPENED / 1000,
            "seen": "reopened / inbound contacts with a resolved_at",
        },
        "unassigned": {
            "kind": "probability",
            "value": world.UNASSIGNED / 1000,
            "seen": "inbound contacts with neither agent nor team",
        },
    }


def _money() -> dict[str, Any]:
    names = list(world.SEGMENTS)
    return {
        "return_rate": {
            "kind": "probability",
            "value": world.RETURNED / 1000,
            "seen": "returned / transactions; only goods are returned (a tenth of Phụ kiện, Thiết bị, Camera)",
        },
        "behaviour_of_segments": {
            "kind": "expectation",
            "orders_a_month": dict(zip(names, world.ORDERS_A_MONTH, strict=True)),
            "spending": dict(zip(names, world.SPENDING, strict=True)),
            "seen": "orders after the first per month of membership; amounts relative to Hộ gia đình",
        },
        "tet": {
            "kind": "expectation",
            "days": [day.isoformat() for day in world.TET],
            "seen": "orders a day: a rush in the three weeks before, nearly none from the eve to a week after",
        },
    }


def _thousandths(shares: dict[str, int]) -> dict[str, float]:
    return {name: share / 1000 for name, share in shares.items()}


def _month(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}"
