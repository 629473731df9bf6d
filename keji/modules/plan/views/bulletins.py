"""Monthly bulletins: the list, drafting, and the pages every bulletin has; correction of an issued one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.acts import made
from keji.desk.bulletins import READERS, REASON_MOST, BulletinPages, MoreStep
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.indicators.models import Reading
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.saving import whole
from keji.lib.figures import Period
from keji.modules.plan.models import Plan
from keji.modules.plan.services import bulletin, bulletin_paper
from keji.modules.plan.services.follow import month_key, month_of

MONTHS_OFFERED = 3


def correct_refusal(paper: Paper, actor: Actor) -> str | None:
    if paper.state != Paper.State.ISSUED:
        return None
    return "" if actor.has(Role.OFFICER) else "更正通报由业务科室起草"


def data_of(paper: Paper) -> list[dict[str, str]]:
    return [
        {"label": "数据版本", "value": paper.content["data_version"]},
        {"label": "数据摘要", "digest": paper.data_digest},
    ]


PAGES = BulletinPages(
    life=bulletin.LIFE,
    route="bulletin",
    home=("月通报", "/plan/bulletins"),
    checked_against="定格数",
    footnotes=bulletin_paper.footnotes,
    data=data_of,
    more=(
        MoreStep("correct", "起草更正通报", correct_refusal, "更正原因", "会写入更正通报的正文，请写成完整的句子。"),
    ),
)
show, edit, review, send_back, issue = PAGES.show, PAGES.edit, PAGES.review, PAGES.send_back, PAGES.issue
download = PAGES.download


def _draft_correction(paper: Paper, post: Any, **who: Any) -> Paper:
    return bulletin.draft_correction(paper, whole(post.get("reason", ""), REASON_MOST, "更正原因"), **who)


correct = PAGES.step(_draft_correction, "已起草更正通报，请核对文字。", Role.OFFICER)


@page(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """Every bulletin the reader may see, and for officers the months that wait for one."""
    actor = actor_of(request)
    papers = list(bulletin.bulletins(actor).select_related("corrects").defer("content"))
    context = {
        "page_title": "月通报",
        "page_subtitle": "用定格数起草，另一人核稿，局领导签发；印发后不再改动，有误另发更正。",
        "crumbs": [("公文", ""), ("月通报", "")],
        "columns": [{"label": n} for n in ("标题", "月份", "发文字号", "状态", "起草", "核稿", "签发", "印发日期")],
        "rows": [PAGES.row(p, kind="", span=month_of(p.period).label) for p in papers],
        "months": months_without(actor, papers) if actor.has(Role.OFFICER) else [],
    }
    return render(request, "plan/bulletins.html", context)


def months_without(actor: Actor, papers: list[Paper]) -> list[dict[str, Any]]:
    """Months of the running plan that are over and have no bulletin: draft it, or freeze first."""
    on = clock.today()
    plan = Plan.objects.filter(state="adopted", year__lte=on.year).order_by("-year").first()
    if plan is None:
        return []
    have = {p.period for p in papers}
    since = plan.adopted_on or date(plan.year, 1, 1)
    months = [Period.month(plan.year, n) for n in range(12, 0, -1)]
    over = [m for m in months if since <= m.end < on and month_key(m) not in have]
    keys = [month_key(m) for m in over]
    frozen = set(Reading.objects.filter(period__in=keys, current=True).values_list("period", flat=True).distinct())
    # Of the months nobody froze only the last few are worth offering.
    shown = [m for m in over if month_key(m) in frozen] + [m for m in over if month_key(m) not in frozen][
        :MONTHS_OFFERED
    ]
    return [
        {"label": m.label, "key": month_key(m), "frozen": month_key(m) in frozen}
        for m in sorted(shown, key=lambda m: m.start, reverse=True)
    ]


def posted_month(request: HttpRequest) -> Period:
    try:
        return month_of(request.POST.get("month", ""))
    except ValueError:
        raise Http404("没有这个月份。") from None


@page(Role.OFFICER)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    period, actor = posted_month(request), actor_of(request)
    plan = Plan.objects.filter(state="adopted", year=period.year).first()
    if plan is None:
        messages.error(request, f"没有办成：{period.year} 年没有执行中的工作要点，请先采用工作要点。")
        return redirect("bulletins")
    paper = made(
        request,
        lambda: bulletin.draft_bulletin(plan, period, actor=actor, at=clock.now()),
        f"已起草{period.label}通报。请核对文字，表格中的数字来自定格数，不能修改。",
    )
    return redirect("bulletin-edit", pk=paper.pk) if paper else redirect("bulletins")
