"""What people write: phrases by theme, happy and unhappy, most in Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple


class Theme(NamedTuple):
    """A theme of comments: its share in thousandths, its phrases, and how the few who write English put it."""

    share: int
    phrases: tuple[str, ...]
    english: str


UNHAPPY: Mapping[str, Theme] = {
    "speed": Theme(
        300,
        (
            "Mạng chậm vào buổi tối, xem phim bị giật",
            "Đường truyền hay rớt, gọi nhiều lần chưa xong",
            "Tốc độ không đúng như gói đã đăng ký",
            "Wifi chập chờn cả tuần nay",
        ),
        "Internet keeps dropping in the evening",
    ),
    "waiting": Theme(
        250,
        (
            "Chờ tổng đài quá lâu",
            "Hẹn thợ hai lần không thấy đến",
            "Trả lời chậm, phải nhắn lại ba lần",
            "Đợi mãi mới có người nghe máy",
        ),
        "Waited far too long for an answer",
    ),
    "bot": Theme(
        180,
        (
            "Chatbot trả lời không đúng câu hỏi",
            "Muốn gặp nhân viên mà toàn gặp máy trả lời tự động",
            "Robot cứ lặp lại một câu, rất bực",
        ),
        "The chatbot did not understand me",
    ),
    "price": Theme(
        150,
        (
            "Giá cao hơn bên khác",
            "Cước tăng mà không báo trước",
            "Hóa đơn tính sai tiền",
            "Khuyến mãi chỉ dành cho khách mới",
        ),
        "Too expensive, and the bill was wrong",
    ),
    "attitude": Theme(
        120,
        ("Nhân viên nói chuyện thiếu tôn trọng", "Thái độ phục vụ chưa tốt", "Nhân viên không nắm được việc của tôi"),
        "The staff were rude",
    ),
}

HAPPY: Mapping[str, Theme] = {
    "attitude": Theme(
        400,
        (
            "Nhân viên nhiệt tình, dễ chịu",
            "Tư vấn rõ ràng, cảm ơn bạn",
            "Phục vụ chu đáo, lịch sự",
        ),
        "Very friendly staff",
    ),
    "waiting": Theme(
        350, ("Xử lý nhanh", "Thợ đến đúng hẹn, làm gọn gàng", "Gọi là có người nghe ngay"), "Quick and easy"
    ),
    "speed": Theme(150, ("Mạng ổn định, hài lòng", "Đường truyền mạnh hơn trước"), "The connection is stable"),
    "price": Theme(100, ("Giá hợp lý", "Khuyến mãi tốt, sẽ dùng lâu dài"), "Good value"),
}


def unaccented(text: str) -> str:
    """The same text as typed without accents.

    >>> unaccented("Đợi mãi")
    'Doi mai'
    """
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


def slots(themes: Mapping[str, Theme]) -> list[str]:
    """A thousand slots of phrases: every theme with its share, one slot in twenty in English."""
    return [
        theme.english if k % 20 == 19 else theme.phrases[k % len(theme.phrases)]
        for theme in themes.values()
        for k in range(theme.share)
    ]
