"""Schedules a report on the machine: by a line of cron, units of systemd, or a task of Windows."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from carestudy.contract import CareError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = {"month": "*", "quarter": "1,4,7,10", "year": "1"}
NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
AT = re.compile(r"(?:(?P<day>\d{1,2}|[a-z]{3})\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})")


@dataclass(frozen=True)
class Schedule:
    """When a command runs: every week on a weekday, or every month, quarter or year on a day of its first month."""

    name: str
    command: tuple[str, ...]
    every: str
    day: str
    hour: int
    minute: int

    @staticmethod
    def of(name: str, command: Sequence[str], every: str, at: str) -> Schedule:
        """A schedule from words such as "02 06:00" or "mon 06:00"."""
        match = AT.fullmatch(at.strip().lower())
        day = (match["day"] or ("mon" if every == "week" else "1")) if match else ""
        fits = day in WEEKDAYS if every == "week" else day.isdecimal() and 1 <= int(day) <= 28
        if not match or not fits or int(match["hour"]) > 23 or int(match["minute"]) > 59:
            example = "mon 06:00" if every == "week" else "02 06:00 (a day from 1 to 28)"
            raise CareError(f"--at '{at}' is no time for every {every}: write it as {example}")
        if any(not word.isprintable() for word in (name, *command)):
            raise CareError("a scheduled command may have no line breaks or other control signs in it")
        return Schedule(
            name,
            tuple(command),
            every,
            day if every == "week" else str(int(day)),
            int(match["hour"]),
            int(match["minute"]),
        )

    def cron(self) -> str:
        """The line for a crontab. A percent sign means a new line there, so each has a backslash before it."""
        command = shlex.join(self.command).replace("%", r"\%")
        day = f"* * {self.day}" if self.every == "week" else f"{self.day} {MONTHS[self.every]} *"
        return f"{self.minute} {self.hour} {day} {command}"

    def systemd(self) -> dict[str, str]:
        """A service and its timer, by file name; a run that was missed while the machine was off is made up for."""
        words = " ".join(_for_systemd(word) for word in self.command)
        service = (
            f"[Unit]\nDescription=carestudy: {self.name}\n\n[Service]\nType=oneshot\nUMask=0027\nExecStart={words}\n"
        )
        timer = (
            f"[Unit]\nDescription=carestudy: {self.name}, every {self.every}\n\n[Timer]\nOnCalendar={self.calendar()}\n"
            "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
        return {f"carestudy-{self.name}.service": service, f"carestudy-{self.name}.timer": timer}

    def calendar(self) -> str:
        """When it runs, as systemd writes it."""
        time = f"{self.hour:02}:{self.minute:02}:00"
        if self.every == "week":
            return f"{self.day.title()} *-*-* {time}"
        months = ",".join(month if month == "*" else month.zfill(2) for month in MONTHS[self.every].split(","))
        return f"*-{months}-{int(self.day):02} {time}"

    def windows(self) -> str:
        """The task as XML for ``schtasks /Create /XML``; a run that was missed is made up for."""
        program, *arguments = self.command
        start = f"2026-01-01T{self.hour:02}:{self.minute:02}:00"
        return (
            '<?xml version="1.0" encoding="UTF-16"?>\n'
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
            f"  <RegistrationInfo><Description>{escape(f'carestudy: {self.name}')}</Description></RegistrationInfo>\n"
            f"  <Triggers><CalendarTrigger><StartBoundary>{start}</StartBoundary>{self._windows_days()}"
            "</CalendarTrigger></Triggers>\n"
            "  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
            "<StartWhenAvailable>true</StartWhenAvailable></Settings>\n"
            f"  <Actions><Exec><Command>{escape(program)}</Command>"
            f"<Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments></Exec></Actions>\n"
            "</Task>\n"
        )

    def _windows_days(self) -> str:
        if self.every == "week":
            day = dict(zip(WEEKDAYS, DAYS, strict=True))[self.day]
            days = f"<WeeksInterval>1</WeeksInterval><DaysOfWeek><{day}/></DaysOfWeek>"
            return f"<ScheduleByWeek>{days}</ScheduleByWeek>"
        every = MONTHS[self.every]
        months = NAMES if every == "*" else [NAMES[int(month) - 1] for month in every.split(",")]
        inside = "".join(f"<{month}/>" for month in months)
        days = f"<DaysOfMonth><Day>{self.day}</Day></DaysOfMonth>"
        return f"<ScheduleByMonth>{days}<Months>{inside}</Months></ScheduleByMonth>"


def install_cron(schedule: Schedule) -> None:
    """Put the line into the user's crontab, in the place of an earlier one of the same name."""
    mark = f"# carestudy: {schedule.name}"
    current = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607 - the user's own
    lines = current.stdout.splitlines() if current.returncode == 0 else []
    while mark in lines:
        position = lines.index(mark)
        del lines[position : position + 2]
    _run(["crontab", "-"], "\n".join([*lines, mark, schedule.cron(), ""]))


def install_systemd(schedule: Schedule, folder: Path) -> None:
    """Write the units of the user, and start the timer."""
    folder.mkdir(parents=True, exist_ok=True)
    units = schedule.systemd()
    for name, text in units.items():
        (folder / name).write_text(text, "utf-8")
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", "--now", next(name for name in units if name.endswith(".timer"))])


def install_windows(schedule: Schedule, folder: Path) -> None:
    """Register the task of the user."""
    file = folder / f"carestudy-{schedule.name}.xml"
    file.write_text(schedule.windows(), "utf-16")
    _run(["schtasks", "/Create", "/F", "/TN", f"carestudy-{schedule.name}", "/XML", str(file)])
    file.unlink()


def _run(command: list[str], text: str | None = None) -> None:
    try:
        subprocess.run(command, input=text, text=True, capture_output=True, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        raise CareError(f"'{' '.join(command)}' failed: nothing was installed") from None


def _for_systemd(word: str) -> str:
    """A word of ExecStart: systemd replaces percent and dollar signs, and undoes backslashes."""
    replaced: Mapping[str, str] = {"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"}
    inside = "".join(replaced.get(letter, letter) for letter in word)
    return f'"{inside}"'
