"""Rows that stand more than once: the first stays; a customer may come back, an agent may change teams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from carestudy import engine
from carestudy.contract import TABLES, CareError
from carestudy.load.checks import MENDED, REASON
from carestudy.load.mending import OVERLAP
from carestudy.load.plain_names import LINE, OURS, PART, SOURCE

AGAIN = "stands in an earlier row"
IN_PART = "stands in a later file as well"
NOT_OVER = "stands in an earlier row whose stay is not over"
SAME, OTHER = f"{OURS}same", f"{OURS}other"
OPEN = engine.literal("2200-01-01").cast("date")
AGREES = "is of a customer of an earlier row, and no mapped column differs: counted once"
DIFFERS = "differs from an earlier row of its id"
SAME_START = "stands in an earlier row that starts on the same day"


def key(name: str, columns: list[str]) -> list[str]:
    """The columns that tell the rows of a table apart."""
    if name == "staff":
        return [column for column in ("agent", "from") if column in columns] if "agent" in columns else []
    return [column for column in [TABLES[name].key] if column in columns]


def refuse_two_of_a_kind(rows: engine.Table, name: str) -> None:
    """Refuse a key that two sources have for rows of other days: they number different things from 1 on."""
    contract, columns = TABLES[name], rows.columns
    if SOURCE not in columns or contract.key not in columns or contract.time not in columns:
        return
    good = rows.filter(rows[REASON].isnull())
    groups = good.group_by(contract.key).aggregate(
        sources=good[SOURCE].nunique(), days=good[contract.time].cast("date").nunique()
    )
    (result,) = (
        groups.aggregate(n=groups.count(where=(groups.sources > 1) & (groups.days > 1))).to_pyarrow().to_pylist()
    )
    if result["n"]:
        raise CareError(
            f"{name}: {result['n']:,} {contract.key} of two sources has another {contract.time} in each: these are not "
            f'the same {name}. In one source call the column something else, columns = {{ number = "{contract.key}" }}'
        )


def one_of_a_kind(rows: engine.Table, name: str, mapped: Iterable[str] = ()) -> engine.Table:
    """Of the good rows of one key the first in the source stays, and later ones are set aside.

    Customers who left and came back have several rows: stays that overlap are one, which ends with the last of them.
    Of customers only columns of the contract, and those that care.toml maps (``mapped``), tell whether rows differ:
    a list of orders has its customers in several rows.
    """
    rows = _compared(rows, name, mapped)
    stays = name == "customers" and {"joined_on", "left_on"} <= set(rows.columns)
    rows = _of_later_files(rows) if stays and PART in rows.columns else rows
    good = rows[REASON].isnull()
    group = [*(rows[column] for column in key(name, rows.columns)), good]
    if stays:
        rows = _joined(rows, group)
        is_repeated, reason = rows.carestudy_again, f"customer_id {NOT_OVER}"
        group = [*(rows[column] for column in key(name, rows.columns)), rows[REASON].isnull()]
        reason = rows[SAME].ifelse(f"customer_id {AGREES}", reason) if SAME in rows.columns else reason
    else:
        row_number = engine.row_number().over(engine.window(group_by=group, order_by=rows[LINE]))
        is_repeated = row_number > 0
        reason = f"agent {SAME_START}" if name == "staff" else _said_again(rows, name)
    if PART in rows.columns:  # the last file is the first part
        later = rows[PART].min().over(engine.window(group_by=group)) < rows[PART]
        reason = later.ifelse(f"{key(name, rows.columns)[0]} {IN_PART}", reason)
    marked = rows.mutate(carestudy_again=is_repeated)
    repeated = marked[REASON].isnull() & marked.carestudy_again
    ours = [column for column in ("carestudy_again", SAME, OTHER) if column in marked.columns]
    return marked.mutate(**{REASON: repeated.ifelse(reason, marked[REASON])}).drop(*ours)


def _compared(rows: engine.Table, name: str, mapped: Iterable[str]) -> engine.Table:
    """Rows with a mark on those that an earlier row of their key equals, and the first column in which others differ.

    Rows are compared with the first of their key, and a cell that says nothing does not differ. No column is named
    whose name has several words.
    """
    if name == "staff":
        return rows
    contract, group = TABLES[name], [rows[TABLES[name].key], rows[REASON].isnull()]
    compared = [c for c in rows.columns if not c.startswith(OURS) and c != contract.key]
    if name == "customers":
        compared = [c for c in compared if c in contract.columns or c in set(mapped)]
    compared.sort(key=lambda column: column not in contract.columns)
    equal = engine.window(group_by=[*group, *(rows[c] for c in compared)], order_by=rows[LINE])
    first = engine.window(group_by=group, order_by=rows[LINE])
    cells = {c: rows[c].cast("string").fill_null("") for c in compared}
    differs_by_column = {c: rows[c].notnull() & (text != text.first().over(first)) for c, text in cells.items()}
    differ = [(mark, "" if " " in column else column) for column, mark in differs_by_column.items()]
    first_difference = engine.cases(*differ, else_=engine.null("string")) if differ else engine.null("string")
    return rows.mutate(
        **{SAME: (engine.row_number().over(equal) > 0) | first_difference.isnull(), OTHER: first_difference}
    )


def _said_again(rows: Any, name: str) -> engine.Value:
    """Why a later row of a key does not count: it says the same again, or something else."""
    again = f"customer_id {AGREES}" if name == "customers" else f"{TABLES[name].key} {AGAIN}"
    return rows[SAME].ifelse(again, rows[OTHER] + f" {DIFFERS}")


def _of_later_files(rows: engine.Table) -> engine.Table:
    """Customers' rows, where a stay that began on the same day is told of by the last file that has it only."""
    same_stay = engine.window(group_by=[rows.customer_id, rows.joined_on, rows[REASON].isnull()])
    older = rows[REASON].isnull() & (rows[PART].min().over(same_stay) < rows[PART])
    # The window sees the reasons as they were: they are replaced behind it.
    marked = rows.mutate(carestudy_older=older)
    reason = marked.carestudy_older.ifelse(f"customer_id {IN_PART}", marked[REASON])
    return marked.mutate(**{REASON: reason}).drop("carestudy_older")


