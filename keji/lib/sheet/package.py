"""Is an upload really an .xlsx, and safe to unpack? Checked before any library sees it.

A reader written for honest files can be made to fill the memory by a small file: a zip that unpacks to gigabytes, a
directory that lies about sizes, or one cell at XFD1048576. All parts are therefore unpacked here once, with a cap.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree

from keji.lib.sheet.columns import Limits, SheetError, letters

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_REFERENCE = 9  # letters or digits; Excel itself ends at XFD1048576
PERCENT_FORMATS = ("9", "10")  # built in: 0% and 0.00%
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

# A default prefix (<x:row>) is legal, if rare.
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\shidden=[\"'](?:1|true)[\"'])[^>]*\sr=[\"'](\d+)[\"']")
# Every reference that might lie far out: two or more letters, or five or more digits.
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"'](?:([A-Za-z]{2,})(\d+)|([A-Za-z]?)(\d{5,}))[\"']")
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
_UNCALCULATED = re.compile(
    rb"<c\b[^>]*?\sr=[\"']([A-Z]+\d+)[\"'][^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


@dataclass(frozen=True)
class Package:
    """The unpacked parts of a safe .xlsx: path → bytes, and sheet name → path of its XML, in workbook order."""

    data: bytes
    parts: dict[str, bytes]
    sheets: dict[str, str]

    def sheet_xml(self, name: str) -> bytes:
        return self.parts.get(self.sheets.get(name, ""), b"")


def open_package(data: bytes, limits: Limits) -> Package:
    """The parts of an upload. SheetError when it is not an .xlsx, is protected, damaged or unpacks to too much."""
    if not data:
        raise SheetError("文件是空的，请重新选择文件。")
    if len(data) > limits.file_bytes:
        raise SheetError(
            f"文件有 {_megabytes(len(data))} MB，超过 {_megabytes(limits.file_bytes)} MB 的上限，请分成几份上传。"
        )
    if not data.startswith(b"PK\x03\x04"):
        raise SheetError(_what_it_really_is(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        raise SheetError(f"文件已经损坏，无法打开。{SAVE_AS}") from None
    _refuse_other_packages({entry.filename for entry in entries})
    if len(entries) > limits.parts or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise SheetError(_too_big_unpacked(limits))
    parts: dict[str, bytes] = {}
    left = limits.unpacked_bytes
    for entry in entries:
        content = _unpack(data, entry, left)
        if content is None:
            raise SheetError(_too_big_unpacked(limits))
        left -= len(content)
        if entry.filename in parts:
            raise SheetError(f"文件内部有重复的部分，可能被改动过。{SAVE_AS}")
        if entry.filename.lower().endswith((".xml", ".rels")):
            _refuse_odd_xml(content)
        parts[entry.filename] = content
    return Package(data, parts, _sheet_paths(parts))


def _refuse_odd_xml(content: bytes) -> None:
    """Spreadsheets are UTF-8 without document types. Anything else would get past the patterns below unseen."""
    declared = _ENCODING.match(content)
    odd_encoding = b"\x00" in content[:256] or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    )
    if odd_encoding or b"<!DOCTYPE" in content:
        raise SheetError(f"文件内部含有不允许的声明，可能被改动过。{SAVE_AS}")


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // 2**20) / 10:g}"


def _too_big_unpacked(limits: Limits) -> str:
    return (
        f"文件解开后超过 {_megabytes(limits.unpacked_bytes)} MB，不像正常的表格；"
        "请把需要的数据复制到下载的模板里再上传。"
    )


def _what_it_really_is(data: bytes) -> str:
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "文件设了打开密码，请在 Excel 里取消密码（文件—信息—保护工作簿），保存后再上传。"
        return f"这是旧版 Excel（.xls 或 .et）文件，改扩展名并不能变成 .xlsx。{SAVE_AS}"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return f"这是网页或 XML 格式，不是真正的 Excel 文件。{SAVE_AS}"
    if head.startswith(b"%pdf"):
        return "这是 PDF 文件，请上传 .xlsx 表格。"
    if b"\x00" not in data[:2048]:
        return f"这是文本（CSV）文件，不是真正的 Excel 文件。{SAVE_AS}"
    return f"这不是 Excel（.xlsx）文件。{SAVE_AS}"


def _refuse_other_packages(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise SheetError(f"这是 Excel 二进制（.xlsb）文件。{SAVE_AS}")
    if any(name.startswith("word/") for name in names):
        raise SheetError("这是 Word 文档，请把表格填在下载的 Excel 模板里再上传。")
    if "content.xml" in names:
        raise SheetError(f"这是 ODS 表格。{SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise SheetError(f"这是压缩包，不是 Excel（.xlsx）文件。{SAVE_AS}")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetError(f"文件里有宏，为了安全不能接收。{SAVE_AS}")


def _unpack(data: bytes, entry: zipfile.ZipInfo, left: int) -> bytes | None:
    """The part's real bytes, whatever size its directory entry declares; None when more than `left`."""
    broken = SheetError(f"文件已经损坏，无法打开。{SAVE_AS}")
    if entry.flag_bits & 1:
        raise SheetError("文件设了打开密码，请取消密码，保存后再上传。")
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise broken
    name_size, extra_size = struct.unpack_from("<HH", data, start + 26)
    start += 30 + name_size + extra_size
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return bytes(packed) if len(packed) <= left else None
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise broken
    inflate, pieces, size = zlib.decompressobj(-15), [], 0
    source: bytes | memoryview = packed
    try:
        while not inflate.eof:
            piece = inflate.decompress(source, left - size + 1)
            pieces.append(piece)
            size += len(piece)
            if size > left:
                return None
            source = inflate.unconsumed_tail
            if not piece and not source:
                raise broken
    except zlib.error:
        raise broken from None
    return b"".join(pieces)


