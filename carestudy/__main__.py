"""The command line: ``carestudy new``, ``init``, ``check``, ``report``, ``audience``, ``rows`` and others."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from carestudy.contract import CareError
from carestudy.exports import audience_command as audiences
from carestudy.exports import definitions_command, mcp_server, rows_command
from carestudy.report import command as reports
from carestudy.stopping import Stopped, stoppable

if TYPE_CHECKING:
    from carestudy.care import Care

Commands = Any  # argparse does not name what add_subparsers gives
Outcome = tuple[Iterable[object], int]  # what a command prints, a line each, and how it ends
TOO_LITTLE_MEMORY = (
    "too little memory for these data: give this machine, or the limit that the command is under, more of it, or say "
    'memory_limit = "1GB" in care.toml, so that the engine uses the disk'
)
# The messages of a new thread, of loading a library, and of a system call where there is no memory left.
NO_MEMORY = ("start new thread", "failed to map segment", "annot allocate memory")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, and return how it ended.

    0: all is well; 1: it failed; 2: it was not understood; 3: there is something to look at (``init``, ``check``), a
    report lacks figures that the last one had, or reports differ (``compare``, ``verify``); 4: the data do not reach
    to the end of the period, and nothing was published; 5: the report is published, and could not be printed, copied
    or sent; 6: no table has a row in the period, and nothing was published.
    """
    arguments = _parser().parse_args(argv)
    try:
        with stoppable():
            lines, code = arguments.command(arguments)
            for line in lines:
                print(line)
        return int(code)
    except CareError as error:
        code = _failed(str(error), getattr(error, "code", 1))
        if getattr(error, "at_once", False):
            os._exit(code)  # an engine that still computes would keep the process from its end
        return code
    except Stopped:
        return _failed("stopped; the last good report is still in its place")
    except OSError as error:
        return _failed(f"{error.strerror or type(error).__name__}: {error.filename or 'while writing'}")
    except Exception as error:  # noqa: BLE001 - a scheduler's log gets a line that can be reported, without data
        if _lacks_memory(error):
            return _failed(TOO_LITTLE_MEMORY)
        return _failed(f"unexpected {type(error).__name__} in {_location(error.__traceback__)}: a fault of carestudy")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("carestudy", description="Customer-care research and management reports.")
    parser.add_argument("--version", action="version", version=f"carestudy {version('carestudy')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _of_data(commands)
    reports.define(commands, reports.Around(_progress, _warn, _aside, _today, rows_command.writer_of))
    _of_machine(commands)
    for group in (audiences, rows_command, mcp_server, definitions_command):
        group.define(commands)
    return parser


def _of_data(commands: Commands) -> None:
    new = commands.add_parser("new", help="lay out a folder of one's own: notebooks, data, reports, instructions")
    new.add_argument("folder", type=Path, help="the folder to make")
    new.set_defaults(command=_new)

    init = commands.add_parser("init", help="look at a folder of exports and write its care.toml")
    init.add_argument("folder", type=Path, help="the folder of your files, or one file")
    init.add_argument("--company", help="the name on the reports")
    init.add_argument("--currency", help="three letters such as VND (default: what the files say)")
    init.add_argument("--timezone", help="where times without a zone are (default: Asia/Ho_Chi_Minh)")
    init.add_argument("--replace", action="store_true", help="write care.toml anew; the old one is kept beside it")
    init.set_defaults(command=_init)

    check = commands.add_parser("check", help="say everything that is wrong with the data, before any report")
    check.add_argument("data", help="folder or address of the data; $NAME is looked up")
    check.add_argument("--as-of", help="day the data are known up to (default: the day of the last event)")
    check.add_argument("--out", type=Path, help="folder to write check.html, check.csv and set_aside.csv to")
    check.set_defaults(command=_check)

    demo = commands.add_parser("demo", help="write the data of a simulated company")
    demo.add_argument("--customers", type=int, default=2000, help="how many customers (default: 2000)")
    demo.add_argument("--seed", type=int, default=1, help="the same seed gives the same data (default: 1)")
    demo.add_argument("--out", type=Path, required=True, help="folder to write to")
    demo.set_defaults(command=_demo)


def _of_machine(commands: Commands) -> None:
    doctor = commands.add_parser("doctor", help="say what this machine has and lacks, to send with a question")
    doctor.add_argument("--data", type=Path, help="the folder of your files, to see whether it can be read")
    doctor.add_argument("--out", type=Path, help="the folder of reports, to see whether it can be written to")
    doctor.set_defaults(command=_doctor)


def _new(arguments: argparse.Namespace) -> Outcome:
    from carestudy.project import new

    return new(arguments.folder)


def _init(arguments: argparse.Namespace) -> Outcome:
    from carestudy.init import init

    return init(
        arguments.folder,
        replace=arguments.replace,
        company=arguments.company,
        currency=arguments.currency,
        timezone=arguments.timezone,
    )


def _check(arguments: argparse.Namespace) -> Outcome:
    from carestudy.check import check

    return check(arguments.data, arguments.as_of, arguments.out)


def _doctor(arguments: argparse.Namespace) -> Outcome:
    from carestudy.doctor import doctor

    return doctor(arguments.data, arguments.out)


def _aside(care: Care) -> bytes:
    from carestudy.check.fault_tables import aside

    return aside(care)


def _today(zone: ZoneInfo) -> date:
    """The day of the run in the company's time zone: the only function that reads the clock."""
    return datetime.now(zone).date()


def _demo(arguments: argparse.Namespace) -> Outcome:
    from carestudy import demo

    demo.write(arguments.out, customers=arguments.customers, seed=arguments.seed)
    return [arguments.out], 0


def _progress(line: str) -> None:
    # On a terminal one line that changes, in a log a line for each step; always one write, for there are two kernels.
    text = f"\r\x1b[K{line}" if sys.stderr.isatty() else f"{line}\n"
    with suppress(OSError):  # stderr may be closed
        sys.stderr.write(text)
        sys.stderr.flush()


def _warn(words: str) -> None:
    line = "".join(letter for letter in " ".join(words.split()) if letter.isprintable())
    start = "\r\x1b[K" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{start}carestudy: {line}\n")


def _failed(reason: str, code: int = 1) -> int:
    _warn(reason)
    return code


def _lacks_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that caused it, means too little memory, whichever library raised it."""
    while error is not None:
        is_memory_error = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException"
        if is_memory_error or any(words in str(error) for words in NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


def _location(trace: TracebackType | None) -> str:
    location = "the command line"
    while trace is not None:
        if "carestudy" in str(trace.tb_frame.f_globals.get("__name__")):
            location = f"{trace.tb_frame.f_globals['__name__']}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return location


if __name__ == "__main__":
    sys.exit(main())
