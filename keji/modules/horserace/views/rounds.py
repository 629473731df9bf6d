"""Acts on a month's round: ask, answer, check, send back, correct."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import take
from keji.modules.horserace.models import FigureQuestion, RaceRound, RoundItem
from keji.modules.horserace.services import questions, rounds


def _found(model: Any, pk: int, what: str) -> Any:
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(f"没有这{what}。")
    return row


def _back(record: RaceRound) -> HttpResponse:
    return redirect(f"/d/race-rounds/{record.pk}")


@page(Role.OFFICER)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    record = _found(RaceRound, pk, "一轮")
    attempt(
        request,
        lambda: questions.ask(record, actor=actor_of(request), at=clock.now()),
        lambda n: f"已核对，新提出 {n} 个疑问。" if n else "已核对，没有新的疑问。",
    )
    return _back(record)


@page(Role.OFFICER, Role.COUNTY)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    question = FigureQuestion.objects.visible_to(actor).filter(pk=pk).select_related("round").first()
    if question is None:
        raise Http404("没有这个疑问。")
    text = request.POST.get("answer", "")
    attempt(request, lambda: questions.answer(question, text, actor=actor, at=clock.now()), "已答复。")
    return redirect("race-mine") if not actor.has(Role.OFFICER) else _back(question.round)


@page(Role.OFFICER)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    item = _found(RoundItem, pk, "项指标")
    without = request.POST.get("without", "")
    attempt(
        request,
        lambda: rounds.check_item(item, actor=actor_of(request), at=clock.now(), without=without),
        f"“{item.title}”复核通过。",
    )
    return _back(item.round)


@page(Role.OFFICER)
@require_POST
def uncheck(request: HttpRequest, pk: int) -> HttpResponse:
    item = _found(RoundItem, pk, "项指标")
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: take("uncheck", item, actor=actor_of(request), at=clock.now(), reason=reason),
        f"“{item.title}”已退回填报。",
    )
    return _back(item.round)


@page(Role.OFFICER)
@require_POST
def correct(request: HttpRequest, pk: int, figure: int) -> HttpResponse:
    """A confirmed figure gets its right value, with the reason; before and after stay in the log."""
    record, row = _found(RaceRound, pk, "一轮"), _found(ReportedFigure, figure, "个数")
    try:
        value = Decimal(request.POST.get("value", "").strip().replace(",", "").replace("，", ""))
        if not value.is_finite() or abs(value) >= Decimal(10) ** 16:
            raise InvalidOperation
    except InvalidOperation:
        messages.error(request, "没有办成：更正后的数不是数，请只填数字。")
        return _back(record)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: rounds.correct_reported(record, row, value, reason=reason, actor=actor_of(request), at=clock.now()),
        "已更正；原数保留在办理记录里。审定过的月份请再点“更正后重新计分”。",
    )
    return _back(record)
