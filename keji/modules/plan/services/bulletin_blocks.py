"""A bulletin's content as JSON blocks: what the draft keeps, what the page shows, what is set as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.utils import timezone

from keji.kernel.clock import day_of
from keji.lib.figures import Period, plain_date
from keji.lib.paper.words import official
from keji.modules.plan.models import ProgressNote
from keji.modules.plan.services import bulletin_text as say
from keji.modules.plan.services.bulletin_rows import BulletinRow, shown_rate, shown_value
from keji.modules.plan.services.follow import Standing
from keji.modules.plan.services.track import CountyLine


class Block(TypedDict, total=False):
    """kind: heading (level, text), text (key, text), table (key, caption, columns, rows, note), note (text)."""

    kind: str
    key: str
    level: int
    text: str
    caption: str
    columns: list[dict[str, Any]]  # {title, unit, align, numeric}
    rows: list[list[str | None]]  # numbers as text; None is printed as —
    note: str


def heading(text: str, level: int = 1) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def paragraph(key: str, text: str) -> list[Block]:
    """An editable paragraph; none when there is nothing to say."""
    return [{"kind": "text", "key": key, "text": official(text)}] if text else []


def column(
    title: str, *, unit: str = "", align: str = "center", numeric: bool = False, width: float | None = None
) -> dict[str, Any]:
    """`width` is a weight among neighbours; without it the content decides."""
    return {"title": title, "unit": unit, "align": align, "numeric": numeric, "width": width}


def plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def body(rows: Sequence[BulletinRow], notes: Sequence[Standing], period: Period, at: datetime) -> list[Block]:
    """The bulletin from its figures: overall, by county, problems, supervision, what is asked for."""
    tables = iter(range(1, 100))
    figured = [r for r in rows if not r.milestone]
    blocks: list[Block] = [heading("总体情况")]
    blocks += paragraph("overview", say.overview(figured, period))
    blocks += paragraph("reached", say.reached(figured))
    blocks += paragraph("movements", say.movements(figured))
    blocks += paragraph("milestones", say.milestones([r for r in rows if r.milestone]))
    if figured:
        blocks.append(targets_table(figured, next(tables)))
    split = [r for r in rows if r.counties]
    if split:
        blocks.append(heading("县区进展情况"))
        for row in split:
            blocks.append(heading(row.target.subject, 2))
            blocks += paragraph(f"county-{row.target.pk}", say.county_finding(row))
            blocks.append(county_table(row, next(tables)))
    blocks.append(heading("存在问题"))
    problems = problem_texts(rows, period)
    for row in rows:
        if row.behind:
            blocks += paragraph(f"lag-{row.target.pk}", say.lagging(row, problems.get(row.target.item_id, "")))
    blocks += paragraph("unreported", say.unreported(rows))
    if blocks[-1]["kind"] == "heading":
        blocks += paragraph("no-problem", "各项目标均按进度推进，没有发现进度滞后或未报送数据的情况。")
    blocks.append(heading("督办事项报送情况"))
    blocks += paragraph("notes", say.notes_finding(period, notes, plain_date(day_of(at))))
    late = [s for s in notes if s.late_days > 0]
    if late:
        blocks.append(late_table(late, next(tables)))
    blocks.append(heading("下一步工作"))
    for number, text in enumerate(say.demands(rows, notes), 1):
        blocks += paragraph(f"next-{number}", text)
    return blocks


def targets_table(rows: Sequence[BulletinRow], number: int) -> Block:
    """目标, 目标值, 完成值, 完成率, 较上月, 状态; each figure with its own unit, so the cells are text."""
    return {
        "kind": "table",
        "key": "targets",
        "caption": f"表{number}　全市主要目标进度",
        "columns": [
            column("目标", align="left", width=9.7),
            column("目标值", width=6.6),
            column("完成值", align="right", width=5.4),
            column("完成率", unit="%", align="right", width=3.9),
            column("较上月", align="right", width=7.3),
            column("状态", width=3.9),
        ],
        "rows": [
            [official(r.target.subject), say.goal_text(r.target), say.done_text(r), say.rate_text(r),
             say.change_cell(r), say.status(r)]
            for r in rows
        ],
        "note": "“—”表示没有报送数据；“不适用”表示该项不计算或本期不统计。",
    }  # fmt: skip


def county_table(row: BulletinRow, number: int) -> Block:
    """县区, 目标值, 完成值, 完成率, 位次; equal rates share a rank and the next rank is left out."""
    unit = row.unit
    basis = "完成率" if any(c.completion is not None for c in row.counties) else "完成值"
    tied = len({c.rank for c in row.counties if c.rank}) < sum(c.rank is not None for c in row.counties)
    return {
        "kind": "table",
        "key": f"county-{row.target.pk}",
        "caption": f"表{number}　{official(row.target.subject)}分县区完成情况",
        "columns": [
            column("县区", align="left"), column("目标值", unit=unit, align="right", numeric=True),
            column("完成值", unit=unit, align="right", numeric=True),
            column("完成率", unit="%", align="right", numeric=True), column("位次", align="center"),
        ],
        "rows": [
            [
                c.region.name,
                plain(shown_value(c.share)),
                say.NONE if c.figure.empty == "not_applicable" else plain(shown_value(c.figure.value)),
                rate_cell(c),
                str(c.rank) if c.rank else None,
            ]
            for c in row.counties
        ],
        "note": f"位次按{basis}排列，{basis}相同的位次并列。" if tied else f"位次按{basis}排列。",
    }  # fmt: skip


def rate_cell(county: CountyLine) -> str | None:
    """A rate of growth has no completion: that cell does not apply, which is not the same as not reported."""
    if county.figure.value is None and county.figure.empty != "not_applicable":
        return None
    return plain(shown_rate(county.completion)) or say.NONE


def late_table(late: Sequence[Standing], number: int) -> Block:
    return {
        "kind": "table",
        "key": "late",
        "caption": f"表{number}　逾期报送进展的督办事项",
        "columns": [
            column("督办事项", align="left"), column("牵头科室"), column("应报日期"),
            column("逾期", unit="工作日", align="right", numeric=True), column("情况"),
        ],
        "rows": [
            [official(say.bare(s.record.title)), s.record.section.name, f"{s.due_on.month}月{s.due_on.day}日",
             str(s.late_days), "已补报" if s.note else "未报"]
            for s in late
        ],
        "note": "",
    }  # fmt: skip


def problem_texts(rows: Sequence[BulletinRow], period: Period) -> dict[int | None, str]:
    """What each task's lead section wrote as its problem this month, by task."""
    items = [r.target.item_id for r in rows if r.target.item_id]
    notes = ProgressNote.objects.filter(follow_up__item__in=items, period=str(period)).exclude(problem="")
    return {item: say.first_sentence(text) for item, text in notes.values_list("follow_up__item", "problem")}


