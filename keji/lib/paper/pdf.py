"""A paper as PDF/A: sets `paper.typ` with the paper's text passed as data, never as markup."""

from __future__ import annotations

import base64
import json
import struct
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from keji.lib.paper import layout, tables
from keji.lib.paper.fonts import Fonts
from keji.lib.paper.model import Block, Heading, Note, Paper, PaperError, Picture, Table, Text, chinese_date
from keji.lib.paper.titles import break_title

_TEMPLATE = Path(__file__).with_name("paper.typ")
_local = threading.local()


def to_pdf(paper: Paper, fonts: Fonts) -> bytes:
    """Set the paper. The result is PDF/A-2b unless it holds a character no font here can draw."""
    data = json.dumps(_data(paper, fonts), ensure_ascii=False)
    compiler = _compiler(fonts)
    stamp = datetime.combine(paper.issued_on, time(), UTC) if paper.issued_on else datetime(2000, 1, 1, tzinfo=UTC)
    options: dict[str, Any] = {
        "input": _TEMPLATE.read_bytes(),
        "sys_inputs": {"data": data},
        "format": "pdf",
        "timestamp": stamp,
    }
    try:
        return _bytes(compiler.compile(pdf_standards="a-2b", **options))
    except typst.TypstError as archival:
        try:
            return _bytes(compiler.compile(**options))
        except typst.TypstError:
            raise PaperError(f"公文“{layout.one_line(paper.title)[:40]}”排版失败：{archival}。") from archival


def _compiler(fonts: Fonts) -> typst.Compiler:
    """One compiler per thread: a shared one refuses a second caller."""
    held: dict[tuple[str, ...], typst.Compiler] = _local.__dict__.setdefault("compilers", {})
    if fonts.folders not in held:
        loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(fonts.folders))
        held[fonts.folders] = typst.Compiler(font_paths=loaded)
    return held[fonts.folders]


def _bytes(result: bytes | list[bytes] | None) -> bytes:
    if not isinstance(result, bytes):
        raise PaperError("排版没有产生PDF。")
    return result


def _text(text: str) -> str:
    return layout.breakable(layout.one_line(text))


def _lines(title: str) -> list[str]:
    return [layout.breakable(line) for line in break_title(layout.clean(title).strip())]


def _data(paper: Paper, fonts: Fonts) -> dict[str, Any]:
    pages = [(index, item) for index, item in enumerate(paper.attachments) if item.blocks]
    return {
        "fonts": {role: list(chain) for role, chain in fonts.chains.items()},
        "figures": {role: list(fonts.figures.get(role, ())) for role in fonts.chains},
        "weights": {role: (900 if role == "title" else 700) if role in fonts.heavy else 400 for role in fonts.chains},
        "title": _text(paper.title),
        "title-lines": _lines(paper.title),
        "author": [layout.one_line(paper.signer)] if paper.signer else [],
        "mark": layout.one_line(paper.issuer_mark),
        "mark-size": layout.mark_size_pt(paper.issuer_mark),
        "number": _text(paper.number),
        "signatory": _text(paper.signatory),
        "copy-number": _text(paper.copy_number),
        "secrecy": _text(paper.secrecy),
        "urgency": _text(paper.urgency),
        "addressee": _text(layout.addressee_line(paper)),
        "blocks": _blocks(paper.body),
        "attachment-lines": [[_text(tag), number, _text(name)] for tag, number, name in layout.attachment_lines(paper)],
        "attachments": [
            {
                "tag": layout.attachment_tag(paper, index),
                "lines": _lines(item.name),
                "lying": item.lies,
                "blocks": _blocks(item.blocks, item.lies),
                "last": index == pages[-1][0],
            }
            for index, item in pages
        ],
        "signer": _text(paper.signer),
        "date": chinese_date(paper.issued_on) if paper.issued_on else "",
        "indents": list(layout.signature_indents(paper)),
        "annotation": _text(layout.annotation_line(paper)),
        "has-colophon": paper.has_colophon,
        "copies": _text(layout.copies_line(paper)),
        "printed": [_text(part) for part in layout.printed_line(paper)],
        "footnotes": [_text(line) for note in paper.footnotes for line in layout.paragraphs(note)],
    }


def _blocks(blocks: Sequence[Block], lying: bool = False) -> list[dict[str, Any]]:
    return [item for block in blocks for item in _block(block, lying)]


def _block(block: Block, lying: bool) -> list[dict[str, Any]]:
    match block:
        case Heading():
            return [{"kind": "heading", "level": block.level, "text": _text(block.text)}]
        case Text():
            return [{"kind": "text", "text": layout.breakable(line)} for line in layout.paragraphs(block.text)]
        case Note():
            return [{"kind": "note", "text": layout.breakable(line)} for line in layout.paragraphs(block.text)]
        case Picture():
            return [{"kind": "picture", "svg": as_svg(block), "width": block.width_mm, "caption": _text(block.caption)}]
        case Table():
            cells, aligns = tables.table_cells(block)
            return [
                {
                    "kind": "table",
                    "caption": _text(block.caption),
                    "header": [[_text(line) for line in lines] for lines in tables.header_cells(block, lying)],
                    "aligns": aligns,
                    "weights": tables.column_weights(block, lying),
                    "rows": [[_text(cell) for cell in row] for row in cells],
                    "note": _text(block.note),
                    "wide": block.wide,
                }
            ]


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from a PNG's first chunk."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        raise PaperError("图片只能是PNG或SVG格式。")
    width, height = struct.unpack(">II", data[16:24])
    if not width or not height:
        raise PaperError("图片的宽或高为零。")
    return width, height


def picture_png(picture: Picture, fonts: Fonts) -> tuple[bytes, int, int]:
    """The picture as PNG with its size; an SVG is drawn at 240 dots per inch."""
    if b"<svg" not in picture.data[:2000]:
        return (picture.data, *png_size(picture.data))
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.data), format: "svg", width: float(sys.inputs.width) * 1mm)'
    )
    inputs = {"data": as_svg(picture), "width": str(picture.width_mm)}
    try:
        drawn = _bytes(_compiler(fonts).compile(input=source.encode(), sys_inputs=inputs, format="png", ppi=240))
    except typst.TypstError as error:
        raise PaperError(f"图片“{layout.one_line(picture.caption)[:40]}”不能识别。") from error
    return (drawn, *png_size(drawn))


def as_svg(picture: Picture) -> str:
    """Text can carry an SVG as it is, and a PNG inside one: no temporary files, whatever the thread."""
    if b"<svg" in picture.data[:2000]:
        try:
            return picture.data.decode()
        except UnicodeDecodeError as error:
            raise PaperError("SVG图片应为UTF-8编码。") from error
    width, height = png_size(picture.data)
    content = base64.b64encode(picture.data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{content}"/></svg>'
    )
