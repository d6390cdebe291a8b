"""Invented shops: orders, invoices, payments and customers as their tools export them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from inventing import AGENTS, Company, company, csv, moments, people, some

ORDERS = 30


def orders(dice: np.random.Generator, rows: int = ORDERS) -> pd.DataFrame:
    """Orders of a dozen customers."""
    return pd.DataFrame({
        "id": 50_001 + np.arange(rows), "customer": dice.integers(1, 13, rows), "at": moments(dice, rows),
        "agent": some(dice, AGENTS, rows), "back": dice.random(rows) < 0.2,
    })  # fmt: skip


def items_of(dice: np.random.Generator, orders: pd.DataFrame, unit: float = 1_000) -> pd.DataFrame:
    """One to three items an order, each with its price."""
    items = orders.loc[orders.index.repeat(dice.integers(1, 4, len(orders)))].reset_index(drop=True)
    items["quantity"] = dice.integers(1, 4, len(items))
    items["price"] = dice.integers(20, 200, len(items)) * unit
    items["sum"] = items.quantity * items.price
    items["total"] = items.groupby("id")["sum"].transform("sum")
    items["first"] = ~items.id.duplicated()
    return items


def _facts(sums: pd.Series, back: pd.Series, customers: pd.Series) -> dict[str, float]:
    return {"transactions": len(sums), "revenue": float(sums.sum()), "mean_order": float(sums.mean()),
            "return_rate": float(back.mean()), "buyers": customers.nunique()}  # fmt: skip


def facts_of(items: pd.DataFrame) -> dict[str, float]:
    by = items.groupby("id")
    return _facts(by["sum"].sum(), by["back"].first(), by["customer"].first())


@company("shopify")
def shopify(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice), unit=0.25)
    first = items["first"]
    status = items.back.map({True: "refunded", False: "paid"})
    table = pd.DataFrame({
        "Name": items.id.map("#{}".format), "Email": items.customer.map("k{}@example.com".format),
        "Financial Status": status.where(first),
        "Paid at": items["at"].where(first), "Fulfillment Status": "fulfilled", "Accepts Marketing": "yes",
        "Currency": "USD",
        "Subtotal": items.total.where(first), "Shipping": pd.Series(0.0, items.index).where(first), "Taxes": 0.0,
        "Total": items.total.where(first),
        "Discount Code": "", "Discount Amount": pd.Series(0.0, items.index).where(first),
        "Shipping Method": "Standard", "Created at": items["at"],
        "Lineitem quantity": items.quantity, "Lineitem name": "Áo", "Lineitem price": items.price, "Lineitem sku": "A1",
        "Billing Name": items.customer.map("Khách {}".format), "Shipping Country": "VN",
        "Refunded Amount": items.total.where(items.back & first, 0.0).where(first),
        "Vendor": "Mẫu", "Id": items.id + 6_000_000_000, "Source": "web",
    })  # fmt: skip
    return Company(
        {"orders_export_1.csv": csv(table, form="%Y-%m-%d %H:%M:%S +0700")},
        {"transactions": {
            "transaction_id": "Name", "customer_id": "Email", "occurred_at": "Created at", "amount": "Total",
            "returned": "Financial Status", "currency": "Currency", "channel": "Source", "country": "Shipping Country",
        }},
        facts_of(items), tool="Shopify",
    )  # fmt: skip


@company("shopify_customers")
def shopify_customers(dice: np.random.Generator) -> Company:
    numbers = pd.Series(np.arange(40))
    table = pd.DataFrame({
        "Customer ID": 7_000_000_000 + numbers, "First Name": "Khách", "Last Name": numbers,
        "Email": numbers.map("k{}@example.com".format),
        "Accepts Email Marketing": some(dice, ("yes", "no"), 40), "Default Address City": "Hà Nội",
        "Default Address Province Code": some(dice, ("HN", "SG"), 40), "Default Address Country Code": "VN",
        "Phone": "",
        "Total Spent": numbers * 12.5, "Total Orders": numbers % 5, "Note": "", "Tax Exempt": "no", "Tags": "",
    })  # fmt: skip
    return Company(
        {"customers_export.csv": csv(table)},
        {"customers": {
            "customer_id": "Email", "region": "Default Address Province Code",
            "country": "Default Address Country Code",
            "consent": "Accepts Email Marketing",
        }},
        {"customers": 40}, tool="Shopify", currency="USD",
    )  # fmt: skip


@company("haravan")
def haravan(dice: np.random.Generator) -> Company:
    o = orders(dice).assign(total=lambda one: dice.integers(50, 900, len(one)) * 1_000)
    table = pd.DataFrame({
        "Mã đơn hàng": o.id.map("#{}".format), "Ngày tạo": o["at"], "Khách hàng": o.customer.map("Khách {}".format),
        "Email": o.customer.map("k{}@example.com".format), "Tình trạng": "Đã lưu trữ",
        "Thanh toán": o.back.map({True: "Đã hoàn tiền", False: "Đã thanh toán"}),
        "Giao hàng": "Đã giao hàng", "Kênh": some(dice, ("Web", "POS", "Facebook"), ORDERS), "Tổng tiền": o.total,
    })  # fmt: skip
    return Company(
        {"don_hang_haravan.csv": csv(table, form="%d/%m/%Y %H:%M")},
        {"transactions": {
            "transaction_id": "Mã đơn hàng", "customer_id": "Email", "occurred_at": "Ngày tạo", "amount": "Tổng tiền",
            "returned": "Thanh toán", "channel": "Kênh",
        }},
        _facts(o.total, o.back, o.customer), tool="Haravan",
    )  # fmt: skip


@company("sapo")
def sapo(dice: np.random.Generator) -> Company:
    o = orders(dice).assign(total=lambda one: dice.integers(50, 900, len(one)) * 1_000)
    table = pd.DataFrame({
        "Mã đơn hàng": o.id.map("SON{}".format), "Ngày tạo đơn": o["at"],
        "Mã khách hàng": o.customer.map("CUZN{:05d}".format),
        "Tên khách hàng": o.customer.map("Khách {}".format), "Chi nhánh": "Chi nhánh mặc định", "Nguồn đơn": some(dice,
        ("Web", "Zalo"), ORDERS),
        "Trạng thái đơn hàng": o.back.map({True: "Đã hủy", False: "Hoàn thành"}),
        "Trạng thái thanh toán": "Đã thanh toán",
        "Nhân viên bán hàng": o.agent, "Tổng tiền hàng": o.total + 5_000, "Chiết khấu": 5_000,
        "Khách phải trả": o.total,
    })  # fmt: skip
    return Company(
        {"danh_sach_don_hang.xlsx": {"Đơn hàng": table}},
        {"transactions": {
            "transaction_id": "Mã đơn hàng", "customer_id": "Mã khách hàng", "occurred_at": "Ngày tạo đơn",
            "amount": "Khách phải trả",
            "returned": "Trạng thái đơn hàng", "channel": "Nguồn đơn", "agent": "Nhân viên bán hàng",
        }},
        _facts(o.total, o.back, o.customer), tool="Sapo",
    )  # fmt: skip


@company("kiotviet")
def kiotviet(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice))
    due = items.total - 10_000
    table = pd.DataFrame({
        "Chi nhánh": "Hà Nội", "Mã hóa đơn": items.id.map("HD{:06d}".format), "Thời gian": items["at"],
        "Mã khách hàng": items.customer.map("KH{:06d}".format),
        "Tên khách hàng": items.customer.map("Khách {}".format), "Người bán": items.agent,
        "Kênh bán": "Bán trực tiếp", "Tổng tiền hàng": items.total, "Giảm giá hóa đơn": 10_000, "Khách cần trả": due,
        "Khách đã trả": due,
        "Trạng thái": items.back.map({True: "Đã hủy", False: "Hoàn thành"}), "Mã hàng": "SP1", "Tên hàng": "Áo",
        "Số lượng": items.quantity,
        "Đơn giá": items.price, "Thành tiền": items["sum"],
    })  # fmt: skip
    customers = pd.DataFrame({
        "Loại khách": "Cá nhân", "Mã khách hàng": pd.Series(range(1, 21)).map("KH{:06d}".format),
        "Tên khách hàng": people(20), "Điện thoại": "",
        "Nhóm khách hàng": some(dice, ("VIP", "Thường"), 20), "Giới tính": some(dice, ("Nam", "Nữ"), 20),
        "Ngày tạo": moments(dice, 20, "2025-01-01"),
        "Nợ cần thu hiện tại": 0, "Tổng bán": 1_000_000,
    })  # fmt: skip
    first = items[items["first"]]
    return Company(
        {"DanhSachChiTietHoaDon_KV01.xlsx": {"HoaDon": table}, "DanhSachKhachHang_KV01.xlsx": {"KhachHang": customers}},
        {"transactions": {
            "transaction_id": "Mã hóa đơn", "customer_id": "Mã khách hàng", "occurred_at": "Thời gian",
            "amount": "Khách cần trả",
            "returned": "Trạng thái", "channel": "Kênh bán", "agent": "Người bán",
        }, "customers": {
            "customer_id": "Mã khách hàng", "joined_on": "Ngày tạo", "gender": "Giới tính",
            "segment": "Nhóm khách hàng",
        }},
        {**_facts(first.total - 10_000, first.back, first.customer), "customers": 20}, tool="KiotViet",
    )  # fmt: skip


@company("getfly")
def getfly(dice: np.random.Generator) -> Company:
    table = pd.DataFrame({
        "Mã khách hàng": pd.Series(range(45)).map("KH{:05d}".format), "Tên khách hàng": people(45), "Điện thoại": "",
        "Email": "",
        "Mối quan hệ": some(dice, ("Khách hàng mới", "Khách hàng thân thiết"), 45), "Nguồn khách hàng": some(dice,
        ("Facebook", "Giới thiệu"), 45),
        "Nhóm khách hàng": some(dice, ("Bán lẻ", "Đại lý"), 45), "Người phụ trách": some(dice, AGENTS, 45),
        "Ngày tạo": moments(dice, 45),
        "Tỉnh/Thành phố": some(dice, ("Hà Nội", "Đà Nẵng"), 45),
    })  # fmt: skip
    return Company(
        {"khach_hang_getfly.csv": csv(table, form="%d/%m/%Y")},
        {"customers": {
            "customer_id": "Mã khách hàng", "joined_on": "Ngày tạo", "owner": "Người phụ trách",
            "segment": "Nhóm khách hàng",
            "region": "Tỉnh/Thành phố",
        }},
        {"customers": 45, "agents": 4}, tool="Getfly",
    )  # fmt: skip


@company("odoo_orders")
def odoo_orders(dice: np.random.Generator) -> Company:
    o = orders(dice).assign(total=lambda one: dice.integers(50, 900, len(one)) * 1.5)
    sold = dice.random(ORDERS) < 0.8
    table = pd.DataFrame({
        "Order Reference": o.id.map("S{}".format), "Order Date": o["at"], "Customer": o.customer.map("Khách {}".format),
        "Customer/ID": o.customer.map("__export__.res_partner_{}".format), "Salesperson": o.agent,
        "Sales Team": "Sales", "Company": "Mẫu",
        "Total": o.total, "Status": pd.Series(sold).map({True: "Sales Order", False: "Quotation"}),
        "Invoice Status": "Fully Invoiced",
    })  # fmt: skip
    kept = o[sold]
    facts = {
        "transactions": len(kept),
        "revenue": float(kept.total.sum()),
        "mean_order": float(kept.total.mean()),
        "buyers": kept.customer.nunique(),
    }
    return Company(
        {"Sales Order (sale.order).xlsx": {"Sheet1": table}},
        {"transactions": {
            "transaction_id": "Order Reference", "customer_id": "Customer/ID", "amount": "Total",
            "agent": "Salesperson", "team": "Sales Team",
            "occurred_at": {"column": "Order Date", "where": {"Status": ["Sales Order", "Locked", "Done"]}},
        }},
        facts, tool="Odoo", currency="USD",
    )  # fmt: skip


@company("stripe_payments")
def stripe(dice: np.random.Generator) -> Company:
    o = orders(dice, 50).assign(total=lambda one: dice.integers(500, 9_000, len(one)) / 100)
    status = pd.Series(np.where(o.back, "Refunded", np.where(dice.random(50) < 0.2, "Failed", "Paid")))
    table = pd.DataFrame({
        "id": o.id.map("ch_{}".format), "Created date (UTC)": o["at"], "Amount": o.total.map("{:.2f}".format),
        "Amount Refunded": o.total.where(status == "Refunded", 0).map("{:.2f}".format), "Currency": "usd",
        "Captured": "true",
        "Converted Amount": o.total.map("{:.2f}".format), "Converted Amount Refunded": "0.00",
        "Converted Currency": "usd", "Description": "",
        "Fee": "0.50", "Status": status, "Seller Message": "Payment complete.",
        "Customer ID": o.customer.map("cus_{}".format),
        "Customer Email": o.customer.map("k{}@example.com".format),
    })  # fmt: skip
    kept, back = o[status != "Failed"], (status == "Refunded")[status != "Failed"]
    states = ["Paid", "Refunded", "Partial Refund", "Partially Refunded", "Disputed", "succeeded"]
    return Company(
        {"unified_payments.csv": csv(table, form="%Y-%m-%d %H:%M:%S")},
        {"transactions": {
            "transaction_id": "id", "customer_id": "Customer ID", "amount": "Converted Amount",
            "currency": "Converted Currency", "returned": "Status",
            "occurred_at": {"column": "Created date (UTC)", "where": {"Status": states}},
        }},
        _facts(kept.total, back, kept.customer), tool="Stripe",
    )  # fmt: skip


@company("stripe_subscriptions")
def stripe_subscriptions(dice: np.random.Generator) -> Company:
    start = moments(dice, 40, "2026-01-01")
    gone = dice.random(40) < 0.3
    table = pd.DataFrame({
        "id": [f"sub_{n}" for n in range(40)], "Customer ID": [f"cus_{n:04d}" for n in range(40)],
        "Customer Email": [f"k{n}@example.com" for n in range(40)],
        "Plan": some(dice, ("basic", "pro"), 40), "Quantity": 1, "Currency": "usd", "Interval": "month",
        "Amount": "19.00",
        "Status": pd.Series(gone).map({True: "canceled", False: "active"}), "Created (UTC)": start,
        "Start (UTC)": start,
        "Current Period Start (UTC)": start, "Current Period End (UTC)": start + pd.Timedelta("30D"),
        "Canceled At (UTC)": (start + pd.Timedelta("20D")).where(gone),
        "Ended At (UTC)": (start + pd.Timedelta("30D")).where(gone),
        "Cancellation Reason": pd.Series(gone).map({True: "too_expensive", False: ""}),
    })  # fmt: skip
    return Company(
        {"subscriptions.csv": csv(table, form="%Y-%m-%d %H:%M")},
        {"customers": {
            "customer_id": "Customer ID", "joined_on": "Start (UTC)", "left_on": "Ended At (UTC)",
            "leave_reason": "Cancellation Reason",
            "segment": "Plan",
        }},
        {"customers": 40, "left": int(gone.sum())}, tool="Stripe", currency="USD",
    )  # fmt: skip


@company("hubspot_deals")
def hubspot_deals(dice: np.random.Generator) -> Company:
    o = orders(dice, 40).assign(total=lambda one: dice.integers(50, 900, len(one)) * 10.0)
    stage = some(dice, ("Closed Won", "Closed Lost", "Contract Sent"), 40, (0.6, 0.3, 0.1))
    table = pd.DataFrame({
        "Record ID": 9_000_000 + o.id, "Deal Name": "Hợp đồng", "Deal Stage": stage, "Close Date": o["at"],
        "Create Date": o["at"] - pd.Timedelta("20D"),
        "Deal owner": o.agent, "Amount": o.total, "Pipeline": "Sales Pipeline",
        "Associated Company IDs": 40_000 + o.customer,
        "Associated Company": o.customer.map("Công ty {}".format),
    })  # fmt: skip
    won = o[stage == "Closed Won"]
    return Company(
        {"hubspot-crm-exports-all-deals.csv": csv(table, form="%Y-%m-%d %H:%M")},
        {"transactions": {
            "transaction_id": "Record ID", "customer_id": "Associated Company IDs", "amount": "Amount",
            "agent": "Deal owner",
            "occurred_at": {"column": "Close Date", "where": {"Deal Stage": ["Closed Won", "Closed won", "closedwon",
            "Thắng"]}},
        }},
        {"transactions": len(won), "revenue": float(won.total.sum()), "mean_order": float(won.total.mean()),
        "buyers": won.customer.nunique()},
        tool="HubSpot", currency="USD",
    )  # fmt: skip
