"""Figures that the last report had and a new one cannot compute: a renamed column must not pass in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from carestudy.contract import listed
from carestudy.report.archived import published
from carestudy.report.order import Order
from carestudy.report.restated import earlier_reports

Figures = Mapping[str, Any]


def vanished(order: Order, notebook_hash: str, new: Figures) -> dict[str, Any]:
    """The figures of the company that the last reports of the same notebook had and a new one lacks; empty if none.

    A figure without any case in the period is there, with no value; one that vanished is not computed at all, as it
    reads a table or a column that the data no longer have. ``columns`` are those that the tables have lost. A notebook
    that changed may leave out figures on purpose: nothing is compared with reports of another one. What vanished
    stays listed, report by report, until it is computed again.
    """
    if order.vanished is not None:
        return dict(order.vanished)
    computed = _of_the_whole(new["figures"])
    kpis: set[str] = set()
    lost: set[str] = set()
    for _, old in earlier_reports(order):
        if old is None or old.get("notebook_hash") != notebook_hash:
            continue
        before = _listed(old)
        missing = (_of_the_whole(old["figures"]) | set(before.get("kpis", ()))) - computed
        if missing:
            kpis |= missing
            lost |= set(_lost_columns(old, order.columns)) | set(before.get("columns", ()))
    still_lost = lost - {f"{table}.{name}" for table, columns in order.columns.items() for name in columns}
    return {"kpis": sorted(kpis), "columns": sorted(still_lost)} if kpis else {}


def warnings(files: Iterable[Path]) -> list[str]:
    """A line for the reports that lack figures which the last ones had; those that lack the same ones share it."""
    reports: dict[tuple[str, str], list[str]] = {}
    for file in dict.fromkeys(file.with_name(f"{file.name.partition('.')[0]}.figures.json") for file in files):
        if file.is_file() and (lost := _listed(published(file))):
            reports.setdefault((listed(lost["kpis"]), listed(lost["columns"])), []).append(file.name)
    return [_warning(listed(names), kpis, columns) for (kpis, columns), names in reports.items()]


def _warning(reports: str, kpis: str, columns: str) -> str:
    why = f"the data no longer have {columns}" if columns else "they cannot be computed from these data"
    return (
        f"{reports}: figures that the last report had are missing ({kpis}), as {why}. Where a column has another name "
        "now, name it in care.toml; carestudy check lists what is missing"
    )


def _listed(report: Figures) -> Mapping[str, Sequence[str]]:
    """What an archived report lists as vanished; nothing where its list has another shape."""
    lost = report.get("vanished")
    if not isinstance(lost, Mapping):
        return {}
    names = {key: lost.get(key) for key in ("kpis", "columns")}
    good = all(isinstance(value, list) and all(isinstance(name, str) for name in value) for value in names.values())
    return names if good else {}  # type: ignore[return-value] # lists of texts, as just seen


def _of_the_whole(figures: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the figures that a report gives without groups."""
    return {figure["kpi"] for figure in figures if not figure.get("by")}


def _lost_columns(old: Figures, now: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns of the contract that the tables of an earlier report had and the data of a new one lack."""
    return [
        f"{table['table']}.{column}"
        for table in old.get("tables", ())
        for column in table.get("columns", ())
        if column not in now.get(table["table"], ())
    ]
