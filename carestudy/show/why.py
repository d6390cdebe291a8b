"""Why did it change? The part that the mix of segments explains, the part of their own figures, and each segment's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.measure import units
from carestudy.measure.limits import FEWEST
from carestudy.show import charts, dates, labels, sentences, tables
from carestudy.show.labels import Card
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, cases, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.words import Reader
from carestudy.whys import CAVEATS, POOLED, POOLED_BELOW, Why

MOST_DRAWN = 12


def why(reader: Reader, kpi: Card, split: Why) -> Output:
    """The change of a figure as bars of mix and rate effects by segment, and a table of what they are made of."""
    form = Form(reader, labels.unit(reader, kpi), max(abs(split.before), abs(split.now)))
    names = [_name(reader, split, row) for row in split.frame.to_dict("records")]
    subject = _what(reader, kpi, split, len(names))
    alt = reader.t("Bar chart: {what}; {n} groups: {groups}", what=subject, n=len(names), groups=", ".join(names))
    texts = Told(title(kpi, split, form), subject, alt, sentence(kpi, split, form))
    shown = _largest(split.frame)
    painter = _painter(split.frame.loc[shown], [names[row] for row in shown], form)
    picture = drawn(texts, painter, 0.9 + 0.42 * len(shown), _records(kpi, split))
    heads, rows = _heads(reader, split), _rows(split, names, form)
    table = tables.grid("", heads, rows, numeric=set(range(1, len(heads))))
    lines = "\n".join("\t".join(map(str, row)) for row in (heads, *rows))
    return Output(beneath(picture.html, table), f"{picture.text}\n{lines}", picture.figures, looks=("figure", "table"))


def title(kpi: Card, split: Why, form: Form) -> str:
    """The finding: how far the figure moved, and by what."""
    t, effects = form.reader.t, split.total.set_index("part")["value"]
    fields = {
        "label": labels.label(form.reader, kpi), "change": form.change(effects["change"]),
        "mix": form.change(effects["mix"]), "rate": form.change(effects["rate"]),
    }  # fmt: skip
    if split.simpson:
        return t("{label} {change}, though no group moved that way: the mix did it", **fields)
    return t("{label} {change}: the mix {mix}, the groups themselves {rate}", **fields)


def sentence(kpi: Card, split: Why, form: Form) -> str:
    """The so-what: the change and its two parts with intervals and verdicts, Simpson's paradox, and the caveats."""
    reader, t = form.reader, form.reader.t
    fields = {
        "label": labels.within(reader, kpi), "before": form.value(split.before), "now": form.value(split.now),
        "from_": dates.heading(reader, split.against), "until": dates.period(reader, split.period),
        "cases_before": cases(reader, split.frame["n_before"].sum()),
        "cases": cases(reader, split.frame["n_now"].sum()),
        "groups": _dimension(reader, split),
    }  # fmt: skip
    change, mix, rate = (_effect(row, form) for row in split.total.to_dict("records"))
    parts = [
        t("{from_} to {until}: {label} {before} ({cases_before}), then {now} ({cases}): {change}.",
          change=change, **fields),
        t("Of this, {mix} because the shares of the groups by {groups} changed, and {rate} because the figures within"
          " the groups did.", mix=mix, rate=rate, **fields),
    ]  # fmt: skip
    if split.simpson:
        parts.append(t("Simpson's paradox: the whole moved one way and no group did. Judge the groups, not the whole."))
    parts += [t(CAVEATS[name], fewest=POOLED_BELOW, few=FEWEST) for name in split.caveats]
    return " ".join(parts)


def _effect(row: dict[Any, Any], form: Form) -> str:
    t = form.reader.t
    fields = {"change": form.change(row["value"]), "interval": form.changes(row["low"], row["high"])}
    if is_missing(row["low"]):
        return t("{change} (no interval)", **fields)
    words = sentences.verdict_words(form, row["verdict"])
    return t("{change} (95% interval {interval}; {verdict})", verdict=words, **fields) if words else t(
        "{change} (95% interval {interval})", **fields
    )  # fmt: skip


def _what(reader: Reader, kpi: Card, split: Why, groups: int) -> str:
    subject = reader.t(
        "{label} by {groups}, {before} to {now}: effect of each group on the change, with 95% intervals",
        label=labels.label(reader, kpi), groups=_dimension(reader, split),
        before=dates.period(reader, split.against), now=dates.period(reader, split.period),
    )  # fmt: skip
    cut = reader.t("the {n} largest effects of {groups}", n=MOST_DRAWN, groups=groups)
    return f"{subject}; {cut}" if groups > MOST_DRAWN else subject


