"""Invented surveys as their tools export them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from inventing import Company, company, csv, moments, some

ROWS = 48
AGREED = {5: "Rất hài lòng", 4: "Hài lòng", 3: "Bình thường", 2: "Không hài lòng", 1: "Rất không hài lòng"}
SATISFIED = {
    5: "Very satisfied",
    4: "Satisfied",
    3: "Neither satisfied nor dissatisfied",
    2: "Dissatisfied",
    1: "Very dissatisfied",
}


def _answers(dice: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({
        "at": moments(dice, ROWS), "customer": pd.Series(range(ROWS)).map("KH{:04d}".format), "nps": dice.integers(0,
        11, ROWS),
        "csat": dice.integers(1, 6, ROWS), "ces": dice.integers(1, 8, ROWS),
        "comment": some(dice, ("", "nhân viên rất nhiệt tình, cảm ơn", "giao hàng chậm quá"), ROWS),
    })  # fmt: skip


def _facts(answers: pd.DataFrame, *asked: str) -> dict[str, float]:
    facts = {
        "nps": float(((answers.nps >= 9).mean() - (answers.nps <= 6).mean()) * 100),
        "csat": float((answers.csat >= 4).mean()),
        "ces": float((answers.ces >= 5).mean()),
    }  # fmt: skip
    return {"responses": len(answers) * len(asked), **{name: facts[name] for name in asked if name in facts}}


@company("google_forms_vi")
def google_forms_vi(dice: np.random.Generator) -> Company:
    a = _answers(dice)
    nps, csat = (
        "Bạn có sẵn sàng giới thiệu chúng tôi cho bạn bè không? (0-10)",
        "Nhìn chung bạn hài lòng thế nào về dịch vụ?",
    )
    table = pd.DataFrame(
        {
            "Dấu thời gian": a["at"],
            "Mã khách hàng": a.customer,
            nps: a.nps,
            csat: a.csat.map(AGREED),
            "Bạn có góp ý gì thêm không?": a.comment,
        }
    )
    return Company(
        {"Khảo sát (Câu trả lời).csv": csv(table, form="%d/%m/%Y %H:%M:%S")},
        {"responses": {"answered_at": "Dấu thời gian", "customer_id": "Mã khách hàng",
        "comment": "Bạn có góp ý gì thêm không?", "? nps": nps, "? csat": csat}},
        _facts(a, "nps", "csat"), tool="Google Forms",
    )  # fmt: skip


@company("google_forms_en")
def google_forms_en(dice: np.random.Generator) -> Company:
    a = _answers(dice)
    nps, csat = (
        "How likely are you to recommend us to a friend? (0-10)",
        "Overall, how satisfied are you with our service?",
    )
    table = pd.DataFrame(
        {
            "Timestamp": a["at"],
            "Customer ID": a.customer,
            nps: a.nps,
            csat: a.csat.map(SATISFIED),
            "Any other comments?": a.comment,
        }
    )
    return Company(
        {"Survey (Responses).xlsx": {"Form Responses 1": table}},
        {"responses": {"answered_at": "Timestamp", "customer_id": "Customer ID", "comment": "Any other comments?",
        "? nps": nps, "? csat": csat}},
        _facts(a, "nps", "csat"), tool="Google Forms",
    )  # fmt: skip


@company("surveymonkey")
def surveymonkey(dice: np.random.Generator) -> Company:
    a = _answers(dice)
    nps, csat, ces = (
        "How likely is it that you would recommend us to a friend?",
        "Overall, how satisfied are you with us?",
        "How easy was it to get help?",
    )
    table = pd.DataFrame({
        "Respondent ID": 118_000_000_000 + np.arange(ROWS), "Collector ID": 4_000, "Start Date": a["at"],
        "End Date": a["at"], "IP Address": "",
        "Email Address": "", "First Name": "", "Last Name": "", "Custom Data 1": a.customer, nps: a.nps,
        csat: a.csat.map(SATISFIED), ces: a.ces,
        "Do you have any other comments?": a.comment,
    })  # fmt: skip
    return Company(
        {"Sheet_1.csv": csv(table, form="%m/%d/%Y %I:%M:%S %p")},
        {"responses": {
            "response_id": "Respondent ID", "customer_id": "Custom Data 1", "answered_at": "End Date",
            "comment": "Do you have any other comments?", "? nps": nps, "? csat": csat, "? ces": ces,
        }},
        _facts(a, "nps", "csat", "ces"), tool="SurveyMonkey",
    )  # fmt: skip


@company("qualtrics")
def qualtrics(dice: np.random.Generator) -> Company:
    a = _answers(dice)
    said = {
        "StartDate": "Start Date", "EndDate": "End Date", "Status": "Response Type", "Progress": "Progress",
        "Duration (in seconds)": "Duration (in seconds)",
        "Finished": "Finished", "RecordedDate": "Recorded Date", "ResponseId": "Response ID",
        "ExternalReference": "External Data Reference",
        "DistributionChannel": "Distribution Channel", "UserLanguage": "User Language",
        "Q1": "How likely are you to recommend us?",
        "Q2": "How satisfied are you with our service?", "Q3": "Anything else?",
    }  # fmt: skip
    moment = a["at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    cells = [
        moment,
        moment,
        "IP Address",
        100,
        95,
        "True",
        moment,
        [f"R_{n:012d}" for n in range(ROWS)],
        a.customer,
        "anonymous",
        "VI",
        a.nps,
        a.csat,
        a.comment,
    ]
    table = pd.DataFrame(dict(zip(said, cells, strict=True))).astype(str)
    marks = {name: json.dumps({"ImportId": f"QID{n}"}) for n, name in enumerate(said)}
    return Company(
        {"Survey_September 1, 2026_08.03.csv": csv(pd.concat([pd.DataFrame([said, marks]), table]))},
        {"responses": {
            "response_id": "Response ID", "customer_id": "External Data Reference", "answered_at": "Recorded Date",
            "comment": "Anything else?",
            "? nps": "How likely are you to recommend us?", "? csat": "How satisfied are you with our service?",
        }},
        _facts(a, "nps", "csat"), tool="Qualtrics",
    )  # fmt: skip


@company("typeform")
def typeform(dice: np.random.Generator) -> Company:
    a = _answers(dice)
    nps, csat = (
        "How likely are you to recommend us to a friend or colleague?",
        "Overall, how satisfied are you with our support?",
    )
    table = pd.DataFrame({
        "#": [f"a{n:031d}" for n in range(ROWS)], nps: a.nps, csat: a.csat, "What could we do better?": a.comment,
        "customer_id": a.customer,
        "Response Type": "completed", "Start Date (UTC)": a["at"] - pd.Timedelta("2min"), "Stage Date (UTC)": "",
        "Submit Date (UTC)": a["at"],
        "Network ID": "ab12", "Tags": "",
    })  # fmt: skip
    return Company(
        {"responses-abc.csv": csv(table)},
        {"responses": {
            "response_id": "#", "customer_id": "customer_id", "answered_at": "Submit Date (UTC)",
            "comment": "What could we do better?",
            "? nps": nps, "? csat": csat,
        }},
        _facts(a, "nps", "csat"), tool="Typeform",
    )  # fmt: skip
