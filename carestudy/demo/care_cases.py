"""What customers ask and complain about, how soon they are helped, and whom the company calls after a loss."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from carestudy.demo import dice, seasons, world

_LONGEST_CHAIN = 16  # contacts about one matter; the chance of more is below one in a million million

# Steps of three and of one on the wheel keep a customer's unrelated contacts off the same topic.
_FIRST_CONTACTS = """
CREATE TABLE opened AS
WITH
rated AS (
    SELECT *, getvariable('contacts_a_month') * exp(0.5 * normal('care pace', c) - 0.125) AS rate FROM people
),
lived AS (
    SELECT c, team, joined_on, left_on, rate, unnest(range(joined_month, last_month + 1)) AS m FROM rated
),
counted AS (
    SELECT *, c::BIGINT * 64 + m AS spell, poisson(uniform('contacts', spell), rate, exp(-rate)) AS many FROM lived
),
numbered AS (
    SELECT * REPLACE (spell * 8 + turn AS turn) FROM counted JOIN turns USING (many)
),
placed AS (
    SELECT *, m * 1000 + below('care day', turn, 1000) AS slot FROM numbered
),
asked AS (
    SELECT c, team, turn * 16 AS id, (below('topic', c, 10) + 3 * m + turn % 8) % 10 AS topic, day AS asked_on
    FROM placed JOIN care_days USING (slot)
    WHERE asked_on >= joined_on AND (left_on IS NULL OR asked_on <= left_on)
)
SELECT id, c, team, topic::TINYINT AS topic, clock('care_hours', asked_on, below('contact', id, 60000)) AS opened_at
FROM asked
"""

# Outside office hours people reply the next morning; the chatbot always replies.
_HANDLED = """
CREATE VIEW handled AS
WITH
routed AS (
    SELECT *, pick_of('mix', if(team = getvariable('bad_team') AND opened_at::DATE >= getvariable('rollout'), 1, 0),
            'channel', id) AS channel,
        pick_of('kinds_by_stage', if(label('stages', topic) = 'before', 0, 1), 'kind', id) AS kind
    FROM opened
),
queued AS (
    SELECT *, CASE WHEN channel = getvariable('bad_channel') THEN opened_at
        WHEN isodow(opened_at) = 7 OR (isodow(opened_at) = 6 AND hour(opened_at) >= 18)
            THEN date_trunc('week', opened_at) + INTERVAL 176 HOURS
        WHEN hour(opened_at) >= 18 THEN date_trunc('day', opened_at) + INTERVAL 32 HOURS
        WHEN hour(opened_at) < 8 THEN date_trunc('day', opened_at) + INTERVAL 8 HOURS
        ELSE opened_at END AS heard_at
    FROM routed
),
replied AS (
    SELECT *, later(heard_at, label('reply_minutes', channel) * exp(0.8 * normal('reply', id))) AS replied_at,
        1 + label('solve_minutes', kind) * exp(0.9 * normal('solve', id)) AS work,
        chance('never solved', id, getvariable('never_solved')) AS given_up
    FROM queued
),
solved AS (
    SELECT *, CASE WHEN NOT given_up THEN later(replied_at, work) END AS solved_at FROM replied
)
SELECT id, c, team, topic, opened_at, channel, kind,
    if(replied_at < getvariable('known_until'), replied_at, NULL) AS first_reply_at,
    if(solved_at < getvariable('known_until'), solved_at, NULL) AS resolved_at
FROM solved WHERE opened_at < getvariable('known_until')
"""

_RECONTACTS = """
CREATE OR REPLACE TABLE opened AS
SELECT id + 1 AS id, c, team, topic, clock('care_hours', resolved_at::DATE + (1 + below('again', id, 6))::INT,
    below('contact', id + 1, 60000)) AS opened_at
FROM helped
WHERE id % 16 = ? AND resolved_at IS NOT NULL AND chance('recontact', id, getvariable('recontact'))
"""

_INTERVIEWS = """
INSERT INTO helped
SELECT c::BIGINT * 8192 + 8191, c, team, NULL, called_at, if(chance('interview by phone', c, 800), 0, 6), 3, called_at,
    later(called_at, 8 + below('interview minutes', c, 25))
