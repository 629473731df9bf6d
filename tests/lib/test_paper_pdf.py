"""PDF papers: the grid of 22 lines by 28 characters, page numbers, colophon, any text at all."""

from __future__ import annotations

import io
import threading
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from keji.lib.paper import fonts
from keji.lib.paper.docx import to_docx
from keji.lib.paper.model import Attachment, Block, Column, Heading, Note, Paper, PaperError, Picture, Table, Text
from keji.lib.paper.pdf import png_size, to_pdf
from keji.lib.paper.tables import column_weights
from tests.lib.papers import bulletin, wide_table

FONTS = fonts.find()
LONG = Text("推进科技创新工作" * 200)


def reader(paper: Paper) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(paper, FONTS)))


def lines(page: object) -> list[str]:
    return [line.strip() for line in page.extract_text().splitlines() if line.strip()]  # type: ignore[attr-defined]


def numbers(document: PdfReader) -> list[bool]:
    """Which pages bear a number."""
    return [any(line.startswith("— ") and line.endswith(" —") for line in lines(page)) for page in document.pages]


def test_a_full_page_holds_22_lines_of_28_characters() -> None:
    page = [line for line in lines(reader(Paper("关于工作的通报", body=(LONG,))).pages[1]) if not line.startswith("—")]
    assert len(page) == 22
    assert {len(line) for line in page} == {28}


def test_the_first_line_is_indented_by_two_characters() -> None:
    first = lines(reader(Paper("关于工作的通报", body=(LONG,))).pages[0])[1]
    assert len(first) == 26


PARTS = (
    "临江市科学技术局文件",
    "临科通〔2024〕5号",
    "关于2024年8月全市科技创新工作要点推进情况的通报",
    "一、总体情况",
    "（一）企业培育",
    "1.高新技术企业",
    "表1各县区主要指标完成情况",
    "附件：1.各县区科技创新指标台账",
    "2024年9月5日",
    "（此件公开发布）",
    "附件2",
    "抄送：市委办公室",
    "2024年9月5日印发",
    "数据版本：",
)


def test_a_bulletin_carries_every_part() -> None:
    document = reader(bulletin())
    text = "".join("".join(page.extract_text().split()) for page in document.pages)
    assert len(document.pages) >= 5
    for part in PARTS:
        assert part in text, part


def test_the_colophon_stands_on_an_even_page_that_bears_no_number_when_it_holds_nothing_else() -> None:
    short = Paper(
        "关于工作的通知", body=(Text("请遵照执行。"),), printed_by="市科技局办公室", issued_on=date(2024, 9, 5)
    )
    document = reader(short)
    assert numbers(document) == [True, False]
    assert "印发" in document.pages[1].extract_text()


def test_the_colophon_shares_an_even_last_page_with_the_text() -> None:
    document = reader(
        Paper(
            "关于工作的通知",
            body=(Text("推进科技创新工作" * 80),),
            printed_by="市科技局办公室",
            issued_on=date(2024, 9, 5),
        )
    )
    assert numbers(document) == [True, True]
    assert "印发" in document.pages[1].extract_text()


def test_when_an_even_page_is_full_the_colophon_goes_to_the_next_even_one() -> None:
    """No amount of text makes text and colophon overlap, or leaves the colophon on an odd page."""
    for count in range(60, 160, 4):
        body = (Text("推进科技创新工作" * count),)
        document = reader(Paper("关于工作的通知", body=body, printed_by="市科技局办公室", issued_on=date(2024, 9, 5)))
        assert len(document.pages) % 2 == 0
        last = lines(document.pages[-1])
        assert sum("印发" in line for line in last) == 1
        assert len([line for line in last if "推进" in line or "科技创新" in line]) <= 20


@pytest.mark.parametrize("names", [(), ("名单",), ("名单", "目录", "格式")])
def test_a_signature_never_stands_alone(names: tuple[str, ...]) -> None:
    for count in (*range(40, 75, 2), 63, *range(124, 150, 2)):
        body = (Heading(1, "一、情况"), Text("推进科技创新工作" * count))
        files = [Attachment(name) for name in names]
        paper = Paper("关于工作的通知", body=body, signer="市科技局", issued_on=date(2024, 9, 5), attachments=files)
        page = next(words for words in map(lines, reader(paper).pages) if "2024年9月5日" in words)
        assert any(set(line) <= set("推进科技创新工作") for line in page), count


def test_after_a_table_its_note_goes_along_with_the_signature() -> None:
    for rows in range(14, 30):
        table = Table(
            (Column("单位"), Column("得分")), [(f"县区{n}", Decimal(n)) for n in range(rows)], note="数据来自台账。"
        )
        paper = Paper("关于工作的通报", body=(Text("情况如下。"), table), signer="市科技局", issued_on=date(2024, 9, 5))
        page = next(words for words in map(lines, reader(paper).pages) if "2024年9月5日" in words)
        assert "注：数据来自台账。" in page, rows


