"""Follow-ups: monthly notes by the lead section, evidence, and what must stand before a task may be closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max

from keji.kernel.audit.log import log, writing
from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of
from keji.kernel.documents.models import attach, attachments_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields
from keji.lib.figures import Period
from keji.lib.workdays import WorkCalendar
from keji.modules.plan.manners import Debt, days_late, due_day
from keji.modules.plan.models import FollowUp, Item, ProgressNote

SILENT_MONTHS = 2
NOTE_FIELDS = ("done", "problem", "next_step")


def month_of(key: str) -> Period:
    """2024-11 → that month. ValueError for anything else."""
    year, _, month = key.partition("-")
    if len(key) != 7 or not (year + month).isdecimal():
        raise ValueError(f"“{key[:12]}”不是月份，应写成 2024-11 这样")
    return Period.month(int(year), int(month))


def month_key(period: Period) -> str:
    return f"{period.year}-{period.months[-1]:02d}"


def leads(actor: Actor, section_id: str) -> bool:
    """Does the actor work for this section? An officer's grant without a section covers the whole bureau."""
    return actor.is_system or any(a.section in (None, section_id) for a in actor.over([Role.OFFICER]))


def update_follow_up(record: FollowUp, values: dict[str, Any], *, actor: Actor, at: datetime) -> FollowUp:
    """Change who leads and on which day notes are due. The final date only moves by the two-person step."""
    with writing(actor, at):
        before = FollowUp.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if before.state == "closed":
            raise Refused("这项督办已经办结，不能修改")
        fresh = FollowUp.objects.get(pk=record.pk)
        for name in ("section", "leader", "note_day"):
            setattr(fresh, name, values[name])
        fresh.updated_at = at
        fresh.save()
        log("修改督办事项", fresh, changed_fields(before, fresh, ["section", "leader", "note_day"]))
    return fresh


def first_month(follow_up: FollowUp) -> Period:
    """Notes are owed from the month in which supervision began."""
    return Period.of(day_of(follow_up.created_at))


def editable_until(note: ProgressNote) -> date:
    """To the end of its month, to its due day if that falls later, or on the very day when it came late."""
    return max(month_of(note.period).end, note.due_on, day_of(note.filed_at))


def note_refusal(follow_up: FollowUp, period: Period, note: ProgressNote | None, actor: Actor, on: date) -> str:
    """Why this actor may not write this month's note now; "" when they may."""
    if not leads(actor, follow_up.section_id):
        return f"进展由牵头科室（{follow_up.section}）填报"
    if follow_up.state == "closed":
        return "这项督办已经办结，不再填报进展"
    if period.start > on:
        return f"{period.label}还没有到，不能提前填报"
    if period.end < first_month(follow_up).start:
        return f"这项督办从{first_month(follow_up).label}开始，{period.label}不需要填报"
    if note is not None and on > editable_until(note):
        return f"{period.label}的进展已经过了修改期，请把新的情况写入本月进展"
    return ""


def file_note(
    follow_up: FollowUp, key: str, *, done: str, next_step: str, actor: Actor, at: datetime,
    problem: str = "", files: Sequence[UploadedFile] = (),
) -> ProgressNote:  # fmt: skip
    """File a month's note, or correct it while it may be; evidence goes onto the follow-up under the month's name."""
    period, on = month_of(key), day_of(at)
    texts = {"done": done.strip(), "problem": problem.strip(), "next_step": next_step.strip()}
    if not texts["done"] or not texts["next_step"]:
        raise Refused("请写明进展情况和下一步打算")
    with writing(actor, at):
        row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
        note = ProgressNote.objects.filter(follow_up=row, period=key).first()
        if why := note_refusal(row, period, note, actor, on):
            raise Refused(why)
        if note is None:
            due = due_day(period, row.note_day, work_calendar())
            note = ProgressNote(follow_up=row, period=key, due_on=due, filed_by=actor.name, filed_at=at, **texts)
            changes = {"月份": [None, key], "进展情况": [None, texts["done"]]}
            action = "填报进展"
        else:
            changes = {n: [getattr(note, n), texts[n]] for n in NOTE_FIELDS if getattr(note, n) != texts[n]}
            action = f"修改{period.number}月进展"
            for name, text in texts.items():
                setattr(note, name, text)
        note.save()
        for file in files:
            made = attach(row, file, name=file.name or "附件", by=actor.name, at=at, purpose=f"{period.label}进展")
            changes[f"附件 {made.name}"] = [None, f"第 {made.version} 版，{made.blob_id[:12]}"]
        if changes:
            log(action, row, changes)
    return note


