"""The words of a forecast: what it rests on, how far it can be trusted, and what stands where there is none."""

from __future__ import annotations

import re

from carestudy.show import dates, gaps
from carestudy.show.numbers import Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.words import Reader, t
from carestudy.value import HoldOut, LifetimeValue
from carestudy.value.model_limits import CHANCE, EQUAL, LEVEL, RATE, STAY, STEADY

# Why there is no forecast or no hold-out: what carestudy.value says of the data, as a manager reads it.
REASONS = (
    ("nobody bought twice", t("Nobody has bought on two different days.")),
    ("nobody has left", t("No customer has left yet, so how long they stay is not known.")),
    ("it says who had left by then", t("The leaving dates say who had left by then, not when.")),
    ("too short to hold anything out", t("The data are too short to try it on an earlier day.")),
    ("nobody has bought anything", t("Nobody has bought anything.")),
    ("at least 10 customers who bought again", t("Fewer than ten customers have bought again.")),
)
LIMITS = {
    STAY: t("In these data nobody seems to stop buying: all customers are taken to go on."),
    CHANCE: t("Customers do not seem to differ in how soon they leave: all are given the same chance of leaving."),
    RATE: t("Customers do not seem to differ in how often they buy: all are taken to buy equally often."),
    LEVEL: t("Customers do not seem to differ in what they spend: all are given the same average amount."),
    STEADY: t("Each customer is taken to spend much the same at every purchase, as they have so far."),
    EQUAL: t("Every purchase so far was of the same amount, and so are those to come."),
}
ELSE = t("The data are too few or too uniform for a model of them.")


def ahead(reader: Reader, lifetime: LifetimeValue) -> str:
    """How far the forecast looks: the next twelve months, the next three years."""
    written = re.fullmatch(r"([0-9]+)([MY])", lifetime.horizon)
    n, unit = (int(written[1]), written[2]) if written else (12, "M")
    if unit == "Y":
        return reader.t("the next {n} years", n=n) if n > 1 else reader.t("the next {n} months", n=12)
    return reader.t("the next {n} months", n=n)


def basis(reader: Reader, lifetime: LifetimeValue) -> str:
    """What the amounts are, and what the forecast rests on."""
    t, share = reader.t, Form(reader, "share")
    kind = (
        t("This is revenue, not profit: care.toml states no margin.")
        if lifetime.margin is None
        else t("Margin: {share} of revenue.", share=share.tick(lifetime.margin))
    )
    fields = {"model": lifetime.method, "discount": share.tick(lifetime.discount)}
    if lifetime.contracts:
        words = t(
            "Expected remaining months of today's customers ({model} model) times their monthly revenue of the "
            "last year; discounted at {discount} a year.", **fields,
        )  # fmt: skip
    else:
        words = t(
            "Expected purchases of all past buyers times the value of a purchase ({model}); discounted at "
            "{discount} a year.", **fields,
        )  # fmt: skip
    return " ".join([words, *limits(reader, lifetime), kind])


def limits(reader: Reader, lifetime: LifetimeValue) -> list[str]:
    """What all customers are taken to have in common where the data show no difference, in words of the business."""
    names = [name for model in lifetime.models for name in str(getattr(model, "limit", "")).split(", ") if name]
    return [reader.t(LIMITS[name]) for name in names]


def counted(reader: Reader, check: HoldOut) -> str:
    """How many events the forecast of an earlier day expected, and how many came."""
    t = reader.t
    fields = {
        "since": dates.day(reader, check.since), "until": dates.day(reader, check.until),
        "expected": number(reader, check.counted.expected), "actual": number(reader, check.counted.actual),
        "customers": number(reader, check.customers),
    }  # fmt: skip
    if check.events == "losses":
        return t(
            "Made on {since}, it expected {expected} of {customers} customers to leave by {until}; {actual} left.",
            **fields,
        )
    return t(
        "Made on {since}, it expected {expected} purchases of {customers} customers by {until}; there were {actual}.",
        **fields,
    )


def checked(reader: Reader, check: HoldOut) -> str:
    """What the forecast of an earlier day expected, and what came, in events and in money."""
    words, amount, share = counted(reader, check), check.amount, Form(reader, "share")
    if is_missing(amount.ratio):
        return words
    fields = {"ratio": share.value(amount.ratio), "interval": share.interval(amount.low, amount.high)}
    money = reader.t("Revenue was {ratio} of the forecast (95% interval {interval}).", **fields)
    return f"{words} {money}"


def verdict(reader: Reader, lifetime: LifetimeValue) -> str:
    """Whether the forecast can be trusted, in a sentence."""
    t = reader.t
    words = {
        "yes": t("The forecast was right when tested on past data"),
        "no": t("The forecast was wrong when tested on past data: do not use it yet"),
    }
    return words.get(lifetime.trusted, t("It is not known yet whether the forecast is right"))


def why_not(reader: Reader, lifetime: LifetimeValue) -> str:
    """Why there is no forecast, or no hold-out."""
    known = next((words for sign, words in REASONS if sign in lifetime.reason), ELSE)
    return reader.t(known)


def no_forecast(reader: Reader, lifetime: LifetimeValue) -> Output:
    """The box that stands where nothing can be forecast."""
    return box(reader.t("There is no forecast of what customers will bring"), why_not(reader, lifetime))


def box(title: str, reason: str) -> Output:
    """The box for a side of the forecast that these data do not have."""
    html = gaps.BOX.format(title=title, reason=reason, mend="")
    return Output(html, f"{title}. {reason}", looks=("gap",))
