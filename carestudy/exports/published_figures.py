"""What published reports say, looked up in their files of figures: for readers that are programs. Never a data row.

A figure stands here as it was published: with its interval, its number of cases, the day the data are known up to and
its definition. What has no value is null and says why; groups that the report suppressed are not in its files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carestudy.contract import CareError, listed
from carestudy.kpi import ALL
from carestudy.measure.intervals import mover
from carestudy.periods import Period
from carestudy.report.archived import published
from carestudy.report.collected import is_suppressed, text
from carestudy.show.labels import card

Json = dict[str, Any]
FIGURES = ".figures.json"
NUMBERS = ("value", "low", "high", "n", "numerator", "denominator")
COUNTS = ("n", "numerator", "denominator")
OF_FINDINGS = (
    "headline", "kind", "kpi", "by", "before", "now", "change_low", "change_high", "p_adjusted", "better", "since",
    "months", "customers", "money", "due", "play",
)  # fmt: skip
NO_ROWS = "no case was counted"
SUPPRESSED = "suppressed: the group is too small to be shown"
NOT_SHOWN = "the report shows no value: a premise of the figure does not hold, or too few cases stand behind it"
NOT_FOUND = "no such group is published: there is none, or it was too small and is suppressed"
UNEQUAL = "the periods differ in length, and the figure grows with it: it is compared at equal days only"
INDEPENDENT = "95 % interval of the difference by MOVER, as if both periods held different customers"


@dataclass(frozen=True)
class PublishedReports:
    """The reports in a folder that ``carestudy report`` wrote."""

    folder: Path

    def list_reports(self) -> Json:
        """List the published reports: name, company, period, the day the data are known up to, and their figures."""
        reports: list[Json] = []
        for name, file in self._files():
            try:
                told = published(file)
            except CareError as problem:
                reports.append({"report": name, "problem": str(problem)})
                continue
            figures = sorted({entry["kpi"] for entry in told["figures"]})
            facts = {"company": told.get("company"), "period": told["parameters"]["period"], "as_of": told.get("as_of")}
            suppressed = {"suppressed_groups": told.get("suppressed", 0)}
            reports.append({"report": name, **facts, "figures": figures, **suppressed})
        return _plain({"reports": reports})

    def get_figure(
        self, report: str, kpi: str, group: dict[str, str | None] | None = None, period: str | None = None
    ) -> Json:
        """Get a figure as published: value, 95 % interval, number of cases, day of the data, unit and definition.

        ``report`` is a name of ``list_reports``, ``kpi`` one of its figures. ``group`` takes one group, such as
        {"team": "Nam"}; {} is the whole company; without it all groups are given. ``period`` takes one of the periods
        that the report shows, such as 2026-10. A value of null says why.
        """
        told = self._report(report)
        entries = [entry for entry in told["figures"] if entry["kpi"] == kpi]
        if not entries:
            there = listed(sorted({entry["kpi"] for entry in told["figures"]}))
            raise CareError(f"{report} has no figure '{kpi}'; it has {there}")
        wanted = [entry for entry in entries if group is None or dict(entry.get("by") or {}) == group]
        wanted = [entry for entry in wanted if period in (None, entry.get("period"))]
        values = sorted(map(_value, wanted), key=lambda value: (text(value["by"]), value["period"] or ""))
        reason = None if wanted else NOT_FOUND
        return _plain({**_about(report, kpi, told), "level": 0.95, "values": values, "reason": reason})

    def compare_periods(
        self,
        kpi: str,
        before: str,
        now: str,
        group: dict[str, str | None] | None = None,
        before_period: str | None = None,
    ) -> Json:
        """Compare a figure in two periods: both values as published, and their difference with its interval.

        ``before`` and ``now`` are names of ``list_reports``, each for its own period; ``before_period`` takes an
        earlier period that the report ``before`` shows. ``group`` is one group, without it the whole company.
        """
        first, second = self._report(before), self._report(now)
        past = _of_period(first, before, kpi, group or {}, before_period)
        current = _of_period(second, now, kpi, group or {}, None)
        if past["period"] == current["period"]:
            raise CareError(f"both are of {current['period']}: give another report, or a before_period")
        values = {"before": past, "now": current}
        return _plain({"kpi": kpi, "by": group or {}, **values, **_difference(kpi, past, current)})

    def get_findings(self, report: str) -> Json:
        """List the findings of a report: what has changed or differs, since when, and how sure that is."""
        findings = self._report(report).get("findings") or []
        return _plain({"report": report, "findings": [_finding(finding) for finding in findings]})

    def _files(self) -> Iterator[tuple[str, Path]]:
        for file in sorted([*self.folder.glob(f"*/*{FIGURES}"), *self.folder.glob(f"*/*.each-*/*{FIGURES}")]):
            yield file.relative_to(self.folder).as_posix().removesuffix(FIGURES), file

    def _report(self, name: str) -> Json:
        files = dict(self._files())
        if name not in files:
            raise CareError(f"there is no report '{name}'; there are {listed(files) or 'none'}")
        return _plain(published(files[name]))


def _plain(content: Json) -> Json:
    """The content as JSON knows it, null for what is no finite number."""
    plain: Json = json.loads(text(content))
    return plain


def _about(report: str, kpi: str, told: Mapping[str, Any]) -> Json:
    figure, shown = ALL.get(kpi), card(kpi)
    label, definition = (figure.title, figure.definition) if figure else (shown.label, shown.definition)
    facts = {"report": report, "kpi": kpi, "label": label or None, "definition": definition or None}
    return {**facts, "as_of": told.get("as_of")}


def _value(entry: Mapping[str, Any]) -> Json:
    fields = {"by": dict(entry.get("by") or {}), "period": entry.get("period"), "unit": entry.get("unit")}
    numbers = {name: _whole(entry.get(name)) if name in COUNTS else entry.get(name) for name in NUMBERS}
    return {**fields, **numbers, "reason": _reason(entry)}


def _whole(count: float | None) -> float | int | None:
    return int(count) if isinstance(count, float) and count.is_integer() else count


def _reason(entry: Mapping[str, Any]) -> str | None:
    """Why a figure has no value; None where it has one."""
    if entry.get("value") is not None:
        return None
    return SUPPRESSED if is_suppressed(entry) else NO_ROWS if not entry.get("n") else NOT_SHOWN


def _of_period(
    told: Mapping[str, Any], report: str, kpi: str, group: Mapping[str, str | None], named: str | None
) -> Json:
    """The value of a report's own period or a named one, or why there is none."""
    period = named or told["parameters"]["period"]
    facts = {"report": report, "as_of": told.get("as_of"), "period": period}
    for entry in told["figures"]:
        if entry["kpi"] == kpi and dict(entry.get("by") or {}) == group and entry.get("period") == period:
            return {**facts, **_value(entry)}
    return {**facts, **dict.fromkeys(NUMBERS), "reason": NOT_FOUND if group else f"the report does not show '{kpi}'"}


