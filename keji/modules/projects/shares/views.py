"""Pages of a joint project's shares: the lead writes them, every unit agrees to its own."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.modules.projects.models import Project, Share
from keji.modules.projects.models.access import APPLICANTS
from keji.modules.projects.pages import form_page, refuse
from keji.modules.projects.shares import services as shares
from keji.modules.projects.shares.forms import SharesForm


@page(*APPLICANTS)
def write_shares(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor = visible_or_404(request, Project, pk), actor_of(request)
    refuse(shares.sharing_refusal(project, actor))
    form = SharesForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        act = partial(shares.save_shares, project, form.cleaned_data["rows"], actor=actor, at=clock.now())
        if attempt(request, act, "已保存分工，请参加单位各自确认。"):
            return to_record("projects", project)
    return form_page(
        request, project, form, "联合攻关分工", desk="projects", list_title="科技计划项目",
        note="分得资助合计应等于核定资助",
    )  # fmt: skip


@page(*APPLICANTS)
@require_POST
def agree_share(request: HttpRequest, pk: int) -> HttpResponse:
    share = visible_or_404(request, Share, pk)
    attempt(request, partial(shares.agree, share, actor=actor_of(request), at=clock.now()), "已确认分工。")
    return to_record("project-shares", share)
