"""`keji plan read FILE [--json | --xlsx OUT] [--all]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from .document import read
from .exclusions import REASONS
from .model import Clause, Document, PlanError, Target, plain, to_json
from .sources import open_document

OPERATORS = {
    "eq": "=", "ge": "≥", "gt": ">", "le": "≤", "lt": "<", "about": "约", "range": "区间", "growth_eq": "增长",
    "growth_ge": "增长≥",
    "growth_gt": "增长>", "growth_le": "增长≤", "growth_about": "增长约", "growth_range": "增长区间",
    "decline_eq": "下降", "decline_ge": "下降≥",
    "decline_about": "下降约", "increase_by": "提高", "increase_by_ge": "提高≥", "increase_by_about": "提高约",
    "gap_ge": "高出≥", "rank_le": "位次≤",
    "multiple": "倍数", "coverage_all": "应尽皆尽", "drive_to_zero": "清零", "milestone": "办成",
}  # fmt: skip
HEADINGS = (
    "行号",
    "条款",
    "指标",
    "口径",
    "目标值",
    "单位",
    "完成时限",
    "原文",
    "所在句子",
    "争取目标",
    "重复或冲突",
    "识别规则",
)


def main(argv: Sequence[str] | None = None, out: TextIO | None = None) -> int:
    """The command; 0 when read, 1 with a sentence when not."""
    out = out or sys.stdout
    parser = argparse.ArgumentParser(prog="keji", description="读取工作要点、规划、报告，列出条款和量化目标")
    plan = (
        parser.add_subparsers(dest="noun", required=True)
        .add_parser("plan", help="工作计划")
        .add_subparsers(dest="verb", required=True)
    )
    reading = plan.add_parser("read", help="读取一份文件")
    add_arguments(reading)
    return execute(parser.parse_args(argv), out, sys.stderr)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `plan read`, for whoever hosts the command."""
    parser.add_argument("file", help=".txt、.docx、.html 或带文字的 .pdf")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="每个目标一行 JSON")
    form.add_argument("--xlsx", metavar="OUT", help="写成 Excel 文件")
    parser.add_argument("--all", action="store_true", help="连同没有数字的事项（建成、出台、落户……）")


def execute(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    try:
        lines = open_document(options.file)
    except PlanError as problem:
        err.write(f"{problem}\n")
        return 1
    document = read("\n".join(lines), name=Path(options.file).stem, everything=options.all)
    if options.json:
        out.writelines(to_json(target.as_dict()) + "\n" for target in document.targets)
    elif options.xlsx:
        try:
            workbook(document, options.xlsx)
        except OSError as problem:
            err.write(f"无法写入“{options.xlsx}”：{problem.strerror or problem}。\n")
            return 1
        out.write(
            f"已写入 {options.xlsx}：目标 {len(document.targets)} 个，未列为目标的数字 {len(document.excluded)} 处。\n"
        )
    else:
        out.write(report(document))
    return 0


def figure(target: Target) -> str:
    """The value as a reader says it: ≥ 750家."""
    sign = OPERATORS[target.op]
    if target.value is None:
        return sign
    value = plain(target.value) + (f"—{plain(target.value2)}" if target.value2 is not None else "")
    return f"{sign} {value}{target.unit}"


def report(document: Document) -> str:
    """Clause tree, targets, conflicts, in plain Chinese."""
    lines = [document.title or "（无标题）", ""]
    for root in document.clauses:
        lines += _tree(root, 0)
    lines += ["", f"目标 {len(document.targets)} 个："]
    for target in document.targets:
        where = "".join(target.clause) or "—"
        due = f"，{target.deadline.isoformat()} 前" if target.deadline else ""
        extra = "（争取）" if target.optional else ""
        lines.append(f"  第{target.line}行 {where}｜{target.subject}｜{figure(target)}{extra}{due}")
    repeated = [group for group in document.groups if len(group.targets) > 1]
    if repeated:
        lines += ["", "同一目标多处出现："]
        for group in repeated:
            cited = "、".join(f"第{t.line}行" for t in group.targets)
            lines.append(
                f"  {group.question}" if group.conflict else f"  {group.targets[0].subject}：{cited}，表述一致"
            )
    if document.excluded:
        lines += ["", f"未列为目标的数字 {len(document.excluded)} 处："]
        lines += [f"  第{e.line}行 {e.text}：{REASONS.get(e.reason, e.reason)}" for e in document.excluded]
    return "\n".join(lines) + "\n"


def _tree(clause: Clause, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}{clause.number}{'　' if clause.number and clause.title else ''}{clause.title}"]
    for child in clause.children:
        lines += _tree(child, depth + 1)
    return lines


def workbook(document: Document, path: str) -> None:
    """Targets on the first sheet, figures that are no targets on the second."""
    import xlsxwriter  # type: ignore[import-untyped]

    # Text from a document must never become a formula or a link in someone's spreadsheet.
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1})
    sheet = book.add_worksheet("目标")
    sheet.write_row(0, 0, HEADINGS, bold)
    for row, target in enumerate(document.targets, 1):
        sheet.write_row(row, 0, _cells(target))
    sheet.freeze_panes(1, 0)
    for column, width in enumerate((6, 14, 32, 10, 12, 10, 12, 40, 60, 8, 24, 22)):
        sheet.set_column(column, column, width)
    sheet.autofilter(0, 0, max(1, len(document.targets)), len(HEADINGS) - 1)
    other = book.add_worksheet("未列为目标的数字")
    other.write_row(0, 0, ("行号", "条款", "原文", "原因"), bold)
    for row, excluded in enumerate(document.excluded, 1):
        reason = REASONS.get(excluded.reason, excluded.reason)
        other.write_row(row, 0, (excluded.line, "".join(excluded.clause), excluded.text, reason))
    book.close()


def _cells(target: Target) -> list[str | float]:
    value = "" if target.value is None else plain(target.value)
    if target.value2 is not None:
        value += f"—{plain(target.value2)}"
    shown: str | float = float(value) if target.value is not None and target.value2 is None else value
    others = [f"第{place.line}行" for place in target.places if place.line != target.line]
    linked = ("冲突：" if target.conflict else "同：") + "、".join(others) if others else ""
    due = target.deadline.isoformat() if target.deadline else ""
    place: list[str | float] = [target.line, "".join(target.clause), target.subject, OPERATORS[target.op], shown]
    quoted = [target.unit, due, target.text, target.sentence, "是" if target.optional else "", linked, target.pattern]
    return [*place, *quoted]
