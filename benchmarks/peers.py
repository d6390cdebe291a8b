"""The same pieces of work by pandas, polars, lifetimes, pymc-marketing and scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from works import _rows, _summed

LAST, END = "2026-10-31", "2026-11-01"
BOUGHT = ["customer_id", "occurred_at", "amount", "returned"]
ASKED = ["contact_id", "customer_id", "topic", "channel", "direction", "opened_at", "resolved_at"]
ANSWERED = ["answered_at", "team", "channel", "question", "score"]


class Pandas:
    """pandas, which reads the columns that it needs; none of it is prepared."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        self.pd, self.folder = pd, folder

    def read(self, table: str, columns: list[str]) -> Any:
        """Some columns of a table."""
        return self.pd.read_parquet(self.folder / f"{table}.parquet", columns=columns)

    def summary(self) -> list[Any]:
        """One row a customer."""
        bought = self.read("transactions", BOUGHT)
        bought = bought[~bought["returned"]]
        days = bought.assign(day=bought["occurred_at"].dt.normalize())
        spent = days.groupby(["customer_id", "day"])["amount"].sum().reset_index()
        each = spent.groupby("customer_id").agg(
            first=("day", "min"), last=("day", "max"), days=("day", "size"),
            begun=("amount", "first"), spent=("amount", "sum"),
        )  # fmt: skip
        x = each["days"] - 1
        value = ((each["spent"] - each["begun"]) / x.where(x > 0)).fillna(0.0)
        told = {"x": x, "t_x": (each["last"] - each["first"]).dt.days, "value": value}
        return _summed(each.assign(**told, T=(self.pd.Timestamp(LAST) - each["first"]).dt.days).reset_index())

    def kpi(self) -> list[Any]:
        """NPS of every month, team and channel."""
        said = self.read("responses", ANSWERED)
        said = said[(said["question"] == "nps") & said["score"].notna()]
        net = (said["score"] >= 9).astype(int) - (said["score"] <= 6).astype(int)
        said = said.assign(period=said["answered_at"].dt.strftime("%Y-%m"), net=net)
        found = said.groupby(["period", "team", "channel"], dropna=False)["net"].agg(["mean", "size"]).reset_index()
        return _rows(found.assign(mean=found["mean"] * 100))

    def recontact(self) -> list[Any]:
        """Contacts followed by another, by channel."""
        asked = self.read("contacts", ASKED)
        known = asked[asked["customer_id"].notna() & asked["topic"].notna() & (asked["direction"] != "outbound")]
        known = known.sort_values(["customer_id", "topic", "opened_at", "contact_id"])
        following = known.groupby(["customer_id", "topic"])["opened_at"].shift(-1)
        over = known["resolved_at"] + self.pd.Timedelta(days=7)
        counted = known.assign(again=following <= over)[over <= self.pd.Timestamp(END)]
        return _rows(counted.groupby("channel", dropna=False)["again"].agg(["mean", "size"]).reset_index())

    def cohorts(self) -> list[Any]:
        """Who bought again so many months after the first purchase."""
        bought = self.read("transactions", ["customer_id", "occurred_at"])
        day = bought["occurred_at"].dt
        months = bought.assign(month=day.year * 12 + day.month - 1)[["customer_id", "month"]].drop_duplicates()
        months["cohort"] = months.groupby("customer_id")["month"].transform("min")
        months["age"] = months["month"] - months["cohort"]
        return _rows(months.groupby(["cohort", "age"]).size().reset_index())


