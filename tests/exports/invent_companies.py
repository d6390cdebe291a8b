"""Invented companies whose files come from no known tool: workbooks, logs and tables of a database."""

from __future__ import annotations

import numpy as np
import pandas as pd
from inventing import AGENTS, Company, clock, company, csv, moments, people, some


@company("vi_shop_workbook")
def vi_shop(dice: np.random.Generator) -> Company:
    rows = 60
    customer = dice.integers(1, 16, rows)
    total = dice.integers(50, 900, rows) * 1_000
    sales = pd.DataFrame({
        "Số hóa đơn": [f"BH{n:05d}" for n in range(rows)], "Ngày bán": moments(dice, rows).dt.normalize(),
        "Mã KH": [f"K{n:03d}" for n in customer],
        "Tên khách": [f"Khách {n}" for n in customer], "Nhân viên": some(dice, AGENTS, rows), "Tổng tiền": total,
        "Ghi chú": "",
    })  # fmt: skip
    known = pd.DataFrame({
        "Mã KH": [f"K{n:03d}" for n in range(1, 21)], "Họ tên": people(20), "Ngày đăng ký": moments(dice, 20,
        "2025-01-01").dt.normalize(),
        "Giới tính": some(dice, ("Nam", "Nữ"), 20), "Tỉnh": some(dice, ("Hà Nội", "Huế"), 20),
    })  # fmt: skip
    return Company(
        {"so_lieu_2026.xlsx": {"Bán hàng": sales, "Khách hàng": known}},
        {"transactions": {"transaction_id": "Số hóa đơn", "occurred_at": "Ngày bán", "customer_id": "Mã KH",
        "agent": "Nhân viên", "amount": "Tổng tiền"},
         "customers": {"customer_id": "Mã KH", "joined_on": "Ngày đăng ký", "gender": "Giới tính", "region": "Tỉnh"}},
        {"transactions": rows, "revenue": int(total.sum()), "mean_order": float(total.mean()),
        "buyers": len(set(customer)), "customers": 20},
    )  # fmt: skip


@company("call_centre_log")
def call_centre(dice: np.random.Generator) -> Company:
    rows = 80
    at = moments(dice, rows)
    answered = pd.Series(dice.random(rows) < 0.8)
    resolved = answered & pd.Series(dice.random(rows) < 0.9)
    speed = pd.Series(dice.permutation(rows) + 5).where(answered)
    rating = pd.Series(dice.integers(1, 6, rows)).where(answered)
    talked = pd.to_timedelta(pd.Series(dice.integers(30, 400, rows)), "s")
    yes = {True: "Y", False: "N"}
    table = pd.DataFrame({
        "Call Id": [f"ID{n:04d}" for n in range(rows)], "Agent": some(dice, ("Diane", "Becky", "Jim"), rows),
        "Date": at.dt.strftime("%Y-%m-%d"),
        "Time": at.dt.strftime("%H:%M:%S"), "Topic": some(dice, ("Contract related", "Technical Support",
        "Payment related"), rows),
        "Answered (Y/N)": answered.map(yes), "Resolved": resolved.map(yes),
        "Speed of answer in seconds": speed.astype("Int64"),
        "AvgTalkDuration": clock(talked).where(answered), "Satisfaction rating": rating.astype("Int64"),
    })  # fmt: skip
    return Company(
        {"Call-Center-Dataset.csv": csv(table)},
        {"contacts": {
            "contact_id": "Call Id", "agent": "Agent", "opened_at": ["Date", "Time"], "topic": "Topic",
            "answered": "Answered (Y/N)",
            "resolved": "Resolved", "handling_seconds": "AvgTalkDuration",
            "first_reply_at": {"after": "opened_at", "column": "Speed of answer in seconds", "unit": "seconds"},
        }, "responses": {
            "contact_id": "Call Id", "agent": "Agent", "answered_at": ["Date", "Time"], "? csat": "Satisfaction rating",
        }},
        {"contacts": rows, "answered": int(answered.sum()), "solved": int(resolved.sum()),
        "hour_of_first": int(at.iloc[0].hour), "responses": int(rating.notna().sum()),
        "csat": float((rating.dropna() >= 4).mean())},
    )  # fmt: skip


