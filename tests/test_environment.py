"""One list of dependencies, pyproject.toml; what else names packages agrees with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = ("lab", "mcp", "pdf", "postgres", "spark", "docs", "dev")
OPTIONAL = [line for extra in EXTRAS for line in PROJECT["optional-dependencies"][extra]]
REQUIREMENTS = [Requirement(line) for line in (*PROJECT["dependencies"], *OPTIONAL)]
CONDA_FORGE = {
    "duckdb": "python-duckdb",
    "ibis-framework[duckdb]": "ibis-duckdb",
    "matplotlib": "matplotlib-base",
    "psycopg[binary]": "psycopg",
}  # where conda-forge has another name


def _on_conda_forge(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    name = requirement.name + extras
    return CONDA_FORGE.get(name, name)


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_environment_yml_has_the_names_and_bounds_of_pyproject() -> None:
    *packages, pip = yaml.safe_load(_text("environment.yml"))["dependencies"]
    listed = {found.name: found.specifier for found in map(Requirement, packages)}
    expected = {_on_conda_forge(requirement): requirement.specifier for requirement in REQUIREMENTS}
    build = Requirement("hatchling>=1.27,<2")
    assert listed == expected | {
        "python": Requirement(f"python{PROJECT['requires-python']}").specifier,
        "pip": Requirement("pip").specifier,
        build.name: build.specifier,
    }
    assert pip == {"pip": ["-e ."]}


def test_environment_yml_names_no_package_twice() -> None:
    *packages, _ = yaml.safe_load(_text("environment.yml"))["dependencies"]
    assert len({Requirement(package).name for package in packages}) == len(packages)


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    lines = [line for line in _text("constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_constraints_hold_a_version_that_pyproject_allows(requirement: Requirement) -> None:
    pinned = dict(line.split("==") for line in _text("constraints.txt").splitlines() if "==" in line)
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_make_installs_the_extras_that_are_pinned() -> None:
    assert f"EXTRAS := {','.join(EXTRAS)}\n" in _text("Makefile")


def test_the_hooks_before_a_commit_fetch_nothing() -> None:
    assert {repository["repo"] for repository in yaml.safe_load(_text(".pre-commit-config.yaml"))["repos"]} == {"local"}


def test_the_readme_names_one_test_command() -> None:
    fenced = "\n".join(re.findall(r"^```.*?^```", _text("README.md"), flags=re.DOTALL | re.MULTILINE))
    commands = set(re.findall(r"^ *(?:\$ )?(make test\b[^#\n]*?) *(?:#.*)?$", fenced, flags=re.MULTILINE))
    assert commands == {"make test"}
