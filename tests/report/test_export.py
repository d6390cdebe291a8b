"""The page: one file, one language, nothing that runs or fetches, nothing of the data that is not text."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from companies import table
from nbconvert.exporters import get_exporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import carestudy as cs
from carestudy import kpi
from carestudy.report.check import problems
from carestudy.report.export import CareExporter

MIME = "application/vnd.carestudy.figures+json"
STYLE = '<style data-care="care">.care{color:red}</style>'
COVER = f'{STYLE}<div class="care"><header><h1>Báo cáo <span>Tháng 10</span></h1></header></div>'
SHOWN = f'{STYLE}<div class="care"><p>42 %</p></div>'


def _ours(html: str, about: dict[str, Any] | None = None) -> NotebookNode:
    bundle = {
        "text/html": html,
        "text/plain": "text of it",
        MIME: {"figures": []} | ({"about": about} if about else {}),
    }
    return NotebookNode(new_output("display_data", bundle))


def _cell(*outputs: NotebookNode, source: str = "secret = 'code'") -> NotebookNode:
    return NotebookNode(new_code_cell(source, outputs=list(outputs)))


def _prose(source: str, *tags: str) -> NotebookNode:
    return NotebookNode(new_markdown_cell(source, metadata={"tags": list(tags)}))


def _report(*cells: NotebookNode) -> NotebookNode:
    about = {"company": "Công ty Mẫu", "language": "vi"}
    sections = [_prose("## Phần một", "lang-vi"), _prose("## Part one", "lang-en"), _prose("## Phần hai", "lang-vi")]
    return NotebookNode(
        new_notebook(cells=[_cell(_ours(COVER, about)), *sections, _prose("## Part two", "lang-en"), *cells])
    )


def _page(notebook: NotebookNode, lang: str = "vi") -> str:
    return str(CareExporter(lang=lang).from_notebook_node(notebook)[0])


def _error(kind: str, message: str) -> NotebookNode:
    return NotebookNode(new_output("error", ename=kind, evalue=message, traceback=[f"Traceback {message}"]))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_passes_its_own_check(lang: str) -> None:
    assert problems(_page(_report(_cell(_ours(SHOWN))), lang), lang) == []


def test_only_the_wanted_language_is_shown() -> None:
    assert "Phần một" in _page(_report())
    assert "Part one" not in _page(_report())
    assert "Part one" in _page(_report(), "en")
    assert "Phần một" not in _page(_report(), "en")


def test_without_a_wish_the_notebook_s_own_language_is_taken() -> None:
    assert '<html lang="vi">' in _page(_report(), "")
    notebook = _report()
    notebook.metadata["papermill"] = {"parameters": {"lang": "en"}}
    assert '<html lang="en">' in _page(notebook, "")


def test_what_is_for_analysts_only_is_left_out() -> None:
    assert "chạy tất cả" not in _page(_report(_prose("Hãy chạy tất cả các ô", "lang-vi", "notebook-only")))


def test_how_to_give_what_is_missing_is_told_once_on_a_page() -> None:
    care = cs.load({"customers": table("customer_id joined_on", ("A", "2026-01-05"))}, as_of="2026-10-31")
    show = cs.Show(care, period="2026-10", lang="en")
    shown = [show.trend(kpi.nps), show.trend(kpi.csat), show.interviews(), show.owners(), show.goals()]
    cells = [_cell(NotebookNode(new_output("display_data", one._repr_mimebundle_()))) for one in shown]
    page = _page(_report(*cells), "en")
    assert page.count("Add a file responses.csv") == 1
    for words in ("NPS cannot", "CSAT cannot", "Account owners cannot", "Goals cannot", "Add a file goals.csv"):
        assert page.count(words) == 1


def test_code_and_stderr_are_not_shown() -> None:
    noise = NotebookNode(new_output("stream", name="stderr", text="UserWarning: look out"))
    page = _page(_report(_cell(noise, _ours(SHOWN))))
    assert "secret" not in page
    assert "UserWarning" not in page
    assert "42 %" in page


def test_what_is_printed_is_shown_as_text() -> None:
    printed = NotebookNode(new_output("stream", name="stdout", text="<b>1</b> \x1b[31mred\x1b[0m"))
    assert "<pre>&lt;b&gt;1&lt;/b&gt; red</pre>" in _page(_report(_cell(printed)))


def test_sections_are_listed_after_the_head_and_lead_to_their_headings() -> None:
    page = _page(_report())
    assert re.findall(r'<li><a href="#(s\d)">(.*?)</a></li>', page) == [("s1", "Phần một"), ("s2", "Phần hai")]
    assert '<h2 id="s2">Phần hai</h2>' in page
    assert page.index("</header>") < page.index("<nav") < page.index("<h2")


def test_the_head_of_the_report_is_the_only_first_heading_and_the_title() -> None:
    page = _page(_report(_prose("# Tên sổ\nMột câu.", "lang-vi")))
    assert page.count("<h1") == 1
    assert "<title>Báo cáo Tháng 10 – Công ty Mẫu</title>" in page
    assert "Tên sổ" not in page
    assert "Một câu." in page


def test_without_a_head_the_notebook_s_title_is_the_first_heading() -> None:
    page = _page(NotebookNode(new_notebook(cells=[_prose("# Tên sổ")])))
    assert "<h1>Tên sổ</h1>" in page


def test_a_style_stands_once_in_the_head() -> None:
    page = _page(_report(_cell(_ours(SHOWN), _ours(SHOWN))))
    assert page.count(".care{color:red}") == 1
    assert page.index(".care{color:red}") < page.index("</head>")


def test_html_of_others_is_shown_as_text() -> None:
    other = NotebookNode(
        new_output("execute_result", {"text/html": "<b onclick=x>A</b>", "text/plain": "A <B>"}, execution_count=1)
    )
    page = _page(_report(_cell(other)))
    assert "onclick" not in page
    assert "<pre>A &lt;B&gt;</pre>" in page


@pytest.mark.parametrize("kind", ["text/markdown", "application/javascript", "text/latex", "application/json"])
def test_outputs_that_could_run_or_cannot_be_read_are_left_out(kind: str) -> None:
    other = NotebookNode(new_output("display_data", {kind: "left out"}))
    assert "left out" not in _page(_report(_cell(other)))


def test_a_picture_of_others_has_its_text_for_an_alt() -> None:
    picture = NotebookNode(new_output("display_data", {"image/png": "aGVsbG8=\n", "text/plain": 'A "B"'}))
    page = _page(_report(_cell(picture)))
    assert re.search(r'<img [^>]*src="data:image/png;base64,aGVsbG8="', page)
    assert 'A "B"' in page.replace("&quot;", '"')
    assert problems(page, "vi") == []


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_a_picture_has_the_alt_of_its_metadata_escaped(kind: str) -> None:
    default = "<Figure size 640x480 with 1 Axes>"
    bundle = {kind: "aGVsbG8=", "text/plain": default}
    page = _page(
        _report(_cell(NotebookNode(new_output("display_data", bundle, metadata={kind: {"alt": 'Giờ "cao"<b>'}}))))
    )
    assert BeautifulSoup(page, "html.parser").img["alt"] == 'Giờ "cao"<b>'
    assert "<b>" not in page
    assert problems(page, "vi") == []
    page = _page(_report(_cell(NotebookNode(new_output("display_data", bundle)))))
    assert [problem[:36] for problem in problems(page, "vi")] == ["an image that nobody has described: "]


def test_our_own_errors_say_what_is_wrong_and_others_only_of_what_kind_they_are() -> None:
    page = _page(_report(_cell(_error("Missing", "nps needs <column> 'score'"))))
    assert "Không tính được phần này của báo cáo" in page
    assert "nps needs &lt;column&gt; 'score'" in page
    page = _page(_report(_cell(_error("KeyError", "0912345678"))), "en")
    assert "KeyError" in page
    assert "0912345678" not in page
    assert "Traceback" not in page


def test_the_foot_names_the_notebook_and_its_parameters() -> None:
    notebook = _report()
    notebook.metadata["carestudy"] = {
        "notebook": "care_report", "notebook_hash": "abc123", "parameters": {"period": "2026-10", "lang": ["vi", "en"]},
    }  # fmt: skip
    foot = _page(notebook).partition("<footer")[2]
    assert "Notebook care_report, abc123; period = 2026-10; lang = vi, en" in foot


def test_the_foot_tells_two_notebooks_apart_and_not_two_runs() -> None:
    def digest(notebook: NotebookNode) -> str:
        return re.findall(r"Notebook ([0-9a-f]{16})", _page(notebook))[0]

    injected = NotebookNode(new_code_cell("period = '2026-09'", metadata={"tags": ["injected-parameters"]}))
    assert digest(_report(injected)) == digest(_report())
    assert digest(_report(_cell(source="other"))) != digest(_report())


def test_the_same_notebook_gives_the_same_bytes_and_is_left_as_it_was() -> None:
    notebook = _report(_cell(_ours(SHOWN)))
    before = notebook.copy()
    assert _page(notebook) == _page(notebook)
    assert notebook == before
    assert SHOWN in str(notebook)


def test_jupyterlab_offers_the_page() -> None:
    assert get_exporter("carestudy") is CareExporter


def test_text_of_the_foot_and_the_title_is_escaped() -> None:
    notebook = _report()
    notebook.cells[0].outputs[0].data[MIME]["about"]["company"] = "</title><b id=live>"
    notebook.metadata["carestudy"] = {"notebook": "<b id=live>", "notebook_hash": "0", "parameters": {"a": "<b>"}}
    page = _page(notebook)
    assert "<b id=live" not in page
    assert "<b>" not in page
    assert problems(page, "vi") == []


@pytest.mark.slow
def test_nothing_is_wider_than_a_phone(chromium: str, tmp_path: Path) -> None:
    long = '<div class="care"><p>' + "Nguyễn" * 60 + "</p></div>"
    (tmp_path / "page.html").write_text(_page(_report(_cell(_ours(long)))), "utf-8")
    probe = (
        '<iframe id="f" src="page.html" style="width:360px;height:600px"></iframe><p id="w"></p><script>f.onload=()=>'
        "w.textContent='wide '+(f.contentDocument.documentElement.scrollWidth)</script>"
    )
    (tmp_path / "probe.html").write_text(probe, "utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--virtual-time-budget=3000",
    ]
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command = [
        chromium,
        *options,
        *quiet,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        str(tmp_path / "probe.html"),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert re.findall(r"wide (\d+)", dom)[0] in {"360", "345"}
