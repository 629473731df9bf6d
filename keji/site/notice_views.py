"""What the desk of notices cannot show: starting a correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import BUREAU
from keji.kernel.records import notices
from keji.kernel.records.flow import Refused


@page(*BUREAU)
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft with the old one's content, naming it; or the draft that was already started."""
    actor = actor_of(request)
    old = notices.PublicNotice.objects.visible_to(actor).filter(pk=pk).first()
    if old is None:
        raise Http404("没有这份公示。")
    begun = old.corrections.filter(state="draft").first()
    if begun is not None:
        messages.info(request, "已经有一份更正草稿。")
        return redirect("desk-edit", "notices", begun.pk)
    try:
        made = notices.draft_correction(old, actor=actor, at=clock.now())
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
        return redirect("desk-detail", "notices", pk)
    messages.success(request, "已按原文起草更正公示，请修改后由另一位同志发布。")
    return redirect("desk-edit", "notices", made.pk)
