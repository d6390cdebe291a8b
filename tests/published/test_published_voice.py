"""Published numbers of the voice of the customer come out of the public functions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from published_facts import Check, PublishedFile

import carestudy as cs


def test_reasons_for_leaving_in_two_languages_have_the_themes_of_their_writer(
    check: Check, published_file: PublishedFile
) -> None:
    published = check("e09-bilingual-themes-shared")
    reasons = pd.read_csv(published_file(published["input"]["file"]))
    found = cs.themes.coded(reasons["text"])
    first = found[found["tone"] != "praise"].drop_duplicates("text").set_index("text")["theme"]
    assert len(reasons) == published["expected"]["n"]
    assert (reasons["theme"] == first.reindex(reasons.index)).mean() >= published["expected"]["accuracy_at_least"]


def test_comments_to_a_bank_about_its_service_are_told_from_the_others(shared: Path) -> None:
    # Not published as such: the topics are those of UTS2017_Bank, the bounds what was measured, rounded down.
    bank = pd.read_csv(shared / "data" / "vi_uts2017_bank" / "vi_bank_feedback.csv")
    angry = bank[(bank["overall"] == "NEGATIVE") & (bank["split"] == "test")]
    found = cs.themes.coded(angry["text"])
    found = found[found["theme"].isin(["staff", "waiting", "bot"]) & (found["tone"] != "praise")]
    service = angry["aspects"].str.contains("CUSTOMER SUPPORT")
    coded = pd.Series(angry.index.isin(found["text"]), angry.index)
    assert (coded & service).sum() / coded.sum() > 0.85
    assert (coded & service).sum() / service.sum() > 0.40


def test_the_ski_binding_of_matzler_and_hinterhuber_is_a_must(check: Check) -> None:
    published = check("f05-kano")
    pairs = {kano: pair.split("|") for pair, kano in published["input"]["table"].items()}
    shares = published["input"]["edge_grip_pct"]
    rows = [pairs[kano] for kano, share in shares.items() for _ in range(round(10 * share))]
    answers = pd.DataFrame(rows, columns=["functional", "dysfunctional"]).assign(attribute="edge grip")
    (row,) = cs.kano(answers).to_dict("records")
    for name in ("better", "worse"):
        assert row[name] == pytest.approx(published["expected"][name], abs=published["tolerance"]["abs"])
    assert (row["category"], row["verdict"]) == (published["expected"]["class"], "must-be")


def test_the_evaluation_table_is_that_of_the_books(check: Check) -> None:
    published = check("f05-kano")
    table = published["input"]["table"]
    assert len(table) == published["expected"]["n_cells"]
    for pair, kano in table.items():
        functional, dysfunctional = pair.split("|")
        answers = pd.DataFrame({"attribute": ["a"], "functional": [functional], "dysfunctional": [dysfunctional]})
        counts = cs.kano(answers).iloc[0]
        assert {name: counts[name] for name in "AOMIRQ"} == {name: int(name == kano) for name in "AOMIRQ"}
