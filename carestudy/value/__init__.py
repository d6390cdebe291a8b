"""What a customer is worth: what customers have brought so far."""

from carestudy.value.historic import value_to_date

__all__ = ["value_to_date"]
