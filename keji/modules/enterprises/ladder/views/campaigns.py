"""A campaign's own page: how far every county is, the paper for the province, the published list and its settling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents import setting
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.figures import plain_date
from keji.modules.enterprises.ladder import due, outlook, paper
from keji.modules.enterprises.ladder.campaign_forms import PublicListForm
from keji.modules.enterprises.ladder.campaign_models import (
    UNSETTLED,
    Application,
    Campaign,
    CampaignBatch,
    PublicLine,
    PublicList,
)
from keji.modules.enterprises.ladder.models import Rung
from keji.modules.enterprises.ladder.services import publicity
from keji.modules.enterprises.ladder.services.campaigns import tick_materials
from keji.modules.enterprises.ladder.views import common
from keji.modules.enterprises.ladder.views.board import url_of

STATE_TONES = {
    "draft": "gray", "submitted": "blue", "returned": "amber", "reviewed": "teal", "refused": "red",
    "recommended": "violet", "passed": "green", "failed": "red", "certified": "green", "withdrawn": "gray",
}  # fmt: skip
MATCH_TONES = {
    "matched": "green", "former": "teal", "other_batch": "amber", "not_applied": "amber", "unknown": "red",
    "settled": "blue", "not_ours": "gray",
}  # fmt: skip
#: Columns of the progress board, from the first step to the last.
STAGES = (
    ("填写中", ("draft",)),
    ("县区审核", ("submitted", "returned")),
    ("县区已审", ("reviewed",)),
    ("已推荐", ("recommended",)),
    ("拟认定", ("passed",)),
    ("已发证", ("certified",)),
    ("未通过", ("refused", "failed")),
)
LIST = "/enterprises/ladder/applications"


@page(*common.READERS)
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns, the newest first, with what is due next in each."""
    today = clock.today()
    rows = []
    for campaign in Campaign.objects.annotate(n=Count("applications")).prefetch_related("batches"):
        batches = sorted(campaign.batches.all(), key=lambda b: b.due_on)
        coming = next((b for b in batches if b.due_on >= today), None)
        rows.append(
            {
                "url": reverse("ladder-campaign", args=[campaign.pk]),
                "cells": [
                    {"value": campaign.title},
                    {"value": campaign.get_state_display(), "badge": _campaign_tone(campaign)},
                    {"value": f"{coming.name}　{plain_date(coming.due_on)}" if coming else "已全部截止"}
                    | {"sub": "" if coming is None or coming.certain else "日期待核"},
                    {"value": campaign.n, "number": True, "unit": "家"},
                ],
            }
        )
    return common.show(request, "campaigns.html", "ladder-campaigns", {
        "columns": common.columns("申报活动", "状态", "最近截止", "申报", end=("申报",)),
        "rows": rows,
        "may_plan": actor_of(request).has(Role.OFFICER),
        "page_title": "申报活动",
        "page_subtitle": "批次日期以省级通知为准，可随时修改；没有核对原文的标“待核”。",
    })  # fmt: skip


def _campaign_tone(campaign: Campaign) -> str:
    return {"draft": "gray", "open": "green", "closed": "plain"}[campaign.state]


def campaign_or_404(pk: int) -> Campaign:
    found = Campaign.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个申报活动。")
    return found


