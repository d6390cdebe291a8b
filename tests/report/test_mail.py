"""Mail goes out encrypted, to whom it was asked for, with the verdicts as text; or one line says that it did not."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from carestudy.contract import CareError
from carestudy.report.deliver import NotSent
from carestudy.report.mail import Post, post, recipients, send

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
    return AuthResult(success=(data.login, data.password) == (b"care", b"secret"))


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


def _by(port: int, password: str = "secret") -> Post:  # noqa: S107 - of a server that lives for one test
    return Post("localhost", port, "reports@example.vn", "care", "starttls", password)


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
    by = _by(1 if wrong == "port" else port, "wrong" if wrong == "password" else "secret")
    with pytest.raises(NotSent, match="the report is published, and was not sent by mail") as told:
        send({"vi": page}, ["an@example.vn"], by)
    assert told.value.code == 5
    assert "secret" not in str(told.value)
    assert kept.messages == []


def test_the_server_stands_in_care_toml_and_the_password_in_the_environment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = '[mail]\nhost = "smtp.example.vn"\nsender = "r@example.vn"\nuser = "care"\n'
    (tmp_path / "care.toml").write_text(said, "utf-8")
    monkeypatch.setenv("CARESTUDY_MAIL_PASSWORD", "secret")
    assert post(tmp_path) == Post("smtp.example.vn", 587, "r@example.vn", "care", "starttls", "secret")
    assert "secret" not in repr(post(tmp_path))
    monkeypatch.setenv("CARESTUDY_MAIL_HOST", "other.example.vn")
    monkeypatch.setenv("CARESTUDY_MAIL_TLS", "tls")
    assert (post(tmp_path).host, post(tmp_path).port) == ("other.example.vn", 465)
    (tmp_path / "care.toml").write_text(said + 'password = "secret"\n', "utf-8")
    with pytest.raises(CareError, match="the password stands in CARESTUDY_MAIL_PASSWORD only"):
        post(tmp_path)


def test_without_a_server_it_is_said_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"\[mail\] host ="):
        post(tmp_path)


def test_addresses_are_checked() -> None:
    assert recipients("an@example.vn, binh@example.vn") == ["an@example.vn", "binh@example.vn"]
    for text in ("", "an", "an@example.vn\nBcc: x@y.z", "a b@c.d", "@c"):
        with pytest.raises(CareError, match="--mail takes addresses"):
            recipients(text)
