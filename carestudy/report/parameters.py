"""The parameters of a notebook: those its ``parameters`` cell lists, and values that are plain JSON."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from nbformat import NotebookNode

from carestudy.contract import CareError

TAG = "parameters"


def declared(notebook: NotebookNode) -> dict[str, Any]:
    """The names that the ``parameters`` cell assigns, with their defaults."""
    cells = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", ())]
    if len(cells) != 1 or cells[0].cell_type != "code":
        raise CareError(f"a report needs one code cell tagged '{TAG}'; the notebook has {len(cells)}")
    try:
        return dict(_assignment(line) for line in ast.parse(cells[0].source).body)
    except (SyntaxError, ValueError):
        raise CareError(f'the {TAG} cell may hold only lines like: period = "2026-10"') from None


def accepted(notebook: NotebookNode, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters if the notebook declares each of them and each is plain JSON; else raise ``CareError``."""
    known = declared(notebook)
    for name, value in values.items():
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise CareError(f"the notebook has no parameter '{name}', only {', '.join(known) or 'none'}{hint}")
        if not _plain(value):
            raise CareError(f"parameter '{name}' is {type(value).__name__}: a parameter is text, a number or a list")
        if known[name] is not None and type(value) is not type(known[name]):
            kinds = type(known[name]).__name__, type(value).__name__
            raise CareError(f"parameter '{name}' is {kinds[0]} in the notebook and {kinds[1]} here")
    return dict(values)


def _assignment(line: ast.stmt) -> tuple[str, Any]:
    match line:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, ast.literal_eval(value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return name, ast.literal_eval(value)
    raise ValueError(ast.dump(line))


def _plain(value: object) -> bool:
    # Exact types: a subclass, or a number of numpy, is written differently into the notebook.
    if type(value) is list:
        return all(map(_plain, value))
    if type(value) is dict:
        return all(type(key) is str and _plain(element) for key, element in value.items())
    return value is None or type(value) in (str, bool, int) or (type(value) is float and math.isfinite(value))
