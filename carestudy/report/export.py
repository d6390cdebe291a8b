"""Exports an executed notebook as one page: offline, without code or scripts, in one language."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Unicode, default

from carestudy.report import shown


class CareExporter(HTMLExporter):
    """The exporter of report pages; ``lang`` chooses the language, by default the notebook's own."""

    export_from_notebook = "Carestudy report (HTML)"
    lang = Unicode("", help="The language of the page: vi or en.").tag(config=True)

    @default("extra_template_basedirs")
    def _package_folder(self) -> list[str]:
        return [str(files("carestudy.report"))]

    @default("template_name")
    def _template_folder(self) -> str:
        return "template"

    @default("exclude_anchor_links")
    def _no_anchors(self) -> bool:
        return True

    @property
    def default_config(self) -> Any:
        """The priority of an output's forms: its HTML, a picture, or its text; never a script, never markdown."""
        config = super().default_config
        config.NbConvertBase.display_data_priority = list(shown.PARTS)
        return config

    def default_filters(self) -> Any:
        """The filters of nbconvert, and the one that puts the contents list after the head of the report."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "with_contents", shown.with_contents
        yield "with_marks", shown.with_marks

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own HTML exporter does
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of an executed notebook."""
        lang = self.lang or shown.own_language(nb)
        shown_notebook, facts = shown.readable(nb, lang)
        return super().from_notebook_node(shown_notebook, {**(resources or {}), "page": facts}, **kw)
