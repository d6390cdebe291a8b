"""Text as words: one way to write each, whether typed with accents or without, in Vietnamese or in English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

BREAK = "."  # where a clause ends: no phrase goes across
_WORD = re.compile(r"[^\W_]+|[.!?;,:\n\r…()/]+")
_LETTERS = re.compile(r"(.)\1{2,}")
_APOSTROPHE = re.compile(r"['’`](?=[a-z])")
# hoà and hòa, thuý and thúy, kỹ and kĩ are two ways to write one word.
_OPEN = {
    f"{first}{marked}": unicodedata.normalize("NFC", f"{first}{mark}{plain}")
    for first, plain, letters in (("o", "a", "àáảãạ"), ("o", "e", "èéẻẽẹ"), ("u", "y", "ỳýỷỹỵ"))
    for marked, mark in zip(letters, "\u0300\u0301\u0309\u0303\u0323", strict=True)
}
_I_FOR_Y = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
FEW_ACCENTS = 0.2
# Words that are common in one of the two and no syllable of the other.
_ENGLISH = """
the is are was were been its this they we you mi your our their us of in with and or but not never very have has
had does did will would could should at by from as after before again all more than when what how why who there
here just only even because out about for which every too much service really
"""
_BARE_VIETNAMESE = """
khong ko k hok nhan vien qua rat nhieu cua cho den duoc dc la va toi minh em anh chi cac nhung ma thi roi khach
dich vu gia cuoc mang cham lau tot nha chuyen lam bi co nay luon nua voi nv sp dv ad khi nao sao hang giao hen
goi tra loi dung mua mat tien vay nen phai muon cung chua di ve nghe noi hoi cam on ban nhe da vang oi ah nhu
mot trong se ngay
"""
ENGLISH, BARE_VIETNAMESE = frozenset(_ENGLISH.split()), frozenset(_BARE_VIETNAMESE.split())


def stripped(text: str) -> str:
    """Text as typed without accents.

    >>> stripped("đổi nhà mạng")
    'doi nha mang'
    """
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(letter for letter in marks if not unicodedata.combining(letter)))


def words(text: str, short: Mapping[str, str] | None = None) -> list[str]:
    """The words of a text in small letters and one spelling, abbreviations written out; ``BREAK`` between clauses.

    >>> words("Nv KHOÁ máyyyy, ko xin lỗi!", {"nv": "nhân viên", "ko": "không"})
    ['nhân', 'viên', 'khóa', 'máy', '.', 'không', 'xin', 'lỗi', '.']
    """
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFC", text).casefold())
    result: list[str] = []
    for token in _WORD.findall(plain):
        if not token[0].isalnum():
            result.append(BREAK)
            continue
        word = _spelled(_LETTERS.sub(r"\1", token))
        number = bool(result) and result[-1].isdigit()  # "5 km" is a distance
        result.extend((word if number else (short or {}).get(word, word)).split())
    return result


def is_bare(text: str) -> bool:
    """Whether a text was typed without accents: none, or so few that somebody's phone put them there.

    >>> is_bare("gia cuoc qua dat"), is_bare("giá cước quá đắt")
    (True, False)
    """
    plain = [word for word in words(text) if word != BREAK]
    return sum(word != stripped(word) for word in plain) <= FEW_ACCENTS * len(plain)


def language(text: str) -> str:
    """What a text is written in: ``vi`` with accents, ``vi0`` without, ``en``, or ``?`` where few words tell.

    >>> [language(text) for text in ("Giao hàng chậm", "giao hang cham qua", "It was late again", "ok")]
    ['vi', 'vi0', 'en', '?']
    """
    if not is_bare(text):
        return "vi"
    plain = words(stripped(text))
    english, bare = (sum(word in known for word in plain) for known in (ENGLISH, BARE_VIETNAMESE))
    if english == bare:
        return "?"
    return "en" if english > bare else "vi0"


def _spelled(word: str) -> str:
    """The one spelling of a syllable that may be written in two ways."""
    if len(word) == 2 and word[0] in "hklmstv":
        return word[0] + word[1].translate(_I_FOR_Y)
    end = word[-2:]
    return word[:-2] + _OPEN[end] if end in _OPEN and not (end[0] == "u" and word[-3:-2] == "q") else word
