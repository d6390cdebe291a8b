"""Functions of higher layers that lower layers call: the package's front registers them, so that imports point down.

A figure called on plain frames loads them first, and a result is drawn when a notebook shows it; both stand above.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

load: Callable[[Any], Any]  # carestudy.load.load: data in any form become checked tables
html: Callable[[object, str, str], str]  # carestudy.show.results.html: a result, its language and currency