@page(*common.READERS)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress board of one campaign."""
    actor, today, found = actor_of(request), clock.today(), campaign_or_404(pk)
    region = common.region_asked(request, actor)
    counted: dict[tuple[str, str], int] = {}
    rows = Application.objects.visible_to(actor).filter(campaign=found)  # type: ignore[attr-defined]
    for state, code, n in rows.order_by().values_list("state", "region_id").annotate(n=Count("pk")):
        counted[state, code] = n
    waiting = due.counts(found.rung, today) if found.year == today.year else {}
    context = {
        "campaign": found,
        "stages": [name for name, _ in STAGES],
        "progress": _progress(found, counted, waiting, actor),
        "batches": [_batch(b, today, actor) for b in found.batches.all()],
        "materials": found.material_list,
        "lists": [
            {
                "url": reverse("ladder-public-list", args=[p.pk]),
                "cells": [
                    {"value": p.title},
                    {"value": p.get_kind_display()},
                    {"value": p.batch.name},
                    {"value": p.n, "number": True, "unit": "家"},
                    {"value": "已登记", "badge": "green"}
                    if p.done_at
                    else {"value": f"待核定 {p.open} 家" if p.open else "可以登记", "badge": "amber"},
                ],
            }
            for p in found.public_lists.select_related("batch").annotate(
                n=Count("lines"),
                open=Count("lines", filter=Q(lines__match__in=UNSETTLED)),
            )
        ],
        "list_columns": common.columns("名单", "类型", "批次", "企业", "核对", end=("企业",)),
        "is_officer": actor.has(Role.OFFICER),
        "edit_url": f"/d/campaigns/{found.pk}",
        "region": region,
        "page_title": found.title,
        "crumbs": [("梯度培育", reverse("ladder")), ("申报活动", reverse("ladder-campaigns")), (found.title, "")],
    }
    return common.show(request, "campaign.html", "ladder-campaigns", context)


def _progress(found: Campaign, counted: Any, waiting: Any, actor: Any) -> list[dict[str, Any]]:
    own = common.own_regions(actor)
    rows: list[dict[str, Any]] = []
    for region in Region.objects.exclude(level="city"):
        if own and region.pk not in own:
            continue
        base = {"rung": found.rung, "year": found.year, "region": region.pk}
        cells = [
            (sum(counted.get((s, region.pk), 0) for s in states), url_of(LIST, **base, state="-".join(states)))
            for _, states in STAGES
        ]
        left = sum(n for (r, s), n in waiting.items() if s in due.LEFT and r == region.pk)
        left_url = url_of("/enterprises/ladder/due", rung=found.rung, region=region.pk)
        rows.append({"label": region.name, "cells": cells, "left": (left, left_url)})
    return rows


def _batch(batch: CampaignBatch, today: Any, actor: Any) -> dict[str, Any]:
    days = (batch.due_on - today).days
    recommended = len(paper.recommended(batch))
    return {
        "batch": batch,
        "left": f"还有 {days} 天" if days > 0 else "今天截止" if days == 0 else "已截止",
        "tone": "gray" if days < 0 else "amber" if days <= 14 else "blue",
        "recommended": recommended,
        "url": url_of(LIST, rung=batch.campaign.rung, year=batch.campaign.year, batch=batch.pk),
        "edit_url": f"/d/batches/{batch.pk}/edit" if actor.has(Role.OFFICER) else "",
    }


@page(*common.READERS)
def applications(request: HttpRequest) -> HttpResponse:
    """Applications of a rung and year, by stage; the lists behind the progress board and the forecast."""
    actor, today = actor_of(request), clock.today()
    rung, region = common.rung_asked(request), common.region_asked(request, actor)
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else today.year
    rows = Application.objects.visible_to(actor).filter(campaign__rung=rung, campaign__year=year)  # type: ignore[attr-defined]
    if request.GET.get("adding"):
        rows = rows.filter(pk__in=outlook.adding(rung, today, today.replace(month=12, day=31), region).values("pk"))
    rows = rows.filter(region=region) if region else rows
    if batch := request.GET.get("batch", ""):
        rows = rows.filter(batch=common.key_of(batch))
    state = request.GET.get("state", "")
    wanted = ("submitted", "returned", "reviewed") if state == "waiting" else tuple(s for s in state.split("-") if s)
    rows = rows.filter(state__in=wanted) if wanted else rows.exclude(state="withdrawn")
    if words := request.GET.get("q", ""):
        rows = rows.filter(common.named("party", words))
    heads = common.columns("企业", "编号", "县区", "批次", "状态", "说明")

    def row_of(a: Application) -> dict[str, Any]:
        return {
            "url": f"/d/applications/{a.pk}",
            "cells": [
                {"value": a.party.name},
                {"value": a.number, "mono": True},
                {"value": a.region.name},
                {"value": a.batch.name},
                {"value": a.get_state_display(), "badge": STATE_TONES[a.state]},
                {"value": a.result or (f"退回过 {a.returned_times} 次" if a.returned_times else "—")},
            ],
        }

    records = Application.objects.select_related("party", "region", "batch")
    ordered = rows.order_by("region", "pk")
    title = f"{year}年{Rung(rung).label}申报"
    if request.method == "POST":
        return common.exported(request, title, heads, records.filter(pk__in=ordered), row_of)
    more = {"state": common.choice("状态", [(v, label) for v, label in Application.State.choices])}
    stage = {"waiting": "县区审核中"} | {"-".join(states): name for name, states in STAGES}
    return common.show(request, "list.html", "ladder-campaigns", {
        **common.paged(request, ordered, records, row_of),
        "columns": heads,
        "form": common.Filters(request.GET, actor=actor, rung=rung, more=more),
        "keep": {k: v for k, v in common.kept(request).items() if k in ("year", "batch", "adding")},
        "clear_url": url_of(LIST, rung=rung, year=year),
        "note": "只列年末会使总数增加的在途申报" if request.GET.get("adding") else stage.get(state, ""),
        "page_title": title,
        "empty_title": "没有这样的申报",
        "empty_text": "换一个状态、县区或年度再看。",
    })  # fmt: skip


@page(Role.OFFICER, Role.LEADER)
def recommendation(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The recommendation list as a file."""
    batch = CampaignBatch.objects.select_related("campaign").filter(pk=pk).first()
    if batch is None or kind not in setting.KINDS:
        raise Http404("没有这个文件。")
    if not paper.recommended(batch):
        messages.error(request, f"{batch.name}还没有已推荐的企业，推荐后才能生成推荐名单。")
        return redirect("ladder-campaign", pk=batch.campaign_id)
    content = paper.recommendation_file(batch, kind, clock.today())
    return file_answer(content, f"{paper.recommendation(batch, clock.today()).title}.{kind}")


