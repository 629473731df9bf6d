"""The board of follow-ups, the monthly note, and who is about to be urged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import attachments_of
from keji.kernel.people.models import Section
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import Period
from keji.modules.plan.manners import QUIET_DAYS
from keji.modules.plan.models import FollowUp, Plan, ProgressNote
from keji.modules.plan.services import follow, urging
from keji.modules.plan.services.adopt import open_follow_ups
from keji.modules.plan.services.bulletin_text import bare
from keji.modules.plan.services.follow import Standing, month_key, month_of

BOARD = (Role.LEADER, Role.OFFICER, Role.INSPECTOR)


def asked_month(request: HttpRequest, default: Period) -> Period:
    """?month=2024-11; what is no month, or not begun, falls back."""
    try:
        period = month_of(request.GET.get("month", ""))
    except ValueError:
        return default
    return period if period.start <= clock.today() else default


def months_around(period: Period, on: date) -> list[dict[str, Any]]:
    """The year's months so far as tabs, the latest first: it is what a narrow screen shows."""
    last = on.month if period.year == on.year else 12
    months = [Period.month(period.year, m) for m in range(last, 0, -1)]
    return [{"label": f"{m.number}月", "key": month_key(m), "active": m == period} for m in months]


@page(*BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """A month of supervision: who has filed, who is late, who is silent, what is stuck."""
    actor, on = actor_of(request), clock.today()
    period = asked_month(request, Period.of(on))
    section = request.GET.get("section", "")[:32]
    found = follow.standings(period, on, section=section)
    owing = [s for s in found if s.owed]
    query = f"&section={section}" if section else ""
    tabs = months_around(period, on)
    plan = Plan.objects.filter(year=period.year, state="adopted").first()
    context = {
        "page_title": "督办台账",
        "page_subtitle": f"{period.label}各项任务的进展报送情况，应报日遇休息日顺延到下一个工作日。",
        "crumbs": [("工作要点", ""), ("督办台账", "")],
        "tabs": [{**t, "url": f"?month={t['key']}{query}", "count": None} for t in tabs],
        "sections": Section.objects.all(),
        "section": section,
        "month": month_key(period),
        "period": period,
        "stats": stats_of(found),
        "columns": COLUMNS,
        "rows": [row_of(s, on, month_key(period)) for s in sorted(found, key=urgency)],
        "silent": [s for s in found if s.silent >= follow.SILENT_MONTHS],
        "stuck": list(stuck(found, on)),
        "plan": plan,
        "may_start": actor.has(Role.OFFICER) and plan is not None and unwatched(plan),
        "may_urge": actor.has(Role.OFFICER, Role.LEADER) and bool(owing),
    }
    return render(request, "plan/follow_board.html", context)


COLUMNS = [
    {"label": "督办事项"},
    {"label": "牵头科室"},
    {"label": "责任领导"},
    {"label": "应报日期"},
    {"label": "本月进展"},
    {"label": "存在问题"},
    {"label": "完成时限"},
]


def stats_of(found: Sequence[Standing]) -> list[dict[str, Any]]:
    due = [s for s in found if s.note or s.record.state != "closed"]
    timely = sum(s.note is not None and s.late_days == 0 for s in due)
    late = sum(s.note is not None and s.late_days > 0 for s in due)
    return [
        {"label": "应报事项", "value": len(due), "unit": "项", "note": f"已办结 {len(found) - len(due)} 项不再报"},
        {"label": "已报", "value": timely + late, "unit": "项", "note": f"其中逾期补报 {late} 项"},
        {"label": "逾期未报", "value": sum(s.overdue for s in due), "unit": "项", "note": "已过应报日"},
        {
            "label": "长期未报",
            "value": sum(s.silent >= follow.SILENT_MONTHS for s in due),
            "unit": "项",
            "note": "连续两个月以上",
        },
        {
            "label": "待局领导审批",
            "value": sum(s.record.state in ("closing", "changing") for s in found),
            "unit": "项",
            "note": "申请办结或调整时限",
        },
    ]


def urgency(standing: Standing) -> tuple[int, int, int]:
    """Overdue first, the longest first; then what is still to come; then what has come; closed last."""
    s = standing
    group = 3 if s.record.state == "closed" else 0 if s.overdue else 1 if s.owed else 2
    return (group, -s.late_days, s.record.item.order)


def row_of(standing: Standing, on: date, month: str) -> dict[str, Any]:
    s, record = standing, standing.record
    word, tone = filed_word(s, on)
    return {
        "url": f"/d/follow-ups/{record.pk}",
        "tone": "red" if s.overdue else "gray" if record.state == "closed" else "",
        "cells": [
            {"value": bare(record.title), "sub": f"{record.number} · {record.get_state_display()}"},
            {"value": record.section.name},
            {"value": record.leader.name if record.leader else "—"},
            {"value": f"{s.due_on.month}月{s.due_on.day}日" if record.state != "closed" or s.note else "—"},
            {"value": word, "badge": tone},
            {"value": shorten(s.note.problem, 36) if s.note and s.note.problem else "—"},
            {
                "value": f"{record.due_on.month}月{record.due_on.day}日"
                if record.due_on.year == on.year
                else record.due_on
            },
        ],
    }


def filed_word(standing: Standing, on: date) -> tuple[str, str]:
    s = standing
    if s.note:
        day = follow.day_of(s.note.filed_at)
        filed = f"{day.month}月{day.day}日报送"
        return (f"{filed}，逾期 {s.late_days} 个工作日", "amber") if s.late_days else (filed, "green")
    if s.record.state == "closed":
        return "已办结", "gray"
    if s.late_days:
        return f"未报，逾期 {s.late_days} 个工作日", "red"
    if on > s.due_on:
        return "未报，应报日已过", "amber"
    return ("今天应报", "amber") if on == s.due_on else ("未到应报日", "plain")


def stuck(found: Iterable[Standing], on: date) -> Iterable[dict[str, Any]]:
    """What does not move by itself: waiting for a leader, past its final date, or held up by a named problem."""
    for s in found:
        record = s.record
        if record.state in ("closing", "changing"):
            since = (
                follow.day_of(record.state_since or record.created_at)
                .strftime("%m月%d日")
                .lstrip("0")
                .replace("月0", "月")
            )
            leader = record.leader.name if record.leader else "局领导"
            yield {"record": record, "what": f"{record.get_state_display()}，{since}起等{leader}审批", "tone": "amber"}
        elif record.state != "closed" and record.due_on < on:
            yield {"record": record, "what": f"已过完成时限（{record.due_on:%Y-%m-%d}），没有办结", "tone": "red"}
        elif s.note and s.note.problem:
            yield {"record": record, "what": shorten(s.note.problem, 60), "tone": "gray"}


def shorten(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


@page(Role.OFFICER)
@require_POST
def start(request: HttpRequest, plan: int) -> HttpResponse:
    """Put tasks that got their lead section after adoption under supervision too."""
    actor = actor_of(request)
    found = Plan.objects.visible_to(actor).filter(pk=plan, state="adopted").first()
    if found is None:
        raise Http404("没有这份执行中的工作要点。")
    made = open_follow_ups(found, actor, clock.now())
    messages.success(request, f"已把 {len(made)} 项任务列入督办，牵头科室从本月起每月报送进展。")
    return redirect("follow-board")


def unwatched(plan: Plan) -> bool:
    return plan.items.filter(kind="task", section__isnull=False, follow_up__isnull=True).exists()


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each within the house's limit."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        for file in files:
            if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
                most = settings.UPLOAD_MAX_BYTES // 1024 // 1024
                raise forms.ValidationError(f"“{file.name}”超过 {most} MB，请压缩或拆分后再上传。")
        return files


class NoteForm(forms.Form):
    done = forms.CharField(
        label="进展情况",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="本月做了什么，到了哪一步，写事实和数字",
    )
    problem = forms.CharField(
        label="存在问题", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="没有问题可不填；第一句会作为滞后原因引入月通报",
    )  # fmt: skip
    next_step = forms.CharField(
        label="下一步打算",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="下月填报时会提示您对照",
    )
    evidence = FilesField(
        label="佐证材料", required=False, help_text="可一次选多个文件；同名文件会成为新版本，旧版本保留"
    )


@page(*BOARD)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """The month's note of one task: filed once, corrected while it may be, with last month's intentions in sight."""
    actor, on = actor_of(request), clock.today()
    record = FollowUp.objects.visible_to(actor).select_related("section", "leader", "item").filter(pk=pk).first()
    if record is None:
        raise Http404("没有这项督办。")
    period = asked_month(request, Period.of(on))
    key = month_key(period)
    notes = {n.period: n for n in ProgressNote.objects.filter(follow_up=record, period__lte=key)}
    existing, before = notes.pop(key, None), notes[max(notes)] if notes else None
    if why := follow.note_refusal(record, period, existing, actor, on):
        raise PermissionDenied(why + "。")
    initial = {n: getattr(existing, n) for n in follow.NOTE_FIELDS} if existing else {}
    form = NoteForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            texts = {name: form.cleaned_data[name] for name in follow.NOTE_FIELDS}
            files = form.cleaned_data["evidence"]
            follow.file_note(record, key, actor=actor, at=clock.now(), files=files, **texts)
            messages.success(request, f"已{'修改' if existing else '报送'}“{bare(record.title)}”{period.label}进展。")
            return redirect(f"/d/follow-ups/{record.pk}")
        except Refused as refused:
            form.add_error(None, f"没有办成：{refused}。")
    due = existing.due_on if existing else follow.due_day(period, record.note_day, follow.work_calendar())
    until = follow.editable_until(existing) if existing else max(period.end, due)
    context = {
        "page_title": f"{period.label}进展",
        "page_subtitle": f"{bare(record.title)}（{record.section}）",
        "crumbs": [("督办台账", "/plan/follow"), (bare(record.title), f"/d/follow-ups/{record.pk}"), ("填报进展", "")],
        "record": record,
        "form": form,
        "period": period,
        "existing": existing,
        "before": before,
        "before_label": month_of(before.period).label if before else "",
        "due_on": due,
        "late": follow.days_late(due, on, follow.work_calendar()) if not existing else 0,
        "until": until,
        "cancel_url": f"/d/follow-ups/{record.pk}",
        "files": [
            {
                "name": a.name, "url": f"/d/follow-ups/{record.pk}/files/{a.pk}", "size": a.blob.size,
                "digest": a.blob_id, "uploaded_by": a.uploaded_by, "uploaded_at": a.uploaded_at, "version": a.version,
            }
            for a in attachments_of(record).filter(purpose=f"{period.label}进展")
        ],
    }  # fmt: skip
    return render(request, "plan/follow_note.html", context, status=422 if form.is_bound and form.errors else 200)


@page(Role.OFFICER, Role.LEADER)
def urge(request: HttpRequest) -> HttpResponse:
    """Whom the next reminder would reach, and sending it."""
    actor, on = actor_of(request), clock.today()
    if request.method == "POST":
        try:
            sent = urging.urge(on, actor=actor, at=clock.now())
            told = f"已催办 {len(sent)} 人，每人一条汇总消息。" if sent else "今天没有可以催办的人，没有发送消息。"
            messages.success(request, told)
        except Refused as why:
            messages.error(request, f"没有办成：{why}。")
        return redirect("follow-urge")
    outlook = urging.outlook(on)
    context = {
        "page_title": "将要催办谁",
        "page_subtitle": f"每人一条汇总，休息日不催，{QUIET_DAYS} 天内不重复；每个工作日早上自动发送，也可以现在发送。",
        "crumbs": [("督办台账", "/plan/follow"), ("将要催办谁", "")],
        "outlook": outlook,
        "next_day": follow.work_calendar().next_working(on),
    }
    return render(request, "plan/follow_urge.html", context)
