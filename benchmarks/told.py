"""What was measured, kept as JSON and told in README.md: tables and a picture."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT, README, PICTURE = HERE / "measured.json", HERE / "README.md", HERE / "measured.png"
MARK = "<!-- Below this line everything is written by run.py. -->"
TITLES = {
    "load": "load and check all tables",
    "summary": "summary of every customer's purchases",
    "kpi": "NPS by month, team and channel",
    "recontact": "re-contact within 7 days by channel",
    "cohorts": "cohorts by month of the first purchase",
    "scorecard": "scorecard: every KPI of a month, compared",
    "segments": "segments by k-means, their number chosen",
    "report": "the monthly report, from the command to the page",
}


def keep(size: int, found: dict[str, Any]) -> None:
    """Put what was measured at a size in the place of what was measured before."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    kept[str(size)] = {"day": datetime.now(tz=UTC).date().isoformat(), "machine": machine(), "works": found}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def write() -> None:
    """Tell it at the end of README.md, and draw the largest size."""
    kept = {int(size): one for size, one in json.loads(KEPT.read_text("utf-8")).items()}
    head = README.read_text("utf-8").partition(MARK)[0] if README.exists() else "# Speed and memory\n\n"
    tables = [_table(size, one) for size, one in sorted(kept.items())]
    picture = "![Time of each library as a multiple of carestudy's](measured.png)\n"
    README.write_text("\n".join([head + MARK, "", picture, *tables, _growth(kept)]).rstrip() + "\n", "utf-8")
    _draw(kept)


def machine() -> str:
    """Cores, processor, memory and versions; no name of the machine."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, Python {platform.python_version()}"


def _table(size: int, one: dict[str, Any]) -> str:
    names = list(dict.fromkeys(name for work in one["works"].values() for name in work if name != "carestudy"))
    lines = [
        f"## {size} million transactions", "",
        f"{one['day']}, {one['machine']}. carestudy in seconds, CPU seconds and GB at most; the others as multiples of "
        "its time, with their GB.", "",
        f"| work | carestudy | {' | '.join(names)} |", "|---|---|" + "---|" * len(names),
    ]  # fmt: skip
    for work, libraries in sorted(one["works"].items(), key=lambda item: list(TITLES).index(item[0])):
        ours = libraries["carestudy"]
        own = f"{ours['wall']:.2f} s, {ours['cpu']:.2f} s CPU{_memory(ours)}"
        others = [_cell(libraries[name], ours) if name in libraries else "" for name in names]
        lines.append(f"| {TITLES[work]} | {own} | {' | '.join(others)} |")
    return "\n".join([*lines, ""])


def _cell(theirs: dict[str, float], ours: dict[str, float]) -> str:
    return f"{theirs['wall'] / ours['wall']:.2f} ×{_memory(theirs)}"


def _memory(one: dict[str, float]) -> str:
    return f", {one['peak']:.1f} GB" if "peak" in one else ""


def _growth(kept: dict[int, Any]) -> str:
    """The exponent with which carestudy's time grows from the smallest size to the largest."""
    from math import log

    small, large = min(kept), max(kept)
    if small == large:
        return ""
    lines = [
        f"## Growth from {small} to {large} million",
        "",
        "| work | time grows as size to the power of |",
        "|---|---|",
    ]
    for work in TITLES:
        sides = [kept[size]["works"].get(work, {}).get("carestudy") for size in (small, large)]
        if all(sides):
            lines.append(f"| {TITLES[work]} | {log(sides[1]['wall'] / sides[0]['wall']) / log(large / small):.2f} |")
    return "\n".join([*lines, ""])


def _draw(kept: dict[int, Any]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    size = max(kept)
    works = {work: libraries for work, libraries in kept[size]["works"].items() if len(libraries) > 1}
    works = {work: works[work] for work in reversed(TITLES) if work in works}
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.axvline(1, color="#444444", linewidth=1)
    names = list(dict.fromkeys(name for one in works.values() for name in one if name != "carestudy"))
    for number, name in enumerate(names):
        points = [(libraries[name]["wall"] / libraries["carestudy"]["wall"], row)
                  for row, libraries in enumerate(works.values()) if name in libraries]  # fmt: skip
        axes.scatter(*zip(*points, strict=True), label=name, s=45, marker="osD^vPX*"[number], zorder=3)
    axes.set(xscale="log", yticks=range(len(works)), yticklabels=[TITLES[work] for work in works])
    axes.set_xlabel(f"multiple of carestudy's time, {size} M transactions; right: slower")
    axes.grid(axis="x", which="both", alpha=0.25)
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(PICTURE, dpi=90, bbox_inches="tight")
