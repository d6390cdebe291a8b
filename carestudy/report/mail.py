"""Sends published pages by mail, encrypted, and only where somebody asked for it."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from carestudy.contract import CareError
from carestudy.load.mapping import FILE
from carestudy.load.settings import written
from carestudy.report.publish import PUBLISHED, NotSent
from carestudy.show.words import Reader

KEYS = ("host", "port", "user", "sender", "tls")
ENVIRONMENT = "CARESTUDY_MAIL_"
PASSWORD = f"{ENVIRONMENT}PASSWORD"
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
TIMEOUT = 60
MOST = 15 << 20  # bytes of attachments: servers refuse 25 MB, and a mail writes three bytes as four
LINK = re.compile(r'<a href="([^":/#]+\.html)">([^<]*)</a>')
BLOCKS = {"p", "li", "h1", "h2", "h3", "dd", "dt", "div", "header", "section", "tr", "ul", "ol"}


@dataclass(frozen=True)
class Post:
    """The server that mail goes through; the password stands in the environment only."""

    host: str
    port: int
    sender: str
    user: str = ""
    tls: str = "starttls"
    password: str = field(default="", repr=False)


def post(folder: Path | None) -> Post:
    """What the section [mail] of care.toml says, or the environment in its place (CARESTUDY_MAIL_HOST, ...)."""
    said = written(folder).get("mail", {}) if folder else {}
    if not isinstance(said, Mapping) or set(said) - set(KEYS):
        raise CareError(f"{FILE}: [mail] may say {', '.join(KEYS)}; the password stands in {PASSWORD} only")
    told = {**said, **{key: value for key in KEYS if (value := os.environ.get(ENVIRONMENT + key.upper()))}}
    tls = str(told.get("tls", "starttls"))
    sender = str(told.get("sender") or told.get("user") or "")
    if not told.get("host") or not ADDRESS.fullmatch(sender) or tls not in ("starttls", "tls"):
        raise CareError(
            f'--mail needs in {FILE}: [mail] host = "smtp.example.vn", port = 587, sender = "reports@example.vn", '
            f'tls = "starttls" or "tls"; or the same as {ENVIRONMENT}HOST, ...'
        )
    port = str(told.get("port") or (465 if tls == "tls" else 587))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CareError(f"{FILE}: [mail] port is a number such as 587")
    return Post(str(told["host"]), int(port), sender, str(told.get("user", "")), tls, os.environ.get(PASSWORD, ""))


def recipients(text: str) -> list[str]:
    """The addresses of a list with commas, each checked."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    if not found or not all(ADDRESS.fullmatch(one) for one in found):
        raise CareError("--mail takes addresses with commas between them, such as an@example.vn,binh@example.vn")
    return found


def send(pages: Mapping[str, Path], to: Sequence[str], by: Post, attached: Sequence[Path] = ()) -> None:
    """Send a page in each language as one mail, with what else is attached; verdicts are the text.

    A page that lists the reports of groups takes them with it: the verdicts of each stand under its name, and the
    pages are attached as long as a mail may be so large, else only that of the whole company.
    """
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = by.sender, ", ".join(to)
    message["Subject"] = _Verdicts.of(next(iter(pages.values()))).title
    parts = {lang: _parts(page) for lang, page in pages.items()}
    every = [*pages.values(), *(page for found in parts.values() for page in found), *attached]
    large = any(parts.values()) and sum(file.stat().st_size for file in every) > MOST
    message.set_content("\n\n".join(_body(lang, page, parts[lang], large=large) for lang, page in pages.items()) + "\n")
    for file in [*pages.values(), *(next(iter(found)) for found in parts.values())] if large else every:
        _attach(message, file)
    _post(message, by)


def _attach(message: EmailMessage, file: Path) -> None:
    if file.suffix == ".pdf":
        message.add_attachment(file.read_bytes(), maintype="application", subtype="pdf", filename=file.name)
    else:
        message.add_attachment(file.read_text("utf-8"), subtype="html", filename=file.name, charset="utf-8")


def _post(message: EmailMessage, by: Post) -> None:
    context = ssl.create_default_context()
    try:
        if by.tls == "tls":
            with smtplib.SMTP_SSL(by.host, by.port, timeout=TIMEOUT, context=context) as server:
                _hand_over(server, message, by)
        else:
            with smtplib.SMTP(by.host, by.port, timeout=TIMEOUT) as server:
                server.starttls(context=context)
                _hand_over(server, message, by)
    except (OSError, smtplib.SMTPException) as problem:
        # The server's own words may quote the message.
        raise NotSent(f"{PUBLISHED}, and was not sent by mail: {type(problem).__name__}") from None


def _hand_over(server: smtplib.SMTP, message: EmailMessage, by: Post) -> None:
    if by.user:
        server.login(by.user, by.password)
    server.send_message(message)


def _parts(page: Path) -> dict[Path, str]:
    """The reports that a page lists with their names, that of the whole first; none where it is a report itself."""
    found = {page.with_name(unquote(href)): unescape(name) for href, name in LINK.findall(page.read_text("utf-8"))}
    return {file: name for file, name in found.items() if file.is_file()}


def _body(lang: str, page: Path, parts: Mapping[Path, str], *, large: bool) -> str:
    t = Reader(lang).t
    told = [f"{name}\n{_verdicts(lang, file)}" for file, name in parts.items()] or [_verdicts(lang, page)]
    end = t("The reports of all groups are attached as pages.") if parts else t("The report is attached as a page.")
    if large:
        end = t("All pages together are too large for a mail: only those of the whole company are attached.")
    return "\n\n".join([_Verdicts.of(page).title, *told, end])


def _verdicts(lang: str, page: Path) -> str:
    lines = _Verdicts.of(page).attention or [Reader(lang).t("The report has no figure that needs attention first.")]
    return "\n".join(f"- {line}" for line in lines)


class _Verdicts(HTMLParser):
    """The title of a page and what needs attention first, as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.attention: list[str] = []
        self._list = 0
        self._in_title = False

    @staticmethod
    def of(page: Path) -> _Verdicts:
        """What is read from a page."""
        found = _Verdicts()
        found.feed(page.read_text("utf-8"))
        found.title = " ".join(found.title.split())
        found.attention = [line for line in (" ".join(one.split()) for one in found.attention) if line]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "ul":
            self._list += bool(self._list) or "care-attention" in (dict(attrs).get("class") or "")
        elif tag == "li" and self._list == 1:
            self.attention.append("")
        elif self.attention and tag in BLOCKS | {"span", "strong", "small", "br"}:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == "ul" and self._list:
            self._list -= 1

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif self._list and self.attention:
            self.attention[-1] += data
