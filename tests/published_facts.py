"""Facts that others have published, each with its source: input, expected numbers and their tolerance."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Check = Callable[[str], dict[str, Any]]
PublishedFile = Callable[[str], Path]
HERE = Path(__file__).parent / "published"
FACTS: dict[str, dict[str, Any]] = {fact["id"]: fact for fact in json.loads((HERE / "facts.json").read_text("utf-8"))}
