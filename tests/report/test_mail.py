"""Mail goes out encrypted, to whom it was asked for, with the verdicts as text; or one line says that it did not."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from places import SEEN, Place
from tiny import showing, tiny_data, tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.report import mail
from carestudy.report.mail import MailServer, mail_server, recipients, send
from carestudy.report.publish import NotSent

PASSWORD = "geheim-0815"  # noqa: S105 - of a server that lives for one test
PAGE = """<!DOCTYPE html><html lang="vi"><head><title>Báo cáo Tháng 9 – Công ty Mẫu</title></head><body>
<ul class="care-attention"><li><strong>NPS</strong> <span class="verdict">kém hơn</span> 42&#8239;điểm</li>
<li>CSAT tốt hơn<ul><li>n = 30</li></ul></li></ul><ul><li>khác</li></ul></body></html>"""


class _Box:
    """Keeps what the server receives."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - aiosmtpd's
        assert session.ssl is not None
        self.messages.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


def _authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    # The answer is left to the server.
    return AuthResult(handled=False, success=(data.login, data.password) == (b"care", PASSWORD.encode()))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return key, cert


@pytest.fixture
def box(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[_Box, int]]:
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    box = _Box()

    class _Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(box, hostname="localhost", tls_context=context, require_starttls=True,
                        authenticator=_authenticated, auth_required=True)  # fmt: skip

    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    controller = _Server(box, hostname="localhost", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "care.vi.html"
    path.write_text(PAGE, "utf-8")
    return path


def _by(port: int, password: str = PASSWORD) -> MailServer:
    return MailServer("localhost", port, "reports@example.vn", "care", "starttls", password)


def test_a_page_is_sent_encrypted_with_its_verdicts_as_text(box: tuple[_Box, int], page: Path) -> None:
    kept, port = box
    send({"vi": page}, ["an@example.vn", "binh@example.vn"], _by(port))
    (message,) = kept.messages
    assert kept.recipients == [["an@example.vn", "binh@example.vn"]]
    assert message["Subject"] == "Báo cáo Tháng 9 – Công ty Mẫu"
    body, attached = message.walk().__next__().iter_parts()  # type: ignore[attr-defined]
    text = body.get_content()
    assert "- NPS kém hơn 42 điểm\n- CSAT tốt hơn n = 30\n" in text.replace("\r\n", "\n")
    assert "khác" not in text
    assert "được đính kèm" in text
    assert attached.get_filename() == "care.vi.html"
    assert attached.get_content().replace("\r\n", "\n").rstrip("\n") == PAGE


@pytest.mark.parametrize("wrong", ["password", "certificate", "port"])
def test_what_cannot_be_sent_is_one_line_with_a_code_of_its_own(
    box: tuple[_Box, int], page: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    kept, port = box
    if wrong == "certificate":
        monkeypatch.delenv("SSL_CERT_FILE")
    by = _by(1 if wrong == "port" else port, "wrong" if wrong == "password" else PASSWORD)
    with pytest.raises(NotSent, match="the report is published, and was not sent by mail") as told:
        send({"vi": page}, ["an@example.vn"], by)
    assert told.value.code == 5
    assert PASSWORD not in str(told.value)
    assert kept.messages == []


def test_the_server_stands_in_care_toml_and_the_password_in_the_environment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = '[mail]\nhost = "smtp.example.vn"\nsender = "r@example.vn"\nuser = "care"\n'
    (tmp_path / "care.toml").write_text(said, "utf-8")
    monkeypatch.setenv("CARESTUDY_MAIL_PASSWORD", "secret")
    assert mail_server(tmp_path) == MailServer("smtp.example.vn", 587, "r@example.vn", "care", "starttls", "secret")
    assert "secret" not in repr(mail_server(tmp_path))
    monkeypatch.setenv("CARESTUDY_MAIL_HOST", "other.example.vn")
    monkeypatch.setenv("CARESTUDY_MAIL_TLS", "tls")
    assert (mail_server(tmp_path).host, mail_server(tmp_path).port) == ("other.example.vn", 465)
    (tmp_path / "care.toml").write_text(said + 'password = "secret"\n', "utf-8")
    with pytest.raises(CareError, match="the password stands in CARESTUDY_MAIL_PASSWORD only"):
        mail_server(tmp_path)


def test_without_a_server_it_is_said_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"\[mail\] host ="):
        mail_server(tmp_path)


def test_addresses_are_checked() -> None:
    assert recipients("an@example.vn, binh@example.vn") == ["an@example.vn", "binh@example.vn"]
    for text in ("", "an", "an@example.vn\nBcc: x@y.z", "a b@c.d", "@c"):
        with pytest.raises(CareError, match="--mail takes addresses"):
            recipients(text)


def _attached(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in message.iter_attachments()}  # type: ignore[misc]


def _text(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.fixture
def place(box: tuple[_Box, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place whose care.toml names the server, and whose password stands in the environment."""
    _, port = box
    folder = tiny_data(tmp_path / "data")
    said = f'[mail]\nhost = "localhost"\nport = {port}\nsender = "r@example.vn"\nuser = "care"\n'
    (folder / "care.toml").write_text(said, "utf-8")
    monkeypatch.setenv("CARESTUDY_MAIL_PASSWORD", PASSWORD)
    place = Place(tmp_path)
    place.notebook(SEEN, "import os; print(sorted(name for name in os.environ if name.startswith('CARESTUDY')))")
    return place


@pytest.mark.slow
def test_the_command_prints_copies_and_sends_a_report_and_tells_nobody_the_password(
    box: tuple[_Box, int], place: Place, chromium: str, capfd: pytest.CaptureFixture[str]
) -> None:
    shared, log = place.folder / "shared", place.folder / "run.log"
    more = ("--pdf", "--share", str(shared), "--mail", "an@example.vn,binh@example.vn", "--log", str(log))
    assert main(place.command(*more)[3:]) == 0
    (message,) = box[0].messages
    assert box[0].recipients == [["an@example.vn", "binh@example.vn"]]
    sent = _attached(message)
    assert list(sent) == ["care.vi.html", "care.vi.pdf"]
    assert sent["care.vi.pdf"] == (place.out / "2026-09" / "care.vi.pdf").read_bytes()
    assert sent["care.vi.pdf"].startswith(b"%PDF-")
    assert "Báo cáo" in _text(message)
    names = {"care.vi.html", "care.vi.pdf", "care.figures.json"}
    assert {path.name for path in (shared / "2026-09").iterdir()} == names
    # A notebook sees where the data are, and nothing of the mail.
    page = (place.out / "2026-09" / "care.vi.html").read_text("utf-8")
    assert set(re.findall(r"CARESTUDY_\w+", page)) - {"CARESTUDY_SHARED"} == {
        "CARESTUDY_DATA",
        "CARESTUDY_MEMORY",
    }  # the former is of tests
    told = "".join(capfd.readouterr()) + log.read_text("utf-8") + message.as_string()
    files = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
    assert PASSWORD not in told
    assert PASSWORD.encode() not in files


@pytest.mark.slow
def test_what_cannot_be_handed_on_keeps_nothing_else_back_and_ends_with_a_code_of_its_own(
    box: tuple[_Box, int], place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARESTUDY_MAIL_PASSWORD", "wrong-" + PASSWORD)
    monkeypatch.setenv("PATH", str(place.folder))
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    shared, log = place.folder / "shared", place.folder / "run.log"
    more = ("--pdf", "--share", str(shared), "--mail", "an@example.vn", "--log", str(log))
    assert main(place.command(*more)[3:]) == 5
    last = capfd.readouterr().err.splitlines()[-1]
    assert "was not printed: --pdf needs Chromium, Chrome or Edge on the path, or WeasyPrint: pip install" in last
    assert "was not sent by mail: SMTPAuthenticationError" in last
    assert PASSWORD not in last + log.read_text("utf-8")
    assert box[0].messages == []
    wanted = ["care.figures.json", "care.vi.html"]
    assert sorted(place.files()) == sorted(path.name for path in (shared / "2026-09").iterdir()) == wanted


PARTS = {"all": "Toàn công ty", "01-hue": "Huế &amp; Vinh", "others": "2 nhóm"}


def _groups(folder: Path, *, filler: int = 0) -> Path:
    """The list of the reports of groups with the reports that it lists; the last run of one of them failed."""
    lines = "".join(f'<tr><th><a href="{stem}.vi.html">{name}</a></th></tr>' for stem, name in PARTS.items())
    head = '<html lang="vi"><head><title>Báo cáo theo vùng</title></head><body><nav><a href="index.en.html" lang="en">'
    (folder / "index.vi.html").write_text(f"{head}English</a></nav><table>{lines}</table></body></html>", "utf-8")
    for stem in ("all", "01-hue"):
        page = PAGE.replace("NPS", f"NPS {stem}").replace("khác", "x" * filler)
        (folder / f"{stem}.vi.html").write_text(page, "utf-8")
    return folder / "index.vi.html"


def test_a_mail_of_all_groups_names_each_with_its_verdicts_and_takes_its_page_with_it(
    box: tuple[_Box, int], tmp_path: Path
) -> None:
    kept, port = box
    send({"vi": _groups(tmp_path)}, ["an@example.vn"], _by(port))
    (message,) = kept.messages
    assert message["Subject"] == "Báo cáo theo vùng"
    assert list(_attached(message)) == ["index.vi.html", "all.vi.html", "01-hue.vi.html"]
    first, second = "Toàn công ty\n- NPS all kém hơn 42 điểm\n", "Huế & Vinh\n- NPS 01-hue kém hơn 42 điểm\n"
    assert _text(message).index(first) < _text(message).index(second)
    assert "2 nhóm" not in _text(message)


def test_pages_too_large_for_a_mail_stay_where_they_are_and_the_mail_says_so(
    box: tuple[_Box, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, port = box
    monkeypatch.setattr(mail, "MOST", 20_000)
    send({"vi": _groups(tmp_path, filler=9_000)}, ["an@example.vn"], _by(port))
    send({"vi": _groups(tmp_path, filler=12_000)}, ["an@example.vn"], _by(port))
    fits, large = kept.messages
    assert list(_attached(fits)) == ["index.vi.html", "all.vi.html", "01-hue.vi.html"]
    assert list(_attached(large)) == ["index.vi.html", "all.vi.html"]
    assert "quá lớn" in _text(large)
    assert "NPS 01-hue" in _text(large)


@pytest.mark.slow
def test_the_command_sends_one_mail_with_the_reports_of_all_groups(box: tuple[_Box, int], place: Place) -> None:
    people = [f"A{n},2026-01-05,{'Huế' if n % 2 else 'Vinh'}" for n in range(12)]
    (place.folder / "data" / "customers.csv").write_text(
        "\n".join(["customer_id,joined_on,region", *people, ""]), "utf-8"
    )
    parameters = 'data = "x"\nperiod = "x"\nlang = "vi"\nonly = None'
    shown = showing('<ul class="care-attention"><li>NPS xấu đi</li></ul>')
    tiny_notebook(place.folder / "care.ipynb", shown, parameters=parameters)
    assert main(place.command("--each", "region", "--mail", "an@example.vn")[3:]) == 0
    (message,) = box[0].messages
    assert list(_attached(message)) == ["index.vi.html", "all.vi.html", "01-hue.vi.html", "02-vinh.vi.html"]
    assert "Huế\n- NPS xấu đi\n" in _text(message)
    assert str(message["Subject"]).startswith("Báo cáo theo vùng")
