"""What the invented companies share: dice, days, people, and a folder with its facts beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
AGENTS = ("Lan", "Hùng", "Mai", "Tuấn")
FACTS = "facts.toml"


@dataclass(frozen=True)
class Company:
    """The files of an invented company, what their columns are, the answers to what is asked, and what is true."""

    files: Mapping[str, Any]
    columns: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, float]
    answers: Sequence[str] = ()
    tool: str = ""
    currency: str = ""
    not_yet: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


COMPANIES: dict[str, Callable[[np.random.Generator], Company]] = {}


def company(
    name: str,
) -> Callable[[Callable[[np.random.Generator], Company]], Callable[[np.random.Generator], Company]]:
    """Register how a company is invented, under the name of its folder."""

    def registered(invent: Callable[[np.random.Generator], Company]) -> Callable[[np.random.Generator], Company]:
        COMPANIES[name] = invent
        return invent

    return registered


def invented(name: str) -> Company:
    """A company, the same every time."""
    return COMPANIES[name](np.random.default_rng(sum(map(ord, name))))


def moments(dice: np.random.Generator, rows: int, start: str = "2026-03-01", days: int = 180) -> pd.Series:
    """Moments of office hours, in order, each in a minute of its own."""
    day = np.sort(dice.integers(0, days, rows))
    minute = dice.integers(8 * 60, 17 * 60, rows)
    found = pd.Timestamp(start) + pd.to_timedelta(day, "D") + pd.to_timedelta(minute, "min")
    return pd.Series(found).sort_values(ignore_index=True)


def some(
    dice: np.random.Generator, words: Sequence[Any], rows: int, shares: Sequence[float] | None = None
) -> pd.Series:
    """Words drawn at random; numbers stay numbers."""
    return pd.Series([words[place] for place in dice.choice(len(words), rows, p=shares)])


def people(rows: int) -> list[str]:
    """Names that nobody has."""
    return [f"Khách {chr(65 + n % 26)}{n}" for n in range(rows)]


def csv(frame: pd.DataFrame, separator: str = ",", form: str = "%Y-%m-%d %H:%M:%S", lead: str = "") -> str:
    """A frame as a text file, with days in a form."""
    return lead + frame.to_csv(index=False, sep=separator, date_format=form, lineterminator="\n")


def minutes(of: pd.Series) -> pd.Series:
    """Durations in minutes."""
    return of.dt.total_seconds() / 60


def clock(of: pd.Series) -> pd.Series:
    """Durations as hours:minutes:seconds."""
    seconds = of.dt.total_seconds().astype("int64")
    return (
        (seconds // 3600).map("{:02d}".format)
        + (seconds // 60 % 60).map(":{:02d}".format)
        + (seconds % 60).map(":{:02d}".format)
    )


def write(folder: Path, made: Company) -> None:
    """The files of a company and its facts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        if isinstance(content, str):
            (folder / name).write_bytes(content.encode())
        else:
            with pd.ExcelWriter(folder / name, engine="xlsxwriter", datetime_format="dd/mm/yyyy hh:mm") as book:
                book.book.set_properties({"created": datetime(2026, 9, 1, tzinfo=UTC)})
                for sheet, frame in content.items():
                    frame.to_excel(book, sheet_name=sheet, index=False)
    (folder / FACTS).write_text(as_toml(made), "utf-8")


def as_toml(made: Company) -> str:
    """What is known of a company, for the test that tries it."""
    lines = ["# Written by make_exports.py from the same invented rows, by plain pandas."]
    lines += [
        f"{name} = {inline(getattr(made, name))}" for name in ("tool", "currency", "not_yet") if getattr(made, name)
    ]
    lines += [f"answers = {inline(list(made.answers))}"] if made.answers else []
    for name, said in (
        ("settings", made.settings),
        ("facts", made.facts),
        *((f'columns."{t}"', c) for t, c in made.columns.items()),
    ):
        if said:
            lines += ["", f"[{name}]", *(f"{quoted(key)} = {inline(one)}" for key, one in said.items())]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def inline(said: Any) -> str:
    """A value as TOML has it on one line."""
    if isinstance(said, str):
        return quoted(said)
    if isinstance(said, Mapping):
        return "{ " + ", ".join(f"{quoted(key)} = {inline(one)}" for key, one in said.items()) + " }"
    if isinstance(said, list | tuple):
        return f"[{', '.join(map(inline, said))}]"
    return repr(float(said)) if isinstance(said, float | np.floating) else repr(int(said))
