"""The check as one offline page, in the look of the report."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files

from markupsafe import Markup

from carestudy.check.check_sections import Found, Section, known, sections, verdict
from carestudy.report.check import POLICY
from carestudy.show.looks import LOOKS
from carestudy.show.tables import grid
from carestudy.show.words import Reader

PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="referrer" content="no-referrer">\n<meta name="format-detection" content="telephone=no">\n'
    "<title>{title}</title>\n<style>\n{styles}</style>\n</head>\n<body>\n<main>\n{main}\n</main>\n"
    '<footer class="foot"><p>{foot}</p></footer>\n</body>\n</html>\n'
)
COVER = Markup(
    '<div class="care"><header class="care-cover"><p class="company">{known}</p><h1>{title}</h1>'
    "<p{look}>{verdict}</p></header></div>"
)
PART = Markup('<section class="prose"><h2>{title}</h2>{text}</section>\n<div class="care">{table}</div>')


def page(reader: Reader, report: Found) -> str:
    """The whole page; where not all rows are used, its verdict is a warning."""
    title, look = reader.t("Check of the data"), Markup(' class="warning"') if report.code else ""
    cover = COVER.format(known=known(reader, report.care), title=title, look=look, verdict=verdict(reader, report))
    main = Markup("\n").join([cover, *map(_part, sections(reader, report))])
    sheet = files("carestudy.report").joinpath("template", "page.css").read_text("utf-8")
    styles = Markup("").join(map(Markup, (LOOKS["care"], LOOKS["cover"], LOOKS["table"], sheet)))
    policy = Markup("; ").join(map(Markup, POLICY))
    foot = f"carestudy {version('carestudy')}"
    return str(PAGE.format(lang=reader.lang, policy=policy, title=title, styles=styles, main=main, foot=foot))


def _part(section: Section) -> Markup:
    text = Markup("<p>{}</p>").format(section.text) if section.text else ""
    rows = [list(row) for row in section.rows]
    table = grid("", list(section.heads), rows, numeric=set(section.numeric)) if rows else ""
    return PART.format(title=section.title, text=text, table=table)
