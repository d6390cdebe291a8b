"""The checks of methods that look ahead and compare fairly, each computed by public functions of ``cs.stats``.

A function for each check takes its input and gives numbers by the names of what is expected. The same are run on the
facts of ``facts.json`` and on the further ones of ``small_facts.json``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from published_facts import PublishedFile

from carestudy import stats

Result = dict[str, Any]
Compute = Callable[[dict[str, Any], PublishedFile], Result]
METHODS = {
    "BH": "benjamini-hochberg", "BY": "benjamini-yekutieli", "holm": "holm", "hochberg": "hochberg", "hommel": "hommel",
    "hochberg_sidak": "hochberg-sidak",
}  # fmt: skip


def _beer(given: dict[str, Any], published_file: PublishedFile) -> tuple[Any, Any]:
    values = pd.read_csv(published_file(given["file"]))[given["column"]].to_numpy(float)
    return values[:64], values[64:74]


def accuracy(given: dict[str, Any], published_file: PublishedFile) -> Result:
    train, test = _beer(given, published_file)
    forecasts: dict[str, Any] = {
        "mean": np.full(10, train.mean()), "naive": np.full(10, train[-1]),
        "seasonal_naive": stats.seasonal_naive(train, season=4, steps=10)["value"],
    }  # fmt: skip
    found = {name: stats.forecast_accuracy(test, said, train, season=4) for name, said in forecasts.items()}
    return {name: [one.rmse, one.mae, one.mape, one.mase] for name, one in found.items()}


def naive_interval(given: dict[str, Any], published_file: PublishedFile) -> Result:
    frame = stats.seasonal_naive(_beer(given, published_file)[0], season=4, steps=10, level=given["level"]).set_index(
        "step"
    )
    return {f"h{step}_95": frame[["low", "high"]].loc[step].to_numpy() for step in (1, 4, 5, 10)}


def backtest(given: dict[str, Any], _: PublishedFile) -> Result:
    regions = {f"{p}_{n}": list(stats.accepted_misses(n, p)) for p in given["p"] for n in given["T"]}
    return {"accept_from_to": regions, "LR_20_of_252_at_05": stats.kupiec(20, 252, 0.05).statistic}


def interval_score(given: dict[str, Any], _: PublishedFile) -> Result:
    low, high, seen = np.array(given["lower_upper_actual"], float).T
    scores = stats.interval_scores(seen, low, high, level=1 - given["alpha"])
    covered = ((low <= seen) & (seen <= high)).mean()
    return {"scores": scores, "mean_score": scores.mean(), "coverage": covered}


def diebold(_: dict[str, Any], published_file: PublishedFile) -> Result:
    lynx = pd.read_csv(published_file("data/lynx.csv")).iloc[:, -1].to_numpy(float)
    found = stats.diebold_mariano(lynx - lynx.mean(), lynx - 100)
    return {"DM": found.statistic, "p": found.p}


def ewma(given: dict[str, Any], _: PublishedFile) -> Result:
    chart = stats.ewma(given["x"], centre=given["mu0"], sigma=given["sigma"], weight=given["lambda"], width=given["L"])
    first = int(chart["outside"].to_numpy().argmax()) + 1 if chart["outside"].any() else None
    steady = given["L"] * given["sigma"] * np.sqrt(given["lambda"] / (2 - given["lambda"]))
    last = chart.iloc[-1]
    assert last["high"] <= given["mu0"] + steady
    found = {"z": chart["value"], "ucl_steady": given["mu0"] + steady, "lcl_steady": given["mu0"] - steady}
    return found | {"ucl_1": chart["high"].iloc[0], "first_signal": first}


def cusum(given: dict[str, Any], _: PublishedFile) -> Result:
    found = stats.cusum(given["x"], centre=given["mu0"], sigma=1, slack=given["K"], limit=given["H"])
    assert found.signal is not None
    row = found.points.iloc[found.signal - 1]
    return {
        "c_plus": found.points["c_plus"], "c_minus": found.points["c_minus"], "first_signal": found.signal,
        "c_plus_at_signal": row["c_plus"], "n_plus": row["n_plus"], "last_in_control": found.change,
        "new_mean": found.level,
    }  # fmt: skip


def xbar_s(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rings = pd.read_csv(published_file(given["file"]))
    means, spreads = (chart.iloc[0] for chart in stats.xbar_s(rings[given["value"]], rings[given["group"]]))
    return {
        "xbar_centre": means["centre"], "xbar_limits": [means["low"], means["high"]],
        "s_centre": spreads["centre"], "s_limits": [spreads["low"], spreads["high"]],
    }  # fmt: skip


def t_chart(given: dict[str, Any], _: PublishedFile) -> Result:
    chart = stats.t_chart(given["x"])
    row = chart.iloc[0]
    return {
        "centre": row["centre"],
        "ucl": row["high"],
        "lcl": row["low"],
        "points_outside": int(chart["outside"].sum()),
    }


def run_lengths(_: dict[str, Any], __: PublishedFile) -> Result:
    rules = {"rule1": [1], "rules_1_2": [1, 2], "rules_1_3": [1, 3], "rules_1_2_3": [1, 2, 3], "rules_1_4": [1, 4]}
    lengths = {f"arl_{name}": stats.run_length(chosen) for name, chosen in rules.items()}
    chances = {f"p_any_alarm_40_charts_{n}_month{'s' * (n > 1)}": stats.alarm_chance(40, n) for n in (1, 12)}
    return lengths | chances


def power(_: dict[str, Any], __: PublishedFile) -> Result:
    z = stats.sample_size_of_shares(0.2, 0.25)
    return {
        "n_50_75_power90": stats.sample_size_of_shares(0.5, 0.75, power=0.9),
        "power_n50_50_75": stats.power_of_shares(50, 0.5, 0.75),
        "n_t_delta1_power90": stats.sample_size_of_means(1, power=0.9),
        "power_t_n20_delta1": stats.power_of_means(20, 1),
        "n_20_25_power80_pooled": z,
    }


def compliance(given: dict[str, Any], _: PublishedFile) -> Result:
    cells = given["cells"]
    found = stats.compliance(
        *(tuple(cells[name]) for name in ("assigned_received", "assigned_not_received", "control"))
    )
    per_1000 = {name: 1000 * getattr(found, name) for name in ("itt", "cace", "per_protocol", "as_treated")}
    return {f"{name}_per_1000": value for name, value in per_1000.items()} | {"share_received": found.reached}


def sample_ratio(given: dict[str, Any], _: PublishedFile) -> Result:
    found = [stats.sample_ratio(pair) for pair in given["pairs"]]
    assert [one.fair for one in found] == [False, True, False]
    return {"p_chi2": [one.p for one in found], "p_second_continuity": found[1].p_corrected}


def ancova(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rows = pd.read_csv(published_file(given["file"]))
    gain = rows["Postwt"] - rows["Prewt"]
    fit = stats.adjusted_effects(gain, rows["Treat"], rows[["Prewt"]], control="CBT").set_index("column")
    told = {"prewt": "Prewt", "cont": "Cont", "ft": "FT"}
    values = {name: fit.loc[column, "value"] for name, column in told.items()}
    return {"ancova": values | {f"{name}_se": fit.loc[column, "error"] for name, column in told.items()}}


def cuped(_: dict[str, Any], published_file: PublishedFile) -> Result:
    rows = pd.read_csv(published_file("data/users_cuped.csv"))
    found: Result = {}
    for name in ("orders", "revenue"):
        outcome, before, arm = rows[name], rows[f"{name}_covariate"], rows["variant"]
        plain = stats.welch(outcome[arm == 1], outcome[arm == 0])
        surer = stats.cuped(outcome, before, arm)
        for key, one in ((name, plain), (f"{name}_cuped", surer)):
            found[key] = {"control": one.control, "treatment": one.treated, "p": one.p}
    return found


def poststratified(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rows = pd.read_csv(published_file(given["file"]))
    plain = stats.poststratified_mean(rows["api00"], np.zeros(len(rows), int), {0: given["N"]}, finite=True)
    asked = (rows["api00"], rows["stype"], given["population"])
    wide, finite = stats.poststratified_mean(*asked), stats.poststratified_mean(*asked, finite=True)
    return {
        "mean_unweighted": plain.value, "se_unweighted_fpc": plain.error, "poststrat_mean": wide.value,
        "poststrat_se_no_fpc": wide.error, "poststrat_se_fpc": finite.error,
    }  # fmt: skip


def raking(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rows = pd.read_csv(published_file(given["file"]))
    names = {"stype": "stype", "sch_wide": "sch.wide" if "sch.wide" in rows else "sch_wide"}
    margins = {name: rows[column] for name, column in names.items()}
    weights = stats.rake(margins, {name: given[f"margin_{name}"] for name in margins})
    cells = rows[names["stype"]] + "_" + rows[names["sch_wide"]]
    mean = stats.weighted_mean(rows["api00"], weights)
    return {
        "weight_by_cell": pd.Series(weights).groupby(cells).mean().to_dict(), "mean_api00": mean.value,
        "total_enroll": float(weights @ rows["enroll"]), "kish_deff": mean.effect, "n_eff": mean.effective,
    }  # fmt: skip


def kish(given: dict[str, Any], _: PublishedFile) -> Result:
    return {"deff": [stats.kish_effect(one) for one in given["weights"]]}


def weighted(given: dict[str, Any], _: PublishedFile) -> Result:
    found = {level: stats.weighted_mean(given["y"], given["w"], level=level) for level in (0.95, 0.99)}
    limits = {f"ci{int(100 * level)}": [one.low, one.high] for level, one in found.items()}
    return limits | {"mean": found[0.95].value, "var": found[0.95].error ** 2}


def bot_funnel(given: dict[str, Any], _: PublishedFile) -> Result:
    rows = pd.DataFrame(given["conversations"], columns=given["columns"])
    later = pd.DataFrame(given["later_contacts"], columns=given["later_columns"])
    one = stats.bot_outcomes(rows, later, until=given["data_until"], within=7, cost=given["cost_mature"])
    names = ("conversations", "handled", "handed_off", "abandoned", "resolved_alone", "mature", "durable")
    found = {name: getattr(one, name) for name in (*names, "containment")}
    return found | {"durable_share_of_mature": one.share, "wilson": [one.low, one.high], "cost_per_durable": one.cost}


def rogan_gladen(given: dict[str, Any], _: PublishedFile) -> Result:
    found = [stats.true_share(x, n, sensitivity=se, specificity=sp) for x, n, se, sp in given["x_n_se_sp"]]
    return {
        "true_share": [one.value for one in found], "clopper_pearson_ci": [[one.low, one.high] for one in found],
        "refuse": [not one.possible for one in found],
    }  # fmt: skip


def fieller(given: dict[str, Any], _: PublishedFile) -> Result:
    found = stats.ratio_of_totals(given["cost"], given["units"])
    mean = np.mean(np.array(given["cost"]) / np.array(given["units"]))
    return {
        "ratio": found.value,
        "se_delta": found.error,
        "fieller_t9": [found.low, found.high],
        "mean_of_ratios": mean,
    }


def kappa(given: dict[str, Any], _: PublishedFile) -> Result:
    one = stats.kappa(given["table"])
    return {
        "agreement": one.agreement, "expected": one.by_chance, "kappa": one.value, "se0": one.error_of_none,
        "se": one.error,
    }  # fmt: skip


def fay_feuer(given: dict[str, Any], _: PublishedFile) -> Result:
    population, count = np.array(given["population"], float), np.array(given["count"], float)
    standard = population.mean(axis=0)
    pairs = zip(count, population, strict=True)
    found = [stats.direct_rate(cases, people, standard, per=given["per"]) for cases, people in pairs]
    return {"crude_adj_lower_upper": [[one.crude, one.value, one.low, one.high] for one in found]}


def direct_indirect(given: dict[str, Any], _: PublishedFile) -> Result:
    per = 100_000
    direct = stats.direct_rate(given["count40"], given["pop40"], given["pop60"], per=per)
    asked = (sum(given["count40"]), given["pop40"], given["count60"], given["pop60"])
    one = stats.indirect_rate(*asked, method="log-normal", per=per)
    return {
        "dsr": [direct.value, direct.low, direct.high], "expected": one.expected, "sir": one.ratio,
        "sir_ci_log_normal": [one.low, one.high], "indirect_rate": one.rate,
    }  # fmt: skip


def smr(given: dict[str, Any], _: PublishedFile) -> Result:
    asked = (given["observed"], given["expected"])
    found = {name: stats.observed_expected(*asked, method=name) for name in ("exact", "byar", "mid-p")}
    limits = {name.replace("-", "_"): [one.low, one.high] for name, one in found.items()}
    return {"ratio": found["exact"].ratio} | limits


def dobson(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rows, found = pd.read_csv(published_file(given["file"])), {}
    for name in ("big", "small"):
        asked = (rows[f"count_{name}"], rows["pop"], rows[given["standard"]])
        one = stats.direct_rate(*asked, method="dobson", per=given["per"])
        found[name] = [one.value, one.low, one.high]
    return found


def two_ratios(given: dict[str, Any], _: PublishedFile) -> Result:
    one = stats.ratio_of_ratios(*given["team1_O_E"], *given["team2_O_E"])
    return {"ratio": one.ratio, "exact_ci": [one.low, one.high]}


def adjusted(given: dict[str, Any], _: PublishedFile) -> Result:
    found = {name: stats.adjusted(given["p"], method=method) for name, method in METHODS.items()}
    return found | {"rejections_05": {name: int((one <= 0.05).sum()) for name, one in found.items()}}


def two_stage(given: dict[str, Any], _: PublishedFile) -> Result:
    one = stats.two_stage(given["p"], level=given["q"])
    return {
        "stage1_rejections": one.first_stage, "m0_hat": one.true_nulls, "rejections_two_stage": one.rejections,
        "rejections_bh": int((stats.adjusted(given["p"]) <= given["q"]).sum()),
    }  # fmt: skip


def transition_matrix(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rain = pd.read_csv(published_file(given["file"])).iloc[:, -1].astype(str)
    counts = stats.transition_counts(np.zeros(len(rain), int), range(len(rain)), rain, order=given["states"])
    frame = stats.transition_chances(counts)
    poisson = np.sqrt(frame["count"]) / frame["n"]
    # The published error is the Poisson one, which is too wide; ours is never wider.
    assert (frame["error"] <= poisson).all()
    chances = frame["value"].to_numpy().reshape(3, 3)
    return {"counts": counts, "P": chances, "se": poisson.to_numpy().reshape(3, 3)}


def within_customer(given: dict[str, Any], published_file: PublishedFile) -> Result:
    rows = pd.read_csv(published_file(given["file"]))
    counts = stats.transition_counts(rows[given["customer"]], rows[given["time"]], rows[given["state"]])
    return {"counts": counts.iloc[:3], "transitions": int(counts.to_numpy().sum())}


def absorbing(given: dict[str, Any], _: PublishedFile) -> Result:
    one = stats.absorbing(given["Q"], given["R"])
    return {"N": one.visits, "steps": one.steps, "absorption": one.ends}


def land_of_oz(given: dict[str, Any], _: PublishedFile) -> Result:
    chances = np.array(given["P"])
    return {
        "stationary": stats.stationary(chances), "P3": np.linalg.matrix_power(chances, 3),
        "mean_first_passage": stats.first_passage(chances),
    }  # fmt: skip


def tet(given: dict[str, Any], _: PublishedFile) -> Result:
    chinese = ("1985", "2007", "2024", "2030", "2053")
    return {
        "vietnam_utc7": {year: stats.tet(int(year)).isoformat() for year in given["years"]},
        "china_utc8": {year: stats.tet(int(year), zone=8).isoformat() for year in chinese},
    }


def holiday_shares(given: dict[str, Any], published_file: PublishedFile) -> Result:
    days = [date.fromisoformat(str(day)[:10]) for day in pd.read_csv(published_file(given["file"])).iloc[:, 0]]
    spans: dict[str, Any] = {
        "after_0_6": {"first_day": 0, "last_day": 6}, "before_6_1": {"first_day": -6, "last_day": -1},
        "after_0_6_centred": {"first_day": 0, "last_day": 6, "centred": True},
    }  # fmt: skip
    months = given["months"]
    found = {name: stats.holiday_shares(days, months, **span) for name, span in spans.items()}
    return {name: dict(zip(months, shares, strict=True)) for name, shares in found.items()}


def iso_weeks(given: dict[str, Any], _: PublishedFile) -> Result:
    years = range(given["from"], given["to"] + 1)
    weeks = {text: stats.iso_week(date.fromisoformat(text)) for text in given["dates"]}
    return {"iso": weeks, "years_with_53_weeks": [year for year in years if stats.weeks_of(year) == 53]}


def trading_days(given: dict[str, Any], _: PublishedFile) -> Result:
    frame = stats.trading_days(given["months"]).set_index("month")
    contrasts = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    found = {}
    for month, row in frame.iterrows():
        sundays = (row["days"] - row[contrasts].sum()) / 7
        counts = [*(row[contrasts] + sundays).tolist(), sundays]
        found[month] = {
            "days": row["days"], "weekday_counts": counts, "six_contrasts": row[contrasts].tolist(),
            "td1coef": row["weekdays"],
        }  # fmt: skip
    leap = stats.trading_days(["2023-02", "2024-02"]).set_index("month")["leap"]
    return {"months": found, "leap_year_regressor_feb": {str(month)[:4]: value for month, value in leap.items()}}


COMPUTE: dict[str, Compute] = {
    "m01-accuracy-beer": accuracy, "m03-seasonal-naive-interval": naive_interval, "m06-coverage-backtest": backtest,
    "m07-interval-score": interval_score, "m09-diebold-mariano": diebold, "n01-ewma-montgomery": ewma,
    "n02-cusum-montgomery": cusum, "n04-ewma-nist": ewma, "n05-xbar-s": xbar_s, "n06-t-chart": t_chart,
    "n09-rules-and-many-charts": run_lengths, "o02-power": power, "o05-noncompliance": compliance,
    "o06-sample-ratio": sample_ratio, "o07-ancova-cuped": ancova, "o09-cuped-users": cuped,
    "p02-poststratified-mean": poststratified, "p03-raking-survey": raking, "p04-kish": kish,
    "p05-weighted-mean-interval": weighted, "q01-bot-funnel": bot_funnel, "q02-rogan-gladen": rogan_gladen,
    "q03-ratio-interval": fieller, "q06-kappa": kappa, "r01-fay-feuer": fay_feuer,
    "r02-direct-and-indirect": direct_indirect, "r03-smr-intervals": smr, "r05-direct-dobson": dobson,
    "r08-two-ratios": two_ratios, "s01-adjusted-p": adjusted, "s02-page-of-metrics": adjusted,
    "s03-two-stage": two_stage, "t01-transition-matrix": transition_matrix,
    "t02-transitions-within-customer": within_customer, "t04-absorbing": absorbing, "t05-land-of-oz": land_of_oz,
    "u01-tet-not-chinese": tet, "u02-moving-holiday-regressor": holiday_shares, "u04-iso-weeks": iso_weeks,
    "u05-trading-day-regressors": trading_days,
}  # fmt: skip
