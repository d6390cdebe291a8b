"""The simulated company: its people, its habits, and the truths planted in its data."""

from __future__ import annotations

from datetime import date

FIRST, LAST = date(2023, 7, 1), date(2026, 10, 31)
MONTHS = 40
GROWTH = 1.02  # new customers, month on month
TET = (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17))

# Planted: leaving. A customer who leaves in the very month of joining would be in no month's start, so nobody does.
LOSS_BEFORE, LOSS_SINCE = 0.015, 0.030
LOSS_CHANGE = (2026, 3)
UNOWNED_FACTOR = 2
UNKNOWN = None
REASONS = {
    "Giá cao": 280,
    "Chất lượng đường truyền": 220,
    "Chuyển nơi ở": 160,
    "Đối thủ khuyến mãi": 130,
    "Chăm sóc kém": 90,
    "Hết nhu cầu": 70,
    UNKNOWN: 50,
}

# Planted: exact shares of all customers, in thousandths.
SEGMENTS = {"Hộ gia đình": 450, "Cá nhân trẻ": 300, "Hộ kinh doanh": 170, "Doanh nghiệp nhỏ": 80}
ORDERS_A_MONTH = (0.8, 0.5, 1.4, 2.1)
SPENDING = (1.0, 0.7, 1.5, 3.2)
UNOWNED, ORPHANED = 40, 15

# People. The team of a contact follows the customer's region; team 0 is nobody's.
TEAMS = (UNKNOWN, "Đội Bắc", "Đội Trung", "Đội Nam", "Bán lẻ", "Bán trực tuyến")
CARE, SALES = "Chăm sóc khách hàng", "Bán hàng"
REGIONS = {"Bắc": 380, "Trung": 230, "Nam": 360, "Nước ngoài": 30}
REGION_TEAM = (1, 2, 3, 2)
PROVINCES: tuple[dict[str | None, int], ...] = (
    {"Hà Nội": 520, "Hải Phòng": 200, "Quảng Ninh": 130, "Nghệ An": 150},
    {"Đà Nẵng": 480, "Huế": 220, "Khánh Hòa": 180, "Đắk Lắk": 120},
    {"TP. Hồ Chí Minh": 560, "Đồng Nai": 180, "Cần Thơ": 160, "An Giang": 100},
    {UNKNOWN: 1000},
)
ROSTER = {1: range(1, 7), 2: range(7, 13), 3: range(13, 19), 4: range(19, 23), 5: range(23, 27)}
LEFT_STAFF = {6: date(2026, 5, 31), 16: date(2026, 8, 31)}
HIRED = {18: date(2026, 6, 1), 12: date(2025, 1, 1)}
ERAS = (date(2025, 1, 1), date(2026, 6, 1), date(2026, 9, 1))  # days on which a roster changes

GENDERS = {"Nữ": 490, "Nam": 480, "Khác": 10, UNKNOWN: 20}
EDUCATION = {"Trung học": 340, "Cao đẳng": 210, "Đại học": 340, "Sau đại học": 60, UNKNOWN: 50}
INCOMES = {"Dưới 10 triệu": 310, "10–20 triệu": 380, "20–40 triệu": 190, "Trên 40 triệu": 60, UNKNOWN: 60}
INTERESTS = {
    "bóng đá": 220,
    "phim ảnh": 240,
    "trò chơi": 170,
    "thiếu nhi": 130,
    "tin tức": 110,
    "bóng đá; phim ảnh": 80,
    UNKNOWN: 50,
}
COUNTRIES = ("Việt Nam", "Lào", "Campuchia")
CONSENTING = 820

# The shop. Packages are never returned; goods, four orders in ten, are returned more often than the orders as a whole.
PRODUCTS = {"Gói Internet": 380, "Gói truyền hình": 220, "Phụ kiện": 200, "Thiết bị": 80, "Camera": 120}
PRICES = (290_000, 210_000, 160_000, 1_850_000, 420_000)
PRICE_WIDTHS = (0.25, 0.25, 0.7, 0.8, 0.5)
RETURNED, RETURNED_GOODS = 40, 100
SALES_CHANNELS = {"Cửa hàng": 340, "Website": 270, "Ứng dụng": 250, "Điện thoại": 140}
ONLINE = ("Website", "Ứng dụng")
ORDER_HOURS = (2, 1, 0, 0, 0, 2, 8, 20, 45, 70, 85, 90, 70, 50, 50, 60, 65, 65, 60, 75, 90, 60, 25, 7)

