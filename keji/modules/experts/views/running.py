"""Running a draw: freezing it, calling the experts, marking how they did, the record on paper."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.documents import setting
from keji.kernel.jobs.models import Job
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date, to_decimal
from keji.modules.experts.fees import fee
from keji.modules.experts.models import Draw, Expert, Seat, Use
from keji.modules.experts.models.credit import MARKS
from keji.modules.experts.panel_rights import may_see_contacts, may_see_panel
from keji.modules.experts.papers import draw_record
from keji.modules.experts.services.credit import mark_use
from keji.modules.experts.services.freezing import Terms
from keji.modules.experts.services.freezing_job import open_freeze, start_freeze, stop_freeze, wait_a_moment
from keji.modules.experts.services.numbers import number
from keji.modules.experts.views.common import WATCHERS, draw_or_404
from keji.modules.experts.views.draws import CRUMB


@page(Role.OFFICER)
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze as things stand now; what was agreed on the seed is fixed with it."""
    draw = draw_or_404(request, pk)
    digits = request.POST.get("digits", "6")
    try:
        terms = Terms(
            digits=int(digits) if digits.isdecimal() and len(digits) < 3 else 6,
            public=whole(request.POST.get("public", ""), 120, "公开数字的名称"),
            algorithm="sm3" if request.POST.get("algorithm") == "sm3" else "sha256",
        )
        job = wait_a_moment(start_freeze(draw, terms, actor=actor_of(request), at=clock.now()))
    except Refused as why:
        messages.error(request, f"没有冻结：{why}。")
        return redirect("experts-draw", pk)
    if job.state == Job.State.DONE:
        messages.success(request, job.message)
        return redirect("experts-draw", pk)
    return redirect(f"/experts/draws/{pk}#act")  # the bar, or why nothing came of it, stands there


@page(*WATCHERS)
def freezing(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the freeze in the background is; the page asks every second, and for itself when it has ended."""
    draw = draw_or_404(request, pk)
    job = open_freeze(draw)
    if job is None:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "experts/part_freezing.html", {"draw": draw, "freezing": job})


@page(Role.OFFICER)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the freezing that goes on in the background; nothing of it was written."""
    try:
        stop_freeze(draw_or_404(request, pk), actor=actor_of(request), at=clock.now())
        messages.info(request, "已停止，什么都没有留下。要改名额的，取消后由申请人重新申请，原来填的会带过去。")
    except Refused as why:
        messages.error(request, f"没有停止：{why}。")
    return redirect("experts-draw", pk)


def _panel_or_refuse(request: HttpRequest, pk: int) -> tuple[Actor, Draw]:
    actor, draw = actor_of(request), draw_or_404(request, pk)
    if not may_see_panel(actor, draw):
        raise PermissionDenied("评审组名单在启封前不向您显示；启封后由申请人、冻结人和联络人办理。")
    return actor, draw


@page(Role.OFFICER)
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call, for whoever calls; each look is on the log."""
    actor, draw = actor_of(request), draw_or_404(request, pk)
    if not may_see_contacts(actor, draw):
        raise PermissionDenied("联系名单只向这次抽取的联络人显示，抽取之后、办结之前可看。")
    with writing(actor, clock.now()):
        log("查看联系名单", draw)
    seats = draw.seats.select_related("expert__person").order_by("order", "pk")
    context = {
        "draw": draw,
        "seats": [s for s in seats if s.state != Seat.State.DECLINED],
        "declined": [s for s in seats if s.state == Seat.State.DECLINED],
        "whys": Seat.Why.choices,
        "text": f"您好，{draw.region.name}科技局邀请您参加{plain_date(draw.review_on)}的评审，能否参加？",
        "page_title": "联系名单",
        "page_subtitle": f"{draw.number}；名单封存，请勿外传，本次查看已留痕",
        "crumbs": [CRUMB, (draw.number, f"/experts/draws/{pk}"), ("联系名单", "")],
    }
    return render(request, "experts/contacts.html", context)


@page(Role.OFFICER)
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """How everybody did, one row an expert; with what they are paid."""
    actor, draw = _panel_or_refuse(request, pk)
    if not draw.opened:
        raise PermissionDenied("启封后才能评价。")
    if request.method == "POST":
        _save_mark(request, actor, draw)
        return redirect("experts-draw-marks", pk)
    uses = list(draw.uses.select_related("expert__person").order_by("expert__number"))
    context = {
        "draw": draw,
        "uses": [{"use": u, "fee": fee_of(u), "marks": [(m, _label(m), getattr(u, m)) for m in MARKS]} for u in uses],
        "open": draw.state == Draw.State.OPENED,
        "scale": [5, 4, 3, 2, 1],
        "page_title": "评价和费用",
        "page_subtitle": f"{draw.title}（{draw.number}）",
        "crumbs": [CRUMB, (draw.number, f"/experts/draws/{pk}"), ("评价和费用", "")],
    }
    return render(request, "experts/marks.html", context)


def _label(name: str) -> str:
    return str(Use._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _save_mark(request: HttpRequest, actor: Actor, draw: Draw) -> None:
    said: dict[str, Any] = {m: int(v) for m in MARKS if (v := request.POST.get(m, "")).isdecimal() and len(v) == 1}
    said["note"] = request.POST.get("note", "")
    try:
        days = Decimal(request.POST.get("days") or "0")
        if days < 0 or days > 99 or (days * 2) % 1:
            raise Refused("评审天数按半天填，如 0.5、1、2.5")
        use = draw.uses.filter(
            pk=request.POST.get("use", "0") if request.POST.get("use", "").isdecimal() else 0
        ).first()
        if use is None:
            raise Refused("这次抽取里没有这名专家")
        said["days"] = days or None
        mark_use(draw.number, use.expert.person_id, said, actor=actor, at=clock.now())
        messages.success(request, f"已评价{use.expert}。")
    except (Refused, InvalidOperation) as why:
        messages.error(request, f"没有保存：{why if isinstance(why, Refused) else '评审天数请填数字'}。")


def fee_of(use: Use) -> Decimal | None:
    """What the rates in force come to, in 元; None without days."""
    if not use.days:
        return None
    senior = use.expert.level in (Expert.Level.SENIOR, Expert.Level.ASSOCIATE)
    rate = number("experts.fee_senior" if senior else "experts.fee_other", use.on)
    half, later = number("experts.fee_half_percent", use.on), number("experts.fee_later_percent", use.on)
    return to_decimal(fee(use.days, rate, half_percent=half, later_percent=later), 2)


@page(*WATCHERS)
def record(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The signed record as an official paper; with names once opened, for those who may see them."""
    actor, draw = actor_of(request), draw_or_404(request, pk)
    if kind not in setting.KINDS:
        raise Http404("没有这种格式。")
    if not draw.drawn:
        raise Http404("还没有抽取，没有抽取记录。")
    names = draw.opened and may_see_panel(actor, draw)
    with writing(actor, clock.now()):
        log("下载抽取记录", draw, {"含名单": [None, "是" if names else "否"]})
    return file_answer(draw_record(draw, kind, names=names), f"专家抽取记录{draw.number}.{kind}")
