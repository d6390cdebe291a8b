"""The command ``carestudy rows``: it writes the rows behind a figure to a file, and prints only counts and the path."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carestudy.contract import CareError, listed

if TYPE_CHECKING:
    import pandas as pd

    from carestudy.care import Care
    from carestudy.measure.counted_rows import Side
    from carestudy.measure.figure_rows import FigureRows
    from carestudy.measure.kpi import Kpi

FORMS = (".csv", ".xlsx")
LONGEST_LIST = 100_000  # rows of a list that a report writes
SIDES: tuple[Side, Side] = ("numerator", "denominator")
INDEX, FIGURES = "lists.csv", ".figures.json"
GROUP = "a column, or COLUMN=VALUE for one group, such as team=Nam; COLUMN= for rows that name none"


def define(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command of the rows behind a figure to the command line."""
    rows = commands.add_parser("rows", help="write the rows or customers behind a figure to a file")
    rows.add_argument("kpi", help="a figure such as nps, or complaint_rate(per=customer)")
    rows.add_argument("--data", required=True, help="folder or address of the data; $NAME is looked up")
    rows.add_argument("--out", type=Path, required=True, help="the file to write, .csv or .xlsx")
    rows.add_argument("--period", help="2026-10, 2026-Q3, 2026 ... (default: as the figure without a period)")
    rows.add_argument("--side", choices=SIDES, default=SIDES[0], help="above or below the line (default: numerator)")
    rows.add_argument("--by", action="append", default=[], help=GROUP)
    rows.add_argument("--columns", default="", help="further columns of the rows (default: ids and what is counted)")
    rows.add_argument("--contact-columns", default="", help="columns of customers such as phone, of those who consent")
    rows.add_argument("--as-of", help="day the data are known up to (default: the day of the last event)")
    rows.add_argument("--replace", action="store_true", help="replace the file where there is one")
    rows.set_defaults(command=_rows)


def _rows(arguments: argparse.Namespace) -> tuple[Iterable[object], int]:
    if arguments.out.suffix.lower() not in FORMS:
        raise CareError(f"rows are written as {' or '.join(FORMS)}, and {arguments.out.name} is neither")
    if arguments.out.exists() and not arguments.replace:
        raise CareError(f"{arguments.out.name} is there already: add --replace, or name another file")
    from carestudy.exports.files import write
    from carestudy.load import load
    from carestudy.load.sources import named_by_environment

    figure = figure_of(arguments.kpi)
    care = load(named_by_environment(arguments.data), as_of=arguments.as_of)
    groups, where = _groups(arguments.by)
    call = {"period": arguments.period, "by": groups, "where": where, "columns": _names(arguments.columns)}
    behind = figure.rows(care, side=arguments.side, **call)
    contact, withheld = _contact(care, behind, _names(arguments.contact_columns))
    write({arguments.out: _file(arguments.out, behind.rows, contact)})
    told = [f"no consent, contact columns left empty: {withheld:,}"] if withheld else []
    return [str(behind), *told, arguments.out], 0


def figure_of(name: str) -> Kpi:
    """The figure with an id such as ``return_rate(of=value)``, or a name; ``CareError`` lists what there is."""
    from carestudy import kpi

    if name in kpi.ALL:
        return kpi.ALL[name]
    plain, _, options = name.removesuffix(")").partition("(")
    alike = [figure for figure in kpi.ALL.values() if figure.name == plain]
    if not alike:
        raise CareError(f"there is no figure '{name}': choose from {listed(sorted(kpi.ALL))}")
    if not options:
        raise CareError(f"'{name}' needs its options: {listed(figure.id for figure in alike)}")
    pairs = (option.partition("=") for option in options.split(","))
    return alike[0].of(**{key.strip(): _option(text.strip()) for key, _, text in pairs})


def _option(text: str) -> str | int | float:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _groups(asked_for: Sequence[str]) -> tuple[list[str], dict[str, str | None]]:
    """Columns to group by, and the one value of each that is taken where a value is named."""
    pairs = [text.partition("=") for text in asked_for]
    return [name for name, _, _ in pairs], {name: value or None for name, sign, value in pairs if sign}


