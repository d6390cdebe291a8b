"""Write the invented exports anew: ``python tests/exports/make_exports.py``; the same every time."""

from __future__ import annotations

import invent_companies  # noqa: F401 - each registers its companies
import invent_crms  # noqa: F401
import invent_desks  # noqa: F401
import invent_markets  # noqa: F401
import invent_shops  # noqa: F401
import invent_surveys  # noqa: F401
from inventing import COMPANIES, HERE, invented, write

if __name__ == "__main__":
    for name in COMPANIES:
        write(HERE / name, invented(name))
