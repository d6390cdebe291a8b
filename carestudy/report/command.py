"""The commands ``carestudy report``, ``compare``, ``verify`` and ``schedule``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from carestudy.contract import TABLES, CareError
from carestudy.report.notebooks import notebook
from carestudy.report.run_log import logged
from carestudy.report.time_limit import MINUTES

if TYPE_CHECKING:
    from carestudy.care import Care
    from carestudy.periods import Period
    from carestudy.report.mail import MailServer

Outcome = tuple[Iterable[object], int]
Lists = Callable[["Care", list[Path]], list[Path]]
LANGUAGES = {"vi": ("vi",), "en": ("en",), "both": ("vi", "en")}
UNITS = ("week", "month", "quarter", "year")
SYSTEMS = ("cron", "systemd", "windows")
DIFFERENT = TO_SEE = 3
DAY = 24 * 60  # minutes
PERIOD = "2026-10, 2026-Q3, 2026-W41, 2026, or last-month: the last whole one before the day of the run, or --as-of"
NOTEBOOKS = "names such as care_report, or paths of notebooks (.ipynb)"
WAIT = f"minutes to wait for another run that writes the same folder (default: {MINUTES})"
TIME_LIMIT = f"minutes that loading the data, and each cell of a notebook, may take (default: {MINUTES})"
MAIL = """addresses to send the report to, with commas: its verdicts are the text, its pages are attached; with --each
all get one mail with the verdicts and pages of the whole and of every group"""


@dataclass(frozen=True)
class Around:
    """What the command line passes to its commands: the outlets for progress and warnings, the list of excluded rows,
    the day of the run in a time zone, and the lists behind the figures."""

    tell: Callable[[str], object]
    warn: Callable[[str], object]
    aside: Callable[[Care], bytes]
    today: Callable[[ZoneInfo], date]
    lists: Callable[[argparse.Namespace], Lists]


def define(commands: Any, around: Around) -> None:
    """Add the commands of reports to the command line."""
    report = commands.add_parser("report", help="execute notebooks and publish their reports")
    report.add_argument("--period", required=True, help=PERIOD)
    report.add_argument("--unfinished", action="store_true", help="also where the data do not reach its end yet")
    report.add_argument("--catch-up", action="store_true", help="also every period since the last published one")
    report.add_argument("--lists", type=Path, help="a folder for the rows behind the figures: ids, not for the page")
    _of_run(report)
    report.set_defaults(command=lambda arguments: logged(arguments, lambda: _report(arguments, around)))

    compare = commands.add_parser("compare", help="say what two published reports tell differently")
    compare.add_argument("reports", type=Path, nargs=2, metavar="REPORT", help="a page or its figures.json")
    compare.set_defaults(command=_compare)

    verify = commands.add_parser("verify", help="compute a published report again, and say whether it is the same")
    verify.add_argument("report", type=Path, help="a page or its figures.json")
    verify.add_argument("--data", required=True, help="folder or address of the data; $NAME is looked up")
    verify.add_argument("--notebook", type=notebook, required=True, help="the notebook it was made with")
    verify.set_defaults(command=lambda arguments: _verify(arguments, around))

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
    parser.add_argument("--wait", type=_minutes, default=MINUTES, help=WAIT, metavar="MINUTES")
    parser.add_argument("--time-limit", type=_limit, default=MINUTES, help=TIME_LIMIT, metavar="MINUTES")
    parser.add_argument("--pdf", action="store_true", help="print each page as PDF too, and send it with --mail")
    parser.add_argument("--xlsx", action="store_true", help="write each page as a workbook, and send it with --mail")
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
    """A number of minutes above 0 on the command line."""
    if not (minutes := _minutes(text)):
        raise argparse.ArgumentTypeError("minutes above 0")
    return minutes


def _report(arguments: argparse.Namespace, around: Around) -> Outcome:
    from carestudy.load import load
    from carestudy.load.sources import named_by_environment
    from carestudy.report.late import owed, requested_period
    from carestudy.report.time_limit import limited

    # A fault of the data is said here, before any kernel starts.
    data = named_by_environment(arguments.data)
    server, lists = _post(arguments, data), around.lists(arguments)
    with limited("loading the data", 60 * arguments.time_limit, around.warn):
        care = load(data, as_of=arguments.as_of)
    period = requested_period(arguments.period, care, arguments.as_of, around.today)
    arguments.resolved = period.text
    stem = arguments.notebook[0].stem
    mark = f"{stem}.each-{arguments.each}/index.json" if arguments.each else f"{stem}.figures.json"
    periods = owed(arguments.out, mark, period) if arguments.catch_up else [period]
    paths: list[Path] = []
    problems: list[CareError] = []
    code = 0
    for each_period in periods:
        try:
            pages = _published(arguments, data, care, each_period, around)
            code = max(code, _warned_of_vanished(pages, around))
            paths += [*pages, *lists(care, pages), *_delivered(arguments, pages, server)]
        except CareError as problem:
            if len(periods) == 1:
                raise
            problems.append(problem)
    if problems:
        raise together(problems)
    return paths, code


def _published(arguments: argparse.Namespace, data: str, care: Care, period: Period, around: Around) -> list[Path]:
    from carestudy.report.each import publish_each
    from carestudy.report.late import late, refuse_if_late, refuse_if_nothing
    from carestudy.report.run import Order, publish_reports

    refuse_if_nothing(care, period)
    if not arguments.unfinished:
        refuse_if_late(care, period)
    rows = around.aside(care) if any(notebook.set_aside for notebook in care.counts) else b""
    early = bool(arguments.unfinished and late(care, period))
    prints = {notebook.table: notebook.hash for notebook in care.counts}
    columns = {name: [c for c in TABLES[name].columns if c in table.columns] for name, table in care.tables.items()}
    common = (data, period.text, LANGUAGES[arguments.lang], arguments.out, arguments.as_of, rows)
    limits: dict[str, Any] = {"wait": 60 * arguments.wait, "cell_timeout": max(1, round(60 * arguments.time_limit))}
    orders = [
        Order(notebook, *common, unfinished=early, prints=prints, columns=columns, **limits)
        for notebook in arguments.notebook
    ]
    if arguments.each:
        files = [path for order in orders for path in publish_each(order, arguments.each, care, around.tell)]
    else:
        files = publish_reports(orders, around.tell)
    _warn_if_heavy(files, around)
    return files


def _warned_of_vanished(files: list[Path], around: Around) -> int:
    """How a published run ends: with 3 where a report lacks figures that the last one had, after a warning."""
    from carestudy.report.vanished import warnings

    lines = warnings(files)
    for line in lines:
        around.warn(line)
    return TO_SEE if lines else 0


def _warn_if_heavy(files: Iterable[Path], around: Around) -> None:
    """Warn about pages that are too large for mails; a company with many groups still gets its report."""
    from carestudy.report.check import heavy

    for page in files:
        if page.suffix == ".html" and (warning := heavy(page.stat().st_size)):
            around.warn(f"{page.name} has {warning}: it could show fewer groups or pictures")


def _delivered(arguments: argparse.Namespace, files: list[Path], server: MailServer | None) -> list[Path]:
    """Print, copy and mail a report that is published; return the PDFs, workbooks and copies."""
    from carestudy.report.deliver import copied, printed, tabled
    from carestudy.report.publish import NotSent

    problems: list[CareError] = []

    def attempted(step: Callable[[], list[Path]]) -> list[Path]:
        """Run a step; where it fails, note the problem and go on with the next step."""
        try:
            return step()
        except NotSent as problem:
            problems.append(problem)
            return []

    pages = [path for path in files if path.suffix == ".html"]
    out, share = arguments.out, arguments.share
    printouts = attempted(lambda: printed(pages)) if arguments.pdf else []
    printouts += attempted(lambda: tabled(files)) if arguments.xlsx else []
    copies = attempted(lambda: copied([*files, *printouts], out, share)) if share else []
    if server is not None:
        attempted(lambda: _mailed(arguments, pages, printouts, server))
    if problems:
        raise together(problems)
    return [*printouts, *copies]


def _mailed(arguments: argparse.Namespace, pages: list[Path], printouts: list[Path], server: MailServer) -> list[Path]:
    """A mail for each notebook, with its page in every language; with ``--each``, with the pages of all groups."""
    from carestudy.report.mail import recipients, send

    letters: dict[tuple[Path, str], dict[str, Path]] = {}
    for page in pages:
        stem, lang, _ = page.name.rsplit(".", 2)
        if stem == "index" or not arguments.each:
            letters.setdefault((page.parent, stem), {})[lang] = page
    for (folder, stem), pages_by_lang in letters.items():
        printed = "all" if arguments.each else stem
        attached = [path for path in printouts if path.parent == folder and path.name.rsplit(".", 2)[0] == printed]
        send(pages_by_lang, recipients(arguments.mail), server, attached)
    return []


def _post(arguments: argparse.Namespace, data: str) -> MailServer | None:
    """The mail server, looked up before anything is computed."""
    if not arguments.mail:
        return None
    from carestudy.report.mail import mail_server, recipients

    recipients(arguments.mail)
    return mail_server(None if "://" in data else Path(data))


def together(problems: list[CareError]) -> CareError:
    """Join several failures into one error; the exit code of late data is used only where nothing else failed."""
    from carestudy.report.late import TooEarly

    late = TooEarly.code
    codes = sorted({getattr(problem, "code", 1) for problem in problems})
    text = CareError("; ".join(map(str, problems)))
    text.code = next((code for code in codes if code != late), late)  # type: ignore[attr-defined]
    return text


def _compare(arguments: argparse.Namespace) -> Outcome:
    from carestudy.report.verify import compared

    return _differing(compared(*arguments.reports), "the two reports agree on every figure that both have")


def _verify(arguments: argparse.Namespace, around: Around) -> Outcome:
    from carestudy.load.sources import named_by_environment
    from carestudy.report.verify import verified

    lines = verified(arguments.report, named_by_environment(arguments.data), arguments.notebook, around.tell)
    return _differing(lines, "equal: the same data and parameters give the same report")


def _differing(lines: list[str], equal: str) -> Outcome:
    return (lines, DIFFERENT) if lines else ([equal], 0)


def _schedule(arguments: argparse.Namespace) -> Outcome:
    from carestudy.report.schedule_command import schedule

    return schedule(arguments)