def _difference(kpi: str, before: Json, now: Json) -> Json:
    """The difference of two values with its interval; null, and why, where they cannot be compared as they stand."""
    reason = next((f"{side['report']}: {side['reason']}" for side in (before, now) if side["reason"]), None)
    if reason is None and _days(before) != _days(now) and _grows(kpi):
        reason = UNEQUAL
    if reason is not None:
        return {"difference": None, "low": None, "high": None, "reason": reason}
    difference = now["value"] - before["value"]
    if any(side[name] is None for side in (before, now) for name in ("low", "high")):
        return {"difference": difference, "low": None, "high": None, "reason": "one of the values has no interval"}
    sides = [(side["value"], (side["low"], side["high"])) for side in (now, before)]
    low, high = mover(*sides[0], *sides[1])
    return {"difference": difference, "low": float(low), "high": float(high), "reason": None, "method": INDEPENDENT}


def _days(side: Mapping[str, Any]) -> int:
    period = Period.parse(side["period"])
    return (period.end - period.start).days


def _grows(kpi: str) -> bool:
    """Whether a figure is larger for a longer period; what is no figure of ours is taken to be so."""
    figure = ALL.get(kpi)
    return figure is None or figure.is_sum or figure.per_time is not None


def _finding(finding: Mapping[str, Any]) -> Json:
    return {name: finding.get(name) for name in OF_FINDINGS if name in finding}
