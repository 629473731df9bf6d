"""The lines of a plan file: .txt, .docx, .html and .pdf with text. What cannot be read is said in a sentence."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from .model import PlanError
from .numbering import Numbering, numbering_of
from .words import listed

_BLOCKS = listed("p div br li h1 h2 h3 h4 h5 h6 tr table section article header footer title ul ol dd dt blockquote hr")
_SILENT = listed("script style noscript template svg")


def open_document(path: str | Path) -> list[str]:
    """The text lines of the file; a table row is one line, its cells parted by " | "."""
    path = Path(path)
    if not path.is_file():
        raise PlanError(f"找不到文件“{path.name}”，请检查路径。")
    readers = {".txt": _txt, ".md": _txt, ".docx": _docx, ".html": _html, ".htm": _html, ".pdf": _pdf}
    reader = readers.get(path.suffix.lower())
    if path.suffix.lower() in (".doc", ".wps"):
        raise PlanError(f"“{path.name}”是旧版文字格式，请在 Word 或 WPS 中另存为 .docx 后再读取。")
    if reader is None:
        raise PlanError(f"不支持“{path.suffix or path.name}”类型的文件，请使用 .txt、.docx、.html 或带文字的 .pdf。")
    lines = reader(path)
    if not any(line.strip() for line in lines):
        raise PlanError(f"“{path.name}”里没有文字，请检查是否选错了文件。")
    return lines


def _decode(data: bytes, name: str) -> str:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError(f"“{name}”的文字编码无法识别，请另存为 UTF-8 后再读取。")


def _txt(path: Path) -> list[str]:
    data = path.read_bytes()
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PlanError(f"“{path.name}”不是文本文件，请检查是否选错了文件。")
    return _decode(data, path.name).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _docx(path: Path) -> list[str]:
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        document = docx.Document(str(path))
    except Exception as problem:  # python-docx raises whatever zipfile, lxml or its own parts raise
        raise PlanError(
            f"“{path.name}”不是有效的 .docx 文件，可能已损坏或加了密码，请用 Word 打开后重新保存。"
        ) from problem
    lines: list[str] = []
    numbering = numbering_of(document)
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            lines.extend((numbering.label(item._p) + item.text).split("\n"))
        elif isinstance(item, Table):
            lines.extend(_rows(item, numbering))
    return lines


def _rows(table: Any, numbering: Numbering) -> list[str]:
    """Merged cells are written once; a line break in a cell becomes a blank."""
    rows: list[str] = []
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            if cell._tc is not last:
                text = " ".join(numbering.label(each._p) + each.text for each in cell.paragraphs)
                cells.append(" ".join(text.split()))
            last = cell._tc
        rows.append(" | ".join(cells))
    return rows


class _Text(HTMLParser):
    """Block elements end a line; cells of a row are parted by bars."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._silent = 0
        self._cells = 0
        self._row = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "tr":
            self._row, self._cells = self._row + 1, 0
            self._break()
        elif tag in ("td", "th"):
            if self._cells:
                self.lines[-1] = self.lines[-1].rstrip() + " | "
            self._cells += 1
        elif tag in _BLOCKS and not self._row:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "tr":
            self._row = max(0, self._row - 1)
            self._break()
        elif tag in _BLOCKS and not self._row:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.lines[-1] += " ".join(data.split()) if data.strip() else ""

    def _break(self) -> None:
        if self.lines[-1]:
            self.lines.append("")


def _html(path: Path) -> list[str]:
    parser = _Text()
    data = path.read_bytes()
    head = data[:2048].lower()
    text = (
        data.decode("gb18030", errors="replace")
        if b"charset=gb" in head or b'charset="gb' in head
        else _decode(data, path.name)
    )
    parser.feed(text)
    parser.close()
    return [line.strip() for line in parser.lines]


def _pdf(path: Path) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(str(path))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PlanError(f"“{path.name}”加了密码，请去掉密码后再读取。")
        pages = [page.extract_text() or "" for page in reader.pages]
    except PlanError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        OSError,
        NotImplementedError,
        TypeError,
        AttributeError,
        IndexError,
    ) as problem:
        raise PlanError(f"“{path.name}”不是有效的 PDF 文件，可能已损坏，请重新导出后再读取。") from problem
    if sum(len(page.strip()) for page in pages) < 5 * max(1, len(pages)):
        raise PlanError(f"“{path.name}”是扫描件，没有可读取的文字，请提供 Word 原件或先做文字识别。")
    return [line for page in pages for line in page.split("\n")]
