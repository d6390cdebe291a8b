"""What customers have in common where a model of them has its maximum at a border, and where it is held then."""

from __future__ import annotations

STAY = "nobody leaves"
CHANCE = "one chance of leaving"
RATE = "one rate of buying"
LEVEL = "one mean amount"
STEADY = "each their own amount"
EQUAL = "one amount"

# A spread of so large a shape is none, and a chance so small is none; further out only rounding would change.
ALIKE, NONE = 1e4, 1e-7
