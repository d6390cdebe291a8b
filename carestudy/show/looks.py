"""Colours, and the style of every component; a component carries its own so that it looks right in JupyterLab too."""

from __future__ import annotations

INK, MUTED, FAINT, RULE, GRID = "#16202a", "#55626e", "#98a3ad", "#cfd6dc", "#e6eaed"
ACCENT, WASH = "#12436d", "#f3f5f7"
WORSE, BETTER = "#9f1c20", "#1a6335"

CARE = f"""
.care{{background:#fff;color:{INK};font:16px/1.5 "Segoe UI",-apple-system,"Helvetica Neue","Noto Sans","DejaVu Sans",
Arial,sans-serif;max-width:46rem;overflow-wrap:break-word;color-scheme:light}}
.care *{{box-sizing:border-box}}
.care p{{margin:.5em 0}}
.care small,.care .muted{{color:{MUTED};font-size:.8125rem;line-height:1.45}}
.care .care-line{{display:block;width:15rem;max-width:100%;height:2.5rem}}
.care .care-line polyline{{fill:none;stroke:{ACCENT};stroke-width:2}}
.care .care-line circle{{fill:{ACCENT}}}
.care .verdict{{display:inline-block;white-space:nowrap;font-size:.8125rem;font-weight:600;line-height:1.35;
padding:.1em .55em;border-radius:2px;
background:{WASH};color:{INK}}}
.care .worse{{background:{WORSE};color:#fff}}
.care .better{{background:#e3f1e8;color:{BETTER};box-shadow:inset 0 0 0 1px {BETTER}}}
.care .care-head{{display:block;margin:.6rem 0 .2rem}}
.care .care-fold{{margin:.35rem 0}}
.care .care-fold>summary{{cursor:pointer;color:{ACCENT};font-size:.875rem;line-height:1.4;padding:.3rem 0}}
.care .care-fold>summary strong{{color:{INK};font-size:1rem;font-weight:600}}
.care .care-fold .care-figure{{margin:.5rem 0 1rem}}
"""

COVER = f"""
.care .care-cover{{border-top:6px solid {ACCENT};padding:1rem 0 .25rem}}
.care .care-cover .company{{font-weight:600;color:{ACCENT};margin:0}}
.care .care-cover h1{{font-size:2rem;line-height:1.2;font-weight:700;letter-spacing:-.01em;margin:.15em 0 .3em;
color:{INK}}}
.care .care-cover h1 span{{display:block;font-weight:400;color:{MUTED};font-size:1.5rem}}
.care .care-cover .warning{{border-left:4px solid {WORSE};padding:.1em 0 .1em .8em;font-weight:600}}
"""

BOARD = f"""
.care ul.care-attention{{list-style:none;margin:.5rem 0 1.25rem;padding:0;border-top:1px solid {RULE}}}
.care ul.care-attention li{{margin:0;padding:.6rem 0;border-bottom:1px solid {RULE}}}
.care .care-tiles{{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1.6rem 2rem;
margin:1.5rem 0}}
.care .care-tile{{display:flex;flex-direction:column;border-top:2px solid {INK};padding-top:.45rem;
break-inside:avoid}}
.care .care-tile h3{{font-size:.9375rem;line-height:1.3;font-weight:600;margin:0;color:{INK}}}
.care .care-tile .figure{{font-size:1.9rem;line-height:1.15;font-weight:600;letter-spacing:-.01em;margin:.15rem 0 0;
color:{ACCENT};
font-variant-numeric:tabular-nums}}
.care .care-tile .figure{{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;
white-space:nowrap}}
.care .care-tile .care-line{{order:1;width:8.5rem;height:1.5rem}}
.care .care-tile .care-line polyline{{stroke:{MUTED}}}
.care .care-tile .spread{{color:{MUTED};font-size:.8125rem;line-height:1.4;margin:0}}
.care .care-tile dl{{display:grid;grid-template-columns:1fr auto auto;gap:0 1rem;margin:.45rem 0;font-size:.8125rem;
line-height:1.4;
border-top:1px solid {RULE};padding-top:.3rem}}
.care .care-tile dt{{float:none;width:auto;color:{MUTED};font-weight:400;margin:0}}
.care .care-tile dd{{margin:0;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}}
.care .care-tile .verdicts{{margin:auto 0 0;font-size:.8125rem;line-height:1.4;color:{MUTED}}}
.care .care-tile .verdicts>span{{display:block;margin-top:.25rem}}
"""

FINDINGS = f"""
.care ul.care-findings{{margin:.4rem 0 .8rem}}
.care ul.care-findings li{{padding:.5rem 0;font-size:.875rem;line-height:1.4}}
.care .care-findings strong{{display:block;font-size:1rem;line-height:1.3;color:{INK}}}
.care .care-findings span{{display:block}}
.care .care-findings .do{{font-weight:600;color:{ACCENT}}}
.care .care-findings .muted{{font-size:.8125rem}}
.care .care-nothing,.care-nothing.care{{font-size:.875rem;line-height:1.4;margin:.4rem 0}}
.care-nothing ul{{margin:.3rem 0;padding-left:1.1rem}}
"""

