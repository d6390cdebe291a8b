"""What a later run says otherwise is listed with the old value, the new one and what changed; nothing is hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny import showing, tiny_notebook

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.report.archived import published
from carestudy.report.check import problems
from carestudy.report.report_list import rebuild
from carestudy.report.restated import differences, reasons
from carestudy.report.run import Order, publish_report
from carestudy.report.verify import compared, verified

AS_OF = "2026-10-01T00:00:00+07:00"


def _figure(value: float | None, period: str = "2026-09", **by: str) -> dict[str, object]:
    n = None if value is None else 30  # withheld
    return {"kpi": "nps", "by": by, "period": period, "value": value, "n": n, "numerator": 9.0, "denominator": 30.0,
            "unit": "points"}  # fmt: skip


def _shown(value: float, digest: str = "a" * 64, *figures: dict[str, object]) -> str:
    table = {"table": "responses", "source": "r.csv", "read": 31, "used": 30, "set_aside": 1, "hash": digest}
    about = {"company": "Mẫu", "period": "2026-09", "as_of": AS_OF, "tables": [table]}
    return showing(figures=[_figure(value), *figures], about={**about, "language": "vi"})


def _order(folder: Path, code: str, period: str = "2026-09") -> Order:
    return Order(tiny_notebook(folder / "care.ipynb", code), str(folder / "data"), period, ("vi",), folder / "out")


def _report(value: float | None, **more: object) -> dict[str, object]:
    figures = [] if value is None else [_figure(value)]
    return {"figures": figures, "parameters": {"period": "2026-09"}, "notebook": "care", "as_of": AS_OF, **more}


def test_a_figure_that_changed_is_told_with_both_values() -> None:
    (change,) = differences(_report(42.0), _report(41.0))
    assert (change["kpi"], change["old"]["value"], change["new"]["value"]) == ("nps", 42.0, 41.0)
    assert differences(_report(42.0), _report(42.0 + 1e-11)) == []
    assert differences(_report(None), _report(41.0)) == []


def test_what_changed_in_between_is_named_table_by_table() -> None:
    old = _report(42.0, tables=[{"table": "responses", "hash": "a"}, {"table": "staff", "hash": "c"}], carestudy="0.1")
    new = _report(42.0, tables=[{"table": "responses", "hash": "b"}, {"table": "staff", "hash": "c"}], carestudy="0.2")
    assert reasons(old, new) == ["data:responses", "versions"]


@pytest.mark.slow
def test_a_run_that_changes_past_numbers_lists_them_on_the_page_and_in_a_file_and_again_in_the_next_run(
    tmp_path: Path,
) -> None:
    publish_report(_order(tmp_path, _shown(42.0)))
    folder = tmp_path / "out" / "2026-09"
    assert "Số liệu được điều chỉnh" not in (folder / "care.vi.html").read_text("utf-8")
    publish_report(_order(tmp_path, _shown(40.0, "b" * 64)))
    page = (folder / "care.vi.html").read_text("utf-8")
    assert all(words in page for words in ("Số liệu được điều chỉnh", "42,0", "40,0", "dữ liệu câu trả lời khảo sát"))
    kept = json.loads((folder / "care.restated.json").read_text("utf-8"))["restated"]
    assert [(one["old"]["value"], one["new"]["value"], one["why"]) for one in kept] == [
        (42.0, 40.0, ["data:responses", "notebook"])
    ]
    publish_report(_order(tmp_path, _shown(40.0, "b" * 64)))
    assert (folder / "care.vi.html").read_text("utf-8") == page
    assert "1 số liệu được điều chỉnh" in (tmp_path / "out" / "index.html").read_text("utf-8")
    foot = page.partition("<footer")[2]
    assert "đọc 31 dòng, dùng 30, loại 1, bbbbbbbbbbbbbbbb" in foot


@pytest.mark.slow
def test_a_later_period_says_what_it_tells_otherwise_of_an_earlier_one(tmp_path: Path) -> None:
    publish_report(_order(tmp_path, _shown(42.0, "a" * 64, _figure(30.0, "2026-10"))))
    publish_report(_order(tmp_path, _shown(40.0, "b" * 64, _figure(31.0, "2026-10")), "2026-10"))
    kept = json.loads((tmp_path / "out" / "2026-10" / "care.restated.json").read_text("utf-8"))["restated"]
    # October was not over when it was told first: that it changed is no restatement.
    assert [(one["period"], one["report"]) for one in kept] == [("2026-09", "2026-09")]


@pytest.mark.slow
def test_what_is_withheld_now_is_not_told_by_what_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "2026-09"
    for few in (71.0, 72.0, None, None):
        publish_report(_order(tmp_path, _shown(40.0 + (few or 0), "a" * 64, _figure(few, team="A"))))
        page = (folder / "care.vi.html").read_text("utf-8")
        assert ("71,0" in page) == (few == 72.0)
        file = json.loads((folder / "care.figures.json").read_text("utf-8"))
        assert [one["by"] for one in file["figures"]] == [*([{"team": "A"}] if few else []), {}]
        assert file.get("suppressed") == (None if few else 1)
    assert "112,0" in page
    assert "71.0" not in (folder / "care.restated.json").read_text("utf-8")


@pytest.mark.slow
def test_a_report_is_verified_against_what_its_data_give_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = _order(tmp_path, _shown(42.0))
    publish_report(order)
    page = order.folder / "care.vi.html"
    command = ["verify", str(page), "--data", str(tmp_path / "data"), "--notebook", str(order.notebook)]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("equal")
    tiny_notebook(order.notebook, _shown(40.0, "b" * 64))
    assert main(command) == 3
    told = capsys.readouterr().out
    assert "nps 2026-09: 42 (n = 30) -> 40 (n = 30)" in told
    assert "changed in between: other rows of responses, the notebook" in told
    tiny_notebook(order.notebook, _shown(42.0))
    page.write_text(page.read_text("utf-8").replace("42", "43"), "utf-8")
    assert verified(page, str(tmp_path / "data"), order.notebook) == ["care.vi.html is not the page that was published"]


def test_two_reports_are_compared_by_any_of_their_files(tmp_path: Path) -> None:
    for name, value in (("a", 42.0), ("b", 41.0)):
        (tmp_path / f"{name}.figures.json").write_text(json.dumps(_report(value)), "utf-8")
    assert compared(tmp_path / "a.vi.html", tmp_path / "b.figures.json") == ["nps 2026-09: 42 (n = 30) -> 41 (n = 30)"]
    assert compared(tmp_path / "a.en.html", tmp_path / "a.vi.html") == []
    with pytest.raises(CareError, match=r"there is no c\.figures\.json"):
        published(tmp_path / "c.vi.html")


def test_the_list_of_reports_has_the_newest_period_first_in_both_languages(tmp_path: Path) -> None:
    for period in ("2026-08", "2026-10", "2025-12", "notes"):
        (tmp_path / period).mkdir()
        (tmp_path / period / "care.figures.json").write_text(json.dumps(_report(1.0)), "utf-8")
        for lang in ("vi", "en"):
            title = "Báo cáo <Mẫu> & Co" if lang == "vi" else "Report"
            (tmp_path / period / f"care.{lang}.html").write_text(
                f"<title>{title.replace('<', '&lt;')}</title>", "utf-8"
            )
    (tmp_path / "2026-08" / "care.vi.failed.html").touch()
    rebuild(tmp_path)
    page = (tmp_path / "index.vi.html").read_text("utf-8")
    places = [page.index(f'href="{period}/care.vi.html"') for period in ("2026-10", "2026-08", "2025-12")]
    assert places == sorted(places)
    assert "notes" not in page
    assert "Báo cáo &lt;Mẫu&gt; &amp; Co" in page
    assert "lần chạy gần nhất bị lỗi" in page
    assert 'href="index.en.html"' in page
    links = {f"{period}/care.{lang}.html" for period in ("2026-10", "2026-08", "2025-12") for lang in ("vi", "en")}
    for lang in ("vi", "en"):
        index = (tmp_path / f"index.{lang}.html").read_text("utf-8")
        assert problems(index, lang, links=links | {"index.vi.html", "index.en.html"}) == []
    assert (tmp_path / "index.html").read_bytes() == (tmp_path / "index.vi.html").read_bytes()
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["index.en.html", "index.html", "index.vi.html"]
