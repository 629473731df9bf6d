"""Checks any .docx against the layout of GB/T 9704-2012: what is wrong, where, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from keji.lib.paper import layout
from keji.lib.paper.outline import Outline, outline
from keji.lib.paper.rules_text import text_findings
from keji.lib.paper.word_reader import Manuscript, Sheet, read

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One departure from the standard."""

    where: str
    rule: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{'错误' if self.severity == 'error' else '提醒'}　{self.where}：{self.message}（{self.rule}）"


def check(data: bytes) -> list[Finding]:
    """All departures, those of the page first; the same one on many paragraphs is told once.

    Raises `PaperError` with a sentence when the bytes are not a readable .docx.
    """
    manuscript = read(data)
    if not any(line.text.strip() for line in manuscript.lines):
        return [Finding("全文", "内容", "文件里没有文字，请核对是否选错了文件。")]
    parts = outline(manuscript)
    found = list(_page(manuscript)) + list(_pitch(manuscript, parts)) + list(_page_numbers(manuscript))
    found += [Finding(*item) for item in text_findings(manuscript, parts)]
    return _together(found)


def _together(findings: Iterable[Finding]) -> list[Finding]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault((item.rule, item.message), []).append(item)
    result = []
    for same in groups.values():
        more = f"等{len(same)}处" if len(same) > 1 else ""
        result.append(replace(same[0], where=same[0].where + more))
    return result


def _page(manuscript: Manuscript) -> Iterator[Finding]:
    for number, sheet in enumerate(manuscript.sheets, 1):
        where = "页面设置" if len(manuscript.sheets) == 1 else f"第{number}节页面设置"
        lying = sheet.width > sheet.height
        short, long = sorted((sheet.width, sheet.height))
        if abs(short - layout.PAGE_WIDTH_MM) > 1 or abs(long - layout.PAGE_HEIGHT_MM) > 1:
            message = f"纸张为{short:.0f}×{long:.0f}毫米，应为A4（210×297毫米），请在“布局—纸张大小”中改为A4。"
            yield Finding(where, "纸张", message)
        yield from _margins(where, sheet, lying)


def _margins(where: str, sheet: Sheet, lying: bool) -> Iterator[Finding]:
    wanted = {
        "上": (sheet.top, layout.LEFT_MM if lying else layout.TOP_MM),
        "下": (sheet.bottom, layout.RIGHT_MM if lying else layout.BOTTOM_MM),
        "左": (sheet.left, layout.BOTTOM_MM if lying else layout.LEFT_MM),
        "右": (sheet.right, layout.TOP_MM if lying else layout.RIGHT_MM),
    }
    for side, (actual, right) in wanted.items():
        # a lying table sheet may keep the upright's margins: the standard only fixes which edge is bound
        if abs(actual - right) > 1.05 and not lying:
            message = f"{side}边距为{actual:.1f}毫米，应为{right}毫米（允许差1毫米），请在“布局—页边距”中修改。"
            yield Finding(where, "页边距", message)


def _pitch(manuscript: Manuscript, parts: Outline) -> Iterator[Finding]:
    """22 lines of 28 characters: by the grid, or by a fixed line height that comes to the same."""
    sheet = manuscript.sheets[0] if manuscript.sheets else None
    has_grid = sheet is not None and sheet.grid_type in ("linesAndChars", "snapToChars")
    body = [line for line in parts.body if line.pieces]
    fixed = [line.pitch_pt for line in body if line.pitch_rule == "exact" and line.pitch_pt]
    usual = max(set(fixed), key=fixed.count) if fixed and len(fixed) * 2 >= len(body) else None
    if not has_grid:
        message = "没有指定文档网格，请在“页面设置—文档网格”中选“指定行和字符网格”，设为每页22行、每行28字。"
        yield Finding("页面设置", "文档网格", message, "warning" if usual and 28 <= usual <= 29 else "error")
    elif sheet is not None and not 570 <= (sheet.grid_pitch or 0) <= 581:
        points = (sheet.grid_pitch or 0) / 20
        message = (
            f"文档网格的行距为{points:.2f}磅，每页排不成22行，应为28.95磅左右，请在“页面设置—文档网格”中设为每页22行。"
        )
        yield Finding("页面设置", "文档网格", message)
    if usual and not 27.8 <= usual <= 29.02:
        lines = int(225 * layout.PT_PER_MM // usual)
        message = f"正文固定行距为{usual:g}磅，每页只能排{lines}行，应为22行，请把行距改为固定值28.95磅。"
        yield Finding(body[0].place, "行距", message)


def _page_numbers(manuscript: Manuscript) -> Iterator[Finding]:
    sheets = manuscript.sheets
    where = "页脚"
    if not any(sheet.has_page_field for sheet in sheets):
        yield Finding(
            where, "页码", "没有页码，请在页脚插入“— 1 —”格式的页码，用4号宋体，单页居右空一字、双页居左空一字。"
        )
        return
    lines = [line for sheet in sheets for line in sheet.footer_lines if line.text.strip()]
    if not any(re.search(r"[—–―－-]\s*\d*\s*[—–―－-]", line.text) for line in lines):
        yield Finding(where, "页码", "页码左右没有一字线，应写成“— 1 —”，请在页码两边各加一条一字线。")
    for line in lines:
        if line.size and abs(line.size - layout.PAGE_NUMBER_PT) > 0.1:
            yield Finding(where, "页码字号", f"页码字号为{line.size:g}磅，应为4号（14磅），请修改。")
            break
    if not manuscript.odd_and_even or {line.align for line in lines} == {"center"}:
        message = "页码没有分单双页，单页码应居右空一字、双页码居左空一字，请勾选“奇偶页不同”后分别设置。"
        yield Finding(where, "页码位置", message, "warning")
