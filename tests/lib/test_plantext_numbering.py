"""A plan whose numbers Word wrote by itself is read with them, as the reader of the page sees it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from keji.lib.plantext import read
from keji.lib.plantext.sources import open_document

LEVELS = (
    ("chineseCountingThousand", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
    ("decimalEnclosedCircleChinese", "%4"),
)


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


class Plan:
    """A document with one list definition of several levels, and as many uses of it as asked."""

    def __init__(self, levels=LEVELS, more=None):
        self.document = docx.Document()
        self.part = self.document.part.numbering_part.element
        body = "".join(level(i, form, text, (more or {}).get(i, "")) for i, (form, text) in enumerate(levels))
        self.part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{body}</w:abstractNum>'))

    def use(self, name: int, restart: dict[int, int] | None = None) -> int:
        override = "".join(
            f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            for at, start in (restart or {}).items()
        )
        self.part.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="90"/>{override}</w:num>')
        )
        return name

    def write(self, text: str, use: int | None = None, at: int = 0):
        paragraph = self.document.add_paragraph(text)
        if use is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{at}"/><w:numId w:val="{use}"/></w:numPr>')
            )
        return paragraph

    def lines(self, folder: Path) -> list[str]:
        path = folder / "工作要点.docx"
        self.document.save(str(path))
        return open_document(path)


def test_chinese_numbers_brackets_and_figures_start_again_under_each_heading(tmp_path):
    plan = Plan()
    use = plan.use(91)
    for text, at in (
        ("创新主体", 0),
        ("企业", 1),
        ("高企", 2),
        ("平台", 1),
        ("国家级", 2),
        ("省级", 2),
        ("成果", 0),
        ("交易", 1),
    ):
        plan.write(text, use, at)
    assert plan.lines(tmp_path) == [
        "一、创新主体", "（一）企业", "1.高企", "（二）平台", "1.国家级", "2.省级", "二、成果", "（一）交易",
    ]  # fmt: skip


def test_a_target_knows_the_clause_word_numbered(tmp_path):
    plan = Plan()
    use = plan.use(91)
    plan.write("重点任务", use, 0)
    plan.write("创新主体扩容", use, 1)
    plan.write("高新技术企业达到750家以上。", use, 2)
    (target,) = read("\n".join(plan.lines(tmp_path))).targets
    assert (target.subject, target.value, target.clause) == ("高新技术企业", 750, ["一", "（一）", "1"])


def test_a_second_use_of_the_same_list_counts_on_unless_it_says_where_to_start(tmp_path):
    plan = Plan()
    first, on, anew = plan.use(91), plan.use(92), plan.use(93, {0: 1})
    for use in (first, first, on, anew, anew):
        plan.write("任务", use)
    assert [line[0] for line in plan.lines(tmp_path)] == ["一", "二", "三", "一", "二"]


def test_a_level_told_never_to_restart_counts_through(tmp_path):
    plan = Plan(more={1: '<w:lvlRestart w:val="0"/>'})
    use = plan.use(91)
    for at in (0, 1, 1, 0, 1):
        plan.write("任务", use, at)
    assert [line.removesuffix("任务") for line in plan.lines(tmp_path)] == [
        "一、",
        "（一）",
        "（二）",
        "二、",
        "（三）",
    ]


def test_figures_of_several_levels_stand_apart_from_the_text_and_a_legal_label_is_all_figures(tmp_path):
    plan = Plan((("chineseCounting", "第%1章"), ("decimal", "%1.%2")), more={1: "<w:isLgl/>"})
    use = plan.use(91)
    plan.write("总则", use, 0)
    plan.write("投入24亿元", use, 1)
    assert plan.lines(tmp_path) == ["第一章总则", "1.1 投入24亿元"]


def test_the_style_may_carry_the_number_and_a_paragraph_may_take_it_away(tmp_path):
    plan = Plan()
    use = plan.use(91)
    style = plan.document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{use}"/></w:numPr>'))
    plan.document.add_paragraph("创新主体", style="Heading 1")
    plan.write("前言", 0).style = "Heading 1"
    plan.document.add_paragraph("成果转化", style="Heading 1")
    assert plan.lines(tmp_path) == ["一、创新主体", "前言", "二、成果转化"]


def test_bullets_and_lists_without_a_definition_add_nothing(tmp_path):
    plan = Plan((("bullet", "●"),))
    plan.write("要点", plan.use(91))
    plan.write("没有定义", 4711)
    assert plan.lines(tmp_path) == ["要点", "没有定义"]


@pytest.mark.parametrize(
    ("form", "third"),
    [
        ("upperRoman", "III"),
        ("lowerLetter", "c"),
        ("decimalZero", "03"),
        ("ideographTraditional", "丙"),
        ("无此种", "3"),
    ],
)
def test_other_ways_of_counting(tmp_path, form, third):
    plan = Plan(((form, "%1)"),))
    use = plan.use(91)
    for _ in range(3):
        plan.write("项", use)
    assert plan.lines(tmp_path)[2] == f"{third})项"


def test_styles_based_on_each_other_in_a_circle_end(tmp_path):
    plan = Plan()
    for name, base in (("Heading 1", "Heading2"), ("Heading 2", "Heading1")):
        plan.document.styles[name].element.find(qn("w:basedOn")).set(qn("w:val"), base)
    plan.document.add_paragraph("原地打转", style="Heading 1")
    assert plan.lines(tmp_path) == ["原地打转"]


def test_the_running_numbers_of_a_table_are_read_too(tmp_path):
    plan = Plan((("decimal", "%1"),))
    use = plan.use(91)
    table = plan.document.add_table(rows=2, cols=2)
    for row, text in zip(table.rows, ("高新技术企业", "科技型中小企业"), strict=True):
        row.cells[0].paragraphs[0]._p.append(plan.write("", use)._p.pPr)
        row.cells[1].text = text
    assert [line for line in plan.lines(tmp_path) if line] == ["1 | 高新技术企业", "2 | 科技型中小企业"]
