"""Topics: which detail reports go deeper into a finding."""

from __future__ import annotations

from collections.abc import Mapping

from carestudy.contract import CareError
from carestudy.findings.candidate import Finding
from carestudy.targets import figure

TOPICS = ("churn", "segments", "value", "voice", "service")
# By the first table that the figure of a finding reads, and by the dimension of its groups.
OF_TABLE: Mapping[str, str] = {
    "customers": "churn", "contacts": "service", "responses": "voice", "invitations": "voice", "transactions": "value",
}  # fmt: skip
OF_DIMENSION: Mapping[str, str] = {
    "in_charge": "service", "channel": "service", "topic": "service", "kind": "service", "stage": "service",
    "team": "service", "agent": "service", "source": "voice", "region": "segments", "segment": "segments",
}  # fmt: skip


def topics(finding: Finding) -> tuple[str, ...]:
    """The detail reports that a finding belongs to, the one of its figure first.

    What costs money belongs to the report on value as well, and what happened among groups of customers to that on
    segments.
    """
    kpi = figure(finding.kpi)
    of_figure = OF_TABLE.get(kpi.tables[0]) if kpi is not None else "churn"  # counts of customers are no KPIs
    names = [name for groups in (finding.groups, *(cause.groups for cause in finding.causes)) for name, _ in groups]
    of_groups = [OF_DIMENSION.get(name) for name in names]
    of_money = "value" if finding.cost.money is not None else None
    return tuple(dict.fromkeys(topic for topic in (of_figure, *of_groups, of_money) if topic is not None))


def on_topic(findings: tuple[Finding, ...], topic: str) -> tuple[Finding, ...]:
    """Those of the findings that belong to a detail report; raises ``CareError`` for a topic that there is none of."""
    if topic not in TOPICS:
        raise CareError(f"topic='{topic}' is not known: choose one of {', '.join(TOPICS)}")
    return tuple(finding for finding in findings if topic in topics(finding))
