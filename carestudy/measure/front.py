"""The front door of every public function: data in any form become checked tables, and arguments are validated."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, get_type_hints

from carestudy import hooks
from carestudy.arguments import accepted, shown, validated
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.memory import Memory, recalled, spelled
from carestudy.rendering import Rendered

__all__ = ["Data", "Frame", "checked_tables", "of_figure", "reads", "validated"]

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F")
DATA = ("care", "data")  # the names of an argument that takes data


class Frame(Protocol):
    """One table of pandas, polars, Arrow or Ibis."""

    @property
    def columns(self) -> Any:
        """Its columns."""


Data = Care | str | Path | Mapping[str, Any] | Frame


def checked_tables(function: str, table: str | None, data: Any) -> Care:
    """Data in any form as checked tables; a single frame is the one table that the function reads."""
    if isinstance(data, Care):
        return data
    is_frame = not isinstance(data, Mapping | str | Path) and hasattr(data, "columns")
    if is_frame and table is None:
        raise CareError(f'{function} reads several tables: give a folder or a dict such as {{"transactions": frame}}')
    if not is_frame and not isinstance(data, Mapping | str | Path) and not hasattr(data, "list_tables"):
        single = "" if table is None else f", or one frame ({table})"
        raise CareError(
            f"{function}: data are what carestudy.load gives, a folder, an address, a dict of frames{single}, "
            f"not {shown(data)}"
        )
    care: Care = hooks.load({str(table): data} if is_frame else data)
    return care


def reads(
    table: str | None = None,
) -> Callable[[Callable[Concatenate[Care, P], R]], Callable[Concatenate[Data, P], R]]:
    """Let a function of checked tables take data in any form; ``table`` is the one that a single frame is."""

    def decorate(function: Callable[Concatenate[Care, P], R]) -> Callable[Concatenate[Data, P], R]:
        return _checking(function, lambda arguments: table or _first_table(arguments))

    return decorate


def of_figure(function: Callable[Concatenate[F, Care, P], R]) -> Callable[Concatenate[F, Data, P], R]:
    """Let a function of a figure take data in any form; a single frame is the table that the figure reads first."""
    return _checking(function, _first_table)


def _checking(function: Callable[..., R], table: Callable[[Mapping[str, Any]], str | None]) -> Callable[..., R]:
    signature = inspect.signature(function)
    usual = {name: parameter.default for name, parameter in signature.parameters.items()}

    @cache  # when it is first called: annotations may name what is defined below
    def annotations() -> Mapping[str, Any]:
        return get_type_hints(function, include_extras=True)

    @wraps(function)
    def call(*arguments: Any, **keywords: Any) -> R:
        try:
            bound = signature.bind(*arguments, **keywords)
        except TypeError:
            return function(*arguments, **keywords)  # whose TypeError names what is missing
        values, name = bound.arguments, function.__name__
        for key in values.keys() - set(DATA):
            values[key] = accepted(name, key, annotations().get(key, Any), values[key])
        for key in values.keys() & set(DATA):
            values[key] = checked_tables(name, table({**usual, **values}), values[key])
        company = next((values[key] for key in DATA if isinstance(values.get(key), Care)), None)
        result = recalled(*_recorded(function, values, company), lambda: function(*bound.args, **bound.kwargs))
        if isinstance(result, Rendered) and company is not None:
            result.read_in(company.settings.language, company.settings.currency)
        return result

    parameters = signature.parameters.items()
    listed = [item.replace(annotation="Data") if name in DATA else item for name, item in parameters]
    vars(call)["__signature__"] = signature.replace(parameters=listed)
    return call


def _recorded(
    function: Callable[..., Any], values: Mapping[str, Any], company: Care | None
) -> tuple[Memory | None, str]:
    """Where the result of a call is kept, and under which key; nowhere if its arguments cannot be told by a text."""
    key = spelled((function, {name: value for name, value in values.items() if name not in DATA}))
    return (company.cache if company is not None and key is not None else None), str(key)


def _first_table(arguments: Mapping[str, Any]) -> str | None:
    """The table that a figure among the arguments reads first."""
    return next((value.tables[0] for value in arguments.values() if hasattr(value, "define")), None)
