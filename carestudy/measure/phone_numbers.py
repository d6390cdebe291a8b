"""Phone numbers that stand as ids, in one form."""

from __future__ import annotations

from carestudy import engine

PHONE = r"^\s*\(?(\+|00)?[0-9][0-9 ().+-]{6,20}$"


def phone(column: engine.Value) -> engine.Value:
    """The number of a phone as it is dialled in Vietnam; an id that is none is itself.

    "0912 345 678", "912345678", "+84912345678" and "84-912.345.678" are one number; that of another country keeps its
    "+" and loses its signs.
    """
    bare = column.re_replace(r"[^0-9]", "").re_replace(r"^0+", "")
    home = bare.re_replace(r"^84(0?\d{9,10})$", r"\1").re_replace(r"^0+", "")
    abroad = column.re_search(r"^\s*(\+|00)") & ~column.re_search(r"^\s*(\+|00)\W*84")
    local = home.re_search(r"^\d{9,10}$")
    known = column.re_search(PHONE)
    return engine.cases(
        (known & abroad, engine.literal("+") + bare), (known & local, engine.literal("0") + home), else_=column
    )