@company("online_retail_items")
def online_retail(dice: np.random.Generator) -> Company:
    sold = pd.DataFrame(
        {"Invoice": 536_365 + np.arange(40), "at": moments(dice, 40), "Customer ID": dice.integers(12_346, 12_360, 40)}
    )
    items = sold.loc[sold.index.repeat(dice.integers(1, 4, 40))].reset_index(drop=True)
    items["Quantity"] = dice.integers(1, 13, len(items))
    items["Price"] = dice.integers(50, 900, len(items)) / 100
    returned = items.drop_duplicates("Invoice").head(6)
    back = returned.assign(
        Invoice="C" + returned.Invoice.astype(str), Quantity=-returned.Quantity, at=returned["at"] + pd.Timedelta("5D")
    )
    every = pd.concat([items.astype({"Invoice": str}), back]).sort_values("at", kind="stable")
    table = pd.DataFrame({
        "Invoice": every.Invoice, "StockCode": "85123A", "Description": "HOLDER", "Quantity": every.Quantity,
        "InvoiceDate": every["at"],
        "Price": every.Price, "Customer ID": every["Customer ID"].map("{}.0".format), "Country": "United Kingdom",
    })  # fmt: skip
    sums = (items.Quantity * items.Price).groupby(items.Invoice).sum()
    net = float(sums.sum() + (back.Quantity * back.Price).sum())
    return Company(
        {"online_retail.csv": csv(table)},
        {"transactions": {
            "transaction_id": "Invoice", "customer_id": "Customer ID", "occurred_at": "InvoiceDate",
            "amount": "Quantity * Price", "country": "Country",
        }},
        {"transactions": 46, "revenue": net, "mean_order": float(sums.mean()), "buyers": sold["Customer ID"].nunique()},
        currency="GBP",
    )  # fmt: skip


@company("telco_five_files")
def telco(dice: np.random.Generator) -> Company:
    rows = 50
    ids = pd.Series([f"{1000 + n}-ABCDE" for n in range(rows)])
    gone = pd.Series(dice.random(rows) < 0.3)
    files = {
        "demographics.csv": pd.DataFrame({"Customer ID": ids, "Gender": some(dice, ("Male", "Female"), rows),
        "Age": dice.integers(19, 80, rows)}),
        "location.csv": pd.DataFrame({"Customer ID": ids, "Country": "United States", "State": "California",
        "City": some(dice, ("Los Angeles", "San Diego"), rows)}),
        "population.csv": pd.DataFrame({"ID": range(5), "Zip Code": [90001, 90002, 90003, 90004, 90005],
        "Population": [54_492, 44_586, 58_198, 67_852, 43_019]}),
        "services.csv": pd.DataFrame({"Customer ID": ids, "Quarter": "Q3", "Tenure in Months": dice.integers(1, 72,
        rows),
                                      "Contract": some(dice, ("Month-to-Month", "One Year", "Two Year"), rows),
                                      "Total Revenue": dice.integers(50, 9_000, rows) * 1.5}),
        "status.csv": pd.DataFrame({"Customer ID": ids, "Quarter": "Q3", "Satisfaction Score": dice.integers(1, 6,
        rows), "Churn Label": gone.map({True: "Yes", False: "No"}),
                                    "Churn Reason": gone.map({True: "Price too high", False: ""})}),
    }  # fmt: skip
    return Company(
        {name: csv(frame) for name, frame in files.items()},
        {"customers": {"customer_id": "Customer ID", "gender": "Gender", "age": "Age", "country": "Country",
        "region": "State", "leave_reason": "Churn Reason"}},
        {"customers": rows}, currency="USD",
    )  # fmt: skip


@company("marketplace_files")
def marketplace(dice: np.random.Generator) -> Company:
    rows = 45
    at = moments(dice, rows)
    person = dice.integers(0, 30, rows)
    orders = pd.DataFrame({
        "order_id": [f"o{n:08d}" for n in range(rows)], "customer_id": [f"c{n:08d}" for n in range(rows)],
        "order_status": "delivered",
        "order_purchase_timestamp": at, "order_delivered_customer_date": at + pd.Timedelta("6D"),
    })  # fmt: skip
    customers = pd.DataFrame({
        "customer_id": orders.customer_id, "customer_unique_id": [f"u{n:08d}" for n in person],
        "customer_city": [("hanoi", "hue", "danang")[n % 3] for n in person], "customer_state": "VN",
    })  # fmt: skip
    paid = dice.integers(50, 900, rows) / 4
    payments = pd.DataFrame(
        {"order_id": orders.order_id, "payment_sequential": 1, "payment_type": "credit_card", "payment_value": paid}
    )
    reviews = pd.DataFrame({
        "review_id": [f"r{n:08d}" for n in range(rows)], "order_id": orders.order_id, "review_score": dice.integers(1,
        6, rows),
        "review_comment_message": "", "review_creation_date": at + pd.Timedelta("7D"),
    })  # fmt: skip
    return Company(
        {"orders.csv": csv(orders), "customers.csv": csv(customers), "order_payments.csv": csv(payments),
        "order_reviews.csv": csv(reviews)},
        {"transactions": {"transaction_id": "order_id", "customer_id": "customer_unique_id",
        "occurred_at": "order_purchase_timestamp", "amount": "payment_value", "returned": "order_status"},
         "customers": {"customer_id": "customer_unique_id", "region": "customer_city"},
         "responses": {"customer_id": "customer_unique_id","response_id": "review_id",
         "answered_at": "review_creation_date",
         "comment": "review_comment_message", "? csat": "review_score"}},
        {"transactions": rows, "revenue": float(paid.sum()), "buyers": len(set(person)),
        "csat": float((reviews.review_score >= 4).mean())},
        currency="USD",
        answers=("customer_id", "answered_at", "comment", "csat"),
    )  # fmt: skip


