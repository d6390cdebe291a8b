"""What goes wrong with a database is told in one line that says what to do, without passwords and without data."""

from __future__ import annotations

import zlib
from pathlib import Path

import ibis
import psycopg
import pytest
from faulty import CARE, TABLES, laid_down

import carestudy as cs
from carestudy import engine, kpi
from carestudy.load import load
from carestudy.load.faults import set_aside

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
CLEAN = """
CREATE TABLE customers (customer_id text PRIMARY KEY, joined_on date, left_on date);
INSERT INTO customers SELECT 'C' || n, DATE '2026-01-01' + n, NULL FROM generate_series(1, 90) AS n;
CREATE TABLE responses (response_id int, customer_id text, answered_at timestamp, question text, score int);
INSERT INTO responses SELECT n, 'C' || n, TIMESTAMP '2026-10-01' + n * INTERVAL '1 h', 'nps', n % 11
    FROM generate_series(1, 90) AS n;
"""


@pytest.fixture
def clean(server: str, request: pytest.FixtureRequest) -> str:
    """The address of a schema of two tables without faults."""
    schema = f"clean_{zlib.crc32(request.node.name.encode())}"
    laid_down(server, schema, CLEAN)
    return f"{server}/postgres/{schema}"


def _told(error: pytest.ExceptionInfo[cs.CareError]) -> str:
    assert "\n" not in str(error.value)
    assert "geheim" not in str(error.value)
    return str(error.value)


def test_a_wrong_password_is_told(server: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        row = connection.execute("SHOW hba_file").fetchone()
        assert row
        rules = Path(row[0])
        before = rules.read_text()
        connection.execute("CREATE ROLE anna LOGIN PASSWORD 'richtig'")
        rules.write_text(f"host all anna 127.0.0.1/32 scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_sleep(0.2)")
    with pytest.raises(cs.CareError) as error:
        load(f"{server}/postgres".replace("care@", "anna:geheim@"))
    assert _told(error) == (
        "the database (postgresql) cannot be opened: the server does not answer or refuses the user: "
        "is it there, and are address, user and password right?"
    )


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(cs.CareError, match=r"the database \(postgresql\) cannot be opened: the server does not"):
        load("postgresql://anna:geheim@127.0.0.1:1/crm")


def test_a_connection_that_is_lost_in_the_middle_is_told(server: str, clean: str) -> None:
    connection = ibis.connect(clean)
    care = load(connection)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.con.info.backend_pid])
    for _ in range(2):
        with pytest.raises(cs.CareError, match=r"the engine \(postgres\) gave no answer: the connection was"):
            kpi.nps(care, period="2026-10")
    with pytest.raises(cs.CareError, match=r"out of reach: the engine \(postgres\) gave no answer"):
        care.refuse_if_changed()
    connection.disconnect()


def test_an_account_that_may_only_read_is_enough(server: str, tmp_path: Path) -> None:
    laid_down(server, "read", TABLES)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("REVOKE TEMP, CREATE ON DATABASE postgres FROM PUBLIC")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA read TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA read TO reader")
    try:
        (tmp_path / "care.toml").write_text(
            f'database = "{server.replace("care@", "reader@")}/postgres/read"\n{CARE}', "utf-8"
        )
        care = load(tmp_path)
        assert cs.scorecard(care, period="2026-10")["n"].sum() > 0
        assert len(set_aside(care)) == 15
        care.refuse_if_changed()
        assert load(tmp_path, only={"channel": "Shop"}).only
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("GRANT TEMP ON DATABASE postgres TO PUBLIC")


def test_what_needs_a_temporary_table_is_refused_where_none_may_be_made(server: str, clean: str) -> None:
    schema = clean.rpartition("/")[2]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"SET search_path = {schema}; ALTER TABLE responses ADD comment text")
        connection.execute("""INSERT INTO responses
            SELECT 90 + n, 'C1', '2026-10-05', 'nps', 1, 'waited ' || n FROM generate_series(1, 4000) AS n""")
        connection.execute("REVOKE TEMP ON DATABASE postgres FROM PUBLIC; CREATE ROLE viewer LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO viewer")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO viewer")
    try:
        address = clean.replace("care@", "viewer@")
        with pytest.raises(cs.CareError) as error:
            cs.themes.themes(load(address), period="2026-10")
        assert _told(error) == (
            "this needs a temporary table of 4,000 rows, which the database's user may not make: "
            "grant it TEMP on the database, or say in_memory = true in care.toml"
        )
        assert len(cs.themes.themes(load(address, in_memory=True), period="2026-10"))
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("GRANT TEMP ON DATABASE postgres TO PUBLIC")
    assert len(cs.themes.themes(load(address), period="2026-10"))


def test_a_table_that_may_not_be_read_is_named(server: str, clean: str) -> None:
    schema = clean.rpartition("/")[2]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(
            f"CREATE ROLE half LOGIN;  GRANT USAGE ON SCHEMA {schema} TO half;"
            f"GRANT INSERT ON {schema}.customers TO half"
        )
    with pytest.raises(cs.CareError, match=r"postgres/customers cannot be read: its user may not read this"):
        load(clean.replace("care@", "half@"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("INSERT INTO responses VALUES (91, 'C1', '2026-10-03', 'nps', 1)", "(rows at first 90, now 91): run it again"),
        ("UPDATE responses SET answered_at = '2026-10-30' WHERE response_id = 7", "(rows at first 90, now 90)"),
        ("DELETE FROM customers WHERE customer_id = 'C7'", "postgres/customers was changed while figures"),
        ("DROP TABLE responses", "gave no answer: a table is no longer there"),
        ("ALTER TABLE responses RENAME COLUMN answered_at TO told_at", "gave no answer: a column is no longer there"),
    ],
)
def test_a_table_that_changes_under_a_report_is_noticed(server: str, clean: str, change: str, told: str) -> None:
    care = load(clean)
    care.refuse_if_changed()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"SET search_path = {clean.rpartition('/')[2]}; " + change)
    with pytest.raises(cs.CareError) as error:
        care.refuse_if_changed()
    assert told in _told(error)


def test_in_memory_all_tables_are_of_one_moment(server: str, clean: str) -> None:
    care = load(clean, in_memory=True)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP TABLE {clean.rpartition('/')[2]}.responses")
    care.refuse_if_changed()
    assert kpi.nps(care, period="2026-10")["n"].tolist() == [90]


def test_a_figure_that_an_engine_cannot_compute_is_refused_before_it_is_asked(clean: str) -> None:
    care = load(clean)
    unknown = care.table("responses").aggregate(x=care.table("responses").score.kurtosis())
    with pytest.raises(cs.CareError, match=r"postgres cannot compute this figure: it has no Kurtosis"):
        engine.fetch(unknown)


def test_words_of_a_driver_are_not_repeated(clean: str) -> None:
    customers = load(clean).table("customers")
    with pytest.raises(cs.CareError) as error:
        engine.fetch(customers.aggregate(x=customers.customer_id.cast("int64").sum()))
    assert _told(error) == "the engine (postgres) gave no answer: a value does not fit where it has to go"


def test_a_problem_that_has_no_name_here_is_called_by_its_kind() -> None:
    assert engine.trouble(ValueError("0912345678")) == "ValueError"
