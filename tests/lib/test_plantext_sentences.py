"""What a sentence of a plan means, one use case a test."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keji.lib.plantext import Target, read


def targets(text: str) -> list[Target]:
    return read(text).targets


def said(text: str) -> list[tuple[str, str, str]]:
    """(operator, value, unit) of each target."""
    rows = []
    for target in targets(text):
        value = "" if target.value is None else format(target.value.normalize(), "f")
        rows.append((target.op, value + (f"-{target.value2:f}" if target.value2 is not None else ""), target.unit))
    return rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高新技术企业达到600家。", ("eq", "600", "家")),
        ("高新技术企业达到600家以上。", ("ge", "600", "家")),
        ("高新技术企业不少于600家。", ("ge", "600", "家")),
        ("新增科普基地20余个。", ("ge", "20", "个")),
        ("高新技术企业突破600家。", ("gt", "600", "家")),
        ("城镇登记失业率控制在4%以内。", ("le", "4", "%")),
        ("研发投入强度2.5%左右。", ("about", "2.5", "%")),
        ("举办科技活动5～8场。", ("range", "5-8", "场")),
        ("举办科技活动5至8场。", ("range", "5-8", "场")),
        ("举办科技活动5场—8场。", ("range", "5-8", "场")),
        ("研发投入增长12%以上。", ("growth_ge", "12", "%")),
        ("研发投入年均增长6%—7%。", ("growth_range", "6-7", "%")),
        ("规上工业增加值增速达8%左右。", ("growth_about", "8", "%")),
        ("单位GDP能耗下降3%。", ("decline_eq", "3", "%")),
        ("研发投入强度提高0.2个百分点以上。", ("increase_by_ge", "0.2", "个百分点")),
        ("规上高新技术产业增加值增速高于全省平均水平2个百分点。", ("gap_ge", "2", "个百分点")),
        ("科技创新指数位居全省前5。", ("rank_le", "5", "位")),
        ("高新技术企业数量翻一番。", ("multiple", "2", "倍")),
        ("规上企业无研发活动动态“清零”。", ("drive_to_zero", "0", "")),
        ("对科技型中小企业“应评尽评”。", ("coverage_all", "", "")),
        ("引进博士二十名。", ("eq", "20", "名")),
        ("技术合同成交额达到十五亿元。", ("eq", "15", "亿元")),
        ("新增上云企业两千五百家。", ("eq", "2500", "家")),
        ("高新技术企业总数突破１，２００家。", ("gt", "1200", "家")),
        ("研发费用占比提高到百分之五。", ("eq", "5", "%")),
    ],
)
def test_operator_value_and_unit_are_read(text: str, expected: tuple[str, str, str]) -> None:
    assert said(text) == [expected]


def test_a_share_written_as_a_fraction_is_a_share_of_one() -> None:
    assert said("三分之一以上的规上企业建立研发机构。") == [("ge", "0.3333", "")]
    assert said("建有研发机构的规上企业占比达到1/3以上。") == [("ge", "0.3333", "")]


def test_ten_thousands_and_hundred_millions_are_expanded() -> None:
    target = targets("技术合同成交额达到1.2亿元。")[0]
    assert (target.value, target.unit) == (Decimal("1.2"), "亿元")
    assert (target.value_base, target.unit_base) == (Decimal(120_000_000), "元")


def test_each_of_a_list_gets_its_own_figure() -> None:
    found = targets("高新技术企业、科技型中小企业分别达到600家、800家。")
    assert [(t.subject, t.value) for t in found] == [("高新技术企业", 600), ("科技型中小企业", 800)]


def test_respectively_shares_unit_and_operator() -> None:
    found = targets("高新技术企业和科技型中小企业分别达到90、870家以上。")
    assert [(t.subject, t.op, t.value, t.unit) for t in found] == [
        ("高新技术企业", "ge", 90, "家"), ("科技型中小企业", "ge", 870, "家")]  # fmt: skip


def test_one_figure_for_several_subjects_is_one_target_each() -> None:
    found = targets("专利授权量、技术合同额均增长10%。")
    assert [(t.subject, t.op) for t in found] == [("专利授权量", "growth_eq"), ("技术合同额", "growth_eq")]


def test_the_verb_of_a_list_is_carried_on() -> None:
    found = targets("新增科技创新平台4家、省科技企业孵化器1家。")
    assert [(t.verb, t.subject) for t in found] == [("新增", "科技创新平台"), ("新增", "省科技企业孵化器")]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("实施80项科技创新项目。", "科技创新项目"),
        ("培育10个科创团队。", "科创团队"),
        ("力争新增50家高新技术企业。", "高新技术企业"),
    ],
)
def test_a_figure_may_stand_before_its_noun(text: str, subject: str) -> None:
    assert [t.subject for t in targets(text)] == [subject]


def test_a_stretch_goal_is_marked_optional() -> None:
    found = targets("新增高新技术企业50家，努力实现100家。")
    assert [(t.value, t.optional, t.subject) for t in found] == [
        (50, False, "高新技术企业"),
        (100, True, "高新技术企业"),
    ]


def test_a_dropped_head_is_found_in_the_clause_before() -> None:
    assert targets("优化科技特派员队伍，确保总数稳定在2500人左右。")[0].subject == "科技特派员队伍总数"


def test_a_sentence_broken_over_lines_is_read_whole() -> None:
    text = "到2025年，全市高新技术企业数量和规模以上工业企业研发机构数量稳步提升，高新技术企业达"
    text += "\n到600家以上，研发投入强度居全省前列，创新能力明显增强，科技成果转化更加顺畅高效。"
    target = targets(text)[0]
    assert (target.line, target.op, target.value) == (2, "ge", 600)
    assert target.text in text.split("\n")[1]


def test_a_page_number_does_not_break_a_sentence() -> None:
    text = (
        "到2025年，全市高新技术企业数量稳步提升，规模以上工业企业研发机构加快覆盖，高新技术企业\n— 3 —\n达到600家以上。"
    )
    assert [(t.line, t.value) for t in targets(text)] == [(3, 600)]


def test_traditional_characters_are_read_and_quoted_as_they_stand() -> None:
    text = "國家高新技術企業總數突破2,000家。"
    target = targets(text)[0]
    assert (target.op, target.value, target.subject) == ("gt", 2000, "國家高新技術企業總數")
    assert target.text in text


@pytest.mark.parametrize(
    "text",
    ["新增高企X家。", "登记额突破**亿元。", "增长XX%以上。", "引进人才××名。"],
)
def test_a_placeholder_gives_nothing(text: str) -> None:
    document = read(text)
    assert document.targets == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("截至目前，全市高新技术企业已达520家。", "past"),
        ("去年完成技术合同登记额12亿元。", "past"),
        ("预计全年地区生产总值增长7%左右。", "past"),
        ("重点摸排20万元以上设备。", "condition"),
        ("年收入2万元以上的农户优先。", "condition"),
        ("推进年产1000吨的新材料项目。", "project"),
        ("总投资5亿元的项目要加快建设。", "project"),
        ("完成79项重点任务。", "task_count"),
        ("对首次认定的企业给予10万元奖励。", "award"),
        ("在5个工作日内补齐材料。", "duration"),
        ("开展“百名专家进千企”活动。", "name"),
    ],
)
def test_a_figure_that_is_no_target_has_a_named_reason(text: str, reason: str) -> None:
    document = read(text)
    assert document.targets == []
    assert reason in {excluded.reason for excluded in document.excluded}


def test_a_rise_from_one_figure_to_another_keeps_the_goal_only() -> None:
    assert said("力争高新技术企业由500家增加到600家。") == [("eq", "600", "家")]


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("2024年科技工作要点\n高新技术企业达到600家。", "2024-12-31"),
        ("2024年科技工作要点\n到2025年底，高新技术企业达到600家。", "2025-12-31"),
        ("2024年科技工作要点\n6月底前，建成平台3个。", "2024-06-30"),
        ("2024年科技工作要点\n上半年建成平台3个。", "2024-06-30"),
        ("2024年科技工作要点\n三季度末建成平台3个。", "2024-09-30"),
        ("科技创新“十四五”规划\n高新技术企业达到600家。", "2025-12-31"),
        ("人才三年行动方案（2023—2025年）\n引进博士50名。", "2025-12-31"),
    ],
)
def test_the_deadline_comes_from_sentence_heading_or_title(text: str, deadline: str) -> None:
    assert [t.deadline.isoformat() for t in targets(text) if t.deadline] == [deadline]


def test_milestones_are_told_only_when_asked_for() -> None:
    text = "2024年科技工作要点\n推进工大智谷落户开发区。"
    assert read(text).targets == []
    assert [t.op for t in read(text, everything=True).targets] == ["milestone"]


def test_a_table_knows_which_column_is_the_goal() -> None:
    text = "2025年工作方案\n指标 | 单位 | 2024年完成 | 2025年目标"
    text += "\n高新技术企业 | 家 | 520 | 600\n研发投入强度 | % | 2.1 | ≥2.3"
    found = targets(text)
    assert [(t.subject, t.op, t.value, t.unit) for t in found] == [
        ("高新技术企业", "eq", 600, "家"),
        ("研发投入强度", "ge", Decimal("2.3"), "%"),
    ]


def test_numbers_are_written_without_float_artefacts() -> None:
    from keji.lib.plantext import to_json

    row = to_json(targets("财政科技支出占比达到1.10%。")[0].as_dict())
    assert '"value": 1.1,' in row
