"""The look: numbers and dates as printed, chart tables, and what templates must not contain."""

import datetime as dt
import re
from decimal import Decimal as D
from pathlib import Path

import pytest

from keji.desk.chart_tables import SHAPES, chart_table
from keji.desk.templatetags import look

ROOT = Path(__file__).resolve().parent.parent / "keji"
STATIC = ROOT / "site/static/keji"
TEMPLATES = sorted(p for p in ROOT.rglob("templates/**/*.html"))


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (None, "", "—"),
        (0, "", "0"),
        (1350, "", "1,350"),
        (D("128450.50"), "", "128,450.5"),
        (D("1E+6"), "", "1,000,000"),
        (0.1 + 0.2, "", "0.3"),
        (D("2.345"), 2, "2.35"),
        (D("-1234.5"), "", "-1,234.5"),
        ("暂无", "", "暂无"),
        (D("NaN"), "", "NaN"),
    ],
)
def test_number(value, places, shown):
    assert look.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(D("0.853"), "85.3%"), (D("0.9996"), "99.9%"), (1, "100%"), (D("1.0053"), "100.5%"), (0, "0%"), (None, "—")],
)
def test_percent_never_rounds_up_to_done(value, shown):
    assert look.percent(value) == shown


def test_signed_and_unit():
    assert [look.signed(n) for n in (12, D("-3.50"), 0, None)] == ["+12", "−3.5", "0", "—"]
    assert look.unit(1350, "家") == '1,350<span class="unit">家</span>'
    assert look.unit(None, "家") == "—"


def test_dates():
    assert look.plain_date(dt.date(2024, 3, 5)) == "2024年3月5日"
    assert look.plain_datetime(dt.datetime(2024, 3, 5, 9, 5)) == "2024年3月5日 09:05"
    assert look.plain_date(None) == "—"
    assert look.cell_text(dt.date(2024, 3, 5)) == "2024年3月5日"
    assert look.cell_text(dt.datetime(2024, 3, 5, 9, 5)) == "2024年3月5日 09:05"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2024年11月30日", True),
        ("2024年11月30日 09:05", True),
        ("〔2016〕195号", True),
        ("GR202134000001", True),
        ("2024年10月 至 2025年9月", True),
        ("已孵 13 个月，还有 22 个月", True),
        ("已孵 50 个月，超期 12 天", True),
        ("六安市企业研发中心认定申请", False),
        ("2024年11月30日前完成", False),
    ],
)
def test_a_date_or_a_number_of_a_document_is_not_broken_over_two_lines(text, whole):
    assert look.is_short(text) is whole


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13856412345", "138****2345"),
        ("341502199001011234", "341***********1234"),
        ("欧阳建国", "欧**"),
        ("王五", "王*"),
        ("", "—"),
        ("12", "**"),
    ],
)
def test_mask(value, shown):
    assert look.mask(value) == shown


def test_every_chart_kind_has_a_table_and_a_drawing():
    drawn = (STATIC / "charts.js").read_text(encoding="utf-8") + (STATIC / "map.js").read_text(encoding="utf-8")
    for kind in SHAPES:
        assert f"draw.{kind} =" in drawn or f"keji.{kind}Option =" in drawn, kind
    with pytest.raises(ValueError, match="没有这种图"):
        chart_table({"kind": "pie3d"})


def test_waterfall_table_reads_from_start_to_end_and_keeps_addresses():
    spec = {
        "kind": "waterfall",
        "unit": "家",
        "start": {"label": "8月末", "value": 748},
        "steps": [{"label": "新增", "value": 6, "url": "/new"}],
        "end": {"label": "9月末", "value": 754},
    }
    table = chart_table(spec)
    assert table["columns"] == ["项目", "数值（家）"]
    assert [row["cells"] for row in table["rows"]] == [["8月末", 748], ["新增", 6], ["9月末", 754]]
    assert [row["url"] for row in table["rows"]] == [None, "/new", None]


def test_icons_named_in_templates_are_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    named = {shape for _, _, shape in look.LIGHTS.values()}
    for page in TEMPLATES:
        text = page.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))
    assert named - drawn == set()


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_under_a_strict_content_policy(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals='?js:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"(src|href)=[\"']https?:", text)


def test_stylesheets_and_scripts_fetch_nothing_from_elsewhere():
    for asset in [*STATIC.glob("*.css"), *STATIC.glob("*.js"), *(STATIC / "vendor").glob("*")]:
        text = asset.read_text(encoding="utf-8")
        assert not re.search(r"url\([\"']?(https?:)?//|@import|sourceMappingURL", text), asset.name


SHEETS = sorted(p for p in ROOT.rglob("*.css") if "vendor" not in p.parts)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_stylesheets_close_every_block(sheet):
    """A brace lost in a merge hides everything after it without an error anywhere."""
    depth = 0
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), sheet.read_text(encoding="utf-8"), flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        assert not (line.startswith((".", "@media")) and depth), f"line {number} stands inside an open block"
        depth += line.count("{") - line.count("}")
    assert depth == 0
