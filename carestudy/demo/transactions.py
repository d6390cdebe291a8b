"""What customers buy: a first order on the day they join, then irregular ones as long as they stay."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from carestudy.demo import dice, world

# Orders are kept in the order of time, and an order's number is its place there; the rest is drawn from its number.
_ORDERS = """
CREATE TABLE orders AS
WITH
paced AS (
    SELECT *, label('orders_a_month', segment) * exp(0.55 * normal('pace', c) - 0.15) AS pace,
        label('spending', segment) * exp(0.35 * normal('purse', c)) AS purse,
        if(region = 3, 1 + below('country', c, 2), 0)::TINYINT AS country
    FROM people
),
lived AS (
    SELECT c, joined_on, left_on, pace, purse, country, unnest(range(joined_month, last_month + 1)) AS m FROM paced
),
rated AS (
    SELECT *, c::BIGINT * 64 + m AS spell, pace * label('season', m) AS rate FROM lived
),
counted AS (
    SELECT *, poisson(uniform('orders', spell), rate, exp(-rate)) AS many FROM rated
),
numbered AS (
    SELECT *, spell * 8 + turn AS id FROM counted JOIN turns USING (many)
),
placed AS (
    SELECT *, m * 1000 + below('order day', id, 1000) AS slot FROM numbered
),
bought AS (
    SELECT c, purse, country, id, day AS bought_on
    FROM placed JOIN shop_days USING (slot)
    WHERE bought_on >= joined_on AND (left_on IS NULL OR bought_on <= left_on)
    UNION ALL
    SELECT c, purse, country, (c::BIGINT * 64 + joined_month) * 8 + 7, joined_on FROM paced
),
timed AS (
    SELECT c, purse, country, id, clock('shop_hours', bought_on, below('order', id, 60000)) AS occurred_at,
        chance('invited order', id, getvariable('invited_orders')) AS invited
    FROM bought
)
SELECT c, purse, country, occurred_at, invited FROM timed ORDER BY occurred_at, id
"""

# Shops and telephone sales have an agent; online, one buyer in three is helped by one.
_SALES = """
CREATE VIEW sales AS
WITH
numbered AS (
    SELECT rowid + 1 AS n, * FROM orders
),
sold AS (
    SELECT *, pick('sales_channel', 'sales channel', n) AS channel,
        label('sales_teams', channel) AS team, chance('online help', n, 350) AS helped,
        agent_of(team, occurred_at::DATE, n) AS someone
    FROM numbered
)
SELECT n, c, purse, country, occurred_at, invited, channel, team, if(team = 4 OR helped, someone, 0) AS agent FROM sold
"""

_TRANSACTIONS = """
WITH priced AS (
    SELECT *, pick('product', 'product', n) AS product,
        chance('returned', n, getvariable('returned_goods')) AS disliked,
        purse * label('prices', product) * exp(label('widths', product) * normal('amount', n)) AS price
    FROM sales
)
SELECT 'HD' || (10000000 + n) AS transaction_id, customer_of(c) AS customer_id, occurred_at,
    greatest(10, round(price / 1000))::BIGINT * 1000 AS amount, product >= 2 AND disliked AS returned,
    label('channels', channel) AS channel, label('agents', agent) AS agent, label('teams', team) AS team,
    label('countries', country) AS country, label('products', product) AS product
FROM priced
"""


def prepare(engine: DuckDBPyConnection) -> None:
    """Make the table of orders and the view of sales."""
    code = {channel: k for k, channel in enumerate(world.CHANNELS)}
    dice.keep(
        engine,
        channels=world.CHANNELS,
        orders_a_month=world.ORDERS_A_MONTH,
        spending=world.SPENDING,
        product=dice.deal(dict(enumerate(world.PRODUCTS.values()))),
        products=list(world.PRODUCTS),
        prices=world.PRICES,
        widths=world.PRICE_WIDTHS,
        sales_channel=dice.deal({code[channel]: share for channel, share in world.SALES_CHANNELS.items()}),
        sales_teams=[5 if channel in world.ONLINE else 4 for channel in world.CHANNELS],
    )
    dice.fix(engine, returned_goods=world.RETURNED_GOODS, invited_orders=world.INVITED_ORDERS)
    engine.execute(_ORDERS)
    engine.execute(_SALES)


def select() -> str:
    """The query of the contract's table of transactions."""
    return _TRANSACTIONS
