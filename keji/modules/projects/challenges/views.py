"""Pages of one problem on the list: argument, bids, evaluation, contract, stages."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, tell_errors, to_record, typed, visible_or_404
from keji.desk.files import blob_answer, file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import attachments_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.projects.challenges import forms
from keji.modules.projects.challenges.services import bids, challenges, contracts, evaluating
from keji.modules.projects.fields import day_of
from keji.modules.projects.models import Bid, Challenge, Contract, Stage
from keji.modules.projects.models.access import OVERSEERS
from keji.modules.projects.pages import form_page, laid_out, refuse
from keji.modules.projects.reviews.services import drawing

DESK, BIDS = "challenges", "bids"
UNITS = (Role.ENTERPRISE, Role.INSTITUTION)


def _day(request: HttpRequest, name: str) -> date:
    """A day as it was typed; Refused when it is none: no other day takes its place."""
    text = request.POST.get(name, "").strip()
    try:
        return day_of(text)
    except ValueError:
        raise Refused(f"日期“{text[:20]}”看不明白，请写成 2024年12月31日") from None


_of_list = partial(form_page, desk=DESK, list_title="揭榜挂帅榜单")


@page(Role.OFFICER)
def argue(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Challenge, pk), actor_of(request)
    if record.state != "filed":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在论证。")
    drawn = drawing.drawn_experts(record, drawing.ARGUE)
    form = forms.ArgueForm(request.POST or None, record=record, drawn=drawn)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            challenges.argue, record, form.told(), panel=said["panel"], argued=said["argued"], held_on=said["held_on"],
            actor=actor, at=clock.now(),
        )  # fmt: skip
        if attempt(request, act, "已登记论证，请办理“论证通过”，由出题单位确认。"):
            return to_record(DESK, record)
    return _of_list(request, record, form, "凝练论证", fieldsets=laid_out(form), note="成果要求写成可考核的数值")


@page(*UNITS)
@require_POST
def start_bid(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    record = visible_or_404(request, Challenge, pk)
    unit = get_object_or_404(Party, pk=party, pk__in=actor_of(request).parties)
    made: list[Bid] = []
    act = lambda: made.append(bids.start_bid(record, unit, actor=actor_of(request), at=clock.now()))  # noqa: E731
    if attempt(request, act, "已开始应榜，请填写后提交；截止前任何人都看不到。"):
        return to_record(BIDS, made[0])
    return to_record(DESK, record)


@page(*UNITS)
def write_bid(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Bid, pk), actor_of(request)
    refuse(bids.editing_refusal(record, actor))
    form = forms.BidForm(request.POST or None, bid=record)
    if request.method == "POST" and form.is_valid():
        act = partial(bids.write_bid, record, form.told(), actor=actor, at=clock.now())
        if attempt(request, act, "已保存应榜书，请核对后提交。"):
            return to_record(BIDS, record)
    return form_page(request, record, form, "填写应榜书", desk=BIDS, list_title="应榜", fieldsets=form.laid_out())


@page(*UNITS)
@require_POST
def bid_upload(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Bid, pk)
    act = partial(bids.add_file, record, request.FILES.get("file"), actor=actor_of(request), at=clock.now())
    attempt(request, act, "已上传材料。")
    return to_record(BIDS, record)


@page(*OVERSEERS, *UNITS)
def bid_file(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    record = visible_or_404(request, Bid, pk)
    row = attachments_of(record).filter(pk=attachment).first()
    if row is None:
        raise Http404("没有这个文件。")
    return blob_answer(row.blob, row.name)


@page(Role.OFFICER, *UNITS)
@require_POST
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Bid, pk)
    actor = actor_of(request)
    attempt(
        request,
        lambda: bids.talk(
            record, held_on=_day(request, "held_on"), note=typed(request, "note", 500), actor=actor, at=clock.now()
        ),
        "已登记对接。",
    )
    return to_record(DESK, record.challenge)


@page(*UNITS)
@require_POST
def firm_view(request: HttpRequest, pk: int) -> HttpResponse:
    record, form = visible_or_404(request, Bid, pk), forms.FirmViewForm(request.POST)
    if not form.is_valid():
        tell_errors(request, form)
        return to_record(DESK, record.challenge)
    said = form.cleaned_data
    act = partial(
        evaluating.firm_view, record, points=said["points"], willing=said["willing"] == "yes", comment=said["comment"],
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    attempt(request, act, "已保存出题单位意见。")
    return to_record(DESK, record.challenge)


@page(Role.OFFICER)
def scores(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Challenge, pk), actor_of(request)
    if record.state != "evaluating":
        raise PermissionDenied(f"当前状态是“{record.get_state_display()}”，不在评榜。")
    rows = list(Bid.objects.filter(challenge=record, state="submitted").select_related("party").order_by("pk"))
    drawn = drawing.drawn_experts(record)
    usual = {"draw_number": record.draw_number}
    form = forms.ScoresForm(request.POST or None, bids=rows, drawn=drawn, initial=usual)
    if request.method == "POST" and form.is_valid():
        act = partial(evaluating.record_scores, record, **form.told(), actor=actor, at=clock.now())
        if attempt(request, act, "已登记评榜得分。"):
            return to_record(DESK, record)
    return _of_list(request, record, form, "登记评榜得分", note="重新登记会替换原来的得分")


@page(Role.OFFICER)
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Bid, pk)
    reason, actor = request.POST.get("reason", ""), actor_of(request)
    attempt(request, partial(evaluating.choose, record, reason=reason, actor=actor, at=clock.now()), "已确定拟中榜。")
    return to_record(DESK, record.challenge)


@page(Role.OFFICER)
@require_POST
def publicise(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Challenge, pk)
    contact, actor = request.POST.get("contact", ""), actor_of(request)
    act = partial(evaluating.publicise, record, contact, actor=actor, at=clock.now())
    attempt(request, act, "已起草公示，由另一人发布。")
    return to_record(DESK, record)


@page(*UNITS)
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Challenge, pk), actor_of(request)
    refuse(contracts.writing_refusal(record, actor))
    form = forms.ContractForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(contracts.save_contract, record, said, said["stages"], actor=actor, at=clock.now())
        if attempt(request, act, "已保存合同，请核对后签订。"):
            return to_record(DESK, record)
    note = "各节点付款合计应等于中榜报价；每个节点考核通过后才付款"
    return _of_list(request, record, form, "填写三方合同", fieldsets=laid_out(form), note=note)


@page(*UNITS)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(request, Challenge, pk)
    act = partial(contracts.sign_contract, record, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已签订合同。")
    return to_record(DESK, record)


def sees_contract(request: HttpRequest, record: Challenge) -> bool:
    actor = actor_of(request)
    return actor.has(*OVERSEERS) or contracts.side_of(record, actor) != ""


@page(*OVERSEERS, *UNITS)
def contract_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    record = visible_or_404(request, Challenge, pk)
    row = Contract.objects.filter(challenge=record).first()
    blob = getattr(row, kind, None) if row and kind in ("docx", "pdf") else None
    if blob is None or not sees_contract(request, record):
        raise Http404("没有这份合同，或者它不在您的查看范围内。")
    return file_answer(blob.read(), f"{record.number} 三方合同.{kind}")


def _stage(request: HttpRequest, pk: int) -> tuple[Stage, Challenge]:
    stage = get_object_or_404(Stage.objects.select_related("contract"), pk=pk)
    record = visible_or_404(request, Challenge, stage.contract.challenge_id)
    if not sees_contract(request, record):
        raise Http404("没有这个节点。")
    return stage, record


@page(*UNITS)
@require_POST
def judge_stage(request: HttpRequest, pk: int) -> HttpResponse:
    stage, record = _stage(request, pk)
    passed, finding = request.POST.get("passed") == "yes", request.POST.get("finding", "")
    act = partial(contracts.judge_stage, stage, passed=passed, finding=finding, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已登记考核意见。")
    return to_record(DESK, record)


@page(Role.OFFICER)
@require_POST
def confirm_stage(request: HttpRequest, pk: int) -> HttpResponse:
    stage, record = _stage(request, pk)
    act = partial(contracts.confirm_stage, stage, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已确认节点考核，可以付款。")
    return to_record(DESK, record)


@page(*UNITS)
@require_POST
def firm_pays(request: HttpRequest, pk: int) -> HttpResponse:
    stage, record = _stage(request, pk)
    code, actor = request.POST.get("order_code", ""), actor_of(request)
    attempt(
        request,
        lambda: contracts.firm_pays(
            stage, order_code=code, paid_on=_day(request, "paid_on"), actor=actor, at=clock.now()
        ),
        "已登记付款。",
    )
    return to_record(DESK, record)


@page(Role.OFFICER)
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    record, actor = visible_or_404(request, Challenge, pk), actor_of(request)
    row = Contract.objects.filter(challenge=record, project__state="accepting").first()
    if row is None:
        raise PermissionDenied("项目不在验收，还不核对榜单指标。")
    form = forms.ChecksForm(request.POST or None, contract=row)
    if request.method == "POST" and form.is_valid():
        act = partial(contracts.check_targets, row, form.told(), actor=actor, at=clock.now())
        if attempt(request, act, "已核对榜单指标。"):
            return to_record(DESK, record)
    return _of_list(request, record, form, "核对榜单指标", note="按验收专家意见逐条填写")
