"""Results as text that can be kept: plain JSON with null for what is missing, and back again."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pandas as pd

from carestudy.contract import CareError

Result = TypeVar("Result")


def to_json(result: Any) -> str:
    """A frozen result, frames and all, as JSON; numbers that JSON does not know are null or written as text."""
    return json.dumps({"kind": type(result).__name__, **_plain(result)}, ensure_ascii=False, allow_nan=False)


def from_json(kind: type[Result], text: str) -> Result:
    """The result of this kind that was written as text."""
    try:
        content = json.loads(text)
        if content.pop("kind") != kind.__name__:
            raise ValueError
        result: Result = _restored(kind, content)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CareError(f"this is no text that to_json of {kind.__name__} wrote") from None
    return result


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {element.name: _plain(getattr(value, element.name)) for element in fields(value)}
    if isinstance(value, pd.DataFrame):
        types = {str(name): str(kind) for name, kind in value.dtypes.items()}
        return {"columns": types, "rows": [[_plain(cell) for cell in row] for row in value.to_numpy(object)]}
    if isinstance(value, tuple | list):
        return [_plain(element) for element in value]
    if pd.isna(value):
        return None
    number = value.item() if hasattr(value, "item") else value
    return str(number) if isinstance(number, float) and math.isinf(number) else number


def _restored(kind: Any, value: Any) -> Any:
    if kind is pd.DataFrame:
        frame = pd.DataFrame(value["rows"], columns=list(value["columns"]), dtype=object)
        return frame.astype(value["columns"])
    if kind is float:
        return math.nan if value is None else float(value)
    if get_origin(kind) is tuple:
        return tuple(_restored(get_args(kind)[0], element) for element in value)
    if not is_dataclass(kind):
        return value
    hints, names = get_type_hints(kind), {field.name for field in fields(kind)}
    if set(value) != names:
        raise ValueError
    constructor: Any = kind
    return constructor(**{name: _restored(hints[name], element) for name, element in value.items()})
