"""The inspector's part: seeing it live, saying the digits, noting, signing, doing it all again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.experts.services.drawing import check_again, draw_with_witness, observe
from keji.modules.experts.views.common import WATCHERS, draw_or_404
from keji.modules.experts.views.stages import stages_of


@page(*WATCHERS)
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the draw has come; the page asks for this part every few seconds, and for itself when it moved on."""
    draw = draw_or_404(request, pk)
    if request.GET.get("seen") != draw.state:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "experts/part_stages.html", {"draw": draw, "stages": stages_of(draw), "live": True})


@page(Role.INSPECTOR)
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """The witness's digits; nothing is kept of them unless the panel is drawn in the same moment."""
    found = draw_or_404(request, pk)
    digits, public = request.POST.get("digits", "")[:80], request.POST.get("public", "")
    if digits != request.POST.get("again", "")[:80]:
        messages.error(request, "没有抽取：两次输入的数字不一样，请重新输入。")
        return redirect("experts-draw", pk)
    try:
        draw_with_witness(found, digits, public, actor=actor_of(request), at=clock.now())
        messages.success(request, "已抽取并封存。请核对结果摘要，签名后离场。")
    except Refused as why:
        messages.error(request, f"没有抽取：{why}。")
    return redirect("experts-draw", pk)


@page(Role.INSPECTOR)
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    found = draw_or_404(request, pk)
    kind = "sign" if request.POST.get("kind") == "sign" else "note"
    try:
        observe(found, kind, request.POST.get("text", ""), actor=actor_of(request), at=clock.now())
        messages.success(request, "已签名。" if kind == "sign" else "已记录。")
    except Refused as why:
        messages.error(request, f"没有记录：{why}。")
    return redirect(f"/experts/draws/{pk}#observations")


@page(Role.INSPECTOR)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Every step anew, from the frozen file to the seats; what was found is kept."""
    found = draw_or_404(request, pk)
    if not found.drawn:
        messages.error(request, "还没有抽取，没有可复核的结果。")
        return redirect("experts-draw", pk)
    try:
        sound, steps = check_again(found, actor=actor_of(request), at=clock.now())
    except Refused as why:
        messages.error(request, f"没有复核：{why}。")
        return redirect("experts-draw", pk)
    context = {
        "draw": found,
        "sound": sound,
        "steps": steps,
        "page_title": "复核结果",
        "crumbs": [("专家抽取", "/d/expert-draws/"), (str(found), f"/experts/draws/{pk}"), ("复核结果", "")],
    }
    return render(request, "experts/checked.html", context)