@page(Role.OFFICER)
def upload_public_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a published list; every line is compared at once."""
    batch = CampaignBatch.objects.select_related("campaign").filter(pk=pk).first()
    if batch is None:
        raise Http404("没有这个批次。")
    form = PublicListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = publicity.upload_list(
                batch, form.cleaned_data["kind"], form.cleaned_data["title"], file.name or "名单.xlsx", file.read(),
                actor=actor_of(request), at=clock.now(),
            )  # fmt: skip
            messages.success(request, f"已核对 {made.lines.count()} 家企业，请核定没有对上的。")
            return redirect("ladder-public-list", pk=made.pk)
        except Refused as why:
            form.add_error("file", f"{why}。")
    parent = batch.campaign
    context = {
        "form": form,
        "batch": batch,
        "page_title": f"上传{batch.name}公示名单",
        "crumbs": [
            ("申报活动", reverse("ladder-campaigns")), (parent.title, reverse("ladder-campaign", args=[parent.pk])),
            ("上传公示名单", ""),
        ],
    }  # fmt: skip
    return common.show(request, "public_upload.html", "ladder-campaigns", context)


def list_or_404(request: HttpRequest, pk: int) -> PublicList:
    rows = PublicList.objects.visible_to(actor_of(request)).select_related("campaign", "batch")
    found: PublicList | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份名单。")
    return found


@page(Role.OFFICER, Role.LEADER, Role.INSPECTOR)
def public_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A published list beside what was recommended: matched, not matched, and who is missing from it."""
    sheet, actor = list_or_404(request, pk), actor_of(request)
    lines = list(sheet.lines.select_related("application__party", "application__batch"))
    on_list = PublicLine.objects.filter(sheet=sheet, application=OuterRef("pk"))
    # Only of those is it a question: who has failed or holds the certificate is known already.
    recommended = Application.objects.filter(batch=sheet.batch, state__in=("recommended", "passed"))
    missing = recommended.filter(~Exists(on_list)).select_related("party", "region").order_by("region", "pk")
    free = Application.objects.filter(campaign=sheet.campaign).exclude(state="withdrawn").filter(~Exists(on_list))
    open_lines = [line for line in lines if line.match in UNSETTLED]
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.match] = counts.get(line.match, 0) + 1
    may = actor.has(Role.OFFICER) and sheet.done_at is None
    parent = sheet.campaign
    context = {
        "sheet": sheet,
        "counts": [
            {"label": label, "count": counts[code], "tone": MATCH_TONES[code]}
            for code, label in PublicLine.Match.choices
            if code in counts
        ],
        "open_lines": open_lines,
        "columns": common.columns("名单上的企业", "行", "核对结果", "申报", "证书编号", end=("行",)),
        "rows": [_line_row(line) for line in lines],
        "missing": missing,
        "choices": list(free.select_related("party").order_by("party__name")[:1000]) if may and open_lines else [],
        "may": may,
        "verb": "登记拟认定" if sheet.kind == PublicList.Kind.PROPOSED else "登记证书",
        "page_title": sheet.title,
        "page_subtitle": f"{sheet.get_kind_display()}　{sheet.batch.name}　{sheet.by}上传",
        "crumbs": [
            ("申报活动", reverse("ladder-campaigns")), (parent.title, reverse("ladder-campaign", args=[parent.pk])),
            ("公示名单", ""),
        ],
    }  # fmt: skip
    return common.show(request, "public_list.html", "ladder-campaigns", context)


