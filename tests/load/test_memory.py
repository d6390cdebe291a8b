"""What the embedded engine may use of the machine is said in care.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import folder

from carestudy.contract import CareError
from carestudy.load import load

STAFF = "agent,team\nLan,A\n"


def test_the_engine_keeps_to_its_memory_and_its_folder(tmp_path: Path) -> None:
    path = folder(tmp_path, care='memory_limit = "300MB"\nspill_folder = "spill"', staff=STAFF)
    (path / "spill").mkdir()
    backend = load(path).table("staff").get_backend()
    said = "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    assert backend.con.execute(said).fetchone() == ("286.1 MiB", str(path / "spill"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("memory_limit = 2", "care.toml: memory_limit is what the engine may use, such as"),
        ('memory_limit = "much"', "care.toml: memory_limit is what the engine may use, such as"),
        ('spill_folder = "nowhere"', "care.toml: spill_folder is a folder that exists"),
        ('in_memory = "yes"', "care.toml: in_memory is true or false"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, said: str, told: str) -> None:
    with pytest.raises(CareError) as error:
        load(folder(tmp_path, care=said, staff=STAFF))
    assert told in str(error.value)


def test_what_does_not_fit_into_memory_is_put_into_the_folder_and_taken_away(tmp_path: Path) -> None:
    path = folder(tmp_path, care='memory_limit = "60MB"\nspill_folder = "."', staff=STAFF)
    care = load(path)
    backend = care.table("staff").get_backend()
    wide = """SELECT count(*) FROM (SELECT h, t, row_number() OVER (ORDER BY h, t) AS n
        FROM (SELECT hash(range) AS h, repeat('x', 20) || range AS t FROM range(1500000))) WHERE n > 0"""
    assert backend.con.execute(wide).fetchone() == (1_500_000,)
    backend.disconnect()
    assert sorted(one.name for one in path.iterdir()) == ["care.toml", "staff.csv"]
