"""The board: what needs attention first, then a tile per KPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.measure import units
from carestudy.show import dates, labels, refusals, sentences
from carestudy.show.change import BETTER, CANNOT_TELL, WORSE, side, too_few
from carestudy.show.labels import Card
from carestudy.show.layers import folded
from carestudy.show.numbers import MISSING, Form, cases, is_missing
from carestudy.show.output import Output, figures
from carestudy.show.spark import spark
from carestudy.show.words import Reader

PILL = Markup('<span class="verdict {look}">{words}</span>')
TILE = Markup(
    '<div class="care-tile"><h3>{label}</h3><p class="figure">{line}{value}</p><p class="spread">{spread}</p>'
    '<dl>{facts}</dl><p class="verdicts">{verdicts}</p></div>'
)
ATTENTION = Markup('<ul class="care-attention">{}</ul>')
TILES = Markup('<div class="care-tiles">{}</div>')
LINE = Markup("<li><strong>{}: {}</strong>. {}.</li>")
FACT = Markup("<dt>{}</dt><dd>{}</dd><dd>{}</dd>")
MUTED = Markup('<span class="muted">{}</span>')
LOOK = {BETTER: "better", WORSE: "worse"}


class Tile:
    """One KPI of a scorecard, in the reader's words."""

    def __init__(self, reader: Reader, row: Any, history: Sequence[Any] = ()) -> None:
        self.reader, self.row, self.history = reader, row, history
        self.card: Card = labels.card(row["kpi"])
        largest = 0.0 if is_missing(row["value"]) else abs(float(row["value"]))
        self.form = Form(reader, labels.unit(reader, self.card), largest)
        self.label = labels.label(reader, self.card)
        self.few = too_few(row["n"], self.card.unit)
        self.in_part = "" if is_missing(row["value"]) else refusals.why(reader, row.get("note"))  # no whole period

    @property
    def verdict(self) -> str | None:
        """The verdict against the period before; none where there are too few cases to speak of."""
        return None if self.few or self.in_part else _text(self.row["verdict"])

    @property
    def year_verdict(self) -> str | None:
        """The verdict against the same period a year ago."""
        return None if self.few or self.in_part else _text(self.row["year_verdict"])

    @property
    def missed(self) -> bool:
        """Whether there is a target, enough cases to speak of it, and it is not reached by more than chance."""
        return self._aimed and not self._near and not bool(self.row["reached"])

    @property
    def _aimed(self) -> bool:
        return not self.few and not self.in_part and not is_missing(self.row["target"])

    @property
    def _near(self) -> bool:
        """Whether the interval holds the target: chance alone could have it reached or missed, as goals are judged."""
        low, high = self.row["low"], self.row["high"]
        return not (is_missing(low) or is_missing(high)) and low < high and low <= self.row["target"] <= high

    @property
    def place(self) -> int:
        """0 needs attention, 1 has improved, 2 nobody can tell, 3 cannot be compared."""
        verdicts = {self.verdict, self.year_verdict}
        if WORSE in verdicts or self.missed:
            return 0
        if BETTER in verdicts:
            return 1
        return 2 if CANNOT_TELL in verdicts else 3

    def value(self) -> str:
        """The figure, or counts where it would claim too much."""
        if not self.few:
            return self.form.value(self.row["value"])
        count = Form(self.reader, "count")
        if not self.row["n"]:
            return MISSING
        if units.of(self.card.unit).part and not is_missing(self.row["numerator"]):
            numbers = {"count": count.value(self.row["numerator"]), "n": count.value(self.row["n"])}
            return self.reader.t("{count} of {n}", **numbers)
        return cases(self.reader, self.row["n"])

    def spread(self) -> str:
        """The interval and the number of cases."""
        t, row = self.reader.t, self.row
        if is_missing(row["value"]) and (reason := refusals.why(self.reader, row.get("note"))):
            return reason
        if self.few:
            return t("too few cases for a figure")
        counted = cases(self.reader, row["n"])
        if is_missing(row["low"]) or is_missing(row["high"]):
            return "" if units.of(self.card.unit).count else counted
        fields = {"interval": self.form.interval(row["low"], row["high"]), "cases": counted}
        return t("95% interval {interval}; {cases}", **fields)

    def facts(self) -> list[tuple[str, str, str]]:
        """The previous period and a year ago, each with the change since, and the target, as far as there are any."""
        row, form, few = self.row, self.form, self.few or self.in_part
        before = dates.previous(self.reader, str(row["period"]))
        rows = [
            (*side(self.reader, before, row), row["change"]),
            (*side(self.reader, self.reader.t("a year ago"), row, "year_"), row["year_change"]),
        ]
        told = [
            (name[:1].upper() + name[1:], form.value(value), "" if few or is_missing(change) else form.change(change))
            for name, value, change in rows
        ]
        if not is_missing(row["target"]):
            told.append((self._target(), form.value(row["target"]), ""))
        return told

    def _target(self) -> str:
        """What the target is called: with its period where it is carried forward from an earlier one."""
        since = self.row.get("target_from")
        if not isinstance(since, str) or since == self.row["period"]:
            return self.reader.t("Target")
        return self.reader.t("Target of {period}", period=dates.period(self.reader, labels.clean(since)))

    def pills(self) -> Markup:
        """The verdicts as signs and words, which colour only repeats."""
        t, row = self.reader.t, self.row
        against = t("against {before}", before=dates.previous(self.reader, str(row["period"])))
        parts = [_pill(self.form, self.verdict, row["change"]) + " " + against] if self.verdict else []
        if not is_missing(row["value"]) and (reason := refusals.why(self.reader, row.get("before_note"))):
            parts.append(MUTED.format(t("not compared {against}: {reason}", against=against, reason=reason)))
        if self.in_part:
            parts.append(MUTED.format(self.in_part))
        if self.year_verdict in LOOK:
            year = t("against {before}", before=t("a year ago"))
            parts.append(_pill(self.form, self.year_verdict, row["year_change"]) + " " + year)
        if self.missed:
            parts.append(PILL.format(look="worse", words="✕ " + t("target not reached")))
        elif self._aimed and self._near:
            parts.append(PILL.format(look="", words="≈ " + t("target: too close to call")))
        elif self._aimed:
            parts.append(PILL.format(look="better", words="✓ " + t("target reached")))
        return Markup(" ").join(Markup("<span>{}</span>").format(part) for part in parts)

    def html(self) -> Markup:
        """The tile."""
        facts = Markup("").join(FACT.format(*fact) for fact in self.facts())
        fields = {"label": self.label, "value": self.value(), "spread": self.spread(), "line": spark(self.history)}
        return TILE.format(facts=facts, verdicts=self.pills(), **fields)

    def text(self) -> str:
        """The tile as one line of text."""
        facts = "; ".join(" ".join(filter(None, fact)) for fact in self.facts())
        line = " ".join(MISSING if is_missing(value) else f"{value:.6g}" for value in self.history)
        parts = (f"{self.label}: {self.value()}", self.spread(), facts, str(self.pills().striptags()), line)
        return "; ".join(filter(None, parts))

    def finding(self) -> Markup:
        """The tile in the list of what needs attention or has improved: what happened, with its interval."""
        t, row, parts = self.reader.t, self.row, []
        before = dates.previous(self.reader, str(row["period"]))
        for prefix, verdict, against in (("", self.verdict, before), ("year_", self.year_verdict, t("a year ago"))):
            if verdict in LOOK:
                change = row[f"{prefix}change"]
                interval = self.form.changes(row[f"{prefix}change_low"], row[f"{prefix}change_high"])
                named = side(self.reader, against, row, prefix)[0]
                fields = {"before": named, "change": self.form.change(change), "interval": interval}
                moved = t("against {before}: {change} ({interval})", **fields)
                parts.append(_pill(self.form, verdict, change) + " " + moved)
        if self.missed:
            target = f" ({self.form.value(row['target'])})"
            parts.append(PILL.format(look="worse", words="✕ " + t("target not reached")) + target)
        return LINE.format(self.label, self.value(), Markup("; ").join(parts))


