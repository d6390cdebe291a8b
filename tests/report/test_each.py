"""One report for each group: whom a report may be about, what is published, and that the parts make the whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tiny import tiny_notebook

import carestudy as cs
from carestudy.contract import CareError
from carestudy.report.check import problems
from carestudy.report.each import Group, publish_each, report_groups
from carestudy.report.run import Order, ReportFailed

PARAMETERS = 'data = "x"\nperiod = "2026-09"\nlang = "vi"\nas_of = None\nonly = None'
LOADED = "import carestudy as cs\ncare = cs.load(data, as_of=as_of, only=only)"
COVER = "show = cs.Show(care, period=period, lang=lang)\nshow.cover()"


def _care(**sizes: int) -> cs.Care:
    """A company with so many customers in each team; an underscore stands for those in none."""
    teams = [None if team == "none" else team.replace("_", " ") for team, size in sizes.items() for _ in range(size)]
    ids = [f"C{number}" for number in range(len(teams))]
    people = pd.DataFrame({"customer_id": ids, "joined_on": "2026-01-05", "team": teams, "owner": teams})
    return cs.load({"customers": people.astype({"joined_on": "str"})})


def _told(care: cs.Care, dimension: str = "team") -> list[tuple[str, tuple[str | None, ...]]]:
    return [(part.file, tuple(part.only)) for part in report_groups(care, dimension)]


def test_every_group_has_a_file_with_a_number_and_a_readable_name() -> None:
    told = _told(_care(Đội_Bắc=6, Nam=5, none=7))
    assert told == [("01-nam", ("Nam",)), ("02-doi-bac", ("Đội Bắc",)), ("03", (None,))]


def test_files_of_people_are_not_named_after_them() -> None:
    assert _told(_care(Lan=6, Minh=5), "owner") == [("01", ("Lan",)), ("02", ("Minh",))]


def test_groups_of_fewer_than_five_customers_are_told_together() -> None:
    assert _told(_care(A=6, B=4, C=3)) == [("01-a", ("A",)), ("others", ("B", "C"))]


def test_one_small_group_alone_takes_the_smallest_other_with_it_so_that_it_cannot_be_subtracted() -> None:
    assert _told(_care(A=9, B=6, C=4)) == [("01-a", ("A",)), ("others", ("B", "C"))]


def test_small_groups_that_are_small_together_take_another_with_them() -> None:
    assert _told(_care(A=9, B=6, C=2, D=1)) == [("01-a", ("A",)), ("others", ("B", "C", "D"))]


def test_a_group_of_just_enough_customers_has_a_report() -> None:
    assert _told(_care(A=5, B=5)) == [("01-a", ("A",)), ("02-b", ("B",))]


def test_the_least_size_is_a_setting() -> None:
    care = _care(A=9, B=3, C=2)
    assert _told(replace(care, settings=replace(care.settings, min_group=2))) == [
        ("01-a", ("A",)), ("02-b", ("B",)), ("03-c", ("C",)),
    ]  # fmt: skip


def test_a_company_of_small_groups_only_is_refused() -> None:
    with pytest.raises(CareError, match="nothing to tell apart"):
        report_groups(_care(A=3, B=2), "team")
    assert Group("01", (None,), 5).only == [None]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    people = ["customer_id,joined_on,region,owner"]
    groups = [("Huế", "Lan")] * 6 + [("Vinh", "Minh")] * 5
    people += [f"A{number},2026-01-05,{region},{owner}" for number, (region, owner) in enumerate(groups)]
    answers = ["response_id,customer_id,answered_at,score,question"]
    answers += [f"R{n},A{n},2026-09-{n + 10}T09:00:00,{n % 11},nps" for n in range(11)]
    (tmp_path / "data" / "customers.csv").write_text("\n".join(people) + "\n", "utf-8")
    (tmp_path / "data" / "responses.csv").write_text("\n".join(answers) + "\n", "utf-8")
    return tmp_path


def _order(place: Path, *code: str, parameters: str = PARAMETERS) -> Order:
    notebook = tiny_notebook(place / "care.ipynb", *code, parameters=parameters)
    return Order(notebook, str(place / "data"), "2026-09", ("vi",), place / "out", as_of="2026-09-30")


@pytest.mark.slow
def test_a_report_for_each_group_one_of_the_whole_and_a_page_that_lists_them(place: Path) -> None:
    counted = "show.trend(cs.kpi.nps)\nshow.board(cs.scorecard(care, period=period, kpis=[cs.kpi.nps]))"
    order = _order(place, LOADED, COVER, counted)
    care = cs.load(place / "data", as_of="2026-09-30")
    told: list[str] = []
    publish_each(order, "region", care, told.append)
    folder = place / "out" / "2026-09" / "care.each-region"
    names = {path.name for path in folder.iterdir()}
    reports = {f"{stem}.{end}" for stem in ("all", "01-hue", "02-vinh") for end in ("vi.html", "figures.json")}
    assert names == reports | {"index.vi.html", "index.json"}
    index = (folder / "index.vi.html").read_text("utf-8")
    assert 'href="01-hue.vi.html"' in index
    assert "Đã đối chiếu" in index
    assert problems(index, "vi", links=names | {"index.en.html"}) == []
    page = (folder / "01-hue.vi.html").read_text("utf-8")
    assert "Vùng: Huế" in page
    assert "Vinh" not in page
    assert told[-1].startswith("3/3 care.ipynb ")
    listed = json.loads((folder / "index.json").read_text("utf-8"))
    assert (listed["checked"], [one["group"] for one in listed["reports"]]) == (True, [None, "Huế", "Vinh"])
    assert 'href="2026-09/care.each-region/index.vi.html"' in (place / "out" / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_one_group_that_fails_keeps_no_other_from_its_report(place: Path) -> None:
    order = _order(place, LOADED, "assert only is None or only['owner'] != ['Lan'], 'Lan'", COVER)
    with pytest.raises(ReportFailed, match=r"care.ipynb 01: 'Phần 2' failed with AssertionError") as told:
        publish_each(order, "owner", cs.load(place / "data", as_of="2026-09-30"))
    assert "Lan" not in str(told.value)
    folder = place / "out" / "2026-09" / "care.each-owner"
    names = sorted(path.name for path in folder.glob("*.html"))
    assert names == ["01.vi.failed.html", "02.vi.html", "all.vi.html", "index.vi.html"]
    assert "chưa thể đối chiếu" in (folder / "index.vi.html").read_text("utf-8")


@pytest.mark.slow
def test_parts_that_do_not_add_up_to_the_whole_are_not_published(place: Path) -> None:
    order = _order(place, "import carestudy as cs\ncare = cs.load(data, as_of=as_of)", COVER)
    with pytest.raises(CareError, match="do not add up to the whole: customers has 11 rows, its parts 22"):
        publish_each(order, "region", cs.load(place / "data", as_of="2026-09-30"))
    assert not (place / "out" / "2026-09" / "care.each-region").exists()


@pytest.mark.slow
def test_a_notebook_that_cannot_be_limited_to_a_group_says_how_it_could(place: Path) -> None:
    order = _order(place, LOADED, parameters=PARAMETERS.replace("\nonly = None", ""))
    with pytest.raises(CareError, match="give its parameters cell the line only = None"):
        publish_each(order, "region", cs.load(place / "data", as_of="2026-09-30"))
