"""The workbook of facts: template, upload as a job, export in the same shape."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.desk.uploads import AT_ONCE_BYTES
from keji.kernel import clock
from keji.kernel.documents.models import keep
from keji.kernel.facts.models import Origin
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import run_job, submit
from keji.kernel.people.roles import Actor, Role
from keji.lib import sheet
from keji.modules.enterprises.facts.asking import purposes
from keji.modules.enterprises.facts.form import UNITS
from keji.modules.enterprises.facts.sheet import CODE, LIMITS, NAME, YEAR, columns

WRITERS = (Role.OFFICER, Role.COUNTY)
MOST_ACCEPTED = 100  # characters of why odd numbers are right
NOTES = (
    "一家企业每个年度一行；不分年度的资料填在其中任意一行。",
    "留空表示不清楚，不会覆盖已有的数；确实是零请写 0。",
    "金额单位写在表头，整张表用同一个单位。",
)


def origins(actor: Actor) -> list[tuple[str, str]]:
    """Whose figures a person may bring: a county its own, the bureau also those of statistics and other departments."""
    if actor.has(Role.OFFICER):
        return [(o.value, str(o.label)) for o in (Origin.BUREAU, Origin.STATISTICS, Origin.DEPARTMENT)]
    return [(Origin.COUNTY.value, str(Origin.COUNTY.label))]


def unit_of(text: str) -> str:
    return text if text in UNITS else ""


@page(*WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook, for one purpose or all, money in the unit asked for."""
    today, unit = clock.today(), unit_of(request.GET.get("unit", "")) or "万元"
    titles = purposes(today)
    purpose = request.GET.get("for", "") if request.GET.get("for", "") in titles else ""
    example = {CODE: "91341503MA8N12A31C", NAME: "六安某某科技有限公司", YEAR: today.year - 1, "revenue": 3000}
    listed = columns(unit, purpose, today)
    content = sheet.template(listed, examples=[example], notes=list(NOTES))
    return file_answer(content, f"企业资料模板（{titles.get(purpose, '全部资料')}，{unit}）.xlsx")


@page(*WRITERS)
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a filled workbook: checked whole, then written whole or not at all."""
    actor, today = actor_of(request), clock.today()
    problem, accepted = "", request.POST.get("accepted", "").strip()
    if request.method == "POST":
        file, unit, origin = (
            request.FILES.get("file"),
            unit_of(request.POST.get("unit", "")),
            request.POST.get("origin"),
        )
        if file is None:
            problem = "没有选择文件，请选择填好的 .xlsx 表格。"
        elif not unit:
            problem = "没有选择金额单位，请按表头上的单位选择。"
        elif origin not in dict(origins(actor)):
            problem = "没有选择资料来源。"
        elif (file.size or 0) > LIMITS.file_bytes:
            problem = f"文件超过 {LIMITS.file_bytes // 2**20} MB，请分成几张表上传。"
        elif len(accepted) > MOST_ACCEPTED:
            problem = f"原因最多 {MOST_ACCEPTED} 字，现有 {len(accepted)} 字，请缩短后再上传。"
        else:
            params = {"unit": unit, "origin": origin, "accepted": accepted}
            return redirect(start(actor, file.name or "企业资料.xlsx", file.read(), params))
        messages.error(request, problem)
    context = {
        "units": list(UNITS),
        "unit": request.POST.get("unit", ""),
        "origins": origins(actor),
        "purposes": purposes(today),
        "page_title": "批量导入企业资料",
        "page_subtitle": "全部核对无误才会写入；有问题的行会逐条说明，一行都不会写进去。",
        "crumbs": [("一企一档", ""), ("批量导入", "")],
    }
    return render(request, "enterprises/facts_import.html", context, status=422 if problem else 200)


def start(actor: Actor, name: str, content: bytes, params: dict[str, Any]) -> Job:
    """Keep the file, then check and write: at once when small, behind a progress bar when not."""
    row = Job.objects.create(
        kind="facts-import",
        title=f"导入企业资料：{name}"[:200],
        params={"sha256": keep(content).sha256, "name": name, "back": reverse("facts-import"), **params},
        created_by_id=actor.id,
        created_at=clock.now(),
    )
    if len(content) < AT_ONCE_BYTES:
        run_job.func(row.pk)
    else:
        run_job.enqueue(row.pk)
    return row


@page(Role.LEADER, Role.OFFICER, Role.COUNTY)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Every file within reach in the template's shape."""
    actor, unit = actor_of(request), unit_of(request.POST.get("unit", "")) or "万元"
    if not actor.roles:
        raise PermissionDenied("您的角色不能导出企业资料。")
    return redirect(submit("facts-export", f"导出企业资料（{unit}）", actor=actor, params={"unit": unit}))
