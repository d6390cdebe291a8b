"""Masks the parts of a text that may identify a person: a precaution for quoting, not an anonymisation."""

from __future__ import annotations

import re
import unicodedata

from carestudy.measure.front import validated

MASK = "…"
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|vn|net|org|io|me)\b(?:\.vn\b)?(?:/\S*)?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)[@#]\w+")
_NUMBER = re.compile(r"\+?\w*\d[\w.()/-]*(?:\s+\d[\w.()/-]*)*")
_SIGNS = ".,;:!?()\"'“”[]"
# Words that people write with a capital and that are nobody's name.
_KNOWN = """
Internet Wifi WiFi App Web Website Chatbot Bot Robot Zalo Facebook Email SMS OTP ATM I CSKH TV Camera Modem OK
"""
KNOWN = frozenset(_KNOWN.split())


@validated
def masked(text: str) -> str:
    """A text with what may point to a person masked: addresses of every kind, all numbers, and words in capitals.

    Names are recognised by their capitals; in a text of small letters only, or of capitals only, they are not. A person
    has to read a quote before it is shown.

    >>> masked("Chị Lan ở 12 Lê Lợi gọi 0912 345 678, mail lan@abc.vn: mạng chậm")
    '… ở … gọi …, mail …: mạng chậm'
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", text))
    for pattern in (_MAIL, _LINK, _HANDLE, _NUMBER):
        plain = pattern.sub(MASK, plain)
    words = plain.split()
    shown = [_masked(word) if _names(words, number) else word for number, word in enumerate(words)]
    return re.sub(rf"{MASK}(?:\s+{MASK})+", MASK, " ".join(shown))


def _names(words: list[str], number: int) -> bool:
    """Whether a word may be a name: in capitals where no sentence begins, or at one's begin before another of them."""
    if not _capital(words[number]):
        return False
    begins = not number or words[number - 1][-1] in ".!?"
    return not begins or (number + 1 < len(words) and _capital(words[number + 1]))


def _capital(word: str) -> bool:
    bare = word.strip(_SIGNS)
    return bare[:1].isupper() and bare not in KNOWN


def _masked(word: str) -> str:
    return word.replace(word.strip(_SIGNS), MASK)
