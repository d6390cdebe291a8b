#!/bin/sh
# mcp 2.3.0: a tool that is declared to return a number and returns NaN is answered with null, which the library's own
# client then refuses.
#
# The server validates the number against the schema that it made of the return type, then writes NaN as null, as JSON
# has no NaN. The client validates null against the same schema and raises an error; the caller never sees the result.
# A mean of no answers is such a number. Declaring `float | None` and returning None works.
#
# Output seen:
#   mcp 2.3.0
#   mean of no answers: RuntimeError: Invalid structured content returned by tool mean_of_none: None is not of type 'number'
#   the same as None: {'result': None}
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check mcp==2.3.0

cat > server.py << 'END'
from mcp.server import MCPServer

served = MCPServer("figures", log_level="CRITICAL")


@served.tool()
def mean_of_none() -> float:
    """The mean of no answers."""
    return float("nan")


@served.tool()
def nothing() -> float | None:
    """The mean of no answers, as None."""
    return None


served.run("stdio")
END
cat > client.py << 'END'
import asyncio
import sys
from importlib.metadata import version

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    command = StdioServerParameters(command=sys.executable, args=["server.py"])
    async with stdio_client(command) as streams, ClientSession(*streams) as session:
        await session.initialize()
        try:
            refused = str((await session.call_tool("mean_of_none", {})).structured_content)
        except RuntimeError as error:
            refused = f"RuntimeError: {str(error).splitlines()[0]}"
        known = (await session.call_tool("nothing", {})).structured_content
    print(f"mcp {version('mcp')}")
    print(f"mean of no answers: {refused}")
    print(f"the same as None: {known}")
    if "None is not of type 'number'" not in refused or known != {"result": None}:
        sys.exit("changed")


asyncio.run(main())
END
venv/bin/python client.py
