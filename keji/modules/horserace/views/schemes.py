"""Editing a draft scheme, rehearsing it, and looking at weights other methods would give."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, made
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import parse_period
from keji.modules.horserace.forms_scheme import (
    BonusSet,
    IndicatorSet,
    LevelSet,
    RuleForm,
    UnitSet,
    content_of,
    initial_of,
)
from keji.modules.horserace.models import RaceScheme
from keji.modules.horserace.services import schemes

SETS = {"units": UnitSet, "levels": LevelSet, "indicators": IndicatorSet, "bonuses": BonusSet}


def scheme_or_404(request: HttpRequest, pk: int) -> RaceScheme:
    found = RaceScheme.objects.visible_to(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个方案。")
    return found  # type: ignore[no-any-return]


@page(Role.OFFICER)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin with the scheme that comes with the house."""
    found = made(
        request,
        lambda: schemes.draft_starter(actor=actor_of(request), at=clock.now()),
        "已按随系统提供的方案起草，权重和方法都是待核的，请修改。",
    )
    return redirect(f"/d/race-schemes/{found.pk}" if found else "/d/race-schemes/")


@page(Role.OFFICER)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = scheme_or_404(request, pk)
    if scheme.state != RaceScheme.State.DRAFT:
        raise PermissionDenied("方案已经批准执行，要改请另起新版。")
    given, initial = request.POST or None, initial_of(scheme.content)
    sets = {name: kind(given, prefix=name, initial=initial[name]) for name, kind in SETS.items()}
    rule = RuleForm(given, initial=scheme.content)
    bad = False
    if request.method == "POST":
        valid = [found.is_valid() for found in sets.values()]  # every table tells its own problems
        if rule.is_valid() and all(valid):
            content = content_of(scheme.content, rule.cleaned_data, sets)
            if attempt(
                request,
                lambda: schemes.save_content(scheme, content, actor=actor_of(request), at=clock.now()),
                "已保存。",
            ):
                return redirect(f"/d/race-schemes/{scheme.pk}")
        else:
            bad = True
    context = {
        "page_title": f"修改{scheme}",
        "page_subtitle": "可以先保存没填完的方案；还有什么不对，保存后在方案页上逐条列出。",
        "crumbs": [("考评方案", "/d/race-schemes/"), (str(scheme), f"/d/race-schemes/{scheme.pk}"), ("修改", "")],
        "scheme": scheme,
        "sets": [
            ("units", "参加单位", "分组留空为不分组；年中加入、退出或换组的填起止日期", sets["units"]),
            ("levels", "一级指标", "权重合计 100", sets["levels"]),
            (
                "indicators",
                "指标",
                "同一个一级指标下的权重合计 100；参数写成“标准值=1.8，基础分=60”",
                sets["indicators"],
            ),
            ("bonuses", "加减分项", "扣分的分值填负数；没有依据材料的不计", sets["bonuses"]),
        ],
        "rule": rule,
        "bad": bad,
    }
    return render(request, "horserace/scheme_edit.html", context)


@page(Role.OFFICER)
@require_POST
def rehearse(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = scheme_or_404(request, pk)
    try:
        period = parse_period(request.POST.get("period", ""))
    except ValueError:
        raise Http404("没有这个期间。") from None
    found = made(
        request,
        lambda: schemes.rehearse(scheme, period, actor=actor_of(request), at=clock.now()),
        f"已用{period.label}的定格数预演，正式结果没有变化。",
    )
    return redirect("race-rehearsal", pk=found.pk) if found else redirect(f"/d/race-schemes/{scheme.pk}")
