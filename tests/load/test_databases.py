"""Databases by URL: care.toml maps their tables, the environment holds their passwords."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from folders import counts, faults, folder, rows

from carestudy.contract import CareError
from carestudy.load import databases, examine, load


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute("CREATE TABLE sales.hoa_don AS SELECT 'HD1' ma, DATE '2026-10-01' ngay, 5 tien, '1' khach")
        connection.execute("CREATE TABLE khach_hang AS SELECT 'KH01' ma, DATE '2020-01-01' ngay_tao")
    return tmp_path / "crm.duckdb"


MAPPED = """database = "duckdb://$CRM"
match_ids = "digits"
[customers]
source = "khach_hang"
columns = { customer_id = "ma", joined_on = "ngay_tao" }
[transactions]
source = "sales.hoa_don"
columns = { transaction_id = "ma", occurred_at = "ngay", amount = "tien", customer_id = "khach" }
"""


def test_care_toml_maps_the_tables_of_a_database(tmp_path: Path, crm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM", f"duckdb://{crm}")
    care = load(folder(tmp_path / "data", care=MAPPED.replace("duckdb://$CRM", "$CRM")))
    assert rows(care, "transactions", "transaction_id", "customer_id", "amount") == [("HD1", "KH01", 5)]
    assert [count.source for count in care.counts] == ["duckdb/customers", "duckdb/transactions"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("khach_hang", "khach_hag"), "[customers] source: 'khach_hag' is not known; did you mean 'khach_hang'?"),
        (("sales.hoa_don", "sales.hoadon"), "table 'sales.hoadon' cannot be read"),
        (('"sales.hoa_don"', '["a", "b"]'), "source names one table of a database"),
    ],
)
def test_a_table_that_is_not_there_is_named(
    tmp_path: Path, crm: Path, change: tuple[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM", f"duckdb://{crm}")
    toml = MAPPED.replace("duckdb://$CRM", "$CRM").replace(*change)
    with pytest.raises(CareError) as problem:
        load(folder(tmp_path / "data", care=toml))
    assert message in str(problem.value)


def test_a_password_stands_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARE_PASSWORD", "ge/h@im:1")
    assert databases.address("postgresql://care:$CARE_PASSWORD@h/db") == "postgresql://care:ge%2Fh%40im%3A1@h/db"
    assert databases.address("mysql://care:${CARE_PASSWORD}@h/db") == "mysql://care:ge%2Fh%40im%3A1@h/db"
    assert databases.address("$CARE_PASSWORD") == "ge/h@im:1"
    with pytest.raises(CareError, match="environment variable CARE_OTHER is not set"):
        databases.address("mysql://care:$CARE_OTHER@h/db")


@pytest.mark.parametrize(
    "url", ["postgresql://anna:$CARE_PASSWORD@127.0.0.1:1/db", "mysql://anna:$CARE_PASSWORD@127.0.0.1:1/db"]
)
def test_a_password_is_in_no_message(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARE_PASSWORD", "geheim")
    found = examine(folder(tmp_path, care=f'database = "{url}"'))
    assert found.care is None
    assert "cannot be opened" in found.errors[0]
    assert "geheim" not in f"{found}"


# The three headers that DuckDB 2.0.1 wrote into an empty file, each without the zeros up to 4,096 bytes: the format is
# number 69 (0x45) of theirs, and 1.5 reads 64 to 68.
WRITTEN_BY_DUCKDB_2 = (
    "c51fdad5218f6a284455434be703"
    + 38 * "00"
    + "76322e302e31"
    + 26 * "00"
    + "38643738313134653930"
    + 30 * "00"
    + "20d8fc29c474902c8d047bc74ff818bc",
    "1319555dab92acfe01" + 22 * "00" + "0202" + 9 * "00" + "040000000000000800000000000045",
    "d83778781c5b444d" + 8 * "00" + "ffffffffffffffffffffffffffffffff" + 10 * "00" + "040000000000000800000000000045",
)


@pytest.mark.skipif(duckdb.__version__ >= "2", reason="this DuckDB reads the newer format")
def test_a_file_of_a_newer_duckdb_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "shop.duckdb"
    file.write_bytes(b"".join(bytes.fromhex(header).ljust(4096, b"\0") for header in WRITTEN_BY_DUCKDB_2))
    with pytest.raises(CareError, match=rf"written by a newer DuckDB than the {duckdb.__version__} that is installed"):
        load(f"duckdb://{file}")


def test_words_in_a_sqlite_column_of_numbers_are_set_aside(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE transactions (transaction_id INTEGER, amount REAL, occurred_at TEXT)")
        amounts = [(1, 950.125, "2026-10-01"), (2, "abc", "2026-10-02"), (3, 7, "x"), (4, None, "2026-10-03 18:05")]
        connection.executemany("INSERT INTO transactions VALUES (?, ?, ?)", amounts)
    connection.close()
    care = load(f"sqlite://{tmp_path}/a.db", currency="USD")
    assert rows(care, "transactions", "transaction_id", "amount") == [("1", 95_013), ("4", None)]
    assert counts(care, "transactions") == (4, 2, 2)
    assert [fault[0] for fault in faults(care)] == ["amount", "occurred_at"]


def test_every_error_is_told_and_the_good_tables_are_loaded(tmp_path: Path) -> None:
    path = folder(
        tmp_path, care='[contacts]\nsource = "x.csv"', responses="score\nx\ny\n", staff="agent\nLan\n", customers=""
    )
    found = examine(path)
    assert found.care is not None
    assert set(found.care.tables) == {"staff"}
    assert [error.partition(":")[0] for error in found.errors] == [
        "customers.csv is empty", "care.toml [contacts] source", "responses.csv",
    ]  # fmt: skip
    assert found.notes == ()
    with pytest.raises(CareError, match=r"customers\.csv is empty"):
        load(path)
    assert examine(tmp_path / "nowhere").errors == ("data folder 'nowhere' is no folder that exists",)


def test_what_is_left_open_is_noted(tmp_path: Path) -> None:
    toml = '[responses]\n# ? dates = "%d/%m/%Y"\n# ? dates = "%m/%d/%Y"\n'
    path = folder(tmp_path, care=toml, responses="score\n9\n", other="a,b\n1,2\n")
    (path / "notes.md").write_text("x")
    assert examine(path).notes == (
        "care.toml asks what only you know, in lines 2, 3: answer by taking off the '# ?'",
        "other.csv is in the folder, and no table comes from it",
    )


@pytest.mark.parametrize("password", ["m@t kh/u", "a#b", "a/b", "a?b", "100%zz", "[x]", "a b", "p:w", "50%", "a@b@c"])
@pytest.mark.parametrize("start", ["postgresql://care", "postgres://an"])
def test_a_raw_password_with_special_letters_is_explained_with_the_variable_to_use(start: str, password: str) -> None:
    with pytest.raises(CareError) as problem:
        load(f"{start}:{password}@localhost:1/db")
    told = str(problem.value)
    assert f"{start.partition('://')[0]}://user:$CARE_PASSWORD@server/database" in told
    assert "environment variable, such as CARE_PASSWORD" in told
    assert password not in told


@pytest.mark.parametrize("password", ["simple", "a%23b", "m%C3%A2t", ""])
def test_a_password_that_is_written_as_an_address_wants_it_is_not_blamed(password: str) -> None:
    with pytest.raises(CareError, match="are address, user and password right"):
        load(f"postgresql://care:{password}@localhost:1/db")


def test_a_dollar_in_a_raw_password_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("word", raising=False)
    with pytest.raises(CareError, match=r"Where \$ belongs to the password, .* write \$CARE_PASSWORD"):
        load("postgresql://care:pa$word@localhost:1/db")


@pytest.mark.parametrize("password", ["m@t kh/u", "a#b$c", "100%"])
def test_the_variable_of_the_advice_takes_the_password_as_it_is(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARE_PASSWORD", password)
    written = databases.address("postgresql://care:$CARE_PASSWORD@localhost:1/db")
    assert unquote(urlsplit(written).password or "") == password
