"""The values that each argument accepts, and the sentence that refuses any other.

An annotation says it: ``Level``, ``Count`` and the like carry bounds and words; plain types and unions of them speak
for themselves. An argument of any other type, such as a frame or an array, is checked where it is read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from math import inf, isfinite
from numbers import Real
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from carestudy.contract import CareError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Bounds:
    """The numbers that an argument accepts: from ``least`` to ``most``, or strictly ``above`` and ``below``."""

    words: str
    least: float = -inf
    most: float = inf
    above: float = -inf
    below: float = inf

    def hold(self, value: float) -> bool:
        """Whether a number lies within them."""
        return self.least <= value <= self.most and self.above < value < self.below


Hours = Annotated[float, Bounds("a number of hours, such as 4 or 1/60", least=0)]
HOURS = get_args(Hours)[1]
Days = Annotated[int, Bounds("a whole number of days, such as 7", least=0)]
Years = Annotated[float, Bounds("a number of years, such as 1 or 0.5", least=0)]
Months = Annotated[int, Bounds("a whole number of months of 1 or more, such as 12", least=1)]
Times = Annotated[int, Bounds("a whole number of times, such as 2", least=0)]
Score = Annotated[int, Bounds("a whole number of points on the scale, such as 4", least=0)]
Count = Annotated[int, Bounds("a whole number of 1 or more, such as 12", least=1)]
Seed = Annotated[int, Bounds("a whole number of 0 or more, such as 1", least=0)]
Share = Annotated[float, Bounds("a share between 0 and 1, such as 0.5")]  # its ends are checked where it is used
Part = Annotated[float, Bounds("a share above 0 and up to 1, such as 0.2", above=0, most=1)]
Inside = Annotated[float, Bounds("a share above 0 and below 1, such as 0.8", above=0, below=1)]
Level = Annotated[float, Bounds("a share between 0 and 1, such as 0.95", above=0, below=1)]
Rate = Annotated[float, Bounds("a rate of 0 or more, such as 0.1", least=0)]

PLAIN = {
    int: "a whole number, such as 7",
    float: "a number, such as 0.5",
    str: "text in quotes",
    bool: "True or False",
    NoneType: "None",
}
SHOWN = 60  # characters of a refused value


def in_hours(annotation: Any) -> bool:
    """Whether an option is a number of hours."""
    return HOURS in get_args(annotation)


def checked(figure: str, parameter: inspect.Parameter, value: Any) -> Any:
    """The value of a figure's option as its annotation takes it; what is no such value is refused."""
    return accepted(figure, parameter.name, parameter.annotation, value)


def accepted(function: str, name: str, annotation: Any, value: Any) -> Any:
    """A value as an argument of this type takes it; what is no such value is refused in one sentence.

    >>> accepted("pareto", "top", Part, 0.2)
    0.2
    >>> accepted("pareto", "top", Part | None, 20)
    Traceback (most recent call last):
    carestudy.contract.CareError: pareto: top is a share above 0 and up to 1, such as 0.2, not 20
    """
    members = _members(annotation)
    if not members or not all(map(_known, members)):
        return value
    for member in members:
        if _fits(member, value):
            return int(value) if _bare(member) is int else value
    raise CareError(f"{function}: {name} is {_words(members)}, not {shown(value)}")


def validated(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function refuse arguments that its annotations do not allow, in one sentence that says what is allowed."""
    signature = inspect.signature(function)

    @cache  # when it is first called: annotations may name what is defined below
    def annotations() -> Mapping[str, Any]:
        return get_type_hints(function, include_extras=True)

    @wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            bound = signature.bind(*arguments, **named)
        except TypeError:
            return function(*arguments, **named)  # which says what is missing
        for key, value in bound.arguments.items():
            bound.arguments[key] = accepted(function.__name__, key, annotations().get(key, Any), value)
        return function(*bound.args, **bound.kwargs)

    return call


def shown(value: Any) -> str:
    """A refused value as a message repeats it: short, on one line, and never the rows of a table."""
    simple = isinstance(value, str | int | float | NoneType)
    text = repr(value) if simple or (isinstance(value, list | tuple) and not any(map(_rows, value))) else ""
    if text and len(text) <= SHOWN and text.isprintable():
        return text
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'AEIOUaeio' else 'a'} {kind}"


def _rows(value: Any) -> bool:
    return not isinstance(value, str | int | float | NoneType)


def _members(annotation: Any) -> tuple[Any, ...]:
    """The types of a union, and otherwise the type itself; none where there is no annotation."""
    if annotation is inspect.Parameter.empty or isinstance(annotation, str):
        return ()
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _known(member: Any) -> bool:
    """Whether a type can be told from a value."""
    if get_origin(member) is Sequence:
        return _known(get_args(member)[0])
    return get_origin(member) is Literal or _bare(member) in PLAIN or hasattr(_bare(member), "means")


def _bare(member: Any) -> Any:
    return get_args(member)[0] if get_origin(member) is Annotated else member


def _fits(member: Any, value: Any) -> bool:
    kind = _bare(member)
    if get_origin(member) is Sequence:
        listed = isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)
        return listed and all(_fits(get_args(member)[0], element) for element in value)
    if get_origin(member) is Literal:
        return value in get_args(member)
    if kind not in (int, float):
        return isinstance(value, kind) if kind is not bool else type(value).__name__ in ("bool", "bool_")
    number = isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    whole = number and (kind is float or value == int(value))
    return whole and all(bounds.hold(value) for bounds in getattr(member, "__metadata__", ()))


def _words(members: Sequence[Any]) -> str:
    """What an argument may be, in words; that it may be left out goes without saying."""
    return " or ".join(dict.fromkeys(_word(member) for member in members if member is not NoneType))


def _word(member: Any) -> str:
    if get_origin(member) is Sequence:
        return f"a list of which each is {_word(get_args(member)[0])}"
    if get_origin(member) is Literal:
        return " or ".join(map(repr, get_args(member)))
    if get_origin(member) is Annotated:
        return str(member.__metadata__[0].words)
    return PLAIN[member] if member in PLAIN else str(member.means)
