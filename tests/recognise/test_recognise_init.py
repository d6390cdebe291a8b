"""The command writes what the other commands can read, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_folders import day, save, table

from carestudy.contract import CareError
from carestudy.init import init
from carestudy.load import settings

CUSTOMERS = table({"Mã KH": lambda n: f"KH{n}", "Ngày đăng ký": day})


@pytest.mark.parametrize(("name", "said"), [("currency", "XYZ1"), ("timezone", "Hanoi/Nowhere")])
def test_what_nobody_knows_is_refused_before_anything_is_looked_at(name: str, said: str, tmp_path: Path) -> None:
    given = {"company": None, "currency": None, "timezone": None, name: said}
    with pytest.raises(CareError, match=f"init: {name} '{said}' is not known"):
        init(tmp_path / "nowhere", replace=False, **given)


def test_an_earlier_care_toml_that_was_kept_is_not_told_of_again(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": CUSTOMERS})
    for _ in range(3):
        told, code = init(tmp_path, replace=True, company="Mẫu", currency=None, timezone=None)
    assert code == 0
    assert not any(line.startswith(("left", "question")) for line in told)
    assert settings.read(tmp_path).settings.company == "Mẫu"
