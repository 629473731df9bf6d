"""Reads any .docx for the checker: each paragraph with the looks it ends up with after all styles."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml.ns import qn

from keji.lib.paper.layout import display_width
from keji.lib.paper.model import PaperError

_MAX_UNPACKED = 200 * 1024 * 1024


@dataclass(frozen=True)
class Piece:
    """A run of text with one look."""

    text: str
    font: str  # of Chinese characters
    size: float | None  # points
    bold: bool


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    index: int  # counted as a reader counts, from 1, empty ones left out
    text: str
    pieces: tuple[Piece, ...]
    align: str
    first_line_chars: float | None  # None: not set; negative: hanging
    left_chars: float
    pitch_pt: float | None
    pitch_rule: str
    in_table: bool
    own_mark: bool  # numbered by Word itself, the number is not in the text
    style: str = ""

    @property
    def font(self) -> str:
        return max(self.pieces, key=lambda piece: display_width(piece.text)).font if self.pieces else ""

    @property
    def size(self) -> float | None:
        return max(self.pieces, key=lambda piece: display_width(piece.text)).size if self.pieces else None

    @property
    def bold(self) -> bool:
        return any(piece.bold and piece.text.strip() for piece in self.pieces)

    @property
    def short(self) -> str:
        text = self.text.strip()
        return text if len(text) <= 14 else text[:13] + "…"

    @property
    def place(self) -> str:
        """The paragraph as a user finds it."""
        return f"{'表格内' if self.in_table else f'第{self.index}段'}“{self.short}”"


@dataclass(frozen=True)
class Sheet:
    """A section: page, margins (millimetres) and grid."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    grid_type: str
    grid_pitch: int | None
    footer_texts: tuple[str, ...]
    footer_lines: tuple[Line, ...]
    has_page_field: bool


@dataclass(frozen=True)
class Manuscript:
    lines: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    revised: bool = False  # changes not yet accepted, or comments
    odd_and_even: bool = False


def read(data: bytes) -> Manuscript:
    """Read the file or say in a sentence why it cannot be read."""
    document = _open(data)
    looks = _Looks(document)
    lines = []
    number = 0
    for node, in_table in _paragraphs(document.element.body, False):
        text = _text(node)
        number += bool(text.strip())
        lines.append(looks.line(node, number, in_table))
    body = document.element.body
    revised = next(body.iter(qn("w:ins"), qn("w:del"), qn("w:commentReference")), None) is not None
    sheets = tuple(_sheet(section, looks) for section in document.sections)
    return Manuscript(tuple(lines), sheets, revised, bool(document.settings.odd_and_even_pages_header_footer))


def _open(data: bytes) -> Any:
    if not data:
        raise PaperError("文件是空的，请重新上传。")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise PaperError("文件设有打开密码，请在Word中取消密码后再上传。")
        raise PaperError("这是旧版.doc或.wps文件，请在Word或WPS中另存为.docx后再上传。")
    if data[:5] == b"%PDF-":
        raise PaperError("这是PDF文件，格式检查需要.docx文件。")
    if data[:5] == b"{\\rtf":
        raise PaperError("这是RTF文件，请另存为.docx后再上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(item.flag_bits & 1 for item in archive.infolist()):
                raise PaperError("文件设有打开密码，请在Word中取消密码后再上传。")
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                raise PaperError("文件解压后超过200兆，不能检查，请压缩其中的图片。")
            if "word/document.xml" not in archive.namelist():
                raise PaperError("这不是Word文档（.docx），请核对所选的文件。")
            if b"wordprocessingml.document.main" not in archive.read("[Content_Types].xml"):
                raise PaperError("这是带宏的文档或模板，请在Word中另存为普通.docx后再上传。")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, KeyError, ValueError) as error:
        raise PaperError("文件已损坏或不是.docx文件，请在Word中重新保存后再上传。") from error
    try:
        return docx.Document(io.BytesIO(data))
    except Exception as error:  # a broken package fails in python-docx, lxml, zipfile or zlib, each in its own way
        raise PaperError("文件已损坏，不能读取，请在Word中重新保存后再上传。") from error


def _paragraphs(parent: Any, in_table: bool) -> Iterator[tuple[Any, bool]]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield child, in_table
        elif child.tag == qn("w:tbl"):
            for cell in child.iter(qn("w:tc")):
                yield from ((node, True) for node in cell if node.tag == qn("w:p"))
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml")):
            yield from _paragraphs(child, in_table)


