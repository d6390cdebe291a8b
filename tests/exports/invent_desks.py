"""Invented care desks: tickets, conversations and calls as their tools export them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from inventing import AGENTS, Company, company, csv, minutes, moments, people, some

ROWS = 61


def tickets_of(dice: np.random.Generator, rows: int = ROWS) -> pd.DataFrame:
    """Tickets that are all replied to; most are solved."""
    opened = moments(dice, rows)
    return pd.DataFrame({
        "id": np.arange(rows) + 1001, "customer": 7000 + dice.integers(0, 25, rows), "opened": opened,
        "replied": opened + pd.to_timedelta(dice.permutation(rows) * 3 + 2, "min"),
        "solved": (opened + pd.to_timedelta(dice.integers(300, 3000, rows), "min")).where(dice.random(rows) < 0.9),
        "agent": some(dice, AGENTS, rows), "team": some(dice, ("CSKH", "Kỹ thuật"), rows),
        "score": some(dice, (1, 2, 3, 4, 5, None), rows), "reopens": some(dice, (0, 0, 0, 1, 2), rows),
    })  # fmt: skip


def facts_of(tickets: pd.DataFrame, **more: float) -> dict[str, float]:
    waited = minutes(tickets.replied - tickets.opened)
    return {"contacts": len(tickets), "first_reply_minutes": float(waited.median()),
            "resolved": int(tickets.solved.notna().sum()), **more}  # fmt: skip


def _csat(scores: pd.Series) -> dict[str, float]:
    given = scores.dropna().astype(float)
    return {"responses": len(given), "csat": float((given >= 4).mean())}


@company("zendesk")
def zendesk(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    rating = some(dice, ("Good", "Bad", "Offered", "Unoffered"), ROWS, (0.4, 0.2, 0.2, 0.2))
    rated = rating.isin(["Good", "Bad"]) & t.solved.notna()
    kind = some(dice, ("Question", "Problem", "Incident", "Task"), ROWS)
    table = pd.DataFrame({
        "Summation column": 1, "Id": t.id, "Requester": people(ROWS), "Requester id": t.customer,
        "Requester external id": "",
        "Requester email": t.customer.map("k{}@example.com".format), "Requester domain": "example.com",
        "Submitter": people(ROWS),
        "Assignee": t.agent, "Group": t.team, "Subject": "Hỏi về đơn hàng", "Tags": "don_hang vip",
        "Status": t.solved.notna().map({True: "Solved", False: "Open"}), "Priority": "Normal",
        "Via": some(dice, ("Mail", "Web form", "Chat"), ROWS), "Ticket type": kind, "Created at": t.opened,
        "Updated at": t.opened,
        "Assigned at": t.opened, "Solved at": t.solved, "Satisfaction Score": rating.where(t.solved.notna(),
        "Unoffered"),
        "Reopens": t.reopens, "Replies": 2, "First reply time in minutes": minutes(t.replied - t.opened).astype(int),
        "First reply time in minutes within business hours": 1, "Full resolution time in minutes": 999,
    })  # fmt: skip
    good = float((rating[rated] == "Good").mean())
    return Company(
        {"export-2026-09.csv": csv(table, form="%Y-%m-%d %H:%M")},
        {"contacts": {
            "contact_id": "Id", "customer_id": "Requester id", "opened_at": "Created at", "resolved_at": "Solved at",
            "resolved": "Status", "reopened": "Reopens", "channel": "Via", "kind": "Ticket type", "agent": "Assignee",
            "team": "Group",
            "first_reply_at": {"after": "opened_at", "column": "First reply time in minutes", "unit": "minutes"},
        }, "responses": {
            "answered_at": "Solved at", "contact_id": "Id", "customer_id": "Requester id", "channel": "Via",
            "agent": "Assignee",
            "team": "Group", "? csat": "Satisfaction Score",
        }},
        facts_of(t, reopened=int((t.reopens > 0).sum()), csat=good, responses=int(rated.sum())), tool="Zendesk",
    )  # fmt: skip


@company("zendesk_explore")
def zendesk_explore(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    table = pd.DataFrame({
        "Ticket ID": t.id.map("#{}".format), "Requester ID": 360_000_000_000 + t.customer,
        "Requester name": people(ROWS),
        "Ticket created - Timestamp": t.opened, "Ticket solved - Timestamp": t.solved,
        "First reply time (min)": minutes(t.replied - t.opened),
        "First reply time in minutes within business hours": 3.0,
        "Full resolution time (hrs)": 1.5, "Ticket satisfaction rating": t.score.map(lambda s: "Good" if s in (4,
        5) else "Offered"),
        "Ticket channel": some(dice, ("Email", "Web", "API"), ROWS), "Ticket group": t.team, "Assignee name": t.agent,
        "Ticket type": some(dice, ("Question", "Task"), ROWS), "Reopens": t.reopens, "Ticket tags": "a b",
    })  # fmt: skip
    return Company(
        {"tickets.csv": csv(table, form="%Y-%m-%dT%H:%M:%S")},
        {"contacts": {
            "contact_id": "Ticket ID", "customer_id": "Requester ID", "opened_at": "Ticket created - Timestamp",
            "resolved_at": "Ticket solved - Timestamp", "reopened": "Reopens", "channel": "Ticket channel",
            "kind": "Ticket type",
            "agent": "Assignee name", "team": "Ticket group",
            "first_reply_at": {"after": "opened_at", "column": "First reply time (min)", "unit": "minutes"},
        }, "responses": {
            "answered_at": "Ticket solved - Timestamp", "contact_id": "Ticket ID", "customer_id": "Requester ID",
            "channel": "Ticket channel", "agent": "Assignee name", "team": "Ticket group",
            "? csat": "Ticket satisfaction rating",
        }},
        facts_of(t, reopened=int((t.reopens > 0).sum())), tool="Zendesk",
    )  # fmt: skip


@company("freshdesk")
def freshdesk(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    words = {5: "Extremely Happy", 4: "Happy", 3: "Neutral", 2: "Unhappy", 1: "Extremely Unhappy"}
    kind = some(dice, ("Question", "Complaint", "Refund", "Feature Request"), ROWS)
    agent = t.agent.where(dice.random(ROWS) < 0.9, "No Agent")
    table = pd.DataFrame({
        "Ticket ID": t.id, "Subject": "Giao hàng", "Status": t.solved.notna().map({True: "Closed", False: "Open"}),
        "Priority": "Low",
        "Source": some(dice, ("Email", "Portal", "Phone"), ROWS), "Type": kind, "Agent": agent, "Group": t.team,
        "Created time": t.opened, "Due by Time": t.opened + pd.Timedelta("3D"), "Resolved time": t.solved,
        "Closed time": t.solved,
        "Last update time": t.opened, "Initial response time": t.replied, "Time tracked": "00:00:00",
        "First response time (in hrs)": "00:01:00", "Resolution time (in hrs)": "00:02:00", "Agent interactions": 2,
        "Customer interactions": 1, "Resolution status": "Within SLA", "First response status": "Within SLA",
        "Tags": "",
        "Survey results": t.score.map(words).where(t.solved.notna()), "Product": "", "Full name": people(ROWS),
        "Email": t.customer.map("k{}@example.com".format), "Contact ID": t.customer,
    })  # fmt: skip
    return Company(
        {"tickets-September.csv": csv(table)},
        {"contacts": {
            "contact_id": "Ticket ID", "customer_id": "Contact ID", "opened_at": "Created time", "resolved": "Status",
            "first_reply_at": "Initial response time", "resolved_at": "Resolved time", "channel": "Source",
            "kind": "Type",
            "agent": "Agent", "team": "Group",
        }, "responses": {
            "answered_at": "Resolved time", "contact_id": "Ticket ID", "customer_id": "Contact ID", "channel": "Source",
            "agent": "Agent", "team": "Group", "? csat": "Survey results",
        }},
        facts_of(t, complaints=int((kind == "Complaint").sum()), agents=agent[agent != "No Agent"].nunique(),
               **_csat(t.score.where(t.solved.notna()))), tool="Freshdesk",
    )  # fmt: skip


@company("intercom")
def intercom(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    rated = t.score.where(t.solved.notna())
    table = pd.DataFrame({
        "Conversation ID": 215_000_000_000 + t.id, "Conversation started at (Asia/Ho_Chi_Minh)": t.opened,
        "First closed at (Asia/Ho_Chi_Minh)": t.solved, "User ID": t.customer.map("u{}".format),
        "Channel": some(dice, ("Messenger", "Email", "WhatsApp"), ROWS), "Conversation rating": rated.astype("Int64"),
        "Conversation rating remark": rated.notna().map({True: "giao hàng hơi chậm", False: ""}),
        "Teammate currently assigned": t.agent.where(dice.random(ROWS) < 0.9, "Unassigned"),
        "Team currently assigned": t.team,
        "Teammate first response time (minutes)": minutes(t.replied - t.opened).astype(int),
        "Time to close (seconds)": (t.solved - t.opened).dt.total_seconds().astype("Int64"),
        "Conversation tags": "giao hàng",
    })  # fmt: skip
    return Company(
        {"conversations.csv": csv(table)},
        {"contacts": {
            "contact_id": "Conversation ID", "customer_id": "User ID",
            "opened_at": "Conversation started at (Asia/Ho_Chi_Minh)",
            "resolved_at": "First closed at (Asia/Ho_Chi_Minh)", "channel": "Channel",
            "agent": "Teammate currently assigned",
            "team": "Team currently assigned",
            "first_reply_at": {"after": "opened_at", "column": "Teammate first response time (minutes)",
            "unit": "minutes"},
        }, "responses": {
            "answered_at": "First closed at (Asia/Ho_Chi_Minh)", "contact_id": "Conversation ID",
            "customer_id": "User ID",
            "channel": "Channel", "agent": "Teammate currently assigned", "team": "Team currently assigned",
            "comment": "Conversation rating remark", "? csat": "Conversation rating",
        }},
        facts_of(t, **_csat(rated)), tool="Intercom",
    )  # fmt: skip


@company("chatwoot")
def chatwoot(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    score = t.score.fillna(4).astype(int)
    table = pd.DataFrame({
        "Contact Name": people(ROWS), "Contact Email Address": t.customer.map("k{}@example.com".format),
        "Contact Phone Number": "",
        "Link to the conversation": t.id.map("https://example.com/app/conversations/{}".format), "Agent Name": t.agent,
        "Rating": score,
        "Feedback Comment": some(dice, ("nhân viên rất nhiệt tình", "phải chờ hơi lâu", ""), ROWS),
        "Recorded date": t.opened,
    })  # fmt: skip
    report = pd.DataFrame({
        "Agent name": AGENTS, "Assigned conversations": [12, 19, 15, 15], "Avg first response time": "12 minutes",
        "Avg resolution time": "2 hours 5 minutes", "Resolution Count": [9, 15, 12, 14],
    })  # fmt: skip
    return Company(
        {"csat.csv": csv(table, form="%Y-%m-%d %H:%M:%S UTC"), "agents.csv": csv(report)},
        {"responses": {
            "customer_id": "Contact Email Address", "answered_at": "Recorded date", "comment": "Feedback Comment",
            "agent": "Agent Name", "? csat": "Rating",
        }},
        _csat(score), tool="Chatwoot",
    )  # fmt: skip


@company("jira_service_management")
def jira(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    form = "%d/%b/%y %I:%M %p"
    kind = some(dice, ("[System] Service request", "Khiếu nại", "[System] Incident"), ROWS)
    rated = t.score.where(t.solved.notna())
    columns: dict[str, Any] = {
        "Summary": "Hỏi về hóa đơn", "Issue key": t.id.map("CS-{}".format), "Issue id": 20_000 + t.id,
        "Issue Type": kind,
        "Status": "Resolved", "Priority": "Medium", "Resolution": "Done", "Assignee": t.agent,
        "Reporter": t.customer.map("qm:ab:{}".format),
        "Creator": "x", "Created": t.opened.dt.strftime(form), "Updated": t.opened.dt.strftime(form),
        "Resolved": t.solved.dt.strftime(form),
        "Labels": "vip", "Labels.1": "", "Custom field (Request Type)": some(dice, ("Hỗ trợ chung", "Báo lỗi"), ROWS),
        "Custom field ([CHART] Date of First Response)": t.replied.dt.strftime(form),
        "Custom field (Time to first response)": "1h 23m",
        "Custom field (Time to resolution)": "-3h 12m", "Satisfaction rating": rated.astype("Int64"),
        "Custom field (Satisfaction date)": t.solved.where(rated.notna()).dt.strftime(form), "Comment": "a;b",
        "Comment.1": "",
    }  # fmt: skip
    table = pd.DataFrame(columns)
    table.columns = [name.removesuffix(".1") for name in table.columns]
    return Company(
        {"Jira.csv": csv(table)},
        {"contacts": {
            "contact_id": "Issue key", "customer_id": "Reporter", "opened_at": "Created", "resolved_at": "Resolved",
            "kind": "Issue Type",
            "topic": "Custom field (Request Type)", "agent": "Assignee",
            "first_reply_at": "Custom field ([CHART] Date of First Response)",
        }, "responses": {
            "answered_at": "Custom field (Satisfaction date)", "contact_id": "Issue key", "customer_id": "Reporter",
            "agent": "Assignee",
            "? csat": "Satisfaction rating",
        }},
        facts_of(t, complaints=int((kind == "Khiếu nại").sum()), **_csat(rated)), tool="Jira Service Management",
    )  # fmt: skip
