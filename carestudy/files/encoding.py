"""The bytes of a text file as UTF-8: unpacked, and decoded where what they are written in is certain or stated."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from unicodedata import normalize

from carestudy.contract import CareError

NAMES = {"cp1258": "Windows-1258", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
GZIP = b"\x1f\x8b"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD = 4096
# What a compressed file may unpack to: no more than this, nor more than so many times its size once it is large.
LARGEST, LARGE, TIMES = 4 << 30, 64 << 20, 200
BLOCK = 1 << 22

# Windows-1258 writes most tones as marks of their own, behind the vowel they stand on.
MARK = "[\u0300\u0301\u0303\u0309\u0323]"
VIETNAMESE = re.compile(rf"[aăâeêioôơuưy]{MARK}|[đư]", re.IGNORECASE)
# What Portuguese, Italian and their like look like when they are read as Vietnamese.
FOREIGN = re.compile(rf"(?<![aăâeêioôơuưy]){MARK}|ă[eo]|ơe", re.IGNORECASE)
NO_TEXT = re.compile("[\0-\x08\x0e-\x1f\x80-\x9f]")


def guess(data: bytes) -> str | None:
    """The encoding that care.toml has to state for these bytes, a file or the beginning of one.

    None where they are UTF-8 or have a mark that says what they are, and where no encoding makes text of them.

    >>> guess("Mã,Tên".encode()), guess("Mã,Tên".encode("utf-16-le")), guess("Bình thường".encode("cp1252", "ignore"))
    (None, 'utf-16-le', 'cp1252')
    """
    if data.startswith(WIDE):
        return None
    wide = _wide(data)
    if wide or _mostly_utf8(data):
        return wide
    fits = [name for name in ("cp1258", "cp1252") if _text(data, name)]
    if len(fits) < 2:
        return fits[0] if fits else None
    vietnamese = data.decode("cp1258")
    return fits[len(VIETNAMESE.findall(vietnamese)) <= len(FOREIGN.findall(vietnamese))]


@dataclass(frozen=True)
class Text:
    """The bytes of a text file in UTF-8: in memory, or where they lie on the disk."""

    path: Path
    data: bytes | None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def open(self, at: int = 0) -> BinaryIO:
        """The bytes from a place on, counted behind the mark that says UTF-8."""
        file = self.path.open("rb") if self.data is None else io.BytesIO(self.data)
        mark = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
        file.seek(mark + at)
        return file

    def refused(self) -> CareError:
        """What to say of a text that cannot be read: where it is not UTF-8 and what it may be, or its size."""
        return refused(self.name, self.path.read_bytes() if self.data is None else self.data)


def opened(path: Path, encoding: str | None = None) -> Text:
    """The text of a file, unpacked and decoded where needed; ``encoding`` is heeded where nothing else tells."""
    if encoding not in (None, *NAMES):
        raise CareError(f"{path.name}: encoding '{encoding}' is not known; there are {', '.join(NAMES)}")
    with path.open("rb") as file:
        head = file.read(HEAD)
    data = unpacked(path) if head.startswith(GZIP) else None
    head = head if data is None else data[:HEAD]
    if head.startswith(WIDE):
        return Text(path, _decoded(path.name, path.read_bytes() if data is None else data, "utf-16"))
    if encoding is None and not _wide(head):
        return Text(path, data)
    data = path.read_bytes() if data is None else data
    guessed = guess(data)
    if guessed and (encoding is None or ("utf" in guessed) != ("utf" in encoding)):
        raise refused(path.name, data)
    return Text(path, data if encoding is None or _mostly_utf8(data) else _decoded(path.name, data, encoding))


def refused(name: str, data: bytes) -> CareError:
    """What to say of bytes that are not written in UTF-8."""
    guessed = guess(data)
    if guessed and "utf" in guessed:
        return CareError(f"{name} is written in UTF-16 without the mark that says so: {_mend(guessed)}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        where = f"{name}, line {_line(data[: problem.start].decode('latin-1')):,},"
        if guessed:
            return CareError(f"{where} is not written in UTF-8 but looks like {NAMES[guessed]}: {_mend(guessed)}")
        return CareError(f'{where} is not written in UTF-8, and not as a whole in another way: save it as "CSV UTF-8"')
    return CareError(f"{name} cannot be read as CSV: a cell or a row of it is too large")


def unpacked(path: Path) -> bytes:
    """What a compressed file holds; one that would unpack beyond all measure is refused on the way."""
    content = io.BytesIO()
    most = min(LARGEST, max(LARGE, TIMES * path.stat().st_size))
    try:
        with gzip.open(path, "rb") as file:
            _copy(file, content, most)  # type: ignore[arg-type]  # it reads as any file of bytes does
    except (OSError, EOFError, zlib.error):
        raise CareError(f"{path.name} cannot be unpacked: it is cut short or damaged; fetch it again") from None
    if content.tell() > most:
        raise CareError(
            f"{path.name} unpacks to more than {most >> 20:,} MB, which no table does: unpack it and see what it holds"
        )
    return content.getvalue()


def _copy(file: BinaryIO, content: io.BytesIO, most: int) -> None:
    while content.tell() <= most and (block := file.read(BLOCK)):
        content.write(block)


def _wide(data: bytes) -> str | None:
    """Which UTF-16 it is: letters of ours have a zero as their other half."""
    zeros = [data[half:HEAD:2].count(0) for half in (0, 1)]
    if not data or max(zeros) * 6 < len(data[:HEAD]) or min(zeros) * 4 > max(zeros):
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _mostly_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, but for a few that are damaged, or the rest of a letter that is cut at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, len(data) < HEAD)
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        strange = sum("\udc80" <= letter <= "\udcff" for letter in text)
        return sum(letter > "\x7f" for letter in text) > 2 * strange
    return True


def _text(data: bytes, encoding: str) -> bool:
    try:
        return not NO_TEXT.search(data.decode(encoding))
    except UnicodeDecodeError:
        return False


def _decoded(name: str, data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode(encoding, "ignore")
        written = NAMES.get(encoding, "UTF-16")
        raise CareError(f"{name} holds bytes that are no {written} in line {_line(before):,}") from None
    strange = NO_TEXT.search(text)
    if strange:
        raise CareError(f"{name} holds bytes that are no text in line {_line(text[: strange.start()]):,}")
    return normalize("NFC", text).encode()


def _line(before: str) -> int:
    return (before.count("\n") or before.count("\r")) + 1


def _mend(encoding: str) -> str:
    return f'write encoding = "{encoding}" for its table in care.toml, or save it as "CSV UTF-8"'