def _joined(rows: engine.Table, group: list[Any]) -> engine.Table:
    """Customers' rows with a mark on those that begin before an earlier stay is over, which the first then tells of.

    The first row of such a chain ends when the last of its stays does, and says what the row says that ends then.
    """
    order = [rows.joined_on.asc(nulls_first=True), rows[LINE]]
    left = rows.left_on.fill_null(OPEN)
    over = left.max().over(engine.window(group_by=group, order_by=order, preceding=(None, 1)))
    again = over.notnull() & (rows.joined_on.isnull() | (over > rows.joined_on))
    marked = rows.mutate(carestudy_again=again, carestudy_left=left, carestudy_good=rows[REASON].isnull())
    keys, ordered = [marked.customer_id, marked.carestudy_good], [marked.joined_on.asc(nulls_first=True), marked[LINE]]
    running = engine.window(group_by=keys, order_by=ordered, preceding=None, following=0)
    chains = marked.mutate(carestudy_chain=(~marked.carestudy_again).ifelse(1, 0).sum().over(running))
    keys = [chains.customer_id, chains.carestudy_good, chains.carestudy_chain]
    ends = [chains.carestudy_left.desc(), chains.joined_on.desc(nulls_first=False), chains[LINE].desc()]
    first = engine.window(group_by=keys, order_by=ends)
    last = {column: chains[column].first().over(first) for column in chains.columns if _is_told(column)}
    return chains.mutate(**last).drop("carestudy_left", "carestudy_good", "carestudy_chain")


def _is_told(column: str) -> bool:
    """Whether a column of a chain of stays is that of the last of them."""
    return not column.startswith(OURS) and column not in ("customer_id", "joined_on")


def one_of_parts(rows: engine.Table, name: str) -> engine.Table:
    """Of a table without a key, rows that overlapping files have in common count once.

    Two equal rows of one file are two events; so the first of them is the same as the first in another file, the
    second as the second, and so on.
    """
    cells = [rows[c] for c in rows.columns if not c.startswith(OURS) and c != TABLES[name].key]
    same_row = [*cells, rows[REASON].isnull()]
    counted = rows.mutate(
        carestudy_nth=engine.row_number().over(engine.window(group_by=[*same_row, rows[PART]], order_by=rows[LINE]))
    )
    same_row = [counted[cell.get_name()] for cell in cells]
    first = engine.window(group_by=[*same_row, counted[REASON].isnull(), counted.carestudy_nth], order_by=counted[LINE])
    marked = counted.mutate(carestudy_again=engine.row_number().over(first) > 0)
    repeated = marked[REASON].isnull() & marked.carestudy_again
    return marked.mutate(**{REASON: repeated.ifelse(f" {IN_PART}", marked[REASON])}).drop(
        "carestudy_again", "carestudy_nth"
    )


def one_job_at_a_time(staff: engine.Table) -> engine.Table:
    """An agent's row ends at the latest where the next one starts, so that no work counts twice."""
    if not {"agent", "from"} <= set(staff.columns):
        return staff
    group = [staff.agent, staff[REASON].isnull()]
    following = (
        staff["from"]
        .lead()
        .over(engine.window(group_by=group, order_by=[staff["from"].asc(nulls_first=True), staff[LINE]]))
    )
    staff = staff.mutate(carestudy_next=following)
    until = staff.until if "until" in staff.columns else engine.null("date")
    overlaps = until > staff.carestudy_next
    return staff.mutate(
        **{MENDED + OVERLAP: overlaps, "until": (overlaps | until.isnull()).ifelse(staff.carestudy_next, until)}
    ).drop("carestudy_next")
