"""Results that a notebook shows as HTML, in the language of the company whose data they come from."""

from __future__ import annotations

from carestudy import hooks

LANGUAGE, CURRENCY = "vi", "VND"  # of results of plain numbers, which belong to no company


class Rendered:
    """A result with an HTML form beside its plain text; ``carestudy.show.results`` writes it."""

    _reader: tuple[str, str] = (LANGUAGE, CURRENCY)

    def read_in(self, language: str, currency: str) -> None:
        """Set the language and currency of the HTML, which are no part of the result itself."""
        object.__setattr__(self, "_reader", (language, currency))

    def _repr_html_(self) -> str:
        return hooks.html(self, *self._reader)
