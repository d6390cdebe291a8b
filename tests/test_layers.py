"""The package keeps its shape: imports point down, pieces stay small, and nothing asks the clock."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "carestudy"
# From the bottom up. A part may import what stands before it; those of one row may not import each other.
LAYERS = [
    {"contract"},
    {"periods", "hours", "zones"},
    {"care"},
    {"measure"},
    {"kpi"},
    {"features", "targets"},
    {
        "overview",
        "churn",
        "themes",
        "cohorts",
        "survival",
        "typical",
        "quality",
        "segments",
        "value",
        "people",
        "desk",
        "exits",
        "expected",
        "trends",
        "whys",
    },
    {"eight_questions", "audiences"},
    {"files"},
    {"load"},
    {"recognise"},
    {"show"},
    {"report"},
    {"exports"},
    {"project", "init", "check", "doctor"},
    {"__main__"},
]
HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}
# A figure called on a plain frame loads it first; only inside that call is the door needed.
LATE = {("measure", "load")}
# The simulated company is data: it knows the contract, and only the command line and the package's front know it.
APART = {"demo": {"contract", "periods"}}

# Data are asked here before there are figures.
BELOW_THE_DOOR = {"care", "load", "recognise", "check"}
CLOCK = {"today", "now", "utcnow"}
THE_RUN_OF_TODAY = "carestudy.__main__"  # knows which month is the last one on the day of a run
CLOCK_OF_THE_MACHINE = {"time.time", "time.time_ns"}
NAMELESS = {"utils", "util", "helpers", "helper", "base", "common", "misc"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 30

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = {_module(path): path for path in sorted((ROOT / PACKAGE).rglob("*.py"))}
modules = pytest.mark.parametrize("module", PATHS)
kpi_modules = pytest.mark.parametrize("module", [name for name in PATHS if name.startswith(f"{PACKAGE}.kpi")])


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(PATHS[module].read_text("utf-8"))


def _part(module: str) -> str:
    """``kpi`` for ``carestudy.kpi.loyalty``; empty for the package's own front."""
    return module.removeprefix(PACKAGE).lstrip(".").split(".")[0]


def _absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module if PATHS[module].name == "__init__.py" else module.rpartition(".")[0]
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _imported(module: str, node: ast.AST) -> Iterator[str]:
    """The modules of the package that one statement imports."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        source = _absolute(module, node)
        within = [f"{source}.{alias.name}" for alias in node.names]
        names = [name if name in PATHS else source for name in within]
    yield from (name for name in names if name in PATHS)


def _imports(module: str, *, late: bool = True) -> set[str]:
    """What a module imports of the package; without the late ones, only what it imports when it is imported itself."""
    inside = {id(node) for function in _functions(module) for node in ast.walk(function)}
    nodes = [node for node in ast.walk(_tree(module)) if late or id(node) not in inside]
    return {found for node in nodes for found in _imported(module, node)}


def _run_by(module: str) -> set[str]:
    """What importing a module runs first: its imports, and the packages they stand in unless it stands there too."""
    imports = _imports(module, late=False)
    packages = {name for found in imports for name in accumulate(found.split("."), "{}.{}".format)} - {PACKAGE}
    return imports | {name for name in packages if not f"{module}.".startswith(f"{name}.")}


def _functions(module: str) -> list[Function]:
    return [node for node in ast.walk(_tree(module)) if isinstance(node, Function)]


def _lines_of_code(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _may_import(module: str, other: str) -> bool:
    part, below = _part(module), _part(other)
    if not part or part == below or (part == "__main__" and not below):
        return True
    if part in APART:
        return below in APART[part]
    if below in APART:
        return part == "__main__"
    if (part, below) in LATE:
        return other not in _imports(module, late=False)
    return HEIGHT.get(below, len(LAYERS)) < HEIGHT.get(part, 0)


@modules
def test_every_module_has_its_place_in_the_layers(module: str) -> None:
    assert _part(module) in {"", *HEIGHT, *APART}


@modules
def test_imports_point_down(module: str) -> None:
    assert [other for other in sorted(_imports(module)) if not _may_import(module, other)] == []


def test_no_imports_go_in_a_circle() -> None:
    graph = {module: _run_by(module) for module in PATHS}
    graphlib.TopologicalSorter(graph).prepare()


@modules
def test_a_file_holds_one_idea(module: str) -> None:
    assert len(PATHS[module].read_text("utf-8").splitlines()) <= LONGEST_FILE


@modules
def test_a_function_can_be_read_at_a_glance(module: str) -> None:
    assert [found.name for found in _functions(module) if _lines_of_code(found) > LONGEST_FUNCTION] == []


@modules
def test_a_module_is_named_for_what_it_is_about(module: str) -> None:
    assert NAMELESS.isdisjoint(module.split("."))


@modules
def test_results_leave_the_engine_by_one_door(module: str) -> None:
    # What goes wrong there is one line without data, and a reader who may write nothing is served (measure/engine.py).
    if _part(module) in BELOW_THE_DOOR or module == f"{PACKAGE}.measure.engine":
        return
    calls = [node.func for node in ast.walk(_tree(module)) if isinstance(node, ast.Call)]
    assert [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr == "to_pyarrow"] == []


def _asks_the_clock(node: ast.AST, called: set[int]) -> bool:
    """``datetime.now`` called or handed on; an attribute of our own that is named ``now`` is neither."""
    if isinstance(node, ast.ImportFrom):
        return any(f"{node.module}.{alias.name}" in CLOCK_OF_THE_MACHINE for alias in node.names)
    if not isinstance(node, ast.Attribute):
        return False
    owner = ast.unparse(node.value).lower()
    of_time = id(node) in called or "date" in owner or "time" in owner
    return (node.attr in CLOCK and of_time) or ast.unparse(node) in CLOCK_OF_THE_MACHINE


@modules
def test_nothing_asks_the_clock(module: str) -> None:
    nodes = list(ast.walk(_tree(module)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    allowed = ["datetime.now"] if module == THE_RUN_OF_TODAY else []
    assert [ast.unparse(node) for node in nodes if _asks_the_clock(node, called)] == allowed


@modules
def test_everything_public_says_what_it_is(module: str) -> None:
    classes = [node for node in _tree(module).body if isinstance(node, ast.ClassDef)]
    public = [
        node
        for body in (_tree(module).body, *(found.body for found in classes if not found.name.startswith("_")))
        for node in body
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [node.name for node in public if ast.get_docstring(node) is None] == []


@kpi_modules
def test_a_figure_leaves_arithmetic_to_the_engine_room(module: str) -> None:
    # Engines divide, average and rank differently: kpi/ only says what is counted (measure/ does the rest).
    nodes = list(ast.walk(_tree(module)))
    divisions = [node for node in nodes if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)]
    methods = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    assert divisions == []
    assert methods & {"mean", "quantile", "memtable"} | names & {"memtable"} == set()
