"""An expert's own pages, made for a telephone: answers, the yearly confirmation, declarations, the own file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib.codes import check_phone, clean_phone, mask_personal
from keji.modules.experts.forms import words
from keji.modules.experts.models import ExitCase, Expert, Seat, Tie
from keji.modules.experts.services import declaring, own, seats, ties
from keji.modules.experts.views.common import heads

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ConfirmForm(forms.Form):
    employer = forms.CharField(label="所在单位", max_length=120)
    post = forms.CharField(label="职务", max_length=60, required=False)
    place = forms.CharField(label="所在市", max_length=40, required=False)
    phone = forms.CharField(label="新手机号", max_length=20, required=False, help_text="没有变化的留空")
    bank_card = forms.CharField(label="新银行卡号", max_length=30, required=False, help_text="没有变化的留空")
    keywords = forms.CharField(label="关键词", max_length=200, required=False, help_text="多个用顿号隔开")
    roles_elsewhere = forms.CharField(label="社会兼职", max_length=200, required=False)
    agree = forms.BooleanField(label="以上信息属实，我同意遵守评审专家守则，有应回避的情形主动申报")

    def clean_phone(self) -> str:
        text = clean_phone(self.cleaned_data["phone"])
        if text and (problem := check_phone(text)):
            raise forms.ValidationError(problem)
        return text

    def values(self) -> dict[str, Any]:
        """What was said; a blank phone or card keeps the one on file."""
        said = {k: v for k, v in self.cleaned_data.items() if k != "agree"}
        said["keywords"] = words(said["keywords"])
        return {k: v for k, v in said.items() if k not in ("phone", "bank_card") or v}


class TieForm(forms.Form):
    kind = forms.ChoiceField(label="关系", choices=Tie.Kind.choices)
    whom = forms.CharField(label="对方姓名", max_length=60, required=False)
    unit = forms.CharField(label="对方单位", max_length=120, required=False, help_text="全称；持股、顾问填该单位")
    on = forms.DateField(label="日期", widget=DATE, required=False, help_text="论文发表、项目结束或关系开始的日期")
    until_on = forms.DateField(label="终止日期", widget=DATE, required=False, help_text="仍在持续的留空")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("whom") and not cleaned.get("unit"):
            self.add_error("whom", "请写明对方的姓名或单位")
        first, last = cleaned.get("on"), cleaned.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", "终止日期早于开始日期，请核对")
        return cleaned


def _own_or_404(request: HttpRequest) -> Expert:
    expert = ties.own_expert(actor_of(request))
    if expert is None:
        raise Http404("您的账号还没有对应的评审专家，请联系科技局核对。")
    return expert


def _context(request: HttpRequest, expert: Expert, **more: Any) -> dict[str, Any]:
    today = clock.today()
    every = list(expert.seats.select_related("draw").order_by("-pk")[:30])
    for seat in every:
        seat.expert = expert
    asked = [s for s in every if s.state == Seat.State.ASKED and s.draw.state in seats.ANSWERABLE]
    declared = expert.ties.filter(withdrawn_at=None)
    first = {
        "employer": expert.employer, "post": expert.person.post, "place": expert.place,
        "keywords": "、".join(expert.keywords), "roles_elsewhere": expert.roles_elsewhere,
    }  # fmt: skip
    return {
        "expert": expert,
        "phone": mask_personal(expert.person.phone),
        "asked": [{"seat": s, "units": declaring.named_units(s.draw)} for s in asked],
        "coming": [s for s in every if s.state == Seat.State.ACCEPTED and s.draw.review_on >= today and _live(s)],
        "uses": expert.uses.filter(on__lte=today)[:10],
        "ties": [{"pk": t.pk, "row": t, "own": t.origin == Tie.Origin.DECLARED} for t in declared],
        "due": expert.confirmed_until is None or (expert.confirmed_until - today).days <= 30,
        "exits": ExitCase.objects.filter(expert=expert).exclude(state=ExitCase.State.PROPOSED)[:5],
        "confirm_form": ConfirmForm(initial=first),
        "tie_form": TieForm(prefix="tie"),
        "whys": Seat.Why.choices,
        "use_columns": heads("评审日期", "评审事项"),
        "today": today,
        "page_title": "我的评审",
        "crumbs": [("我的评审", "")],
        **more,
    }


def _live(seat: Seat) -> bool:
    return seat.draw.state in seats.ANSWERABLE


@page(Role.EXPERT)
def page_of_mine(request: HttpRequest) -> HttpResponse:
    """What waits for the expert first, then the own file."""
    return render(request, "experts/mine.html", _context(request, _own_or_404(request)))


@page(Role.EXPERT)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    expert, form = _own_or_404(request), ConfirmForm(request.POST)
    if form.is_valid():
        try:
            own.confirm(expert, form.values(), actor=actor_of(request), at=clock.now())
            messages.success(request, "已确认，谢谢。")
            return redirect("experts-mine")
        except Refused as why:
            form.add_error(None, f"没有确认：{why}。")
    return render(request, "experts/mine.html", _context(request, expert, confirm_form=form, due=True), status=422)


@page(Role.EXPERT)
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    expert, form = _own_or_404(request), TieForm(request.POST, prefix="tie")
    if form.is_valid():
        try:
            row = ties.TieRow(expert.pk, **form.cleaned_data)
            ties.declare_tie(expert, row, actor=actor_of(request), at=clock.now())
            messages.success(request, "已申报，内容加密保存，只用于回避比对。")
            return redirect("/experts/mine#ties")
        except Refused as why:
            form.add_error(None, f"没有申报：{why}。")
    return render(request, "experts/mine.html", _context(request, expert, tie_form=form), status=422)


@page(Role.EXPERT)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    tie = get_object_or_404(Tie, pk=pk, expert=_own_or_404(request))
    try:
        ties.withdraw_tie(tie, actor=actor_of(request), at=clock.now())
        messages.success(request, "已撤回这条申报。")
    except Refused as why:
        messages.error(request, f"没有撤回：{why}。")
    return redirect("/experts/mine#ties")


SAID: dict[tuple[str, bool], str] = {
    (Seat.State.ACCEPTED, True): "已答复参加，届时请准时到会。",
    (Seat.State.DECLINED, True): "您申报的单位需要回避，席位由备选专家递补，谢谢。",
    (Seat.State.DECLINED, False): "已登记不参加，席位由备选专家递补。",
}


def _answered(request: HttpRequest, seat: Seat, accept: bool, why: str, reason: str) -> Seat:
    given: dict[str, Any] = {"actor": actor_of(request), "at": clock.now()}
    if not accept:
        return seats.answer(seat, False, why=why, reason=reason, **given)
    marked = [int(key) for key in request.POST.getlist("tied") if key.isdecimal() and len(key) < 12]
    return declaring.accept_unless_tied(seat, marked, **given)


@page(Role.EXPERT, Role.OFFICER)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """By the expert, or by whoever calls the experts; for everybody else the seat does not exist."""
    actor = actor_of(request)
    seat = Seat.objects.select_related("draw", "expert__person").filter(pk=pk).first()
    own_seat = seat is not None and seat.expert.person.account_id == actor.id
    if seat is None or not (own_seat or seat.draw.contact_id == actor.id):
        raise Http404("没有这个席位。")
    accept = request.POST.get("answer") == "accept"
    why, reason = request.POST.get("why", ""), request.POST.get("reason", "")
    try:
        done = _answered(request, seat, accept, why, reason)
        messages.success(request, SAID[done.state, accept])
    except Refused as problem:
        messages.error(request, f"没有登记：{problem}。")
    return redirect("experts-mine" if own_seat else f"/experts/draws/{seat.draw_id}/contacts")
