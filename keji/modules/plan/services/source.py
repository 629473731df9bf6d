"""The text of an uploaded plan, line by line, whatever kind of file it came as."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from keji.lib.plantext import PlanError

MOST_CHARACTERS = 400_000
MOST_UNPACKED = 200 * 1024 * 1024
_BREAKS = re.compile(r"\r\n|\r|\x0c|\x0b|\u2028|\u2029")
_NOT_READ = {
    "doc": "旧版 Word 文件（.doc）",
    "wps": "WPS 专用格式（.wps）",
    "rtf": "RTF 文件",
    "ofd": "版式文件（.ofd）",
    "xls": "电子表格",
    "xlsx": "电子表格",
    "jpg": "图片",
    "jpeg": "图片",
    "png": "图片",
    "zip": "压缩包",
}


def text_of(content: bytes, name: str) -> str:
    """The plan's text with `\\n` between lines; raises PlanError with a sentence when it cannot be read."""
    if not content:
        raise PlanError(f"“{name}”是空文件，请检查后重新上传。")
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    reader = _READERS.get(suffix)
    if reader is None:
        kind = _NOT_READ.get(suffix, "这种文件")
        raise PlanError(f"不能读取{kind}“{name}”，请另存为 .docx、.txt、.html 或带文字的 .pdf 后再上传。")
    text = _BREAKS.sub("\n", reader(content, name)).replace("\x00", "").strip("\n\ufeff")
    if not text.strip():
        raise PlanError(f"“{name}”里没有读到文字；扫描件需要先做文字识别，再上传识别后的文件。")
    if len(text) > MOST_CHARACTERS:
        raise PlanError(f"“{name}”有 {len(text):,} 个字，超过了 {MOST_CHARACTERS:,} 字的上限，请只上传工作要点本身。")
    return text


def _plain(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError(f"“{name}”不是文本文件，或者编码不是 UTF-8、GBK，请用记事本另存为 UTF-8 后再上传。")


def _word(content: bytes, name: str) -> str:
    import docx
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise PlanError(f"“{name}”解开后过大，不能读取。")
        document = docx.Document(io.BytesIO(content))
        blocks = list(document.iter_inner_content())
    except PlanError:
        raise
    except Exception as problem:
        raise PlanError(f"“{name}”不是完好的 .docx 文件，请用 Word 或 WPS 打开后另存为 .docx 再上传。") from problem
    lines: list[str] = []
    for block in blocks:
        lines.extend(_rows(block) if isinstance(block, Table) else [block.text])
    return "\n".join(lines)


def _rows(table: Any) -> Iterator[str]:
    """A table row as the reader knows rows: cells parted by a bar, a merged cell once."""
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(" ".join(cell.text.split()))
        yield " | ".join(cells)


class _Page(HTMLParser):
    """Text of a web page: a block element ends a line, a table row is one line."""

    blocks = frozenset("p div br li h1 h2 h3 h4 h5 h6 tr section article title table ul ol".split())
    silent = frozenset("script style head noscript template".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in self.silent:
            self.hidden += 1
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag in self.blocks:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            self.hidden = max(0, self.hidden - 1)
        elif tag in self.blocks:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _web(content: bytes, name: str) -> str:
    page = _Page()
    page.feed(_plain(content, name))
    lines = (line.strip().removeprefix("| ").strip() for line in "".join(page.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _pdf(content: bytes, name: str) -> str:
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PlanError(f"“{name}”设了密码，请去掉密码后再上传。")
        return "\n".join(page.extract_text() or "" for page in reader.pages)
    except PlanError:
        raise
    except Exception as problem:
        raise PlanError(f"“{name}”不是完好的 PDF 文件，请重新导出后再上传。") from problem


_READERS: dict[str, Callable[[bytes, str], str]] = {
    "txt": _plain,
    "md": _plain,
    "docx": _word,
    "html": _web,
    "htm": _web,
    "pdf": _pdf,
}
