"""Signatures that list every argument, for callables that collect some of them in a mapping: what ``help`` shows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

Function = TypeVar("Function", bound=Callable[..., Any])


def listing(parameters: Iterable[inspect.Parameter]) -> Callable[[Function], Function]:
    """Show these keyword arguments in the place of ``**options`` of the function below."""

    def decorate(function: Function) -> Function:
        vars(function)["__signature__"] = listed(inspect.signature(function), parameters)
        return function

    return decorate


def keyword(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    """An argument that is given by name; ``Parameter.empty`` as its default means that it has none."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def listed(signature: inspect.Signature, parameters: Iterable[inspect.Parameter]) -> inspect.Signature:
    """The signature with these arguments in the place of its ``**options``.

    >>> def greet(name, **options): ...
    >>> print(listed(inspect.signature(greet), [keyword("times", 1, int)]))
    (name, *, times: int = 1)
    """
    kept_parameters = [
        parameter for parameter in signature.parameters.values() if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return signature.replace(parameters=[*kept_parameters, *parameters])


def of_figure(call: Any, define: Callable[..., Any], tables: Iterable[str], fixed: Mapping[str, Any]) -> Any:
    """The signature of a figure: what every figure takes, and the options of its definition."""
    signature = inspect.signature(call, eval_str=True)
    shared = list(signature.parameters.values())[1:]  # without self
    shared = [parameter.replace(annotation=_plain(parameter.annotation)) for parameter in shared]
    data = shared[0].replace(annotation=inspect.Parameter.empty)  # a union of five types tells a reader nothing
    signature = signature.replace(parameters=[data, *shared[1:]])
    options = [
        parameter
        for name, parameter in inspect.signature(define, eval_str=True).parameters.items()
        if name not in tables
    ]
    return listed(
        signature,
        [
            keyword(parameter.name, fixed.get(parameter.name, parameter.default), _plain(parameter.annotation))
            for parameter in options
        ],
    )


def _plain(annotation: Any) -> Any:
    """A type without the words and bounds that it carries, as a reader writes it."""
    if get_origin(annotation) in (Union, UnionType):
        members = [_plain(member) for member in get_args(annotation)]
        return reduce(or_, members)
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
