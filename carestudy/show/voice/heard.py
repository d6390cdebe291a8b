"""Whose voice it is, and what the codebook missed: counts in sentences."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from carestudy.show import dates
from carestudy.show.numbers import Form, cases, is_missing, number
from carestudy.show.output import Output
from carestudy.show.words import Reader

BOX = Markup('<p class="care-title">{title}</p><p>{sentence}</p><p><small>{note}</small></p>')


def heard(reader: Reader, frame: pd.DataFrame) -> Output:
    """How many customers answered and wrote, of how many there are."""
    row, t, share = frame.iloc[0], reader.t, Form(reader, "share")
    fields = {name: number(reader, row[name]) for name in ("surveys", "comments", "customers", "of")}
    fields["period"] = dates.heading(reader, row["period"])
    if is_missing(row["customers"]) or not row["surveys"]:
        title = t("{period}: {surveys} surveys answered, {comments} with a comment", **fields)
        sentence = ""
    else:
        title = t("{period}: {customers} customers answered a survey", **fields)
        sentence = t("They answered {surveys} surveys, and {comments} answers have a comment.", **fields)
    if not is_missing(row["of"]) and not is_missing(row["customers"]) and row["of"]:
        fields["share"] = share.value(row["customers"] / row["of"])
        sentence += " " + t(
            "At the end of the period the company has {of} customers: {share} of that number.", **fields
        )
    note = t("Scores and comments are those of the customers who answered; the others may think differently.")
    return box(title, sentence.strip(), note)


def missed(reader: Reader, frame: pd.DataFrame, left: pd.DataFrame) -> Output:
    """How many comments have no theme, in which languages, and into how many groups of like words they fall."""
    t, share = reader.t, Form(reader, "share")
    row = frame[frame["theme"].isna()].iloc[0]
    if not row["n"]:
        return box(t("No comments in this period"), "", t("There is nothing that the codebook could have missed."))
    fields = {
        "n": number(reader, row["count"]),
        "all": number(reader, row["n"]),
        "share": share.value(1 - row["share"]),
    }
    title = t("{share} of the comments have a theme of the codebook", **fields)
    sentence = t("{n} of {all} comments have none.", **fields)
    kinds = {"vi": t("Vietnamese"), "vi0": t("Vietnamese without accents"), "en": t("English"), "?": t("unclear")}
    sizes = left.groupby("language")["n"].sum()
    text = "; ".join(f"{kinds[lang]} {number(reader, sizes[lang])}" for lang in kinds if lang in sizes.index)
    if text:
        groups = int((left["group"] > 0).sum())
        sentence += " " + t("By language: {languages}.", languages=text)
        sentence += " " + t("Groups of like words that a person may name: {n}.", n=number(reader, groups))
    note = t(
        "Themes are recognised by phrases, which miss jokes, irony and new words: have someone read a sample "
        "from time to time."
    )
    return box(title, sentence, f"{note} ({cases(reader, row['n'])})")


def box(title: str, sentence: str, note: str) -> Output:
    """A title, a sentence and a note."""
    html = BOX.format(title=title, sentence=sentence, note=note)
    return Output(html, "\n".join(filter(None, (title, sentence, note))), looks=("table",))
