"""The structural check of a page: it runs nothing, fetches nothing, leads nowhere else and shows no broken output."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html.parser import HTMLParser

LARGEST = 300 * 1024
POLICY = ("default-src 'none'", "img-src data:", "style-src 'unsafe-inline'")

# The elements a page may have. A list of what is allowed needs no knowledge of what is dangerous.
ELEMENTS = set(
    """html head meta title style body header main nav section article aside footer h1 h2 h3 h4 h5 h6 p div span
    ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td a strong em b i u s small sub sup br hr wbr
    figure figcaption img abbr code pre kbd samp var blockquote q cite details summary time mark ins del
    svg g path rect circle ellipse line polyline polygon text tspan desc""".split()  # noqa: SIM905 - a list would be no easier to read
)
LEFT_OUT = {
    "a traceback": re.compile(r"\bTraceback\b"),
    # "gian nan" and "nan giải" are Vietnamese for hardship and hard to solve.
    "a number that is nan": re.compile(r"(?<!gian )\b(?:nan|NaN|NaT)\b(?! giải)|<NA>"),
    "a path of this machine": re.compile(
        r"(?<![\w/.:])/(?:home|root|Users|tmp|var|opt|usr|mnt|srv|etc|private)/\w|\b[A-Za-z]:\\\w|\bfile:/"
    ),
    "an address with a password": re.compile(r"\w://[^\s/@]*:[^\s/@]*@"),
}
ADDRESS = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)|://", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
NO_ALT = "No description has been provided"  # nbconvert's placeholder for a missing alt text
DEFAULT_ALT = re.compile(r"<Figure size [^>]*>|<[\w.]+ object[^>]*>")  # what libraries print of a picture
UNDESCRIBED = (
    "an image that nobody has described: say what it shows, as in "
    'display(figure, metadata={"image/png": {"alt": "Contacts by hour"}})'
)
FETCHING = {"href", "src", "srcset", "srcdoc", "ping", "action", "formaction", "poster", "background", "xlink:href"}
STYLE = re.compile(r"@import|expression\s*\(|image(?:-set)?\s*\(|url\s*\((?!\s*[\"']?data:image/)|\\", re.IGNORECASE)
TAGS = re.compile(r"<\s*/?\s*(script|iframe|object|embed|link|base|form)\b", re.IGNORECASE)


def problems(html: str, lang: str, *, secrets: Sequence[str] = (), links: Collection[str] = ()) -> list[str]:
    """List why a page must not be published, each fault once.

    ``secrets`` are texts that the page must not contain, ``links`` the pages beside it that it may link to.

    >>> problems("<p>1</p>", "vi")[0]
    'html has no lang="vi"'
    """
    page = _Page(lang, links)
    page.feed(html)
    page.close()
    faults = page.missing() + page.faults
    faults += [f"<{tag.lower()}> in the source" for tag in TAGS.findall(html)]
    faults += ["a path of this machine" for secret in secrets if secret in html]
    return list(dict.fromkeys(faults))


def heavy(size: int) -> str:
    """Return a warning for a page of so many bytes if that is too large for mails and phones, else an empty text.

    >>> heavy(309 * 1024)
    '309 kB, more than the 300 kB that suit mails and phones'
    """
    return f"{size // 1024} kB, more than the {LARGEST // 1024} kB that suit mails and phones" if size > LARGEST else ""


class _Page(HTMLParser):
    """Parses a page and collects its faults."""

    def __init__(self, lang: str, links: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.lang, self.links = lang, links
        self.faults: list[str] = []
        self.headings = 0
        self.title = ""
        self.spoken = ""
        self.policy = ""
        self._inside = ""
        self._targets: set[str] = set()
        self._links: set[str] = set()

    def missing(self) -> list[str]:
        """The parts that every page needs and this one lacks."""
        needs = {
            f'html has no lang="{self.lang}"': self.spoken == self.lang,
            "no title": self.title.strip(),
            f"{self.headings} h1 headings instead of one": self.headings == 1,
            "no content security policy": all(directive in self.policy for directive in POLICY),
            "a link to a place that is not on the page": self._links <= self._targets,
        }
        return [need for need, met in needs.items() if not met]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._inside = tag
        self._refuse_if(tag not in ELEMENTS, f"element {_repeatable(tag)}")
        if tag == "html":
            self.spoken = values.get("lang", "")
        elif tag == "h1":
            self.headings += 1
        elif tag == "img":
            alt = values.get("alt", "").strip()
            self._refuse_if(not alt or alt.startswith(NO_ALT), "an image without alt text")
            self._refuse_if(bool(DEFAULT_ALT.fullmatch(alt)), UNDESCRIBED)
        elif tag == "meta":
            self._meta(values)
        for name, value in values.items():
            self._attribute(tag, name, value)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self._refuse_if(bool(STYLE.search(data)), "a style that fetches")
            return
        if self._inside == "title":
            self.title += data
        self._text(data)

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.faults.append("a comment")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        self.faults.append("a processing instruction")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        self.faults.append("a declaration")

    def _meta(self, values: dict[str, str]) -> None:
        header = values.get("http-equiv", "").lower()
        if header == "content-security-policy":
            self.policy = values.get("content", "")
        elif header:
            self.faults.append(f"a meta element that says {_repeatable(header)}")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        match tag, name:
            case _, "id":
                self._targets.add(f"#{value}")
            case "a", "href" if value.startswith("#"):
                self._links.add(value)
            case "a", "href" if value in self.links:
                pass
            case "img", "src":
                self._refuse_if(not PICTURE.fullmatch(value), "an image that is not in the page")
            case _, "style":
                self._refuse_if(bool(STYLE.search(value)), "a style that fetches")
            case _, "alt" | "title" | "content" | "aria-label":
                self._text(value)
            case _:
                outside = bool(ADDRESS.search(value)) and not name.startswith("xmlns")
                active = name.startswith("on") or name in FETCHING
                self._refuse_if(outside or active, f"attribute {_repeatable(name)}")

    def _refuse_if(self, condition: bool, fault: str) -> None:  # noqa: FBT001 - read as a sentence
        if condition:
            self.faults.append(fault)

    def _text(self, text: str) -> None:
        self.faults.extend(fault for fault, pattern in LEFT_OUT.items() if pattern.search(text))


def _repeatable(name: str) -> str:
    """Return a name of HTML as it is; any other text may be a customer's and is not repeated in a message."""
    return name if re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name) else "of an unknown name"
