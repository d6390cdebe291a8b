"""Smaller models: where the data are most likely at the border of a model, some of its parameters are held there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from carestudy.measure.likelihood import Data, Found, Kept, Rows, Unclear, maximise

WORSE = 2.0  # a smaller model that is so much less likely than what was reached is another one, and no limit of it
Starts = Callable[[Mapping[str, float]], Sequence[Sequence[float]]]


def fitted(model: type[Kept], rows: Rows, data: Data, starts: Starts) -> tuple[Found, str]:
    """The most likely parameters of a model, and the name of the smaller one that was taken in its place, or "".

    Where the maximum of the model lies at a border, it is that of one of the smaller models in its ``LIMITS``: the one
    whose parameters earn their place (AIC). ``starts`` gives the points to climb from, those held being left out.
    """
    try:
        return maximise(rows, data, model.PARAMETERS, starts({})), ""
    except Unclear as problem:
        reached = float(data["weight"] @ rows(np.exp(problem.point), data)[0])
        fits = []
        for name, held in model.LIMITS.items():
            if len(held) == len(model.PARAMETERS):
                continue
            try:
                fits.append((_held(model, held, (rows, data), starts(held)), name))
            except Unclear:
                continue
        fits = [fit for fit in fits if fit[0].log_likelihood > reached - WORSE]
        if not fits:
            raise problem from None
        return min(fits, key=lambda fit: 2 * len(fit[0].information) - 2 * fit[0].log_likelihood)


def holding(rows: Rows, parameters: Any, free: Sequence[int]) -> Rows:
    """The likelihood as a function of the free parameters alone, the others staying as they are."""

    def reduced(some: Any, data: Data) -> tuple[Any, Any]:
        full = np.array(parameters, float)
        full[list(free)] = some
        values, slopes = rows(full, data)
        return values, np.asarray(slopes)[list(free)]

    return reduced


def _held(
    model: type[Kept], held: Mapping[str, float], of: tuple[Rows, Data], starts: Sequence[Sequence[float]]
) -> Found:
    rows, data = of
    free = [position for position, name in enumerate(model.PARAMETERS) if name not in held]
    full = np.array([held.get(name, 1.0) for name in model.PARAMETERS])
    names = [model.PARAMETERS[position] for position in free]
    maximum = maximise(
        holding(rows, full, free), data, names, [[start[position] for position in free] for start in starts]
    )
    full[free] = maximum.parameters
    return Found(full, maximum.log_likelihood, maximum.information)
