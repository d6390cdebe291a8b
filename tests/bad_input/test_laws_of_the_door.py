"""What holds of any bytes and any tables: a message and never a traceback, no row lost, nothing written elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy.__main__ import main
from carestudy.contract import TABLES
from carestudy.load import examine, set_aside

NAMES = [
    f"{table}{kind}"
    for table in ("customers", "responses")
    for kind in (".csv", ".csv.gz", ".xlsx", ".xls", ".parquet")
]
STARTS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"\x1f\x8b\x08", b"\xff\xfe",
          b"\xef\xbb\xbf", b"sep=;\n", b"customer_id,joined_on\n", b"customer_id;joined_on\r\n"]  # fmt: skip
SYNTAX = st.text(alphabet="\"',;\t|\r\n \\=[]{}#.%$_0123456789abcdefđế\u0301\u200b\ufeff\0", max_size=80)
CELLS = st.sampled_from(
    ["", "A1", "a1 ", "7", "-1", "10", "9.5", "1.234", "1,5", "2026-01-05", "31/10/2026", "2026-02-30", "9999-12-31",
     "1900-01-01", "NULL", "nan", "#REF!", "1E5", "1.23E+11", "có", "nps", "Tổng cộng", "đ", "x\n", '"', "=1", "<b>",
     "\u202e", "2026-01-05T10:00:00Z"]
)  # fmt: skip


def _check(folder: Path, *more: str) -> None:
    """Run the command on a folder; any end but one in good order is a fault."""
    said, complained = StringIO(), StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        code = main(["check", str(folder), *more])
    out, err = said.getvalue(), complained.getvalue()
    assert code in (0, 1, 3)
    assert "Traceback" not in out + err
    assert "a fault of carestudy" not in err
    assert err.count("\n") == bool(err)
    assert bool(out) != bool(err)


@contextmanager
def _folder() -> Iterator[Path]:
    # A folder for each example; a fixture would be the same for all.
    with TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=25)
@given(
    name=st.sampled_from([*NAMES, "care.toml"]),
    start=st.sampled_from(STARTS),
    rest=st.binary(max_size=200) | SYNTAX.map(str.encode),
)
def test_any_bytes_end_in_a_message(name: str, start: bytes, rest: bytes) -> None:
    with _folder() as folder:
        (folder / "staff.csv").write_text("agent\nLan\n", "utf-8")
        (folder / name).write_bytes(start + rest)
        _check(folder)


@st.composite
def _tables(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Some tables of the contract with some of their columns, and any cells."""
    made = {}
    for name in draw(st.lists(st.sampled_from(list(TABLES)), min_size=1, max_size=2, unique=True)):
        known = list(TABLES[name].columns)
        columns = draw(st.lists(st.sampled_from([*known, "<b>", "Tổng"]), min_size=2, max_size=5, unique=True))
        rows = draw(st.lists(st.tuples(*[CELLS] * len(columns)), max_size=6))
        made[name] = pd.DataFrame(rows, columns=columns, dtype=str)
    return made


@settings(max_examples=25)
@given(made=_tables())
def test_of_any_tables_every_row_is_used_or_set_aside(made: dict[str, pd.DataFrame]) -> None:
    with _folder() as folder:
        for name, frame in made.items():
            frame.to_csv(folder / f"{name}.csv", index=False)
        found = examine(str(folder))
        assert found.care is not None or found.errors
        if found.care is None:
            return
        listed = set_aside(found.care)["table"].value_counts()
        for count in found.care.counts:
            assert count.read == count.used + count.set_aside
            assert count.used == found.care.table(count.table).count().to_pyarrow().as_py()
            assert count.set_aside == listed.get(count.table, 0)


@settings(max_examples=10)
@given(
    names=st.lists(
        st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
            lambda name: name not in (".", "..") and len(name.encode()) < 100
        ),
        min_size=1, max_size=3, unique=True,
    ),
    source=st.sampled_from(["../outside/*", "../written/*", "*", "[!x]*", "link", "..", "."]) | SYNTAX,
)  # fmt: skip
def test_no_folder_makes_a_check_write_outside_its_output(names: list[str], source: str) -> None:
    with _folder() as place:
        data, out, outside = place / "data", place / "written", place / "outside"
        for folder in (data, outside):
            folder.mkdir()
        (outside / "secret.csv").write_text("customer_id,joined_on\n0912345678,2026-01-05\n", "utf-8")
        for name in names:
            (data / name).write_text("customer_id,joined_on\nA1,2026-01-05\n", "utf-8")
        for name, target in {"link": outside, "customers.csv": outside / "secret.csv", "loop": data}.items():
            if not (data / name).exists():
                (data / name).symlink_to(target)
        if "care.toml" not in names:
            (data / "care.toml").write_text(f"[staff]\nsource = {_toml(source)}\n", "utf-8")
        before = _seen(place)
        _check(data, "--out", str(out))
        after = {path: stat for path, stat in _seen(place).items() if not path.startswith(str(out))}
        assert after == before
        assert {path.name for path in out.rglob("*")} <= {"check.html", "check.csv", "set_aside.csv"}


def _toml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08x}" for letter in text) + '"'


def _seen(place: Path) -> dict[str, tuple[int, int]]:
    """Every file in a place with its size and when it was written; what a link leads to stands in its own place."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for top, _, files in os.walk(place) for path in (Path(top, name) for name in files)
    }  # fmt: skip
