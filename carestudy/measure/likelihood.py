"""Maximum likelihood: the parameters, all positive, under which data are most likely, or why nobody can tell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from carestudy.contract import CareError
from carestudy.rendering import Rendered

Data = Mapping[str, Any]  # columns of one length; "weight" is how many cases are alike
Rows = Callable[[Any, Data], tuple[Any, Any]]  # log-likelihood of each row, and its derivatives, a line a parameter
FEW, SAMPLE = 1_500, 6_000  # rows; of more, a part tells from which start to climb, and a larger one how far
REACH = 9.0  # parameters are looked for within e**9 times their scale, and as far below it
EXACT = 1e-6  # what the last step adds to the log-likelihood
NEAR = 1e-4  # the same, where a search ends and the last steps begin
STEPS, MOST, LONG = 25, 60, 1.5  # of steps with one curvature, of a search, and how long a step of it may be
TINY, FLAT, ROUND = 1e-5, 1e-7, 1e-13


class Unclear(CareError):
    """The data cannot tell the parameters of a model: its maximum lies at a border or nowhere; ``point`` is how far."""

    def __init__(self, message: str, point: Any) -> None:
        self.point = point
        super().__init__(message)


@dataclass(frozen=True)
class Found:
    """Where the likelihood is largest, and how it bends there in the logarithms of the parameters."""

    parameters: Any
    log_likelihood: float
    information: Any


@dataclass(frozen=True)
class Kept(Rendered):
    """A fitted model: its parameters, its log-likelihood, the cases it was fitted to; kept as JSON."""

    PARAMETERS: ClassVar[tuple[str, ...]] = ()
    LIMITS: ClassVar[Mapping[str, Mapping[str, float]]] = {}  # smaller models: the parameters that are held, and where

    @property
    def free(self) -> list[int]:
        """The places of the parameters that were fitted: all but those that a smaller model holds."""
        held = self.LIMITS.get(getattr(self, "limit", ""), {})
        return [index for index, name in enumerate(self.PARAMETERS) if name not in held]

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters, in the order in which the model is written."""
        return tuple(getattr(self, name) for name in self.PARAMETERS)

    def to_json(self) -> str:
        """The model as text, with its name."""
        return json.dumps({"model": type(self).__name__} | asdict(self))

    @classmethod
    def of(cls, found: Found, cases: float, **told: Any) -> Self:
        """The model of the most likely parameters."""
        named = dict(zip(cls.PARAMETERS, map(float, found.parameters), strict=True))
        return cls(**named, **told, log_likelihood=found.log_likelihood, n=round(float(cases)))  # type: ignore[call-arg]

    @classmethod
    def at(cls, parameters: Any) -> Self:
        """The model with other parameters, which nothing was fitted to."""
        rest: dict[str, Any] = {field.name: 0 for field in fields(cls) if field.name not in (*cls.PARAMETERS, "limit")}
        return cls(**dict(zip(cls.PARAMETERS, parameters, strict=True)), **rest)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The model that was kept."""
        said = json.loads(text)
        names = {field.name for field in fields(cls)}
        if not isinstance(said, dict) or said.pop("model", None) != cls.__name__ or set(said) != names:
            raise CareError(f"this is no {cls.__name__}: it has {', '.join(sorted(names))}")
        return cls(**said)


def maximise(rows: Rows, data: Data, names: Sequence[str], starts: Sequence[Sequence[float]]) -> Found:
    """The most likely parameters, from several starts: Newton's steps in logarithms to the last digit.

    Of many rows, a regular part of them tells where to begin. A parameter that runs off to zero or beyond all bounds,
    or a likelihood that does not bend, is an error: the data cannot tell the parameters.
    """
    if not _cases(data) > 0:
        raise CareError(f"the data hold nobody to learn {', '.join(names)} from")
    part, few = _part(data, SAMPLE), _part(data, FEW)
    scale = np.log(np.asarray(starts[0], float))
    searches = [_search(rows, few, np.log(np.asarray(start, float)), scale) for start in starts]
    best, _ = _search(rows, part, max(searches, key=lambda found: found[1])[0], scale)
    _check(best, scale, names)
    many = _cases(data) / _cases(part)
    point, steep, value = newton(rows, data, best, bend(rows, part, best) * many)
    if not steep < EXACT:  # the part was too small a part
        point, _ = _search(rows, data, point, scale)
        point, steep, value = newton(rows, data, point, bend(rows, data, point))
    _check(point, scale, names)
    information = bend(rows, part, point) * many
    # Nor is a ridge a maximum: there the error of a parameter is larger than the range in which it is looked for.
    if not steep < EXACT or not np.linalg.eigvalsh(information)[0] > REACH**-2:
        raise Unclear(f"{', '.join(names)} were not found: the likelihood has no clear maximum on these data", point)
    return Found(np.exp(point), value, information)


def newton(rows: Rows, data: Data, point: Any, information: Any) -> tuple[Any, float, float]:
    """The maximum near a point by steps that all use one curvature, what its last step added, and its height.

    ``point`` is in logarithms. Used to finish a fit, and to fit anew to a resampled company.
    """
    gain, value = np.inf, np.nan
    try:
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return point, gain, value
    for _ in range(STEPS):
        value, slope = _totals(rows, data, point)
        step = inverse @ slope
        gain = float(slope @ step) / 2
        if not gain >= 0 or np.abs(step).max() > 2:
            return point, np.inf, value
        point, value = point + step, value + gain
        if gain < EXACT:
            break
    return point, gain, value


def refit(rows: Rows, data: Data, point: NDArray[Any], information: NDArray[Any]) -> NDArray[Any]:
    """The maximum for data drawn anew, in logarithms: by steps with one curvature, else by a search from ``point``.

    Where a likelihood is nearly flat in one direction, steps with the curvature of other data do not end.
    """
    nearby, gain, _ = newton(rows, data, point, information)
    maximum: NDArray[Any] = nearby if gain < EXACT else _search(rows, data, point, point)[0]
    return maximum


def interval(found: Found, z: float = 1.959964) -> tuple[Any, Any]:
    """The limits of the parameters by how the likelihood bends, in logarithms."""
    spread = np.exp(z * np.sqrt(np.diag(np.linalg.inv(found.information))))
    return found.parameters / spread, found.parameters * spread


def _totals(rows: Rows, data: Data, point: Any) -> tuple[float, Any]:
    parameters = np.exp(point)
    values, slopes = rows(parameters, data)
    return float(data["weight"] @ values), (slopes @ data["weight"]) * parameters


def _search(rows: Rows, data: Data, start: Any, scale: Any) -> tuple[Any, float]:
    """A maximum by Newton's steps with the curvature at each point, made a hill where it is none and never too long."""
    point, cases = start, _cases(data)
    value, slope = _totals(rows, data, point)
    for _ in range(MOST):
        heights, axes = np.linalg.eigh(_bend_ahead(rows, data, point, slope))
        step = axes @ ((axes.T @ slope) / np.maximum(np.abs(heights), FLAT * cases))
        step = np.clip(point + step * min(1.0, LONG / np.abs(step).max()), scale - REACH, scale + REACH) - point
        for _ in range(MOST):
            there, turned = _totals(rows, data, point + step)
            if there >= value - abs(value) * ROUND:
                break
            step = step / 2
        gain = float(slope @ step)
        point, value, slope = point + step, there, turned
        if gain < NEAR:
            break
    return point, value