def _contact(care: Care, behind: FigureRows, columns: Sequence[str]) -> tuple[pd.DataFrame | None, int]:
    """Columns of the customers of the rows, empty for those without consent where the data tell of it."""
    if not columns:
        return None, 0
    if "customer_id" not in behind.rows:
        raise CareError(f"{behind.kpi} counts rows without customer_id, which have no contact columns")
    from carestudy.audiences import contact_columns
    from carestudy.audiences.people import consenting

    ids = behind.rows["customer_id"]
    contact = contact_columns(care, ids.fillna("").tolist(), columns)
    if not care.has("customers", "customer_id", "consent"):
        return contact, 0
    allowed = ids.isin(consenting(care, 0)).to_numpy()
    return contact.where(allowed[:, None], ""), int((~allowed).sum())


def _file(path: Path, rows: pd.DataFrame, contact: pd.DataFrame | None = None) -> bytes:
    import pandas as pd

    from carestudy.exports.text_cells import as_csv, as_workbook

    cells = rows if contact is None else pd.concat([rows, contact], axis=1)
    return as_csv(cells) if path.suffix.lower() == ".csv" else as_workbook({"rows": cells})


def writer_of(arguments: argparse.Namespace) -> Callable[[Care, list[Path]], list[Path]]:
    """What writes the lists of a report where ``--lists`` is given; refuses a folder in which a page is published."""
    if (folder := arguments.lists) is None:
        return lambda *_: []
    if arguments.each:
        raise CareError("--lists are those of the whole company: give them without --each")
    for name in ("out", "share"):
        published = getattr(arguments, name)
        if published is not None and folder.resolve().is_relative_to(published.resolve()):
            raise CareError(f"lists hold ids of customers: choose a folder for --lists that is not inside --{name}")
    return lambda care, pages: lists_of(care, [page for page in pages if page.name.endswith(FIGURES)], folder)


def lists_of(care: Care, reports: Iterable[Path], folder: Path) -> list[Path]:
    """Write the rows behind the figures that reports show of the whole company, and return the index of them.

    Of each figure of the report's own period a file for each side; lists of more than 100,000 rows are only counted.
    """
    import pandas as pd

    from carestudy import kpi
    from carestudy.exports.files import write
    from carestudy.exports.text_cells import as_csv
    from carestudy.report.archived import published

    files: dict[Path, bytes] = {}
    for report in reports:
        told = published(report)
        period, place = told["parameters"]["period"], folder / told["parameters"]["period"] / told["notebook"]
        shown = {entry["kpi"] for entry in told["figures"] if not entry["by"] and entry["period"] == period}
        lines = []
        for name in [name for name in kpi.ALL if name in shown]:
            for side in SIDES:
                line, content = _list_of(care, kpi.ALL[name], period, side)
                files |= {place / line["file"]: content} if content else {}
                lines.append(line)
        files[place / INDEX] = as_csv(pd.DataFrame(lines))
    write(files)
    return [path for path in files if path.name == INDEX]


def _list_of(care: Care, figure: Kpi, period: str, side: Side) -> tuple[Mapping[str, object], bytes]:
    """One line of the index, and the list; none where it is empty, too long or refused, which the line tells."""
    line: dict[str, object] = {"kpi": figure.id, "side": side, "of": "", "rows": "", "sum": "", "file": "", "note": ""}
    try:
        behind = figure.rows(care, period=None if figure.timeless else period, side=side)
    except CareError as problem:
        return line | {"note": str(problem)}, b""
    line |= {"of": behind.of, "rows": len(behind), "sum": behind.total}
    if not len(behind):
        return line, b""
    if len(behind) > LONGEST_LIST:
        return line | {"note": f"not written: more than {LONGEST_LIST:,} rows"}, b""
    name = f"{figure.id.translate(str.maketrans('(=,', '---', ')'))}.{side}.csv"
    return line | {"file": name}, _file(Path(name), behind.rows)