def board(reader: Reader, scorecard: pd.DataFrame, history: pd.DataFrame | None = None) -> Output:
    """The KPIs of a period: exceptions first, then every one of them in the same order each time.

    ``history`` are the same KPIs in the periods that led here, oldest first, for a small line in each tile.
    """
    lines = {} if history is None else {str(kpi): list(rows["value"]) for kpi, rows in history.groupby("kpi")}
    tiles = [Tile(reader, row, lines.get(row["kpi"], ())) for row in scorecard.to_dict("records")]
    findings = [tile.finding() for place in (0, 1) for tile in tiles if tile.place == place]
    findings += [line for line in (_rest(reader, tiles, 2), _rest(reader, tiles, 3)) if line]
    every = folded(
        reader.t("All {n} figures, with the period before, a year ago and the goal", n=len(tiles)),
        TILES.format(Markup("").join(tile.html() for tile in tiles)),
    )
    html = ATTENTION.format(Markup("").join(findings)) + every
    text = "\n".join([*(finding.striptags() for finding in findings), *(tile.text() for tile in tiles)])
    return Output(html, text, figures(scorecard), looks=("board",))


def _rest(reader: Reader, tiles: list[Tile], place: int) -> Markup:
    names = "; ".join(labels.lowered(tile.label) for tile in tiles if tile.place == place)
    words = reader.t("No clear change") if place == 2 else reader.t("No earlier figure to compare with")
    return Markup('<li><span class="verdict">{}</span>: {}.</li>').format(words, names) if names else Markup("")


def _pill(form: Form, verdict: str, change: Any) -> Markup:
    words = f"{sentences.sign(verdict, change)} {sentences.verdict_words(form, verdict)}"
    return PILL.format(look=LOOK.get(verdict, ""), words=words)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
