"""A care.toml that cannot be read is one clear line, whatever of it a run needs first."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import Place

from carestudy.__main__ import main


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"company = \n[", "care.toml cannot be read: Invalid value (at line 1, column 11)"),
        ('[mail]\nhost = "smtp.example.vn"\nsender = "báo@example.vn"'.encode("cp1252"), "care.toml is not written in"),
        ('company = "Mẫu"'.encode("utf-16"), "care.toml is not written in UTF-8: save it as UTF-8"),
        (b"mail = 3\n", "care.toml: [mail] may say host, port, user, sender, tls"),
        (b"[mail]\nhost = 3\nport = true\nsender = ['a']\n", "--mail needs in care.toml: [mail] host ="),
    ],
)
def test_a_care_toml_that_cannot_be_read_is_told_in_one_line_with_mail_too(
    content: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place.of_three_customers(tmp_path)
    (tmp_path / "data" / "care.toml").write_bytes(content)
    assert main([*place.command()[3:], "--mail", "an@example.vn"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"carestudy: {reason}")
    assert not place.out.exists()
