"""A published report as a workbook: findings, figures with intervals and definitions, and charts that Excel can edit.

It is written from ``figures.json`` alone, so that it says what the page says; ``carestudy verify`` names every cell
that says something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carestudy.report.report_charts import Block, bar_chart, line_chart, name_of, pattern_of
from carestudy.show import dates, labels
from carestudy.show.words import Reader

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | float | None
Figure = Mapping[str, Any]
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the same report gives the same bytes
AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
SEVERAL = 3  # periods, from which on a figure is drawn as a line
MOST_BARS = 20
CHART_COLUMN, CHART_ROWS = 9, 16  # where a chart stands beside its table, and how high it is
A4 = 9  # in the numbers of Excel
LINE_HEIGHT = 15  # points


class Column(NamedTuple):
    """A column of a sheet: its heading and its width in letters."""

    heading: str
    width: int = 12


@dataclass
class Book:
    """A workbook in the language of a reader."""

    reader: Reader
    book: Any
    formats: dict[str, Format] = field(default_factory=dict)

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, which is printed on A4 in its whole width."""
        sheet: Worksheet = self.book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        return sheet

    def format(self, pattern: str) -> Format:
        """The format of a number, or of a heading ("bold") or a text of several lines ("wrap")."""
        if pattern not in self.formats:
            fields = {"bold": {"bold": True, "bottom": 1}, "wrap": {"text_wrap": True, "valign": "top"}}
            self.formats[pattern] = self.book.add_format(fields.get(pattern, {"num_format": pattern, "valign": "top"}))
        return self.formats[pattern]

    def table(self, sheet: Worksheet, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Write headings and rows; text is never a formula, and a missing number is an empty cell."""
        for index, (heading, _) in enumerate(columns):
            sheet.write_string(top, index, heading, self.format("bold"))
        for line, row in enumerate(rows, start=top + 1):
            lines = max(
                ceil(len(cell) / columns[index].width) for index, cell in enumerate(row) if isinstance(cell, str)
            )
            if lines > 1:  # not every program fits the height of a row to its text
                sheet.set_row(line, LINE_HEIGHT * lines)
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, index, labels.clean(cell), self.format("wrap"))
                elif cell is not None:
                    sheet.write_number(line, index, cell)

    def numbers(self, sheet: Worksheet, top: int, row: Figure) -> None:
        """Write the numbers of a figure, value, bounds and counts, in columns C to H of a line."""
        pattern = pattern_of(row.get("unit", ""))
        for index, name in enumerate(("value", "low", "high", "n", "numerator", "denominator"), start=2):
            if row.get(name) is not None:
                sheet.write_number(top, index, row[name], self.format(pattern if index < 5 else "#,##0"))


def workbook(report: Mapping[str, Any], lang: str) -> bytes:
    """The workbook of a published report in one language; the same report gives the same bytes."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {**AS_TEXT, "in_memory": True}) as book:
        written = Book(Reader(lang), book)
        title = f"{report.get('company', '')} {dates.period(written.reader, report['parameters']['period'])}".strip()
        book.set_properties({"created": CREATED, "title": labels.clean(title)})
        for write in SHEETS:
            write(written, report)
    return content.getvalue()


def workbooks(stem: str, report: Mapping[str, Any]) -> dict[str, bytes]:
    """The workbooks of a report in the languages of its pages, by the names of their files."""
    return {f"{stem}.{lang}.xlsx": workbook(report, lang) for lang in report["parameters"]["lang"]}


def different_cells(path: Path, report: Mapping[str, Any], lang: str) -> Iterator[str]:
    """The cells of a workbook that hold something else than the report, one line each."""
    from python_calamine import CalamineWorkbook

    there = CalamineWorkbook.from_path(str(path))
    right = CalamineWorkbook.from_filelike(BytesIO(workbook(report, lang)))
    if there.sheet_names != right.sheet_names:
        yield f"{path.name}: its sheets are {', '.join(there.sheet_names)}, and not {', '.join(right.sheet_names)}"
        return
    for name in right.sheet_names:
        cells, right_cells = (_cells(book.get_sheet_by_name(name).to_python()) for book in (there, right))
        for row, column in sorted(cells.keys() | right_cells.keys()):
            if cells.get((row, column)) != right_cells.get((row, column)):
                address = f"{chr(ord('A') + column)}{row + 1}"
                yield f"{path.name}: cell {address} of '{name}' does not hold what the report says"


def _cells(rows: Sequence[Sequence[object]]) -> dict[tuple[int, int], object]:
    return {
        (row, column): cell
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell not in ("", None)
    }


def _findings(written: Book, report: Mapping[str, Any]) -> None:
    t, reader = written.reader.t, written.reader
    columns = [
        Column(t("Finding"), 60), Column(t("Since"), 16), Column(t("Customers")), Column(t("Money"), 16),
        Column(t("What to do"), 60), Column(t("Owner"), 18), Column(t("Due"), 14),
    ]  # fmt: skip
    sheet = written.sheet(t("Findings"))
    rows = [
        [
            finding["headline"][reader.lang], dates.period(reader, finding["since"]) if finding["since"] else "",
            finding["customers"], finding["money"], (finding["play"] or {}).get(reader.lang, ""),
            finding["owner"] or "", finding["due"],
        ]
        for finding in report.get("findings", ())
    ]  # fmt: skip
    written.table(sheet, 0, columns, rows or [[t("Nothing unusual in this period.")]])
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, written.format("#,##0") if index in (2, 3) else None)
    sheet.freeze_panes(1, 0)