def _sheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → path of its XML, from the workbook's own list."""
    try:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
        }
        sheets = {}
        for element in ElementTree.fromstring(parts["xl/workbook.xml"]).iter():
            if element.tag.rpartition("}")[2] == "sheet":
                target = targets.get(element.get(RELATION) or element.get(STRICT_RELATION), "")
                path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
                sheets[element.get("name", "")] = path
    except ElementTree.ParseError:
        raise SheetError(f"文件已经损坏，无法打开。{SAVE_AS}") from None
    return sheets


def column_index(name: str) -> int:
    """0 for A, 26 for AA."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def refuse_far_cells(xml: bytes, name: str, limits: Limits) -> None:
    """SheetError when a filled cell lies far out: the reader lays out a dense grid and would end the whole process.

    Cells that are only formatted do not count; they stand at the last row of many honest sheets.
    """
    if not any(_is_far(match, limits) for match in _REFERENCE.finditer(xml)):
        return
    for row, column in _filled_positions(xml):
        if row > limits.rows + limits.header_rows:
            raise SheetError(
                f"工作表“{name}”第 {row} 行有内容，超过每次 {limits.rows} 行的上限；"
                "请分成几份上传，或删去表格下方多余的内容。"
            )
        if column >= limits.columns:
            raise SheetError(
                f"工作表“{name}”第 {letters(column)} 列有内容，超过 {limits.columns} 列；请删去表格右侧多余的内容。"
            )


def _is_far(match: re.Match[bytes], limits: Limits) -> bool:
    column, row = match[1] or match[3], match[2] or match[4]
    if len(column) > LONGEST_REFERENCE or len(row) > LONGEST_REFERENCE:
        return True
    return int(row) > limits.rows + limits.header_rows or column_index(column.decode().upper()) >= limits.columns


def _filled_positions(xml: bytes) -> Iterator[tuple[int, int]]:
    """(row from 1, column from 0) of every filled cell, by a real parser: a pattern could be led astray."""
    row, column = 0, -1
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag == "row" and event == "start":
                row, column = int(element.get("r") or row + 1), -1
            elif tag == "row":
                element.clear()
            elif tag == "c" and event == "start":
                column += 1
            elif tag == "c":
                reference, at = element.get("r"), row
                if reference is not None:
                    match = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", reference)
                    if match is None:  # longer ones overflow the reader's counters
                        raise ValueError(reference)
                    at, column = int(match[2]), column_index(match[1].upper())
                if element.get("t") == "str" or any(e.text for e in element.iter() if not e.tag.endswith("}f")):
                    yield at, column
    except (ElementTree.ParseError, ValueError):
        raise SheetError(f"文件已经损坏，无法打开。{SAVE_AS}") from None


def hidden_rows(xml: bytes) -> list[int]:
    """Numbers of hidden (or filtered out) rows."""
    return [int(number) for number in _HIDDEN_ROW.findall(xml)] if b"hidden=" in xml else []


def uncalculated(xml: bytes) -> list[str]:
    """Addresses of formulas saved without a result: they would read as blank."""
    return [address.decode() for address in _UNCALCULATED.findall(xml)] if b"<f" in xml else []


def percent_cells(package: Package, name: str, columns: set[str]) -> set[str]:
    """Addresses in the lettered columns whose number format is a percentage: 0.156 reads 15.6% to its author."""
    styles = package.parts.get("xl/styles.xml", b"")
    if not columns or b"%" not in styles and b'numFmtId="9"' not in styles and b'numFmtId="10"' not in styles:
        return set()
    root = ElementTree.fromstring(styles)
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter() if e.tag.endswith("}numFmt")}
    formats = next((e for e in root if e.tag.endswith("}cellXfs")), ElementTree.Element("none"))
    ids = [xf.get("numFmtId") for xf in formats]
    shown = {str(i).encode() for i, code in enumerate(ids) if code in PERCENT_FORMATS or "%" in codes.get(code, "")}
    wanted = "|".join(sorted(columns)).encode()
    cell = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*\sr=[\"']((?:" + wanted + rb")\d+)[\"'])[^>]*\ss=[\"'](\d+)[\"']")
    return {address.decode() for address, style in cell.findall(package.sheet_xml(name)) if style in shown}