def test_a_wide_table_lies_and_its_head_is_repeated() -> None:
    document = reader(
        Paper("关于台账的通报", body=(Text("见附件。"),), attachments=(Attachment("台账", (wide_table(),)),))
    )
    lying = [page for page in document.pages if page.mediabox.width > page.mediabox.height]
    assert len(lying) >= 2
    assert all("重点实验室" in page.extract_text() for page in lying)
    assert all(numbers(document))


def test_rare_characters_of_names_are_printed() -> None:
    rare = "堃喆翀犇"
    assert rare in reader(Paper("关于工作的通知", body=(Text(f"负责人：{rare}。"),))).pages[0].extract_text()


def test_what_looks_like_markup_is_printed_as_it_stands() -> None:
    text = '#panic("x") $x^2$ *粗* _斜_ `码` @引 <标> \\ // [内] {代}'
    page = reader(Paper("关于工作的通知", body=(Text(text),))).pages[0].extract_text()
    assert "".join(text.split()) in "".join(page.split())


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert to_pdf(bulletin(), FONTS) == to_pdf(bulletin(), FONTS)


def test_the_file_declares_itself_an_archive_pdf() -> None:
    assert b"pdfaid" in to_pdf(bulletin(), FONTS)


def test_a_character_no_font_has_still_gives_a_pdf() -> None:
    assert to_pdf(Paper("关于🎉的通知"), FONTS).startswith(b"%PDF")


def test_many_threads_may_set_papers_at_once() -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                assert to_pdf(bulletin(), FONTS).startswith(b"%PDF")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_bulletin_is_set_within_half_a_second() -> None:
    to_pdf(bulletin(), FONTS)
    start = time.perf_counter()
    to_pdf(Paper("关于工作的通报", body=(LONG,), number=str(start)), FONTS)
    assert time.perf_counter() - start < 0.5


def test_a_picture_must_be_png_or_svg() -> None:
    with pytest.raises(PaperError, match="PNG"):
        to_pdf(Paper("关于工作的通知", body=(Picture(b"GIF89a"),)), FONTS)
    with pytest.raises(PaperError):
        png_size(b"\x89PNG\r\n\x1a\n")


ANY = st.text(max_size=60) | st.sampled_from(
    [
        "a" * 400,
        "#" * 50,
        "\x00\x07\ufffe",
        "🎉👨‍👩‍👧‍👦",
        "\u202e倒",
        "]]>",
        "$",
        "\\",
        '"',
        "%",
        "{{x}}",
        "\ud800",
        "汉" * 300,
        "\n\n",
        " ",
    ]
)
VALUES = st.none() | ANY | st.integers() | st.decimals()


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return Heading(draw(st.sampled_from((1, 2, 3, 4))), draw(ANY))
    if kind == 1:
        return Text(draw(ANY))
    if kind == 2:
        return Note(draw(ANY))
    width = draw(st.integers(1, 9))
    rows = draw(st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=4))
    return Table([Column(draw(ANY), unit=draw(ANY)) for _ in range(width)], rows, draw(ANY), draw(ANY))


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    texts = {name: draw(ANY) for name in ("issuer_mark", "number", "addressee", "signer", "annotation", "copies_to")}
    texts |= {name: draw(ANY) for name in ("printed_by", "secrecy", "urgency", "signatory", "copy_number")}
    return Paper(
        title=draw(ANY),
        body=draw(st.lists(blocks(), max_size=4)),
        attachments=draw(st.lists(st.builds(Attachment, ANY, st.lists(blocks(), max_size=2)), max_size=2)),
        issued_on=draw(st.none() | st.dates()),
        sealed=draw(st.booleans()),
        footnotes=draw(st.lists(ANY, max_size=2)),
        **texts,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(papers())
def test_any_text_can_be_set(paper: Paper) -> None:
    assert to_pdf(paper, FONTS).startswith(b"%PDF")
    assert to_docx(paper, FONTS).startswith(b"PK")


def test_figures_of_a_column_share_their_decimals() -> None:
    table = Table([Column("额")], [(Decimal("1.5"),), (2,), (Decimal("10.25"),), (None,)])
    text = reader(Paper("关于台账的通报", body=(table,))).pages[0].extract_text()
    assert "1.50" in text
    assert "2.00" in text
    assert "10.25" in text
    assert "—" in text


def test_a_column_with_a_weight_beside_columns_without_is_no_mere_slit() -> None:
    table = Table(
        [Column("序号", "center", 0.6), Column("中心名称"), Column("建设依托单位")],
        [["1", "金安泰力电子科技有限公司六安市企业研发中心", "金安泰力电子科技有限公司"]],
    )
    assert min(column_weights(table)) > 0.07
    both = Table([Column("序号", "center", 0.6), Column("名称", width=3)], [["1", "甲"]])
    assert column_weights(both) == pytest.approx([0.6 / 3.6, 3 / 3.6]), "weights of all columns stay what they are"
