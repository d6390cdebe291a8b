"""The folder of real data beside the checkout, for modules that need it throughout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared"


def shared_folder() -> Path:
    """The folder of shared data; where it is not there, the test or the whole module that calls is skipped."""
    folder = Path(os.environ.get("CARESTUDY_SHARED", BESIDE))
    if not folder.is_dir():
        reason = "the folder of shared data is not beside this checkout (CARESTUDY_SHARED names another place)"
        pytest.skip(reason, allow_module_level=True)
    return folder
