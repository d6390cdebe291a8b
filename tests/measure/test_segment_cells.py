"""Sums by segment in two periods and what ties them together, counted by hand from customer to customer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, people

import carestudy as cs
from carestudy import kpi
from carestudy.measure.segment_cells import _segments, cells
from carestudy.periods import Period

THEN, NOW = "2026-09-05", "2026-10-05"


def months(care: Any) -> tuple[Period, Period]:
    before, now = (Period.parse(text, as_of=care.known_until) for text in ("2026-09", "2026-10"))
    return before, now


def products(customers: list[dict[tuple[int, int], tuple[int, int]]], size: int) -> np.ndarray:
    """The sums of products of customers who each have (above, below) in cells of (side, place)."""
    made = np.zeros((4 * size, 4 * size))
    for one in customers:
        mine = np.zeros(4 * size)
        for (side, place), (above, below) in one.items():
            mine[side * size + place] += above
            mine[2 * size + side * size + place] += below
        made += np.outer(mine, mine)
    return made


def test_answers_are_tied_by_the_customers_who_gave_them() -> None:
    rows = [
        ("A", THEN, "phone", 5), ("A", THEN, "phone", 1), ("A", NOW, "mail", 4), ("B", THEN, "mail", 2),
        ("B", NOW, "mail", 5), ("C", NOW, "phone", 5), ("C", NOW, "phone", 4), ("C", NOW, "mail", 3),
        ("A", NOW, "fax", None),
    ]  # fmt: skip
    who, when, where, scores = map(list, zip(*rows, strict=True))
    care = cs.load({"responses": answers(scores, customer_id=who, answered_at=when, channel=where)})
    found = cells(care, kpi.csat, "channel", *months(care), fewest=1)
    assert found.segments == (("mail",), ("phone",))
    assert found.above.tolist() == [[0, 1], [2, 2]]
    assert found.below.tolist() == found.n.tolist() == [[1, 2], [3, 2]]
    customers = [
        {(0, 1): (1, 2), (1, 0): (1, 1)}, {(0, 0): (0, 1), (1, 0): (1, 1)}, {(1, 1): (2, 2), (1, 0): (0, 1)},
    ]  # fmt: skip
    assert found.products.tolist() == products(customers, 2).tolist()


def test_products_of_amounts_beyond_64_bits_are_exact() -> None:
    rows = pd.DataFrame({"customer_id": "A", "occurred_at": [THEN, NOW], "channel": "shop", "amount": 4e9})
    care = cs.load({"transactions": rows}, currency="VND")
    found = cells(care, kpi.mean_transaction, "channel", *months(care), fewest=0)
    assert found.products[:2, :2].tolist() == [[16e18, 16e18], [16e18, 16e18]]


def test_customers_served_are_counted_once_and_tied_across_tables() -> None:
    asked = pd.DataFrame({"customer_id": ["A", "A", "B"], "opened_at": [THEN, THEN, NOW], "channel": "phone",
                          "kind": ["complaint", "question", "complaint"]})  # fmt: skip
    sold = pd.DataFrame({"customer_id": ["A", "B"], "occurred_at": [THEN, THEN], "channel": "shop", "amount": 9.0})
    care = cs.load({"contacts": asked, "transactions": sold})
    found = cells(care, kpi.complaint_rate.of(per="customer"), "channel", *months(care), fewest=0)
    # Whoever bought in the shop in September counts there, whoever asked by phone there, each once.
    assert found.below.sum(axis=1).tolist() == [3, 1]
    assert found.above.sum(axis=1).tolist() == [1, 1]


def test_customers_stand_in_one_segment_and_are_tied_over_the_months() -> None:
    rows = [
        ("A", "2026-01-05", None, "north"), ("B", "2026-01-05", "2026-09-05", "north"),
        ("C", "2026-01-05", "2026-10-05", "north"), ("D", "2026-09-10", "2026-10-09", "south"),
        ("E", "2026-01-05", None, "south"), ("F", "2026-10-20", None, "south"),
    ]  # fmt: skip
    care = cs.load({"customers": people(*rows, columns="region")}, as_of="2026-10-31")
    found = cells(care, kpi.retention_rate, "region", *months(care), fewest=1)
    stays = {"A": (0, [1, 1]), "B": (0, [0, None]), "C": (0, [1, 0]), "D": (1, [None, 0]), "E": (1, [1, 1])}
    customers = [
        {(side, place): (kept, 1) for side, kept in enumerate(both) if kept is not None}
        for place, both in stays.values()
    ]
    assert found.segments == (("north",), ("south",))
    assert (found.above.tolist(), found.below.tolist()) == ([[2, 1], [1, 1]], [[3, 1], [2, 2]])
    assert found.n.tolist() == found.below.tolist()
    assert found.products.tolist() == products(customers, 2).tolist()


Sums = dict[str | None, tuple[tuple[int, int, int], tuple[int, int, int]]]
WHOLE = ((9, 90, 90), (9, 90, 90))


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ({"A": ((9, 30, 30), (9, 30, 30)), "B": ((9, 29, 29), (9, 90, 90))}, [("A",), ("B",)]),
        ({"Z": ((0, 1, 1), (0, 9, 9)), "A": WHOLE, "B": ((9, 90, 90), (9, 29, 29))}, [("A",), ("B", "Z")]),
        ({"A": WHOLE, "B": ((0, 0, 0), (0, 0, 0))}, [("A",)]),
        ({None: ((0, 1, 1), (0, 1, 1)), "B": WHOLE, "A": WHOLE}, [("A",), ("B",), (None,)]),
        ({None: ((0, 0, 0), (9, 90, 90)), "A": WHOLE}, [("A",), (None,)]),
        # What stands above the line alone joins the segment that was never large, and only that one.
        ({"A": WHOLE, "B": ((9, 80, 80), (9, 31, 31)), "C": ((9, 60, 60), (9, 40, 40)), "X": ((0, 9, 50), (5, 0, 50))},
         [("A",), ("B",), ("C", "X")]),
        ({"A": WHOLE, None: ((9, 60, 60), (9, 40, 40)), "X": ((5, 0, 50), (0, 9, 50))}, [("A",), ("X", None)]),
        # Two that lack the line on different sides need not wait for a third.
        ({"A": WHOLE, "X": ((5, 0, 50), (0, 9, 50)), "Y": ((0, 9, 50), (0, 9, 50)), "Z": ((0, 9, 9), (0, 9, 9))},
         [("A",), ("Y",), ("X", "Z")]),
    ],
)  # fmt: skip
def test_small_segments_are_put_together(sums: Sums, expected: list[Any]) -> None:
    rows = [(name, side, *found) for name, sides in sums.items() for side, found in enumerate(sides)]
    frame = pd.DataFrame(rows, columns=["segment", "side", "a", "b", "n"]).astype({"segment": object})
    frame["segment"] = frame["segment"].where(frame["segment"].notna(), None)
    assert _segments(frame, 30) == expected
