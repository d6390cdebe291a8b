"""The end of a report: what every figure means, and what it was computed from."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from markupsafe import Markup

from carestudy import zones
from carestudy.show import cover, dates, labels, tables
from carestudy.show.labels import Card
from carestudy.show.layers import folded
from carestudy.show.numbers import number
from carestudy.show.output import Output
from carestudy.show.words import Reader

PACKAGES = ("carestudy", "ibis-framework", "duckdb", "pandas", "matplotlib", "seaborn")
ENTRY = Markup("<dt>{}</dt><dd>{}<small>{}</small></dd>")


def definitions(reader: Reader, cards: Iterable[Card]) -> Output:
    """Every KPI with its definition and the direction that is good."""
    t = reader.t
    directions = {"higher": t("Higher is better."), "lower": t("Lower is better.")}
    entries = [
        (labels.label(reader, card), t(card.definition), directions.get(card.better or "", "")) for card in cards
    ]  # fmt: skip
    listed = Markup('<dl class="care-notes">{}</dl>').format(
        Markup("").join(ENTRY.format(*entry) for entry in _once(entries))
    )
    html = folded(t("Definitions of {n} figures", n=len(entries)), listed)
    return Output(html, "\n".join(f"{label}: {meaning} {good}" for label, meaning, good in entries), looks=("notes",))


def _once(entries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The entries with each definition once, under the names of all figures that share it."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, meaning, good in entries:
        names.setdefault((meaning, good), []).append(name)
    return [("; ".join(shared), meaning, good) for (meaning, good), shared in names.items()]


def sources(reader: Reader, care: Any, period: str) -> Output:
    """Every table with its rows and fingerprint, the faults found in them, and the versions that were at work."""
    care.refuse_if_changed()  # at the end of a report: are they still the tables that it began with?
    t = reader.t
    heads = [t("Table"), t("Source"), t("Read"), t("Used"), t("Excluded"), t("Fingerprint")]
    rows = [
        [
            labels.table(reader, count.table), labels.clean(count.source), number(reader, count.read),
            number(reader, count.used), number(reader, count.set_aside), count.hash[:12],
        ]
        for count in care.counts
    ]  # fmt: skip
    sentences = [tables.grid(t("Tables"), heads, rows, numeric={2, 3, 4})]
    text = ["\t".join(heads), *("\t".join(row) for row in rows)]
    faults = _faults(reader, care)
    if faults:
        names = [t("Table"), t("Column"), t("Reason"), t("Rows"), t("What was done")]
        sentences.append(tables.grid(t("Rows excluded or corrected"), names, faults, numeric={3}))
    else:
        sentences.append(Markup("<p>{}</p>").format(t("No faults were found in the data.")))
    versions = _versions()
    facts = _facts(reader, care, period, versions)
    sentences.append(Markup("<p><small>{}</small></p>").format(facts))
    text += ["\t".join(fault) for fault in faults] + [facts]
    payload = cover.about(reader, care, period) | {"versions": versions}
    used, aside = (number(reader, sum(getattr(count, name) for count in care.counts)) for name in ("used", "set_aside"))
    line = t("{used} rows used from {n} tables; {aside} excluded", used=used, n=len(care.counts), aside=aside)
    return Output(folded(line, Markup("").join(sentences)), "\n".join(text), about=payload, looks=("table",))


def _faults(reader: Reader, care: Any) -> list[list[str]]:
    return [
        [
            labels.table(reader, str(row["table"])), labels.clean(str(row["column"])),
            labels.clean(reader.t(str(row["reason"]))), number(reader, row["rows"]),
            reader.t("excluded") if row["set_aside"] else reader.t("corrected"),
        ]
        for row in care.faults.to_dict("records")
    ]  # fmt: skip


def _facts(reader: Reader, care: Any, period: str, versions: dict[str, str]) -> str:
    t = reader.t
    facts = [
        t("Period: {period}", period=dates.period(reader, period)),
        dates.known_up_to(reader, care.as_of),
        t("time zone {zone}", zone=zones.shown(care.settings.timezone)),
        t("currency {currency}", currency=care.settings.currency),
    ]
    if care.inactive_after and (care.silence is None or care.silence.sure):
        facts.append(t("a customer counts as lost after {days} days without a purchase", days=care.inactive_after))
    facts.append(", ".join(f"{name} {number}" for name, number in versions.items()))
    return "; ".join(facts) + "."


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a part that this installation does without
            continue
    return found
