"""Which way is better, and over how long: a figure with the wrong direction would praise what is bad."""

from __future__ import annotations

from carestudy import kpi

LOWER = {
    "gross_churn_rate", "annual_loss", "complaint_rate", "recontact_rate", "return_rate",
    "first_response_time", "resolution_time", "complaint_count", "repeat_complainers", "backlog", "abandoned_share",
    "mean_handling_time",
}  # fmt: skip
NEITHER = {
    "leaving_reasons",
    "customers_on_file",
    "tenure_share",
    "contact_count",
    "contacts_per_customer",
    "resolved_share",
    "total_handling_time",
}
HIGHER = {
    "retention_rate", "owned_rate", "active_customers", "tenure", "csat", "nps", "ces", "response_rate",
    "service_level", "first_contact_resolution", "typical_transaction", "mean_transaction", "invoiced",
    "answered_share", "mean_score", "bought_again", "gross_revenue_retention", "net_revenue_retention",
    "net_growth_rate",
}  # fmt: skip


def test_every_figure_says_which_way_is_better() -> None:
    # Whoever adds a figure writes it into one of the three lists above.
    found = {one.name: one.better for one in kpi.ALL.values()}
    expected = {**dict.fromkeys(LOWER, "lower"), **dict.fromkeys(NEITHER), **dict.fromkeys(HIGHER, "higher")}
    assert found == expected


def test_losses_and_their_reasons_are_those_of_a_year_and_all_else_of_the_period() -> None:
    assert {one.name: one.months for one in kpi.ALL.values() if one.months} == {
        "annual_loss": 12,
        "leaving_reasons": 12,
        "gross_revenue_retention": 12,
        "net_revenue_retention": 12,
    }


def test_only_shares_stand_without_a_unit_of_their_own() -> None:
    other = {one.name: one.unit for one in kpi.ALL.values() if one.unit != "share"}
    assert other == {
        "nps": "points", "net_growth_rate": "net", "customers_on_file": "count", "active_customers": "count",
        "first_response_time": "hours", "resolution_time": "hours", "typical_transaction": "money",
        "mean_transaction": "money", "invoiced": "money", "contact_count": "count", "complaint_count": "count",
        "backlog": "count", "contacts_per_customer": "times", "mean_handling_time": "hours",
        "total_handling_time": "hours", "mean_score": "score",
    }  # fmt: skip
