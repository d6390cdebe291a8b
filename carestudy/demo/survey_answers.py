"""Whom the company asks, who answers, what they say."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from carestudy.demo import comments, dice, world

# Odd keys are asked about an order, even ones about a contact.
_ASKED = """
CREATE TABLE asked AS
WITH
cared AS (
    SELECT n, c, channel, team, agent_of(team, opened_at::DATE, id) AS agent,
        pick('question', 'question', n) AS question, later(resolved_at, 3 + below('invite', n, 45)) AS invited_at
    FROM (SELECT rowid + 1 AS n, * FROM cases) WHERE invited AND resolved_at IS NOT NULL
),
bought AS (
    SELECT n, c, channel, team, agent, later(occurred_at, 1440 + below('invite order', n, 2880)) AS invited_at
    FROM sales WHERE invited
),
wanted AS (
    SELECT n * 2 AS id, n AS contact, * EXCLUDE n FROM cared
    UNION ALL BY NAME
    SELECT n * 2 + 1 AS id, 1 AS question, * EXCLUDE n FROM bought
),
timed AS (
    SELECT *, chance('answering', id, getvariable('answering')) AS answering,
        least(2 - 180 * ln(uniform('delay', id)), floor(
            uniform('hurry', id) * date_diff('minute', invited_at, getvariable('known_until')))) AS delay
    FROM wanted
)
SELECT * EXCLUDE (answering, delay), CASE WHEN answering THEN later(invited_at, floor(delay)) END AS answered_at
FROM timed ORDER BY invited_at, id
"""

# Part 0 is the answer asked for, parts 1 to 4 the attributes rated along with it; scores are happy or not by question.
_RESPONSES = """
WITH
judged AS (
    SELECT *, (channel = getvariable('bad_channel'))::INT AS bad,
        pick_of('csat_scores', bad, 'satisfaction', id) AS csat, pick_of('nps_scores', bad, 'nps', id) AS nps,
        pick('ces_scores', 'ces', id) AS ces,
        chance('rated too', id, getvariable('rated_too')) AS rating
    FROM (SELECT rowid + 1 AS n, * FROM asked) WHERE answered_at IS NOT NULL
),
scored AS (
    SELECT n, id, c, contact, question, answered_at, channel, team, agent,
        CASE question WHEN 0 THEN csat WHEN 1 THEN nps ELSE ces END AS score,
        unnest(if(question = 0 AND rating, [0, 1, 2, 3, 4], [0])) AS part
    FROM judged
),
sorted AS (
    SELECT * FROM scored ORDER BY n, part
),
worded AS (
    SELECT *, label('attribute_scores', 2000 * part + 1000 * (score >= 4)::INT + below('rating', id * 8 + part, 1000))
            AS rated, part = 0 AND question < 2 AND chance('comment', id, getvariable('commenting')) AS commented,
        score >= if(question = 1, 7, 4) AS happy, chance('unaccented', id, getvariable('unaccented')) AS bare,
        label('phrases', 2000 * happy::INT + 1000 * bare::INT + below('phrase', id, 1000)) AS phrase
    FROM sorted
)
SELECT 'TL' || (100000000 + n * 10 + part) AS response_id, customer_of(c) AS customer_id, answered_at,
    label('questions', if(part = 0, question, 2 + part)) AS question, if(part = 0, score, rated)::TINYINT AS score,
    if(commented, phrase, NULL) AS comment, label('sources', channel) AS source,
    'CT' || (10000000 + contact) AS contact_id, label('channels', channel) AS channel,
    label('agents', agent) AS agent, label('teams', team) AS team
FROM worded
"""

_INVITATIONS = """
WITH numbered AS (
    SELECT rowid + 1 AS n, * FROM asked
)
SELECT 'LM' || (10000000 + n) AS invitation_id, customer_of(c) AS customer_id, invited_at,
    label('questions', question) AS question, label('sources', channel) AS source,
    if(answered_at IS NULL, NULL, 'TL' || (100000000 + n * 10)) AS response_id, label('channels', channel) AS channel,
    label('agents', agent) AS agent, label('teams', team) AS team
FROM numbered
"""


def prepare(engine: DuckDBPyConnection) -> None:
    """Make the table of those asked, whether they answer and when."""
    _surveys(engine)
    _wording(engine)
    engine.execute(_ASKED)
    engine.execute("DELETE FROM asked WHERE invited_at >= getvariable('known_until')")


def responses() -> str:
    """The query of the contract's table of responses."""
    return _RESPONSES


def invitations() -> str:
    """The query of the contract's table of invitations."""
    return _INVITATIONS


def _surveys(engine: DuckDBPyConnection) -> None:
    dice.keep(
        engine,
        questions=[*world.QUESTIONS, *world.ATTRIBUTES],
        question=dice.deal(dict(enumerate(world.QUESTIONS.values()))),
        csat_scores=_csat(world.CSAT_POSITIVE) + _csat(world.CSAT_BAD),
        nps_scores=_nps(world.NPS_KINDS) + _nps(world.NPS_BAD),
        ces_scores=dice.deal(world.CES_SCORES),
        attribute_scores=[
            score
            for happy, unhappy in ((0, 0), *world.ATTRIBUTES.values())
            for high in (unhappy, happy)
            for score in _csat(high)
        ],
    )
    dice.fix(
        engine,
        rated_too=world.RATED_TOO,
        answering=world.ANSWERING,
    )


def _wording(engine: DuckDBPyConnection) -> None:
    unhappy, happy = comments.slots(comments.UNHAPPY), comments.slots(comments.HAPPY)
    bare = [[comments.unaccented(phrase) for phrase in phrases] for phrases in (unhappy, happy)]
    dice.keep(
        engine,
        phrases=[*unhappy, *bare[0], *happy, *bare[1]],
        sources=[world.SOURCES.get(channel, world.AFTER) for channel in world.CHANNELS],
    )
    dice.fix(engine, commenting=world.COMMENTING, unaccented=world.UNACCENTED)


def _csat(positive: int) -> list[int]:
    return dice.deal(_weighed((positive, world.POSITIVE_SCORES), (1000 - positive, world.OTHER_SCORES)))


def _nps(kinds: dict[str, int]) -> list[int]:
    scores = (world.PROMOTERS, world.PASSIVES, world.DETRACTORS)
    return dice.deal(_weighed(*zip(kinds.values(), scores, strict=True)))


def _weighed(*parts: tuple[int, dict[int, int]]) -> dict[int, float]:
    return {score: weight * share / 1000 for weight, scores in parts for score, share in scores.items()}
