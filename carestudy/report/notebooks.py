"""The notebooks that carestudy ships, and which notebook a name on the command line means."""

from __future__ import annotations

from pathlib import Path

from carestudy.contract import CareError

SUFFIX = ".ipynb"
OWN = Path("notebooks")
ANALYST = "explore"  # a tour for JupyterLab, no report


def shipped() -> dict[str, Path]:
    """The notebooks of the installed package by name; in a checkout those beside the package."""
    package = Path(__file__).parents[1]
    folders = (package / OWN, package.parent / OWN)
    folder = next((folder for folder in folders if (folder / f"care_report{SUFFIX}").is_file()), None)
    if folder is None:
        raise CareError("this installation of carestudy has no notebooks: install it again from a wheel or a checkout")
    return {path.stem: path for path in sorted(folder.glob(f"*{SUFFIX}"))}


def notebook(name: str) -> Path:
    """Resolve a word of the command line to a notebook: a path, or the name of a local or a shipped notebook.

    A local notebook in ``notebooks/`` takes precedence over the shipped one of its name. Any other word stays a path.
    """
    path = Path(name)
    if path.exists() or path.suffix or path.name != name:
        return path
    local = OWN / f"{name}{SUFFIX}"
    return local if local.is_file() else shipped().get(name, path)


def no_such(path: Path) -> CareError:
    """The error for a path at which there is no notebook: it lists the names that can stand in its place."""
    names = ", ".join(name for name in shipped() if name != ANALYST)
    return CareError(f"there is no notebook {path}; carestudy ships {names}")