@company("bank_accounts_and_calls")
def bank(dice: np.random.Generator) -> Company:
    rows = 40
    clients = pd.DataFrame({
        "client_id": [f"C{n:08d}" for n in range(1, rows + 1)], "sex": some(dice, ("Male", "Female"), rows),
        "year": dice.integers(1950, 2000, rows), "city": "Hà Nội",
    })  # fmt: skip
    holder = dice.permutation(rows) + 1
    accounts = pd.DataFrame(
        {
            "account_id": [f"A{n:08d}" for n in range(1, rows + 1)],
            "opened": moments(dice, rows, "2025-01-01").dt.normalize(),
        }
    )
    dispositions = pd.DataFrame({
        "disp_id": [f"D{n:08d}" for n in range(1, rows + 1)], "client_id": [f"C{n:08d}" for n in holder],
        "account_id": accounts.account_id, "type": "Owner",
    })  # fmt: skip
    calls = pd.DataFrame({
        "call_id": [f"L{n:05d}" for n in range(30)], "client_id": [f"C{n:08d}" for n in dice.integers(1, rows + 1,
        30)], "call_start": moments(dice, 30),
        "topic": some(dice, ("Card", "Loan"), 30), "agent": some(dice, AGENTS, 30),
    })  # fmt: skip
    complaints = pd.DataFrame({
        "complaint_id": [f"P{n:05d}" for n in range(12)], "client_id": [f"C{n:08d}" for n in dice.integers(1, rows + 1,
        12)],
        "date_received": moments(dice, 12).dt.normalize(), "product": some(dice, ("Card", "Loan"), 12),
        "date_closed": moments(dice, 12, "2026-09-01", 5).dt.normalize(),
    })  # fmt: skip
    files = {
        "clients": clients,
        "accounts": accounts,
        "dispositions": dispositions,
        "calls": calls,
        "complaints": complaints,
    }
    return Company(
        {f"{name}.csv": csv(frame, form="%Y-%m-%d %H:%M:%S" if name == "calls" else "%Y-%m-%d") for name,
        frame in files.items()},
        {"customers": {"customer_id": "client_id", "gender": "sex", "birth_year": "year", "region": "city"},
         "contacts": {"contact_id": "call_id", "customer_id": "client_id", "opened_at": "call_start", "topic": "topic",
         "agent": "agent"},
         "contacts 2": {"contact_id": "complaint_id", "customer_id": "client_id", "opened_at": "date_received",
         "resolved_at": "date_closed", "kind": {"value": "complaint"}}},
        {"customers": rows, "contacts": 42, "complaints": 12},
    )  # fmt: skip


@company("yearly_donors")
def donors(dice: np.random.Generator) -> Company:
    given = pd.DataFrame({"ID": [f"M{n:04d}" for n in range(40)]})
    for year in (2013, 2014, 2015, 2016):
        given[f"REVENUE_{year}"] = np.where(dice.random(40) < 0.7, dice.integers(5, 90, 40) * 10, 0)
    amounts = given.filter(like="REVENUE").to_numpy()
    return Company(
        {"donors.csv": csv(given)},
        {"transactions": {"customer_id": "ID", "amount": "REVENUE_{year}", "occurred_at": {"value": "{year}-12-31"}},
         "customers": {"customer_id": "ID"}},
        {"revenue": int(amounts.sum()), "buyers": int((amounts.sum(axis=1) > 0).sum())}, currency="USD",
        answers=("*",),
    )  # fmt: skip
