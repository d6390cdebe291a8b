"""Audiences: lists of customers for those who write, call or send, with a reason for each and ids only.

A list is built in these steps; a customer who is left out is counted at the first step that applies:

1. gone: no longer a customer (not checked for lost customers who are to be interviewed);
2. the list's own conditions: for a gift, too new, bought too seldom, bought too little;
3. consent: refused, or not known, where the data have the column;
4. an open complaint (gifts and surveys);
5. invited to a survey or answered one in the last days (surveys);
6. not drawn for the sample (surveys), or beyond the requested number;
7. held out as the control group.

A step that needs a missing table or column is skipped; the audience lists it in ``unchecked``.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints

import pandas as pd

from carestudy.audiences import people
from carestudy.audiences.kinds import KINDS, UNMET, Candidates
from carestudy.audiences.lots import draws
from carestudy.audiences.people import contact_columns
from carestudy.audiences.survey_sample import Plan, answers_needed, plan, sample
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure.front import reads
from carestudy.measure.options import Count, Days, accepted
from carestudy.measure.signatures import keyword, listing
from carestudy.rendering import Rendered

__all__ = ["KINDS", "Audience", "Plan", "answers_needed", "audience", "contact_columns", "draws", "plan", "sample"]

# The reasons why a customer is not on the list, in the order of the steps.
STEPS = ("gone", *UNMET, "consent", "complaint", "asked", "not_drawn", "beyond", "control")
OF_SURVEYS = {"margin": 5.0, "response_rate": None, "cooldown": 90}
OPTIONS_OF_SURVEYS = {"margin": float, "response_rate": float, "cooldown": Days}


@dataclass(frozen=True)
class Audience(Rendered):
    """A list of customers; its printed form states how many they are, and never who.

    ``rows`` and ``control`` have customer_id, ``why`` and the facts behind the reason; ``left_out`` says how many of
    the ``considered`` were left out at which step; ``unchecked`` names the steps that the data do not allow; ``plan``
    is that of a survey.
    """

    kind: str
    known_until: str
    considered: int
    rows: pd.DataFrame = field(repr=False)
    control: pd.DataFrame = field(repr=False)
    left_out: pd.DataFrame = field(repr=False)
    unchecked: tuple[str, ...] = ()
    plan: Plan | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        out = "".join(f"\n  {row['customers']:,} {row['step']}" for row in self.left_out.to_dict("records"))
        return f"{self.kind}: {len(self.rows):,} of {self.considered:,} customers, known up to {self.known_until}{out}"


def _every_option() -> dict[str, inspect.Parameter]:
    """The options of all kinds of lists; an option that is not given has the default of its kind."""
    of_kinds = [
        parameter for kind in KINDS.values() for parameter in list(inspect.signature(kind.find).parameters.values())[1:]
    ]
    types = {
        **dict.fromkeys(OF_SURVEYS, "float | None"),
        **{parameter.name: str(parameter.annotation) for parameter in of_kinds},
    }
    return {name: keyword(name, None, f"{kind.removesuffix(' | None')} | None") for name, kind in types.items()}


@listing(_every_option().values())
@reads()
def audience(
    care: Care, /, kind: str, *, seed: int | str = 1, most: Count | None = None, control: float = 0.0, **options: Any
) -> Audience:
    """A list of customers for a purpose, each with its reason: who is on it, who is held out, and why others are not.

    Kinds and their options: ``segment`` (groups, saved), ``at_risk`` (rule, months), ``gifts`` (months, days, top),
    ``interviews`` (months), ``survey`` (by, margin, response_rate, cooldown); each is described in
    ``carestudy.audiences.kinds``. ``most`` takes the first so many; who is equal there is chosen by a keyed hash of
    ``seed``, as is the share of the chosen that is held out as ``control``. The same data, seed and options give the
    same list, whatever the order of the rows. Raises ``CareError`` for an unknown kind or option.
    """
    _checked(kind, most, control)
    of_survey, own_options = _options(kind, options)
    try:
        candidates = KINDS[kind].find(care, **own_options)
    except Missing as gap:
        raise gap.for_figure(f"audience {kind}") from None
    ids = candidates.rows["customer_id"].tolist()
    step, unchecked = people.left_out(care, ids, KINDS[kind].limits, of_survey.get("cooldown", 0))
    if candidates.unmet is not None:
        step = step.where((step == "gone") | candidates.unmet.isna(), candidates.unmet)
    planned = None
    if kind == "survey":
        planned, step = _drawn(care, candidates, step, control, seed, of_survey)
        if "not_drawn" not in step.to_list():
            candidates = replace(candidates, rows=candidates.rows.assign(why="everybody"))
    step = _held_out(candidates, _cut(candidates, step, most, seed), control, seed, kind)
    rows, held = _in_order(candidates, step.isna(), seed), _in_order(candidates, step == "control", seed)
    all_options = {**of_survey, **own_options, "seed": seed, "most": most, "control": control}
    return Audience(
        kind, care.as_of.isoformat(), len(ids), rows, held, _counted(step), tuple(unchecked), planned, all_options
    )


def _checked(kind: str, most: int | None, control: float) -> None:
    if kind not in KINDS:
        raise CareError(f"there is no audience '{kind}': choose from {', '.join(KINDS)}")
    if not 0 <= control < 1:
        raise CareError(f"control={control} is no share to hold out: 0.1 is a tenth")
    if most is not None and most < 1:
        raise CareError(f"most={most} is no number of customers")


def _options(kind: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split options into those of a survey's sample and those of the kind; raises ``CareError`` for unknown ones."""
    kind_options = list(inspect.signature(KINDS[kind].find).parameters)[1:]
    of_survey = OF_SURVEYS if kind == "survey" else {}
    options = {name: value for name, value in options.items() if value is not None}
    for name in options:
        if name not in (*kind_options, *of_survey):
            raise CareError(
                f"audience {kind} has no option '{name}'; it has {', '.join((*kind_options, *of_survey)) or 'none'}"
            )
    types = {**OPTIONS_OF_SURVEYS, **get_type_hints(KINDS[kind].find, include_extras=True)}
    chosen = {name: accepted(f"audience {kind}", name, types[name], value) for name, value in options.items()}
    survey_options = {name: chosen.get(name, usual) for name, usual in of_survey.items()}
    return survey_options, {name: value for name, value in chosen.items() if name in kind_options}


