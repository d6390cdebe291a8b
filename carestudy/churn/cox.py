"""Cox regression: by how much the hazard of leaving goes with facts, and whether it does so at every age alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level
from carestudy.rendering import Rendered


@dataclass(frozen=True)
class Cox(Rendered):
    """A fitted Cox regression; ``effects`` has a row for each column of facts.

    Its columns: column, coefficient, error, hazard_ratio with low and high, p, and ``proportional_p``: below 0.05 the
    ratio differs with age, and one number is an average of what it was.
    """

    effects: pd.DataFrame = field(compare=False)
    n: int
    events: int
    log_likelihood: float
    chi_square: float
    freedom: int
    p: float
    concordance: float

    def __repr__(self) -> str:
        lines = [f"Cox regression, {self.events:,} events in {self.n:,} rows, Efron's ties"]
        lines.append(f"  log likelihood {self.log_likelihood:.2f}, concordance {self.concordance:.3f}")
        lines.append(f"  likelihood ratio {self.chi_square:.2f} on {self.freedom} degrees of freedom, p = {self.p:.4g}")
        return "\n".join([*lines, self.effects.to_string(index=False)])


@validated
def cox(
    frame: pd.DataFrame, *, duration: str, event: str, columns: Sequence[str], entry: str | None = None,
    strata: str | None = None, level: Level = 0.95,
) -> Cox:  # fmt: skip
    """Cause-specific proportional hazards: those who left for another reason were at risk until they did.

    ``event`` is 1 where the row ends with the event; ``entry`` is the duration after which it is under observation: a
    row is at risk at t where entry < t <= duration, so that a customer split into rows at any days gives the same fit.
    Only rows of the same ``strata`` are compared. Ties by Efron. The concordance is the share of pairs, of those who
    were at risk together, in which who left first had the higher hazard; that hazards are proportional is tested column
    by column against ranks of time (Grambsch & Therneau 1994). CareError without events or columns, and for a row that
    ends no later than it enters. Source: Cox 1972, JRSS B 34:187-220; Efron 1977.

    >>> rows = pd.DataFrame({"days": [5, 8, 9, 20, 30, 31], "left": [1, 1, 1, 1, 0, 1], "owned": [0, 0, 1, 0, 1, 1]})
    >>> cox(rows, duration="days", event="left", columns=["owned"]).effects["hazard_ratio"].round(2).tolist()
    [0.18]
    """
    from statsmodels.duration.hazard_regression import PHReg  # a second to import

    rows = frame.sort_values([duration, *([entry] if entry else [])], kind="stable")
    facts = rows[list(columns)].to_numpy(float)
    ended = rows[event].to_numpy(int)
    if not ended.any() or not len(columns):
        raise CareError("a Cox regression needs events and columns")
    options = {name: rows[column].to_numpy() for name, column in (("entry", entry), ("strata", strata)) if column}
    durations = rows[duration].to_numpy(float)
    ends, starts = _in_order(durations, options.get("entry"))
    model = PHReg(ends, facts, status=ended, ties="efron", **options | ({} if starts is None else {"entry": starts}))
    with np.errstate(all="ignore"):
        fit = model.fit(disp=0)
        nothing = float(model.loglike(np.zeros(len(columns))))
    chi_square = max(2 * (float(fit.llf) - nothing), 0.0)
    together = _Together(durations, ended, **options)
    return Cox(
        effects=_effects(list(columns), fit.params, fit.bse, together.proportional(facts, fit.params), level),
        n=len(rows), events=int(ended.sum()), log_likelihood=float(fit.llf), chi_square=chi_square,
        freedom=len(columns), p=float(special.chdtrc(len(columns), chi_square)),
        concordance=together.concordance(facts @ fit.params),
    )  # fmt: skip


def _in_order(durations: Any, entries: Any) -> tuple[Any, Any]:
    """Ends and entries as places in order, which is all that the partial likelihood knows of time.

    ``PHReg`` counts who enters at the moment of an event among those at risk; an entry gets the place after it.
    """
    if entries is None:
        return durations, None
    entries = entries.astype(float)
    if not (entries < durations).all():
        raise CareError(f"{int((entries >= durations).sum()):,} rows end no later than they enter: nobody is at risk")
    moments = np.unique(np.concatenate([durations, entries]))
    return 2.0 * np.searchsorted(moments, durations), 2.0 * np.searchsorted(moments, entries) + 1


def _effects(columns: list[str], coefficients: Any, errors: Any, proportional: Any, level: Level) -> pd.DataFrame:
    half = z_value(level) * errors
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ratio, low, high = (np.exp(logarithm) for logarithm in (coefficients, coefficients - half, coefficients + half))
        p = 2 * special.ndtr(-np.abs(coefficients / errors))
    columns_of_effects = {"column": columns, "coefficient": coefficients, "error": errors, "hazard_ratio": ratio}
    return pd.DataFrame(columns_of_effects | {"low": low, "high": high, "p": p, "proportional_p": proportional})


class _Together:
    """Who is at risk beside each who leaves."""

    def __init__(self, duration: Any, ended: Any, entry: Any = None, strata: Any = None) -> None:
        self.duration, self.ended = duration, ended
        self.entry = np.full(len(duration), -np.inf) if entry is None else np.asarray(entry, float)
        codes = np.zeros(len(duration), int) if strata is None else pd.factorize(strata)[0]
        self.groups = [np.flatnonzero(codes == code) for code in np.unique(codes)]

    def _moments(self) -> Any:
        """Each time at which somebody leaves: who does, and who is at risk then."""
        for group in self.groups:
            duration, entry = self.duration[group], self.entry[group]
            leaves = self.ended[group] == 1
            for time in np.unique(duration[leaves]):
                risk = (duration >= time) & (entry < time)
                yield time, group[leaves & (duration == time)], group[risk]

    def concordance(self, hazard: Any) -> float:
        """Harrell's C, counting those who are at risk together and leave at different times."""
        won = pairs = 0.0
        for _, leaving, risk in self._moments():
            later = np.sort(hazard[np.setdiff1d(risk, leaving, assume_unique=True)])
            below = np.searchsorted(later, hazard[leaving], "left")
            ties = np.searchsorted(later, hazard[leaving], "right") - below
            won, pairs = won + (below + ties / 2).sum(), pairs + len(later) * len(leaving)
        return float(won / pairs) if pairs else float("nan")

    def proportional(self, facts: Any, coefficients: Any) -> Any:
        """The p value for each column that its effect does not change over time, from scaled Schoenfeld residuals."""
        weight, times, residuals = np.exp(facts @ coefficients - (facts @ coefficients).max()), [], []
        information = np.zeros((facts.shape[1],) * 2)
        for time, leaving, risk in self._moments():
            share = weight[risk] / weight[risk].sum()
            mean = share @ facts[risk]
            apart = facts[risk] - mean
            information += len(leaving) * (apart.T * share) @ apart
            residuals.append(facts[leaving] - mean)
            times += [time] * len(leaving)
        rank = pd.Series(times).rank().to_numpy()
        centred = rank - rank.mean()
        scaled = np.concatenate(residuals) @ np.linalg.pinv(information) * len(times)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = len(times) * np.diag(np.linalg.pinv(information)) * (centred**2).sum()
            return special.chdtrc(1, (centred @ scaled) ** 2 / spread)
