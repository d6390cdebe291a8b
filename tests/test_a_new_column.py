"""A column of one's own is one line in columns.toml: from then on it is recognised, checked, labelled and reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import carestudy

LINES = {
    "customers": (
        'loyalty_tier = { type = "text", label = "Loyalty tier", vi = "Bậc thân thiết", group = true, '
        'headers = ["bậc thân thiết"] }',
        'newsletter = { type = "flag", label = "Newsletter", vi = "Nhận bản tin", emptied = true, '
        'headers = ["nhận bản tin"] }',
    ),
}
CUSTOMERS = """Mã KH,Ngày đăng ký,Bậc thân thiết,Nhận bản tin
C1,2026-01-05,vàng,có
C2,2026-02-06,bạc,không
C3,2026-03-07,,có
"""
LATER = "C4,2026-03-08,vàng,để sau\n"
CODE = """
import sys
import carestudy as cs
from carestudy import kpi

care = cs.load(sys.argv[1])
frame = care["customers"].sort_values("customer_id")
print(frame["newsletter"].astype(object).where(frame["newsletter"].notna(), None).tolist())
tiers = kpi.customers_on_file(care, by="loyalty_tier", period="2026-03")["loyalty_tier"].tolist()
print(sorted(str(tier) for tier in tiers))
for lang in ("vi", "en"):
    print(cs.Show(care, lang=lang, period="2026-03").quality().text)
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the lines added, in a folder of its own."""
    folder = tmp_path_factory.mktemp("package")
    copied = folder / "carestudy"
    shutil.copytree(Path(carestudy.__file__).parent, copied, ignore=shutil.ignore_patterns("__pycache__"))
    registry = copied / "columns.toml"
    text = registry.read_text("utf-8")
    for table, lines in LINES.items():
        text = text.replace(f"[{table}.columns]\n", "\n".join([f"[{table}.columns]", *lines, ""]))
    registry.write_text(text, "utf-8")
    return folder


def _run(package: Path, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-P", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(package)}, timeout=300,
    )  # fmt: skip
    assert result.returncode in (0, 3), result.stderr
    return result.stdout


def test_a_column_added_in_one_line_is_recognised_checked_labelled_and_reported(package: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "khach_hang.csv").write_text(CUSTOMERS, "utf-8")
    _run(package, "-m", "carestudy", "init", str(data))
    mapped = tomllib.loads((data / "care.toml").read_text("utf-8"))["customers"]["columns"]
    assert mapped["loyalty_tier"] == "Bậc thân thiết"
    assert mapped["newsletter"] == "Nhận bản tin"
    (data / "khach_hang.csv").write_text(CUSTOMERS + LATER, "utf-8")
    flags, tiers, *pages = _run(package, "-c", CODE, str(data)).splitlines()
    assert flags == "[True, False, True, None]"
    assert tiers == "['None', 'bạc', 'vàng']"
    report = "\n".join(pages)
    assert "75,0% Bậc thân thiết" in report
    assert "75.0% Loyalty tier" in report
    assert "nhận bản tin không phải có hoặc không: để trống" in report
    assert "newsletter is neither yes nor no: left empty" in report
