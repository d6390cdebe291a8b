"""Published decompositions of a change come out of the public functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from companies import answers
from published_facts import Check

from carestudy import kpi
from carestudy.measure import kitagawa as mix
from carestudy.whys import why


def test_headship_rates_split_as_in_das_gupta(check: Check) -> None:
    published = check("l01-kitagawa-headship")
    given, expected, near = published["input"], published["expected"], published["tolerance"]
    parts = [given[name] for name in ("size_1970", "rate_1970", "size_1985", "rate_1985")]
    split = mix.kitagawa(*parts)
    assert split["mix"].sum() == pytest.approx(expected["mix"], **near)
    assert split["rate"].sum() == pytest.approx(expected["rate"], **near)
    contributions = split["share_now"] * split["rate_now"] - split["share_before"] * split["rate_before"]
    assert (split["mix"] + split["rate"]).to_numpy() == pytest.approx(contributions.to_numpy(), abs=1e-12)
    assert contributions.sum() == pytest.approx(expected["crude1"] - expected["crude0"], abs=2e-4)


def test_an_nps_whose_segments_stand_still_moves_by_its_mix_alone(check: Check) -> None:
    published = check("l04-nps-mix-only")
    counts = [published["input"][period] for period in ("period0", "period1")]
    sizes = [[sum(one) for one in period.values()] for period in counts]
    scores = [[(one[0] - one[2]) / sum(one) for one in period.values()] for period in counts]
    split = mix.kitagawa(sizes[0], scores[0], sizes[1], scores[1])
    for effect in ("mix", "rate"):
        assert split[effect].sum() == pytest.approx(published["expected"][effect], **published["tolerance"])


def test_the_same_nps_from_rows_moves_by_its_mix_alone(check: Check) -> None:
    published = check("l04-nps-mix-only")
    columns: dict[str, list[Any]] = {"score": [], "channel": [], "answered_at": []}
    for day, name in (("2026-09-10 10:00", "period0"), ("2026-10-10 10:00", "period1")):
        for channel, counted in published["input"][name].items():
            for score, times in zip((10, 7, 0), counted, strict=True):
                columns["score"] += [score] * times
                columns["channel"] += [channel] * times
                columns["answered_at"] += [day] * times
    rows = answers(columns.pop("score"), "nps", **columns)
    found = why(kpi.nps, {"responses": rows}, period="2026-10", by="channel")
    expected = published["expected"]
    assert np.array([found.before, found.now]) / 100 == pytest.approx([expected["nps0"], expected["nps1"]], abs=1e-12)
    effects = found.total.set_index("part")["value"] / 100
    assert effects["mix"] == pytest.approx(expected["mix"], **published["tolerance"])
    assert effects["rate"] == pytest.approx(expected["rate"], **published["tolerance"])
    assert found.simpson
