"""The care.toml of the simulated company, and how an earlier demo is known."""

from __future__ import annotations

import json
from pathlib import Path

MAKER = "carestudy demo"

_CARE = """\
# Công ty mô phỏng: mọi khách hàng, nhân viên và con số đều do carestudy tạo ra (carestudy demo).
# A simulated company: every customer, agent and figure is made up; what is planted stands in truths.json.

company = "Công ty Mẫu"
timezone = "Asia/Ho_Chi_Minh"   # times without a zone are in this one
currency = "VND"                # whole đồng
language = "vi"                 # the language of reports unless asked otherwise
as_of = "2026-10-31"            # the data are known up to the end of this day

# The files beside this one already have the contract's names and columns, so nothing is mapped here.
"""


def write(folder: Path) -> None:
    """Write care.toml."""
    (folder / "care.toml").write_text(_CARE, encoding="utf-8", newline="\n")


def is_demo(folder: Path) -> bool:
    """Whether a folder's truths.json was written by the demo."""
    try:
        truths = json.loads((folder / "truths.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(truths, dict) and truths.get("made_by") == MAKER
