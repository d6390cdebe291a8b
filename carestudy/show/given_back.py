"""What a sum of sales counts: a sentence on orders that were cancelled, returned or refunded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from carestudy.measure import units
from carestudy.periods import Period
from carestudy.show.labels import card
from carestudy.show.numbers import Form, number
from carestudy.show.output import Output
from carestudy.show.words import Reader

LINE = Markup('<p class="muted">{}</p>')


def sentence(reader: Reader, care: Any, period: str) -> str:
    """That orders given back are counted in amounts, how many of them and how much; nothing where there are none."""
    from carestudy.kpi import invoiced  # loaded with the engine where it is used
    from carestudy.measure.returned_amounts import given_back

    totals = given_back(care, Period.parse(period))
    if totals is None:
        return ""
    amount = float(totals["amount"]) * invoiced.scale(care)
    counts = {"back": number(reader, totals["back"]), "rows": number(reader, totals["rows"])}
    return reader.t(
        "Amounts count orders that were cancelled, returned or refunded: {back} of {rows}, {amount}.",
        amount=Form(reader, "money").value(amount), **counts,
    )  # fmt: skip


def noted(reader: Reader, care: Any, period: str, kpis: Iterable[Any], output: Output) -> Output:
    """What is shown, with the sentence below it where it shows amounts of transactions."""
    if "gap" in output.looks or not any(units.of(card(kpi).unit).money for kpi in kpis):
        return output
    words = sentence(reader, care, period)
    return replace(output, html=output.html + LINE.format(words), text=f"{output.text}\n{words}") if words else output
