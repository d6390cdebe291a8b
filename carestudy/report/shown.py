"""Selects what a page shows of an executed notebook, and states the facts around it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.report.absent import is_gap, without_absent
from carestudy.show import archive, dates, labels
from carestudy.show.findings.follow import filled
from carestudy.show.gaps import AGAIN
from carestudy.show.layers import closed
from carestudy.show.looks import LOOKS
from carestudy.show.numbers import number
from carestudy.show.output import MIME
from carestudy.show.words import LOCALES, Reader

NOT_SHOWN = "notebook-only"  # what only the analyst needs to read
PARTS = ("text/html", "image/png", "image/jpeg", "text/plain")
STYLE = re.compile(r'<style data-care="\w+">(.*?)</style>', re.DOTALL)
TITLE = re.compile(r"^#[ \t].*$", re.MULTILINE)
H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
H2 = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def own_language(nb: NotebookNode) -> str:
    """The language the notebook ran in: its parameter, else the language of its outputs, else Vietnamese."""
    lang = _parameters(nb).get("lang") or next((about.get("language") for about in _abouts(nb)), None)
    return lang if lang in LOCALES else "vi"


def readable(nb: NotebookNode, lang: str) -> tuple[NotebookNode, dict[str, Any]]:
    """Return the notebook with only what a reader sees, and the facts that the page states around it."""
    shown, reader = deepcopy(nb), Reader(lang)
    shown.cells = [cell for cell in shown.cells if _is_for(cell, lang)]
    styles: dict[str, None] = {}
    shown_hints: set[str] = set()
    _own_outputs(shown, styles)
    shown.cells = without_absent(shown.cells, reader)
    _once(shown)
    for output in _outputs(shown):
        _shorten(output, shown_hints)
        _close(output, reader)
    known = nb.metadata.get("carestudy", {})
    restated_note = archive.restated(reader, known.get("restated", ()), known.get("not_compared", ()))
    if restated_note:
        styles.update(dict.fromkeys((LOOKS["care"], LOOKS["table"])))
    titles = _titles_taken(shown)
    facts = {
        "lang": lang,
        "title": " – ".join(filter(None, (titles[0] if titles else reader.t("Report"), _company(nb)))),
        "styles": "\n".join(styles),
        "contents": reader.t("Contents"),
        "skip": reader.t("Skip to the report"),
        "foot": _foot(nb, reader),
        "notice": archive.notices(reader, known.get("vanished"), unfinished=bool(known.get("unfinished"))),
        "restated": restated_note,
        "marks": Marks(reader, known.get("followed", ()), known.get("beside", ())),
        "failure": lambda output: _failure(output, reader),
    }
    return shown, facts


def _titles_taken(shown: NotebookNode) -> list[str]:
    """Take the titles out of the text of a notebook, as the page states them at its head."""
    titles = [_text(title) for title in _titles(shown)]
    for cell in shown.cells if titles else ():
        if cell.cell_type == "markdown":
            cell.source = TITLE.sub("", cell.source)
    return titles


def _own_outputs(shown: NotebookNode, styles: dict[str, None]) -> None:
    """Remove the outputs that a reader does not see, and collect the styles of the others."""
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _is_shown(output)]
    for output in _outputs(shown):
        _hoist(output, styles)


def _once(shown: NotebookNode) -> None:
    """A box that says what is missing for a figure stands once on a page, however many pictures lack it."""
    boxes: set[str] = set()
    for cell in shown.cells:
        if cell.cell_type != "code":
            continue
        new = [output for output in cell.outputs if not is_gap(output) or output.data["text/html"] not in boxes]
        boxes.update(output.data["text/html"] for output in new if is_gap(output))
        cell.outputs = new


def _outputs(shown: NotebookNode) -> list[NotebookNode]:
    return [output for cell in shown.cells for output in cell.get("outputs", ())]


def with_contents(main: str, title: str) -> str:
    """The page's body with its sections numbered, and listed after the head of the report."""
    names = [_text(name) for name in H2.findall(main)]
    if len(names) < 2:
        return main
    numbers = iter(range(1, len(names) + 1))
    main = H2.sub(lambda heading: f'<h2 id="s{next(numbers)}">{heading[1]}</h2>', main)
    links = [Markup('<li><a href="#s{}">{}</a></li>').format(number, name) for number, name in enumerate(names, 1)]
    nav = Markup('<nav class="contents" aria-label="{0}"><ol>{1}</ol></nav>').format(title, Markup("").join(links))
    second = (
        main.find('<section class="prose"><h2 id="s2">') if "care-findings" in main or "care-nothing" in main else -1
    )
    if second > 0:  # findings stand before everything
        return f"{main[:second]}{nav}{main[second:]}"
    before, end_of_head, after = main.partition("</header>")  # the first header is the cover
    return f"{before}{end_of_head}{nav}{after}" if end_of_head else f"{nav}{main}"


