"""Who the customers are, when they came, whether and why they left, and whose they are."""

from __future__ import annotations

from datetime import date, timedelta

from duckdb import DuckDBPyConnection

from carestudy.demo import dice, seasons, world

# Exact shares come from ranks, all other traits from chances.
_PEOPLE = """
CREATE TABLE people AS
WITH
arrived AS (
    SELECT c, label('joining', below('joined', c, 10000)) AS joined_on,
        row_number() OVER (ORDER BY draw('segment', c), c) AS segment_rank,
        row_number() OVER (ORDER BY draw('owner', c), c) AS owner_rank
    FROM range(1, getvariable('customers') + 1) ids (c)
),
sorted AS (
    SELECT c, joined_on, month_of(joined_on) AS joined_month,
        len(list_filter(getvariable('segment_ends'), lambda last: last < segment_rank)) AS segment,
        CASE WHEN owner_rank <= getvariable('unowned') THEN 0
            WHEN owner_rank <= getvariable('unowned') + getvariable('orphaned') THEN 1 ELSE 2 END AS owned,
        pick('regions', 'region', c) AS region
    FROM arrived
),
fated AS (
    SELECT *, if(owned = 0, getvariable('unowned_factor'), 1) AS factor,
        joined_month + months_until('first loss', c, factor * getvariable('loss_before')) AS early,
        greatest(joined_month, getvariable('loss_change') - 1)
            + months_until('later loss', c, factor * getvariable('loss_since')) AS late,
        if(early < getvariable('loss_change'), early, late) AS lost_month
    FROM sorted
)
SELECT c, joined_on, joined_month, segment, owned, region,
    label('region_team', region) AS team, if(lost_month < len(getvariable('months')), first_of(lost_month)
        + floor(uniform('loss day', c) * days_in(lost_month))::INT, NULL) AS left_on,
    least(lost_month, len(getvariable('months')) - 1) AS last_month
FROM fated
"""

# As format('KH{:06d}', c), in half the time.
_CUSTOMER_OF = """
CREATE MACRO customer_of(c) AS CASE WHEN c >= 100000 THEN 'KH' WHEN c >= 10000 THEN 'KH0' WHEN c >= 1000 THEN 'KH00'
    WHEN c >= 100 THEN 'KH000' WHEN c >= 10 THEN 'KH0000' ELSE 'KH00000' END || c
"""

_CUSTOMERS = """
SELECT customer_of(c) AS customer_id, joined_on, left_on,
    CASE WHEN left_on IS NOT NULL THEN pick('reasons', 'reason', c) END AS leave_reason,
    CASE WHEN NOT chance('no birth year', c, 40)
        THEN (1960 + floor(46 * (uniform('age', c) + uniform('age again', c)) / 2))::SMALLINT END AS birth_year,
    pick('genders', 'gender', c) AS gender, pick('education', 'education', c) AS education,
    label('region_names', region) AS region, pick_of('provinces', region, 'province', c) AS province,
    label('countries', if(region = 3, 1 + below('country', c, 2), 0)) AS country,
    pick('interests', 'interests', c) AS interests, pick('incomes', 'income', c) AS income_band,
    label('agents', CASE owned WHEN 1 THEN label('gone_agents', below('gone owner', c, len(getvariable('gone_agents'))))
        WHEN 2 THEN agent_of(team, getvariable('last_day'), c) ELSE 0 END) AS owner,
    label('segment_names', segment) AS segment, chance('consent', c, getvariable('consenting')) AS consent
FROM people ORDER BY c
"""


def prepare(engine: DuckDBPyConnection, customers: int) -> None:
    """Make the table of people that all other tables start from."""
    ends = [sum(list(world.SEGMENTS.values())[:k]) for k in range(1, len(world.SEGMENTS))]
    dice.fix(
        engine,
        customers=customers,
        unowned=customers * world.UNOWNED // 1000,
        orphaned=customers * world.ORPHANED // 1000,
        segment_ends=[end * customers // 1000 for end in ends],
        loss_change=seasons.month(*world.LOSS_CHANGE),
        loss_before=world.LOSS_BEFORE,
        loss_since=world.LOSS_SINCE,
        unowned_factor=world.UNOWNED_FACTOR,
        last_day=world.LAST,
        consenting=world.CONSENTING,
    )
    _traits(engine)
    engine.execute(_CUSTOMER_OF)
    engine.execute(_PEOPLE)


def select() -> str:
    """The query of the contract's table of customers."""
    return _CUSTOMERS


def _traits(engine: DuckDBPyConnection) -> None:
    dice.keep(
        engine,
        joining=_joining(),
        regions=dice.deal(dict(enumerate(world.REGIONS.values()))),
        region_names=list(world.REGIONS),
        region_team=world.REGION_TEAM,
        segment_names=list(world.SEGMENTS),
        provinces=[name for shares in world.PROVINCES for name in dice.deal(shares)],
        countries=world.COUNTRIES,
        genders=dice.deal(world.GENDERS),
        education=dice.deal(world.EDUCATION),
        incomes=dice.deal(world.INCOMES),
        interests=dice.deal(world.INTERESTS),
        reasons=dice.deal(world.REASONS),
    )


def _joining() -> list[date]:
    days = [world.FIRST + timedelta(days=k) for k in range((world.LAST - world.FIRST).days + 1)]
    growth = {day: world.GROWTH ** (seasons.month(day.year, day.month)) for day in days}
    return dice.deal({day: growth[day] * seasons.shop_day(day) for day in days}, slots=10_000)
