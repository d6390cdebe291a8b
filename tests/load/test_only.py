"""The data of one group are what a figure by that dimension counts, and the groups together are the whole."""

from __future__ import annotations

import pytest
from companies import demo, fraction, table

import carestudy as cs
from carestudy import engine, kpi
from carestudy.contract import CareError, Missing
from carestudy.load.only import groups, said

PEOPLE = table("customer_id joined_on owner region",
               ("A", "2026-01-05", "Lan", "Huế"), ("B", "2026-02-05", "Lan", "Huế"),
               ("C", "2026-03-05", "Minh", "Vinh"), ("D", "2026-03-06", None, None))  # fmt: skip
ANSWERS = table("response_id customer_id answered_at question score team",
                ("1", "A", "2026-09-01", "nps", "10", "Bắc"), ("2", "C", "2026-09-02", "nps", "2", "Bắc"),
                ("3", "D", "2026-09-03", "nps", "9", None),
                ("4", "E", "2026-09-04", "nps", "9", "Nam"))  # fmt: skip
GOALS = table("kpi scope period target", ("nps", "company", "2026", "40"), ("nps", "region=Huế", "2026", "30"))
DATA = {"customers": PEOPLE, "responses": ANSWERS, "goals": GOALS}


def _ids(care: cs.Care, name: str, column: str) -> list[str]:
    return sorted(engine.fetch(care.table(name).select(column))[column])


def test_a_row_belongs_to_a_group_by_its_own_column_or_by_its_customers() -> None:
    north = cs.load(DATA, only="team=Bắc")
    assert _ids(north, "responses", "response_id") == ["1", "2"]
    hue = cs.load(DATA, only={"region": "Huế"})
    assert _ids(hue, "customers", "customer_id") == ["A", "B"]
    assert _ids(hue, "responses", "response_id") == ["1"]


def test_a_table_that_cannot_be_divided_or_has_no_row_of_the_group_is_left_out() -> None:
    assert not cs.load(DATA, only="team=Bắc").has("customers")
    with pytest.raises(Missing):
        kpi.customers_on_file(cs.load(DATA, only="team=Bắc"))
    few = {**DATA, "responses": ANSWERS[ANSWERS["customer_id"] == "A"]}
    assert set(cs.load(few, only="region=Vinh").tables) == {"customers", "goals"}


def test_a_page_of_one_group_asks_nobody_for_a_file_that_the_company_has() -> None:
    said = (
        cs.Show(cs.load(DATA, only="team=Bắc"), period="2026-09", lang="en").bars(kpi.retention_rate, by="region").text
    )
    assert "The data of this group alone have no table" in said
    assert "data that do not state team are not here" in said
    assert "Add a file" not in said


def test_rows_without_a_value_are_a_group_and_several_groups_can_be_told_together() -> None:
    nobody = cs.load(DATA, only={"region": None})
    assert _ids(nobody, "customers", "customer_id") == ["D"]
    assert _ids(nobody, "responses", "response_id") == ["3", "4"]
    assert _ids(cs.load(DATA, only={"region": ["Vinh", None]}), "customers", "customer_id") == ["C", "D"]


def test_the_goals_of_a_group_are_those_of_the_whole_in_its_report() -> None:
    hue = cs.load(DATA, only="region=Huế")
    assert engine.fetch(hue.table("goals").select("scope", "target")).to_numpy().tolist() == [["company", 30.0]]


def test_a_group_keeps_the_day_and_the_silence_of_the_whole_company_and_says_who_it_is() -> None:
    whole = cs.load(DATA)
    hue = cs.load(DATA, only="region=Huế")
    assert (hue.as_of, hue.inactive_after) == (whole.as_of, whole.inactive_after)
    assert "only region Huế" in repr(hue)
    assert {one.table: (one.read, one.used) for one in hue.counts}["customers"] == (2, 2)


