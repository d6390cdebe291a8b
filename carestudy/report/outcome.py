"""From executed notebooks to the files of a report, each of them checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from carestudy.contract import CareError
from carestudy.report import rendered
from carestudy.report.check import problems
from carestudy.report.collected import agreed, collected, text, without_suppressed
from carestudy.report.execute import Executed
from carestudy.report.followed import followed, with_months
from carestudy.report.order import Order, Outcome, Source
from carestudy.report.restated import restated
from carestudy.report.vanished import vanished


class _Unfit(Exception):
    """Why results are not fit to be published, for each language that has a reason."""

    def __init__(self, troubles: Mapping[str, str]) -> None:
        self.troubles = dict(troubles)


def outcome(order: Order, source: Source, results: Mapping[str, Executed]) -> Outcome:
    """The files of a complete report, or of a failed one with as much of its page as can be shown."""
    about = order.about(source)
    try:
        figures = _beside_earlier(order, source, _figures(order, results))
        return Outcome(_files(order, results, about, figures), figures)
    except _Unfit as unfit:
        files = {
            order.name(lang, "failed", "html"): _failed_page(order, lang, results[lang], trouble, about)
            for lang, trouble in unfit.troubles.items()
        }
        return Outcome(files, trouble=next(iter(unfit.troubles.values())))


def _figures(order: Order, results: Mapping[str, Executed]) -> dict[str, Any]:
    if failures := {lang: str(result.failure) for lang, result in results.items() if result.failure}:
        raise _Unfit(failures)
    shown = {lang: collected(result.notebook) for lang, result in results.items()}
    if changed := sorted({name for content in shown.values() for name in order.changed(content["tables"])}):
        trouble = f"the data changed during the run ({', '.join(changed)}): run it again when they are whole"
        raise _Unfit(dict.fromkeys(results, trouble))
    try:
        return agreed(shown)
    except CareError as disagreement:
        raise _Unfit(dict.fromkeys(results, str(disagreement))) from None


def _beside_earlier(order: Order, source: Source, figures: dict[str, Any]) -> dict[str, Any]:
    """The figures with the columns of each table, and with what the last report had and this one lacks."""
    columns = {name: sorted(names) for name, names in order.columns.items()}
    listed = [
        {**table, "columns": columns[table["table"]]} if table["table"] in columns else table
        for table in figures["tables"]
    ]
    lost = vanished(order, source.hash, figures)
    return {**figures, "tables": listed} | ({"vanished": lost} if lost else {})


def _files(
    order: Order, results: Mapping[str, Executed], about: Mapping[str, Any], figures: Mapping[str, Any]
) -> dict[str, bytes]:
    earlier = restated(order, {**about, **figures})
    changes = {"restated": earlier.changes} | ({"not_compared": earlier.not_compared} if earlier.not_compared else {})
    facts = {**about, "unfinished": order.unfinished, **changes, "tables": figures["tables"]}
    follow = followed(order, figures.get("findings", ()))
    facts |= ({"followed": follow} if follow else {}) | ({"beside": order.beside} if order.beside else {})
    if "findings" in figures:
        figures = {**figures, "findings": with_months(figures["findings"], follow)}
    facts |= {name: figures[name] for name in ("as_of", "versions", "vanished") if name in figures}
    pages = {lang: rendered.render(result.notebook, lang, facts) for lang, result in results.items()}
    faults = {
        lang: problems(html, lang, secrets=order.secrets, links={f"{stem}.{lang}.html" for stem in order.beside})
        for lang, html in pages.items()
    }
    if unfit := {lang: f"the {lang} page has {', '.join(reasons)}" for lang, reasons in faults.items() if reasons}:
        raise _Unfit(unfit)
    files = {order.name(lang, "html"): html.encode() for lang, html in pages.items()}
    # Pages are replaced one by one: by this list a reader of several can check whether they belong together.
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    neighbours = {"beside": order.beside} if order.beside else {}
    stated = {**about, **_published_figures(figures), "pages": listed, **neighbours}
    files[order.name("figures", "json")] = text(stated).encode()
    if any(changes.values()):
        files[order.name("restated", "json")] = text({**about, **changes}).encode()
    if follow:
        files[order.name("followed", "json")] = text(follow).encode()
    return files | ({order.name("set_aside", "csv"): order.set_aside} if order.set_aside else {})


def _published_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures as their file states them: how many figures of groups are suppressed, but not of which groups."""
    shown = without_suppressed(figures["figures"])
    count = len(figures["figures"]) - len(shown)
    return {**figures, "figures": shown} | ({"suppressed": count} if count else {})


def _failed_page(order: Order, lang: str, result: Executed, trouble: str, about: Mapping[str, Any]) -> bytes:
    """As much of the page as can be shown: it passes the same check as a good one."""
    notebooks = [rendered.only(trouble, lang), rendered.only("", lang)]
    if result.failure:
        notebooks.insert(0, rendered.up_to(result.notebook, result.failure))
    pages = (rendered.render(notebook, lang, about) for notebook in notebooks)
    return next(html for html in pages if not problems(html, lang, secrets=order.secrets)).encode()
