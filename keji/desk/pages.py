"""A desk's pages for one record: detail, new, edit, steps, attachments, reveal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from keji.desk.cells import NOTHING, cell, find_field, label_of, written
from keji.desk.crossing import as_read, crossing
from keji.desk.desk import Desk, desk_of
from keji.desk.files import blob_answer
from keji.desk.guard import actor_of, found_or_404
from keji.desk.links import links_of
from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.models import Attachment, attach, attachments_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import find_by_number
from keji.lib.codes import mask_personal
from keji.lib.figures import plain_date
from keji.lib.workdays import WorkCalendar

HISTORY_SHOWN = 50
YEARS = ("年度", "年份")


def detail(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    """Facts, steps, panels, attachments, links, history."""
    actor, record = actor_of(request), found_or_404(request, desk, pk)
    flow, steps = desk.flow, steps_of(desk, actor, record)
    context = {
        "desk": desk,
        "record": record,
        "page_title": str(record),
        "state": cell(record, "state", tones=desk.tones) if flow and hasattr(record, "state") else None,
        "facts": facts(desk, actor, record),
        "sealed": [
            {"name": n, "label": label_of(desk.model, n), "value": mask_personal(getattr(record, n))}
            for n in desk.sealed
            if getattr(record, n)
        ],
        "steps": steps,
        "may_step": any(step["allowed"] for step in steps),
        "panels": panels_of(request, desk, record),
        "files": files_of(desk, actor, record),
        "may_attach": desk.attachments and desk.access.reaches(actor, desk.access.write, record),
        "edit_refusal": desk.edit_refusal(actor, record),
        "links": links_of(actor, record),
        "history": history_of(record),
        "crumbs": [(desk.title, desk.url()), (str(record), "")],
    }
    return render(request, "desk/detail.html", context)


def panels_of(request: HttpRequest, desk: Desk, record: Any) -> list[dict[str, Any]]:
    """The parts the module draws; one with nothing to say is left out."""
    drawn = ((panel, panel.context(request, record)) for panel in desk.panels)
    return [
        {"title": panel.title, "template": panel.template, "first": panel.first, **filled}
        for panel, filled in drawn
        if filled is not None
    ]


def steps_of(desk: Desk, actor: Actor, record: Any) -> list[dict[str, Any]]:
    """Every step that starts here; a refused one keeps its reason in sight."""
    if desk.flow is None:
        return []
    calendar = work_calendar()
    return [
        {
            "code": step.name,
            "label": step.label,
            "url": f"{desk.record_url(record)}/step/{step.name}",
            "allowed": not why,
            "refusal": why,
            "tone": "" if step.tone == "secondary" else step.tone,
            "needs_reason": step.needs_reason,
            "reason_most": step.reason_most,
            "fields": asked_by(step),
            "confirm": step.confirm,
            "due": due_sentence(step.due(record, calendar), calendar),
        }
        for step, why in desk.flow.offered(actor, record)
    ]


def asked_by(step: Any) -> Any:
    """What a step asks for. Its fields bear its name: two steps of one page may both ask for a day."""
    form = step.form() if step.form else None
    if form is not None:
        form.auto_id = f"id_{step.name}_%s"
    return form


def due_sentence(due: date | None, calendar: WorkCalendar) -> str:
    if due is None:
        return ""
    unsure = "（放假安排未录入，暂按周末规则）" if calendar.uncertain(due) else ""
    return f"应于{plain_date(due)}前办结{unsure}"


def files_of(desk: Desk, actor: Actor, record: Any) -> list[dict[str, Any]]:
    if not desk.attachments:
        return []
    may_write = desk.access.reaches(actor, desk.access.write, record)
    base = f"{desk.record_url(record)}/files"
    return [
        {
            "name": a.name,
            "url": f"{base}/{a.pk}",
            "size": a.blob.size,
            "digest": a.blob_id,
            "uploaded_by": a.uploaded_by,
            "uploaded_at": a.uploaded_at,
            "version": a.version,
            "remove_url": f"{base}/{a.pk}/drop" if may_write else "",
        }
        for a in attachments_of(record)
    ]


def facts(desk: Desk, actor: Actor, record: Any) -> list[dict[str, Any]]:
    """The declared groups; a fact that only repeats the page's heading is not said twice.

    A group of which nothing is known yet (撤销, 结果) is left out: a card of dashes says nothing.
    """
    groups, heading_of_page = desk.facts or ((desk.noun, desk.columns),), str(record)
    found: list[dict[str, Any]] = []
    for heading, paths in groups:
        cells = [cell(record, path, tones=desk.tones, url=fact_url(actor, record, path)) for path in paths]
        found.append({"title": heading, "facts": [c for c in cells if c.url or c.value != heading_of_page]})
    return [group for group in found if any(c.value != NOTHING for c in group["facts"])]


def fact_url(actor: Actor, record: Any, path: str) -> str:
    """A fact that is itself a record opens that record, for those who may read it."""
    value = getattr(record, path, None) if "__" not in path else None
    if isinstance(value, models.Model):
        desk = desk_of(type(value))
        if desk and actor.has(*desk.readers) and desk.access.reaches(actor, desk.access.read, value):
            return desk.record_url(value)
    return ""


def history_of(record: Any) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk))
    return [
        {
            "at": e.at,
            "actor": e.actor_name,
            "on_behalf": f"代{e.lent_by}" if e.lent_by else "",
            "action": e.action,
            "reason": e.reason,
            "changes": [change(type(record), name, pair) for name, pair in e.changes.items()],
        }
        for e in rows.order_by("-position")[:HISTORY_SHOWN]
    ]


def change(model: type[models.Model], name: str, pair: Any) -> dict[str, str]:
    """One changed column for people; a column that was empty before shows only what came."""
    field = find_field(model, name)
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    label = str(field.verbose_name) if field is not None else name
    return {"label": label, "before": said(field, before, label), "after": said(field, after, label)}


AMOUNT = re.compile(r"-?\d+\.\d+", re.ASCII)


def said(field: Any, value: Any, label: str = "") -> str:
    """A value from the log as people write it."""
    if value in (None, ""):
        return ""
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, int) and (label in YEARS or field is not None and field.name.endswith("year")):
        return str(value)  # a year takes no thousands separator
    return written(meant(field, value) if isinstance(value, str) else value)


def meant(field: Any, text: str) -> Any:
    """What the log keeps as text: a day, a moment, an amount; anything else is the text itself."""
    try:
        if isinstance(field, models.DecimalField) or (field is None and AMOUNT.fullmatch(text)):
            return Decimal(text)
        if text[4:5] == text[7:8] == "-":
            return date.fromisoformat(text) if len(text) == 10 else timezone.localtime(datetime.fromisoformat(text))
    except (ValueError, InvalidOperation):
        pass  # words that only look like one
    return text


def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """/r/<number>: the address of any record."""
    record = find_by_number(number)
    desk = desk_of(type(record)) if record else None
    seen = desk is not None and record is not None and desk.records(actor_of(request)).filter(pk=record.pk).exists()
    address = getattr(record, "public_url", str)()
    if address and not seen:
        return redirect(address)  # what everybody may read is read there by those who do not work on it
    if desk is None or record is None or not seen:  # one answer for both: it does not tell that the number was given
        raise Http404(f"没有编号为 {number} 的记录，或者它不在您的查看范围内。")
    return redirect(desk.record_url(record))


def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    actor = actor_of(request)
    if not desk.may_create(actor) or desk.form is None or desk.create is None:
        raise PermissionDenied(f"您的角色不能新建{desk.noun}。")
    form = desk.form(request.POST or None, actor=actor, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        for problem in desk.form.check_many([form.cleaned_data], actor).get(0, []):
            form.add_error(problem[0] or None, problem[1])
        if form.is_valid():
            made = attempt(
                form,
                lambda: type(desk).create([form.cleaned_data], actor=actor, at=clock.now(), source="page"),  # type: ignore[misc]
            )
            if made:
                messages.success(request, f"已新建{desk.noun}“{made[0]}”。")
                return redirect(desk.record_url(made[0]))
    return render_form(request, desk, form, f"新建{desk.noun}")


def edit(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    actor, record = actor_of(request), found_or_404(request, desk, pk)
    if why := desk.edit_refusal(actor, record):
        raise PermissionDenied(why + "。")
    assert desk.form is not None and desk.update is not None
    filled = desk.form.values(record)
    form = desk.form(request.POST or None, actor=actor, record=record, initial=filled)
    if request.method == "POST" and (told := crossing(record, filled, request.POST.get("as_read", ""))):
        form.add_error(None, told)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: type(desk).update(record, form.cleaned_data, actor=actor, at=clock.now()),  # type: ignore[misc]
        )
        if saved:
            messages.success(request, "已保存。")
            return redirect(desk.record_url(record))
    return render_form(request, desk, form, f"修改{desk.noun}", record, read=as_read(filled))


def attempt(form: Any, work: Callable[[], Any]) -> Any:
    """What the service made; None, with a sentence on the form, when somebody else was quicker."""
    try:
        return work()
    except Refused as why:
        form.add_error(None, f"没有保存：{why}。")
    except IntegrityError:
        form.add_error(None, "没有保存：刚刚有人保存了编号或内容相同的记录，请核对后再试。")
    return None


def render_form(
    request: HttpRequest, desk: Desk, form: Any, title: str, record: Any = None, read: str = ""
) -> HttpResponse:
    named = form.fieldsets or ((desk.noun, tuple(form.fields)),)
    context = {
        "desk": desk,
        "form": form,
        "record": record,
        "as_read": read,
        "page_title": title,
        "fieldsets": [{"title": h, "fields": [form[n] for n in names if n in form.fields]} for h, names in named],
        "cancel_url": desk.record_url(record) if record else desk.url(),
        "crumbs": [
            (desk.title, desk.url()),
            *([(str(record), desk.record_url(record))] if record else []),
            (title, ""),
        ],
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def step(request: HttpRequest, desk: Desk, pk: str, name: str) -> HttpResponse:
    record = found_or_404(request, desk, pk)
    if desk.flow is None or name not in desk.flow:
        raise Http404("没有这个步骤。")
    make_form = desk.flow[name].form
    form = make_form(request.POST) if make_form else None
    try:
        if form is not None and not form.is_valid():
            raise Refused("；".join(f"{form[n].label}：{e[0]}" for n, e in form.errors.items()).rstrip("。"))
        data = form.cleaned_data if form is not None else {}
        reason = request.POST.get("reason", "").strip()
        take(name, record, actor=actor_of(request), at=clock.now(), reason=reason, **data)
        messages.success(request, f"已{desk.flow[name].label}。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(desk.record_url(record))


@require_POST
def add_file(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    record, actor = found_or_404(request, desk, pk), actor_of(request)
    file = request.FILES.get("file")
    if not desk.attachments or not desk.access.reaches(actor, desk.access.write, record):
        raise PermissionDenied("您不能给这条记录添加附件。")
    if file is None:
        messages.error(request, "没有选择文件。")
    elif (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        messages.error(
            request, f"“{file.name}”超过 {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB，请压缩或拆分后再上传。"
        )
    else:
        with writing(actor, clock.now()):
            made = attach(record, file, name=file.name or "附件", by=actor.name, at=clock.now())
            log("添加附件", record, {"附件": [None, f"{made.name}（第 {made.version} 版，{made.blob.sha256[:12]}）"]})
        messages.success(request, f"已添加附件“{made.name}”。")
    return redirect(desk.record_url(record) + "#attachments")


def get_file(request: HttpRequest, desk: Desk, pk: str, attachment: int) -> FileResponse:
    record = found_or_404(request, desk, pk)
    row = attachments_of(record).filter(pk=attachment).first() if desk.attachments else None
    if row is None:
        raise Http404("没有这个附件，可能已经移除。")
    return blob_answer(row.blob, row.name)


@require_POST
def drop_file(request: HttpRequest, desk: Desk, pk: str, attachment: int) -> HttpResponse:
    """Take an attachment off a record; the file itself is kept for the history."""
    record, actor = found_or_404(request, desk, pk), actor_of(request)
    if not desk.attachments or not desk.access.reaches(actor, desk.access.write, record):
        raise PermissionDenied("您不能移除这条记录的附件。")
    with writing(actor, clock.now()):
        row = Attachment.objects.select_for_update().filter(pk=attachment, removed_at__isnull=True).first()
        if row and row.subject_id == str(record.pk) and row.subject_type == record._meta.label_lower:
            row.removed_at = clock.now()
            row.save(update_fields=["removed_at"])
            log("移除附件", record, {"附件": [row.name, None]})
            messages.success(request, f"已移除附件“{row.name}”。")
    return redirect(desk.record_url(record) + "#attachments")


@require_POST
def reveal(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    """Show personal data in full, once, to one person, with the reason on the log."""
    record, actor = found_or_404(request, desk, pk), actor_of(request)
    name, reason = request.POST.get("field", ""), request.POST.get("reason", "").strip()
    if name not in desk.sealed:
        raise Http404("没有这一项。")
    if not reason:
        messages.error(request, "查看完整信息需要写明用途。")
        return redirect(desk.record_url(record))
    with writing(actor, clock.now()):
        log_look(f"查看完整{label_of(desk.model, name)}", record, reason=reason)
    messages.info(request, f"{label_of(desk.model, name)}：{getattr(record, name)}（本次查看已记录）")
    return redirect(desk.record_url(record))
