"""Tables of a .docx: figures, and the colophon (版记) that keeps to the foot of the last page."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from keji.lib.paper import layout, ooxml, tables
from keji.lib.paper.model import Paper, Table

THICK, THIN = 8, 6  # eighths of a point: 0.35 mm and 0.26 mm
_LYING_WIDTH_PT = (layout.PAGE_HEIGHT_MM - layout.TOP_MM - layout.BOTTOM_MM) * layout.PT_PER_MM


def caption(document: Document, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    ooxml.run(paragraph, layout.one_line(text), "hei", 14)
    properties = paragraph._p.get_or_add_pPr()
    ooxml.spacing(properties, 24)
    ooxml.put(properties, "jc", val="center")
    return paragraph


def table(document: Document, block: Table, lying: bool) -> None:
    """A ruled table; its head is repeated on every page and no row is torn apart."""
    if block.caption:
        above = caption(document, block.caption)
        above.paragraph_format.keep_with_next = True
        ooxml.spacing(above._p.get_or_add_pPr(), 24, before_pt=8, after_pt=3)
    heads = tables.header_cells(block, lying)
    rows, aligns = tables.table_cells(block)
    width = _LYING_WIDTH_PT if lying else layout.TEXT_WIDTH_PT
    widths = [ooxml.twips(width * weight) for weight in tables.column_weights(block, lying)]
    size = tables.table_size_pt(block)
    word = document.add_table(len(rows) + 1, len(widths))
    _frame(word, widths, inner=4)
    cells = _grid(word)
    for index, lines in enumerate(heads):
        _fill(cells[0][index], "\n".join(lines), "center", size, "hei")
    for values, line in zip(rows, cells[1:], strict=True):
        for index, value in enumerate(values):
            _fill(line[index], value, aligns[index], size)
    for number, row in enumerate(word._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        ooxml.put(properties, "cantSplit")
        if number == 0:
            ooxml.put(properties, "tblHeader")
    after = document.add_paragraph()
    ooxml.spacing(after._p.get_or_add_pPr(), 17 if block.note else 6)
    if block.note:
        ooxml.run(after, "注：" + layout.one_line(block.note), "body", 10.5)
        ooxml.spacing(after._p.get_or_add_pPr(), 17, before_pt=3, after_pt=8)


def _grid(word: WordTable) -> list[list[_Cell]]:
    """All cells at once: asking python-docx for one at a time is quadratic."""
    return [[_Cell(cell, word) for cell in row.tc_lst] for row in word._tbl.tr_lst]


def _frame(word: WordTable, widths: list[int], inner: int) -> None:
    properties = word._tbl.tblPr
    ooxml.put(properties, "tblW", w=sum(widths), type="dxa")
    ooxml.put(properties, "jc", val="center")
    borders = ooxml.put(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(ooxml.border(side, inner))
    ooxml.put(properties, "tblLayout", type="fixed")
    margins = ooxml.put(properties, "tblCellMar")
    for side in ("left", "right"):
        margins.append(ooxml.element(side, w=80, type="dxa"))
    for column, width in zip(word._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in word._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            ooxml.put(cell.get_or_add_tcPr(), "tcW", w=width, type="dxa")


def _fill(cell: _Cell, text: str, align: str, size: float, role: str = "body", line: float | None = None) -> Any:
    paragraph = cell.paragraphs[0]
    for number, part in enumerate(text.split("\n")):
        added = ooxml.run(paragraph, "", role, size)
        if number:
            added.add_break()
        added.add_text(part)
    properties = paragraph._p.get_or_add_pPr()
    ooxml.spacing(properties, line or (17 if size < layout.TABLE_PT else 20), 1.5, 1.5)
    ooxml.put(properties, "jc", val=align)
    ooxml.put(cell._tc.get_or_add_tcPr(), "vAlign", val="center")
    return properties


def colophon(document: Document, paper: Paper) -> None:
    """The colophon as a table floating at the foot of the page the text ends on, data version above it."""
    notes = [line for note in paper.footnotes for line in layout.paragraphs(note)]
    rows = [("note", text) for text in notes]
    if paper.copies_to:
        rows.append(("copies", f"抄送：{layout.copies_line(paper)}"))
    if paper.printed_by:
        rows.append(("printed", "\t".join(layout.printed_line(paper))))
    if not rows:
        return
    word = document.add_table(len(rows), 2)
    # a table as wide as the text is taken for an ordinary one by some readers
    width = ooxml.twips(layout.TEXT_WIDTH_PT) - 10
    _frame(word, [width - 4200, 4200], inner=0)
    properties = word._tbl.tblPr
    ooxml.put(
        properties,
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="margin",
        horzAnchor="margin",
        tblpXSpec="center",
        tblpYSpec="bottom",
    )
    for side in properties.find(qn("w:tblBorders")):
        side.set(qn("w:val"), "nil")
    for index, (line, (kind, text)) in enumerate(zip(_grid(word), rows, strict=True)):
        below_note = index == 0 or rows[index - 1][0] == "note"
        edges = (THICK if below_note else THIN, THICK if index == len(rows) - 1 else THIN)
        _colophon_row(line, kind, text, edges)
    # a floating table hangs on the paragraph after it
    anchor = document.add_paragraph()
    ooxml.spacing(anchor._p.get_or_add_pPr(), 1)


def _colophon_row(line: list[_Cell], kind: str, text: str, edges: tuple[int, int]) -> None:
    cells = line
    if kind != "printed":
        cells = [line[0].merge(line[1])]
    if kind == "note":
        _fill(cells[0], text, "left", 9, line=13)
        return
    size = layout.COLOPHON_PT
    for cell, part, side in zip(cells, text.split("\t"), ("left", "right"), strict=False):
        properties = _fill(cell, part, "both" if kind == "copies" else side, size, line=25)
        ooxml.spacing(properties, 25)
        if kind == "copies":
            ooxml.indent(properties, size, left=4, hanging=3, right=1)
        else:
            ooxml.indent(properties, size, **{side: 1.0})
        borders = ooxml.put(cell._tc.get_or_add_tcPr(), "tcBorders")
        for name, width in zip(("top", "bottom"), edges, strict=True):
            borders.append(ooxml.border(name, width))
