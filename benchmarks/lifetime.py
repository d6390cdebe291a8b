"""Purchase models side by side with their peers, in one run, as ratios of medians.

    python benchmarks/lifetime.py --customers 1000000 --lifetimes OLD/bin/python --pymc NEW/bin/python

BG/NBD and Gamma-Gamma are fitted to the same customers, made by their own rules over three years, by carestudy and by
the peers whose Python is named, in turn. lifetimes needs an environment of its own (lifetimes==0.11.3, pandas<2,
numpy<1.25, scipy<1.11), pymc-marketing another one; it is fitted by its maximum a posteriori with flat priors, which is
the maximum likelihood. Reading the data is not timed, nor is any import. The table goes to lifetime.md beside this
file; only ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from carestudy import value

BUYING, SPENDING = (0.6, 6.0, 0.9, 3.0), (5.0, 4.0, 60.0)
DAYS = 1095

LIFETIMES = """
import json, sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from lifetimes import BetaGeoFitter, GammaGammaFitter
rows = np.load(sys.argv[1])
again = rows["x"] > 0
start = time.perf_counter()
often = BetaGeoFitter(penalizer_coef=0.0).fit(rows["x"], rows["t_x"], rows["T"])
middle = time.perf_counter()
much = GammaGammaFitter(penalizer_coef=0.0).fit(rows["x"][again], rows["value"][again])
print(json.dumps({"seconds": [middle - start, time.perf_counter() - middle],
                  "parameters": [*(float(often.params_[n]) for n in ("r", "alpha", "a", "b")),
                                 *(float(much.params_[n]) for n in ("p", "q", "v"))]}))
"""
PYMC = """
import json, logging, sys, time, warnings
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from pymc_extras.prior import Prior
from pymc_marketing.clv import BetaGeoModel, GammaGammaModel
rows = np.load(sys.argv[1])
frame = pd.DataFrame({"customer_id": np.arange(len(rows["x"])), "frequency": rows["x"], "recency": rows["t_x"],
                      "T": rows["T"], "monetary_value": rows["value"]})
again = frame[frame["frequency"] > 0]
flat = lambda *names: {name: Prior("HalfFlat") for name in names}
def found(model, names):
    model.fit(method="map", progressbar=False)
    return [float(model.fit_result[name].squeeze()) for name in names]
start = time.perf_counter()
often = found(BetaGeoModel(frame[["customer_id", "frequency", "recency", "T"]],
                           model_config=flat("r", "alpha", "a", "b")), ("r", "alpha", "a", "b"))
middle = time.perf_counter()
much = found(GammaGammaModel(again[["customer_id", "frequency", "monetary_value"]],
                             model_config=flat("p", "q", "v")), ("p", "q", "v"))
print(json.dumps({"seconds": [middle - start, time.perf_counter() - middle], "parameters": [*often, *much]}))
"""


def main() -> None:
    """Make the customers, measure in turn, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lifetimes", help="the Python of an environment with lifetimes")
    parser.add_argument("--pymc", help="the Python of an environment with pymc-marketing")
    asked = parser.parse_args()
    peers = {"lifetimes": (asked.lifetimes, LIFETIMES), "pymc-marketing, MAP": (asked.pymc, PYMC)}
    named = {name: (python, script) for name, (python, script) in peers.items() if python}
    rows = made(asked.customers)
    value.bg_nbd(rows.head(1000))  # imports and the first connection of the engine
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.npz"
        np.savez(path, **{name: rows[name].to_numpy() for name in rows})
        taken: dict[str, list[dict[str, Any]]] = {}
        for _ in range(asked.rounds):
            taken.setdefault("carestudy", []).append(_ours(rows))
            for name, (python, script) in named.items():
                taken.setdefault(name, []).append(_theirs(python, script, path))
    table = _table(taken, rows)
    print(table)
    (Path(__file__).parent / "lifetime.md").write_text(table, "utf-8")


def made(customers: int) -> pd.DataFrame:
    """Customers of BG/NBD and Gamma-Gamma, in whole days, in weeks of seven of them."""
    random = np.random.default_rng(20260101)
    r, alpha, a, b = BUYING
    pace, leave = random.gamma(r, 1 / (7 * alpha), customers), random.beta(a, b, customers)
    known = random.integers(1, DAYS, customers).astype(float)
    x, last, here = np.zeros(customers), np.zeros(customers), np.arange(customers)
    while len(here):
        following = last[here] + np.maximum(np.round(random.exponential(1 / pace[here])), 1)
        here, following = here[following <= known[here]], following[following <= known[here]]
        x[here] += 1
        last[here] = following
        here = here[random.random(len(here)) >= leave[here]]
    p, q, v = SPENDING
    spent = random.gamma(p * np.maximum(x, 1), 1 / random.gamma(q, 1 / v, customers)) / np.maximum(x, 1)
    return pd.DataFrame({"x": x, "t_x": last / 7, "T": known / 7, "value": np.where(x > 0, spent.round(2), 0)})


def _ours(rows: pd.DataFrame) -> dict[str, Any]:
    start = time.perf_counter()
    often = value.bg_nbd(rows)
    middle = time.perf_counter()
    much = value.gamma_gamma(rows)
    seconds = [middle - start, time.perf_counter() - middle]
    return {"seconds": seconds, "parameters": [*often.parameters, *much.parameters]}


def _theirs(python: str, script: str, path: Path) -> dict[str, Any]:
    done = subprocess.run([python, "-c", script, str(path)], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _table(taken: dict[str, list[dict[str, Any]]], rows: pd.DataFrame) -> str:
    middle = {
        name: [statistics.median(one["seconds"][part] for one in found) for part in (0, 1)]
        for name, found in taken.items()
    }
    ours = taken["carestudy"][0]["parameters"]
    lines = [
        f"# BG/NBD and Gamma-Gamma on {len(rows):,} customers ({(rows['x'] > 0).sum():,} bought again)",
        "",
        f"{datetime.now(tz=UTC).date().isoformat()}, {platform.machine()}, {_processor()}, "
        f"Python {platform.python_version()}; medians of {len(taken['carestudy'])} rounds in turn, seconds. "
        "Only the ratios of one run mean anything.",
        "",
        "| | BG/NBD | Gamma-Gamma | both | times carestudy | r, alpha, a, b, p, q, v | largest difference |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (often, much) in middle.items():
        told = taken[name][0]["parameters"]
        apart = max(abs(one / own - 1) for one, own in zip(told, ours, strict=True))
        both, own = often + much, sum(middle["carestudy"])
        lines.append(
            f"| {name} | {often:.2f} | {much:.2f} | {both:.2f} | {both / own:.1f} "
            f"| {', '.join(f'{one:.5g}' for one in told)} | {apart:.1e} |"
        )
    return "\n".join([*lines, ""])


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.processor()


if __name__ == "__main__":
    main()
