"""Kinds of figures and units know themselves: what switches on them elsewhere is counted, and so are import cycles.

A kind is a class (``carestudy.measure.kinds``), a unit an object (``carestudy.measure.units``). Before they were, 42
places compared a kind's name, and 17 files that of a unit.
"""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

from carestudy.kpi import ALL
from carestudy.measure.kind import Kind
from carestudy.measure.units import UNITS

ROOT = Path(__file__).parents[1]
TREES = {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in (ROOT / "carestudy").rglob("*.py")}
KINDS = {type(kpi) for kpi in ALL.values()}
NAMES = {kind.__name__ for kind in KINDS} | {kind.__name__.lower() for kind in KINDS}
PLACES_OF_KINDS, FILES_OF_UNITS = 0, 3


def _switches(tree: ast.Module, attribute: str, names: set[str]) -> Iterator[str]:
    """Comparisons, matches and look-ups of ``x.attribute``, or of a variable called so, with one of the names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            subjects, others = [side for side in sides if _is_of(side, attribute)], sides
        elif isinstance(node, ast.Match):
            subjects, others = [node.subject] if _is_of(node.subject, attribute) else [], list(ast.walk(node))
        else:
            continue
        texts = {part.value for other in others for part in ast.walk(other) if isinstance(part, ast.Constant)}
        if subjects and texts & names:
            yield ast.unparse(node).splitlines()[0]


def _is_of(node: ast.AST, attribute: str) -> bool:
    return getattr(node, "attr", getattr(node, "id", None)) == attribute


def _isinstances(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "type"):
            classes = {
                part.id for argument in node.args[1:] for part in ast.walk(argument) if isinstance(part, ast.Name)
            }
            if classes & NAMES:
                yield ast.unparse(node)


def test_nothing_switches_on_the_kind_of_a_figure() -> None:
    places = [
        f"{path}: {place}"
        for path, tree in TREES.items()
        for place in (*_switches(tree, "kind", NAMES), *_isinstances(tree))
    ]
    assert len(places) <= PLACES_OF_KINDS, places
    assert not any(hasattr(kpi, "kind") for kpi in ALL.values())


def test_few_files_switch_on_a_unit() -> None:
    # Hours that data know as days only, the steps of a survival curve, and what "3 months ago" means in a cell.
    files = {str(path) for path, tree in TREES.items() if [*_switches(tree, "unit", set(UNITS))]}
    assert len(files) <= FILES_OF_UNITS, files


def test_a_kind_stands_in_a_file_of_its_own() -> None:
    files = {kind: Path(str(kind.__module__).replace(".", "/") + ".py") for kind in KINDS}
    assert len(set(files.values())) == len(KINDS) == 7
    assert all(issubclass(kind, Kind) and path.stem.startswith(kind.__name__.lower()) for kind, path in files.items())


def test_measure_imports_nothing_in_a_circle_not_even_within_functions() -> None:
    graph: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        imported = {
            f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        graph[_module(path)] = {name if name in _MODULES else name.rpartition(".")[0] for name in imported} & _MODULES
    # What leaves measure within a function goes through the late doors that test_layers.py declares.
    inside = {name for name in graph if name.startswith("carestudy.measure")}
    graphlib.TopologicalSorter({name: graph[name] & inside - {name} for name in inside}).prepare()


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


_MODULES = {_module(path) for path in TREES}
