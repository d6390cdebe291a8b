"""care.toml: who the company is, and which of its files and columns are which; a slip is named."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from folders import folder
from hypothesis import given
from hypothesis import strategies as st

from carestudy.care import Settings
from carestudy.contract import CareError
from carestudy.load import load, settings

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PLAIN = "response_id,question,score\nR1,nps,9\n"


def test_without_care_toml_the_defaults_hold(tmp_path: Path) -> None:
    assert load(folder(tmp_path, responses=PLAIN)).settings == Settings()


def test_the_company_says_who_it_is(tmp_path: Path) -> None:
    care = load(
        folder(
            tmp_path,
            care='\ufeffcompany = "Công ty"\ntimezone = "UTC"\ncurrency = "USD"\nlanguage = "en"\nas_of = 2026-10-31\n',
            responses=PLAIN,
        )
    )
    assert care.settings == Settings("Công ty", "en", "UTC", "USD", as_of="2026-10-31")
    assert care.as_of == datetime(2026, 11, 1, tzinfo=UTC)


def test_what_a_call_gives_stands_before_care_toml(tmp_path: Path) -> None:
    path = folder(tmp_path, care='company = "A"\nas_of = "2026-10-31"', responses=PLAIN)
    care = load(path, company="B", as_of="2026-09-30")
    assert (care.settings.company, care.as_of.isoformat()) == ("B", "2026-10-01T00:00:00+07:00")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('compny = "A"', "care.toml: 'compny' is not known; did you mean 'company'?"),
        ('[custmers]\nsource = "a.csv"', "care.toml: table: 'custmers' is not known; did you mean 'customers'?"),
        ('[responses]\nsorce = "a.csv"', "care.toml [responses]: 'sorce' is not known; did you mean 'source'?"),
        ('[responses]\ncolumns = "score"', 'columns must be like { customer_id = "Mã KH" }'),
        ("[responses]\ncolumns = { score = 1 }", 'columns: score must be like "Mã KH"'),
        ("[responses]\nsource = 1", 'source must be text in quotes, such as source = "..."'),
        ('[responses]\nsource = ["a.csv", 1]', 'source must be text in quotes, such as source = "...", or a list'),
        ('[responses]\nsheet = ""', 'sheet must be text in quotes, such as sheet = "...", or a list'),
        ('[responses]\nempty = "?"\nencoding = "latin"', "encoding is one of cp1258, cp1252"),
        ('[responses]\ndates = { answred_at = "%d/%m/%Y" }', "did you mean 'answered_at'?"),
        ("[responses]\ndates = { answered_at = [] }", "or forms by column such as { answered_at = ... }"),
        ('[responses]\nnumbers = { score = "1 234" }', "numbers: choose one of 1,234.5"),
        ('[responses.values]\nkind = "x"', 'such as [contacts.values.kind] "Khiếu nại" = "complaint"'),
        ("[responses.values.score]\n'Tốt' = [5]", "values.score: a word stands for one word, number, true or false"),
        ('[contacts.questions]\nnps = "Điểm"', "care.toml [contacts]: only responses have questions"),
        (
            '[responses]\ncolumns = { score = "Điểm" }\nquestions = { nps = "Điểm" }',
            "a survey with one column per question has no column of its own for score",
        ),
        ('match_ids = "fuzzy"', "match_ids 'fuzzy' is not known: choose exact or digits"),
        ("database = 5", 'database must be an address in quotes, such as database = "$CARE_DATABASE"'),
        ('[responses]\nnumbers = "1 234,5"', "choose one of 1,234.5, 1.234,5, 1234.5, 1234,5"),
        ('[responses]\ndates = "dd/mm/yyyy"', 'dates must be a form such as "%d/%m/%Y %H:%M"'),
        ('[responses]\ndates = "%d/%m"', 'dates must be a form such as "%d/%m/%Y %H:%M"'),
        ('[responses]\ndates = "%d/%m/%Y %Q"', 'dates must be a form such as "%d/%m/%Y %H:%M"'),
        ("[responses]\ndates = 5", 'dates must be a form such as "%d/%m/%Y %H:%M"'),
        ('[responses]\ntimezone = "Hanoi"', "care.toml [responses]: timezone 'Hanoi' is not known"),
        ('timezone = "Asia"', "timezone 'Asia' is not known"),
        ('timezone = "../UTC"', "timezone '../UTC' is not known"),
        ('timezone = ""', "timezone '' is not known"),
        ("company = 5", "company must be text in quotes"),
        ('language = "fr"', "choose vi or en"),
        ('currency = "dong"', "three letters such as VND"),
        ("inactive_after = 0", "whole number of days"),
        ("inactive_after = true", "whole number of days"),
        ("max_excluded = 1.5", "max_excluded is a share of rows from 0 to 1, such as 0.2"),
        ("max_excluded = true", "max_excluded is a share of rows from 0 to 1, such as 0.2"),
        ('max_excluded = "20%"', "max_excluded is a share of rows from 0 to 1, such as 0.2"),
        ("inactive_after = 30.5", "whole number of days"),
        ("as_of = 18:00:00", "as_of is a day such as 2026-10-31"),
        ("as_of = 5", "as_of is a day such as 2026-10-31"),
        ('as_of = "31/10/2026"', "as_of is a day such as 2026-10-31"),
        ('as_of = ""', "as_of is a day such as 2026-10-31"),
        ("as_of = 9999-12-31", "as_of is a day such as 2026-10-31"),
        ("company = ", "care.toml cannot be read"),
        ("[[customers]]", "'customers' is not known"),
        ("a = " + "[" * 5000, "care.toml cannot be read"),
    ],
)
def test_a_slip_in_care_toml_is_one_clear_error(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(CareError) as problem:
        load(folder(tmp_path, care=written, responses=PLAIN))
    assert message in str(problem.value)


def test_care_toml_in_another_encoding_is_named(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="save it as UTF-8"):
        load(folder(tmp_path, care='company = "A"'.encode("utf-16"), responses=PLAIN))


def test_an_unknown_setting_of_a_call_is_named(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="load: 'curency' is not known; did you mean 'currency'"):
        load(folder(tmp_path, responses=PLAIN), curency="USD")


@pytest.mark.parametrize(
    ("said", "known_until"),
    [
        ("2026-10-31", "2026-11-01T00:00:00+07:00"),
        ("20261031", "2026-11-01T00:00:00+07:00"),
        (" 2026-10-31 ", "2026-11-01T00:00:00+07:00"),
        (date(2026, 2, 28), "2026-03-01T00:00:00+07:00"),
        ("2026-10-31T18:00", "2026-10-31T18:00:00+07:00"),
        ("2026-10-31T23:30:00Z", "2026-11-01T06:30:00+07:00"),
        (datetime(2026, 10, 31), "2026-10-31T00:00:00+07:00"),  # noqa: DTZ001
        (datetime(2026, 10, 31, 20, tzinfo=UTC), "2026-11-01T03:00:00+07:00"),
        (pd.Timestamp("2026-10-31 18:00"), "2026-10-31T18:00:00+07:00"),
    ],
)
def test_a_day_means_its_end_and_a_moment_itself(said: object, known_until: str) -> None:
    found = settings.moment(said, HANOI)
    assert type(found) is datetime
    assert found.isoformat() == known_until


@pytest.mark.parametrize("said", ["", "2026-10", "2026-02-30", "31/10/2026", "last", 2026, 2026.5, True, pd.NaT, ["x"]])
def test_what_is_no_moment_is_refused(said: object) -> None:
    with pytest.raises(CareError, match="as_of is a day such as 2026-10-31 or a moment"):
        settings.moment(said, HANOI)


TABLE = [
    "source", "sheet", "encoding", "columns", "dates", "timezone", "numbers", "empty", "values", "questions",
]  # fmt: skip
plain_values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.lists(st.integers())
written = st.dictionaries(
    st.sampled_from(["company", "timezone", "as_of", "inactive_after", "customers", "responses", "x", "", "Language"]),
    plain_values
    | st.dictionaries(
        st.sampled_from([*TABLE, "y"]), plain_values | st.dictionaries(st.text(max_size=3), plain_values)
    ),
)


@given(written)
def test_whatever_care_toml_says_is_understood_or_one_clear_error(said: dict[str, Any]) -> None:
    try:
        found = settings.interpret(said)
    except CareError:
        return
    assert set(found.sources) <= {"customers", "responses"}
    assert found.settings.language in ("vi", "en")


@pytest.mark.parametrize("name", ["docs/data.md", "README.vi.md"])
def test_what_the_documents_write_into_care_toml_is_understood(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plays.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    found, *forms = [settings.interpret(tomllib.loads(example)) for example in examples]
    assert set(found.sources) == {"customers", "contacts", "responses"}
    assert [set(one.sources) for one in forms] == [{"transactions", "contacts"}] * (name == "docs/data.md")
    assert found.settings.match_ids == "digits"


def test_the_reasons_that_are_nobodys_fault_stand_in_their_own_section() -> None:
    assert settings.interpret({"churn": {"involuntary": ["Chuyển nơi ở"]}}).settings.involuntary == ("Chuyển nơi ở",)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"churn": {"involuntary": "moved"}}, "involuntary is a list of reasons"),
        ({"churn": {"involuntary": ["moved", 3]}}, "involuntary is a list of reasons"),
        ({"churn": {"involuntry": ["moved"]}}, r"\[churn\]: 'involuntry' is not known; did you mean 'involuntary'"),
        ({"churn": ["moved"]}, "churn is a section"),
    ],
)
def test_a_slip_in_the_section_on_leaving_is_named(written: dict[str, Any], message: str) -> None:
    with pytest.raises(CareError, match=message):
        settings.interpret(written)
