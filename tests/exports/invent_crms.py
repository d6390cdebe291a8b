"""Invented tickets of companies whose tool does more than tickets: HubSpot, Salesforce, Odoo."""

from __future__ import annotations

import numpy as np
import pandas as pd
from invent_desks import ROWS, facts_of, tickets_of
from inventing import Company, clock, company, csv, minutes, people, some


@company("hubspot_tickets")
def hubspot_tickets(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    table = pd.DataFrame({
        "Ticket ID": 98_000_000 + t.id, "Ticket name": "Hỏi đáp", "Pipeline": "Support Pipeline",
        "Ticket status": "Waiting on us",
        "Create date": t.opened, "Close date": t.solved, "Priority": "Medium", "Source": some(dice, ("Chat", "Email",
        "Form"), ROWS),
        "Ticket owner": t.agent, "Category": some(dice, ("Billing issue", "Product issue", "General inquiry"), ROWS),
        "Time to first agent reply (HH:mm:ss)": clock(t.replied - t.opened), "Time to close (HH:mm:ss)": "10:00:00",
        "Associated Contact": people(ROWS), "Associated Contact IDs": 4_500 + t.customer,
    })  # fmt: skip
    return Company(
        {"hubspot-crm-exports-all-tickets-2026-09-30.csv": csv(table, form="%Y-%m-%d %H:%M")},
        {"contacts": {
            "contact_id": "Ticket ID", "customer_id": "Associated Contact IDs", "opened_at": "Create date",
            "resolved_at": "Close date",
            "channel": "Source", "topic": "Category", "agent": "Ticket owner", "team": "Pipeline",
            "first_reply_at": {"after": "opened_at", "column": "Time to first agent reply (HH:mm:ss)"},
        }},
        facts_of(t), tool="HubSpot",
    )  # fmt: skip


@company("salesforce_cases")
def salesforce_cases(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    kind = some(dice, ("Question", "Complaint", "Feature Request"), ROWS)
    table = pd.DataFrame({
        "Case Number": t.id.map("{:08d}".format), "Account Name": people(ROWS),
        "Contact ID": t.customer.map("003{:012d}".format),
        "Subject": "Hóa đơn", "Status": t.solved.notna().map({True: "Closed", False: "Working"}), "Priority": "Medium",
        "Case Origin": some(dice, ("Phone", "Email", "Web"), ROWS), "Case Owner": t.agent, "Case Reason": some(dice,
        ("Billing", "Delivery"), ROWS),
        "Type": kind, "Date/Time Opened": t.opened, "Date/Time Closed": t.solved, "Age (Hours)": 3.0,
    })  # fmt: skip
    return Company(
        {"report1696.csv": csv(table, form="%m/%d/%Y %I:%M %p")},
        {"contacts": {
            "contact_id": "Case Number", "customer_id": "Contact ID", "opened_at": "Date/Time Opened",
            "resolved_at": "Date/Time Closed",
            "resolved": "Status", "channel": "Case Origin", "topic": "Case Reason", "kind": "Type",
            "agent": "Case Owner",
        }},
        {"contacts": ROWS, "resolved": int(t.solved.notna().sum()), "complaints": int((kind == "Complaint").sum())},
        tool="Salesforce",
    )  # fmt: skip


@company("odoo_helpdesk")
def odoo_helpdesk(dice: np.random.Generator) -> Company:
    t = tickets_of(dice)
    table = pd.DataFrame({
        "Ticket IDs Sequence": t.id.map("{:05d}".format), "Subject": "Hỏi", "Helpdesk Team": t.team,
        "Assigned to": t.agent,
        "Customer": people(ROWS), "Customer/ID": t.customer.map("__export__.res_partner_{}".format), "Stage": "Solved",
        "Priority": "Low",
        "Created on": t.opened, "Closing Date": t.solved, "Hours to First Response": minutes(t.replied - t.opened) / 60,
    })  # fmt: skip
    return Company(
        {"Helpdesk Ticket (helpdesk.ticket).xlsx": {"Sheet1": table}},
        {"contacts": {
            "contact_id": "Ticket IDs Sequence", "customer_id": "Customer/ID", "opened_at": "Created on",
            "resolved_at": "Closing Date",
            "agent": "Assigned to", "team": "Helpdesk Team",
            "first_reply_at": {"after": "opened_at", "column": "Hours to First Response", "unit": "hours"},
        }},
        facts_of(t), tool="Odoo",
    )  # fmt: skip
