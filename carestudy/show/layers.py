"""What a page folds away: a line to read, and beneath it what supports it, for whoever opens it.

In a notebook everything stands open. The page of a report closes what is marked here, so that its first layer is short.
"""

from __future__ import annotations

from markupsafe import Markup

OPEN = '<!--fold--><span class="care-head">'
UNNAMED = "<!--fold details-->"
BODY = "</span><!--body-->"
CLOSE = "<!--/fold-->"
FOLDED = Markup('<!--fold--><span class="care-head">{}</span><!--body-->{}<!--/fold-->')
UNFOLDED = Markup("<!--fold details-->{}<!--/fold-->")


def folded(line: str, body: str) -> Markup:
    """A body that a page shows only when its line is opened; a notebook shows both."""
    return FOLDED.format(line, body)


def more(body: str) -> Markup:
    """A body that a page shows only when its details are opened; a notebook shows it as it is."""
    return UNFOLDED.format(body)


def beneath(html: Markup, body: Markup) -> Markup:
    """A body put beneath what the HTML folds away last, or folded away after it."""
    before, close, after = str(html).rpartition(CLOSE)
    if not close:
        return html + more(body)
    return Markup(before) + body + Markup(close + after)  # noqa: S704 - HTML before, and HTML after


def closed(html: str, details: str) -> str:
    """The HTML with everything that is marked closed, one fold within another too; ``details`` is the word to open.

    >>> closed(str(more(Markup("<p>n = 12</p>"))), "Details")
    '<details class="care-fold care-more"><summary>Details</summary><p>n = 12</p></details>'
    """
    html = html.replace(OPEN, '<details class="care-fold"><summary>').replace(BODY, "</summary>")
    unnamed = f'<details class="care-fold care-more"><summary>{details}</summary>'
    return html.replace(UNNAMED, unnamed).replace(CLOSE, "</details>")
