"""From a notebook to published pages in both languages, or to one clear failure beside the last good report."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from tiny import showing, tiny_notebook

from carestudy.contract import CareError
from carestudy.report.check import problems
from carestudy.report.run import Order, ReportFailed, publish_report

pytestmark = pytest.mark.slow

NPS = {"kpi": "nps", "by": {}, "period": "2026-09", "value": 42.0}
ABOUT = {"company": "Công ty Mẫu", "period": "2026-09", "as_of": "2026-10-01", "tables": [{"table": "customers"}]}
GOOD = showing(figures=[NPS], about={**ABOUT, "language": "vi"})


def _order(folder: Path, *code: str, languages: tuple[str, ...] = ("vi",)) -> Order:
    notebook = tiny_notebook(folder / "care.ipynb", *code)
    return Order(notebook, str(folder / "data"), "2026-09", languages, folder / "out")


def _names(order: Order) -> list[str]:
    return sorted(file.name for file in order.folder.iterdir())


def test_a_report_is_published_in_both_languages_with_its_figures(tmp_path: Path) -> None:
    order = _order(tmp_path, GOOD, languages=("vi", "en"))
    told: list[str] = []
    paths = publish_report(order, told.append)
    assert [path.name for path in paths] == ["care.vi.html", "care.en.html", "care.figures.json"]
    assert _names(order) == sorted(path.name for path in paths)
    assert {"[vi] 3/3 Phần 1", "[en] 3/3 Part 1"} <= set(told)
    pages = {lang: (order.folder / f"care.{lang}.html").read_text("utf-8") for lang in order.languages}
    assert all(problems(page, lang, secrets=order.secrets) == [] for lang, page in pages.items())
    assert "Phần 1" in pages["vi"]
    assert "Part 1" not in pages["vi"]
    assert "<p>42 %</p>" in pages["en"]
    figures = json.loads((order.folder / "care.figures.json").read_text("utf-8"))
    assert figures["figures"] == [NPS]
    assert figures["parameters"] == {"period": "2026-09", "lang": ["vi", "en"]}
    assert figures["notebook_hash"] == sha256(order.notebook.read_bytes()).hexdigest()[:16]
    assert figures["pages"]["care.vi.html"] == sha256(pages["vi"].encode()).hexdigest()
    assert {name: figures[name] for name in ABOUT} == ABOUT
    assert {stat.S_IMODE(path.stat().st_mode) & 0o137 for path in paths} == {0}


def test_a_failure_keeps_the_last_good_report_and_a_success_removes_the_failure(tmp_path: Path) -> None:
    good = _order(tmp_path, GOOD, languages=("vi", "en"))
    publish_report(good)
    before = {name: (good.folder / name).read_bytes() for name in _names(good)}

    bad = _order(tmp_path, GOOD, "raise ValueError('An 0912345678')", languages=("vi", "en"))
    with pytest.raises(ReportFailed) as failure:
        publish_report(bad)
    kept = [str(bad.folder / f"care.{lang}.failed.html") for lang in ("vi", "en")]
    assert str(failure.value) == f"care.ipynb: 'Phần 2' failed with ValueError. What there is of it: {', '.join(kept)}"
    assert {name: (bad.folder / name).read_bytes() for name in before} == before
    assert len(_names(bad)) == len(before) + 2
    page = Path(kept[0]).read_text("utf-8")
    assert "<p>42 %</p>" in page
    assert page.count("ValueError") == 1
    assert "0912345678" not in page
    assert problems(page, "vi", secrets=bad.secrets) == []

    publish_report(_order(tmp_path, GOOD, languages=("vi", "en")))
    assert _names(good) == sorted(before)


def test_a_message_for_users_is_shown_in_a_box(tmp_path: Path) -> None:
    order = _order(tmp_path, "from carestudy.contract import CareError\nraise CareError('nps needs <column> score')")
    with pytest.raises(ReportFailed, match=r"care.ipynb: 'Phần 1': nps needs <column> score. What there is of it: "):
        publish_report(order)
    assert "nps needs &lt;column&gt; score" in (order.folder / "care.vi.failed.html").read_text("utf-8")


def test_a_message_with_a_path_is_not_kept_on_a_page(tmp_path: Path) -> None:
    code = (
        "import os\nfrom carestudy.contract import CareError\nraise CareError(f'no {os.environ[\"CARESTUDY_DATA\"]}')"
    )
    order = _order(tmp_path, code)
    with pytest.raises(ReportFailed):
        publish_report(order)
    page = (order.folder / "care.vi.failed.html").read_text("utf-8")
    assert str(tmp_path) not in page
    assert problems(page, "vi", secrets=order.secrets) == []


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<dialog>x</dialog>", "element dialog"),
        ("<td>nan</td>", "a number that is nan"),
        ("<p>/home/an/data</p>", "a path of this machine"),
        ("<img src='data:image/png;base64,AA=='>", "an image without alt text"),
    ],
)
def test_a_page_that_is_not_fit_is_not_published(tmp_path: Path, html: str, reason: str) -> None:
    order = _order(tmp_path, showing(html))
    with pytest.raises(ReportFailed, match=f"care.ipynb: the vi page has {reason}"):
        publish_report(order)
    assert _names(order) == ["care.vi.failed.html"]
    page = (order.folder / "care.vi.failed.html").read_text("utf-8")
    assert html not in page
    assert problems(page, "vi", secrets=order.secrets) == []


def test_languages_with_different_figures_are_not_published(tmp_path: Path) -> None:
    differing = GOOD.replace('"value": 42.0', '"value": \' + str(len(lang + "x" * (lang == "vi"))) + \'')
    order = _order(tmp_path, differing, languages=("vi", "en"))
    with pytest.raises(ReportFailed, match="the figures differ between vi and en"):
        publish_report(order)
    assert _names(order) == ["care.en.failed.html", "care.vi.failed.html"]


@pytest.mark.parametrize("period", ["x/2026-09", "2026/09", "", ".", "..", "2026-09\n"])
def test_a_crafted_period_is_refused(tmp_path: Path, period: str) -> None:
    order = _order(tmp_path, GOOD)
    with pytest.raises(CareError, match="is no period"):
        publish_report(Order(order.notebook, order.data, period, ("vi",), order.out))


def test_what_a_notebook_does_not_list_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    listed = tiny_notebook(tmp_path / "a.ipynb", "1", parameters='data = "x"\nperiode = "x"\nlang = "vi"')
    with pytest.raises(CareError, match=r"no parameter 'period'.*did you mean 'periode'"):
        publish_report(Order(listed, "data", "2026-09", ("vi",), tmp_path / "out"))
    order = _order(tmp_path, GOOD)
    with pytest.raises(CareError, match="no parameter 'as_of'"):
        publish_report(Order(order.notebook, "data", "2026-09", ("vi",), tmp_path / "out", as_of="2026-10-01"))
    without = tiny_notebook(tmp_path / "b.ipynb", "1", parameters=None)
    with pytest.raises(CareError, match="needs one code cell tagged 'parameters'"):
        publish_report(Order(without, "data", "2026-09", ("vi",), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b"\xff", b'{"cells": 3}', b"<html>"])
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(CareError, match="is no notebook"):
        publish_report(Order(tmp_path / "x.ipynb", "data", "2026-09", ("vi",), tmp_path / "out"))


def test_a_notebook_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="there is no notebook"):
        publish_report(Order(tmp_path / "x.ipynb", "data", "2026-09", ("vi",), tmp_path / "out"))


def test_stderr_and_where_the_data_are_stay_out_of_the_report(tmp_path: Path) -> None:
    order = _order(tmp_path, "import sys; print('warning: An', file=sys.stderr); print(data)")
    publish_report(order)
    page = (order.folder / "care.vi.html").read_text("utf-8")
    assert "warning" not in page
    assert "$CARESTUDY_DATA" in page


def test_data_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.db").touch()
    found = {"data": f"{tmp_path}/data", "sqlite://shop.db": f"sqlite://{tmp_path}/shop.db"}
    found["postgresql://an:x@host/shop"] = "postgresql://an:x@host/shop"
    for data, address in found.items():
        assert Order(Path("care.ipynb"), data, "2026-09", ("vi",), Path("out")).address == address
