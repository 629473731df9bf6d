"""The format checker: each rule on a real .docx that breaks it, and broken files."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from keji.lib.paper import cli, fonts
from keji.lib.paper.check import check
from keji.lib.paper.docx import to_docx
from keji.lib.paper.model import Attachment, Heading, Paper, PaperError, Text
from keji.lib.paper.rules_text import KINDS
from tests.lib.papers import bulletin

FONTS = fonts.find()

NOTICE = Paper(
    issuer_mark="临江市科学技术局文件",
    number="临科〔2024〕5号",
    title="关于开展2024年度科技项目申报的通知",
    addressee="各县区科技局",
    body=(
        Heading(1, "一、申报条件"),
        Heading(2, "（一）申报单位"),
        Text("申报单位应在本市登记满一年，信用良好，近三年未受到行政处罚。"),
        Heading(3, "1. 企业"),
        Text("企业上年度研发投入占比应达到百分之三，并已完成备案。"),
        Heading(4, "（1）规模以上企业"),
        Text("按统计口径认定，以市统计局名单为准，请各单位认真核对。"),
        Heading(1, "二、申报时间"),
        Text("申报截止时间为2024年10月31日，逾期不予受理。"),
    ),
    attachments=(Attachment("申报书格式"), Attachment("指南目录")),
    signer="临江市科学技术局",
    issued_on=date(2024, 9, 5),
    copies_to="市财政局",
    printed_by="临江市科学技术局办公室",
)

Change = Callable[[Any], None]


def broken(change: Change, paper: Paper = NOTICE) -> list[Any]:
    document = docx.Document(io.BytesIO(to_docx(paper, FONTS)))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return check(buffer.getvalue())


def line(document: Any, start: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(start))


def rewrite(start: str, text: str) -> Change:
    def change(document: Any) -> None:
        paragraph = line(document, start)
        paragraph.runs[0].text = text
        for extra in paragraph.runs[1:]:
            extra.text = ""

    return change


def font(start: str, name: str) -> Change:
    def change(document: Any) -> None:
        for run in line(document, start).runs:
            run.font.name = name
            run._r.rPr.rFonts.set(qn("w:eastAsia"), name)

    return change


def size(start: str, points: float) -> Change:
    def change(document: Any) -> None:
        for run in line(document, start).runs:
            run.font.size = Pt(points)

    return change


def bold(start: str) -> Change:
    def change(document: Any) -> None:
        line(document, start).runs[0].bold = True

    return change


def no_grid(document: Any) -> None:
    section = document.sections[0]._sectPr
    section.remove(section.find(qn("w:docGrid")))


def pitch(value: str) -> Change:
    return lambda document: document.sections[0]._sectPr.find(qn("w:docGrid")).set(qn("w:linePitch"), value)


def thirty_points(document: Any) -> None:
    for paragraph in document.paragraphs:
        paragraph.paragraph_format.line_spacing = Pt(30)


def no_page_number(document: Any) -> None:
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        for run in footer.paragraphs[0].runs:
            run._r.getparent().remove(run._r)


def no_dashes(document: Any) -> None:
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        footer.paragraphs[0].runs[0].text = footer.paragraphs[0].runs[-1].text = ""


def small_page_number(document: Any) -> None:
    for run in document.sections[0].footer.paragraphs[0].runs:
        run.font.size = Pt(9)


def one_footer(document: Any) -> None:
    document.settings.odd_and_even_pages_header_footer = False


def no_colophon(document: Any) -> None:
    for table in document.tables:
        table._tbl.getparent().remove(table._tbl)


def remove(start: str) -> Change:
    return lambda document: line(document, start)._p.getparent().remove(line(document, start)._p)


def two_fonts(document: Any) -> None:
    run = line(document, "申报单位应").add_run("并提供证明。")
    run.font.name = "宋体"
    run._r.rPr.rFonts.set(qn("w:eastAsia"), "宋体")


def no_indent(document: Any) -> None:
    ind = line(document, "申报单位应")._p.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:firstLineChars"), "0")
    ind.set(qn("w:firstLine"), "0")


def typed_indent(document: Any) -> None:
    no_indent(document)
    run = line(document, "申报单位应").runs[0]
    run.text = "　　" + run.text


def indented_addressee(document: Any) -> None:
    line(document, "各县区").paragraph_format.first_line_indent = Pt(32)


def left_title(document: Any) -> None:
    line(document, "关于").alignment = WD_ALIGN_PARAGRAPH.LEFT


def tracked(document: Any) -> None:
    paragraph = line(document, "申报单位应")._p
    paragraph.append(paragraph.makeelement(qn("w:ins"), {qn("w:id"): "1", qn("w:author"): "某人"}))


def a3(document: Any) -> None:
    document.sections[0].page_width, document.sections[0].page_height = Mm(297), Mm(420)


def margin(side: str, value: float) -> Change:
    return lambda document: setattr(document.sections[0], f"{side}_margin", Mm(value))


CASES: list[tuple[str, Change, str, str]] = [
    ("paper is not A4", a3, "纸张", "应为A4"),
    ("top margin", margin("top", 25.4), "页边距", "应为37毫米"),
    ("bottom margin", margin("bottom", 25.4), "页边距", "应为35毫米"),
    ("left margin", margin("left", 31.8), "页边距", "应为28毫米"),
    ("right margin", margin("right", 31.8), "页边距", "应为26毫米"),
    ("no character grid", no_grid, "文档网格", "每行28字"),
    ("grid of 15.6 points", pitch("312"), "文档网格", "15.60磅"),
    ("lines of 30 points", thirty_points, "行距", "只能排21行"),
    ("no page number", no_page_number, "页码", "没有页码"),
    ("page number without dashes", no_dashes, "页码", "一字线"),
    ("small page number", small_page_number, "页码字号", "14磅"),
    ("the same footer on odd and even pages", one_footer, "页码位置", "奇偶页不同"),
    ("title not in 小标宋", font("关于", "宋体"), "标题字体", "小标宋"),
    ("title too small", size("关于", 18), "标题字号", "22磅"),
    ("title not centred", left_title, "标题居中", "居中"),
    ("bold title", bold("关于"), "标题加粗", "取消加粗"),
    ("title ends with a full stop", rewrite("关于", "关于申报项目的通知。"), "标题标点", "不加标点"),
    ("title without a kind", rewrite("关于", "关于申报项目的安排"), "文种", "15个文种"),
    ("关于 twice", rewrite("关于", "关于转发《关于申报项目的通知》的通知"), "标题用词", "两个“关于”"),
    ("square brackets", rewrite("临科", "临科[2024]5号"), "发文字号", "六角括号"),
    ("round brackets", rewrite("临科", "临科（2024）5号"), "发文字号", "临科〔2024〕5号"),
    ("zeros in the number", rewrite("临科", "临科〔2024〕005号"), "发文字号", "不补零"),
    ("第 in the number", rewrite("临科", "临科〔2024〕第5号"), "发文字号", "不加“第”字"),
    ("year of two figures", rewrite("临科", "临科〔24〕5号"), "发文字号", "写全四位"),
    ("addressee with a half-width colon", rewrite("各县区", "各县区科技局:"), "主送机关", "半角冒号"),
    ("addressee without a colon", rewrite("各县区", "各县区科技局"), "主送机关", "没有冒号"),
    ("addressee indented", indented_addressee, "主送机关", "顶格"),
    ("text not in 仿宋", font("申报单位应", "微软雅黑"), "正文字体", "微软雅黑"),
    ("text too small", size("申报单位应", 14), "正文字号", "16磅"),
    ("level one not in 黑体", font("一、", "仿宋_GB2312"), "一级标题字体", "黑体"),
    ("level two not in 楷体", font("（一）", "黑体"), "二级标题字体", "楷体"),
    ("level three not in 仿宋", font("1. ", "楷体_GB2312"), "三级标题字体", "仿宋"),
    ("level three bold", bold("1. "), "标题加粗", "三、四级标题"),
    ("level one with a full stop after the number", rewrite("一、", "一.申报条件"), "层次序号", "顿号"),
    ("level two in half-width brackets", rewrite("（一）", "(一)申报单位"), "层次序号", "全角括号"),
    ("level three with 顿号", rewrite("1. ", "1、企业"), "层次序号", "下脚点"),
    ("level four in half-width brackets", rewrite("（1）", "(1)规模以上企业"), "层次序号", "全角括号"),
    ("a heading number left out", rewrite("二、", "三、申报时间"), "层次序号", "应为“二”"),
    ("no first-line indent", no_indent, "首行缩进", "没有缩进"),
    ("blanks instead of an indent", typed_indent, "首行缩进", "空格代替"),
    ("two fonts in a paragraph", two_fonts, "字体混用", "宋体"),
    ("half-width comma", rewrite("申报单位应", "申报单位应在本市登记,信用良好。"), "标点", "半角标点“,”"),
    ("doubled full stop", rewrite("申报单位应", "申报单位应在本市登记。。"), "标点", "连用"),
    ("cited number in square brackets", rewrite("申报单位应", "按照临科[2023]6号执行。"), "引用文号", "〔〕"),
    ("date in the text with a zero", rewrite("申报截止", "申报截止时间为2024年09月05日。"), "日期", "不补零"),
    ("attachment list with a half-width colon", rewrite("附件：", "附件:1. 申报书格式"), "附件说明", "全角冒号"),
    ("attachment name with a full stop", rewrite("2. 指南", "2. 指南目录。"), "附件说明", "不加标点"),
    ("attachment number with 顿号", rewrite("2. 指南", "2、指南目录"), "附件说明", "下脚点"),
    ("attachment name in 书名号", rewrite("2. 指南", "2. 《指南目录》"), "附件说明", "书名号"),
    ("date with zeros", rewrite("2024年9月", "2024年09月05日"), "成文日期", "不补零"),
    ("date in Chinese figures", rewrite("2024年9月", "二〇二四年九月五日"), "成文日期", "阿拉伯数字"),
    ("date with dots", rewrite("2024年9月", "2024.9.5"), "成文日期", "样式"),
    ("no date", remove("2024年9月"), "成文日期", "没有找到"),
    ("no signer", remove("临江市科学技术局"), "发文机关署名", "署名"),
    ("此页无正文", rewrite("申报截止", "（此页无正文）"), "落款", "此页无正文"),
    ("no colophon", no_colophon, "版记", "抄送机关"),
    ("changes not accepted", tracked, "修订", "修订"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_departure_is_named_with_its_place_and_remedy(change: Change, rule: str, words: str) -> None:
    if rule == "发文机关署名":
        change = signer_removed
    findings = broken(change)
    assert any(item.rule == rule and words in item.message for item in findings), findings
    assert all(item.where and item.message.endswith("。") for item in findings)


def signer_removed(document: Any) -> None:
    paragraph = [p for p in document.paragraphs if p.text == "临江市科学技术局"][-1]
    paragraph._p.getparent().remove(paragraph._p)


def test_our_own_papers_are_without_findings() -> None:
    assert check(to_docx(NOTICE, FONTS)) == []
    assert check(to_docx(bulletin(), FONTS)) == []


def test_only_the_broken_rule_is_told() -> None:
    findings = broken(rewrite("临科", "临科[2024]5号"))
    assert [(item.rule, item.severity) for item in findings] == [("发文字号", "error")]


def test_the_same_departure_on_many_paragraphs_is_told_once() -> None:
    def change(document: Any) -> None:
        for start in ("申报单位应", "企业上年度", "按统计口径"):
            size(start, 14)(document)

    found = [item for item in broken(change) if item.rule == "正文字号"]
    assert [item.where for item in found] == ["第7段“申报单位应在本市登记满一年…”等3处"]


def test_a_request_upwards_names_its_signatory_and_one_addressee() -> None:
    paper = Paper(
        title="关于增加经费的请示", number="临科〔2024〕9号", issuer_mark="临江市科学技术局文件",
        addressee="市政府、市财政局", body=(Text("妥否，请批示。"),), signer="临江市科学技术局",
        issued_on=date(2024, 9, 5), printed_by="临江市科学技术局办公室",
    )  # fmt: skip
    assert {item.rule for item in check(to_docx(paper, FONTS))} == {"请示", "签发人"}


def test_a_report_must_not_carry_a_request() -> None:
    paper = Paper(
        title="关于工作情况的报告", addressee="市政府", body=(Text("以上经费请予批准。"),), signer="临江市科学技术局",
        issued_on=date(2024, 9, 5), printed_by="临江市科学技术局办公室",
    )  # fmt: skip
    assert {item.rule for item in check(to_docx(paper, FONTS))} == {"报告"}


def shape(document: Any, text: str, name: str, points: float, align: Any = None, indent: float = 0) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Pt(indent)
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", Pt(points)
    run._r.rPr.rFonts.set(qn("w:eastAsia"), name)
    return paragraph


def test_a_careful_paper_of_another_hand_is_not_blamed_for_its_text() -> None:
    """A letterhead without 文件, a title over two paragraphs, a subtitle, 仿宋 of another maker, run-in headings."""
    document = docx.Document()
    centre = WD_ALIGN_PARAGRAPH.CENTER
    shape(document, "临江市科学技术局", "方正小标宋简体", 48, centre)
    shape(document, "临科〔2024〕5号", "仿宋", 16, centre)
    shape(document, "临江市科学技术局关于2024年上半年科技创新", "方正小标宋_GBK", 22, centre)
    shape(document, "工作情况的报告", "方正小标宋_GBK", 22, centre)
    shape(document, "（2024年7月）", "楷体", 16, centre)
    shape(document, "市人民政府：", "FangSong", 16)
    shape(document, "现将有关情况报告如下。", "FangSong", 16, indent=32)
    shape(document, "一、主要做法", "SimHei", 16, indent=32)
    mixed = shape(document, "（一）抓企业培育。", "楷体", 16, indent=32)
    run = mixed.add_run("新增高新技术企业112家，同比增长12.4%，详见https://example.gov.cn/a,b。")
    run.font.size = Pt(16)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "方正仿宋_GBK")
    shape(document, "单位：万元", "仿宋", 12, WD_ALIGN_PARAGRAPH.RIGHT)
    shape(document, "附件：1. 名单", "仿宋", 16, indent=32)
    shape(document, "2. 目录", "仿宋", 16, indent=80)
    shape(document, "临江市科学技术局", "仿宋", 16, WD_ALIGN_PARAGRAPH.RIGHT)
    shape(document, "2024年7月8日", "仿宋", 16, WD_ALIGN_PARAGRAPH.RIGHT)
    shape(document, "抄送：市财政局。", "仿宋", 14)
    buffer = io.BytesIO()
    document.save(buffer)
    rules = {item.rule for item in check(buffer.getvalue())}
    assert rules <= {"页边距", "纸张", "文档网格", "页码", "签发人"}, check(buffer.getvalue())


def test_text_boxes_are_not_taken_for_the_paragraph_they_hang_on() -> None:
    def change(document: Any) -> None:
        run = line(document, "申报单位应").add_run()
        box = run._r.makeelement(qn("w:txbxContent"), {})
        run._r.append(box)
        box.append(document.add_paragraph("图中的注释,用了别的字体")._p)

    assert broken(change) == []


def test_there_are_fifteen_kinds_of_document() -> None:
    assert len(KINDS) == 15


def test_a_file_written_without_any_care_is_read_and_criticised() -> None:
    document = docx.Document()
    document.add_heading("关于开展工作的通知", 0)
    document.add_paragraph("各单位:")
    document.add_paragraph("现将有关事项通知如下,请遵照执行.")
    buffer = io.BytesIO()
    document.save(buffer)
    rules = {item.rule for item in check(buffer.getvalue())}
    assert {"页边距", "文档网格", "页码", "标题字体", "主送机关", "正文字体", "标点", "成文日期", "版记"} <= rules


def test_a_file_without_words_is_named_so() -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    assert [item.rule for item in check(buffer.getvalue())] == ["内容"]


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


WHOLE = to_docx(NOTICE, FONTS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"hello", "损坏"),
        (OLE + b"\0" * 600, "旧版.doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1", "RTF"),
        (zipped(**{"word__document.xml": "<a/>", "[Content_Types].xml": "macroEnabled"}), "带宏"),
        (zipped(a="b"), "不是Word文档"),
        (zipped(**{"word__document.xml": "<broken"}), "损坏"),
        (WHOLE[: len(WHOLE) // 2], "损坏"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PaperError, match=words):
        check(data)


def test_flipped_bytes_never_crash_the_checker() -> None:
    for place in range(0, len(WHOLE), max(1, len(WHOLE) // 60)):
        data = bytearray(WHOLE)
        data[place] ^= 0xFF
        try:
            check(bytes(data))
        except PaperError as error:
            assert str(error).endswith("。")


def test_a_hostile_text_does_not_stall_the_checker() -> None:
    for text in ("a" * 100_000, "（" * 5000, "2024年" * 3000, "@" * 50_000, "中," * 5000):
        document = docx.Document()
        document.add_paragraph(text)
        buffer = io.BytesIO()
        document.save(buffer)
        start = time.perf_counter()
        check(buffer.getvalue())
        assert time.perf_counter() - start < 3


def test_the_command_tells_by_its_exit_code(tmp_path: Any, capsys: Any) -> None:
    good, bad = tmp_path / "good.docx", tmp_path / "bad.docx"
    good.write_bytes(WHOLE)
    document = docx.Document()
    document.add_paragraph("通知")
    document.save(str(bad))
    assert cli.main(["check", str(good)]) == 0
    assert cli.main(["check", str(bad)]) == 1
    assert cli.main(["check", str(tmp_path / "none.docx")]) == 2
    output = capsys.readouterr().out
    assert "未发现格式问题" in output
    assert "不能打开文件" in output