# Care. The wheel gives a customer's next topic: its tenths are the shares, and equal topics never meet by chance.
CHANNELS = ("Điện thoại", "E-mail", "Chat", "Zalo", "Chatbot", "SMS", "Cửa hàng", "Website", "Ứng dụng")
BAD_CHANNEL, BAD_TEAM = "Chatbot", "Đội Nam"
ROLLOUT = (2026, 6)
USUAL_MIX = {
    "Điện thoại": 300, "E-mail": 90, "Chat": 150, "Zalo": 180, "Chatbot": 100, "SMS": 30, "Cửa hàng": 70, "Website": 80,
}  # fmt: skip
BAD_MIX = {
    "Điện thoại": 120, "E-mail": 35, "Chat": 55, "Zalo": 70, "Chatbot": 650, "SMS": 10, "Cửa hàng": 30, "Website": 30,
}  # fmt: skip
SOURCES = {
    "Chat": "real_time", "Chatbot": "real_time", "SMS": "real_time", "Website": "real_time", "Zalo": "social",
}  # fmt: skip
AFTER = "after_experience"
REPLY_MINUTES = {
    "Điện thoại": 2, "E-mail": 240, "Chat": 6, "Zalo": 25, "Chatbot": 1, "SMS": 60, "Cửa hàng": 4, "Website": 180,
}  # fmt: skip
WHEEL = (
    ("Hóa đơn", "after"), ("Giá và khuyến mãi", "before"), ("Tốc độ mạng", "after"), ("Lắp đặt", "during"),
    ("Bảo hành thiết bị", "after"), ("Hóa đơn", "after"), ("Đặt hàng", "during"), ("Tốc độ mạng", "after"),
    ("Tư vấn gói cước", "before"), ("Giao hàng", "during"),
)  # fmt: skip
LEAVING = "Ngừng dịch vụ"
KINDS = ("question", "request", "complaint", "exit_interview")
KINDS_BEFORE = {"question": 780, "request": 220}
KINDS_LATER = {"question": 450, "request": 400, "complaint": 150}
SOLVE_MINUTES = (90, 420, 1300)
CONTACTS_A_MONTH = 0.47
UNASSIGNED = 20
RECONTACT, REOPENED, NEVER_SOLVED, INTERVIEWED = 180, 60, 20, 150
CONTACT_HOURS = (3, 2, 1, 1, 1, 3, 10, 35, 95, 120, 115, 85, 50, 75, 100, 100, 85, 50, 20, 18, 15, 10, 4, 2)

# Surveys. One invitation asks one question; some who rate their satisfaction rate four attributes too.
QUESTIONS = {"csat": 540, "nps": 380, "ces": 80}
INVITED_CONTACTS, INVITED_ORDERS, ANSWERING = 950, 120, 270
CSAT_POSITIVE, CSAT_BAD = 800, 550
POSITIVE_SCORES, OTHER_SCORES = {4: 450, 5: 550}, {1: 250, 2: 300, 3: 450}
NPS_KINDS = {"promoter": 580, "passive": 290, "detractor": 130}
NPS_BAD = {"promoter": 250, "passive": 300, "detractor": 450}
PROMOTERS, PASSIVES = {9: 550, 10: 450}, {7: 420, 8: 580}
DETRACTORS = {0: 60, 1: 50, 2: 70, 3: 120, 4: 150, 5: 250, 6: 300}
CES_SCORES = {1: 50, 2: 70, 3: 80, 4: 100, 5: 250, 6: 250, 7: 200}
RATED_TOO = 400
ATTRIBUTES = {"solution": (900, 200), "speed": (800, 450), "politeness": (900, 750), "price": (600, 560)}
COMMENTING, UNACCENTED = 350, 300
