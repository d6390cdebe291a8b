"""What columns of the contract are called where a page speaks of their cells."""

from __future__ import annotations

from carestudy.show.words import t

COLUMNS = {
    "amount": t("Amount"), "answered": t("Whether it was answered"), "answered_at": t("Time of answer"),
    "customer_id": t("Customer id"),
    "first_reply_at": t("Time of first reply"), "from": t("First day"), "handling_seconds": t("Handling time"),
    "invited_at": t("Time of invitation"),
    "joined_on": t("Day of joining"), "leave_reason": t("Stated reason for leaving"),
    "left_on": t("Day of leaving"), "occurred_at": t("Time of purchase"), "opened_at": t("Time of opening"),
    "reopened": t("Reopened"), "resolved": t("Whether it was resolved"),
    "resolved_at": t("Time of resolution"), "response_id": t("Answer"),
    "refunded": t("Refunded amount"), "returned": t("Returned goods"), "score": t("Score"),
}  # fmt: skip
