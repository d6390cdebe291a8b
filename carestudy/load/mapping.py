"""How care.toml writes dates, numbers and encodings, and how a name in it that is not known is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from carestudy import zones
from carestudy.contract import CareError, listed

FILE = "care.toml"
NUMBERS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1234.5": ("", "."), "1234,5": ("", ",")}
# Forms of days that are counted, not written.
COUNTED = ("excel", "excel-1904", "epoch", "epoch-ms")
SWAPPED = "swapped"  # days that a spreadsheet read with month and day exchanged
ENCODINGS = ("cp1258", "cp1252", "utf-16-le", "utf-16-be", "utf-8")
DATES = re.compile(r"([^%]|%[aAbBdfHIjmMpSyY%])+")
DAY = (("%Y", "%y"), ("%m", "%b", "%B", "%j"), ("%d", "%j"))


def known(name: str, names: Sequence[str], where: str) -> None:
    """Refuse a name that is none of these, with the nearest of them."""
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {listed(names)}"
        raise CareError(f"{where}: '{name}' is not known; {hint}")


def zone(written: str, where: str) -> str:
    """The name of a time zone, written so or as an offset; one that nobody knows is refused."""
    if (name := zones.named(written)) is None:
        raise CareError(f"{where}: timezone '{written}' is not known; such as Asia/Ho_Chi_Minh or +07:00")
    return name
