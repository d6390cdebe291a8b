"""A report for each group of a company whose data stay in PostgreSQL: the kernels ask it side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from faulty import laid_down
from tiny import tiny_notebook

import carestudy as cs
from carestudy.report.each import publish_each
from carestudy.report.run import Order, publish_report

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
TABLES = """
CREATE TABLE customers (customer_id text PRIMARY KEY, joined_on date, left_on date, region text);
INSERT INTO customers SELECT 'C' || n, DATE '2026-01-01' + n, NULL, CASE WHEN n % 2 = 0 THEN 'Huế' ELSE 'Vinh' END
    FROM generate_series(1, 90) AS n;
CREATE TABLE responses (response_id int, customer_id text, answered_at timestamp, question text, score int);
INSERT INTO responses SELECT n, 'C' || n, TIMESTAMP '2026-10-01' + n * INTERVAL '1 h', 'nps', n % 11
    FROM generate_series(1, 90) AS n;
"""
PARAMETERS = 'data = "x"\nperiod = "2026-10"\nlang = "vi"\nas_of = None\nonly = None'
CODE = (
    "import carestudy as cs\ncare = cs.load(data, as_of=as_of, only=only)",
    "show = cs.Show(care, period=period, lang=lang)",
    "show.cover()",
    "show.trend(cs.kpi.nps)",
    "show.board()",
    "[cs.kpi.nps(care, by='region', every='month') for _ in range(20)] and None",
)


def test_each_group_has_its_report_and_the_whole_is_the_same_bytes_as_by_itself(server: str, tmp_path: Path) -> None:
    laid_down(server, "for_each", TABLES)
    address = f"{server}/postgres/for_each"
    notebook = tiny_notebook(tmp_path / "care.ipynb", *CODE, parameters=PARAMETERS)
    order = Order(notebook, address, "2026-10", ("en",), tmp_path / "out")
    publish_report(order)
    care = cs.load(address)
    assert len(care.watched) == 2  # both tables stay where they are
    publish_each(order, "region", care)
    pages = {path.stem.partition(".")[0]: path for path in (order.folder / "care.each-region").glob("*.en.html")}
    assert pages["all"].read_bytes() == (order.folder / "care.en.html").read_bytes()
    # Of the scores 0 to 10 in turn, 45 answers each, counted by hand.
    for name, said in {"01-hue": "n = 45", "02-vinh": "n = 45", "all": "n = 90"}.items():
        assert said in pages[name].read_text("utf-8").replace("\xa0", " ")
