"""Page set-up of a .docx: sheets, the grid, page numbers upright and turned."""

from __future__ import annotations

from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.section import Section, _Footer
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from keji.lib.paper import layout, ooxml

_EMU_PER_MM = 36000
_BOX_LONG_MM, _BOX_SHORT_MM = 40, 9


def lay_page(section: Section, lying: bool) -> None:
    """A4; a lying sheet is the upright one turned, so its margins turn with it."""
    upright = (layout.TOP_MM, layout.RIGHT_MM, layout.BOTTOM_MM, layout.LEFT_MM)
    top, right, bottom, left = (upright[3], upright[0], upright[1], upright[2]) if lying else upright
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    width, height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.page_width, section.page_height = (height, width) if lying else (width, height)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(15), Mm(15 if lying else 24.8)
    ooxml.put(section._sectPr, "docGrid", type="linesAndChars", linePitch=580, charSpace=-848)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        if lying:
            _turned_number(footer, side)
        else:
            _number(footer.paragraphs[0], side)


def _number(paragraph: Paragraph, side: str, inward: float = 1.0) -> None:
    """— 1 —, one character in from the outer edge."""
    properties = paragraph._p.get_or_add_pPr()
    ooxml.spacing(properties, 18)
    ooxml.indent(properties, layout.PAGE_NUMBER_PT, **{side: inward})
    ooxml.put(properties, "jc", val=side)
    ooxml.run(paragraph, "— ", "song", layout.PAGE_NUMBER_PT)
    ooxml.field(paragraph, "PAGE", "song", layout.PAGE_NUMBER_PT)
    ooxml.run(paragraph, " —", "song", layout.PAGE_NUMBER_PT)


def _turned_number(footer: _Footer, side: str) -> None:
    """On a lying sheet the number stands where the bound upright one has it: at the left edge, turned clockwise."""
    paragraph = footer.paragraphs[0]
    # the upright sheet's foot lies at the left, its right edge at the bottom
    x = layout.BOTTOM_MM - 7 + 2 - _BOX_SHORT_MM
    bottom = layout.PAGE_WIDTH_MM - layout.RIGHT_MM - _BOX_LONG_MM
    y = bottom if side == "right" else layout.LEFT_MM
    run = paragraph.add_run()
    run._r.append(parse_xml(_BOX.format(x=x * _EMU_PER_MM, y=y * _EMU_PER_MM, name=1 if side == "right" else 2)))
    _number(Paragraph(next(run._r.iter(f"{{{_W}}}p")), footer), side)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BOX = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    f' xmlns:w="{_W}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0"'
    ' relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
    f'<wp:extent cx="{_BOX_SHORT_MM * _EMU_PER_MM}" cy="{_BOX_LONG_MM * _EMU_PER_MM}"/><wp:wrapNone/>'
    '<wp:docPr id="{name}" name="页码{name}"/><wp:cNvGraphicFramePr/><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
    f'<a:ext cx="{_BOX_SHORT_MM * _EMU_PER_MM}" cy="{_BOX_LONG_MM * _EMU_PER_MM}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
    "<wps:txbx><w:txbxContent><w:p/></w:txbxContent></wps:txbx>"
    '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/>'
    "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"
)
