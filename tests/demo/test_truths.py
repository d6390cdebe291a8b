"""What is planted in the simulated company can be found again: counts to the row, chances within their noise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from asked import CUSTOMERS, fits, one, rows

from carestudy.demo import comments


class TestExactTruths:
    @pytest.mark.parametrize(
        ("name", "query"),
        [
            ("without_owner", "SELECT count(*) FROM customers WHERE owner IS NULL"),
            (
                "without_owner_and_still_here",
                "SELECT count(*) FROM customers WHERE owner IS NULL AND left_on IS NULL",
            ),
            ("owner_left", "SELECT count(*) FROM customers JOIN staff ON owner = agent WHERE until IS NOT NULL"),
            (
                "owner_left_and_still_here",
                "SELECT count(*) FROM customers JOIN staff ON owner = agent"
                " WHERE until IS NOT NULL AND left_on IS NULL",
            ),
            ("customers_lost", "SELECT count(left_on) FROM customers"),
            (
                "exit_interviews",
                "SELECT count(*) FROM contacts JOIN customers USING (customer_id) WHERE kind = 'exit_interview'"
                " AND direction = 'outbound' AND opened_at::DATE > left_on",
            ),
            (
                "exit_interviews_last_quarter",
                "SELECT count(*) FROM contacts WHERE kind = 'exit_interview' AND opened_at >= '2026-08-01'",
            ),
            ("contacts_open", "SELECT count(*) FROM contacts WHERE resolved_at IS NULL"),
        ],
    )  # fmt: skip
    def test_are_met_to_the_row(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any], name: str, query: str
    ) -> None:
        assert truths[name]["kind"] == "exact"
        assert one(engine, query) == truths[name]["value"]

    def test_are_the_planted_shares(self, truths: dict[str, Any]) -> None:
        assert truths["without_owner"]["value"] == CUSTOMERS * 4 // 100
        assert truths["owner_left"]["value"] == CUSTOMERS * 15 // 1000

    def test_include_the_sizes_of_segments(self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]) -> None:
        sizes = dict(rows(engine, "SELECT segment, count(*) FROM customers GROUP BY segment"))
        assert sizes == truths["segments"]["value"]
        assert [sizes[name] for name in truths["segments"]["value"]] == [4050, 2700, 1530, 720]

    def test_show_a_handful_of_exit_interviews_in_the_last_quarter(self, truths: dict[str, Any]) -> None:
        assert truths["exit_interviews_last_quarter"]["value"] >= 5


class TestPlantedChances:
    LOSSES = """
        SELECT (owner IS NULL) AS unowned, (month >= ?) AS later,
            count(*) FILTER (left_on < month + INTERVAL 1 MONTH), count(*)
        FROM customers JOIN (SELECT unnest(range(DATE '2023-08-01', DATE '2026-11-01', INTERVAL 1 MONTH)) AS month)
            ON joined_on < month AND (left_on IS NULL OR left_on >= month) GROUP BY ALL ORDER BY ALL
    """

    def test_of_leaving_double_in_the_month_of_the_change_and_without_an_owner(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        truth = truths["monthly_loss"]
        found = rows(engine, self.LOSSES, f"{truth['change']}-01")
        assert len(found) == 4
        for unowned, later, lost, n in found:
            hazard = truth["since" if later else "before"] * (truth["unowned_factor"] if unowned else 1)
            assert fits(lost, n, hazard)

    def test_of_leave_reasons(self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]) -> None:
        found = dict(
            rows(engine, "SELECT coalesce(leave_reason, '(unknown)'), count(*) FROM customers"
                 " WHERE left_on IS NOT NULL GROUP BY ALL")
        )  # fmt: skip
        shares = truths["leave_reasons"]["value"]
        assert found.keys() == shares.keys()
        assert all(fits(found[reason], sum(found.values()), share) for reason, share in shares.items())

    @pytest.mark.parametrize(
        ("name", "query"),
        [
            (
                "complaint_share",
                "SELECT sum((kind = 'complaint')::INT), count(*) FROM contacts WHERE direction = 'inbound'",
            ),
            (
                "reopened",
                "SELECT sum(reopened::INT), count(*) FROM contacts"
                " WHERE direction = 'inbound' AND resolved_at IS NOT NULL",
            ),
            ("unassigned", "SELECT sum((team IS NULL)::INT), count(*) FROM contacts WHERE direction = 'inbound'"),
            ("return_rate", "SELECT sum(returned::INT), count(*) FROM transactions"),
            ("response_rate", "SELECT count(response_id), count(*) FROM invitations"),
            ("effort", "SELECT sum((score >= 5)::INT), count(*) FROM responses WHERE question = 'ces'"),
            (
                "recontact_rate",
                "SELECT sum(followed::INT), count(*) FROM (SELECT EXISTS (FROM contacts later"
                " WHERE later.customer_id = c.customer_id AND later.topic = c.topic AND"
                " later.opened_at > c.resolved_at AND later.opened_at <= c.resolved_at + INTERVAL 7 DAY) AS followed"
                " FROM contacts c WHERE direction = 'inbound' AND resolved_at < '2026-10-25')",
            ),
        ],
    )  # fmt: skip
    def test_of_one_share(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any], name: str, query: str
    ) -> None:
        count, n = rows(engine, query)[0]
        assert truths[name]["kind"] == "probability"
        assert fits(count, n, truths[name]["value"])

    def test_of_a_worse_csat_on_one_channel_only(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        truth = truths["csat"]
        found = rows(engine, "SELECT channel, sum((score >= 4)::INT), count(*) FROM responses WHERE question = 'csat'"
                     " GROUP BY ALL")  # fmt: skip
        assert len(found) == 8
        for channel, positive, n in found:
            assert fits(positive, n, truth["bad" if channel == truth["bad_channel"] else "elsewhere"])

    def test_of_an_nps_that_depends_on_the_channel_and_not_on_the_team(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        truth = truths["nps"]
        found = rows(engine, "SELECT team, channel = ?, sum((score >= 9)::INT), sum((score <= 6)::INT), count(*)"
                     " FROM responses WHERE question = 'nps' AND team IS NOT NULL GROUP BY ALL",
                     truth["bad_channel"])  # fmt: skip
        assert len(found) == 2 * 3 + 2
        for _, bad, promoters, detractors, n in found:
            shares = truth["bad" if bad else "elsewhere"]
            assert fits(promoters, n, shares["promoter"])
            assert fits(detractors, n, shares["detractor"])

    def test_of_a_team_that_gets_most_of_the_bad_channel_since_its_roll_out(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        truth = truths["team_mix"]
        found = rows(engine, "SELECT team, opened_at >= ?::DATE, sum((channel = ?)::INT), count(*) FROM contacts"
                     " WHERE direction = 'inbound' AND team IS NOT NULL GROUP BY ALL",
                     f"{truth['since']}-01", truths["csat"]["bad_channel"])  # fmt: skip
        assert len(found) == 6
        for team, since, bad, n in found:
            hit = team == truth["team"] and since
            assert fits(bad, n, truth["bad_channel_share" if hit else "bad_channel_share_elsewhere"])

    def test_of_attributes_that_go_with_satisfaction(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        found = rows(engine, "SELECT rated.question, whole.score >= 4, sum((rated.score >= 4)::INT), count(*)"
                     " FROM responses rated JOIN responses whole USING (contact_id) WHERE whole.question = 'csat'"
                     " AND rated.question NOT IN ('csat', 'nps', 'ces') GROUP BY ALL")  # fmt: skip
        assert len(found) == 2 * len(truths["attributes"]["value"])
        for attribute, satisfied, high, n in found:
            assert fits(high, n, truths["attributes"]["value"][attribute]["satisfied" if satisfied else "others"])

    def test_of_themes_with_and_without_accents(
        self, engine: duckdb.DuckDBPyConnection, truths: dict[str, Any]
    ) -> None:
        theme_of = {
            written: name
            for name, theme in comments.UNHAPPY.items()
            for phrase in (*theme.phrases, theme.english)
            for written in (phrase, comments.unaccented(phrase))
        }
        said = [row[0] for row in rows(engine, "SELECT comment FROM responses WHERE comment IS NOT NULL"
                " AND score < if(question = 'nps', 7, 4)")]  # fmt: skip
        themes = [theme_of[text] for text in said]
        for name, share in truths["themes_of_the_unhappy"]["value"].items():
            assert fits(themes.count(name), len(themes), share)


def test_what_is_planted_can_be_seen_in_the_company_that_comes_with_the_package() -> None:
    folder = Path(__file__).parents[2] / "data" / "demo"
    engine = duckdb.connect()
    engine.from_parquet(str(folder / "responses.parquet")).create_view("responses")
    positive = dict(rows(engine, "SELECT channel = 'Chatbot', avg((score >= 4)::INT) FROM responses"
                         " WHERE question = 'csat' AND answered_at >= '2026-10-01' GROUP BY ALL"))  # fmt: skip
    nps = dict(rows(engine, "SELECT team = 'Đội Nam', 100 * avg((score >= 9)::INT - (score <= 6)::INT) FROM responses"
                    " WHERE question = 'nps' AND answered_at >= '2026-10-01' AND contact_id IS NOT NULL"
                    " AND team IS NOT NULL GROUP BY ALL"))  # fmt: skip
    assert positive[False] - positive[True] > 0.15
    assert nps[False] - nps[True] > 20
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_500_000
