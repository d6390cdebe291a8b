"""Which files of a folder a table comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from unicodedata import normalize

from carestudy import files
from carestudy.contract import CareError
from carestudy.load import parquet
from carestudy.load.mapping import FILE, known

KINDS = (parquet.KIND, *files.KINDS)
PATTERN = re.compile(r"[*?]")


def files_in(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in one normal form."""
    there: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = normalize("NFC", path.name)
        if name in there:
            raise CareError(f"two files are called '{name}', in letters that only look alike: give one another name")
        if path.is_file():
            there[name] = path
    return there


def kind_of(path: Path) -> str | None:
    """The ending that says how a file is read, if it is one we can read."""
    return next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)


def files_of(there: Mapping[str, Path], folder: Path, name: str, said: Sequence[str]) -> list[Path]:
    """The files of a table, in the order in which care.toml lists them, or a pattern finds them."""
    if not said:
        found = [path for file, path in there.items() if file.lower() in [name + kind for kind in KINDS]]
        if len(found) > 1:
            both = " and ".join(path.name for path in found)
            raise CareError(f"both {both} are there: name one in {FILE}: [{name}] source")
        return found
    paths = [path for one in said for path in _named(there, folder, name, one)]
    for path in paths:
        if kind_of(path) is None:
            kinds = ", ".join(KINDS)
            raise CareError(f"{FILE} [{name}]: source '{path.name}' is of no kind that can be read: {kinds}")
    return list(dict.fromkeys(paths))


def _named(there: Mapping[str, Path], folder: Path, name: str, source: str) -> list[Path]:
    """The file that is called so; else, with a star or question mark, all that fit, 2 before 10."""
    if source in there:
        return [there[source]]
    fitting = [file for file in there if PATTERN.search(source) and fnmatchcase(file, source) and kind_of(there[file])]
    if fitting:
        return [there[file] for file in sorted(fitting, key=_natural)]
    path = folder / source
    if not path.is_file():
        known(source, list(there), f"{FILE} [{name}] source")
    return [path]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
