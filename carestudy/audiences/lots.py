"""Repeatable random draws: a keyed hash of each customer decides, whatever the order of the rows."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256


def draws(ids: Iterable[str], *, seed: int | str, purpose: str) -> list[int]:
    """A number of 64 bits for each customer: the same for the same seed and purpose, and unrelated for others.

    >>> draws(["A", "B"], seed=1, purpose="survey") == draws(["B", "A"], seed=1, purpose="survey")[::-1]
    True
    """
    key = f"{seed}\x1f{purpose}".encode()
    return [int.from_bytes(hmac.new(key, customer_id.encode(), sha256).digest()[:8], "big") for customer_id in ids]
