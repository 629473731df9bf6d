"""Word papers: the grid, the fonts an office has, the parts in their places."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from keji.lib.paper import fonts, layout
from keji.lib.paper.docx import to_docx
from keji.lib.paper.model import Attachment, Column, Heading, Paper, Table, Text, chinese_number, numbered
from keji.lib.paper.titles import break_title
from keji.lib.paper.word_reader import read
from tests.lib.papers import bulletin

FONTS = fonts.find()


def written(paper: Paper) -> Any:
    return docx.Document(io.BytesIO(to_docx(paper, FONTS)))


@pytest.fixture(scope="module")
def document() -> Any:
    return written(bulletin())


def found(document: Any, start: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(start))


def test_the_page_is_a4_with_the_margins_of_the_standard(document: Any) -> None:
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(value.mm) for value in margins] == [37, 35, 28, 26]


def test_the_grid_is_22_lines_by_28_characters(document: Any) -> None:
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert (grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == ("580", "-848")


def test_each_level_has_its_own_type() -> None:
    looks = {line.text: (line.font, line.size) for line in read(to_docx(bulletin(), FONTS)).lines}
    assert looks["一、总体情况"] == ("黑体", 16)
    assert looks["（一）企业培育"] == ("楷体_GB2312", 16)
    assert looks["1. 高新技术企业"] == ("仿宋_GB2312", 16)
    assert looks["现将2024年8月全市科技创新工作要点推进情况通报如下。"] == ("仿宋_GB2312", 16)
    title = next(value for text, value in looks.items() if text.startswith("关于"))
    assert title == ("方正小标宋简体", 22)


def test_the_head_of_a_table_is_repeated_and_rows_are_whole(document: Any) -> None:
    rows = document.tables[0]._tbl.tr_lst
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_numbers_keep_to_the_right(document: Any) -> None:
    cell = document.tables[0].rows[1].cells[4]
    assert (cell.text, str(cell.paragraphs[0].alignment)) == ("2.00", "RIGHT (2)")


def test_the_lying_attachment_is_a_section_of_its_own(document: Any) -> None:
    widths = [round(section.page_width.mm) for section in document.sections]
    assert widths == [210, 297, 210]


def test_the_colophon_floats_at_the_foot_of_the_last_page(document: Any) -> None:
    last = document.tables[-1]._tbl
    assert last.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"
    assert "抄送：" in "".join(node.text or "" for node in last.iter(qn("w:t")))


def test_east_asian_text_is_marked_chinese(document: Any) -> None:
    language = document.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_the_sealed_date_stands_four_characters_from_the_right(document: Any) -> None:
    ind = [p for p in document.paragraphs if p.text == "2024年9月5日"][0]._p.pPr.find(qn("w:ind"))
    assert ind.get(qn("w:rightChars")) == "400"


@pytest.mark.parametrize(
    ("signer", "sealed", "expected"),
    [
        ("市科技局", True, (5.0, 4.0)),  # centred on the date of six characters
        ("临江市科学技术局", True, (3.0, 4.0)),
        ("临江市高新技术产业开发区管理委员会", True, (0.0, 5.5)),
        ("市科技局", False, (6.0, 2.0)),
        ("临江市科学技术和知识产权局", False, (2.0, 7.0)),
    ],
)
def test_signer_and_date_stand_to_each_other_as_the_standard_asks(
    signer: str, sealed: bool, expected: tuple[float, float]
) -> None:
    paper = Paper("关于工作的通知", signer=signer, issued_on=date(2024, 9, 5), sealed=sealed)
    assert layout.signature_indents(paper) == expected


def test_an_only_attachment_bears_no_number() -> None:
    one, two = Attachment("名单。"), Attachment("目录")
    assert layout.attachment_lines(Paper("关于工作的通知", attachments=(one,))) == [("附件：", "", "名单")]
    lines = layout.attachment_lines(Paper("关于工作的通知", attachments=(one, two)))
    assert lines == [("附件：", "1. ", "名单"), ("", "2. ", "目录")]


def test_headings_are_numbered_anew_under_each_higher_one() -> None:
    texts = [
        block.text
        for block in numbered(
            [Heading(1, "甲"), Heading(2, "乙"), Heading(2, "丙"), Heading(1, "丁"), Heading(2, "戊")]
        )
        if isinstance(block, Heading)
    ]
    assert texts == ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊"]
    assert [chinese_number(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


def test_a_long_title_breaks_between_words_into_like_lines() -> None:
    assert break_title("关于工作的通知") == ["关于工作的通知"]
    assert break_title("关于2024年8月全市科技创新工作要点推进情况的通报") == [
        "关于2024年8月全市科技创新",
        "工作要点推进情况的通报",
    ]
    assert break_title("第一行\n第二行") == ["第一行", "第二行"]
    for line in break_title("关于组织开展2024年度省科技重大专项和重点研发计划项目申报工作的通知" * 2):
        assert layout.display_width(line) <= 22


def test_a_row_must_have_as_many_cells_as_the_table_has_columns() -> None:
    with pytest.raises(ValueError, match="第1行"):
        Table([Column("甲"), Column("乙")], [("一",)])


def test_a_signatory_stands_beside_the_number() -> None:
    document = written(
        Paper("关于增加经费的请示", number="临科〔2024〕9号", issuer_mark="临江市科学技术局文件", signatory="张三",
              body=(Text("妥否，请批示。"),))
    )  # fmt: skip
    assert found(document, "\t临科").text == "\t临科〔2024〕9号\t签发人：张三"


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert to_docx(bulletin(), FONTS) == to_docx(bulletin(), FONTS)


def test_a_thousand_rows_are_written_quickly() -> None:
    import time

    table = Table([Column(str(n)) for n in range(8)], [tuple(range(8))] * 1000)
    start = time.perf_counter()
    to_docx(Paper("关于台账的通报", attachments=(Attachment("台账", (table,)),)), FONTS)
    assert time.perf_counter() - start < 10
