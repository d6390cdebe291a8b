"""Identifies the program that computed a report: version, commit, and a fingerprint of the computing modules."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# What shows figures or finds files cannot change a figure.
ELSEWHERE = ("show", "report", "locale", "check", "recognise", "exports", "demo")
FILES = (".py", ".toml")
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def program() -> dict[str, str]:
    """The version of this package, the fingerprint of what computes figures in it, and its commit where one is known.

    These distinguish a changed definition from changed data: a definition changes the fingerprint.
    """
    facts = {"carestudy": version("carestudy"), "computation": fingerprint(PACKAGE)}
    commit = installed_commit() or checked_out(PACKAGE.parent)
    return facts | ({"commit": commit} if commit else {})


@cache
def fingerprint(package: Path) -> str:
    """A fingerprint of the modules and word lists of a package that figures are computed with, wherever it stands."""
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*"), key=lambda file: file.relative_to(package).as_posix()):
        name = file.relative_to(package).as_posix()
        if file.suffix in FILES and not name.startswith(tuple(f"{room}/" for room in ELSEWHERE)):
            # Whatever ends its lines: git writes others on Windows.
            digest.update(f"{name}\n".encode() + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def installed_commit() -> str:
    """The commit that pip installed the package from, where it was one."""
    try:
        origin = json.loads(distribution("carestudy").read_text("direct_url.json") or "{}")
        return _commit(str(origin.get("vcs_info", {}).get("commit_id", "")))
    except (PackageNotFoundError, OSError, ValueError, AttributeError):
        return ""


def checked_out(folder: Path) -> str:
    """The commit of a git checkout, read from its files; empty where the folder is no checkout."""
    try:
        git = folder / ".git"
        if git.is_file():  # a worktree
            git = folder / git.read_text("utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text("utf-8").strip()
        if not head.startswith("ref:"):
            return _commit(head)
        name = head.removeprefix("ref:").strip()
        common = git / "commondir"
        home = git / common.read_text("utf-8").strip() if common.is_file() else git
        return _commit((home / name).read_text("utf-8")) if (home / name).is_file() else _packed(home, name)
    except (OSError, ValueError):
        return ""


def _packed(home: Path, name: str) -> str:
    """The commit of a branch that git has put into its list."""
    for line in (home / "packed-refs").read_text("utf-8").splitlines():
        commit, _, branch = line.partition(" ")
        if branch == name:
            return _commit(commit)
    return ""


def _commit(text: str) -> str:
    return text.strip() if COMMIT.fullmatch(text.strip()) else ""