def test_a_group_without_customers_on_file_tells_nothing_of_leaving_where_contracts_tell_it_of_the_whole() -> None:
    shop = cs.load("data/demo", only="team=Bán lẻ")
    assert shop.has("transactions")
    assert not shop.has("customers")
    with pytest.raises(Missing, match="customers"):
        kpi.retention_rate(shop)
    sales = table("customer_id occurred_at amount team", *((name, f"2026-0{month}-05", "10", "Bắc")
                  for name in "AB" for month in range(1, 9)))  # fmt: skip
    silent = {"customers": PEOPLE[["customer_id", "owner"]], "transactions": sales}
    by_silence = cs.load(silent, only="team=Bắc", as_of="2026-12-31")
    assert by_silence.inactive_after == cs.load(silent, as_of="2026-12-31").inactive_after
    assert kpi.retention_rate(by_silence, period="2026-07")["numerator"].tolist() == [2]


def test_the_page_of_a_group_says_by_what_its_rows_belong_to_it() -> None:
    def said(by: str) -> str:
        show = cs.Show(cs.load("data/demo", only=by), period="2026-10", lang="en")
        return show.cover().text.splitlines()[-1].partition("What belongs to this group: ")[2]

    assert said("team=Đội Bắc") == (
        "contacts, survey answers, survey invitations by the team of each row; "
        "customers by that of the person in charge."
    )
    assert said("region=Bắc") == (
        "customers by the region of each row; "
        "transactions, contacts, survey answers, survey invitations by that of their customer."
    )
    assert "belongs" not in cs.Show(demo(), period="2026-10", lang="en").cover().text


@pytest.mark.parametrize(
    ("figure", "period"), [(kpi.nps, "2026-10"), (kpi.retention_rate, "2026-10"), (kpi.response_rate, "2026-09")]
)
def test_a_figure_of_a_group_is_that_of_the_whole_by_the_dimension(figure: object, period: str) -> None:
    whole = demo()
    for _, row in figure(whole, by="team", period=period).iterrows():  # type: ignore[operator]
        if row["team"] is None or not row["denominator"]:
            continue
        part = cs.load("data/demo", only={"team": row["team"]})
        assert fraction(figure(part, period=period)) == (row["numerator"], row["denominator"])  # type: ignore[operator]


def test_groups_are_told_with_their_customers_in_every_table() -> None:
    found = groups(cs.load(DATA), "region")
    assert found.to_numpy().tolist() == [["Huế", 2, 2], ["Vinh", 1, 1], [None, 2, 1]]


@pytest.mark.parametrize("only", [3, [], {}, "team", {"team": 3}, {"team": []}, {3: "A"}])
def test_what_names_no_group_is_refused(only: object) -> None:
    with pytest.raises(CareError, match="only is"):
        said(only)


def test_a_group_that_is_not_there_is_refused_without_naming_it() -> None:
    with pytest.raises(CareError, match="the data have nothing of this owner") as told:
        cs.load(DATA, only={"owner": "Nguyễn Văn An"})
    assert "Nguyễn" not in str(told.value)


def test_a_dimension_that_is_not_there_is_refused_with_a_near_one() -> None:
    with pytest.raises(CareError, match="did you mean 'region'"):
        groups(cs.load({"customers": PEOPLE}), "regoin")


def test_tables_of_a_database_stay_expressions() -> None:
    import ibis

    connection = ibis.duckdb.connect()
    connection.raw_sql(
        "CREATE TABLE customers AS SELECT 'A' AS customer_id, DATE '2026-01-05' AS joined_on, 'Huế' AS region"
    )
    connection.raw_sql("INSERT INTO customers VALUES ('C', DATE '2026-01-05', 'Vinh')")
    connection.raw_sql(
        "CREATE TABLE responses AS SELECT '1' AS response_id, 'A' AS customer_id, 'nps' AS question, 9.0 AS score,"
        " TIMESTAMP '2026-09-01' AS answered_at"
    )
    care = cs.load(connection, only={"region": "Huế"})
    assert _ids(care, "responses", "response_id") == ["1"]
    kept = connection.raw_sql("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
    assert kept == [("customers",), ("responses",)]