def sources_note(rows: Sequence[BulletinRow], period: Period, frozen: datetime) -> Block:
    """Until when, by whom, frozen when."""
    names = dict.fromkeys(r.figure.source for r in rows if r.figure.source)
    local = timezone.localtime(frozen)
    moment = f"{plain_date(local.date())}{local.hour}时" + (f"{local.minute}分" if local.minute else "")
    text = f"数据截至{plain_date(period.end)}，{moment}定格。"
    if names:
        text += f"数据来源：{'、'.join(names)}。"
    return {"kind": "note", "text": text}


def snapshot(rows: Sequence[BulletinRow]) -> dict[str, list[str]]:
    """{what: [name, figure]}: what a later correction compares itself with."""
    found = {}
    for row in rows:
        found[str(row.target.pk)] = [row.target.subject, say.done_text(row)]
        for county in row.counties:
            name = f"{row.target.subject}（{county.region.name}）"
            found[f"{row.target.pk}@{county.region.code}"] = [name, say.county_text(county.figure, row.unit)]
    return found


def changes_table(old: dict[str, list[str]], new: dict[str, list[str]]) -> Block | None:
    """原数 and 更正数 of every figure that differs; None when only words are corrected."""
    rows: list[list[str | None]] = [
        [official(name), old.get(key, [name, say.DASH])[1], now]
        for key, (name, now) in new.items()
        if old.get(key, [name, say.DASH])[1] != now
    ]
    rows += [[official(name), before, say.NONE] for key, (name, before) in old.items() if key not in new]
    if not rows:
        return None
    columns = [column("项目", align="left"), column("原数", align="right"), column("更正数", align="right")]
    return {"kind": "table", "key": "changes", "caption": "表1　更正对照", "columns": columns, "rows": rows, "note": ""}


def renumbered(found: list[Block]) -> list[Block]:
    """Tables counted again from 1, in the order they stand."""
    number = 0
    for block in found:
        if block["kind"] == "table":
            number += 1
            block["caption"] = f"表{number}　" + block["caption"].partition("　")[2]
    return found


def period_of(key: str) -> Period:
    """2024-10 as the paper keeps it → October 2024."""
    return Period.month(int(key[:4]), int(key[5:7]))
