"""Letters that were written in another way: read where that is certain or stated, else a question; never two groups."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from exports import counts, findings, refused, taken, used

from carestudy import kpi

NAMES = ["Hà Nội", "Thừa Thiên Huế", "Đà Nẵng"]
TABLE = "customer_id,region,Ngày tạo\n" + "".join(f"A{n},{name},2026-01-05\n" for n, name in enumerate(NAMES))
CARE = '[customers]\ncolumns = { joined_on = "Ngày tạo" }\n'


def _windows(text: str) -> bytes:
    """Text as Windows-1258 writes it: a tone is a letter of its own, behind its vowel."""
    found = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(part for part in parts[1:] if part in "\u0300\u0301\u0303\u0309\u0323")
            rest = unicodedata.normalize("NFC", parts.replace(tone, ""))
            found += rest.encode("cp1258") + tone.encode("cp1258")
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_says_how_it_is_written_is_read(tmp_path: Path, encoding: str, form: str) -> None:
    text = unicodedata.normalize(form, TABLE)  # type: ignore[arg-type]
    care = taken(tmp_path / "data", {"customers": text.encode(encoding), "care": CARE})
    assert used(care, "customers", "region") == NAMES
    assert counts(care) == (3, 3, 0)


def test_windows_1258_is_a_question_that_care_toml_answers(tmp_path: Path) -> None:
    data = _windows(TABLE)
    said = refused(tmp_path / "asked", {"customers": data, "care": CARE})
    assert "customers.csv" in said
    assert "Windows-1258" in said
    assert 'encoding = "cp1258"' in said
    care = taken(tmp_path / "told", {"customers": data, "care": f'{CARE}encoding = "cp1258"\n'})
    assert used(care, "customers", "region") == NAMES


def test_windows_1252_is_a_question_that_care_toml_answers(tmp_path: Path) -> None:
    data = "customer_id,region\nA1,Orléans\nA2,Besançon\nA3,Nîmes – Ouest\n".encode("cp1252")
    said = refused(tmp_path / "asked", {"customers": data})
    assert "customers.csv" in said
    assert 'encoding = "cp1252"' in said
    care = taken(tmp_path / "told", {"customers": data, "care": '[customers]\nencoding = "cp1252"\n'})
    assert used(care, "customers", "region") == ["Besançon", "Nîmes – Ouest", "Orléans"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_a_question_that_care_toml_answers(tmp_path: Path, encoding: str) -> None:
    said = refused(tmp_path / "asked", {"customers": TABLE.encode(encoding), "care": CARE})
    assert f'encoding = "{encoding}"' in said
    told = {"customers": TABLE.encode(encoding), "care": f'{CARE}encoding = "{encoding}"\n'}
    assert used(taken(tmp_path / "told", told), "customers", "region") == NAMES


def test_an_encoding_that_cannot_be_is_refused(tmp_path: Path) -> None:
    said = refused(
        tmp_path / "wrong", {"customers": TABLE.encode("utf-16-le"), "care": '[customers]\nencoding = "cp1258"\n'}
    )
    assert "customers.csv" in said
    assert "encoding is one of" in refused(
        tmp_path / "new", {"customers": TABLE, "care": '[customers]\nencoding = "klingon"\n'}
    )


def test_a_file_that_is_utf_8_but_for_a_line_is_refused_by_that_line(tmp_path: Path) -> None:
    said = refused(
        tmp_path / "data",
        {"customers": TABLE.encode() + "A9,Huế,2026-01-05\n".encode("cp1252", "ignore") + b"A8,\xe9\n"},
    )
    assert said.startswith("customers.csv, line 6,")


def test_one_region_is_one_group_however_it_is_written(tmp_path: Path) -> None:
    forms = [
        unicodedata.normalize("NFC", "Hà Nội"),
        unicodedata.normalize("NFD", "Hà Nội"),
        "Hà\u00a0Nội",
        " Hà Nội\u200b",
        "\ufeffHà Nội ",
    ]
    rows = "".join(f"A{n},{form},2026-01-05\n" for n, form in enumerate(forms))
    care = taken(tmp_path / "data", {"customers": f"customer_id,region,joined_on\n{rows}"})
    frame = kpi.customers_on_file(care, by="region", period="2026-01")
    assert frame[["region", "value"]].to_numpy().tolist() == [["Hà Nội", 5]]


def test_ids_are_the_same_with_spaces_that_cannot_be_seen(tmp_path: Path) -> None:
    files = {
        "customers": "customer_id,joined_on\nA1,2026-01-05\nA2,2026-01-05\n",
        "contacts": "contact_id,customer_id,opened_at\nC1,A1\u200b,2026-02-01\nC2,\u00a0A2 ,2026-02-02\n",
    }
    assert used(taken(tmp_path / "data", files), "contacts", "customer_id") == ["A1", "A2"]


@pytest.mark.parametrize("spoilt", ["Nguyá»…n", "HÃ  Ná»™i", "Th\u00e1»‹ tr\ufffdng"])
def test_text_that_was_read_wrongly_before_is_kept_and_warned_of(tmp_path: Path, spoilt: str) -> None:
    rows = "".join(f"A{n},{spoilt},2026-01-05\n" for n in range(5))
    care = taken(tmp_path / "data", {"customers": f"customer_id,region,joined_on\n{rows}"})
    assert counts(care) == (5, 5, 0)
    assert [rows for _, rows in findings(care, "customers", "region")] == [5]


def test_letters_that_became_question_marks_are_kept_and_warned_of(tmp_path: Path) -> None:
    rows = "".join(f"A{n},{name},2026-01-05\n" for n, name in enumerate(["H? N?i", "Th?a Thi?n", "Hà Nội", "Đ? N?ng"]))
    care = taken(tmp_path / "data", {"customers": f"customer_id,region,joined_on\n{rows}"})
    assert counts(care) == (4, 4, 0)
    assert [rows for _, rows in findings(care, "customers", "region")] == [3]


@pytest.mark.parametrize("cut", ["A2,2026-01-05,Hu", "Hu"])
def test_a_file_that_ends_within_a_letter_is_told_without_a_traceback(tmp_path: Path, cut: str) -> None:
    data = f"customer_id,joined_on,region\nA1,2026-01-05,Đà Nẵng\n{cut}ế".encode()[:-1]
    assert refused(tmp_path / "data", {"customers": data}).startswith("customers.csv, line 3, is not written in UTF-8")
