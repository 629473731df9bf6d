"""Every write to public notices: drafting, publishing, closing, and what other modules ask of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.links import NOTICE_RELATION, point_at
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices.flow import PUBLISHERS
from keji.kernel.records.notices.models import PublicNotice
from keji.kernel.records.notices.objections import Decision, Objection
from keji.kernel.records.notices.period import LONGEST, usual_workdays
from keji.kernel.records.saving import locked, whole
from keji.lib.figures import plain_date

MOST_ROWS = 5000
#: What a draft may be given and later changed in.
WORDS = ("kind", "matter", "title", "document_number", "body", "contact", "workdays", "corrects")
CONTENT = (*WORDS, "numbers", "columns", "rows")


def draft_notice(
    *,
    kind: str = "notice",
    title: str,
    body: str,
    matter: str = "other",
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[object]] = (),
    numbers: Sequence[str] = (),
    contact: str = "",
    workdays: int | None = None,
    document_number: str = "",
    corrects: PublicNotice | None = None,
    actor: Actor,
    at: datetime,
) -> PublicNotice:
    """A draft that another person publishes.

    `columns` and `rows` are the public table, frozen as text when published: put no personal data there. `numbers` are
    the records concerned; each gets a link to the notice. `workdays` None takes the usual number for the `matter`
    (公示 only; 公告 and 结果公布 then stay up). Raises Refused with a sentence.
    """
    values: dict[str, Any] = {
        "kind": kind, "matter": matter, "title": title, "body": body, "columns": columns, "rows": rows,
        "numbers": numbers, "contact": contact, "workdays": workdays, "document_number": document_number,
        "corrects": corrects,
    }  # fmt: skip
    with writing(actor, at):
        if not actor.has(*PUBLISHERS):
            raise Refused("公示由业务科室起草")
        notice = PublicNotice(number=next_numbers(PublicNotice.prefix, timezone.localtime(at).year)[0])
        _fill(notice, values, at)
        notice.drafted_by_id = actor.id
        stamp(notice, actor=actor, at=at, state=PublicNotice.State.DRAFT, source=Source.BUREAU)
        notice.save()
        log("起草公示", notice, {"number": [None, notice.number], "title": [None, notice.title]})
        point_at(notice.number, notice.numbers, NOTICE_RELATION, at=at)
        if corrects is not None:
            point_at(notice.number, [corrects.number], "更正", at=at)
    return notice


def contact_of(typed: str) -> str:
    """Whom to turn to with an objection, as a page asks for it; Refused when it is blank or more than is kept."""
    if not typed.strip():
        raise Refused("请填写异议受理方式（电话、邮箱或地址）")
    return whole(typed, 200, "异议受理方式")


def revise_notice(notice: PublicNotice, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> PublicNotice:
    """Change a draft; whoever did may not publish it. Raises Refused when it is no draft any more."""
    with writing(actor, at):
        if not actor.has(*PUBLISHERS):
            raise Refused("公示由业务科室起草")
        before = locked(notice)
        if before.state != PublicNotice.State.DRAFT:
            raise Refused("已发布的内容不能修改，有误请撤回或发布更正公示")
        fresh = PublicNotice.objects.get(pk=notice.pk)
        _fill(fresh, {name: values.get(name, getattr(before, name)) for name in CONTENT}, at)
        fresh.drafted_by_id, fresh.updated_at = actor.id, at
        fresh.save()
        point_at(fresh.number, fresh.numbers, NOTICE_RELATION, at=at, instead=before.numbers)
        changes = {n: [getattr(before, n), getattr(fresh, n)] for n in WORDS if getattr(before, n) != getattr(fresh, n)}
        if before.rows != fresh.rows or before.columns != fresh.columns:
            changes["rows"] = [f"{len(before.rows)} 条", f"{len(fresh.rows)} 条"]
        if before.numbers != fresh.numbers:
            changes["numbers"] = [f"{len(before.numbers)} 条", f"{len(fresh.numbers)} 条"]
        if changes:
            log("修改公示草稿", fresh, changes)
    return fresh


def _fill(notice: PublicNotice, values: Mapping[str, Any], at: datetime) -> None:
    """Put checked values on a draft: text everywhere in the table, days only where they make sense."""
    for name in WORDS:
        setattr(notice, name, values[name])
    notice.title, notice.body = str(values["title"]).strip(), str(values["body"]).strip()
    if not notice.title or not notice.body:
        raise Refused("公示需要标题和内容")
    for name in ("title", "document_number", "contact"):
        field: Any = PublicNotice._meta.get_field(name)
        if len(getattr(notice, name)) > field.max_length:
            raise Refused(f"{field.verbose_name}最多 {field.max_length} 个字")
    if notice.kind == PublicNotice.Kind.NOTICE and notice.workdays is None:
        notice.workdays = usual_workdays(notice.matter, day_of(at))
    if notice.workdays is not None and not 1 <= notice.workdays <= LONGEST:
        raise Refused(f"公示期应为 1 至 {LONGEST} 个工作日")
    notice.numbers = list(dict.fromkeys(str(n).strip() for n in values["numbers"] if str(n).strip()))
    notice.columns = [str(c) for c in values["columns"]]
    notice.rows = [[("" if cell is None else str(cell)) for cell in row] for row in values["rows"]]
    if len(notice.rows) > MOST_ROWS:
        raise Refused(f"名单有 {len(notice.rows):,} 条，最多 {MOST_ROWS:,} 条，请分批公示")
    odd = next((i for i, row in enumerate(notice.rows, 1) if len(row) != len(notice.columns)), 0)
    if odd:
        raise Refused(f"名单第 {odd} 行有 {len(notice.rows[odd - 1])} 格，表头有 {len(notice.columns)} 格，请核对")


def publish(notice: PublicNotice, *, actor: Actor, at: datetime) -> PublicNotice:
    """Show it to the public from this day on. Raises Refused for the person who drafted it."""
    found: PublicNotice = take("publish", notice, actor=actor, at=at)
    return found


def withdraw(notice: PublicNotice, *, reason: str, actor: Actor, at: datetime) -> PublicNotice:
    found: PublicNotice = take("withdraw", notice, actor=actor, at=at, reason=reason)
    return found


def draft_correction(old: PublicNotice, *, actor: Actor, at: datetime) -> PublicNotice:
    """A new draft with the content of a published one, naming it; once published the old one points to it."""
    if not old.is_shown:
        raise Refused("只有发布过的公示才需要更正，草稿请直接修改")
    values = {name: getattr(old, name) for name in CONTENT if name not in ("corrects", "title")}
    title = old.title if old.title.startswith("更正：") else f"更正：{old.title}"
    return draft_notice(**values, title=title[:200], corrects=old, actor=actor, at=at)


def close_due(*, at: datetime) -> list[PublicNotice]:
    """Close every notice whose last day is over; run each night, and harmless to run again."""
    today = day_of(at)
    due = PublicNotice.objects.filter(state=PublicNotice.State.PUBLISHED, until_on__lt=today).order_by("pk")
    return [take("close", notice, actor=Actor.system("公示期满"), at=at) for notice in due]


def open_objections(notice: PublicNotice) -> Any:
    """Objections that still wait for their answer, as a queryset."""
    return notice.objections.exclude(state=Objection.State.ANSWERED)


def passing_refusal(notice: PublicNotice | None, on: date | None = None) -> str:
    """Why what was (or, None, is still to be) announced may not go on yet; "" once the days are over and every
    objection is answered."""
    on = on or clock.today()
    if notice is None or notice.state in (PublicNotice.State.DRAFT, PublicNotice.State.DISCARDED):
        return "还没有公示"
    if notice.state == PublicNotice.State.WITHDRAWN:
        return f"公示已撤回：{notice.withdrawn_reason}"
    if notice.until_on is None:
        return "这份公告没有期限，不会期满"
    if on <= notice.until_on:
        return f"公示到{plain_date(notice.until_on)}为止，还没有结束"
    waiting = open_objections(notice).count()
    return f"还有 {waiting} 件异议没有答复" if waiting else ""


def has_passed(notice: PublicNotice, on: date | None = None) -> bool:
    """Has it ended with every objection answered (on the given day, today by default)? A withdrawn one never has."""
    return not passing_refusal(notice, on)


def objection_counts(notice: PublicNotice) -> dict[str, int]:
    """{"raised": all, "waiting": not answered yet, and one count a decision}; what the closing result prints."""
    rows = notice.objections.order_by().values_list("state", "decision").annotate(count=Count("pk"))
    found = dict.fromkeys(["raised", "waiting", *Decision.values], 0)
    for state, decision, count in rows:
        found["raised"] += count
        found[decision if state == Objection.State.ANSWERED else "waiting"] += count
    return found


def result_sentence(notice: PublicNotice, on: date) -> str:
    """What came of a notice, for everybody to read; "" while it is open."""
    if notice.kind != PublicNotice.Kind.NOTICE or notice.until_on is None or on <= notice.until_on:
        return ""
    counts = objection_counts(notice)
    if not counts["raised"]:
        return "公示期内没有收到异议。"
    parts = [f"{Decision(d).label} {counts[d]} 件" for d in Decision.values if counts[d]]
    if counts["waiting"]:
        parts.append(f"正在办理 {counts['waiting']} 件")
    return f"公示期内收到异议 {counts['raised']} 件，其中{'、'.join(parts)}。"
