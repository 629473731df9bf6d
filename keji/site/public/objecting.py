"""Objecting to a notice without log-in, and asking later what became of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.records.flow import Refused
from keji.kernel.records.notices import Decision, Objection, raise_objection
from keji.kernel.records.notices.objections import Propose
from keji.kernel.records.notices.receiving import find_by_receipt, objection_refusal
from keji.site.public.forms import HandIn, by_receipt, words_field
from keji.site.public.frame import address_of, asked_for, open_page, show
from keji.site.public.notices import found_or_404

SHORTEST, LONGEST = 10, 2000


class ObjectionForm(HandIn):
    reason = words_field(
        "异议理由和依据",
        "写明对哪个单位（人选、项目）有异议、为什么、有什么依据",
        shortest=SHORTEST,
        longest=LONGEST,
        rows=8,
    )
    field_order = ("reason", "name", "contact", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "姓名或单位名称"
        self.fields["name"].help_text = "不填为匿名：同样受理，但无法向您核实，也不能另行告知"
        self.fields["contact"].help_text = "加密保存，只用于核实和答复；填了姓名的必填"
        self.fields["file"].label = "证明材料"


@never_cache
@open_page
def new(request: HttpRequest, number: str) -> HttpResponse:
    """The form; then the receipt, which is shown once more when the same form is sent twice."""
    notice, now = found_or_404(number), clock.now()
    if why := objection_refusal(notice, now):
        return show(request, "public/object_closed.html", {"page_title": "提出异议", "notice": notice, "why": why}, 403)
    form = ObjectionForm(request.POST or None, request.FILES or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = raise_objection(notice, **form.given(), address=address_of(request), at=now)
            return show(request, "public/receipt.html", {"page_title": "异议已收到", **receipt(made)})
        except Refused as why:
            form.add_error(None, f"没有提交：{why}。")
    context = {"page_title": "提出异议", "notice": notice, "form": form, "closed": False}
    return show(request, "public/object.html", context, 422 if form.is_bound else 200)


def receipt(objection: Objection) -> dict[str, Any]:
    return {
        "objection": objection,
        "notice": objection.notice,
        "due": Propose().due(objection, work_calendar()),
    }


@never_cache
@open_page
def check(request: HttpRequest) -> HttpResponse:
    """查询办理情况: the answer, for whoever holds the receipt. The code travels in the body, never in an address."""
    context: dict[str, Any] = {"page_title": "异议办理查询", "number": asked_for(request, "number", 24), "problem": ""}
    if request.method == "POST":
        address, now = address_of(request), clock.now()
        found = by_receipt(request, context, lambda n, code: find_by_receipt(n, code, address=address, at=now))
        if found is not None:
            answered = found.state == Objection.State.ANSWERED
            tones = {Decision.UPHELD: "green", Decision.DISMISSED: "gray"} if answered else {}
            tone = tones.get(Decision(found.decision), "amber") if answered else "amber"
            context |= receipt(found) | {"answered": answered, "tone": tone}
    return show(request, "public/check.html", context, 422 if context["problem"] else 200)
