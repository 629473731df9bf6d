"""Small strokes of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from keji.lib.paper.layout import WORD_FONTS


def twips(points: float) -> int:
    return round(points * 20)


def element(tag: str, **attributes: Any) -> Any:
    """<w:tag w:name="value"…/>"""
    node = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    return node


def put(parent: Any, tag: str, **attributes: Any) -> Any:
    """Replace the child `tag`, keeping the order the schema asks for."""
    old = parent.find(qn(f"w:{tag}"))
    node = element(tag, **attributes)
    if old is not None:
        parent.replace(old, node)
    else:
        _insert(parent, node, tag)
    return node


_CHILDREN = """
rPr rStyle rFonts b bCs i color spacing w kern position sz szCs u lang
pPr pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs autoSpaceDE autoSpaceDN \
snapToGrid spacing ind jc textAlignment outlineLvl rPr sectPr
sectPr headerReference footerReference type pgSz pgMar pgBorders pgNumType cols titlePg docGrid
tblPr tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption
tcPr tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign
trPr cantSplit trHeight tblHeader jc
"""
#: The order the schema asks of the children of each element.
_ORDER = {line.split()[0]: line.split()[1:] for line in _CHILDREN.strip().splitlines()}


def _insert(parent: Any, node: Any, tag: str) -> None:
    order = _ORDER[parent.tag.split("}")[1]]
    later = {qn(f"w:{name}") for name in order[order.index(tag) + 1 :]}
    for position, child in enumerate(parent):
        if child.tag in later:
            parent.insert(position, node)
            return
    parent.append(node)


def set_font(properties: Any, role: str, size_pt: float, color: str = "") -> None:
    """Name one font for all scripts: the standard sets figures in the text's own type."""
    name = WORD_FONTS[role]
    put(properties, "rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name, hint="eastAsia")
    if color:
        put(properties, "color", val=color)
    put(properties, "sz", val=round(size_pt * 2))
    put(properties, "szCs", val=round(size_pt * 2))


def run(paragraph: Paragraph, text: str, role: str = "", size_pt: float = 16, color: str = "") -> Run:
    """Add a run; without a role it looks as the paragraph's style says."""
    added = paragraph.add_run(text)
    if role:
        set_font(added._r.get_or_add_rPr(), role, size_pt, color)
    return added


def spacing(properties: Any, line_pt: float, before_pt: float = 0, after_pt: float = 0) -> None:
    put(
        properties,
        "spacing",
        before=twips(before_pt),
        after=twips(after_pt),
        line=twips(line_pt),
        lineRule="exact",
    )


def indent(properties: Any, size_pt: float, **chars: float) -> None:
    """Indents in characters (`left`, `right`, `firstLine`, `hanging`), with the twips other readers want."""
    attributes: dict[str, int] = {}
    for side, count in chars.items():
        attributes[f"{side}Chars"] = round(count * 100)
        attributes[side] = twips(count * size_pt)
    put(properties, "ind", **attributes)


def field(paragraph: Paragraph, code: str, role: str, size_pt: float) -> None:
    """A field such as PAGE, filled in by the reader."""
    for kind in ("begin", "code", "separate", "text", "end"):
        part = run(paragraph, "1" if kind == "text" else "", role, size_pt)
        if kind == "code":
            instruction = element("instrText")
            instruction.text = f" {code} "
            part._r.append(instruction)
        elif kind != "text":
            part._r.append(element("fldChar", fldCharType=kind))


def undated(data: bytes) -> bytes:
    """The same package without the time of packing, so the same paper gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0)), old.read(item), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def border(tag: str, eighths: int, color: str = "000000", space: int = 0) -> Any:
    return element(tag, val="single", sz=eighths, space=space, color=color)