def closing_gap(record: FollowUp) -> str:
    """What is still missing before a follow-up can be closed; "" when nothing is."""
    if not record.notes.exists():
        return "还没有填报过进展，请先填报"
    if attachments_of(record).exists() or met_target(record.item):
        return ""
    return "办结要有依据：请上传至少一个附件，或者等任务所列目标达到"


def met_target(item: Item) -> bool:
    """Has any target of the task been reached, by its latest frozen or confirmed figure?"""
    from keji.modules.plan.services.bulletin_rows import rows_of

    targets = [t for t in item.targets.select_related("plan") if t.tracked]
    latest = _latest_frozen(targets)
    return bool(latest) and any(row.met for row in rows_of(targets, month_of(latest)))


def _latest_frozen(targets: Iterable[Any]) -> str:
    """The last month for which any of these targets has a figure."""
    from keji.kernel.indicators.models import Reading
    from keji.modules.plan.models import TargetProgress

    targets = list(targets)
    codes = [t.indicator for t in targets if t.basis == "indicator"]
    frozen = Reading.objects.filter(indicator__in=codes, current=True).aggregate(last=Max("period"))["last"]
    filed = TargetProgress.objects.filter(target__in=targets, confirmed_at__isnull=False)
    return max(frozen or "", filed.aggregate(last=Max("period"))["last"] or "")


def asked_by(record: FollowUp, action: str) -> int | None:
    """Who took the step that is now waiting for an answer."""
    entries = Entry.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk), action=action)
    return entries.order_by("-position").values_list("actor_id", flat=True).first()


@dataclass(frozen=True)
class Standing:
    """One follow-up in one month, as the board shows it."""

    record: FollowUp
    due_on: date
    note: ProgressNote | None
    late_days: int  # working days past the due day while nothing was filed, or by which the note came late
    silent: int  # months in a row, up to this one, without a note although one was due
    last: str  # the last month with a note

    @property
    def owed(self) -> bool:
        return self.note is None and self.record.state != "closed"

    @property
    def overdue(self) -> bool:
        return self.owed and self.late_days > 0


def standings(period: Period, on: date, *, section: str = "") -> list[Standing]:
    """Every follow-up of the year's plan as it stands in a month, seen on a day. Three queries."""
    calendar, key = work_calendar(), month_key(period)
    rows = FollowUp.objects.filter(item__plan__year=period.year).select_related("section", "leader", "item")
    rows = rows.filter(section_id=section) if section else rows
    begun = [r for r in rows.order_by("item__order", "pk") if first_month(r).start <= period.end]
    notes: dict[int, dict[str, ProgressNote]] = {}
    for note in ProgressNote.objects.filter(follow_up__in=begun, period__lte=key):
        notes.setdefault(note.follow_up_id, {})[note.period] = note
    return [_standing(r, period, on, notes.get(r.pk, {}), calendar) for r in begun]


def _standing(
    record: FollowUp, period: Period, on: date, notes: dict[str, ProgressNote], calendar: WorkCalendar
) -> Standing:
    note = notes.get(month_key(period))
    due = note.due_on if note else due_day(period, record.note_day, calendar)
    until = day_of(note.filed_at) if note else on
    silent, month = 0, period
    if record.state != "closed":
        if due_day(month, record.note_day, calendar) >= on and month_key(month) not in notes:
            month = month.previous()  # this month's is not due yet: silence is counted up to the one before
        while month.start >= first_month(record).start and month_key(month) not in notes:
            silent, month = silent + 1, month.previous()
    late = days_late(due, until, calendar) if note or record.state != "closed" else 0
    return Standing(record, due, note, late, silent, max(notes, default=""))


def debts(on: date) -> list[Debt]:
    """The notes of this and the last month that have not come, whatever their due day."""
    calendar, this = work_calendar(), Period.of(on)
    open_ones = list(FollowUp.objects.exclude(state="closed").select_related("item__plan"))
    months = [this.previous(), this]
    filed = set(
        ProgressNote.objects.filter(period__in=[month_key(m) for m in months]).values_list("follow_up_id", "period")
    )
    return [
        Debt(due_day(m, r.note_day, calendar), r.pk, r.title, r.section_id, month_key(m))
        for r in open_ones
        for m in months
        if first_month(r).start <= m.start and m.year == r.item.plan.year and (r.pk, month_key(m)) not in filed
    ]
