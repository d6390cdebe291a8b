"""Headers of surveys taken apart: the question and the row of a grid, and a short name made of their words."""

from __future__ import annotations

import re

from carestudy.recognise import words
from carestudy.recognise.scales import STATED

ROW = re.compile(r"^(.*\S)\s*\[([^\[\]]+)\]\s*$", re.DOTALL)
LEVELS = " / "
NUMBERED = re.compile(
    r"^\s*(?:(?:câu(?: hỏi)?|question|q|c)\s*)?\d{1,3}\s*[.):\-–]\s+|^\s*(?:câu|q)\s*\d{1,3}\s+", re.IGNORECASE
)
# What an English question begins with and says nothing of what it asks for; other languages have such words as well.
ENGLISH = frozenset({"the", "you", "your", "how", "what", "which", "of"})
FILLERS = ENGLISH | frozenset({
    "a", "an", "at", "to", "in", "on", "for", "with", "by", "as", "be", "is", "are", "was", "were", "do", "does", "did",
    "our", "us", "we", "it", "this", "that", "these", "those", "who", "when", "where", "why", "would", "will", "could",
    "can", "please", "rate", "most", "much", "many", "usually", "normally",
})  # fmt: skip
LONGEST = 40


def grid(header: str) -> tuple[str, str]:
    """The question and the row of a header of a grid, both empty where it is none; a scale in brackets is no row.

    >>> grid("Mức độ hài lòng về: [Giá cả]"), grid("How satisfied are you? / Speed"), grid("Điểm [0-10]")
    (('muc do hai long ve', 'Giá cả'), ('how satisfied are you', 'Speed'), ('', ''))
    """
    match = ROW.match(header)
    if match and not STATED.search(header[match.start(2) - 1 :].lower()):
        return words.folded(match[1]), match[2].strip()
    stem, _, row = header.rpartition(LEVELS)
    return (words.folded(stem), row.strip()) if stem and row else ("", "")


def slug(header: str) -> str:
    """A short name made of a header's words.

    >>> slug("Thái độ nhân viên (1-5)"), slug("17. How would you rate the service? (Promptness, ...)")
    ('thai_do_nhan_vien', 'service')
    """
    bare = NUMBERED.sub("", words.BRACKETS.sub("", header)) or header
    plain = words.folded(bare).split() or words.folded(header).split()
    fillers = FILLERS if ENGLISH & set(plain) else frozenset()
    text = "_".join([word for word in plain if word not in fillers] or plain)
    if len(text) > LONGEST and "_" in text[:LONGEST]:
        return text[:LONGEST].rpartition("_")[0]
    return text[:LONGEST] or "question"
