"""Invented sellers on market places: orders by item, as Shopee, Lazada and TikTok Shop export them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from invent_shops import facts_of, items_of, orders
from inventing import Company, company, csv


@company("shopee_vi")
def shopee(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice))
    table = pd.DataFrame({
        "Mã đơn hàng": items.id.map("2608{}AB".format), "Mã Kiện Hàng": "OFG1", "Ngày đặt hàng": items["at"],
        "Trạng Thái Đơn Hàng": items.back.map({True: "Đã hủy", False: "Hoàn thành"}), "Lý do hủy": "",
        "Mã vận đơn": "SPX1",
        "Đơn Vị Vận Chuyển": "SPX Express", "SKU phân loại hàng": "A-1", "Giá gốc": items.price,
        "Giá ưu đãi": items.price,
        "Số lượng": items.quantity, "Tổng giá bán (sản phẩm)": items["sum"], "Tổng giá trị đơn hàng (VND)": items.total,
        "Mã giảm giá của Shop": 0, "Phí Dịch Vụ": 1_000, "Người Mua": items.customer.map("nguoi.mua{}".format),
        "Tên Người nhận": items.customer.map("Khách {}".format), "Tỉnh/Thành phố": "Hà Nội",
    })  # fmt: skip
    return Company(
        {"Order.all.20260301_20260831.xlsx": {"orders": table.assign(**{"Ngày đặt hàng": items["at"].dt.strftime(
        "%Y-%m-%d %H:%M")})}},
        {"transactions": {
            "transaction_id": "Mã đơn hàng", "customer_id": "Người Mua", "occurred_at": "Ngày đặt hàng",
            "amount": "Tổng giá bán (sản phẩm)", "returned": "Trạng Thái Đơn Hàng",
        }},
        facts_of(items), tool="Shopee",
    )  # fmt: skip


@company("shopee_en")
def shopee_en(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice))
    table = pd.DataFrame({
        "Order ID": items.id.map("2608{}XY".format), "Order Status": items.back.map({True: "Cancelled",
        False: "Completed"}),
        "Return / Refund Status": "", "Order Creation Date": items["at"], "SKU Reference No.": "A-1",
        "Deal Price": items.price,
        "Quantity": items.quantity, "Product Subtotal": items["sum"], "Grand Total": items.total,
        "Username (Buyer)": items.customer.map("buyer{}".format),
        "Receiver Name": items.customer.map("Khách {}".format),
    })  # fmt: skip
    return Company(
        {"Order.all.20260301_20260831.csv": csv(table, form="%Y-%m-%d %H:%M")},
        {"transactions": {
            "transaction_id": "Order ID", "customer_id": "Username (Buyer)", "occurred_at": "Order Creation Date",
            "amount": "Product Subtotal", "returned": "Order Status",
        }},
        facts_of(items), tool="Shopee",
    )  # fmt: skip


@company("lazada")
def lazada(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice))
    items = items.loc[items.index.repeat(items.quantity)].reset_index(drop=True).assign(sum=lambda one: one.price)
    table = pd.DataFrame({
        "orderItemId": 100_000 + np.arange(len(items)), "orderType": "Normal", "lazadaId": 5, "sellerSku": "A",
        "orderNumber": items.id,
        "invoiceNumber": "", "createTime": items["at"], "updateTime": items["at"],
        "customerName": items.customer.map("K***{}".format),
        "customerEmail": "", "shippingCity": "Hà Nội", "shippingCountry": "Vietnam", "payMethod": "COD",
        "paidPrice": items.price,
        "unitPrice": items.price, "sellerDiscountTotal": 0, "shippingFee": 15_000, "walletCredit": 0, "itemName": "Áo",
        "status": items.back.map({True: "returned", False: "delivered"}), "buyerFailedDeliveryReason": "",
        "refundAmount": "",
    })  # fmt: skip
    return Company(
        {"order.csv": csv(table, ";", "%d %b %Y %H:%M")},
        {"transactions": {
            "transaction_id": "orderNumber", "customer_id": "customerName", "occurred_at": "createTime",
            "amount": "paidPrice",
            "returned": "status", "country": "shippingCountry",
        }},
        facts_of(items), tool="Lazada",
    )  # fmt: skip


@company("tiktok_shop")
def tiktok(dice: np.random.Generator) -> Company:
    items = items_of(dice, orders(dice))
    table = pd.DataFrame({
        "Order ID": 576_000_000_000_000 + items.id, "Order Status": items.back.map({True: "Canceled",
        False: "Completed"}),
        "Order Substatus": items.back.map({True: "Canceled", False: "Completed"}),
        "Cancelation/Return Type": items.back.map({True: "Cancel", False: ""}), "SKU ID": 17, "Seller SKU": "A",
        "Product Name": "Áo",
        "Quantity": items.quantity, "SKU Unit Original Price": items.price, "SKU Seller Discount": 0,
        "SKU Subtotal After Discount": items["sum"],
        "Order Amount": items.total + 15_000, "Order Refund Amount": 0,
        "Created Time": items["at"].dt.strftime("%d/%m/%Y %H:%M:%S"),
        "Paid Time": items["at"].dt.strftime("%d/%m/%Y %H:%M:%S"), "Buyer Username": items.customer.map("mua{}".format),
        "Recipient": items.customer.map("Khách {}".format), "Province": "Hà Nội",
    }).astype(str)  # fmt: skip
    said = {name: "Platform " + name.lower() + "." for name in table} | {"Order ID": "Platform unique order ID."}
    return Company(
        {"All order-2026-09-01.csv": csv(pd.concat([pd.DataFrame([said]), table]))},
        {"transactions": {
            "transaction_id": "Order ID", "customer_id": "Buyer Username", "occurred_at": "Created Time",
            "amount": "SKU Subtotal After Discount", "returned": "Order Status",
        }},
        facts_of(items), tool="TikTok Shop",
    )  # fmt: skip


@company("shopee_and_lazada")
def shopee_and_lazada(dice: np.random.Generator) -> Company:
    """A seller on two market places, whose orders are others; those that were cancelled are no sales."""
    one, other = shopee(dice), lazada(dice)
    sold = one.files["Order.all.20260301_20260831.xlsx"]["orders"]
    sold = sold[sold["Trạng Thái Đơn Hàng"] != "Đã hủy"]
    kept = {"transactions": sold["Mã đơn hàng"].nunique(), "revenue": float(sold["Tổng giá bán (sản phẩm)"].sum()),
            "buyers": sold["Người Mua"].nunique()}  # fmt: skip
    sums = {name: kept[name] + other.facts[name] for name in kept}
    return Company(
        {**one.files, **other.files},
        {"transactions": other.columns["transactions"], "transactions 2": one.columns["transactions"]},
        sums, answers=("*",), tool="Shopee",
    )  # fmt: skip
