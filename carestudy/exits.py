"""Exit interviews: how many lost customers a person has talked to, and whom to call next.

A lost customer counts as reached by a contact that is

* made after they left, or on that day when it is marked ``kind`` "exit_interview";
* by a person: it names its ``agent``;
* in both directions: on the phone, in person or by chat, whoever began it; one marked as an exit interview on any
  channel but a chatbot or a broadcast;
* answered: it has a ``first_reply_at`` or a ``resolved_at``, where the data have such columns.

A contact of which the data do not say enough (no column ``agent``, no or an unknown channel) is undecided.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.measure import stock
from carestudy.measure.front import reads
from carestudy.measure.intervals import wilson
from carestudy.measure.options import Count, Level, Months
from carestudy.measure.premises import LEAVING_DATED, LOSS_SHOWS, demand
from carestudy.measure.rows import EVER, latest_spell
from carestudy.periods import Period

__all__ = ["interviews", "to_call"]

MARKED = "exit_interview"
TWO_WAY = {
    "phone", "telephone", "call", "hotline", "voice", "điện thoại", "cuộc gọi", "gọi điện", "tổng đài",
    "in person", "store", "shop", "branch", "visit", "walk in", "cửa hàng", "tại quầy", "quầy",
    "trực tiếp", "chi nhánh", "gặp trực tiếp",
    "chat", "live chat", "livechat", "zalo", "zalo oa", "messenger", "whatsapp", "viber", "trò chuyện",
}  # fmt: skip
ONE_WAY = {
    "chatbot", "bot", "voicebot", "callbot", "ivr", "self service", "broadcast", "bulk sms", "bulk email", "newsletter",
    "push", "notification", "robocall", "tin nhắn hàng loạt", "thông báo", "bản tin",
}  # fmt: skip
# Two-way on paper, but the contract does not tell whether the customer ever answered: only marked interviews count.
LETTERS = {
    "email", "e-mail", "e mail", "mail", "thư điện tử", "sms", "tin nhắn", "social", "mạng xã hội", "facebook",
    "fanpage", "web", "website", "web form", "app", "ứng dụng", "portal", "letter", "thư",
}  # fmt: skip
INTERVIEWS = (
    "period", "lost", "lost_reached", "value", "low", "high", "reached", "interviews", "undecided", "wanted", "enough",
    "missing",
)  # fmt: skip
UNHAPPY_TO = {"nps": 6, "csat": 2}
BEST = 0.8  # of lost customers, by what they bought
RECENT = 30  # days
TOLD = ("kind", "channel", "agent")


@reads()
def interviews(
    care: Care, *, months: Months = 3, wanted: Count = 5, channels: Iterable[str] | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Lost customers with whom a person talked in the months before ``as_of``, whenever they left; and are they enough.

    One row: ``period``; ``lost`` customers who left in it and have not come back, ``lost_reached`` of them and that
    share with its Wilson interval; ``reached`` lost customers in the period, of them ``interviews`` by a contact so
    marked; ``undecided`` customers more of whom the data do not say enough, who raise the upper limit; ``enough`` is
    "yes", "no" or "cannot tell", as ``reached`` and ``undecided`` stand to ``wanted``; ``missing`` names the tables and
    columns that would tell. ``channels`` are the company's own names of channels on which people talk. Who counts as
    reached stands at the head of this module; who is lost without ``left_on`` follows from
    ``inactive_after`` days of silence.
    """
    requested = Period.until(care.known_until, months)
    demand(care, LEAVING_DATED)
    demand(care, LOSS_SHOWS)
    try:
        lost, talks = engine.fetch(_lost(care, requested)), _talks(care, requested, channels)
    except Missing as gap:
        return _row(requested.text, wanted, enough="cannot tell", missing=_gap_name(gap))
    sure = set(talks.loc[talks["reached"] == "yes", "customer_id"])
    unsure = set(talks.loc[talks["reached"] == "cannot tell", "customer_id"]) - sure
    gone = set(lost["customer_id"])
    enough = "yes" if len(sure) >= wanted else "cannot tell" if len(sure | unsure) >= wanted else "no"
    low, high = wilson(len(gone & sure), len(gone), level)[0], wilson(len(gone & (sure | unsure)), len(gone), level)[1]
    return _row(
        requested.text,
        wanted,
        lost=len(gone),
        lost_reached=len(gone & sure),
        value=len(gone & sure) / len(gone) if gone else float("nan"),
        low=float(low),
        high=float(high),
        reached=len(sure),
        interviews=talks.loc[(talks["reached"] == "yes") & talks["marked"], "customer_id"].nunique(),
        undecided=len(unsure),
        enough=enough,
        missing=_lacking(care) if enough == "cannot tell" else "",
    )


