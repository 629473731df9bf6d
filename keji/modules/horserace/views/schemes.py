"""Editing a draft scheme, rehearsing it, and looking at weights other methods would give."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import format_number, format_percent, parse_period
from keji.lib.race import weights
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
from keji.modules.horserace.services import reading, schemes
from keji.modules.horserace.services.content import ContentError, build, scheme_problems, title_of
from keji.modules.horserace.views.common import READERS, attempt

SETS = {"units": UnitSet, "levels": LevelSet, "indicators": IndicatorSet, "bonuses": BonusSet}


def _scheme(request: HttpRequest, pk: int) -> RaceScheme:
    found = RaceScheme.objects.visible_to(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个方案。")
    return found  # type: ignore[no-any-return]


@page(Role.OFFICER)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin with the scheme that comes with the house."""
    made = attempt(
        request,
        lambda: schemes.draft_starter(actor=actor_of(request), at=clock.now()),
        "已按随系统提供的方案起草，权重和方法都是待核的，请修改。",
    )
    return redirect(f"/d/race-schemes/{made.pk}" if made else "/d/race-schemes/")


@page(Role.OFFICER)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = _scheme(request, pk)
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
    scheme = _scheme(request, pk)
    try:
        period = parse_period(request.POST.get("period", ""))
    except ValueError:
        raise Http404("没有这个期间。") from None
    made = attempt(
        request,
        lambda: schemes.rehearse(scheme, period, actor=actor_of(request), at=clock.now()),
        f"已用{period.label}的定格数预演，正式结果没有变化。",
    )
    return redirect("race-rehearsal", pk=made.pk) if made else redirect(f"/d/race-schemes/{scheme.pk}")


@page(*READERS)
def weighing(request: HttpRequest, pk: int) -> HttpResponse:
    """What other ways of finding weights would say, each explained; none is taken over."""
    scheme = _scheme(request, pk)
    rows, told, period = [], [], ""
    months = schemes.rehearsal_months()
    try:
        problems = scheme_problems(scheme)
        own = build(scheme).weights() if not problems else {}
    except (ContentError, ValueError):
        problems, own = ("方案内容不完整",), {}
    if months and not problems:
        codes, points, own, period = _points(scheme, own)
        found = [weights.equal(codes)] if codes else []
        for way in (weights.entropy, weights.critic, weights.pca) if codes else ():
            try:
                found.append(way(codes, points))
            except ValueError as problem:
                told.append(str(problem))
        rows = [
            (title_of(c), format_percent(own.get(c)), [format_percent(Fraction(w.weights[c])) for w in found])
            for c in codes
        ]
        context_ways = [(w.method, w.sentence, w.warnings) for w in found]
    else:
        context_ways = []
    context = {
        "page_title": "权重参考",
        "page_subtitle": f"用{period}的得分试算，只供讨论，不会改动方案。" if period else "只供讨论，不会改动方案。",
        "crumbs": [("考评方案", "/d/race-schemes/"), (str(scheme), f"/d/race-schemes/{scheme.pk}"), ("权重参考", "")],
        "scheme": scheme,
        "problems": problems,
        "ways": context_ways,
        "rows": rows,
        "told": told,
        "format": format_number,
    }
    return render(request, "horserace/weights.html", context)


def _points(
    scheme: RaceScheme, own: dict[str, Fraction]
) -> tuple[list[str], list[list[Fraction]], dict[str, Fraction], str]:
    """Points of the last approved month for indicators every unit has, with the scheme's weights among these."""
    official = schemes.official_of(schemes.rehearsal_months()[0])
    if official is None:
        return [], [], {}, ""
    run = reading.run_of(official)
    full = [
        i.code
        for i in run.scheme.indicators
        if i.code in own and all(run.cells[u.code][i.code].points is not None for u in run.data.units)
    ]
    table: list[list[Any]] = [[run.cells[u.code][c].points for c in full] for u in run.data.units]
    whole = sum((own[c] for c in full), Fraction(0)) or Fraction(1)
    return full, table, {c: own[c] / whole for c in full}, official.span.label
