"""Folders of bad exports, read through the public door, with what must hold of every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from carestudy import load
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.load import set_aside

# What may stand in a cell and must never stand in a message.
PRIVATE = ("0912345678", "Nguyễn Văn Bí Mật")
Content = str | bytes
GOOD = "customer_id,joined_on\nA1,2026-01-05\nA2,2026-02-10\n"


def put(folder: Path, files: Mapping[str, Content]) -> Path:
    """A folder with these files; ``care`` is care.toml, and a name without an ending is a CSV file's."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = "care.toml" if name == "care" else name if "." in name else f"{name}.csv"
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def taken(folder: Path, files: Mapping[str, Content], **given: Any) -> Care:
    """The company in these files: no row is lost, and each one set aside is listed."""
    care: Care = load(put(folder, files), **given)
    listed = set_aside(care)["table"].value_counts()
    for count in care.counts:
        assert count.read == count.used + count.set_aside
        assert count.set_aside == listed.get(count.table, 0)
    _keeps_secrets(f"{care!r}{care.faults.to_csv()}{set_aside(care).to_csv()}")
    return care


def refused(folder: Path, files: Mapping[str, Content], **given: Any) -> str:
    """The one line in which these files are refused."""
    with pytest.raises(CareError) as error:
        load(put(folder, files), **given)
    said = str(error.value)
    assert said.splitlines() == [said]
    assert len(said) < 1000
    assert str(folder.parent) not in said
    _keeps_secrets(said)
    return said


def counts(care: Care, table: str = "customers") -> tuple[int, int, int]:
    """Rows read, used and set aside."""
    (found,) = [(one.read, one.used, one.set_aside) for one in care.counts if one.table == table]
    return found


def used(care: Care, table: str, *columns: str) -> list[Any]:
    """The used rows of a table in the order of their first column: values of one column, or tuples of several."""
    found = sorted(
        (tuple(row.values()) for row in care.table(table, *columns).select(*columns).to_pyarrow().to_pylist()),
        key=lambda row: [str(cell) for cell in row],
    )
    return [row[0] for row in found] if len(columns) == 1 else found


def faults(care: Care, *, aside: bool = True) -> list[tuple[str, str, tuple[Any, ...]]]:
    """Column, reason and lines of what was set aside, or of what was mended."""
    rows = care.faults[care.faults["set_aside"] == aside]
    return list(rows[["column", "reason", "examples"]].itertuples(index=False, name=None))


def findings(care: Care, table: str, column: str | None = None) -> list[tuple[str, int]]:
    """What the quality section warns of in a table, or a column of it: the check and the number of rows."""
    from carestudy.quality import quality  # here, so that what reads files can be tried without it

    frame = quality(care)
    frame = frame[(frame["level"] != "fine") & (frame["table"] == table)]
    frame = frame if column is None else frame[frame["column"] == column]
    return list(frame[["check", "rows"]].itertuples(index=False, name=None))


def _keeps_secrets(text: str) -> None:
    assert [secret for secret in PRIVATE if secret in text] == []
