"""A page in a real Chromium, asked over its own protocol what it sees."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import websocket

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
]

AXE = """axe.run().then(found => found.violations.map(
    one => [one.impact, one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]))"""


class Tab:
    """One open page: what it asked the network for, what it complained of, and answers to questions."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._number = socket, 0
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command; what happens meanwhile is remembered."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == self._number:
                return dict(told.get("result", {}))
            self._remember(told)

    def value(self, script: str) -> Any:
        """What a line of script gives; the protocol may ask where the page itself may not run anything."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, page: Path, width: int) -> None:
        """Load a page in a window of this width, and wait until it is whole."""
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.requests.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while self.value("document.readyState") != "complete":
            time.sleep(0.05)

    def barriers(self) -> list[Any]:
        """What would seriously keep people from using the page, as axe finds it: a keyboard, contrast, names."""
        self.value(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
        told = self.ask("Runtime.evaluate", awaitPromise=True, returnByValue=True, expression=AXE)
        return [one for one in told["result"]["value"] if one[0] in ("serious", "critical")]

    def _remember(self, told: dict[str, Any]) -> None:
        match told.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(told["params"]["request"]["url"])
            case "Log.entryAdded":
                self.complaints.append(told["params"]["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["params"])[:300])


@contextmanager
def tab(chromium: str, folder: Path) -> Iterator[Tab]:
    """A browser of its own with one tab, closed afterwards."""
    command = [chromium, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            port, path = _address(folder / "DevToolsActivePort", process)
            socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60)
            browser = Tab(socket)
            target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
            page = websocket.create_connection(f"ws://127.0.0.1:{port}/devtools/page/{target}", timeout=60)
            yield Tab(page)
            page.close()
            socket.close()
        finally:
            process.terminate()
            process.wait(timeout=30)


def _address(file: Path, process: subprocess.Popen[bytes]) -> list[str]:
    for _ in range(600):
        if file.exists() and len(lines := file.read_text().split("\n")) == 2:
            return lines
        assert process.poll() is None, "Chromium did not start"
        time.sleep(0.05)
    raise AssertionError("Chromium gave no address")