FROM (SELECT *, left_on + (2 + below('interview day', c, 14))::INT
    + to_minutes((540 + below('interview minute', c, 480))::INT) AS called_at FROM people
    WHERE left_on IS NOT NULL AND chance('interview', c, getvariable('interviewed')))
WHERE called_at < getvariable('known_until') - INTERVAL 1 HOUR
"""

_NUMBERED = """
CREATE TABLE cases AS
WITH traits AS (
    SELECT *, kind < 3 AS inbound, chance('unassigned', id, getvariable('unassigned')) AS unassigned,
        chance('reopened', id, getvariable('reopened')) AS dissatisfied,
        chance('invited', id, getvariable('invited_contacts')) AS asked
    FROM helped
)
SELECT id, c, topic, opened_at, channel::TINYINT AS channel,
    kind::TINYINT AS kind, first_reply_at, resolved_at, if(inbound AND unassigned, 0, team)::TINYINT AS team,
    inbound AND asked AS invited, inbound AND dissatisfied AND resolved_at IS NOT NULL AS reopened
FROM traits ORDER BY opened_at, id
"""

_CONTACTS = """
SELECT 'CT' || (10000001 + rowid) AS contact_id, customer_of(c) AS customer_id, opened_at, first_reply_at, resolved_at,
    reopened, label('channels', channel) AS channel, coalesce(label('stages', topic), 'after') AS stage,
    label('kinds', kind) AS kind, coalesce(label('topics', topic), getvariable('leaving')) AS topic,
    label('agents', agent_of(team, opened_at::DATE, id)) AS agent, label('teams', team) AS team,
    if(kind = 3, 'outbound', 'inbound') AS direction
FROM cases
"""


def prepare(engine: DuckDBPyConnection) -> None:
    """Make the table of cases and the view of care."""
    _lists(engine)
    engine.execute(_FIRST_CONTACTS)
    engine.execute(_HANDLED)
    engine.execute("CREATE TABLE helped AS FROM handled")
    for earlier in range(_LONGEST_CHAIN - 1):
        engine.execute(_RECONTACTS, [earlier])
        if engine.execute("INSERT INTO helped FROM handled").fetchone() == (0,):
            break
    engine.execute(_INTERVIEWS)
    engine.execute(_NUMBERED)
    engine.execute("DROP VIEW handled; DROP TABLE opened; DROP TABLE helped")


def select() -> str:
    """The query of the contract's table of contacts."""
    return _CONTACTS


def _lists(engine: DuckDBPyConnection) -> None:
    code = {name: k for k, name in enumerate(world.CHANNELS)}
    mixes = [dice.deal({code[name]: share for name, share in mix.items()}) for mix in (world.USUAL_MIX, world.BAD_MIX)]
    dice.keep(
        engine,
        mix=mixes[0] + mixes[1],
        reply_minutes=[world.REPLY_MINUTES.get(channel) for channel in world.CHANNELS],
        solve_minutes=world.SOLVE_MINUTES,
        kinds=world.KINDS,
        kinds_by_stage=[
            world.KINDS.index(kind) for kinds in (world.KINDS_BEFORE, world.KINDS_LATER) for kind in dice.deal(kinds)
        ],
        topics=[topic for topic, _ in world.WHEEL],
        stages=[stage for _, stage in world.WHEEL],
    )
    _numbers(engine, code)


def _numbers(engine: DuckDBPyConnection, code: dict[str, int]) -> None:
    dice.fix(
        engine,
        contacts_a_month=world.CONTACTS_A_MONTH,
        known_until=seasons.KNOWN_UNTIL,
        bad_channel=code[world.BAD_CHANNEL],
        bad_team=world.TEAMS.index(world.BAD_TEAM),
        rollout=seasons.firsts()[seasons.month(*world.ROLLOUT)],
        never_solved=world.NEVER_SOLVED,
        recontact=world.RECONTACT,
        interviewed=world.INTERVIEWED,
        unassigned=world.UNASSIGNED,
        reopened=world.REOPENED,
        invited_contacts=world.INVITED_CONTACTS,
        leaving=world.LEAVING,
    )
