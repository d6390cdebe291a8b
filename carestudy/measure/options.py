"""The options of a figure that are numbers: what each counts, and what is refused in their stead."""

from __future__ import annotations

import inspect
from math import isfinite
from numbers import Real
from typing import Annotated, Any, get_args

from carestudy.contract import CareError

Hours = Annotated[float, "a number of hours, such as 4 or 1/60"]
Days = Annotated[int, "a whole number of days, such as 7"]
Years = Annotated[float, "a number of years, such as 1 or 0.5"]
Times = Annotated[int, "a whole number of times, such as 2"]
Score = Annotated[int, "a whole number of points on the scale, such as 4"]
Share = Annotated[float, "a share between 0 and 1, such as 0.5"]
SHARE = get_args(Share)[1]
HOURS = get_args(Hours)[1]
USUAL = {int: "a whole number, such as 7", float: "a number, such as 0.5"}


def in_hours(annotation: Any) -> bool:
    """Whether an option is a number of hours."""
    return HOURS in get_args(annotation)


def checked(figure: str, parameter: inspect.Parameter, value: Any) -> Any:
    """The value of an option, refused where the option counts something and the value is no such number."""
    return counted(figure, parameter.name, parameter.annotation, value)


def checked_level(figure: str, level: Any) -> float:
    """The level of intervals, a share above 0 and below 1."""
    share: float = counted(figure, "level", Share, level)
    if not 0 < share < 1:
        raise CareError(f"{figure}: level is a share between 0 and 1, such as 0.95, not {level!r}")
    return share


def counted(figure: str, name: str, annotation: Any, value: Any) -> Any:
    """A value as a parameter of this type takes it; text that is no number is refused where only numbers count."""
    wanted, kinds = _wanted(annotation)
    if wanted is None or (value is None and type(None) in kinds) or (isinstance(value, str) and str in kinds):
        return value
    # A share has bounds of its own, which are checked where it is used.
    below = _is_number(value) and value < 0 and wanted != SHARE
    if not _is_number(value) or below or (float not in kinds and value != int(value)):
        raise CareError(f"{figure}: {name} is {wanted}, not {value!r}")
    return value if float in kinds else int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _wanted(annotation: Any) -> tuple[str | None, tuple[Any, ...]]:
    """What an option counts, None where it counts nothing; and the types that it takes."""
    members = [annotation] if hasattr(annotation, "__metadata__") else [*(get_args(annotation) or (annotation,))]
    said = [one.__metadata__[0] for one in members if hasattr(one, "__metadata__")]
    kinds = tuple(get_args(one)[0] if hasattr(one, "__metadata__") else one for one in members)
    said += [USUAL[kind] for kind in kinds if kind in (int, float)]
    return (said[0] if said else None), kinds
