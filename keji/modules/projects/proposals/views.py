"""Pages of one proposal: starting it, writing it, its materials, the form check, what it looks like, its paper."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.checklist import checklist_page
from keji.desk.crossing import as_read, crossing
from keji.desk.files import blob_answer, file_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Attachment
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.projects.models import Guideline, Likeness, Material, Proposal
from keji.modules.projects.pages import laid_out, refuse
from keji.modules.projects.proposals.forms import ProposalForm
from keji.modules.projects.proposals.paper import proposal_file
from keji.modules.projects.proposals.services import proposals, similarity

DESK = "proposals"
ANSWERS = {"yes": True, "no": False}
READERS = (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION)
UNITS = (Role.ENTERPRISE, Role.INSTITUTION)


@page(*UNITS)
@require_POST
def start(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    """Start a proposal under a guideline for one of one's own units."""
    actor, guideline = actor_of(request), visible_or_404(request, Guideline, pk)
    unit = Party.objects.filter(pk=party, pk__in=actor.parties).select_related("region").first()
    if unit is None:
        raise Http404("您的账号不代表这个单位。")
    made: list[Proposal] = []
    title = request.POST.get("title", "")
    said = "已开始申报；已知的单位情况已带出，请核对后补齐其余各项。"
    attempt(request, lambda: made.append(proposals.apply(guideline, unit, title, actor=actor, at=clock.now())), said)
    return redirect("proposal-write", made[0].pk) if made else to_record("guidelines", guideline)


@page(*UNITS)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole proposal as one form; long texts save themselves while they are written."""
    actor, record = actor_of(request), visible_or_404(request, Proposal, pk)
    refuse(proposals.editing_refusal(record, actor))
    filled = ProposalForm.values(record)
    form = ProposalForm(request.POST or None, actor=actor, record=record, initial=filled)
    settled = {k: v for k, v in filled.items() if not k.startswith("section_") and k != "abstract"}
    if request.method == "POST" and (told := crossing(record, settled, request.POST.get("as_read", ""))):
        form.add_error(None, told)
    if request.method == "POST" and form.is_valid():
        try:
            proposals.update_proposal(record, form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, "已保存。")
            return to_record(DESK, record)
        except Refused as why:
            form.add_error(None, f"没有保存：{why}。")
    context = {
        "record": record,
        "form": form,
        "fieldsets": laid_out(form),
        "as_read": as_read(settled),
        "cancel_url": f"/d/{DESK}/{record.pk}",
        "note": "可以随时保存；长文本边写边自动保存",
        "page_title": "填写申报书",
        "page_subtitle": f"{record.number}　{record.guideline.title}",
        "crumbs": [("项目申报", f"/d/{DESK}/"), (record.title, f"/d/{DESK}/{record.pk}"), ("填写", "")],
    }
    return render(request, "projects/write.html", context, status=422 if request.method == "POST" else 200)


@page(*UNITS)
@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """One text saved while it is being written: {saved, now, said}."""
    actor, record = actor_of(request), visible_or_404(request, Proposal, pk)
    name, value, seen = (request.POST.get(n, "").replace("\0", "") for n in ("name", "value", "seen"))
    try:
        saved, now = proposals.autosave(record, name, value, seen, actor=actor, at=clock.now())
    except Refused as why:
        return JsonResponse({"saved": False, "said": f"没有自动保存：{why}。"}, status=422)
    if not saved:
        said = "没有自动保存：同事刚刚改过这一栏。您写的还在框里，对方写的显示在下面，请合并后再改。"
        return JsonResponse({"saved": False, "now": now, "said": said}, status=409)
    return JsonResponse({"saved": True, "said": f"{clock.now():%H:%M} 已自动保存"})


@page(*UNITS)
@require_POST
def material(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    record = visible_or_404(request, Proposal, pk)
    file = request.FILES.get("file")
    attempt(
        request,
        lambda: proposals.add_material(record, code, file, actor=actor_of(request), at=clock.now()),
        "已上传。",
    )
    return to_record(DESK, record, "#materials")


def found_file(request: HttpRequest, pk: int) -> tuple[Attachment, Material]:
    """(file, the item it hangs on), if the reader may see the proposal."""
    row = Attachment.objects.filter(pk=pk, removed_at__isnull=True, subject_type=Material._meta.label_lower)
    attachment = row.select_related("blob").first()
    part = Material.objects.filter(pk=attachment.subject_id).first() if attachment else None
    if attachment is None or part is None:
        raise Http404("没有这个文件，可能已经移除。")
    visible_or_404(request, Proposal, part.proposal_id)
    return attachment, part


@page(*READERS)
def file(request: HttpRequest, pk: int) -> FileResponse:
    attachment, _ = found_file(request, pk)
    return blob_answer(attachment.blob, attachment.name)


@page(*UNITS)
@require_POST
def drop_file(request: HttpRequest, pk: int) -> HttpResponse:
    attachment, part = found_file(request, pk)
    actor, record = actor_of(request), part.proposal
    refuse(proposals.editing_refusal(record, actor))
    attempt(
        request,
        lambda: proposals.drop_material(record, attachment, part, actor=actor, at=clock.now()),
        f"已移除“{attachment.name}”。",
    )
    return to_record(DESK, record, "#materials")


@page(Role.OFFICER)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return checklist_page(
        request,
        visible_or_404(request, Proposal, pk),
        desk=DESK,
        list_title="项目申报",
        said="已保存形式审查情况，请办理“形式审查通过”“退回补正”或“不通过”。",
    )


@page(Role.OFFICER)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a proposal and what it looks like are the same work."""
    row = Likeness.objects.filter(pk=pk).first()
    if row is None:
        raise Http404("没有这条查重结果，可能已经重新查重。")
    record = visible_or_404(request, Proposal, row.proposal_id)
    judgement, note = request.POST.get("judgement", ""), request.POST.get("note", "")
    attempt(
        request,
        lambda: similarity.judge(row, judgement, note, actor=actor_of(request), at=clock.now()),
        "已记录判断。",
    )
    return to_record(DESK, record, "#likeness")


@page(*READERS)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The proposal as a document to print and seal."""
    record = visible_or_404(request, Proposal, pk)
    if kind not in ("docx", "pdf"):
        raise Http404("没有这种格式的文件。")
    return file_answer(proposal_file(record, kind), f"{record.number} {record.title}.{kind}")


@page(Role.OFFICER)
@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    guideline = visible_or_404(request, Guideline, pk)
    act = partial(similarity.compare, guideline, actor=actor_of(request), at=clock.now())
    attempt(request, act, "查重完成，请逐项判断有相似项目的申报。")
    return to_record("guidelines", guideline)
