"""A year of monthly runs by themselves, and what happens in it: twelve right months, and no incident in silence."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from places import wait
from tiny import tiny_notebook

from carestudy.__main__ import main
from carestudy.periods import months_later

PARAMETERS = 'data = "x"\nperiod = "2026-01"\nlang = "vi"\nas_of = None'
LOADED = "import carestudy as cs\nfrom carestudy import kpi\ncare = cs.load(data, as_of=as_of)"
SHOWN = "show = cs.Show(care, period=period, lang=lang)\nshow.cover()"
FIGURES = "show.trend(kpi.nps, last=3)", "show.trend(kpi.contact_count, last=3)"
HELD = "import os, time\nwhile os.path.exists(os.environ['HELD']): time.sleep(0.05)"
CUSTOMERS = [f"C{number:02}" for number in range(40)]
FIRST = date(2025, 12, 1)
TO_SEE = 3


def _rows(month: date, days: int, salt: int) -> list[tuple[str, str, int]]:
    """A customer, a time and a number for each day of a month; the same in every run."""
    return [
        (CUSTOMERS[(7 * day + salt) % 40], f"{month.replace(day=day + 1)}T{9 + day % 8:02}:00:00", (day * salt) % 11)
        for day in range(days)
    ]


@dataclass
class Company:
    """The exports of a company as they grow, and where its reports go."""

    folder: Path
    score: str = "score"
    answers: pd.DataFrame = field(default_factory=lambda: _frame([]))
    contacts: pd.DataFrame = field(default_factory=lambda: _frame([]))

    def month(self, start: date, *, until: int = 2) -> str:
        """The rows of a month, and of the first days of the next one, arrive; returns the name of the month."""
        last = months_later(start, 1) - timedelta(days=1)
        for begins, days in ((start, last.day), (months_later(start, 1), until)):
            self._add(begins, days)
        self.write()
        return f"{start:%Y-%m}"

    def _add(self, begins: date, days: int) -> None:
        salt = begins.month + 1
        self.answers = _frame([*_tuples(self.answers), *_rows(begins, days, salt)])
        self.contacts = _frame([*_tuples(self.contacts), *_rows(begins, days, salt + 20)])

    def write(self) -> None:
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        joined = pd.DataFrame({"customer_id": CUSTOMERS, "joined_on": "2025-06-01"})
        joined.to_csv(data / "customers.csv", index=False)
        answers = self.answers.assign(
            response_id="R" + self.answers["at"] + self.answers["customer_id"], question="nps"
        )
        answers = answers.rename(columns={"at": "answered_at", "number": self.score})
        answers.to_csv(data / "responses.csv", index=False)
        contacts = self.contacts.assign(contact_id="K" + self.contacts["at"] + self.contacts["customer_id"])
        contacts.rename(columns={"at": "opened_at"}).drop(columns="number").to_csv(data / "contacts.csv", index=False)

    def command(self, period: str, *more: str) -> list[str]:
        given = ["--data", str(self.folder / "data"), "--period", period, "--lang", "vi"]
        given += ["--out", str(self.out), *more]
        return ["report", str(self.folder / "care.ipynb"), *given]

    def run(self, period: str, *more: str) -> int:
        return main(self.command(period, *more))

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def kept(self, period: str, kind: str = "figures") -> dict[str, object]:
        file = self.out / period / f"care.{kind}.json"
        return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}

    def shown(self, period: str, kpi: str, of: str = "") -> float | None:
        figures = self.kept(period)["figures"]
        assert isinstance(figures, list)
        return next((one["value"] for one in figures if (one["kpi"], one["period"]) == (kpi, of or period)), None)

    def right(self, period: str) -> tuple[float, float]:
        """NPS and contacts of a month, as pandas has them from the rows there are now."""
        scores = self.answers.loc[self.answers["at"].str.startswith(period), "number"]
        nps = 100 * (float((scores >= 9).mean()) - float((scores <= 6).mean()))
        return nps, float(self.contacts["at"].str.startswith(period).sum())


def _frame(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "at", "number"]).drop_duplicates(["customer_id", "at"])


def _tuples(frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    return [(row.customer_id, row.at, row.number) for row in frame.itertuples()]


@pytest.mark.slow
def test_a_year_of_runs_ends_with_twelve_right_months_and_every_incident_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tmp_path / "held"
    monkeypatch.setenv("HELD", str(held))
    tiny_notebook(tmp_path / "care.ipynb", LOADED, SHOWN, *FIGURES, HELD, parameters=PARAMETERS)
    company, start = Company(tmp_path), months_later(FIRST, 1)
    company.month(FIRST)
    months = [months_later(start, number) for number in range(12)]
    expected: dict[str, tuple[float, float]] = {}

    def told() -> str:
        return capsys.readouterr().err

    def published(month: date, *more: str, code: int = 0) -> str:
        period = f"{month:%Y-%m}"
        assert company.run(period, *more) == code
        expected[period] = company.right(period)
        return period

    # January and February: nothing happens, and nothing is said.
    for month in months[:2]:
        company.month(month)
        published(month)
    assert "carestudy:" not in told()

    # March: the export ends four days early. The run says so, and the next one makes up for it.
    whole = company.answers, company.contacts
    march = company.month(months[2], until=0)
    complete = company.answers, company.contacts
    early = f"{months[2].replace(day=28)}"
    company.answers, company.contacts = (frame[frame["at"] < early].reset_index(drop=True) for frame in complete)
    company.write()
    assert company.run(march) == 4
    assert "2026-03 is not complete" in told()
    assert not (company.out / march).exists()
    assert len(whole[0]) < len(company.answers) < len(complete[0])
    company.answers, company.contacts = complete
    company._add(months[3], 2)
    company.write()
    published(months[2], "--catch-up")

    # April: three answers of it arrive in May, whose report lists what they change.
    april = company.month(months[3])
    published(months[3])
    late = [(customer, "2026-04-30T20:00:00", 0) for customer in CUSTOMERS[:3]]
    company.answers = _frame([*_tuples(company.answers), *late])
    may = company.month(months[4])
    published(months[4])
    restated = company.kept(may, "restated")["restated"]
    assert isinstance(restated, list)
    assert [(one["kpi"], one["period"], one["report"]) for one in restated] == [("nps", april, april)]
    assert restated[0]["new"]["value"] == pytest.approx(company.right(april)[0])
    assert company.shown(may, "nps", april) == pytest.approx(company.right(april)[0])
    told()

    # June: the column of the scores has another name. That NPS is missing is told, and mended in care.toml.
    company.score = "diem"
    june = company.month(months[5])
    published(months[5], code=TO_SEE)
    assert (
        "care.figures.json: figures that the last report had are missing (nps), as the data no longer have " in told()
    )
    assert company.kept(june)["vanished"] == {"kpis": ["nps"], "columns": ["responses.score"]}
    page = (company.out / june / "care.vi.html").read_text("utf-8")
    assert "Báo cáo trước có NPS; lần này không tính được vì dữ liệu không còn Điểm (responses.score)." in page
    assert company.run(june) == TO_SEE  # the same again, until it is mended
    (tmp_path / "data" / "care.toml").write_text('[responses.columns]\nscore = "diem"\n', "utf-8")
    published(months[5])
    assert "vanished" not in company.kept(june)
    told()

    # July: the run is killed while a cell works. The next one is complete.
    july = company.month(months[6])
    held.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "carestudy", *company.command(july)], stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        assert any("7/7" in line for line in process.stderr)
        process.send_signal(signal.SIGKILL)
    held.unlink()
    assert not (company.out / july / "care.figures.json").exists()
    published(months[6])

    # August: the disk takes nothing. One line says so, and the next run has room again.
    august = company.month(months[7])
    limited = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", sys.executable, "-m", "carestudy", *company.command(august)]
    full = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=300)
    assert full.returncode == 1
    assert "File too large" in full.stderr.splitlines()[-1]
    published(months[7])

    # September: a second schedule starts while the first one runs. It waits, and both end well.
    september = company.month(months[8])
    held.touch()
    with subprocess.Popen([sys.executable, "-m", "carestudy", *company.command(september)]) as process:
        wait(lambda: list((company.out / september).glob(".carestudy-*/*.vi/kernel.json")))
        second = subprocess.Popen([sys.executable, "-m", "carestudy", *company.command(september)])
        with second:
            held.unlink()
        assert process.wait(300) == second.returncode == 0
    expected[september] = company.right(september)

    # October: the machine was off. November's run makes up for it.
    october = company.month(months[9])
    expected[october] = company.right(october)
    company.month(months[10])
    published(months[10], "--catch-up")

    # December: a date a century ahead moves nothing; it is excluded and listed.
    company.month(months[11])
    company.contacts = _frame([*_tuples(company.contacts), (CUSTOMERS[0], "2126-12-05T09:00:00", 0)])
    company.write()
    december = published(months[11])
    assert "2126" in (company.out / december / "care.set_aside.csv").read_text("utf-8-sig") or "far after" in (
        company.out / december / "care.set_aside.csv"
    ).read_text("utf-8-sig")

    names = sorted(path.name for path in company.out.iterdir() if path.is_dir())
    assert names == [f"{month:%Y-%m}" for month in months]
    for period, (nps, contacts) in expected.items():
        assert (company.out / period / "care.vi.html").is_file()
        assert company.shown(period, "nps") == pytest.approx(nps), period
        assert company.shown(period, "contact_count") == contacts, period
    assert len(expected) == 12
    assert not list(company.out.rglob(".carestudy-*"))
    assert "Traceback" not in told()
