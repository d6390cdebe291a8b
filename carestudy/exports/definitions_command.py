"""The command ``carestudy export-definitions``: what figures are made of, for tools that compute metrics themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from carestudy.contract import CareError


def define(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the export of definitions to the command line."""
    export = commands.add_parser("export-definitions", help="write the definitions of figures for dbt or OSI")
    export.add_argument("--format", required=True, choices=("metricflow", "osi"), help="dbt's YAML, or OSI's JSON")
    export.add_argument("--out", type=Path, required=True, help="the file to write")
    export.add_argument("--replace", action="store_true", help="replace the file where there is one")
    export.set_defaults(command=_export)


def _export(arguments: argparse.Namespace) -> tuple[Iterable[object], int]:
    if arguments.out.exists() and not arguments.replace:
        raise CareError(f"{arguments.out.name} is there already: add --replace, or name another file")
    from carestudy.exports.definition_files import FORMATS
    from carestudy.exports.definitions import definitions
    from carestudy.exports.files import write

    exported, refused = definitions()
    write({arguments.out: FORMATS[arguments.format].write(exported).encode()})
    lines = [f"not exported: {name}: {reason}" for name, reason in refused.items()]
    return [f"exported: {len(exported)} figures", *lines, arguments.out], 0
