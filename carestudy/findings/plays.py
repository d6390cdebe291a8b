"""Plays: what to do about each kind of finding, from the package's file and the company's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from carestudy.contract import CareError
from carestudy.findings.candidate import Candidate, Play

FILE = "plays.toml"
LANGUAGES = ("vi", "en")


@cache
def shipped() -> dict[str, Play]:
    """The plays that come with the package."""
    return read(tomllib.loads(files("carestudy.findings").joinpath(FILE).read_text("utf-8")), FILE)


def own(written: str | Mapping[str, Any]) -> dict[str, Play]:
    """The plays of a company's own file, or of what stands in it."""
    if isinstance(written, Mapping):
        return read(written, FILE)
    path = Path(written)
    try:
        return read(tomllib.loads(path.read_text("utf-8-sig")), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise CareError(f"{path.name} cannot be read: {getattr(problem, 'strerror', None) or problem}") from None


def read(said: Mapping[str, Any], name: str) -> dict[str, Play]:
    """Plays as they are written, each with its action in both languages."""
    known = {field.name for field in fields(Play)}
    for kind, play in said.items():
        if not isinstance(play, Mapping) or set(play) - known or not all(play.get(lang) for lang in LANGUAGES):
            raise CareError(f'{name} [{kind}]: a play has vi = "..." and en = "...", and may have audience = "..."')
        if not all(isinstance(value, str) for value in play.values()):
            raise CareError(f"{name} [{kind}]: vi, en and audience are text in quotes")
    return {kind: Play(**play) for kind, play in said.items()}


def play(candidate: Candidate, plays: Mapping[str, Play]) -> Play | None:
    """The play of a candidate: that of its group, of its figure, of its dimension, or of its kind."""
    of_group = [f"{candidate.kind}.{name}={value}" for name, value in candidate.groups]
    of_dimension = [f"{candidate.kind}.{name}" for name, _ in candidate.groups]
    by = [*of_group, f"{candidate.kind}.{candidate.kpi}", *of_dimension]
    return next((plays[name] for name in (*by, candidate.kind) if name in plays), None)
