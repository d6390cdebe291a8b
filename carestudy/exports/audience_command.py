"""The command ``carestudy audience``: it writes a list of customers to a file, and prints only counts and the path."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carestudy.contract import CareError

if TYPE_CHECKING:
    import pandas as pd

    from carestudy.care import Care
    from carestudy.show.words import Reader

FORMS = (".csv", ".xlsx")
OPTIONS: dict[str, tuple[type, str]] = {
    "groups": (
        str,
        "segment: RFM groups (champions,loyal), or codes or numbers of saved segments; unowned: nobody, gone",
    ),
    "saved": (str, "segment: a file of segments written by to_json, instead of RFM groups"),
    "rule": (str, "at_risk: risk, by what goes with leaving, or rfm, by who stopped buying (risk)"),
    "months": (int, "gifts: months as a customer (12); interviews: since they left (3); at_risk: ahead (1)"),
    "days": (int, "gifts: days with a purchase in twelve months (3)"),
    "top": (float, "gifts: share of those who bought most in twelve months (0.25)"),
    "by": (str, "survey: a column of the customers, to draw from each of its groups in proportion"),
    "margin": (float, "survey: points of the NPS to each side (5)"),
    "response_rate": (float, "survey: share that will answer (default: that of the invitations so far)"),
    "cooldown": (int, "survey: days without an invitation or an answer (90)"),
}


def define(commands: Any) -> None:
    """Add the command of lists to the command line."""
    audience = commands.add_parser("audience", help="write a list of customers to contact, with a reason for each")
    audience.add_argument("kind", help="segment, at_risk, gifts, interviews, unowned or survey")
    audience.add_argument("--data", required=True, help="folder or address of the data; $NAME is looked up")
    audience.add_argument("--out", type=Path, required=True, help="the file to write, .csv or .xlsx")
    audience.add_argument("--as-of", help="day the data are known up to (default: the day of the last event)")
    audience.add_argument("--lang", choices=("vi", "en"), default="vi", help="language of the reasons (default: vi)")
    audience.add_argument("--seed", default="1", help="the same seed draws the same customers (default: 1)")
    audience.add_argument("--most", type=int, help="the first so many customers only")
    audience.add_argument("--control", type=float, default=0.0, help="share to hold out, in a file of its own")
    audience.add_argument(
        "--contact-columns", default="", help="columns to add, such as phone,email (default: ids only)"
    )
    for name, (kind, words) in OPTIONS.items():
        audience.add_argument(f"--{name.replace('_', '-')}", type=kind, help=words)
    audience.set_defaults(command=_audience)


def _audience(arguments: argparse.Namespace) -> tuple[Iterable[object], int]:
    if arguments.out.suffix.lower() not in FORMS:
        raise CareError(f"a list is written as {' or '.join(FORMS)}, and {arguments.out.name} is neither")
    from carestudy.audiences import KINDS, audience
    from carestudy.campaigns import control_file
    from carestudy.exports.files import write
    from carestudy.load import load
    from carestudy.load.sources import named_by_environment
    from carestudy.show.audiences import summary
    from carestudy.show.words import Reader

    if arguments.kind not in KINDS:
        raise CareError(f"there is no audience '{arguments.kind}': choose from {', '.join(KINDS)}")
    care = load(named_by_environment(arguments.data), as_of=arguments.as_of)
    options = {name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name) is not None}
    listed = audience(
        care, arguments.kind, seed=arguments.seed, most=arguments.most, control=arguments.control, **options
    )
    reader = Reader(arguments.lang, care.settings.currency)
    contact = [name.strip() for name in arguments.contact_columns.split(",") if name.strip()]
    lines = summary(reader, listed)
    files = {arguments.out: _file(reader, care, listed.rows, contact, arguments.out, lines)}
    held = control_file(arguments.out)
    if len(listed.control):
        files[held] = _file(reader, care, listed.control, contact[:0], held, lines)
    write(files)
    return [*(f"{words}: {count}" if count else words for words, count in lines), *files], 0


def _file(
    reader: Reader, care: Care, rows: pd.DataFrame, contact: list[str], path: Path, lines: list[tuple[str, str]]
) -> bytes:
    import pandas as pd

    from carestudy.audiences import contact_columns
    from carestudy.exports.text_cells import as_csv, as_workbook
    from carestudy.show.audiences import worded

    listed = worded(reader, rows)
    listed = pd.concat([listed, contact_columns(care, listed["customer_id"].tolist(), contact)], axis=1)
    if path.suffix.lower() == ".csv":
        return as_csv(listed)
    return as_workbook(
        {
            reader.t("List"): listed,
            reader.t("Summary"): pd.DataFrame(lines, columns=[reader.t("What"), reader.t("How many")]),
        }
    )
