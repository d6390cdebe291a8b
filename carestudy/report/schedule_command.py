"""``carestudy schedule``: the command that makes a report regularly, shown or installed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from carestudy.report.time_limit import MINUTES

Outcome = tuple[Iterable[object], int]


def schedule(arguments: argparse.Namespace) -> Outcome:
    """Return what a system's scheduler needs to make a report regularly; ``--install`` installs it for this user."""
    from carestudy.report.order import slug
    from carestudy.report.schedule import Schedule, install_cron, install_systemd, install_windows

    system = arguments.system or ("windows" if sys.platform == "win32" else "cron")
    name = slug(f"{arguments.notebook[0].stem} {arguments.each or ''} {arguments.every}")
    plan = Schedule.of(name, _command(arguments), arguments.every, arguments.at)
    units = Path("~/.config/systemd/user").expanduser()
    if arguments.install:
        steps = {
            "cron": lambda: install_cron(plan),
            "systemd": lambda: install_systemd(plan, units),
            "windows": lambda: install_windows(plan, arguments.out),
        }
        steps[system]()
    lines = {
        "cron": lambda: [plan.cron()],
        "systemd": lambda: [f"# {file}\n{text}" for file, text in plan.systemd().items()],
        "windows": lambda: [plan.windows()],
    }
    note = "installed" if arguments.install else "not installed: add --install, or put it there yourself"
    sys.stderr.write(f"carestudy: {note}\n")
    return lines[system](), 0


def _command(arguments: argparse.Namespace) -> list[str]:
    """The command that is scheduled, with whole paths: a scheduler starts it in another folder."""
    from carestudy.load.sources import named_by_environment

    data = (
        arguments.data
        if arguments.data.startswith("$") or "://" in arguments.data
        else str(Path(arguments.data).resolve())
    )
    named_by_environment(data)
    words = [sys.executable, "-m", "carestudy", "report", *(str(path.resolve()) for path in arguments.notebook)]
    words += ["--data", data, "--period", f"last-{arguments.every}", "--lang", arguments.lang]
    words += ["--out", str(arguments.out.resolve()), "--catch-up"]
    for option in ("wait", "time_limit"):
        if (minutes := getattr(arguments, option)) != MINUTES:
            words += [f"--{option.replace('_', '-')}", f"{minutes:g}"]
    for option in ("as_of", "each", "mail"):
        if value := getattr(arguments, option):
            words += [f"--{option.replace('_', '-')}", value]
    for option in ("share", "log"):
        if value := getattr(arguments, option):
            words += [f"--{option}", str(value.resolve())]
    return words + [f"--{option}" for option in ("pdf", "xlsx") if getattr(arguments, option)]
