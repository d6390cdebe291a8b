"""Every KPI carestudy knows. A figure is added by writing it in the file of its family."""

from carestudy.kpi import contacts, desk, durations, handling, loyalty, money, revenue, service, voice
from carestudy.kpi.contacts import backlog, complaint_count, contact_count, contacts_per_customer, repeat_complainers
from carestudy.kpi.desk import first_contact_resolution, service_level
from carestudy.kpi.durations import first_response_time, resolution_time, tenure, tenure_share
from carestudy.kpi.handling import (
    abandoned_share,
    answered_share,
    mean_handling_time,
    resolved_share,
    total_handling_time,
)
from carestudy.kpi.loyalty import (
    active_customers,
    annual_loss,
    customers_on_file,
    gross_churn_rate,
    leaving_reasons,
    net_growth_rate,
    owned_rate,
    retention_rate,
)
from carestudy.kpi.money import invoiced, mean_transaction, typical_transaction
from carestudy.kpi.revenue import bought_again, gross_revenue_retention, net_revenue_retention
from carestudy.kpi.service import DENOMINATORS, complaint_rate, recontact_rate, return_rate
from carestudy.kpi.voice import ces, csat, mean_score, nps, response_rate
from carestudy.measure.kpi import Kpi


def _all() -> dict[str, Kpi]:
    families = (loyalty, durations, voice, service, desk, contacts, handling, money, revenue)
    figures = [figure for family in families for figure in vars(family).values() if isinstance(figure, Kpi)]
    variants = {
        complaint_rate: [complaint_rate.of(per=per) for per in DENOMINATORS],
        first_response_time: [first_response_time, first_response_time.of(at="p90")],
        resolution_time: [resolution_time, resolution_time.of(at="p90")],
        mean_score: [mean_score.of(question="csat")],
        tenure: [tenure.of(years=years) for years in (1, 2, 5)],
        tenure_share: [tenure_share.of(years=years) for years in (1, 2, 5)],
        return_rate: [return_rate, return_rate.of(of="value")],
        service_level: [service_level.of(within=24)],
    }
    return {kpi.id: kpi for figure in figures for kpi in variants.get(figure, [figure])}


ALL = _all()

# What management reads first: one form of each figure, churn never without its net and its gross side.
HEADLINES = [
    retention_rate,
    gross_churn_rate,
    net_growth_rate,
    annual_loss,
    nps,
    csat,
    response_rate,
    complaint_rate.of(per="customer"),
    recontact_rate,
    return_rate,
    typical_transaction,
    invoiced,
    active_customers,
    owned_rate,
]

# What is read first where there are contacts and neither customers nor sales, or nothing but the answers of a survey.
OF_A_DESK = [
    contact_count,
    complaint_count,
    complaint_rate.of(per="contact"),
    first_response_time,
    resolution_time,
    answered_share,
    resolved_share,
    backlog,
    first_contact_resolution,
    recontact_rate,
    mean_handling_time,
    csat,
    nps,
    response_rate,
]
OF_A_SURVEY = [nps, csat, ces, response_rate]

__test__ = {name: kpi.define for name, kpi in ALL.items()}

__all__ = [
    "ALL",
    "HEADLINES",
    "OF_A_DESK",
    "OF_A_SURVEY",
    "abandoned_share",
    "active_customers",
    "annual_loss",
    "answered_share",
    "backlog",
    "bought_again",
    "ces",
    "complaint_count",
    "complaint_rate",
    "contact_count",
    "contacts_per_customer",
    "csat",
    "customers_on_file",
    "first_contact_resolution",
    "first_response_time",
    "gross_churn_rate",
    "gross_revenue_retention",
    "invoiced",
    "leaving_reasons",
    "mean_handling_time",
    "mean_score",
    "mean_transaction",
    "net_growth_rate",
    "net_revenue_retention",
    "nps",
    "owned_rate",
    "recontact_rate",
    "repeat_complainers",
    "resolution_time",
    "resolved_share",
    "response_rate",
    "retention_rate",
    "return_rate",
    "service_level",
    "tenure",
    "tenure_share",
    "total_handling_time",
    "typical_transaction",
]


def __dir__() -> list[str]:
    return __all__