@reads()
def to_call(care: Care, n: Count = 20, *, months: Months = 3, channels: Iterable[str] | None = None) -> pd.DataFrame:
    """Whom to call next: customers lost in the months before ``as_of`` whom nobody has reached, the best reasons first.

    Columns ``order``, ``customer_id`` and ``reasons``: "recent" (left in the last 30 days), "valuable" (among the fifth
    of them who bought most, by all their purchases), "unhappy" (their last answer was an NPS of 0-6 or a CSAT of 1-2),
    "not contacted" (no contact at all since they left). Who has more reasons comes first, then who left later, then
    who bought more; equal customers have an equal ``order``. Who has come back or refused consent is left out. A list
    to be exported for those who call, and never part of a report.
    """
    requested = Period.until(care.known_until, months)
    demand(care, LEAVING_DATED)
    lost_rows = _lost(care, requested)
    lost, talks = engine.fetch(lost_rows), pd.DataFrame(columns=["customer_id", "reached"])
    if care.has("contacts", "customer_id", "opened_at"):
        talks = _talks(care, requested, channels)
    excluded = _refusing(care) | set(talks.loc[talks["reached"] == "yes", "customer_id"])
    lost = lost[~lost["customer_id"].isin(excluded)].reset_index(drop=True)
    bought = lost["customer_id"].map(_bought(care, lost_rows)).fillna(0).astype(float)
    marks = {
        "recent": lost["left_on"].map(lambda day: day >= requested.end - timedelta(days=RECENT)),
        "valuable": (bought > 0) & (bought >= bought.quantile(BEST, interpolation="higher")),
        "unhappy": lost["customer_id"].isin(_unhappy(care, lost_rows)),
        "not contacted": ~lost["customer_id"].isin(talks["customer_id"]),
    }
    return _in_order(lost, bought, pd.DataFrame(marks).astype(bool)).head(n)


def _in_order(lost: pd.DataFrame, bought: pd.Series[float], marks: pd.DataFrame) -> pd.DataFrame:
    """Order by number of reasons, then by later leaving, then by amount bought; the id only breaks ties of rows."""
    listed = pd.DataFrame(
        {
            "customer_id": lost["customer_id"],
            "reasons": [", ".join(name for name in marks.columns if row[name]) for row in marks.to_dict("records")],
            "many": marks.sum(axis=1).astype(int),
            "left": [day.toordinal() for day in lost["left_on"]],
            "bought": bought,
        }
    )
    keys = ["many", "left", "bought"]
    listed = listed.sort_values([*keys, "customer_id"], ascending=[False, False, False, True], ignore_index=True)
    equal = listed.groupby(keys, sort=False).ngroup()
    places = equal.map({group: rank for rank, group in reversed(list(enumerate(equal, start=1)))})
    return listed.assign(order=places.astype("int64"))[["order", "customer_id", "reasons"]]


def _lost(care: Care, requested: Period) -> engine.Table:
    """Customers who left in the period and are not here at its end, with the day on which they left last."""
    stays = stock.spells(care, [])
    stays = stays.filter(stays.joined_on.notnull())
    gone = stays.filter(engine.within(stays.left_on, requested.start, requested.end))
    gone = gone.group_by("customer_id").aggregate(left_on=gone.left_on.max())
    begun = engine.within(stays.joined_on, EVER[0], requested.end)
    over = engine.within(stays.left_on, EVER[0], requested.end)
    return gone.anti_join(stays.filter(begun & ~over), "customer_id").order_by("customer_id")


def _talks(care: Care, requested: Period, channels: Iterable[str] | None) -> pd.DataFrame:
    """The contacts in the period of customers who had left, each with whether it reached them: yes, no, cannot tell."""
    rows = engine.fetch(_after_leaving(care, requested).order_by(["customer_id", "opened_at"]))
    spoken = TWO_WAY | {_plain(name) for name in channels or ()}
    rows["marked"] = rows["kind"] == MARKED
    agents = care.has("contacts", "agent")
    rows["reached"] = [_reached(row, spoken, agents_known=agents) for row in rows.to_dict("records")]
    return rows


