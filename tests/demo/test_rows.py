"""The rows of the simulated company: within the contract, and in a plausible rhythm."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asked import PARQUET, one, rows

from carestudy.contract import TABLES


class TestTheContract:
    @pytest.mark.parametrize("table", [*PARQUET, "staff", "goals"])
    def test_has_the_columns_of_every_table_and_few_more(self, engine: duckdb.DuckDBPyConnection, table: str) -> None:
        columns = {row[0] for row in rows(engine, f"DESCRIBE {table}")}
        optional = {"age", "currency", "answered", "resolved", "handling_seconds", "refunded"}
        assert set(TABLES[table].columns) - columns <= optional
        assert columns - set(TABLES[table].columns) <= {"province", "product"}

    @pytest.mark.parametrize("table", PARQUET)
    def test_has_unique_sorted_keys_and_no_empty_text(self, engine: duckdb.DuckDBPyConnection, table: str) -> None:
        key = TABLES[table].key
        frame = engine.table(table).df()
        keys = list(frame[key])
        assert len(set(keys)) == len(keys)
        assert None not in keys
        assert keys == sorted(keys)
        assert not (frame == "").any(axis=None)

    @pytest.mark.parametrize("table", PARQUET[1:])
    def test_knows_every_customer_and_nothing_after_the_end(
        self, engine: duckdb.DuckDBPyConnection, table: str
    ) -> None:
        time = TABLES[table].time
        known = engine.table(table).join(engine.table("customers"), "customer_id", how="left")
        assert known.filter(f"{time} < joined_on OR {time} >= '2026-11-01' OR joined_on IS NULL").fetchall() == []

    @pytest.mark.parametrize(
        "fault",
        [
            "FROM customers WHERE left_on < joined_on OR left_on > '2026-10-31' OR joined_on < '2023-07-01'",
            "FROM customers WHERE left_on IS NULL AND leave_reason IS NOT NULL",
            "FROM transactions JOIN customers USING (customer_id) WHERE occurred_at::DATE > left_on",
            "FROM transactions WHERE amount < 10000 OR amount % 1000 <> 0",
            "FROM contacts WHERE first_reply_at < opened_at OR resolved_at < first_reply_at",
            "FROM contacts WHERE greatest(first_reply_at, resolved_at) >= '2026-11-01'",
            "FROM contacts WHERE resolved_at IS NOT NULL AND first_reply_at IS NULL",
            "FROM contacts WHERE (team IS NULL) <> (agent IS NULL)",
            "FROM contacts JOIN staff USING (agent) WHERE opened_at::DATE < staff.from OR opened_at::DATE > until",
            "FROM contacts JOIN staff USING (agent) WHERE contacts.team <> staff.team",
            "FROM transactions JOIN staff USING (agent) WHERE transactions.team <> staff.team",
            "FROM responses WHERE question = 'nps' AND score NOT BETWEEN 0 AND 10",
            "FROM responses WHERE question = 'ces' AND score NOT BETWEEN 1 AND 7",
            "FROM responses WHERE question NOT IN ('nps', 'ces') AND score NOT BETWEEN 1 AND 5",
            "FROM responses LEFT JOIN contacts USING (contact_id) WHERE responses.contact_id IS NOT NULL"
            " AND (contacts.resolved_at IS NULL OR answered_at < contacts.resolved_at"
            " OR responses.channel <> contacts.channel OR responses.customer_id <> contacts.customer_id)",
            "FROM invitations LEFT JOIN responses USING (response_id) WHERE invitations.response_id IS NOT NULL AND"
            " (responses.question IS DISTINCT FROM invitations.question OR answered_at < invited_at)",
            "FROM responses ANTI JOIN invitations USING (response_id) WHERE question IN ('csat', 'nps', 'ces')",
        ],
    )  # fmt: skip
    def test_has_no_row_with_this_fault(self, engine: duckdb.DuckDBPyConnection, fault: str) -> None:
        assert one(engine, f"SELECT count(*) {fault}") == 0

    def test_lets_nobody_answer_one_invitation_twice(self, engine: duckdb.DuckDBPyConnection) -> None:
        assert one(engine, "SELECT count(response_id) - count(DISTINCT response_id) FROM invitations") == 0

    def test_says_how_to_read_it(self, company: Path) -> None:
        text = (company / "care.toml").read_text(encoding="utf-8")
        assert 'company = "Công ty Mẫu"' in text
        assert 'as_of = "2026-10-31"' in text

    def test_has_goals_for_the_company_and_for_teams_that_exist(self, company: Path) -> None:
        with (company / "goals.csv").open(encoding="utf-8", newline="") as file:
            scopes = {row["scope"] for row in csv.DictReader(file)}
        assert scopes == {"company", "team=Đội Bắc", "team=Đội Trung", "team=Đội Nam"}


class TestTheRhythm:
    def test_rushes_before_tet_and_rests_in_it(self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]) -> None:
        for tet in truths["tet"]["days"]:
            before, during, after = (
                one(engine, "SELECT count(*) / (?::INT - ?::INT + 1) FROM transactions"
                    " WHERE occurred_at::DATE - ?::DATE BETWEEN ? AND ?", end, start, tet, start, end)
                for start, end in ((-20, -2), (-1, 6), (16, 40))
            )  # fmt: skip
            assert before > 1.5 * after > 5 * during

    def test_keeps_office_hours_with_some_contacts_outside(self, engine: duckdb.DuckDBPyConnection) -> None:
        share = one(
            engine, "SELECT avg((hour(opened_at) BETWEEN 8 AND 17 AND isodow(opened_at) < 7)::INT) FROM contacts"
        )
        assert 0.7 < share < 0.95

    def test_has_orders_of_a_plausible_size_with_a_heavy_tail(self, engine: duckdb.DuckDBPyConnection) -> None:
        middle, mean = rows(engine, "SELECT median(amount), avg(amount) FROM transactions")[0]
        assert 300_000 <= middle <= 400_000
        assert mean > 1.7 * middle

    def test_grows(self, engine: duckdb.DuckDBPyConnection) -> None:
        counts = [row[0] for row in rows(engine, "SELECT count(*) FROM transactions GROUP BY year(occurred_at)"
                  " ORDER BY year(occurred_at)")]  # fmt: skip
        assert counts == sorted(counts)
