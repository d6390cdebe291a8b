"""The files of a folder, read as tables, with what could not be decided: what ``carestudy init`` begins with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from carestudy.care import Settings
from carestudy.contract import TABLES
from carestudy.load.settings import MATCHES
from carestudy.recognise import by_tool, further, home, ids, joins, moments, ratings, snapshots, years
from carestudy.recognise.companies import with_customers_asked
from carestudy.recognise.deals import with_cancelled_asked
from carestudy.recognise.doubts import with_owner_asked, with_percent_asked, with_stay_asked
from carestudy.recognise.folder import look
from carestudy.recognise.forms import Currency, currency_of, forms
from carestudy.recognise.long_ids import with_spoilt_asked
from carestudy.recognise.mapped import Match
from carestudy.recognise.match import matched
from carestudy.recognise.proposal import Proposal, last_day
from carestudy.recognise.topics import with_kind, with_topic


def propose(
    folder: Path | str, company: str | None = None, currency: str | None = None, timezone: str | None = None
) -> Proposal:
    """What the files of a folder seem to be; nothing is written.

    What is known of the company is taken as it is: its name, the currency of amounts, the time zone of times.
    """
    contents = look(Path(folder))
    exports, unusable = by_tool.usable(contents.exports)
    pairs, left = matched(exports, by_tool.known)
    pairs = by_tool.with_companions(pairs)
    linked, left = joins.linked({name: pairs[name] for name in TABLES if name in pairs}, left)
    matches, left = further.further(linked, left)
    matches, left = years.with_years(matches, left)
    matches = {name: moments.with_moments(match) for name, match in ids.of_persons(ids.shared(matches)).items()}
    matches = ratings.with_ratings(with_customers_asked(matches))
    matches = {name: with_spoilt_asked(with_cancelled_asked(match)) for name, match in matches.items()}
    matches = {
        name: with_percent_asked(with_owner_asked(with_stay_asked(with_kind(with_topic(match)))))
        for name, match in matches.items()
    }
    last = last_day(matches)
    matches = {name: snapshots.with_snapshot(match, last) for name, match in matches.items()}
    at_home = home.vietnamese(contents.exports)
    money = _currency(currency, matches, at_home=at_home)
    stated = home.time_zone(matches.values())
    zone = timezone or (Settings().timezone if at_home or not stated else stated[0])
    phones = tuple(ids.by_phone(matches)) if "phone" in MATCHES else ()
    written = {name: forms(match, money, timezone or Settings().timezone) for name, match in matches.items()}
    return Proposal(
        contents, matches, (*left, *unusable), written, money, company or "", zone, tuple(ids.by_digits(matches)),
        phones, tuple(ids.strangers(matches)), placed=at_home or timezone is not None,
        stated=stated[1] if stated and not at_home and timezone is None else "",
    )  # fmt: skip


def _currency(known: str | None, matches: Mapping[str, Match], *, at_home: bool) -> Currency:
    if known:
        return Currency(known, "sure", "you said so")
    return currency_of(matches.get("transactions"), at_home=at_home)
