"""Sends published pages by mail, encrypted, and only on request."""

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

BINARY = {".pdf": "pdf", ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
KEYS = ("host", "port", "user", "sender", "tls")
ENVIRONMENT = "CARESTUDY_MAIL_"
PASSWORD = f"{ENVIRONMENT}PASSWORD"
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
TIMEOUT = 60
MOST = 15 << 20  # bytes of attachments: servers refuse 25 MB, and a mail writes three bytes as four
LINK = re.compile(r'<a href="([^":/#]+\.html)">([^<]*)</a>')
BLOCKS = {"p", "li", "h1", "h2", "h3", "dd", "dt", "div", "header", "section", "tr", "ul", "ol"}


@dataclass(frozen=True)
class MailServer:
    """The server that mail goes through; the password stands in the environment only."""

    host: str
    port: int
    sender: str
    user: str = ""
    tls: str = "starttls"
    password: str = field(default="", repr=False)


def mail_server(folder: Path | None) -> MailServer:
    """Read the section [mail] of care.toml; variables (CARESTUDY_MAIL_HOST, ...) override its keys."""
    section = written(folder).get("mail", {}) if folder else {}
    if not isinstance(section, Mapping) or set(section) - set(KEYS):
        raise CareError(f"{FILE}: [mail] may say {', '.join(KEYS)}; the password stands in {PASSWORD} only")
    settings = {**section, **{key: value for key in KEYS if (value := os.environ.get(ENVIRONMENT + key.upper()))}}
    tls = str(settings.get("tls", "starttls"))
    sender = str(settings.get("sender") or settings.get("user") or "")
    if not settings.get("host") or not ADDRESS.fullmatch(sender) or tls not in ("starttls", "tls"):
        raise CareError(
            f'--mail needs in {FILE}: [mail] host = "smtp.example.vn", port = 587, sender = "reports@example.vn", '
            f'tls = "starttls" or "tls"; or the same as {ENVIRONMENT}HOST, ...'
        )
    port = str(settings.get("port") or (465 if tls == "tls" else 587))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CareError(f"{FILE}: [mail] port is a number such as 587")
    return MailServer(
        str(settings["host"]), int(port), sender, str(settings.get("user", "")), tls, os.environ.get(PASSWORD, "")
    )


def recipients(text: str) -> list[str]:
    """Split a list of addresses at its commas, and check each address."""
    addresses = [address.strip() for address in text.split(",") if address.strip()]
    if not addresses or not all(ADDRESS.fullmatch(address) for address in addresses):
        raise CareError("--mail takes addresses with commas between them, such as an@example.vn,binh@example.vn")
    return addresses


def send(pages: Mapping[str, Path], to: Sequence[str], server: MailServer, attached: Sequence[Path] = ()) -> None:
    """Send one mail with a page in each language and further attachments; its text are the verdicts of the pages.

    Where a page lists the reports of groups, the text has the verdicts of each group under its name, and their pages
    are attached too; where these are too large for a mail, only the page of the whole company is attached.
    """
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = server.sender, ", ".join(to)
    message["Subject"] = _Verdicts.of(next(iter(pages.values()))).title
    group_pages = {lang: _listed_reports(page) for lang, page in pages.items()}
    attachments = [*pages.values(), *(page for names in group_pages.values() for page in names), *attached]
    large = any(group_pages.values()) and sum(file.stat().st_size for file in attachments) > MOST
    message.set_content(
        "\n\n".join(_body(lang, page, group_pages[lang], large=large) for lang, page in pages.items()) + "\n"
    )
    for file in [*pages.values(), *(next(iter(names)) for names in group_pages.values())] if large else attachments:
        _attach(message, file)
    _deliver(message, server)


def _attach(message: EmailMessage, file: Path) -> None:
    if file.suffix in BINARY:
        message.add_attachment(
            file.read_bytes(), maintype="application", subtype=BINARY[file.suffix], filename=file.name
        )
    else:
        message.add_attachment(file.read_text("utf-8"), subtype="html", filename=file.name, charset="utf-8")


def _deliver(message: EmailMessage, settings: MailServer) -> None:
    context = ssl.create_default_context()
    try:
        if settings.tls == "tls":
            with smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT, context=context) as server:
                _hand_over(server, message, settings)
        else:
            with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT) as server:
                server.starttls(context=context)
                _hand_over(server, message, settings)
    except (OSError, smtplib.SMTPException) as problem:
        # The server's reply may quote the message, so only the type of the error is named.
        raise NotSent(f"{PUBLISHED}, and was not sent by mail: {type(problem).__name__}") from None


def _hand_over(server: smtplib.SMTP, message: EmailMessage, settings: MailServer) -> None:
    if settings.user:
        server.login(settings.user, settings.password)
    server.send_message(message)


def _listed_reports(page: Path) -> dict[Path, str]:
    """The reports that an index page lists, with their names, the company first; empty for a page of a report."""
    reports = {page.with_name(unquote(href)): unescape(name) for href, name in LINK.findall(page.read_text("utf-8"))}
    return {file: name for file, name in reports.items() if file.is_file()}


def _body(lang: str, page: Path, reports: Mapping[Path, str], *, large: bool) -> str:
    t = Reader(lang).t
    verdicts = [f"{name}\n{_verdicts(lang, file)}" for file, name in reports.items()] or [_verdicts(lang, page)]
    end = t("The reports of all groups are attached as pages.") if reports else t("The report is attached as a page.")
    if large:
        end = t("All pages together are too large for a mail: only those of the whole company are attached.")
    return "\n\n".join([_Verdicts.of(page).title, *verdicts, end])


def _verdicts(lang: str, page: Path) -> str:
    lines = _Verdicts.of(page).attention or [Reader(lang).t("The report has no figure that needs attention first.")]
    return "\n".join(f"- {line}" for line in lines)


class _Verdicts(HTMLParser):
    """Parses the title of a page and the lines under "needs attention first", as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.attention: list[str] = []
        self._list = 0
        self._in_title = False

    @staticmethod
    def of(page: Path) -> _Verdicts:
        """Parse a page."""
        verdicts = _Verdicts()
        verdicts.feed(page.read_text("utf-8"))
        verdicts.title = " ".join(verdicts.title.split())
        verdicts.attention = [line for line in (" ".join(entry.split()) for entry in verdicts.attention) if line]
        return verdicts

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
