"""Tables whose columns have their types, and whose rows have every fault that a type allows."""

from __future__ import annotations

import psycopg

TABLES = r"""
CREATE TABLE customers (customer_id text, joined_on date, left_on date, region text, segment text, birth_year integer,
    consent integer);
INSERT INTO customers VALUES
    ('C1', '2020-01-01', NULL, 'Hà Nội', 'a', 1980, 1),
    (' C2 ', '2020-02-01', '2026-03-05', E'Ha\u0300 No\u0323\u0302i', 'a', 1981, 0),
    ('C3', '2020-03-01', '2019-01-01', 'Huế', 'b', NULL, NULL),
    (NULL, '2020-03-01', NULL, 'Huế', 'b', NULL, 1),
    ('C5', '1900-01-01', NULL, E'Hu\u1ebf\u00a0', 'b', 1990, 2),
    ('C6', NULL, NULL, E'\u200bHuế', 'N/A', 1990, 2),
    ('C7', '2021-01-01', '9999-12-31', '', '', 1990, 1),
    ('C1', '2022-01-01', NULL, 'Huế', 'a', 1980, 1);
CREATE TABLE transactions (transaction_id bigint, customer_id text, occurred_at timestamptz, amount numeric(14, 3),
    currency text, channel text, returned smallint, agent text);
INSERT INTO transactions VALUES
    (1, 'C1', '2026-09-30 23:30+00', 950.5, 'VND', 'Shop', 0, 'Lan'),
    (2, 'C2', '2026-10-01 10:00+07', 1.4999, 'usd', 'Shop', 1, 'Lan'),
    (3, 'C1', '2026-10-31 16:59+00', 1.5, 'đ', 'Shop', NULL, 'Lan'),
    (4, 'C1', '2026-10-31 17:01+00', 7, 'VND', 'Shop', 1, 'Lan'),
    (5, NULL, '2026-10-15 17:01+00', 'NaN', 'VND', 'Shop', 1, 'Lan'),
    (6, 'C1', NULL, 7, 'VND', 'Shop', 1, 'Lan'),
    (7, 'C1', '2026-10-16 17:01+00', -2.5, 'VND', 'Shop', 5, 'Lan'),
    (7, 'C1', '2026-10-16 17:01+00', -2.5, 'VND', 'Shop', 0, 'Lan'),
    (8, 'C1', '2026-10-17 17:01+00', 99999999999.5, 'VND', E'Sho\u0301p', 0, 'Lan');
CREATE TABLE responses (response_id text, customer_id text, answered_at timestamp, question text,
    score double precision, comment text);
INSERT INTO responses VALUES
    ('r1', 'C1', '2026-10-05 20:00', 'NPS', 9, 'tốt'), ('r2', 'C1', '2026-10-05 20:00', 'nps', 9.5, ''),
    ('r3', 'C1', '2026-10-05 20:00', 'nps', 11, NULL), ('r4', 'C1', '2026-10-05 20:00', 'nps', -1, NULL),
    ('r5', 'C1', '2026-10-05 20:00', 'nps', 'NaN', NULL), ('r6', 'C1', '2026-10-05 20:00', 'HÀI  LÒNG', 5, NULL),
    ('r7', 'C1', '2026-10-05 20:00', 'csat', 0, NULL), ('r8', 'C1', '2026-10-31 20:00', 'nps', 'Infinity', NULL),
    ('r9', '1.23E+11', '2026-09-30 18:00', 'nps', 0, NULL), ('r9', 'C1', '2026-10-05 20:00', 'nps', 3, NULL),
    ('r10', 'C1', '2026-10-05 20:00', 'nps', 1e300, NULL);
CREATE TABLE contacts (contact_id text, customer_id text, opened_at timestamp, first_reply_at timestamp,
    resolved_at timestamp, kind text, reopened boolean);
INSERT INTO contacts VALUES
    ('k1', 'C1', '2026-10-05 08:00', '2026-10-05 09:00', '2026-10-06 09:00', E'KHIE\u0302\u0301U  na\u0323i', true),
    ('k2', 'C1', '2026-10-05 08:00', '2026-10-05 07:00', NULL, 'question', false),
    ('k3', 'C1', '2026-10-05 08:00', 'infinity', NULL, 'QUESTION', NULL);
CREATE TABLE staff (agent text, team text, "from" date, until date);
INSERT INTO staff VALUES
    ('Lan', 'A', '2026-01-01', '2026-10-20'), ('Lan', 'B', '2026-10-01', NULL), ('Lan', 'C', '2026-10-01', NULL),
    (NULL, 'A', '2026-01-01', NULL);
"""
CARE = """
[responses]
timezone = "UTC"
[responses.values.question]
"hài lòng" = "csat"
[contacts.values.kind]
"khiếu nại" = "complaint"
"""
# In Spark, a TIMESTAMP is a moment, and a TIMESTAMP_NTZ what a clock shows.
SPARK = {
    "moments": "SELECT * FROM VALUES (1, TIMESTAMP '2026-09-30 23:30:00Z', 950.5D, 0), "
    "(2, TIMESTAMP '2026-10-31 17:01:00Z', -2.5D, 1), (3, TIMESTAMP '2026-10-31 17:01:00Z', 1D, 7) "
    "AS t(transaction_id, occurred_at, amount, returned)",
    "clocks": "SELECT 'k1' AS contact_id, TIMESTAMP_NTZ '2026-09-30 23:30:00' AS opened_at",
    "apart": "SELECT 'C1' AS customer_id, DATE '2026-01-01' AS joined_on, 'Ha\u0300 No\u0323\u0302i' AS region",
}


def laid_down(server: str, schema: str, tables: str) -> None:
    """Make tables in a schema of their own."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema};" + tables)
