"""The door: files, frames and databases become checked tables with the names and types of the contract.

The engine is imported when data are first loaded, so that ``import carestudy`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carestudy.load.door import Examined, examine, load
    from carestudy.load.faults import set_aside

__all__ = ["Examined", "examine", "load", "set_aside"]

_WHERE = {"load": "door", "examine": "door", "Examined": "door", "set_aside": "faults"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
