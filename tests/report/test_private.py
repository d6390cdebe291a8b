"""A report of texts that look like markup runs nothing, asks for nothing and names nobody; anybody can read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import Tab, tab
from tiny import tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import TABLES
from carestudy.report.run import Order, publish_report

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "care_report.ipynb"
LIVE = (
    "<b id=live>", '"><b id=live>', "<i id=live>", "{{1+1}}${1+1}", "$x_{$",
    "<meta id=live>", "</style><b id=live>", "=1+1",
    "a:b(5)", "[live](#live)", "\u202egnp", "</title><b id=live>",
)  # fmt: skip
NAMES = ("KHACH-BI-MAT", "Nguyễn Thị Bí Mật", "Trần Văn Kín")  # ids of customers, an owner, an agent
ROWS = 60


def _text(column: str, row: int) -> str:
    keys = {"customer_id": f"{NAMES[0]}{row % 30}", "owner": NAMES[1], "agent": NAMES[2], "currency": "VND"}
    keys |= {"kind": "complaint", "question": ("nps", "csat")[row % 2]}
    # Four such texts a column, so that the page stays below its largest size.
    return keys.get(column, LIVE[(5 * len(column) + row % 4) % len(LIVE)])


def _cell(table: str, column: str, kind: str, row: int) -> str:
    day = f"2026-{1 + row % 9:02}-{1 + row % 28:02}"
    if column == TABLES[table].key and column != "customer_id":
        return f"{table}{row}"
    if column in ("left_on", "until"):
        return f"2026-{6 + row % 4:02}-28" if row % 5 == 0 else ""
    plain = {"date": day if column != "joined_on" else "2025-01-05", "time": f"{day}T09:00:00", "money": "50000",
             "number": str(row % 5 + 1), "integer": "1990", "flag": ("true", "false")[row % 2]}  # fmt: skip
    return _text(column, row) if kind == "text" else plain[kind]


def _hostile(folder: Path) -> Path:
    """A company whose every text looks like markup, in every table but the goals."""
    folder.mkdir()
    for name, contract in TABLES.items():
        if name == "goals":
            continue
        rows = ROWS if contract.key != "customer_id" else 30
        lines = [list(contract.columns)]
        lines += [[_cell(name, column, kind, row) for column, kind in contract.columns.items()] for row in range(rows)]
        quoted = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines]
        (folder / f"{name}.csv").write_text("\n".join(quoted).replace("from_", "from") + "\n", "utf-8")
    company = json.dumps(LIVE[1] + LIVE[5])
    (folder / "care.toml").write_text(f'company = {company}\nas_of = "2026-09-30"\n', "utf-8")
    return folder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    order = Order(NOTEBOOK, str(_hostile(folder / "data")), "2026-09", ("vi", "en"), folder / "out")
    publish_report(order)
    return order.folder


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(chromium, tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2026-09/care_report.vi.html", "2026-09/care_report.en.html", "index.html"])
def test_hostile_texts_are_shown_and_do_nothing(browser: Tab, report: Path, name: str) -> None:
    page = report.parent / name
    browser.open(page, 1000)
    assert "id=live" in browser.value("document.body.innerText")
    assert browser.value("location.href") == page.as_uri()
    assert browser.value("document.querySelectorAll('#live,[href=\"#live\"],script,img:not([alt])').length") == 0
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []
    assert browser.complaints == []


@pytest.mark.slow
def test_no_customer_is_named_anywhere_and_no_person_where_nobody_asked(report: Path) -> None:
    for file in report.parent.rglob("*"):
        if file.is_file():
            text = file.read_text("utf-8")
            assert [name for name in NAMES if name in text] == [], file.name


@pytest.mark.slow
def test_neither_runs_of_groups_nor_logs_nor_failures_nor_comparisons_name_a_customer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = 'data = "x"\nperiod = "2026-09"\nlang = "vi"\nas_of = None\nonly = None'
    load = "import carestudy as cs\nshow = cs.Show(cs.load(data, as_of=as_of, only=only), period=period, lang=lang)"
    good = tiny_notebook(tmp_path / "good.ipynb", load, "show.board()", "show.sources()", parameters=asked)
    told = f"raise ValueError('{NAMES[0]}1 of {NAMES[1]}')"
    bad = tiny_notebook(tmp_path / "bad.ipynb", load, told, parameters=asked)
    data, out, log = str(_hostile(tmp_path / "data")), tmp_path / "out", tmp_path / "run.log"
    given = ["--data", data, "--period", "2026-09", "--lang", "vi", "--out", str(out), "--log", str(log)]
    assert main(["report", str(good), "--each", "segment", *given]) == 0
    assert main(["report", str(bad), *given]) == 1
    pages = sorted(out.rglob("good.each-segment/[0-9]*.vi.html"))
    assert main(["verify", str(pages[0]), "--data", data, "--notebook", str(good)]) == 1  # not of a group alone
    assert main(["compare", str(pages[0]), str(pages[1])]) in (0, 3)
    said = capfd.readouterr()
    texts = [said.out, said.err, log.read_text("utf-8")]
    texts += [one.read_text("utf-8") + one.name for one in out.rglob("*") if one.is_file()]
    assert list(out.rglob("bad.vi.failed.html"))
    assert [name for name in NAMES for text in texts if name in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("which", ["report", "index", "stored"])
def test_nothing_serious_keeps_anybody_from_reading_a_page(
    browser: Tab, report: Path, tmp_path: Path, which: str, width: int
) -> None:
    page = {"report": report / "care_report.en.html", "index": report.parent / "index.vi.html"}.get(which)
    if page is None:
        from carestudy.report.export import CareExporter

        page = tmp_path / "care_report.vi.html"
        page.write_text(CareExporter(lang="vi").from_notebook_node(nbformat.read(NOTEBOOK, 4))[0], "utf-8")
    browser.open(page, width)
    assert browser.barriers() == []
