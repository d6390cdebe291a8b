"""The site of the documentation: Markdown pages, and one page for each figure made from its definition."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from carestudy import __version__

sys.path.insert(0, str(Path(__file__).parent))
from figure_pages import write

project, author, release = "carestudy", "The carestudy developers", __version__
copyright = author  # noqa: A001 - the name that Sphinx reads
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
highlight_language = "text"
html_title = f"carestudy {release}"
templates_path: list[str] = []
exclude_patterns = ["_build"]
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}


def setup(app: Any) -> None:
    """Write the pages of figures before Sphinx lists the sources; pictures only where they are asked for."""
    app.add_config_value("pictures", "", "env")
    app.connect(
        "builder-inited", lambda built: write(Path(built.srcdir) / "figures", pictures=bool(built.config.pictures))
    )
