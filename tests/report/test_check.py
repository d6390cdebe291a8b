"""A page that runs, fetches, or leaves something out is refused."""

from __future__ import annotations

import pytest

from carestudy.report.check import LARGEST, UNDESCRIBED, heavy, problems

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PICTURE = "data:image/png;base64,iVBORw0KGgo="


def _page(body: str = "", *, head: str = "", start: str = '<html lang="vi">', heading: str = "<h1>Báo cáo</h1>") -> str:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    top = f'<!DOCTYPE html>{start}<head><meta charset="utf-8">{policy}<title>Báo cáo</title>{head}</head>'
    return f"{top}<body>{heading}{body}</body></html>"


def test_a_good_page_has_no_problems() -> None:
    body = f'<p id="a">1.234 ₫</p><a href="#a">a</a><img alt="NPS 42" src="{PICTURE}"><b style="color:red">gian nan</b>'
    assert problems(_page(body, head="<style>p{color:#333}</style>"), "vi") == []


@pytest.mark.parametrize(
    "body",
    [
        "<dialog>x</dialog>", "<DIALOG>x</DIALOG>", "<iframe></iframe>", "<object></object>", "<embed>",
        "<form></form>", "<link>", "<base>", "<meta http-equiv=x>", "<button>x</button>", "<input>", "<video></video>",
        "<svg><use href='#a'></use></svg>", "<svg><animate></svg>", "<svg><foreignObject/></svg>",
        "<p onclick>", "<p onload=''>", f"<img alt='x' src='{PICTURE}' srcset='b.png'>",
        "<a href='mailto:a@b.example'>x</a>", "<a href='http://b.example'>x</a>", "<a href='//b.example'>x</a>",
        "<a href='other.html'>x</a>", "<a href=' MaIlTo:a@b.example'>x</a>", "<a href='&#109;ailto:a@b.example'>x</a>",
        "<img alt='x' src='b.png'>", "<img alt='x' src='data:text/plain;base64,PHA+'>",
        "<p style='background:url(b.png)'>", "<p style='background:\\75rl(b.png)'>",
        "<style>@import 'a.css'</style>",
        "<style>p{background:url(b.png)}</style>", "<p style='background:image-set(\"b.png\" 1x)'>",
        "<svg><a xlink:href='b.html'><text>x</text></a></svg>", "<td background='b.png'>",
        "<!-- <b> -->", "<!--><b>x</b>-->", "<?xml version='1'?>", "<nguyễn>",
    ],
)  # fmt: skip
def test_what_runs_fetches_or_hides_is_refused(body: str) -> None:
    assert problems(_page(body), "vi")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"<img src='{PICTURE}'>", "an image without alt text"),
        (f"<img src='{PICTURE}' alt=' '>", "an image without alt text"),
        (f"<img src='{PICTURE}' alt='No description has been provided for this image'>", "an image without alt text"),
        (f"<img src='{PICTURE}' alt='&lt;Figure size 640x480 with 1 Axes&gt;'>", UNDESCRIBED),
        (f"<img src='{PICTURE}' alt='&lt;PIL.Image.Image object at 0x7f&gt;'>", UNDESCRIBED),
        ("<pre>Traceback (most recent call last):</pre>", "a traceback"),
        ("<td>nan</td>", "a number that is nan"),
        ("<td>NaN %</td>", "a number that is nan"),
        ("<p>NPS là nan điểm</p>", "a number that is nan"),
        (f"<img src='{PICTURE}' alt='NPS nan'>", "a number that is nan"),
        ("<td>&lt;NA&gt;</td>", "a number that is nan"),
        ("<p>/home/an/data.csv</p>", "a path of this machine"),
        ("<p>C:\\Users\\an</p>", "a path of this machine"),
        ("<p>file:///x</p>", "a path of this machine"),
        ("<p>/srv/x</p>", "a path of this machine"),
        ("<p>postgresql://an:secret@host/db</p>", "an address with a password"),
        ("<a href='#nowhere'>x</a>", "a link to a place that is not on the page"),
        ("<h1>x</h1>", "2 h1 headings instead of one"),
    ],
)
def test_a_page_says_what_is_wrong_with_it(body: str, reason: str) -> None:
    assert problems(_page(body), "vi") == [reason]


@pytest.mark.parametrize(
    "text", ["việc nan giải", "gian nan", "Nan", "banana", "3/10/2026", "và/hoặc", "km/h", "10/home"]
)
def test_words_that_only_look_like_faults_pass(text: str) -> None:
    assert problems(_page(f"<p>{text}</p>"), "vi") == []


def test_a_page_needs_its_language_title_heading_and_policy() -> None:
    assert problems(_page(start='<html lang="en">'), "vi") == ['html has no lang="vi"']
    assert problems(_page(heading=""), "vi") == ["0 h1 headings instead of one"]
    assert problems(_page().replace("<title>Báo cáo</title>", ""), "vi") == ["no title"]
    assert problems(_page().replace("default-src", "x"), "vi") == ["no content security policy"]


def test_a_page_of_more_than_300_kb_is_no_worse_but_said_to_be_large() -> None:
    assert problems(_page(f"<p>{'x' * LARGEST}</p>"), "vi") == []
    assert heavy(LARGEST) == ""
    assert heavy(LARGEST + 1) == "300 kB, more than the 300 kB that suit mails and phones"


def test_what_is_secret_must_not_stand_in_a_page() -> None:
    assert problems(_page("<p>/kho/so-lieu</p>"), "vi", secrets=["/kho/so-lieu"]) == ["a path of this machine"]


def test_a_problem_does_not_repeat_what_may_be_a_customers_name() -> None:
    assert problems(_page("<nguyễn-văn-an>"), "vi") == ["element of an unknown name"]