def _line_row(line: PublicLine) -> dict[str, Any]:
    application = line.application
    said = {"value": application.number, "url": f"/d/applications/{application.pk}"} if application else {"value": "—"}
    return {
        "cells": [
            {"value": line.name, "sub": line.uscc},
            {"value": line.row, "align": "end"},
            {"value": line.get_match_display(), "badge": MATCH_TONES[line.match], "sub": line.note},
            said,
            {"value": line.certificate_code or "—", "mono": True},
        ]
    }


@page(Role.OFFICER)
@require_POST
def settle_line(request: HttpRequest, pk: int) -> HttpResponse:
    line = PublicLine.objects.select_related("sheet", "application").filter(pk=pk).first()
    if line is None:
        raise Http404("名单中没有这一行。")
    application = Application.objects.filter(pk=common.key_of(request.POST.get("application", "")) or 0).first()
    try:
        publicity.settle_line(
            line, request.POST.get("choice", ""), application=application, actor=actor_of(request), at=clock.now()
        )
        messages.success(request, f"“{line.name}”：{line.get_match_display()}。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(reverse("ladder-public-list", args=[line.sheet_id]) + "#open")


@page(Role.OFFICER)
@require_POST
def register_list(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = list_or_404(request, pk)
    try:
        done = publicity.register(sheet, actor=actor_of(request), at=clock.now())
        certified = sheet.kind == PublicList.Kind.CERTIFIED
        tail = "证书已填报，请另一位同志在科技资质中确认后计入总数。" if certified else ""
        messages.success(request, f"已登记 {done['done']} 家。{tail}")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect("ladder-public-list", pk=sheet.pk)


@page(Role.OFFICER, Role.COUNTY, Role.ENTERPRISE)
@require_POST
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick what is at hand."""
    actor = actor_of(request)
    rows = Application.objects.visible_to(actor).select_related("campaign")  # type: ignore[attr-defined]
    record = rows.filter(pk=pk).first()
    if record is None:
        raise Http404("没有找到这份申报，或者它不在您的查看范围内。")
    try:
        done = tick_materials(record, request.POST.getlist("ready"), actor=actor, at=clock.now())
        left = len(done.missing_materials)
        messages.success(request, f"已保存材料清单，还差 {left} 项。" if left else "材料已备齐，可以提交。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(f"/d/applications/{pk}")


def materials_panel(request: HttpRequest, record: Application) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "materials": [{"name": name, "ready": name in record.ready} for name in record.campaign.material_list],
        "may": record.state in ("draft", "returned") and record.access.reaches(actor, record.access.write, record),
        "url": reverse("ladder-materials", args=[record.pk]),
    }
