"""The package keeps its shape: imports point down, pieces stay small, and nothing asks the clock."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "carestudy"
# From the bottom up. A part may import what stands before it; those of one row may not import each other.
LAYERS = [
    {"contract", "hooks"},
    {"periods", "hours", "zones", "rendering", "stopping", "arguments", "memory"},
    {"stats"},
    {"engine"},
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
        "nonresponse",
        "campaigns",
        "expected",
        "trends",
        "whys",
    },
    {"eight_questions", "audiences", "forecasts"},
    {"findings"},
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
# The simulated company is data: it knows the contract, and only the command line and the package's front know it.
APART = {"demo": {"contract", "periods"}}

QUERIES = f"{PACKAGE}.engine.queries"
# What opens an engine; everything else above the seam states what it needs in the words of the seam.
OPENS_AN_ENGINE = {f"{PACKAGE}.load.engine", f"{PACKAGE}.load.databases"}
BEHIND_THE_SEAM = {"ibis", "sqlglot", "duckdb", "psycopg", "pyspark"}

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
KPIS = [name for name in PATHS if name.startswith(f"{PACKAGE}.kpi")]


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(PATHS[module].read_text("utf-8"))


@cache
def _nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(_tree(module)))


def _faults(rule: Callable[[str], Iterable[str]], modules: Iterable[str] = PATHS) -> dict[str, list[str]]:
    """What breaks a rule, by module: every module at once, so that one run lists them all."""
    faults = {module: list(rule(module)) for module in modules}
    return {module: broken for module, broken in faults.items() if broken}


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
    nodes = [node for node in _nodes(module) if late or id(node) not in inside]
    return {found for node in nodes for found in _imported(module, node)}


def _run_by(module: str) -> set[str]:
    """What importing a module runs first: its imports, and the packages they stand in unless it stands there too."""
    imports = _imports(module, late=False)
    packages = {name for found in imports for name in accumulate(found.split("."), "{}.{}".format)} - {PACKAGE}
    return imports | {name for name in packages if not f"{module}.".startswith(f"{name}.")}


def _functions(module: str) -> list[Function]:
    return [node for node in _nodes(module) if isinstance(node, Function)]


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
    return HEIGHT.get(below, len(LAYERS)) < HEIGHT.get(part, 0)


def test_every_module_has_its_place_in_the_layers() -> None:
    assert {_part(module) for module in PATHS} <= {"", *HEIGHT, *APART}


def test_imports_point_down() -> None:
    assert _faults(lambda module: [other for other in sorted(_imports(module)) if not _may_import(module, other)]) == {}


def test_no_imports_go_in_a_circle() -> None:
    graph = {module: _run_by(module) for module in PATHS}
    graphlib.TopologicalSorter(graph).prepare()


def _in_circles() -> list[str]:
    """The modules that import themselves by way of others, imports inside functions counted."""
    graph = {module: _imports(module) - _typing_only(module) for module in PATHS}
    reached = {module: set(imports) for module, imports in graph.items()}
    while grown := {module: more for module in PATHS if (more := _next(reached, module) - reached[module])}:
        for module, more in grown.items():
            reached[module] |= more
    return sorted(module for module in PATHS if module in reached[module])


def _next(reached: dict[str, set[str]], module: str) -> set[str]:
    return set().union(*(reached[other] for other in reached[module]))


def _typing_only(module: str) -> set[str]:
    """What a module imports for type checkers alone, and so never when it runs."""
    guarded = [
        node for node in _nodes(module) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    inside = {id(inner) for node in guarded for inner in ast.walk(node)}
    never = {found for node in _nodes(module) if id(node) in inside for found in _imported(module, node)}
    return never - {found for node in _nodes(module) if id(node) not in inside for found in _imported(module, node)}


def test_imports_inside_functions_go_in_no_circle_either() -> None:
    assert _in_circles() == []


def test_a_file_holds_one_idea() -> None:
    lines = {module: len(path.read_text("utf-8").splitlines()) for module, path in PATHS.items()}
    assert {module: count for module, count in lines.items() if count > LONGEST_FILE} == {}


def test_a_function_can_be_read_at_a_glance() -> None:
    def too_long(module: str) -> list[str]:
        return [function.name for function in _functions(module) if _lines_of_code(function) > LONGEST_FUNCTION]

    assert _faults(too_long) == {}


def test_a_module_is_named_for_what_it_is_about() -> None:
    assert _faults(lambda module: NAMELESS.intersection(module.split("."))) == {}


def _fetches(module: str) -> list[str]:
    calls = [node.func for node in _nodes(module) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr == "to_pyarrow"]


def test_results_leave_the_engine_by_one_door() -> None:
    # What goes wrong there is one line without data, and a reader who may write nothing is served (engine/queries.py).
    elsewhere = [name for name in PATHS if _part(name) not in BELOW_THE_DOOR and name != QUERIES]
    assert _faults(_fetches, elsewhere) == {}
    assert _fetches(QUERIES)


def _libraries(module: str) -> set[str]:
    """The libraries that a module imports anywhere: in functions and for type checkers as well."""
    modules: set[str] = set()
    for node in _nodes(module):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules.add(node.module or "")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            modules.add(ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else "")
    return {name.partition(".")[0] for name in modules}


def _engine_libraries(module: str) -> list[str]:
    return sorted(_libraries(module) & BEHIND_THE_SEAM)


def test_only_the_seam_and_what_opens_an_engine_know_the_library_of_engines() -> None:
    above = [name for name in PATHS if _part(name) not in ("engine", *APART)]
    assert _faults(_engine_libraries, above).keys() == OPENS_AN_ENGINE
    assert "ibis" in _engine_libraries(f"{PACKAGE}.engine.expressions")


def _asks_the_clock(node: ast.AST, called: set[int]) -> bool:
    """``datetime.now`` called or handed on; an attribute of our own that is named ``now`` is neither."""
    if isinstance(node, ast.ImportFrom):
        return any(f"{node.module}.{alias.name}" in CLOCK_OF_THE_MACHINE for alias in node.names)
    if not isinstance(node, ast.Attribute):
        return False
    owner = ast.unparse(node.value).lower()
    of_time = id(node) in called or re.search(r"(?:\b|_)(?:date|time)", owner) is not None
    return (node.attr in CLOCK and of_time) or ast.unparse(node) in CLOCK_OF_THE_MACHINE


def _clocks(module: str) -> list[str]:
    called = {id(node.func) for node in _nodes(module) if isinstance(node, ast.Call)}
    return [ast.unparse(node) for node in _nodes(module) if _asks_the_clock(node, called)]


def test_nothing_but_the_command_line_asks_the_clock() -> None:
    assert _faults(_clocks) == {THE_RUN_OF_TODAY: ["datetime.now"]}


def _undocumented(module: str) -> list[str]:
    classes = [node for node in _tree(module).body if isinstance(node, ast.ClassDef)]
    public = [
        node
        for body in (_tree(module).body, *(kind.body for kind in classes if not kind.name.startswith("_")))
        for node in body
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
    ]
    return [node.name for node in public if ast.get_docstring(node) is None]


def test_everything_public_says_what_it_is() -> None:
    assert _faults(_undocumented) == {}


def _arithmetic(module: str) -> list[str]:
    nodes = _nodes(module)
    divisions = [node for node in nodes if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)]
    methods = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return [*map(ast.unparse, divisions), *(methods & {"mean", "quantile", "memtable"}), *(names & {"memtable"})]


def test_a_figure_leaves_arithmetic_to_the_engine_room() -> None:
    # Engines divide, average and rank differently: kpi/ only says what is counted (measure/ does the rest).
    assert _faults(_arithmetic, KPIS) == {}