def _figures(written: Book, report: Mapping[str, Any]) -> None:
    sheet = written.sheet(written.reader.t("Figures"))
    own = [
        figure
        for figure in report["figures"]
        if not figure.get("by") and figure["period"] == report["parameters"]["period"]
    ]
    _block(written, sheet, 0, own, lambda figure: dates.period(written.reader, figure["period"]))
    sheet.freeze_panes(1, 1)


def _over_time(written: Book, report: Mapping[str, Any]) -> None:
    sheet, top = written.sheet(written.reader.t("Over time")), 0
    whole = sorted(
        (figure for figure in report["figures"] if not figure.get("by")), key=lambda figure: str(figure["kpi"])
    )
    for _, figures in groupby(whole, key=lambda figure: figure["kpi"]):
        rows = sorted(figures, key=lambda figure: str(figure["period"]))
        if len(rows) < SEVERAL:
            continue
        _block(written, sheet, top, rows, lambda figure: dates.period(written.reader, figure["period"]))
        sheet.insert_chart(top, CHART_COLUMN, line_chart(written.reader, written.book, Block(sheet, top, rows)))
        top += max(len(rows) + 2, CHART_ROWS)


def _groups(written: Book, report: Mapping[str, Any]) -> None:
    sheet, top = written.sheet(written.reader.t("By group")), 0
    grouped = sorted((figure for figure in report["figures"] if figure.get("by")), key=_order)
    for _, figures in groupby(grouped, key=lambda figure: _order(figure)[:3]):
        rows = list(figures)
        _block(written, sheet, top, rows, lambda figure: _group(written.reader, figure))
        if len(rows) <= MOST_BARS:
            sheet.insert_chart(top, CHART_COLUMN, bar_chart(written.reader, written.book, Block(sheet, top, rows)))
        top += max(len(rows) + 2, CHART_ROWS)


def _order(figure: Figure) -> tuple[str, ...]:
    by = figure["by"]
    return (str(figure["kpi"]), " ".join(sorted(by)), str(figure["period"]), *(str(by[name]) for name in sorted(by)))


def _group(reader: Reader, figure: Figure) -> str:
    return ", ".join(labels.group(reader, name, value) for name, value in figure["by"].items())


def _block(written: Book, sheet: Worksheet, top: int, rows: Sequence[Figure], second: Callable[[Figure], str]) -> None:
    """A table of figures, whose second column says which period or group each is of."""
    t = written.reader.t
    columns = [
        Column(t("Figure"), 34), Column(t("Period or group"), 26), Column(t("Value")), Column(t("Low")),
        Column(t("High")), Column("n"), Column(t("Numerator")), Column(t("Denominator")),
    ]  # fmt: skip
    names = [name_of(written.reader, row) for row in rows]
    written.table(sheet, top, columns, [[name, second(row)] for name, row in zip(names, rows, strict=True)])
    for line, row in enumerate(rows, start=top + 1):
        written.numbers(sheet, line, row)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)


def _definitions(written: Book, report: Mapping[str, Any]) -> None:
    t = written.reader.t
    cards = [labels.card(kpi) for kpi in sorted({str(figure["kpi"]) for figure in report["figures"]})]
    rows = [[labels.label(written.reader, card), t(card.definition)] for card in cards if card.definition]
    sheet = written.sheet(t("Definitions"))
    written.table(sheet, 0, [Column(t("Figure"), 34), Column(t("Definition"), 100)], rows)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)


def _sources(written: Book, report: Mapping[str, Any]) -> None:
    t = written.reader.t
    sheet = written.sheet(t("Sources"))
    known = dates.known_up_to(written.reader, datetime.fromisoformat(report["as_of"])) if "as_of" in report else ""
    facts = [[f"carestudy {report.get('carestudy', '')}", known]]
    written.table(sheet, 0, [Column(t("Report"), 24), Column(t("Data"), 60)], facts)
    heads = [Column(t(name), 24) for name in ("Table", "Source", "Read", "Used", "Excluded", "Fingerprint")]
    rows = [
        [
            labels.table(written.reader, row["table"]),
            row["source"],
            row["read"],
            row["used"],
            row["set_aside"],
            row["hash"],
        ]
        for row in report["tables"]
    ]
    written.table(sheet, len(facts) + 2, heads, rows)
    sheet.set_column(0, 5, 24)


SHEETS: tuple[Callable[[Book, Mapping[str, Any]], None], ...] = (
    _findings, _figures, _over_time, _groups, _definitions, _sources,
)  # fmt: skip
