"""The command ``carestudy mcp``: published figures for assistants, read only, over the Model Context Protocol."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from carestudy.contract import CareError

if TYPE_CHECKING:
    from mcp.server import MCPServer

P = ParamSpec("P")
Answer = TypeVar("Answer")
INSTRUCTIONS = """Figures of published customer-care reports, as they were published. Say a value with its 95 %
interval, its number of cases n and the day the data are known up to (as_of), and use the given definition. A value of
null has none: say the reason, and do not estimate it. Groups that were too small are suppressed: do not derive them.
There are no rows of data here."""


def define(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the server for assistants to the command line."""
    mcp = commands.add_parser("mcp", help="let assistants read published figures, by the Model Context Protocol")
    mcp.add_argument("reports", type=Path, help="the folder that carestudy report wrote to")
    mcp.set_defaults(command=_serve)


def _serve(arguments: argparse.Namespace) -> tuple[Iterable[object], int]:
    if not arguments.reports.is_dir():
        raise CareError(f"there is no folder {arguments.reports.name} of reports")
    server(arguments.reports).run("stdio")
    return [], 0


def server(folder: Path) -> MCPServer:
    """The server of a folder of reports: four tools, all of which only read."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError:
        raise CareError("this needs the MCP library: pip install 'carestudy[mcp]'") from None
    from carestudy.exports.published_figures import PublishedReports

    reports = PublishedReports(folder)
    served = MCPServer("carestudy", version=version("carestudy"), instructions=INSTRUCTIONS, log_level="CRITICAL")
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (reports.list_reports, reports.get_figure, reports.compare_periods, reports.get_findings):
        served.add_tool(_answering(tool, ToolError), annotations=reads)
    return served


def _answering(tool: Callable[P, Answer], refusal: type[Exception]) -> Callable[P, Answer]:
    """A tool whose refusals the assistant reads: of any other error the library tells no more than that it happened."""

    @wraps(tool)
    def answer(*arguments: P.args, **named: P.kwargs) -> Answer:
        try:
            return tool(*arguments, **named)
        except CareError as problem:
            raise refusal(str(problem)) from None

    return answer
