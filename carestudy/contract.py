"""The data contract: which tables and columns carestudy knows, and the errors that name what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["text", "date", "time", "money", "number", "integer", "flag"]


LONGEST_MESSAGE = 2000  # bytes
LONGEST_NAME = 60  # letters
LONG_NAME = re.compile(r"""(?<=')[^']{80,}(?=')|(?<=")[^"]{80,}(?=")|[^\s'"]{120,}""")
LISTED = 12  # names in a list


class CareError(Exception):
    """Something a user can mend; its message is one readable line without personal data, of 2,000 bytes at most."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*(shortened(one) if isinstance(one, str) else one for one in args))


def listed(names: Iterable[str]) -> str:
    """Names side by side, of many the first and how many there are more; long names are cut.

    >>> listed(f"a{n}" for n in range(49))
    'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11 and 37 more'
    """
    every = list(names)
    shown = ", ".join(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…" for name in every[:LISTED])
    return shown if len(every) <= LISTED else f"{shown} and {len(every) - LISTED} more"


def shortened(message: str) -> str:
    """A message of at most 2,000 bytes: its long names are cut, then its list, then its middle.

    >>> shortened("no sheet of " + ", ".join(f"sheet {n}" for n in range(900)) + ": say which")[-53:]
    'sheet 10, sheet 11 … (887 more), sheet 899: say which'
    """
    if len(message.encode()) <= LONGEST_MESSAGE:
        return message
    short = LONG_NAME.sub(lambda found: found[0][: LONGEST_NAME - 1] + "…", message)
    parts = short.split(", ")
    if len(short.encode()) > LONGEST_MESSAGE and len(parts) > LISTED + 1:
        short = f"{', '.join(parts[:LISTED])} … ({len(parts) - LISTED - 1} more), {parts[-1]}"
    half = LONGEST_MESSAGE // 8  # a letter has four bytes at most
    return short if len(short.encode()) <= LONGEST_MESSAGE else f"{short[:half]} … {short[-half:]}"


class Reason(str):
    """Why there is no figure: an English sentence that knows its message and values, to be written in any language."""

    message: str
    values: Mapping[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> Reason:
        """The sentence with its values put in."""
        made = super().__new__(cls, message.format(**values) if values else message)
        made.message, made.values = message, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _reason, (self.message, dict(self.values))


def _reason(message: str, values: Mapping[str, Any]) -> Reason:
    return Reason(message, **values)


@dataclass(frozen=True)
class Contract:
    """One table of the contract: its columns with their types, its key, and the column that places a row in time."""

    name: str
    columns: Mapping[str, Type]
    key: str | None = None
    time: str | None = None


def _contract(name: str, key: str | None, time: str | None, **columns: Type) -> Contract:
    return Contract(name, {column.rstrip("_"): kind for column, kind in columns.items()}, key, time)


TABLES: dict[str, Contract] = {
    table.name: table
    for table in (
        _contract(
            "customers", "customer_id", None,
            customer_id="text", joined_on="date", left_on="date", leave_reason="text", birth_year="integer", age="text",
            gender="text", education="text", region="text", country="text", interests="text", income_band="text",
            owner="text", segment="text", consent="flag",
        ),
        _contract(
            "transactions", "transaction_id", "occurred_at",
            transaction_id="text", customer_id="text", occurred_at="time", amount="money", returned="flag",
            refunded="money", currency="text", channel="text", agent="text", team="text", country="text",
        ),
        _contract(
            "contacts", "contact_id", "opened_at",
            contact_id="text", customer_id="text", opened_at="time", first_reply_at="time", resolved_at="time",
            reopened="flag", channel="text", stage="text", kind="text", topic="text", agent="text", team="text",
            direction="text", answered="flag", resolved="flag", handling_seconds="number",
        ),
        _contract(
            "responses", "response_id", "answered_at",
            response_id="text", customer_id="text", answered_at="time", question="text", score="number",
            comment="text", source="text", contact_id="text", channel="text", agent="text", team="text",
        ),
        _contract("staff", None, None, agent="text", team="text", department="text", from_="date", until="date"),
        _contract("goals", None, None, kpi="text", scope="text", period="text", target="number", weight="number"),
        _contract(
            "invitations", "invitation_id", "invited_at",
            invitation_id="text", customer_id="text", invited_at="time", question="text", source="text",
            response_id="text", channel="text", agent="text", team="text",
        ),
    )
}  # fmt: skip


class Missing(CareError):
    """A figure needs a table or a column that the data do not have."""

    def __init__(self, table: str, column: str | None = None, has: Iterable[str] = (), *, asked_by: str = "") -> None:
        self.table, self.column, self.asked_by = table, column, asked_by
        self.has = tuple(has)
        super().__init__(self._sentence())

    def for_figure(self, name: str) -> Missing:
        """The same error, naming the figure that asked."""
        return Missing(self.table, self.column, self.has, asked_by=name)

    def near(self, has: Iterable[str]) -> str | None:
        """The column whose name is this one misspelt; one that already has its name in the contract is none.

        A name that is merely alike is no advice: customer_city is no customer_id.
        """
        named = TABLES[self.table].columns if self.table in TABLES else {}
        slips = {one: _slips(self.column or "", one) for one in has if one not in named}
        near = min(slips, key=lambda one: slips[one], default=None)
        return near if near is not None and slips[near] <= max(1, len(self.column or "") // 4) else None

    def _sentence(self) -> str:
        who = self.asked_by or "this figure"
        if self.column is None:
            return (
                f"{who} needs table '{self.table}'; the data have {listed(self.has) or 'no table'}. "
                f"Add a file {self.table}.csv or {self.table}.parquet, or name one in care.toml: [{self.table}] source"
            )
        guess = self.near(self.has) or "your column"
        return (
            f"{who} needs column '{self.column}'; {self.table} has {listed(self.has)}. "
            f'Map it in care.toml: [{self.table}] columns = {{ {self.column} = "{guess}" }}'
        )


class Premise(Missing):
    """The data have the column that a figure reads, but not what the figure takes for granted of it.

    ``reason``, and ``mend`` where something can be done, are sentences with fields for ``table``, ``column`` and what
    else ``values`` hold; pages translate them.
    """

    def __init__(
        self, table: str, column: str, reason: str, mend: str = "", *, asked_by: str = "", **values: Any
    ) -> None:
        self.reason, self.mend = reason, mend
        self.values: dict[str, Any] = {"table": table, "column": column} | values
        super().__init__(table, column, asked_by=asked_by)

    def for_figure(self, name: str) -> Missing:
        """The same error, naming the figure."""
        values = {key: value for key, value in self.values.items() if key not in ("table", "column")}
        return Premise(self.table, str(self.column), self.reason, self.mend, asked_by=name, **values)

    def _sentence(self) -> str:
        who = self.asked_by or "this figure"
        told = f"{who} is not computed: {self.reason.format(**self.values)}"
        return f"{told}. {self.mend.format(**self.values)}" if self.mend else told


def _slips(wanted: str, written: str) -> int:
    """How many letters are wrong, missing, too many or swapped with the next.

    >>> _slips("score", "socre"), _slips("segment", "month"), _slips("customer_id", "customer_city")
    (1, 5, 3)
    """
    one, other = (name.casefold().replace(" ", "_") for name in (wanted, written))
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, theirs in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


class Refused(Premise):
    """A premise of a figure does not hold in these data: the figure would mislead. ``why`` is the premise."""

    def __init__(self, why: Reason, table: str, column: str | None = None, *, asked_by: str = "") -> None:
        self.why = why
        values = {name: value for name, value in why.values.items() if name not in ("table", "column")}
        super().__init__(table, column or "", why.message, asked_by=asked_by, **values)

    def for_figure(self, name: str) -> Refused:
        """The same error, naming the figure that asked."""
        return Refused(self.why, self.table, self.column, asked_by=name)

    def _sentence(self) -> str:
        return f"{self.asked_by or 'this figure'} cannot be told: {self.why}"


class Unable(CareError):
    """An engine has no way to compute a figure."""

    def __init__(self, engine: str, lacks: str, figure: str = "this figure") -> None:
        self.engine, self.lacks = engine, lacks
        super().__init__(
            f"{engine} cannot compute {figure}: it has no {lacks}; say in_memory = true in care.toml, or load the "
            "tables from files"
        )

    def for_figure(self, name: str) -> Unable:
        """The same error, naming the figure that asked."""
        return Unable(self.engine, self.lacks, name)
