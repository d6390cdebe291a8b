"""Texts in the encodings that programs save them in: read where it is certain what they are, asked about where not."""

from __future__ import annotations

import gzip
import unicodedata
from pathlib import Path

import pytest

from carestudy.contract import CareError
from carestudy.files import encoding as encodings
from carestudy.files.csv_file import read

TEXT = "Mã KH,Họ tên,Ý kiến\n1,Nguyễn Thị Ánh,Nhân viên nhiệt tình nhưng chờ lâu quá\n2,Đỗ Văn Ước,Rẻ\n"
FRENCH = "id,nom,avis\n1,Hélène Françoise,très déçue du délai à Besançon\n2,Noël,bœuf à 5 €\n"
PORTUGUESE = "id,nome,texto\n1,João,não são boas as informações\n2,Conceição,opiniões péssimas\n"
ITALIAN = "id,nome,testo\n1,Niccolò,però lunedì è già finita la promozione\n"


def vietnamese(text: str, *, apart: bool = True) -> bytes:
    """Text as Windows writes it in Vietnam: tones behind their letters, some letters with their tone in one."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        base, *marks = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        rest = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
        try:
            letters.append((rest + "".join(tones) if apart else letter).encode("cp1258"))
        except UnicodeEncodeError:
            letters.append((rest + "".join(tones)).encode("cp1258"))
    return b"".join(letters)


def file(path: Path, content: bytes, name: str = "khách.csv") -> Path:
    (path / name).write_bytes(content)
    return path / name


def cells(path: Path, encoding: str | None = None) -> list[tuple[str, ...]]:
    found = read(path, encoding)
    return [tuple(found.columns), *zip(*(column.to_pylist() for column in found.cells.columns), strict=True)]


def refused(path: Path, encoding: str | None = None) -> str:
    with pytest.raises(CareError) as problem:
        read(path, encoding)
    assert "\n" not in str(problem.value)
    assert str(problem.value).startswith(path.name)
    return str(problem.value)


def as_written(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in text.splitlines()]


@pytest.mark.parametrize("content", [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"), b"", b"id\n1\n"])
def test_nothing_is_asked_of_what_says_itself_what_it_is(content: bytes) -> None:
    assert encodings.guess(content) is None


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_its_zeros(name: str) -> None:
    assert encodings.guess(TEXT.encode(name)) == name


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("text", [TEXT, TEXT.upper(), "Mức độ\nrất tốt\n", "tên\nĐỗ\n"])
def test_vietnamese_of_windows_is_told(text: str, apart: bool) -> None:  # noqa: FBT001
    assert encodings.guess(vietnamese(text, apart=apart)) == "cp1258"


@pytest.mark.parametrize("text", [FRENCH, PORTUGUESE, ITALIAN, ITALIAN.upper(), "città"])
def test_western_languages_of_windows_are_told(text: str) -> None:
    assert encodings.guess(text.encode("cp1252")) == "cp1252"


def test_a_beginning_that_ends_within_a_letter_is_utf_8() -> None:
    text = "x" * encodings.HEAD + TEXT
    found = [encodings.guess(text.encode()[:end]) for end in range(encodings.HEAD, len(text.encode()))]
    assert found == [None] * len(found)


def test_what_is_no_text_in_any_encoding_asks_for_none() -> None:
    assert encodings.guess(bytes(range(1, 256))) is None


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("stated", [None, "cp1258"])
def test_a_mark_at_the_beginning_is_heeded_before_what_is_stated(tmp_path: Path, mark: str, stated: str | None) -> None:
    assert cells(file(tmp_path, TEXT.encode(mark)), stated) == as_written(TEXT)


def test_utf_8_is_read_as_such_whatever_is_stated(tmp_path: Path) -> None:
    assert cells(file(tmp_path, TEXT.encode()), "cp1258") == as_written(TEXT)


@pytest.mark.parametrize("apart", [True, False])
def test_vietnamese_of_windows_is_read_with_its_letters_in_one_piece(tmp_path: Path, apart: bool) -> None:  # noqa: FBT001
    assert cells(file(tmp_path, vietnamese(TEXT, apart=apart)), "cp1258") == as_written(TEXT)


@pytest.mark.parametrize("name", ["cp1252", "utf-16-le", "utf-16-be"])
def test_a_stated_encoding_is_read(tmp_path: Path, name: str) -> None:
    assert cells(file(tmp_path, FRENCH.encode(name)), name) == as_written(FRENCH)


@pytest.mark.parametrize("name", ["cp1258", "cp1252", "utf-16-le", "utf-16-be"])
def test_what_is_not_stated_is_an_error_that_says_what_to_write(tmp_path: Path, name: str) -> None:
    path = file(tmp_path, vietnamese(TEXT) if name == "cp1258" else FRENCH.encode(name))
    assert f'write encoding = "{name}"' in refused(path)
    cells(path, name)


def test_the_line_of_the_first_strange_byte_is_named(tmp_path: Path) -> None:
    content = b"id,name\r\n1,Lan\r\n2,Nam\r\n3,Jos\xe9\r\n"
    assert "line 4, is not written in UTF-8 but looks like Windows-1252" in refused(file(tmp_path, content))
    assert "line 4, is" in refused(file(tmp_path, content.replace(b"\r\n", b"\r")))


@pytest.mark.parametrize(("content", "stated"), [("utf-16-le", "cp1258"), ("cp1252", "utf-16-le")])
def test_an_encoding_that_cannot_be_the_right_one_is_an_error(tmp_path: Path, content: str, stated: str) -> None:
    assert f'write encoding = "{content}"' in refused(file(tmp_path, FRENCH.encode(content)), stated)


def test_an_encoding_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    assert "encoding 'latin-9' is not known; there are cp1258, cp1252" in refused(file(tmp_path, b"x"), "latin-9")


@pytest.mark.parametrize("stated", [None, "cp1258", "cp1252"])
def test_utf_8_with_a_damaged_byte_is_not_read_as_anything_else(tmp_path: Path, stated: str | None) -> None:
    path = file(tmp_path, TEXT.encode() + b"3,Lan\xe1,x\n")
    assert "line 4, is not written in UTF-8, and not as a whole in another way" in refused(path, stated)


@pytest.mark.parametrize(("name", "byte"), [("cp1258", b"\x9d"), ("cp1252", b"\x81")])
def test_bytes_that_a_stated_encoding_does_not_have_are_named(tmp_path: Path, name: str, byte: bytes) -> None:
    assert "bytes that are no Windows" in refused(file(tmp_path, b"id,x\n1,\xe9\n2," + byte + b"\n"), name)


@pytest.mark.parametrize("name", ["cp1258", "cp1252", "utf-16"])
def test_what_decodes_to_control_characters_is_no_text(tmp_path: Path, name: str) -> None:
    path = file(tmp_path, "id,x\n1,é\n2,\x02\n".encode(name))
    assert refused(path, None if name == "utf-16" else name).endswith("bytes that are no text in line 3")


def test_utf_16_cut_within_a_letter_is_an_error(tmp_path: Path) -> None:
    assert "bytes that are no UTF-16 in line 3" in refused(file(tmp_path, TEXT.encode("utf-16")[:-3]))


@pytest.mark.parametrize("name", ["khách.csv", "khách.csv.gz"])
@pytest.mark.parametrize("content", [TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("utf-8-sig")])
def test_a_compressed_text_is_unpacked_whatever_it_is_called(tmp_path: Path, name: str, content: bytes) -> None:
    half = len(content) // 2
    pieces = gzip.compress(content[:half]) + gzip.compress(content[half:])
    assert cells(file(tmp_path, pieces, name)) == as_written(TEXT)


def test_a_compressed_text_may_have_a_stated_encoding(tmp_path: Path) -> None:
    assert cells(file(tmp_path, gzip.compress(vietnamese(TEXT))), "cp1258") == as_written(TEXT)
    assert 'write encoding = "cp1258"' in refused(file(tmp_path, gzip.compress(vietnamese(TEXT))))


def test_a_text_that_is_only_called_compressed_is_read(tmp_path: Path) -> None:
    assert cells(file(tmp_path, TEXT.encode(), "khách.csv.gz")) == as_written(TEXT)


@pytest.mark.parametrize("spoil", [lambda packed: packed[:-9], lambda packed: packed[:30] + b"\xff" + packed[31:]])
def test_a_damaged_archive_is_an_error(tmp_path: Path, spoil: object) -> None:
    packed = gzip.compress(TEXT.encode() * 50)
    assert callable(spoil)
    assert "cannot be unpacked: it is cut short or damaged" in refused(file(tmp_path, spoil(packed)))


def test_an_archive_that_unpacks_beyond_all_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(b"id,x\n" + b"1,2\n" * 300_000)
    assert len(read(file(tmp_path, packed)).lines) == 300_000
    monkeypatch.setattr(encodings, "TIMES", 1)
    monkeypatch.setattr(encodings, "LARGE", 1 << 20)
    assert "unpacks to more than 1 MB" in refused(file(tmp_path, packed))


def test_an_archive_that_packs_well_is_read_while_it_is_small(tmp_path: Path) -> None:
    packed = gzip.compress(b"id,x\n" + b"1,\xc4\x91\n" * 200_000)
    assert len(packed) * encodings.TIMES < 200_000 * 5 < encodings.LARGE
    assert len(read(file(tmp_path, packed)).lines) == 200_000
