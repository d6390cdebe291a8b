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
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = normalize("NFC", path.name)
        if name in files:
            raise CareError(f"two files are called '{name}', in letters that only look alike: give one another name")
        if path.is_file():
            files[name] = path
    return files


def kind_of(path: Path) -> str | None:
    """The ending that says how a file is read, if it is one we can read."""
    return next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)


def files_of(files: Mapping[str, Path], folder: Path, name: str, patterns: Sequence[str]) -> list[Path]:
    """The files of a table, in the order in which care.toml lists them, or a pattern finds them."""
    if not patterns:
        named_files = [path for file, path in files.items() if file.lower() in [name + kind for kind in KINDS]]
        if len(named_files) > 1:
            both = " and ".join(path.name for path in named_files)
            raise CareError(f"both {both} are there: name one in {FILE}: [{name}] source")
        return named_files
    paths = [path for pattern in patterns for path in _named(files, folder, name, pattern)]
    for path in paths:
        if kind_of(path) is None:
            kinds = ", ".join(KINDS)
            raise CareError(f"{FILE} [{name}]: source '{path.name}' is of no kind that can be read: {kinds}")
    return list(dict.fromkeys(paths))


def _named(files: Mapping[str, Path], folder: Path, name: str, source: str) -> list[Path]:
    """The file that is called so; else, with a star or question mark, all that fit, 2 before 10."""
    if source in files:
        return [files[source]]
    fitting = [file for file in files if PATTERN.search(source) and fnmatchcase(file, source) and kind_of(files[file])]
    if fitting:
        return [files[file] for file in sorted(fitting, key=_natural)]
    path = folder / source
    if not path.is_file():
        known(source, list(files), f"{FILE} [{name}] source")
    return [path]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in re.split(r"(\d+)", name)]
