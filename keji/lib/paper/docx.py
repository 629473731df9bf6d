"""A paper as .docx: the character grid of GB/T 9704 and the font names every office computer has."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from keji.lib.paper import layout, ooxml, word_pages, word_tables
from keji.lib.paper.fonts import Fonts
from keji.lib.paper.model import Attachment, Block, Heading, Note, Paper, Picture, Table, Text, chinese_date
from keji.lib.paper.pdf import picture_png
from keji.lib.paper.titles import break_title

LINE_PT = 28.95  # 579 twips: 22 of them fit into 225 mm, of 29 pt they would not
# Readers disagree on how a letter larger than its grid cell snaps (some give it two cells), so the paragraphs carry
# the pitch themselves: a quarter point less between letters makes 28 of them fit in every reader.
PITCH_TWIPS = -5
TITLE_LINE_PT = 34.0

#: Paragraph styles: name → (role, size, line, alignment, indents, outline level)
STYLES: dict[str, tuple[str, float, float, str, dict[str, float], int | None]] = {
    "公文正文": ("body", 16, LINE_PT, "both", {"firstLine": 2}, None),
    "公文标题": ("title", 22, TITLE_LINE_PT, "center", {}, None),
    "公文主送": ("body", 16, LINE_PT, "left", {}, None),
    "公文一级标题": ("hei", 16, LINE_PT, "both", {"firstLine": 2}, 0),
    "公文二级标题": ("kai", 16, LINE_PT, "both", {"firstLine": 2}, 1),
    "公文三级标题": ("body", 16, LINE_PT, "both", {"firstLine": 2}, 2),
    "公文四级标题": ("body", 16, LINE_PT, "both", {"firstLine": 2}, 3),
    "公文附注": ("body", 14, 25, "both", {"firstLine": 2}, None),
    "公文附件标识": ("hei", 16, LINE_PT, "left", {}, None),
    "公文落款": ("body", 16, LINE_PT, "right", {}, None),
}


def to_docx(paper: Paper, fonts: Fonts) -> bytes:
    """Write the paper. `fonts` only serves pictures drawn as SVG, which become bitmaps."""
    document = docx.Document()
    _prepare(document, paper)
    word_pages.lay_page(document.sections[0], lying=False)
    _head(document, paper)
    _title(document, paper.title)
    if paper.addressee:
        _add(document, "公文主送", layout.addressee_line(paper))
    _blocks(document, paper.body, fonts)
    _attachment_list(document, paper)
    _signature(document, paper)
    lying = _attachments(document, paper, fonts)
    if lying and (paper.has_colophon or paper.footnotes):
        _section(document, lying=False)
    word_tables.colophon(document, paper)
    buffer = io.BytesIO()
    document.save(buffer)
    return ooxml.undated(buffer.getvalue())


def _prepare(document: Document, paper: Paper) -> None:
    """Defaults and styles; the template's own theme fonts and spacing would show through."""
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    for node in list(defaults):
        defaults.remove(node)
    for holder, inner in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
        outer = ooxml.element(holder)
        outer.append(ooxml.element(inner))
        defaults.append(outer)
    properties = defaults[0][0]
    ooxml.set_font(properties, "body", layout.BODY_PT)
    ooxml.put(properties, "lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    normal = document.styles["Normal"]
    ooxml.set_font(normal.element.get_or_add_rPr(), "body", layout.BODY_PT)
    _paragraph_look(normal.element.get_or_add_pPr(), LINE_PT, "both", {}, 16, None)
    for name, (role, size, line, align, indents, level) in STYLES.items():
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        ooxml.set_font(style.element.get_or_add_rPr(), role, size)
        if size == layout.BODY_PT:
            ooxml.put(style.element.rPr, "spacing", val=PITCH_TWIPS)
        _paragraph_look(style.element.get_or_add_pPr(), line, align, indents, size, level)
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    for node in settings.element.iter(qn("w:characterSpacingControl")):
        node.set(qn("w:val"), "compressPunctuation")
    for node in settings.element.iter(qn("w:themeFontLang")):
        node.set(qn("w:eastAsia"), "zh-CN")
    core = document.core_properties
    core.title, core.author = layout.one_line(paper.title)[:255], layout.one_line(paper.signer)[:255]
    core.comments, core.language = "", "zh-CN"
    if paper.issued_on:
        core.created = core.modified = datetime.combine(paper.issued_on, time())


def _paragraph_look(
    properties: Any, line: float, align: str, indents: dict[str, float], size: float, level: int | None
) -> None:
    ooxml.put(properties, "widowControl", val="0")  # the grid is filled to its last line
    ooxml.put(properties, "autoSpaceDE", val="0")  # no gaps around figures: they would break the pitch
    ooxml.put(properties, "autoSpaceDN", val="0")
    ooxml.put(properties, "snapToGrid", val="0")
    ooxml.spacing(properties, line)
    if indents:
        ooxml.indent(properties, layout.CHAR_PT if size == layout.BODY_PT else size, **indents)
    ooxml.put(properties, "jc", val=align)
    if level is not None:
        ooxml.put(properties, "keepNext")
        ooxml.put(properties, "outlineLvl", val=level)


def _add(document: Document, style: str, text: str = "") -> Paragraph:
    return document.add_paragraph(text, style=style)


def _head(document: Document, paper: Paper) -> None:
    first = [layout.one_line(text) for text in (paper.copy_number, paper.secrecy, paper.urgency) if text]
    if not (first or paper.issuer_mark or paper.number):
        return
    for text in first:
        _add(document, "公文附件标识", text)
    if paper.issuer_mark:
        size = layout.mark_size_pt(paper.issuer_mark)
        mark = _add(document, "公文标题")
        ooxml.run(mark, layout.one_line(paper.issuer_mark), "title", size, layout.RED)
        above = 35 * layout.PT_PER_MM - len(first) * LINE_PT
        ooxml.spacing(mark._p.get_or_add_pPr(), size * 1.1, before_pt=max(above, 0))
        _add(document, "公文主送")
        _add(document, "公文主送")
    line = _add(document, "公文主送")
    properties = line._p.get_or_add_pPr()
    number = layout.one_line(paper.number)
    if paper.signatory:
        # tabs, not indents: the red line under the paragraph would be indented too
        tabs = ooxml.put(properties, "tabs")
        tabs.append(ooxml.element("tab", val="left", pos=ooxml.twips(layout.CHAR_PT)))
        edge = layout.TEXT_WIDTH_PT - layout.CHAR_PT
        tabs.append(ooxml.element("tab", val="right", pos=ooxml.twips(edge)))
        ooxml.run(line, f"\t{number}\t签发人：")
        ooxml.run(line, layout.one_line(paper.signatory), "kai", layout.BODY_PT)
    else:
        ooxml.put(properties, "jc", val="center")
        ooxml.run(line, number)
    # the line's own height already leaves 6 pt under the figures: 4 mm in all
    ooxml.put(properties, "pBdr").append(ooxml.border("bottom", 12, layout.RED, space=6))
    _add(document, "公文主送")
    _add(document, "公文主送")


def _title(document: Document, title: str) -> None:
    paragraph = _add(document, "公文标题")
    for index, line in enumerate(break_title(layout.clean(title).strip())):
        if index:
            paragraph.add_run().add_break()
        paragraph.add_run(line)
    _add(document, "公文主送")


def _blocks(document: Document, blocks: Sequence[Block], fonts: Fonts, lying: bool = False) -> None:
    for block in blocks:
        match block:
            case Heading():
                _add(document, f"公文{'一二三四'[block.level - 1]}级标题", layout.one_line(block.text))
            case Text():
                for line in layout.paragraphs(block.text):
                    _add(document, "公文正文", line)
            case Note():
                for line in layout.paragraphs(block.text):
                    _add(document, "公文附注", line)
            case Table():
                word_tables.table(document, block, lying)
            case Picture():
                _picture(document, block, fonts)


def _picture(document: Document, picture: Picture, fonts: Fonts) -> None:
    data, width, height = picture_png(picture, fonts)
    shown = min(picture.width_mm, 156.0, 150.0 * width / height)
    holder = document.add_paragraph()
    properties = holder._p.get_or_add_pPr()
    ooxml.put(properties, "spacing", before=120, after=60, line=240, lineRule="auto")
    ooxml.put(properties, "jc", val="center")
    holder.add_run().add_picture(io.BytesIO(data), width=Mm(shown))
    if picture.caption:
        ooxml.put(properties, "keepNext")
        word_tables.caption(document, picture.caption)


def _attachment_list(document: Document, paper: Paper) -> None:
    if not paper.attachments:
        return
    _keep_last(document)
    _add(document, "公文主送")
    for tag, number, name in layout.attachment_lines(paper):
        paragraph = _add(document, "公文主送", tag + number + name)
        own = layout.display_width(number)
        ooxml.indent(
            paragraph._p.get_or_add_pPr(),
            layout.CHAR_PT,
            left=2 + 3 + own,
            hanging=own + (3 if tag else 0),
        )
        paragraph.paragraph_format.keep_with_next = True


def _keep_last(document: Document) -> None:
    """The signature must not stand on a page without words of the text."""
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True


def _signature(document: Document, paper: Paper) -> None:
    signer_indent, date_indent = layout.signature_indents(paper)
    lines = []
    if paper.signer:
        lines.append((layout.one_line(paper.signer), signer_indent))
    if paper.issued_on:
        lines.append((chinese_date(paper.issued_on), date_indent))
    if lines:
        _keep_last(document)
        for _ in range(2):
            _add(document, "公文主送").paragraph_format.keep_with_next = True
    for index, (text, right) in enumerate(lines):
        paragraph = _add(document, "公文落款", text)
        ooxml.indent(paragraph._p.get_or_add_pPr(), layout.CHAR_PT, right=right)
        paragraph.paragraph_format.keep_with_next = index < len(lines) - 1 or bool(paper.annotation)
    if paper.annotation:
        _add(document, "公文正文", layout.annotation_line(paper))


def _attachments(document: Document, paper: Paper, fonts: Fonts) -> bool:
    """Set the attachments; says whether the last page lies."""
    lying = False
    for index, item in enumerate(paper.attachments):
        if item.blocks:
            _attachment(document, item, layout.attachment_tag(paper, index), lying, fonts)
            lying = item.lies
    return lying


def _attachment(document: Document, item: Attachment, tag: str, was_lying: bool, fonts: Fonts) -> None:
    if item.lies != was_lying:
        _section(document, item.lies)
    first = _add(document, "公文附件标识", tag)
    first.paragraph_format.page_break_before = item.lies == was_lying
    _add(document, "公文主送")
    _title(document, item.name)
    _blocks(document, item.blocks, fonts, item.lies)


def _section(document: Document, lying: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _give_break_to_last_words(document)
    word_pages.lay_page(section, lying)


def _give_break_to_last_words(document: Document) -> None:
    """A paragraph of its own for the section break could spill over to an empty page."""
    carrier = document.element.body.findall(qn("w:p"))[-1]
    before = carrier.getprevious()
    if before is not None and before.tag == qn("w:p"):
        ooxml.put(before.get_or_add_pPr(), "sectPr").getparent().replace(
            before.pPr.find(qn("w:sectPr")), carrier.pPr.find(qn("w:sectPr"))
        )
        carrier.getparent().remove(carrier)
    else:
        ooxml.spacing(carrier.get_or_add_pPr(), 1)
