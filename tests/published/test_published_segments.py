"""Published numbers of groups come out of the public functions."""

from __future__ import annotations

import pandas as pd
import pytest
from published_facts import Check, PublishedFile

from carestudy import clusters


def test_the_groups_of_fishers_iris(check: Check, published_file: PublishedFile) -> None:
    published = check("i01-kmeans-iris")
    flowers = pd.read_csv(published_file(published["input"]["file"]))
    rows, species = flowers.iloc[:, :4], flowers.iloc[:, 4]
    found = {k: clusters.kmeans(rows, k) for k in (2, 3, 4)}
    expected, near = published["expected"], {"abs": published["tolerance"]["abs"]}
    assert [found[k].inertia for k in found] == pytest.approx(expected["inertia"], **near)
    assert sorted(found[3].sizes.tolist()) == expected["sizes3"]
    assert clusters.adjusted_rand(species, found[3].labels) == pytest.approx(expected["ari3"], **near)
    apart = [clusters.silhouette(rows, found[k].labels) for k in (2, 3)]
    assert apart == pytest.approx(expected["silhouette"], **near)


def test_the_adjusted_rand_index_of_three_pairs(check: Check) -> None:
    published = check("i04-ari")
    found = [clusters.adjusted_rand(*pair) for pair in published["input"]["pairs"]]
    assert found == pytest.approx(published["expected"]["ari"], abs=published["tolerance"]["abs"])
