"""The door: files, frames and databases become checked tables with the names and types of the contract."""

from carestudy.load.door import load
from carestudy.load.faults import set_aside

__all__ = ["load", "set_aside"]