def _dimension(reader: Reader, split: Why) -> str:
    return labels.lowered(labels.column(reader, split.by))


def _name(reader: Reader, split: Why, row: dict[Any, Any]) -> str:
    if row["segment"] == POOLED and row["segments"] > 1:
        return reader.t("({n} small groups)", n=row["segments"])
    return labels.group(reader, split.by, row["segment"])


def _largest(frame: pd.DataFrame) -> list[int]:
    """The rows with the largest effects, in the order they stand in."""
    size = frame["mix"].abs() + frame["rate"].abs()
    return sorted(size.nlargest(MOST_DRAWN).index)


def _heads(reader: Reader, split: Why) -> list[str]:
    t = reader.t
    now = [t("Share before"), t("Share now"), t("Figure before"), t("Figure now"), t("Mix effect"), t("Own effect")]
    return [labels.column(reader, split.by), *now, t("n before"), t("n now")]


def _rows(split: Why, names: list[str], form: Form) -> list[list[Any]]:
    share = Form(form.reader, "share")
    body = [
        [
            name, share.value(row["share_before"]), share.value(row["share_now"]), _figure(form, row, "before"),
            _figure(form, row, "now"), form.change(row["mix"]), form.change(row["rate"]),
            number(form.reader, row["n_before"]), number(form.reader, row["n_now"]),
        ]
        for name, row in zip(names, split.frame.to_dict("records"), strict=True)
    ]  # fmt: skip
    effects = split.total.set_index("part")["value"]
    sizes = [number(form.reader, split.frame[name].sum()) for name in ("n_before", "n_now")]
    whole = [
        form.reader.t("Total"),
        share.value(1.0),
        share.value(1.0),
        form.value(split.before),
        form.value(split.now),
    ]
    return [*body, [*whole, form.change(effects["mix"]), form.change(effects["rate"]), *sizes]]


def _figure(form: Form, row: dict[Any, Any], side: str) -> str:
    """The figure of a segment; that of a handful of cases says nothing and is not shown."""
    return form.value(row[f"rate_{side}"]) if row[f"n_{side}"] >= FEWEST else MISSING


def _records(kpi: Card, split: Why) -> list[dict[str, Any]]:
    """Each segment's effects for machines, and the totals."""
    rows = [
        {"kpi": f"{kpi.name}:{part}", "by": {split.by: row["segment"]}, "period": split.period, "value": row[part],
         "low": row[f"{part}_low"], "high": row[f"{part}_high"], "n": float(row["n_now"]), "unit": kpi.unit}
        for row in split.frame.to_dict("records") for part in ("mix", "rate")
    ]  # fmt: skip
    rows += [
        {"kpi": f"{kpi.name}:{row['part']}", "by": {}, "period": split.period, "value": row["value"],
         "low": row["low"], "high": row["high"], "n": float(split.frame["n_now"].sum()), "unit": kpi.unit}
        for row in split.total.to_dict("records")
    ]  # fmt: skip
    return [{name: None if name in ("value", "low", "high") and is_missing(one) else _plain(one)
             for name, one in row.items()} for row in rows]  # fmt: skip


def _plain(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _painter(frame: pd.DataFrame, names: list[str], form: Form) -> charts.Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator  # heavy, and only pictures need it

        axes, rows = figure.subplots(), np.arange(len(frame))
        words = {"rate": form.reader.t("own figures"), "mix": form.reader.t("mix")}
        for part, offset, colour in (("rate", -0.18, ACCENT), ("mix", 0.18, FAINT)):
            axes.barh(rows + offset, frame[part], height=0.32, color=colour, label=words[part])
            axes.hlines(rows + offset, frame[f"{part}_low"], frame[f"{part}_high"], colors=INK, linewidth=0.8)
        axes.axvline(0, color=MUTED, linewidth=0.8)
        axes.set_yticks(rows, [charts.wrapped(name, 22) for name in names])
        axes.set_ylim(len(frame) - 0.4, -0.6)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda amount, _: _tick(form, amount)))
        handles, written = axes.get_legend_handles_labels()
        axes.legend(handles, written, frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=10)

    return painter


def _tick(form: Form, amount: float) -> str:
    """An effect at an axis; that on a share is in percentage points."""
    if not units.of(form.unit).percent:
        return form.tick(amount)
    return form.reader.t("{change}\xa0pp", change=Form(form.reader, "points").tick(100 * amount))