class Polars:
    """polars, lazily."""

    def __init__(self, folder: Path) -> None:
        import polars as pl

        self.pl, self.folder = pl, folder

    def read(self, table: str) -> Any:
        """A table that is read when it is known what of it is needed."""
        return self.pl.scan_parquet(self.folder / f"{table}.parquet")

    def summary(self) -> list[Any]:
        """One row a customer."""
        pl = self.pl
        bought = self.read("transactions").filter(~pl.col("returned")).with_columns(day=pl.col("occurred_at").dt.date())
        days = bought.group_by("customer_id", "day").agg(pl.col("amount").sum())
        first, last, x = pl.col("day").min(), pl.col("day").max(), pl.len() - 1
        each = days.group_by("customer_id").agg(
            x=x.cast(pl.Int64), t_x=(last - first).dt.total_days(),
            T=(pl.lit(LAST).str.to_date() - first).dt.total_days(),
            later=pl.col("amount").sum() - pl.col("amount").sort_by("day").first(),
        )  # fmt: skip
        value = pl.when(pl.col("x") > 0).then(pl.col("later") / pl.col("x")).otherwise(0.0)
        return _summed(each.with_columns(value=value).collect())

    def kpi(self) -> list[Any]:
        """NPS of every month, team and channel."""
        pl, score = self.pl, self.pl.col("score")
        said = self.read("responses").filter((pl.col("question") == "nps") & score.is_not_null())
        net = (score >= 9).cast(pl.Int64) - (score <= 6).cast(pl.Int64)
        keys = [pl.col("answered_at").dt.strftime("%Y-%m").alias("period"), "team", "channel"]
        return _rows(said.group_by(keys).agg(value=net.mean() * 100, n=pl.len()).collect().to_pandas())

    def recontact(self) -> list[Any]:
        """Contacts followed by another, by channel."""
        pl = self.pl
        asked = self.read("contacts").filter(
            pl.col("customer_id").is_not_null() & pl.col("topic").is_not_null() & (pl.col("direction") != "outbound")
        )
        asked = asked.sort("customer_id", "topic", "opened_at", "contact_id")
        following = pl.col("opened_at").shift(-1).over("customer_id", "topic")
        over = pl.col("resolved_at") + pl.duration(days=7)
        counted = asked.with_columns(again=(following <= over).fill_null(value=False), over=over)
        counted = counted.filter(pl.col("over") <= pl.lit(END).str.to_datetime())
        return _rows(counted.group_by("channel").agg(value=pl.col("again").mean(), n=pl.len()).collect().to_pandas())

    def cohorts(self) -> list[Any]:
        """Who bought again so many months after the first purchase."""
        pl, day = self.pl, self.pl.col("occurred_at").dt
        month = (day.year().cast(pl.Int64) * 12 + day.month() - 1).alias("month")
        months = self.read("transactions").select("customer_id", month).unique()
        begun = months.with_columns(cohort=pl.col("month").min().over("customer_id"))
        age = (pl.col("month") - pl.col("cohort")).alias("age")
        return _rows(begun.group_by("cohort", age).agg(pl.len()).collect().to_pandas())


class Lifetimes(Pandas):
    """lifetimes' summary of purchases."""

    def summary(self) -> list[Any]:
        """One row a customer; an event of a customer without any other is no repeat."""
        from lifetimes.utils import summary_data_from_transaction_data as summary

        bought = self.read("transactions", BOUGHT)
        told = summary(
            bought[~bought["returned"]], "customer_id", "occurred_at", monetary_value_col="amount",
            observation_period_end=LAST, freq="D",
        )  # fmt: skip
        return _summed(told.rename(columns={"frequency": "x", "recency": "t_x", "monetary_value": "value"}))


class PymcMarketing(Pandas):
    """pymc-marketing's summary of purchases."""

    def summary(self) -> list[Any]:
        """One row a customer."""
        from pymc_marketing.clv.utils import rfm_summary

        bought = self.read("transactions", BOUGHT)
        told = rfm_summary(
            bought[~bought["returned"]], "customer_id", "occurred_at", "amount",
            observation_period_end=LAST, time_unit="D",
        )  # fmt: skip
        return _summed(told.rename(columns={"frequency": "x", "recency": "t_x", "monetary_value": "value"}))


class ScikitLearn:
    """scikit-learn's k-means on all customers, whose scaled features and number of groups it is given."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        import carestudy as cs
        from carestudy.segments.scaling import Scale

        care = cs.load(folder)
        self.k = cs.segment(care).k
        used = ["orders_per_month", "typical_order"]
        known = cs.features(care, columns=used)
        found = known.loc[known["here"], used].dropna().astype(float)
        self.rows = np.column_stack([Scale.of(name, found[name].to_numpy()).scaled(found[name]) for name in used])

    def segments(self) -> list[Any]:
        """Centres from ten starts, as its documentation has it."""
        from sklearn.cluster import KMeans

        fitted = KMeans(self.k, n_init=10, random_state=0).fit(self.rows)
        return [self.k, float(fitted.inertia_) / len(self.rows)]
