"""The SQL behind a figure can be read, and is what was asked."""

from __future__ import annotations

import duckdb
from companies import answers, demo

from carestudy import kpi
from carestudy.engine import overheard


def test_the_sql_of_a_figure_gives_its_counts() -> None:
    asked = kpi.csat.sql(demo(), by="team", period="2026-10")
    assert asked.count(";") == 1
    assert '"team"' in asked
    frame = answers([5, 4, 3, None])
    text = kpi.csat.sql(frame)
    assert "GROUP BY" in text
    assert duckdb.extract_statements(text)


def test_a_figure_that_needs_two_looks_shows_both() -> None:
    assert kpi.typical_transaction.sql(demo(), period="2026-10").count(";\n\n") >= 1


def test_nothing_is_overheard_beyond_the_question() -> None:
    with overheard() as queries:
        kpi.nps(demo(), period="2026-10")
    heard = list(queries)
    kpi.csat(demo(), period="2026-10")
    assert queries == heard
    assert kpi.nps.sql(demo(), period="2026-10") == ";\n\n".join(heard) + ";"
