"""How long customers stay and cases take: a falling curve, how many stand behind it, and round durations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.measure.survival import LogRank, quantile
from carestudy.show import labels
from carestudy.show.charts import BAND, Painter
from carestudy.show.labels import Card
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn, group_names
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MEASURED = ("duration", "unit", "at_risk", "ended", "value", "error", "low", "high")
LANDMARKS = {"days": (30, 90, 180, 365, 730, 1825), "hours": (1, 4, 8, 24, 48, 168)}
QUICK = tuple(seconds / 3600 for seconds in (10, 20, 30, 60, 120, 300, 900))  # where most cases take less than an hour
MOSTLY = 0.25  # still open after an hour, up to which minutes and seconds are of interest
CASE_DAYS = "case_days"  # of cases that the data tell in whole days
LANDMARKS[CASE_DAYS] = (1, 2, 3, 7, 14, 30)
LANDMARKS["business_hours"] = (1, 2, 4, 8, 16, 40)
YEARS = {365: "1 year", 730: "2 years", 1825: "5 years"}
FEWEST = 10  # at risk; beyond that the curve is not drawn
MOST = 4  # lines that can be told apart
LINES = ((ACCENT, "-"), (MUTED, "-"), (INK, (0, (4, 2))), (FAINT, (0, (1.5, 1.5))))
CHANCE, LEAST, STEPS = 0.05, 0.04, 80
STEPS_OF = {"days": (7, 30, 90, 180, 365, 730, 1825), CASE_DAYS: (1, 2, 7, 14, 30, 90, 365)}  # between ticks


def survival(reader: Reader, kpi: Card, frame: pd.DataFrame, test: LogRank | None = None) -> Output:
    """A curve of ``carestudy.survival.curve``; ``test`` says whether its groups differ by more than chance."""
    by = [str(name) for name in frame.columns if name not in MEASURED]
    rows = [rows for _, rows in frame.groupby(by, dropna=False, sort=False)] if by else [frame]
    rows.sort(key=lambda group: tuple(labels.order(name, group.iloc[0][name]) for name in by))
    curves = {labels.groups(reader, by, group.iloc[0]) if by else "": group for group in rows}
    unit = kpi.unit if kpi.unit == "business_hours" else str(frame["unit"].iloc[0])
    unit = CASE_DAYS if unit == "days" and kpi.unit == "hours" else unit
    name = labels.label(reader, kpi)
    if by:
        name = reader.t("{label} by {groups}", label=name, groups=group_names(reader, by))
    within = float(frame.attrs.get("within", 0))
    table, text = _table(reader, curves, unit, within)
    sentences = [
        _sentence(reader, curves, unit, within),
        _verdict(reader, test),
        _caveat(reader, unit),
        _silent(reader, within),
    ]
    sentence = " ".join(filter(None, sentences))
    texts = Told(name, _what(reader, unit), _alt(reader, curves, name), sentence)
    if len(curves) > MOST:
        plain = Told(
            name, reader.t("more than {n} curves cannot be distinguished: the table has them all", n=MOST), "", ""
        )
        return Output(table, "\n".join([name, plain.what, text, sentence]), looks=("table",))
    shown = drawn(texts, _painter(reader, curves, unit), 2.9 + 0.22 * len(curves), ())
    return Output(beneath(shown.html, table), f"{shown.text}\n{text}", looks=("figure", "table"))


def value_at(curve: pd.DataFrame, duration: float) -> tuple[Any, int]:
    """The row that tells the share lasting at least so long, and how many have been seen to do so.

    >>> frame = pd.DataFrame({"duration": [0.0, 30, 90], "at_risk": [9.0, 9, 5], "value": [1.0, 0.8, 0.6]})
    >>> float(value_at(frame, 60)[0]["value"]), value_at(frame, 60)[1], value_at(frame, 91)[1]
    (0.8, 5, 0)
    """
    before, after = curve[curve["duration"] < duration], curve[curve["duration"] >= duration]
    there = int(after["at_risk"].iloc[0]) if len(after) else 0
    return (before if len(before) else curve).iloc[-1 if len(before) else 0], there


def shortened(name: str, most: int) -> str:
    """A name that fits beside a picture; the table has it whole.

    >>> shortened("Chi nhánh Thành phố Hồ Chí Minh", 16)
    'Chi nhánh Thành…'
    """
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _painter(reader: Reader, curves: dict[str, pd.DataFrame], unit: str) -> Painter:
    def painter(figure: Any) -> None:
        kept = {name: _enough(curve, STEPS // len(curves)) for name, curve in curves.items()}
        ratios = {"height_ratios": [8, 0.8 + len(kept)], "hspace": 0.02}
        axes, below = figure.subplots(2, 1, sharex=True, gridspec_kw=ratios)
        longest = max(float(curve["duration"].max()) for curve in kept.values())
        ticks = _ticks(longest, unit)
        for (name, curve), (colour, style) in zip(kept.items(), LINES, strict=False):
            times, values = curve["duration"].to_numpy(float), curve["value"].to_numpy(float)
            if len(kept) == 1:
                low, high = (curve[side].to_numpy(float) for side in ("low", "high"))
                axes.fill_between(times, low, high, step="post", color=BAND, linewidth=0, label="interval")
            axes.step(times, values, where="post", color=colour, linestyle=style, linewidth=1.8, label=name or "value")
        form = Form(reader, "share")
        axes.set_ylim(0, 1.02)
        axes.set_xlim(0, longest * 1.02)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [form.tick(share) for share in (0, 0.25, 0.5, 0.75, 1)])
        axes.set_xticks(ticks, [_duration(reader, tick, unit) for tick in ticks])
        axes.tick_params(axis="x", labelbottom=True)
        axes.grid(visible=False, axis="x")
        _at_risk(below, reader, {name: curves[name] for name in kept}, ticks)

    return painter


def _at_risk(axes: Any, reader: Reader, curves: dict[str, pd.DataFrame], ticks: list[float]) -> None:
    """How many are at risk, under each tick: a line for each curve, which names it in its colour and dashes."""
    axes.set_ylim(len(curves) - 0.4, -0.9)
    axes.set_yticks(range(len(curves)), [shortened(name, 16) or reader.t("still observed") for name in curves])
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    if "" not in curves:
        axes.text(0, -0.75, reader.t("still observed"), transform=axes.get_yaxis_transform(), color=MUTED, fontsize=9)
    for line, (curve, (colour, style)) in enumerate(zip(curves.values(), LINES, strict=False)):
        if len(curves) > 1:
            key = {"color": colour, "linestyle": style, "transform": axes.get_yaxis_transform(), "clip_on": False}
            axes.plot([-0.055, -0.012], [line + 0.42, line + 0.42], linewidth=1.8, label="key", **key)
        for tick in ticks:
            there = int(curve["at_risk"].iloc[0]) if tick == 0 else value_at(curve, tick)[1]
            side = "left" if tick == 0 else "center"
            axes.text(tick, line, number(reader, there), ha=side, va="center", color=MUTED, fontsize=9.5)


def _silent(reader: Reader, within: float) -> str:
    """That the first days say nothing, where silence makes customers lost."""
    if not within:
        return ""
    return reader.t(
        "In the first {days} days nobody can count as lost by silence, so they are not judged.",
        days=number(reader, within),
    )


def _table(reader: Reader, curves: dict[str, pd.DataFrame], unit: str, within: float) -> tuple[Any, str]:
    t, form = reader.t, Form(reader, "share")
    head = t("Stays at least") if unit == "days" else t("Takes at least")
    heads = [
        head,
        *([labels.column(reader, "share"), t("95% interval"), t("still observed")] if "" in curves else curves),
    ]
    lines = []
    marks: tuple[float, ...] = LANDMARKS[unit]
    if unit in ("hours", "business_hours") and all(
        value_at(value, 1.0)[0]["value"] <= MOSTLY for value in curves.values()
    ):
        marks = (*QUICK, *marks)
    for mark in (one for one in marks if one > within):
        cells = [_cell(reader, form, curve, mark) for curve in curves.values()]
        if any(cell[2] for cell in cells):
            name = _duration(reader, mark, unit)
            short = [f"{value} ({risk})" if risk else MISSING for value, _, risk in cells]
            lines.append([name, *(cells[0] if "" in curves else short)])
    html = grid("", heads, lines, numeric=set(range(1, len(heads))))
    return html, "\n".join("\t".join(map(str, line)) for line in (heads, *lines))


def _cell(reader: Reader, form: Form, curve: pd.DataFrame, mark: float) -> tuple[str, str, str]:
    row, there = value_at(curve, mark)
    if not there:
        return MISSING, MISSING, ""
    return form.value(row["value"]), form.interval(row["low"], row["high"]), number(reader, there)


def _sentence(reader: Reader, curves: dict[str, pd.DataFrame], unit: str, within: float) -> str:
    told = []
    for name, curve in curves.items():
        said = _staying(reader, curve, within) if unit == "days" else _taking(reader, curve, unit)
        told.append(f"{name}: {said}" if name else said)
    return " ".join(told)


def _staying(reader: Reader, curve: pd.DataFrame, within: float) -> str:
    """The shares that stay one, two, five years, as far as they are known."""
    t, form = reader.t, Form(reader, "share")
    known = [(mark, *value_at(curve, mark)) for mark in YEARS if mark > within]
    sentences = [
        t("{share} stay at least {time} (95% interval {interval}; {n} still observed)", share=form.value(row["value"]),
          time=t(YEARS[mark]), interval=form.interval(row["low"], row["high"]), n=number(reader, there))
        for mark, row, there in known if there >= FEWEST
    ]  # fmt: skip
    return ("; ".join(sentences) if sentences else t("Nobody was followed for a year yet")) + "."


def _taking(reader: Reader, curve: pd.DataFrame, unit: str) -> str:
    """How long half of the cases take, and how many are still open."""
    t = reader.t
    cases, ended = int(curve["at_risk"].iloc[0]), int(curve["ended"].sum())
    fields = {"n": number(reader, cases), "open": number(reader, cases - ended)}
    value, low, high = quantile(curve[curve["ended"] > 0])
    if is_missing(value):
        return t("Fewer than half of the {n} cases have ended; {open} are still open.", **fields)
    form = Form(reader, "days" if unit == CASE_DAYS else unit, value)
    fields |= {"time": form.value(value), "interval": form.interval(low, high)}
    return t("Half of the cases take {time} or less (95% interval {interval}; {n} cases, {open} still open).", **fields)


def _verdict(reader: Reader, test: LogRank | None) -> str:
    """Whether the groups differ, by the log-rank test."""
    if test is None:
        return ""
    p = number(reader, test.p, 3) if test.p >= 0.001 else f"< {number(reader, 0.001, 3)}"
    if test.p < CHANCE:
        return reader.t("The groups differ clearly (log-rank test, p {p}).", p=_equals(p))
    return reader.t("The differences between the groups are too small to call (log-rank test, p {p}).", p=_equals(p))


def _equals(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def _caveat(reader: Reader, unit: str) -> str:
    if unit == "days":
        return reader.t("Customers who have not left count for the time observed.")
    return reader.t("Open cases count for the time they have waited.")


def _what(reader: Reader, unit: str) -> str:
    t = reader.t
    subject = t("share of customers still here") if unit == "days" else t("share of cases still open")
    return t("{what}, with 95% intervals; drawn while at least {n} are observed", what=subject, n=FEWEST)


def _alt(reader: Reader, curves: dict[str, pd.DataFrame], name: str) -> str:
    groups = ", ".join(filter(None, curves))
    subject = reader.t("Survival curve: {what}", what=name)
    return f"{subject}; {groups}" if groups else subject


def _enough(curve: pd.DataFrame, most: int) -> pd.DataFrame:
    """The part of the curve that enough stand behind and that has not all but ended; all of a small one."""
    enough = curve[(curve["at_risk"] >= FEWEST) & (curve["value"] >= LEAST)]
    kept = enough if len(enough) else curve
    steps = np.unique(np.linspace(0, len(kept) - 1, most).round().astype(int))  # more of them are smaller than a dot
    return kept.iloc[steps]


def _ticks(longest: float, unit: str) -> list[float]:
    steps = STEPS_OF.get(unit, (*QUICK, 1, 2, 4, 8, 24, 48, 168, 720, 2160))
    step = next((one for one in steps if longest / one <= 5), steps[-1])
    return [float(tick) for tick in np.arange(0, longest + 1e-9, step)]


def _duration(reader: Reader, amount: float, unit: str) -> str:
    in_days = unit in ("days", CASE_DAYS)
    if unit == "days" and amount in YEARS:
        return reader.t(YEARS[int(amount)])
    if unit == "days" and amount >= 730 and amount % 365 == 0:
        return reader.t("{n} years", n=number(reader, amount / 365))
    if unit == "hours" and amount >= 48 and amount % 24 == 0:
        return reader.t("{number}\xa0days", number=number(reader, amount / 24))
    if amount == 0:
        return "0"
    if amount == 1:
        return reader.t("1 day") if in_days else reader.t("1 hour")
    if not in_days and amount < 1:
        return Form(reader, unit).value(amount)
    digits = 0 if float(amount).is_integer() else 2
    known = "{number}\xa0days" if in_days else "{number}\xa0hours"
    return reader.t(known, number=number(reader, amount, digits))