def _reached(row: dict[Any, Any], spoken: set[str], *, agents_known: bool) -> str:
    """Whether a contact after leaving was one in which a person talked with the customer."""
    channel = _plain(row["channel"] or "")
    no_person = agents_known and not row["agent"]
    too_early = row["left_on"] == row["opened_at"].date() and not row["marked"]
    if no_person or too_early or not row["answered"] or (channel in ONE_WAY and channel not in spoken):
        return "no"
    if not row["marked"] and channel not in spoken:
        return "no" if channel in LETTERS else "cannot tell"
    return "yes" if agents_known else "cannot tell"


def _after_leaving(care: Care, requested: Period) -> engine.Table:
    """Contacts in the period of customers who had left by then, with the day on which they had last left."""
    table = care.table("contacts", "customer_id", "opened_at")
    table = table.filter(engine.within(table.opened_at, requested.start, requested.end))
    answers = [table[name].notnull() for name in ("first_reply_at", "resolved_at") if name in table.columns]
    stated = {name: table[name] if name in table.columns else engine.null("string") for name in TOLD}
    answered = engine.any_of(*answers) if answers else engine.literal(value=True)
    rows = table.select("customer_id", "opened_at", **stated, answered=answered, day=table.opened_at.date())
    stays = stock.spells(care, []).select("joined_on", "left_on", who="customer_id")
    stands = rows.join(stays, [rows.customer_id == stays.who, stays.joined_on <= rows.day])
    stands = stands.mutate(gone=engine.integer(stands.left_on <= stands.day))
    grouped = stands.group_by(["customer_id", "opened_at", "day", *TOLD, "answered"])
    # A customer who came back has a stay that had begun by the day of the contact and was not over.
    contacts = grouped.aggregate(left_on=stands.left_on.max(), gone=stands.gone.min())
    return contacts.filter(contacts.gone == 1).drop("gone")


def _refusing(care: Care) -> set[str]:
    """Customers who have refused consent, where the data tell."""
    if not care.has("customers", "customer_id", "consent"):
        return set()
    people = latest_spell(care, care.table("customers"))
    return set(engine.fetch(people.filter(engine.true(~people.consent)).select("customer_id"))["customer_id"])


def _bought(care: Care, lost: engine.Table) -> dict[str, int]:
    """What lost customers have bought in all, where the data tell."""
    if not care.has("transactions", "customer_id", "amount"):
        return {}
    table = care.table("transactions").semi_join(lost, "customer_id")
    sums = engine.fetch(table.group_by("customer_id").aggregate(amount=engine.total(table.amount)), ("amount",))
    return dict(zip(sums["customer_id"], sums["amount"], strict=True))


def _unhappy(care: Care, lost: engine.Table) -> set[str]:
    """Lost customers whose last answer to a question of satisfaction was a low one, where the data tell."""
    if not care.has("responses", "customer_id", "answered_at", "question", "score"):
        return set()
    table = care.table("responses").semi_join(lost, "customer_id")
    table = table.filter(table.question.isin(list(UNHAPPY_TO)) & table.score.notnull())
    answers = engine.fetch(table.select("customer_id", "answered_at", "question", "score"))
    last = answers[answers["answered_at"] == answers.groupby("customer_id")["answered_at"].transform("max")]
    low = last["score"].astype(float) <= last["question"].map(UNHAPPY_TO).astype(float)
    return set(last.loc[low, "customer_id"])


def _row(period: str, wanted: int, **values: Any) -> pd.DataFrame:
    """The single row of the result; a count that could not be made is 0, and its share is NaN."""
    nothing = dict.fromkeys(("lost", "lost_reached", "reached", "interviews", "undecided"), 0)
    unknown = dict.fromkeys(("value", "low", "high"), float("nan"))
    return pd.DataFrame([{"period": period, "wanted": wanted, **nothing, **unknown, **values}])[[*INTERVIEWS]]


def _lacking(care: Care) -> str:
    """The columns that would decide whether undecided contacts were talks; the channel if its names are unknown."""
    lacking = [f"contacts.{name}" for name in ("agent", "channel") if not care.has("contacts", name)]
    return ", ".join(lacking or ["contacts.channel"])


def _gap_name(gap: Missing) -> str:
    return f"{gap.table}.{gap.column}" if gap.column else gap.table


def _plain(name: str) -> str:
    """A channel's name as it is looked up: composed, in small letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("_", " ").split())


def __dir__() -> list[str]:
    return __all__