def _bend_ahead(rows: Rows, data: Data, point: Any, slope: Any) -> Any:
    """The same as ``bend``, from one side: half the work, and good enough to climb by."""
    slopes = [_totals(rows, data, point + move)[1] - slope for move in np.eye(len(point)) * TINY]
    bent = -np.array(slopes) / TINY
    return (bent + bent.T) / 2


def bend(rows: Rows, data: Data, point: Any) -> Any:
    """The observed information in logarithms: minus the derivatives of the slope, from both sides."""
    moves = np.eye(len(point)) * TINY
    slopes = [_totals(rows, data, point + move)[1] - _totals(rows, data, point - move)[1] for move in moves]
    bend = -np.array(slopes) / (2 * TINY)
    return (bend + bend.T) / 2


def _part(data: Data, most: int) -> Data:
    size = len(data["weight"])
    every = -(-size // most)
    return data if every <= 1 else {name: column[::every] for name, column in data.items()}


def _cases(data: Data) -> float:
    return float(np.sum(data["weight"]))


def _check(point: Any, scale: Any, names: Sequence[str]) -> None:
    for name, one in zip(names, point - scale, strict=True):
        if not abs(one) < REACH - 0.01:
            where = "beyond all bounds" if one > 0 else "to zero"
            raise Unclear(f"the data cannot tell {', '.join(names)}: {name} runs {where}", point)