FIGURE = f"""
.care .care-figure{{margin:1.5rem 0;padding:0;break-inside:avoid}}
.care .care-figure figcaption{{margin-bottom:.5rem}}
.care .care-figure strong{{display:block;font-size:1rem;line-height:1.35;font-weight:700;color:{INK}}}
.care .care-figure span{{color:{MUTED};font-size:.875rem}}
.care .care-figure img{{display:block;width:100%;max-width:40rem;height:auto}}
.care .care-figure p{{margin:.5rem 0 0;font-size:.9375rem;line-height:1.5;color:{INK}}}
"""

TABLE = f"""
.care .care-scroll{{overflow-x:auto;margin:1rem 0}}
.care .care-table{{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4;
font-variant-numeric:tabular-nums;
border-top:2px solid {INK};color:{INK}}}
.care .care-title{{font-weight:700;font-size:1rem;line-height:1.35;margin:1.5rem 0 -.5rem;color:{INK}}}
.care caption.care-title{{text-align:left;margin:0;padding:0 0 .4rem}}
.care caption.care-title span{{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 2rem)}}
.care .care-table th,.care .care-table td{{padding:.4rem .75rem .4rem 0;text-align:left;vertical-align:top;
border-bottom:1px solid {RULE};
background:#fff;white-space:normal}}
.care .care-table thead th{{font-weight:600;color:{MUTED};vertical-align:bottom;font-size:.8125rem}}
.care .care-table tbody th{{font-weight:600;min-width:6.5rem}}
.care .care-table .number{{text-align:right;white-space:nowrap}}
.care .care-table th.number,.care .care-table .number>.muted{{white-space:normal}}
.care .care-table td:last-child,.care .care-table th:last-child{{padding-right:0}}
.care .care-table td small{{display:block;font-size:.9em}}
.care .care-table .muted{{font-size:inherit}}
"""

GAP = f"""
.care .care-gap{{border:1px solid {RULE};border-left:4px solid {MUTED};padding:.75rem 1rem;margin:1rem 0;
background:{WASH};
break-inside:avoid}}
.care .care-gap p{{margin:.2rem 0}}
.care .care-gap strong{{display:block}}
.care .care-gap code{{font-family:"DejaVu Sans Mono",Consolas,monospace;font-size:.8125rem;background:none;
color:{INK};
padding:0;
white-space:pre-wrap}}
"""

NOTES = f"""
.care .care-notes{{margin:1rem 0;font-size:.875rem;line-height:1.5}}
.care .care-notes dt{{float:none;width:auto;font-weight:600;margin-top:.6rem}}
.care .care-notes dd{{margin:0}}
.care .care-notes dd small{{display:block;color:{MUTED}}}
"""

QUESTIONS = f"""
.care ol.care-questions{{margin:.5rem 0;padding:0;list-style-position:inside}}
.care .care-questions li{{border-top:1px solid {RULE};padding:.45rem 0;margin:0;break-inside:avoid;list-style:none}}
.care .care-questions h3{{font-size:.9375rem;line-height:1.35;font-weight:400;color:{MUTED};margin:0}}
.care .care-questions p{{margin:.15rem 0;font-size:.9375rem}}
.care .care-questions strong,.care .care-questions .care-fold>summary strong{{font-size:1.1rem;color:{ACCENT}}}
.care .care-questions .care-head,.care .care-questions .care-fold{{margin:0}}
.care .care-mini{{border-collapse:collapse;width:100%;font-size:.8125rem;line-height:1.35;
font-variant-numeric:tabular-nums}}
.care .care-mini th,.care .care-mini td{{padding:.12rem .6rem .12rem 0;text-align:left;font-weight:400;border:0}}
.care .care-mini .number{{text-align:right;white-space:nowrap;width:1%;font-weight:600}}
.care .care-mini .scale{{position:relative;width:34%;padding:0;border-left:1px solid {MUTED};background:{WASH}}}
.care .care-mini .scale i{{position:absolute;top:50%;height:2px;margin-top:-1px;background:{MUTED}}}
.care .care-mini .scale b{{position:absolute;top:50%;width:8px;height:8px;margin:-4px 0 0 -4px;border-radius:50%;
background:{ACCENT}}}
.care .care-mini .muted{{width:34%;padding-left:.6rem}}
"""

LOOKS = {
    "care": CARE, "cover": COVER, "board": BOARD, "figure": FIGURE, "table": TABLE, "gap": GAP, "notes": NOTES,
    "questions": QUESTIONS, "findings": FINDINGS,
}  # fmt: skip