def _drawn(
    care: Care,
    candidates: Candidates,
    step: pd.Series[Any],
    control: float,
    seed: int | str,
    survey_options: Mapping[str, Any],
) -> tuple[Plan, pd.Series[Any]]:
    """The plan of a survey, and the steps with those who are not drawn; the control group is drawn on top."""
    fit = candidates.rows[step.isna()]
    wanted = {"margin": survey_options["margin"], "expected_response": survey_options["response_rate"]}
    planned = plan(care, int((step != "gone").sum()), eligible=len(fit), **wanted)
    size = math.ceil(planned.invitations / (1 - control) - 1e-9)
    chosen = sample(fit["customer_id"], size, strata=fit.get("stratum"), seed=seed)
    return planned, step.mask(step.isna() & ~chosen.reindex(step.index, fill_value=False), "not_drawn")


def _cut(candidates: Candidates, step: pd.Series[Any], most: int | None, seed: int | str) -> pd.Series[Any]:
    if most is None:
        return step
    order = _order(candidates, step.isna(), seed)
    return step.mask(step.index.isin(order[most:]), "beyond")


def _held_out(
    candidates: Candidates, step: pd.Series[Any], control: float, seed: int | str, kind: str
) -> pd.Series[Any]:
    chosen = candidates.rows.loc[step.isna(), "customer_id"]
    size = math.floor(len(chosen) * control + 1e-9)
    lots = pd.Series(draws(chosen, seed=seed, purpose=f"control {kind}"), chosen.index, dtype=object)
    held = pd.DataFrame({"lot": lots, "id": chosen}).sort_values(["lot", "id"]).index[:size]
    return step.mask(step.index.isin(held), "control")


def _order(candidates: Candidates, chosen: Any, seed: int | str) -> list[Any]:
    """The index labels of the chosen customers, the best first; equal customers are in random order."""
    rows = candidates.rows[chosen]
    lots = pd.Series(draws(rows["customer_id"], seed=seed, purpose="order"), rows.index, dtype=object)
    rank = pd.Series(0, rows.index) if candidates.rank is None else candidates.rank[chosen]
    keys = pd.DataFrame({"rank": -rank.astype(float), "lot": lots, "id": rows["customer_id"]})
    return list(keys.sort_values(["rank", "lot", "id"]).index)


def _in_order(candidates: Candidates, chosen: Any, seed: int | str) -> pd.DataFrame:
    return candidates.rows.loc[_order(candidates, chosen, seed)].reset_index(drop=True)


def _counted(step: pd.Series[Any]) -> pd.DataFrame:
    counts = step.value_counts()
    steps = [name for name in STEPS if name in counts.index]
    return pd.DataFrame({"step": pd.Series(steps, dtype=object), "customers": [int(counts[name]) for name in steps]})
