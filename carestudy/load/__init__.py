"""The door: files, frames and databases become checked tables with the names and types of the contract."""

from carestudy.load.door import load

__all__ = ["load"]
