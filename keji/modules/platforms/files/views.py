"""Files on the parts of a case, and issued papers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, visible_or_404
from keji.desk.files import blob_answer, paper_answer
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Attachment, Paper
from keji.kernel.people.roles import Role
from keji.modules.platforms.assessment.services import assessment, mending
from keji.modules.platforms.files import evidence
from keji.modules.platforms.models import Application, Assessment, Call
from keji.modules.platforms.recognition.services import listing, recognition

READERS = (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION)


def found(request: HttpRequest, pk: int) -> tuple[Attachment, Any, Any]:
    """(file, the part it hangs on, the record that part belongs to), if the reader may see the record."""
    attachment = Attachment.objects.filter(pk=pk, removed_at__isnull=True).select_related("blob").first()
    part = evidence.part_of(attachment) if attachment else None
    if attachment is None or part is None:
        raise Http404("没有这个文件，可能已经移除。")
    record = evidence.owner_of(part)
    visible_or_404(request, type(record), record.pk)
    return attachment, part, record


@page(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    attachment, _, _ = found(request, pk)
    return blob_answer(attachment.blob, attachment.name)


@page(Role.ENTERPRISE, Role.INSTITUTION)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The host takes a file back, as long as it may still change what it says."""
    attachment, part, record = found(request, pk)
    actor = actor_of(request)
    if isinstance(record, Application):
        why, back = recognition.editing_refusal(record, actor), f"/d/platform-applications/{record.pk}"
    else:
        mends = type(part).__name__ == "Finding"
        why = (mending.answering_refusal if mends else assessment.writing_refusal)(record, actor)
        back = f"/platforms/assessments/{record.pk}/{'answers' if mends else 'report'}"
    if why:
        raise PermissionDenied(f"{why}。")
    attempt(
        request,
        lambda: evidence.drop_file(part, attachment.pk, actor=actor, at=clock.now()),
        f"已移除“{attachment.name}”。",
    )
    return redirect(back)


@page(*READERS)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """An issued paper of this module, for whoever may see what it is about."""
    row = Paper.objects.filter(pk=pk, kind__in=[listing.KIND, mending.KIND], state=Paper.State.ISSUED).first()
    if row is None:
        raise Http404("没有这份文件，或者它还没有印发。")
    if row.kind == listing.KIND:
        about: Any = Call.objects.filter(number=row.period).first()
    else:
        about = Assessment.objects.filter(number=row.period).first()
    if about is None:
        raise Http404("没有这份文件。")
    visible_or_404(request, type(about), about.pk)
    return paper_answer(row, kind)
