"""Rows that stand more than once: the first stays; a customer may come back, an agent may change teams."""

from __future__ import annotations

from typing import Any

import ibis

from carestudy.contract import TABLES
from carestudy.load.checks import MENDED, OVERLAP, REASON
from carestudy.load.names import LINE, OURS, PART

AGAIN = "stands in an earlier row"
IN_PART = "stands in a later file as well"
NOT_OVER = "stands in an earlier row whose stay is not over"
SAME_START = "stands in an earlier row that starts on the same day"


def key(name: str, columns: list[str]) -> list[str]:
    """The columns that tell the rows of a table apart."""
    if name == "staff":
        return [column for column in ("agent", "from") if column in columns] if "agent" in columns else []
    return [column for column in [TABLES[name].key] if column in columns]


def one_of_a_kind(rows: Any, name: str) -> Any:
    """Of the good rows of one key the first in the source stays, and later ones are set aside.

    Customers who left and came back have several rows: a row is set aside if any stay that began earlier is not over.
    """
    good = rows[REASON].isnull()
    group = [*(rows[column] for column in key(name, rows.columns)), good]
    if name == "customers" and {"joined_on", "left_on"} <= set(rows.columns):
        order = [rows.joined_on.asc(nulls_first=True), rows[LINE]]
        left = rows.left_on.fill_null(ibis.literal("2200-01-01").cast("date"))
        earlier = ibis.window(group_by=group, order_by=order, preceding=(None, 1))
        over = left.max().over(earlier)
        again, reason = over.notnull() & (rows.joined_on.isnull() | (over > rows.joined_on)), f"customer_id {NOT_OVER}"
    else:
        place = ibis.row_number().over(ibis.window(group_by=group, order_by=rows[LINE]))
        again = place > 0
        reason = f"agent {SAME_START}" if name == "staff" else f"{key(name, rows.columns)[0]} {AGAIN}"
    if PART in rows.columns:  # the last file is the first part
        later = rows[PART].min().over(ibis.window(group_by=group)) < rows[PART]
        reason = later.ifelse(f"{key(name, rows.columns)[0]} {IN_PART}", reason)
    told = rows.mutate(carestudy_again=again)
    repeated = told[REASON].isnull() & told.carestudy_again
    return told.mutate(**{REASON: repeated.ifelse(reason, told[REASON])}).drop("carestudy_again")


def one_of_parts(rows: Any, name: str) -> Any:
    """Of a table without a key, rows that overlapping files have in common count once.

    Two equal rows of one file are two events; so the first of them is the same as the first in another file, the
    second as the second, and so on.
    """
    said = [rows[c] for c in rows.columns if not c.startswith(OURS) and c != TABLES[name].key]
    same = [*said, rows[REASON].isnull()]
    counted = rows.mutate(
        carestudy_nth=ibis.row_number().over(ibis.window(group_by=[*same, rows[PART]], order_by=rows[LINE]))
    )
    same = [counted[one.get_name()] for one in said]
    first = ibis.window(group_by=[*same, counted[REASON].isnull(), counted.carestudy_nth], order_by=counted[LINE])
    told = counted.mutate(carestudy_again=ibis.row_number().over(first) > 0)
    repeated = told[REASON].isnull() & told.carestudy_again
    return told.mutate(**{REASON: repeated.ifelse(f" {IN_PART}", told[REASON])}).drop(
        "carestudy_again", "carestudy_nth"
    )


def one_job_at_a_time(staff: Any) -> Any:
    """An agent's row ends at the latest where the next one starts, so that no work counts twice."""
    if not {"agent", "from"} <= set(staff.columns):
        return staff
    group = [staff.agent, staff[REASON].isnull()]
    following = (
        staff["from"]
        .lead()
        .over(ibis.window(group_by=group, order_by=[staff["from"].asc(nulls_first=True), staff[LINE]]))
    )
    staff = staff.mutate(carestudy_next=following)
    until = staff.until if "until" in staff.columns else ibis.null("date")
    overlaps = until > staff.carestudy_next
    return staff.mutate(
        **{MENDED + OVERLAP: overlaps, "until": (overlaps | until.isnull()).ifelse(staff.carestudy_next, until)}
    ).drop("carestudy_next")
