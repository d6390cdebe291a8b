"""``carestudy report``, ``compare``, ``verify`` and ``schedule``: what is asked for, and what is done about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from carestudy.contract import CareError
from carestudy.report.notebooks import notebook
from carestudy.report.run_log import logged

if TYPE_CHECKING:
    from carestudy.care import Care
    from carestudy.periods import Period
    from carestudy.report.mail import Post

Told = tuple[Iterable[object], int]
LANGUAGES = {"vi": ("vi",), "en": ("en",), "both": ("vi", "en")}
UNITS = ("week", "month", "quarter", "year")
SYSTEMS = ("cron", "systemd", "windows")
DIFFERENT = 3
MINUTES, DAY = 30, 24 * 60
PERIOD = """2026-10, 2026-Q3, 2026-W41, 2026, or last-month: the last whole one before the day of the run, or before
--as-of"""
NOTEBOOKS = "names such as care_report, or paths of notebooks (.ipynb)"
WAIT = "minutes to wait for another run that writes the same folder"
TIME_LIMIT = f"minutes that loading the data, and each cell of a notebook, may take (default: {MINUTES})"
MAIL = """addresses to send the report to, with commas: its verdicts are the text, its pages are attached; with --each
all get one mail with the verdicts and pages of the whole and of every group"""


@dataclass(frozen=True)
class Around:
    """What the command line lends its commands: where progress and warnings go, how excluded rows are listed, and the
    day of the run in a time zone."""

    tell: Callable[[str], object]
    warn: Callable[[str], object]
    aside: Callable[[Care], bytes]
    today: Callable[[ZoneInfo], date]


def define(commands: Any, around: Around) -> None:
    """Add the commands to those of the command line."""
    report = commands.add_parser("report", help="execute notebooks and publish their reports")
    report.add_argument("--period", required=True, help=PERIOD)
    report.add_argument("--unfinished", action="store_true", help="also where the data do not reach its end yet")
    report.add_argument("--catch-up", action="store_true", help="also every period since the last published one")
    _of_run(report)
    report.set_defaults(command=lambda asked: logged(asked, lambda: _report(asked, around)))

    compare = commands.add_parser("compare", help="say what two published reports tell differently")
    compare.add_argument("reports", type=Path, nargs=2, metavar="REPORT", help="a page or its figures.json")
    compare.set_defaults(command=_compare)

    verify = commands.add_parser("verify", help="compute a published report again, and say whether it is the same")
    verify.add_argument("report", type=Path, help="a page or its figures.json")
    verify.add_argument("--data", required=True, help="folder or address of the data; $NAME is looked up")
    verify.add_argument("--notebook", type=notebook, required=True, help="the notebook it was made with")
    verify.set_defaults(command=lambda asked: _verify(asked, around))

    schedule = commands.add_parser("schedule", help="show how to have a report made regularly; --install does it")
    schedule.add_argument("--every", choices=UNITS, default="month", help="how often (default: month)")
    schedule.add_argument("--at", default="02 06:00", help='day and time, "02 06:00" or "mon 06:00"')
    for system in SYSTEMS:
        words = {"action": "store_const", "const": system, "dest": "system"}
        schedule.add_argument(f"--{system}", help=f"for {system}", **words)
    schedule.add_argument("--install", action="store_true", help="install it for this user; without, it is only shown")
    _of_run(schedule)
    schedule.set_defaults(command=_schedule)


def _of_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("notebook", type=notebook, nargs="+", help=NOTEBOOKS)
    parser.add_argument("--data", required=True, help="folder or address of the data; $NAME is looked up")
    parser.add_argument("--lang", choices=LANGUAGES, default="both", help="language of the report (default: both)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the reports")
    parser.add_argument("--as-of", help="day the data are known up to (default: the day of the last event)")
    parser.add_argument("--each", help="a report for each group of a column: team, region, owner, ...")
    parser.add_argument(
        "--wait", type=_minutes, default=MINUTES, help=f"{WAIT} (default: {MINUTES})", metavar="MINUTES"
    )
    parser.add_argument("--time-limit", type=_limit, default=MINUTES, help=TIME_LIMIT, metavar="MINUTES")
    parser.add_argument("--pdf", action="store_true", help="print each page as PDF too, and send it with --mail")
    parser.add_argument("--share", type=Path, help="a folder to copy the report to")
    parser.add_argument("--mail", help=MAIL)
    parser.add_argument("--log", type=Path, help="a file to add a line to about the run")


def _minutes(text: str) -> float:
    """A number of minutes on the command line."""
    minutes = float(text)
    if not 0 <= minutes <= DAY:
        raise argparse.ArgumentTypeError(f"minutes from 0 to {DAY}, not {text}")
    return minutes


def _limit(text: str) -> float:
    """A number of minutes on the command line, more than none."""
    if not (minutes := _minutes(text)):
        raise argparse.ArgumentTypeError("minutes above 0")
    return minutes


def _report(asked: argparse.Namespace, around: Around) -> Told:
    from carestudy.load import load
    from carestudy.load.sources import named_by_environment
    from carestudy.report.late import owed, requested_period
    from carestudy.report.time_limit import limited

    # A fault of the data is said here, before any kernel starts.
    data = named_by_environment(asked.data)
    by = _post(asked, data)
    with limited("loading the data", 60 * asked.time_limit, around.warn):
        care = load(data, as_of=asked.as_of)
    period = requested_period(asked.period, care, asked.as_of, around.today)
    asked.resolved = period.text
    stem = asked.notebook[0].stem
    mark = f"{stem}.each-{asked.each}/index.json" if asked.each else f"{stem}.figures.json"
    periods = owed(asked.out, mark, period) if asked.catch_up else [period]
    paths: list[Path] = []
    problems: list[CareError] = []
    for one in periods:
        try:
            made = _published(asked, data, care, one, around)
            paths += [*made, *_delivered(asked, made, by)]
        except CareError as problem:
            if len(periods) == 1:
                raise
            problems.append(problem)
    if problems:
        raise _together(problems)
    return paths, 0


def _published(asked: argparse.Namespace, data: str, care: Care, period: Period, around: Around) -> list[Path]:
    from carestudy.report.each import publish_each
    from carestudy.report.late import late, refuse_if_late, refuse_if_nothing
    from carestudy.report.run import Order, publish_reports

    refuse_if_nothing(care, period)
    if not asked.unfinished:
        refuse_if_late(care, period)
    rows = around.aside(care) if any(one.set_aside for one in care.counts) else b""
    early = bool(asked.unfinished and late(care, period))
    prints = {one.table: one.hash for one in care.counts}
    given = (data, period.text, LANGUAGES[asked.lang], asked.out, asked.as_of, rows)
    limits: dict[str, Any] = {"wait": 60 * asked.wait, "cell_timeout": max(1, round(60 * asked.time_limit))}
    orders = [Order(one, *given, unfinished=early, prints=prints, **limits) for one in asked.notebook]
    if asked.each:
        made = [path for order in orders for path in publish_each(order, asked.each, care, around.tell)]
    else:
        made = publish_reports(orders, around.tell)
    _warn_if_heavy(made, around)
    return made


def _warn_if_heavy(made: Iterable[Path], around: Around) -> None:
    """A company of many groups has its report all the same; whoever makes it is told that it is large."""
    from carestudy.report.check import heavy

    for page in made:
        if page.suffix == ".html" and (said := heavy(page.stat().st_size)):
            around.warn(f"{page.name} has {said}: it could show fewer groups or pictures")


def _delivered(asked: argparse.Namespace, made: list[Path], by: Post | None) -> list[Path]:
    """The PDFs and copies of a report that is published by now, and its mail."""
    from carestudy.report.deliver import printed, shared
    from carestudy.report.publish import NotSent

    problems: list[CareError] = []

    def tried(step: Callable[[], list[Path]]) -> list[Path]:
        """What cannot be done keeps nothing else from being done."""
        try:
            return step()
        except NotSent as problem:
            problems.append(problem)
            return []

    pages = [path for path in made if path.suffix == ".html"]
    printouts = tried(lambda: printed(pages)) if asked.pdf else []
    copies = tried(lambda: shared([*made, *printouts], asked.out, asked.share)) if asked.share else []
    if by is not None:
        tried(lambda: _mailed(asked, pages, printouts, by))
    if problems:
        raise _together(problems)
    return [*printouts, *copies]


def _mailed(asked: argparse.Namespace, pages: list[Path], printouts: list[Path], by: Post) -> list[Path]:
    """A mail for each notebook, with its page in every language; with ``--each``, with the pages of all groups."""
    from carestudy.report.mail import recipients, send

    letters: dict[tuple[Path, str], dict[str, Path]] = {}
    for page in pages:
        stem, lang, _ = page.name.rsplit(".", 2)
        if stem == "index" or not asked.each:
            letters.setdefault((page.parent, stem), {})[lang] = page
    for (folder, stem), mine in letters.items():
        printed = "all" if asked.each else stem
        own = [one for one in printouts if one.parent == folder and one.name.rsplit(".", 2)[0] == printed]
        send(mine, recipients(asked.mail), by, own)
    return []


def _post(asked: argparse.Namespace, data: str) -> Post | None:
    """Who sends the mail, looked up before anything is computed."""
    if not asked.mail:
        return None
    from carestudy.report.mail import post, recipients

    recipients(asked.mail)
    return post(None if "://" in data else Path(data))


def _together(problems: list[CareError]) -> CareError:
    """Several failures as one line; that the newest data are late tells only where nothing else went wrong."""
    worst = min(problems, key=lambda problem: getattr(problem, "code", 1))
    text = CareError("; ".join(map(str, problems)))
    text.code = getattr(worst, "code", 1)  # type: ignore[attr-defined]
    return text


def _compare(asked: argparse.Namespace) -> Told:
    from carestudy.report.verify import compared

    return _differing(compared(*asked.reports), "the two reports agree on every figure that both have")


def _verify(asked: argparse.Namespace, around: Around) -> Told:
    from carestudy.load.sources import named_by_environment
    from carestudy.report.verify import verified

    found = verified(asked.report, named_by_environment(asked.data), asked.notebook, around.tell)
    return _differing(found, "equal: the same data and parameters give the same report")


def _differing(found: list[str], equal: str) -> Told:
    return (found, DIFFERENT) if found else ([equal], 0)


def _schedule(asked: argparse.Namespace) -> Told:
    from carestudy.report.order import slug
    from carestudy.report.schedule import Schedule, install_cron, install_systemd, install_windows

    system = asked.system or ("windows" if sys.platform == "win32" else "cron")
    name = slug(f"{asked.notebook[0].stem} {asked.each or ''} {asked.every}")
    plan = Schedule.of(name, _command(asked), asked.every, asked.at)
    units = Path("~/.config/systemd/user").expanduser()
    if asked.install:
        steps = {
            "cron": lambda: install_cron(plan),
            "systemd": lambda: install_systemd(plan, units),
            "windows": lambda: install_windows(plan, asked.out),
        }
        steps[system]()
    lines = {
        "cron": lambda: [plan.cron()],
        "systemd": lambda: [f"# {file}\n{text}" for file, text in plan.systemd().items()],
        "windows": lambda: [plan.windows()],
    }
    note = "installed" if asked.install else "not installed: add --install, or put it there yourself"
    sys.stderr.write(f"carestudy: {note}\n")
    return lines[system](), 0


def _command(asked: argparse.Namespace) -> list[str]:
    """The command that is scheduled, with whole paths: a scheduler starts it in another folder."""
    from carestudy.load.sources import named_by_environment

    data = asked.data if asked.data.startswith("$") or "://" in asked.data else str(Path(asked.data).resolve())
    named_by_environment(data)
    words = [sys.executable, "-m", "carestudy", "report", *(str(one.resolve()) for one in asked.notebook)]
    words += ["--data", data, "--period", f"last-{asked.every}", "--lang", asked.lang]
    words += ["--out", str(asked.out.resolve()), "--catch-up"]
    for option in ("wait", "time_limit"):
        if (minutes := getattr(asked, option)) != MINUTES:
            words += [f"--{option.replace('_', '-')}", f"{minutes:g}"]
    for option in ("as_of", "each", "mail"):
        if value := getattr(asked, option):
            words += [f"--{option.replace('_', '-')}", value]
    for option in ("share", "log"):
        if value := getattr(asked, option):
            words += [f"--{option}", str(value.resolve())]
    return words + (["--pdf"] if asked.pdf else [])
