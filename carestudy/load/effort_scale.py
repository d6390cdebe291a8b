"""The scales on which a company's customers answer, as far as only all answers together tell them."""

from __future__ import annotations

from carestudy.care import Care

SCALES = (5, 7)
MANY = 10  # on a scale of 1 to 7, so many answers without a 6 or 7 are next to impossible


def ces_scale(care: Care) -> int:
    """Where the scale of the question about effort ends: as care.toml says, or at 5 where none of many is above."""
    if care.settings.ces_scale or not care.has("responses", "question", "score"):
        return care.settings.ces_scale or 7
    rows = care.tables["responses"]
    is_ces = rows.question == "ces"
    counts = rows.aggregate(answers=rows.score.count(where=is_ces), most=rows.score.max(where=is_ces))
    totals = counts.to_pyarrow().to_pylist()[0]
    return 5 if totals["answers"] >= MANY and totals["most"] <= 5 else 7
