"""Names that mean the same and are written differently, and names that have lost their letters."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

NAMES = ("agent", "owner", "team", "channel", "topic", "leave_reason", "region", "segment")
FREE = ("comment",)
PEOPLE = ("agent", "owner")  # names of people are not repeated
MOST_NAMED, LONGEST = 4, 40  # names that are shown in their spellings, and letters of one
# Letters that a wrong encoding made of others ("Nguyá»…n"), or that stand for none.
BROKEN = "\N{REPLACEMENT CHARACTER}|Ã[\x80-\xbf]|á[º»]|Æ[°¡]|Ä[\x80-\xbf‘ƒ]"
# A question mark within a word of letters ("Nguy?n", "NGUY?N"), but not in an address ("a.php?b", "/a?b"), and not
# between two sentences ("do?I"). Prose may lack a space behind a question: there it takes several.
LOST = r"(^|[\s(,;])[\pL?]*(\p{Ll}\?\p{Ll}|\p{Lu}\?\pL)[\pL?]*($|[\s),.;:!])"
SEVERAL = rf"({LOST}.*){{3}}"
PROSE = 40  # letters


@engine.builtin  # type: ignore[untyped-decorator]
def strip_accents(text: str) -> str:  # type: ignore[empty-body]
    """Text whose letters have no marks."""


def found_in_text(care: Care, name: str, reads: Reads) -> list[Finding]:
    """What one query tells of the different values of all text columns of a table, and of how many rows have them."""
    table, contract = care.tables[name], TABLES[name]
    texts = [column for column in table.columns if table[column].type().is_string()]
    names = [column for column in texts if column in NAMES]
    ids = ["customer_id"] if "customer_id" in texts and (name == "customers" or "customers" not in care.tables) else []
    written = [column for column in texts if column != contract.key and not column.endswith("_id")]
    if not [*written, *ids]:
        return []
    values = engine.union(*(_values(table, column) for column in [*written, *ids]), distinct=False)
    counted = values.group_by("column").aggregate(
        rows=engine.total(values.rows), broken=engine.total(_broken(values).ifelse(values.rows, 0)),
        different=values.value.nunique(), names=_unmarked(values.value).nunique(), ids=_joined(values.value).nunique(),
    )  # fmt: skip
    of = {row["column"]: row for row in engine.fetch(counted, ("rows", "broken")).to_dict("records")}
    findings = [
        Finding(name, column, "letters", of[column]["broken"], of[column]["rows"], reads.touched(name, column))
        for column in written
        if column in of
    ]
    for columns, plain in ((names, "names"), (ids, "ids")):
        for column, totals_row in ((column, of[column]) for column in columns if column in of):
            merged = totals_row["different"] - totals_row[plain]
            words = _spellings(values, column) if merged and plain == "names" and column not in PEOPLE else ()
            touched = reads.touched(name, column)
            findings.append(Finding(name, column, "alike", merged, totals_row["different"], touched, words=words))
    return findings


def _spellings(values: engine.Table, column: str) -> tuple[str, ...]:
    """The names of a column that are written in several ways, each with its spellings: "Hà Nội / Ha Noi"."""
    of_column = values.filter(values.column == column).mutate(plain=_unmarked(values.value))
    several = (
        of_column.group_by("plain")
        .aggregate(spellings=of_column.value.nunique())
        .filter(lambda rows: rows.spellings > 1)
    )
    shown = (
        of_column.semi_join(several, "plain")
        .select("plain", "value", "rows")
        .order_by("plain", engine.descending("rows"), "value")
    )
    spellings: dict[str, list[str]] = {}
    for row in engine.fetch(shown, ("rows",)).to_dict("records"):
        spellings.setdefault(row["plain"], []).append(row["value"])
    shown_names = [
        " / ".join(names) for names in spellings.values() if not any(_may_be_a_person(name) for name in names)
    ]
    return tuple(shown_names[:MOST_NAMED])


def _may_be_a_person(name: str) -> bool:
    """Whether a text holds an address or a long number, or is longer than names of groups are."""
    return "@" in name or len(name) > LONGEST or sum(map(str.isdigit, name)) > MOST_NAMED


def _values(table: engine.Table, column: str) -> engine.Table:
    value = table[column]
    counted = table.filter(value.notnull()).group_by(value=value).aggregate(rows=lambda rows: rows.count())
    return counted.select(column=engine.literal(column), value="value", rows="rows")


def _broken(values: Any) -> engine.Value:
    """Whether letters are lost; people do write "sao?Tôi" where they write freely."""
    lost = (values.value.length() > PROSE).ifelse(values.value.re_search(SEVERAL), values.value.re_search(LOST))
    lost = lost & ~values.column.isin(FREE)
    return values.value.re_search(BROKEN) | lost


def _unmarked(text: Any) -> engine.Value:
    """Without capitals, marks, points and further spaces: "Đội  Bắc" is "doi bac", and "TP.HCM" is "tp hcm"."""
    bare = strip_accents(text.lower()).replace("đ", "d").re_replace(r"[\s.,_-]+", " ")
    return bare.re_replace("^ | $", "")  # of spaces only: see engine.has_text


def _joined(text: Any) -> engine.Value:
    """Without capitals and spaces, as an id may be written."""
    return text.lower().re_replace(r"\s+", "")
