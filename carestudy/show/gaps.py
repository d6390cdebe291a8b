"""What stands where a figure cannot: which table or column is missing, and how to give it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

from carestudy.contract import Missing, Premise, Refused
from carestudy.show import labels, refusals
from carestudy.show.output import Output
from carestudy.show.words import Reader

BOX = Markup('<div class="care-gap"><p><strong>{title}</strong>{reason}</p>{mend}</div>')
MEND = Markup('<p class="mend">{}</p>')
AGAIN = re.compile(MEND.format(Markup("(.*?)")), re.DOTALL)  # what a page need not say twice
SETTINGS = "settings"  # what is missing is no table: care.toml does not say it


def missing(reader: Reader, gap: Missing, label: str = "", has: Iterable[str] = (), group: str = "") -> Output:
    """The box for a figure whose table or column the data do not have; ``has`` is what they have instead.

    ``group`` names the dimension whose one group is shown: a table may lack then that the company does have.
    """
    if isinstance(gap, Refused):
        return refused(reader, gap, label)
    t, there = reader.t, tuple(has) or gap.has
    names = {
        "table": labels.clean(gap.table),
        "column": labels.clean(gap.column or ""),
        "has": labels.clean(", ".join(there)) or t("nothing"),
    }
    title = t("{label} cannot be computed", label=label or labels.clean(gap.asked_by) or t("This figure"))
    reason, mend, line = _premise(reader, gap) if isinstance(gap, Premise) else _lack(reader, gap, names, there, group)
    how = Markup("{}<br><code>{}</code>").format(mend, line) if line else Markup("{}").format(mend)
    html = BOX.format(title=title, reason=reason, mend=MEND.format(how) if how else "")
    return Output(html, f"{title}. {reason} {mend} {' '.join(line.split())}".rstrip(), looks=("gap",))


def _premise(reader: Reader, gap: Premise) -> tuple[str, str, str]:
    """Why a column that is there is not enough, and what can be done about it."""
    values = {name: labels.clean(str(value)) for name, value in gap.values.items()}
    mend = f"{reader.t(gap.mend, **values)}." if gap.mend else ""
    return f"{reader.t(gap.reason, **values)}.", mend, ""


def _lack(
    reader: Reader, gap: Missing, names: dict[str, str], there: tuple[str, ...], group: str
) -> tuple[str, str, str]:
    """What is missing, how to give it, and what to write."""
    t = reader.t
    if gap.table == SETTINGS:
        line = 'hours = { mon-fri = ["08:00-12:00", "13:00-17:30"], sat = ["08:00-12:00"] }'
        return t("The opening hours of the company are not known."), t("Write it in care.toml, as in:"), line
    if gap.column is None and group:
        reason = t("The data of this group alone have no table {table}.", **names)
        return (
            reason,
            t("See the report of the whole company: data that do not state {group} are not here.", group=group),
            "",
        )
    if gap.column is None:
        reason = t("The data have no table {table} ({has} are there).", **names)
        mend = t("Add a file {table}.csv or {table}.parquet, or name its source in care.toml:", **names)
        return reason, mend, f'[{names["table"]}]\nsource = "…"'
    reason = t("Table {table} has no column {column} ({has} are there).", **names)
    line = f'[{names["table"]}]\ncolumns = {{ {names["column"]} = "{labels.clean(gap.near(there) or "…")}" }}'
    return reason, t("Name your column for it in care.toml:"), line


def refused(reader: Reader, gap: Refused, label: str = "") -> Output:
    """The box for a figure whose premise does not hold, with the premise."""
    name = label or labels.clean(gap.asked_by) or reader.t("This figure")
    title = reader.t("{label} cannot be computed from these data", label=name)
    reason = refusals.sentence(reader, gap.why)
    return Output(BOX.format(title=title, reason=reason, mend=""), f"{title}. {reason}", looks=("gap",))


def nothing(reader: Reader, label: str, reason: str = "") -> Output:
    """The box for a figure that has no rows to be computed from, with the reason where it is known."""
    title = reader.t("{label}: no data", label=label) if label else reader.t("No data")
    reason = reason or reader.t("Not enough data in this period.")
    return Output(BOX.format(title=title, reason=reason, mend=""), f"{title}. {reason}", looks=("gap",))