@dataclass(frozen=True)
class Marks:
    """What fills the marks of a page: what became of the last findings, and the reports that stand beside it."""

    reader: Reader
    followed: Sequence[Mapping[str, Any]]
    beside: Collection[str]


def with_marks(main: str, marks: Marks) -> str:
    """The page's body with what is known of its findings from other reports."""
    return filled(main, marks.reader, marks.followed, marks.beside)


def _text(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - read as text, and escaped wherever it is shown


def _is_for(cell: NotebookNode, lang: str) -> bool:
    tags = cell.metadata.get("tags", [])
    languages = {tag.removeprefix("lang-") for tag in tags if tag.startswith("lang-")}
    return cell.cell_type in ("markdown", "code") and NOT_SHOWN not in tags and (not languages or lang in languages)


def _is_shown(output: NotebookNode) -> bool:
    if output.output_type == "stream":
        return bool(output.name == "stdout")
    return output.output_type == "error" or any(form in output.data for form in PARTS)


def _hoist(output: NotebookNode, styles: dict[str, None]) -> None:
    """Keep the HTML only of our own outputs, which escape what they show, and collect their styles for the head."""
    if "data" not in output:
        return
    if MIME not in output.data:
        output.data.pop("text/html", None)
    html = output.data.get("text/html")
    if html:
        styles.update(dict.fromkeys(STYLE.findall(html)))
        output.data["text/html"] = STYLE.sub("", html)


def _shorten(output: NotebookNode, shown_hints: set[str]) -> None:
    """Remove a hint on how to provide missing data where the page shows the same hint earlier."""

    def once(how: re.Match[str]) -> str:
        new = how[1] not in shown_hints
        shown_hints.add(how[1])
        return how[0] if new else ""

    if html := output.get("data", {}).get("text/html"):
        output.data["text/html"] = AGAIN.sub(once, html)


def _close(output: NotebookNode, reader: Reader) -> None:
    """What is marked to be folded away is closed on a page."""
    if html := output.get("data", {}).get("text/html"):
        output.data["text/html"] = closed(html, reader.t("Details"))


def _titles(nb: NotebookNode) -> Iterator[str]:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            yield from H1.findall(output.get("data", {}).get("text/html", ""))


def _abouts(nb: NotebookNode) -> Iterator[dict[str, Any]]:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            about = output.get("data", {}).get(MIME, {}).get("about")
            if about:
                yield about


def _company(nb: NotebookNode) -> str:
    return next((str(about.get("company") or "") for about in _abouts(nb)), "")


def _parameters(nb: NotebookNode) -> dict[str, Any]:
    return dict(nb.metadata.get("papermill", {}).get("parameters", {}))


def _foot(nb: NotebookNode, reader: Reader) -> str:
    """The foot of the page: notebook, parameters, tables and versions; the facts of the runner come first."""
    known = nb.metadata.get("carestudy", {})
    sources = [cell.source for cell in nb.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    digest = known.get("notebook_hash") or hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]
    words = [reader.t("Notebook {name}, {hash}", name=known.get("notebook", ""), hash=digest).replace(" ,", "")]
    words += [f"{name} = {_written(value)}" for name, value in (known.get("parameters") or _parameters(nb)).items()]
    about = {**{name: value for table in _abouts(nb) for name, value in table.items()}, **known}
    words += [dates.known_up_to(reader, datetime.fromisoformat(about["as_of"]))] if about.get("as_of") else []
    words += [_table(reader, table) for table in about.get("tables", ()) if "hash" in table]
    words += [f"{name} {number}" for name, number in about.get("versions", {}).items()]
    return "; ".join(words)


def _table(reader: Reader, table: Mapping[str, Any]) -> str:
    """The rows of a table (read = used + excluded), and the fingerprint of the rows read."""
    counts = {name: number(reader, table[name]) for name in ("read", "used", "set_aside")}
    return reader.t(
        "{table}: {read} rows read, {used} used, {set_aside} excluded, {hash}",
        table=labels.table(reader, table["table"]), hash=str(table["hash"])[:16], **counts,
    )  # fmt: skip


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _failure(output: NotebookNode, reader: Reader) -> Markup:
    """The box of a cell that failed; only carestudy's own errors are known to hold no personal data."""
    message = strip_ansi(output.evalue) if output.ename in _own_errors(CareError) else output.ename
    title = reader.t("This part of the report could not be computed")
    return Markup('<div class="failure" role="note"><strong>{}</strong><p>{}</p></div>').format(title, escape(message))


def _own_errors(kind: type[CareError]) -> set[str]:
    return {kind.__name__}.union(*(_own_errors(child) for child in kind.__subclasses__()))
