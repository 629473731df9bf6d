"""Upload, the side-by-side page, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.files import blob_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Section
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused, take
from keji.lib import plantext
from keji.lib.plantext import PlanError
from keji.modules.plan.forms_adopt import ACCEPTED, AddForm, TargetForm, UploadForm, initial_of, leaders
from keji.modules.plan.models import Plan, PlanTarget
from keji.modules.plan.services import adopt as adopting
from keji.modules.plan.services import reading, targets
from keji.modules.plan.views.adopt_page import page_context, shown
from keji.modules.plan.wording import said_of

READERS = (Role.OFFICER, Role.LEADER, Role.COUNTY, Role.INSPECTOR)
FIELDSETS = (
    ("目标", ("subject", "verb", "op", "value", "value2", "unit", "due_on", "item", "optional")),
    ("取数与责任", ("basis", "indicator", "base", "section", "assisting", "by_county")),
)


def plan_or_404(request: HttpRequest, pk: int) -> Plan:
    found = Plan.objects.visible_to(actor_of(request)).select_related("supersedes", "source_blob").filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这份工作要点，或者它不在您的查看范围内。")
    plan: Plan = found
    return plan


def target_or_404(plan: Plan, pk: int) -> PlanTarget:
    found = plan.targets.select_related("section", "item").prefetch_related("assisting").filter(pk=pk).first()
    if found is None:
        raise Http404("这份工作要点里没有这个目标。")
    target: PlanTarget = found
    return target


def adopt_url(plan: Plan, target: PlanTarget | None = None) -> str:
    return reverse("plan-adopt", args=[plan.pk]) + (f"#t{target.pk}" if target else "")


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("工作要点", "/d/plan/"), (f"{plan.year} 年（第 {plan.edition} 版）", f"/d/plan/{plan.pk}"), *more]


@page(Role.OFFICER)
def upload(request: HttpRequest) -> HttpResponse:
    running = Plan.objects.visible_to(actor_of(request)).filter(state="adopted")
    wanted = request.GET.get("supersedes", "")
    revised = running.filter(pk=wanted).first() if wanted.isdecimal() else None
    initial = {"year": revised.year if revised else clock.today().year, "supersedes": revised}
    form = UploadForm(request.POST or None, request.FILES or None, running=running, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _read(request, form)):
        return redirect(adopt_url(made))
    context = {
        "form": form,
        "accept": ACCEPTED,
        "page_title": "上传工作要点",
        "page_subtitle": "上传后自动识别行动、任务和目标；原文件原样保存，采用之前都可以改。",
        "crumbs": [("工作要点", "/d/plan/"), ("上传", "")],
    }
    return render(request, "plan/upload.html", context, status=422 if form.is_bound and form.errors else 200)


def _read(request: HttpRequest, form: UploadForm) -> Plan | None:
    city = Region.objects.filter(level=Region.Level.CITY).first()
    if city is None:
        form.add_error(None, "系统里还没有本市的区划，请先由系统管理员在“县区”里建立。")
        return None
    file = form.cleaned_data["file"]
    last = Plan.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        made: Plan = adopting.read_plan(
            file.read(),
            file.name,
            year=form.cleaned_data["year"],
            region=city,
            actor=actor_of(request),
            at=clock.now(),
            supersedes=form.cleaned_data["supersedes"],
        )
    except PlanError as problem:
        form.add_error("file", str(problem))
        return None
    except Refused as why:
        form.add_error(None, f"{why}。")
        return None
    count = made.targets.count()
    said = reading.document(made.text, made.source_name).year
    if said and said != made.year:
        messages.warning(request, f"文件里写的是 {said} 年，您填的是 {made.year} 年；填错了请放弃这份草稿后重新上传。")
    if made.pk > last:
        messages.success(request, f"已识别 {count} 个目标，请对照原文核对。")
    else:
        messages.info(request, "这份文件已经上传过，下面就是那一份，没有重复建立。")
    return made


@page(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    plan, actor = plan_or_404(request, pk), actor_of(request)
    may_edit = plan.state == "draft" and actor.has(Role.OFFICER)
    context = page_context(plan, actor, may_edit=may_edit) | {
        "page_title": plan.title,
        "crumbs": crumbs(plan, ("目标核对", "")),
        "sections": list(Section.objects.all()) if may_edit else [],
        "leaders": list(leaders(clock.today())) if may_edit else [],
    }
    return render(request, "plan/adopt.html", context)


@page(*READERS)
def source(request: HttpRequest, pk: int) -> FileResponse:
    """The very file that was uploaded."""
    plan = plan_or_404(request, pk)
    return blob_answer(plan.source_blob, plan.source_name)


@page(Role.OFFICER)
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    plan = plan_or_404(request, pk)
    if name not in plan.flow:
        raise Http404("没有这个步骤。")
    try:
        reason = request.POST.get("reason", "")
        take(name, plan, actor=actor_of(request), at=clock.now(), reason=reason)
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
        return redirect(adopt_url(plan))
    messages.success(request, f"已{plan.flow[name].label}。")
    return redirect("plan-tree", pk=plan.pk) if name == "adopt" else redirect("/d/plan/")


def _needs_draft(plan: Plan) -> None:
    if plan.state != "draft":
        raise PermissionDenied(
            f"工作要点目前是“{plan.get_state_display()}”，目标不能再改；需要调整请上传修订版。"  # type: ignore[attr-defined]
        )


@page(Role.OFFICER)
def edit(request: HttpRequest, pk: int, target: int) -> HttpResponse:
    """The form of one target: inside the page when the page asks for it, else a page of its own."""
    plan = plan_or_404(request, pk)
    _needs_draft(plan)
    row = target_or_404(plan, target)
    version = request.POST.get("version", "") or targets.version_of(row)
    form = TargetForm(
        request.POST or None,
        plan=plan,
        near=reading.suggestions(row),
        initial=initial_of(row),
        auto_id=f"id_{row.pk}_%s",  # several rows may be open at once
    )
    status, stale = 200, ""
    if request.method == "POST":
        if form.is_valid():
            try:
                targets.correct(row, form.cleaned_data, version=version, actor=actor_of(request), at=clock.now())
                messages.success(request, f"已保存“{form.cleaned_data['subject']}”。")
                return redirect(adopt_url(plan, row))
            except Refused as why:
                row = target_or_404(plan, target)
                status, stale, version = 409, f"没有保存：{why}。", targets.version_of(row)
        else:
            status = 422
    context = _form_context(plan, form, "修改目标") | {
        "row": shown(row, may_edit=False),
        "version": version,
        "stale": stale,
        "said_now": said_of(row),
        "action": reverse("plan-target-edit", args=[plan.pk, row.pk]),
        "cancel_url": adopt_url(plan, row),
    }
    inside = bool(getattr(request, "htmx", False)) and request.method == "GET"
    return render(request, "plan/parts/edit.html" if inside else "plan/target_form.html", context, status=status)


def _form_context(plan: Plan, form: TargetForm, title: str, *, first: tuple[str, tuple[str, ...]] | None = None) -> Any:
    sets = (first, *FIELDSETS) if first else FIELDSETS
    return {
        "plan": plan,
        "form": form,
        "fieldsets": [{"title": heading, "fields": [form[n] for n in names]} for heading, names in sets],
        "page_title": title,
        "crumbs": crumbs(plan, ("目标核对", adopt_url(plan)), (title, "")),
    }


@page(Role.OFFICER)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    _needs_draft(plan)
    form = AddForm(request.POST or None, plan=plan, initial=_guess(plan, request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            line, text = values.pop("line"), values.pop("text")
            try:
                made = targets.add(plan, values, line=line, text=text, actor=actor_of(request), at=clock.now())
                messages.success(request, f"已添加“{made.subject}”。")
                return redirect(adopt_url(plan, made))
            except Refused as why:
                form.add_error("text", f"{why}。")
    context = _form_context(plan, form, "添加目标", first=("原文", ("line", "text"))) | {
        "action": reverse("plan-target-add", args=[plan.pk]),
        "cancel_url": adopt_url(plan),
        "source_line": _line(plan, str(form["line"].value() or "")),
        "submit_label": "添加",
    }
    return render(request, "plan/target_form.html", context, status=status)


def _line(plan: Plan, number: str) -> str:
    lines = plan.lines
    return lines[int(number) - 1] if number.isdecimal() and 1 <= int(number) <= len(lines) else ""


def _guess(plan: Plan, request: HttpRequest) -> dict[str, Any]:
    """What the chosen words seem to say, to start from; the person decides."""
    number, text = request.GET.get("line", ""), request.GET.get("text", "").strip()[:300]
    values: dict[str, Any] = {"line": number, "text": text, "due_on": f"{plan.year}-12-31", "basis": "reported"}
    line = _line(plan, number)
    if not line:
        return values
    if item := targets.item_at(plan, int(number)):
        values |= {"item": item.pk, "section": item.section_id}
    if not text:
        return values
    # The words alone may lack a verb that makes them a goal: then they are read once more as one.
    for words in (text, f"力争达到{text}"):
        found = plantext.read(f"{plan.year}年工作要点\n{words}", everything=True).targets
        if found:
            first = found[0]
            subject = first.subject if first.subject in text else ""
            values |= {"subject": subject, "verb": first.verb, "op": first.op, "unit": first.unit}
            values |= {"value": _plain(first.value), "value2": _plain(first.value2)}
            break
    return values


def _plain(value: Decimal | None) -> str:
    return "" if value is None else plantext.plain(value)


def acting(act: Callable[..., PlanTarget | None]) -> Callable[..., HttpResponse]:
    """A button of the page: do it, say what happened, come back to the row."""

    @page(Role.OFFICER)
    @require_POST
    def view(request: HttpRequest, pk: int, **found: int) -> HttpResponse:
        plan = plan_or_404(request, pk)
        row = target_or_404(plan, found["target"]) if "target" in found else None
        try:
            row = act(request, plan, row) if row else act(request, plan)
        except Refused as why:
            messages.error(request, f"没有办成：{why}。")
        return redirect(adopt_url(plan, row))

    return view
