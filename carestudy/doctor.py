"""The facts that a question about an installation needs: one page of plain text, without personal data.

Nothing is fetched. Home folder and user name are written ~, and no setting of the environment is shown.
"""

from __future__ import annotations

import getpass
import locale
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from packaging.requirements import Requirement

OK, WARNING, MISSING = "ok", "warning", "missing"
OLDEST = (3, 11)
EXTRAS = {
    "postgres": "to read PostgreSQL",
    "mysql": "to read MySQL",
    "lab": "to work in JupyterLab",
    "spark": "to work on Spark",
    "pdf": "to make PDF files",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LETTERS = {"ế": "ế", "ữ": "ữ", "đ": "đ", "₫": "the sign of the đồng"}
ZONE = "Asia/Ho_Chi_Minh"
GIB = 1 << 30
LITTLE_SPACE, LITTLE_MEMORY = 1, 2


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: how it is, what to do where it is not well, and whether a report needs it."""

    level: str
    what: str
    mend: str = ""
    needed: bool = True

    def __str__(self) -> str:
        return f"{self.level:<8} {self.what}" + (f": {self.mend}" if self.mend else "")


def doctor(data: Path | None = None, out: Path | None = None) -> tuple[list[str], int]:
    """The lines of the page, and 0 if a report can be made on this machine, else 1."""
    looks: dict[str, Callable[[], Iterator[Line]]] = {
        "Program": _program,
        "Libraries": _libraries,
        "Machine": _machine,
        "Language and time": _language,
        "Charts and pages": _charts,
        "Engine and kernel": _engines,
        "Folders": lambda: _folders(data, out),
    }
    lines_by_title = {title: list(_guarded(title, look)) for title, look in looks.items()}
    all_lines = [line for lines in lines_by_title.values() for line in lines]
    stops = [line for line in all_lines if line.level == MISSING and line.needed]
    text_lines = [
        text for title, lines in lines_by_title.items() for text in ("", title, *(f"  {line}" for line in lines))
    ]
    verdict = f"No report can be made: {len(stops)} missing" if stops else "A report can be made"
    return [hidden(text) for text in ("carestudy doctor", *text_lines, "", verdict)], int(bool(stops))


def hidden(text: str) -> str:
    """Replace the home folder and the user's name by ~, so that a text does not say whose machine it comes from."""
    with suppress(RuntimeError, OSError):
        for home in sorted({str(Path.home()), str(Path.home().resolve())}, key=len, reverse=True):
            text = text.replace(home, "~") if len(home) > 1 else text
    with suppress(OSError, KeyError, ImportError):
        text = re.sub(rf"(?<=[\\/]){re.escape(getpass.getuser())}(?=[\\/]|\s|$)", "~", text)
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    encoding = sys.stdout.encoding or "ascii"
    return shown.encode(encoding, "replace").decode(encoding)


def _guarded(title: str, look: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    """Yield the lines of a check; a check that fails itself yields a line that something is missing."""
    try:
        yield from look()
    except Exception as problem:  # noqa: BLE001 - whatever is broken here, the other lines are wanted
        yield Line(MISSING, f"{title} could not be looked at ({type(problem).__name__})", "send this page")


def _program() -> Iterator[Line]:
    new = sys.version_info >= OLDEST
    wanted = "" if new else f"install Python {'.'.join(map(str, OLDEST))} or newer"
    yield Line(OK if new else MISSING, f"Python {platform.python_version()} ({sys.executable})", wanted)
    yield Line(OK, f"carestudy {version('carestudy')}")


def _libraries() -> Iterator[Line]:
    from packaging.requirements import Requirement

    for text in requires("carestudy") or []:
        asked = Requirement(text)
        extra = next((name for name in EXTRAS if asked.marker and f'"{name}"' in str(asked.marker)), "")
        if extra or not asked.marker:
            yield _library(asked, extra)


def _library(asked: Requirement, extra: str) -> Line:
    install = f"pip install 'carestudy[{extra}]'" if extra else f"pip install '{asked.name}{asked.specifier}'"
    why = f" ({EXTRAS[extra]})" if extra else ""
    try:
        found = version(asked.name)
    except PackageNotFoundError:
        return Line(MISSING, f"{asked.name}{why}", install, needed=not extra)
    if not asked.specifier.contains(found, prereleases=True):
        return Line(WARNING, f"{asked.name} {found}", f"tried with {asked.specifier} only; {install}")
    return Line(OK, f"{asked.name} {found}")


def _machine() -> Iterator[Line]:
    posix = os.name == "posix"
    mend = "" if posix else "reports are published on Linux and macOS only; on Windows use WSL"
    yield Line(OK if posix else MISSING, f"{platform.system()} {platform.release()} {platform.machine()}", mend)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Line(OK, f"{cores} cores")
    with suppress(AttributeError, ValueError, OSError):
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
        little = memory < LITTLE_MEMORY
        yield Line(WARNING if little else OK, f"{memory:.1f} GB memory", "large tables may not fit" if little else "")


def _language() -> Iterator[Line]:
    for what, encoding in {
        "terminal": sys.stdout.encoding or "none",
        "file names": sys.getfilesystemencoding(),
        "locale": locale.getpreferredencoding(do_setlocale=False),
    }.items():
        wide = encoding.lower().replace("-", "") in ("utf8", "utf16", "cp65001")
        mend = "" if wide else "set LC_ALL=C.UTF-8 to see Vietnamese letters"
        yield Line(OK if wide else WARNING, f"encoding of the {what}: {encoding}", mend)
    try:
        yield Line(OK, f"time zones ({ZoneInfo(ZONE).key})")
    except (KeyError, OSError):
        yield Line(MISSING, f"time zones ({ZONE})", "pip install tzdata")


def _charts() -> Iterator[Line]:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    from carestudy.show.picture import STYLE

    family = str(STYLE["font.family"])
    font = FT2Font(findfont(family))
    lacking = [name for letter, name in LETTERS.items() if not font.get_char_index(ord(letter))]
    mend = f"it lacks {', '.join(lacking)}; install the font {family}" if lacking else ""
    yield Line(WARNING if lacking else OK, f"font of charts: {font.family_name}", mend)
    browser = next((name for name in BROWSERS if shutil.which(name)), "")
    if browser:
        yield Line(OK, f"browser: {browser}")
    else:
        yield Line(MISSING, "browser (only to print pages)", "install Chromium or Chrome", needed=False)


def _engines() -> Iterator[Line]:
    from carestudy.load.engine import Engine

    Engine().close_doors()
    yield Line(OK, "DuckDB opens")
    problem = _kernel_problem()
    yield Line(MISSING if problem else OK, "a Jupyter kernel starts", problem)


def _kernel_problem() -> str:
    """Why a kernel of the kind that makes reports does not run a cell; empty if it does."""
    from nbformat.v4 import new_code_cell, new_notebook

    from carestudy.report.execute import Run, execute
    from carestudy.report.kernel import Kernels

    cells = [new_code_cell("", metadata={"tags": ["parameters"]}), new_code_cell("import carestudy")]
    with tempfile.TemporaryDirectory(prefix="carestudy-") as folder:
        kernels = Kernels(Path(folder), data="")
        run = Run({}, "en", kernels.kind("kernel"), Path(folder), cell_timeout=60)
        try:
            failure = execute(new_notebook(cells=cells), run, str).failure
        finally:
            kernels.end()
    return f"{failure.kind}; pip install 'ipykernel>=7,<8'" if failure else ""


def _folders(data: Path | None, out: Path | None) -> Iterator[Line]:
    yield _readable(data or Path("data"), requested=data is not None)
    yield from _writable(out or Path("reports"), "folder of reports")
    yield from _writable(Path(tempfile.gettempdir()), "temporary folder")


def _readable(folder: Path, *, requested: bool) -> Line:
    subject = f"data folder {folder}"
    if not folder.is_dir():
        return Line(MISSING, subject, "there is no such folder: name yours with --data", needed=requested)
    if not os.access(folder, os.R_OK | os.X_OK):
        return Line(MISSING, subject, "it cannot be read: ask for the permission", needed=requested)
    shut = [path.name for path in sorted(folder.iterdir()) if path.is_file() and not os.access(path, os.R_OK)]
    mend = f"{len(shut)} of its files cannot be read: ask for the permission" if shut else ""
    return replace(Line(OK, subject), level=WARNING if shut else OK, mend=mend)


def _writable(folder: Path, name: str) -> Iterator[Line]:
    """Check a folder that reports are written to; where it does not exist, the folder it would be created in."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    subject = f"{name} {folder}" + ("" if folder.exists() else " (will be made)")
    if not existing.is_dir():
        yield Line(MISSING, subject, "a file is in its place: name another")
        return
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Line(MISSING, subject, "it cannot be written to: name another, or ask for the permission")
        return
    free = shutil.disk_usage(existing).free / GIB
    little = free < LITTLE_SPACE
    yield Line(WARNING if little else OK, f"{subject}, {free:.0f} GB free", "make some room" if little else "")