_BOXES = (qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")


def _own(node: Any) -> Iterator[Any]:
    """All that belongs to a paragraph, without the text boxes that merely hang on it."""
    for child in node:
        if child.tag not in _BOXES:
            yield child
            yield from _own(child)


def _text(node: Any) -> str:
    parts = []
    for item in _own(node):
        if item.tag not in (qn("w:t"), qn("w:tab"), qn("w:br")):
            continue
        if item.tag == qn("w:t"):
            parts.append(item.text or "")
        elif item.getparent().tag == qn("w:r"):
            parts.append("\t" if item.tag == qn("w:tab") else "\n")
    return "".join(parts)


class _Looks:
    """Follows a property from the run through its styles to the defaults."""

    def __init__(self, document: Any) -> None:
        styles = document.styles.element
        self.styles = {node.get(qn("w:styleId")): node for node in styles.findall(qn("w:style"))}
        self.default = next(
            (
                node
                for node in styles.findall(qn("w:style"))
                if node.get(qn("w:type")) == "paragraph" and node.get(qn("w:default")) in ("1", "true")
            ),
            None,
        )
        defaults = styles.find(qn("w:docDefaults"))
        self.run_defaults = None if defaults is None else defaults.find(f".//{qn('w:rPr')}")
        self.paragraph_defaults = None if defaults is None else defaults.find(f".//{qn('w:pPr')}")

    def line(self, node: Any, index: int, in_table: bool) -> Line:
        own = node.find(qn("w:pPr"))
        style = self._style_of(own)
        chain = [own, *self._chain(style, "pPr"), self.paragraph_defaults]
        pieces = tuple(
            self._piece(run, style)
            for run in _own(node)
            if run.tag == qn("w:r") and any(item.tag == qn("w:t") for item in run)
        )
        indents = _attributes(chain, "ind")
        pitches = _attributes(chain, "spacing")
        size = next((piece.size for piece in pieces if piece.size), None) or 10.5
        line = _number(pitches.get("line"))
        jc = _attributes(chain, "jc").get("val", "left")
        return Line(
            index,
            _text(node),
            pieces,
            {"start": "left", "end": "right", "distribute": "both"}.get(jc, jc),
            _first_line(indents, size),
            _chars(indents, ("leftChars", "startChars"), ("left", "start"), size) or 0.0,
            line / 20 if line is not None and pitches.get("lineRule", "auto") != "auto" else None,
            pitches.get("lineRule", "auto"),
            in_table,
            any(part is not None and part.find(qn("w:numPr")) is not None for part in chain),
            self._name_of(style),
        )

    def _style_of(self, own: Any) -> Any:
        named = own.find(qn("w:pStyle")) if own is not None else None
        return self.styles.get(named.get(qn("w:val")), self.default) if named is not None else self.default

    @staticmethod
    def _name_of(style: Any) -> str:
        name = style.find(qn("w:name")) if style is not None else None
        return name.get(qn("w:val"), "") if name is not None else ""

    def _chain(self, style: Any, part: str) -> list[Any]:
        chain, seen = [], set()
        while style is not None and style.get(qn("w:styleId")) not in seen:
            seen.add(style.get(qn("w:styleId")))
            chain.append(style.find(qn(f"w:{part}")))
            base = style.find(qn("w:basedOn"))
            style = self.styles.get(base.get(qn("w:val"))) if base is not None else None
        return chain

    def _piece(self, run: Any, style: Any) -> Piece:
        own = run.find(qn("w:rPr"))
        named = own.find(qn("w:rStyle")) if own is not None else None
        character = self.styles.get(named.get(qn("w:val"))) if named is not None else None
        chain = [own, *self._chain(character, "rPr"), *self._chain(style, "rPr"), self.run_defaults]
        fonts = _attributes(chain, "rFonts")
        size = _number(_attributes(chain, "sz").get("val"))
        text = "".join(item.text or "" for item in run if item.tag == qn("w:t"))
        return Piece(text, fonts.get("eastAsia", ""), size / 2 if size else None, _on(chain, "b"))


def _attributes(chain: list[Any], tag: str) -> dict[str, str]:
    """Attributes of one property, the nearest setting of each winning."""
    found: dict[str, str] = {}
    for part in chain:
        node = part.find(qn(f"w:{tag}")) if part is not None else None
        if node is not None:
            for name, value in node.attrib.items():
                found.setdefault(name.split("}")[-1], value)
    return found


def _on(chain: list[Any], tag: str) -> bool:
    for part in chain:
        node = part.find(qn(f"w:{tag}")) if part is not None else None
        if node is not None:
            return node.get(qn("w:val"), "1") not in ("0", "false", "off")
    return False


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _chars(found: dict[str, str], chars: tuple[str, ...], twips: tuple[str, ...], size: float) -> float | None:
    for name in chars:
        value = _number(found.get(name))
        if value:
            return value / 100
    for name in twips:
        value = _number(found.get(name))
        if value is not None:
            return value / 20 / size
    return None


def _first_line(found: dict[str, str], size: float) -> float | None:
    hanging = _chars(found, ("hangingChars",), ("hanging",), size)
    if hanging:
        return -hanging
    return _chars(found, ("firstLineChars",), ("firstLine",), size)


def _sheet(section: Any, looks: _Looks) -> Sheet:
    grid = section._sectPr.find(qn("w:docGrid"))
    footers = [
        footer
        for footer in (section.footer, section.even_page_footer, section.first_page_footer)
        if not footer.is_linked_to_previous
    ]
    nodes = [node for footer in footers for node in footer._element.iter(qn("w:p"))]
    texts = tuple(_text(node) for node in nodes)
    codes = [item.text or "" for footer in footers for item in footer._element.iter(qn("w:instrText"))]
    codes += [item.get(qn("w:instr"), "") for footer in footers for item in footer._element.iter(qn("w:fldSimple"))]

    def mm(value: Any) -> float:
        return value.mm if value is not None else 0.0

    return Sheet(
        mm(section.page_width),
        mm(section.page_height),
        mm(section.top_margin),
        mm(section.bottom_margin),
        mm(section.left_margin),
        mm(section.right_margin),
        grid.get(qn("w:type"), "") if grid is not None else "",
        int(_number(grid.get(qn("w:linePitch"))) or 0) if grid is not None else None,
        texts,
        tuple(looks.line(node, 0, False) for node in nodes),
        any("PAGE" in code.upper().split() for code in codes),
    )
