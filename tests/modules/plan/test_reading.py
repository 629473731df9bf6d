"""The tree and the typed targets of documents in other styles."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keji.kernel.indicators.indicator import Kind, Reported
from keji.modules.plan.models import PlanTarget
from keji.modules.plan.services import reading

from . import adopting


def lines(*rows):
    return "\n".join(rows)


def shape(text):
    found = reading.document(text)
    return [
        (node.kind, node.title, [(child.kind, child.title) for child in node.children if child.kind != "measure"])
        for node in reading.tree(found, text.split("\n"))
    ]


def test_a_heading_that_only_frames_gives_no_action():
    text = lines(
        "2025年科技工作要点",
        "一、总体思路",
        "坚持创新。",
        "二、重点任务",
        "(一)强主体",
        "新增高企50家。",
        "(二)强平台",
        "新建平台3家。",
    )
    assert shape(text) == [("task", "强主体", []), ("task", "强平台", [])]


def test_chapters_with_numbered_points_are_actions_with_tasks():
    text = lines(
        "2025年工作要点",
        "一、强主体行动",
        "1.培育企业。新增高企50家。",
        "2.服务企业。走访100家。",
        "二、强平台行动",
        "3.建设平台。新建3家。",
    )
    assert shape(text) == [
        ("action", "强主体行动", [("task", "培育企业"), ("task", "服务企业")]),
        ("action", "强平台行动", [("task", "建设平台")]),
    ]


def test_what_looks_back_gives_no_tasks():
    text = lines(
        "2024年总结和2025年打算",
        "一、2024年工作回顾",
        "(一)主体壮大。高企达600家。",
        "二、2025年工作打算",
        "(一)抓主体。高企达650家。",
    )
    assert shape(text) == [("action", "2025年工作打算", [("task", "抓主体")])]


def test_deeper_points_are_measures_with_their_own_text():
    text = lines(
        "2025年工作要点",
        "一、强主体行动",
        "(一)培育企业",
        "1.抓储备。建立后备库。",
        "2.抓申报。组织培训。",
    )
    (action,) = reading.tree(reading.document(text), text.split("\n"))
    assert [(m.kind, m.title, m.text) for m in action.children[0].children] == [
        ("measure", "抓储备", "建立后备库。"),
        ("measure", "抓申报", "组织培训。"),
    ]


def test_the_same_words_twice_on_a_line_are_two_places():
    text = "2025年工作要点\n上半年引进团队5个,下半年引进团队5个。"
    found = [t for t, _ in reading.targets(reading.document(text), text.split("\n"), 2025)]
    starts = sorted(p["start"] for t in found for p in t.places)
    assert len(set(starts)) == len(starts)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("34", "亿元", (Decimal(3_400_000_000), "元")),
        ("1.2", "万亿元", (Decimal(1_200_000_000_000), "元")),
        ("0.25", "万人", (Decimal(2500), "人")),
        ("5", "家", (Decimal(5), "家")),
        ("3", "万", (Decimal(3), "万")),
        ("8", "%", (Decimal(8), "%")),
    ],
)
def test_units_are_expanded_to_their_base(value, unit, expected):
    assert reading.to_base(Decimal(value), unit) == expected


class Share(Reported):
    """财政科技支出占比。"""

    code, name, unit, kind = "share", "财政科技支出占比", "%", Kind.REPORTED


@pytest.mark.parametrize(
    ("indicator", "fields", "fits"),
    [
        (adopting.Rnd(), {"op": "growth_ge", "unit": "%", "unit_base": "%"}, True),
        (Share(), {"op": "growth_ge", "unit": "%", "unit_base": "%"}, False),
        (Share(), {"op": "eq", "unit": "%", "unit_base": "%"}, True),
        (adopting.Rnd(), {"op": "eq", "unit": "%", "unit_base": "%"}, False),
        (adopting.Hnte(), {"op": "growth_ge", "unit": "%", "unit_base": "%"}, False),
        (adopting.Hnte(), {"op": "ge", "unit": "户", "unit_base": "户"}, True),
        (adopting.Hnte(), {"op": "ge", "unit": "亿元", "unit_base": "元"}, False),
        (adopting.Hnte(), {"op": "ge", "unit": "家", "unit_base": "家", "verb": "新增"}, False),
        (adopting.Sme(), {"op": "ge", "unit": "家", "unit_base": "家", "subject": "科小总数"}, False),
    ],
)
def test_an_indicator_is_only_suggested_where_its_figure_can_be_held_against_the_target(indicator, fields, fits):
    assert reading.fits(indicator, PlanTarget(**fields)) is fits
