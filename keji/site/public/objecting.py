"""Objecting to a notice without log-in, and asking later what became of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.records.flow import Refused
from keji.kernel.records.notices import Decision, Objection, raise_objection
from keji.kernel.records.notices.objections import Propose
from keji.kernel.records.notices.receiving import find_by_receipt, objection_refusal
from keji.site.public.frame import address_of, asked_for, open_page, show
from keji.site.public.notices import found_or_404

SHORTEST, LONGEST = 10, 2000


class ObjectionForm(forms.Form):
    reason = forms.CharField(
        label="异议理由和依据",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写明对哪个单位（人选、项目）有异议、为什么、有什么依据",
        error_messages={
            "required": "请写明异议理由和依据",
            "min_length": f"请写得具体一些，至少 {SHORTEST} 个字",
            "max_length": f"最多 {LONGEST:,} 个字，更多内容可以放在证明材料里",
        },
    )
    name = forms.CharField(
        label="姓名或单位名称",
        max_length=60,
        required=False,
        help_text="不填为匿名：同样受理，但无法向您核实，也不能另行告知",
    )
    contact = forms.CharField(
        label="手机号或电子邮箱", max_length=100, required=False, help_text="加密保存，只用于核实和答复；填了姓名的必填"
    )
    file = forms.FileField(
        label="证明材料",
        required=False,
        help_text="可不传；PDF、Word（.docx）、Excel（.xlsx）或图片，不超过 10 MB",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    # People never see this box; what fills every box is no person.
    homepage = forms.CharField(required=False, max_length=200)

    def clean_contact(self) -> str:
        text: str = self.cleaned_data["contact"].strip()
        if "@" in text:
            try:
                validate_email(text)
            except ValidationError:
                raise ValidationError("电子邮箱不完整，请核对") from None
        elif text and not 7 <= len(re.sub(r"\D", "", text)) <= 20:
            raise ValidationError("请填写完整的手机号、固定电话（含区号）或电子邮箱")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name", "").strip() and not cleaned.get("contact") and "contact" not in self.errors:
            self.add_error("contact", "填了姓名的请留下手机号或电子邮箱，以便核实；不便留的可以匿名提出")
        if cleaned.get("homepage"):
            raise ValidationError("提交没有成功，请重新打开公示页面再试。")
        return cleaned


@never_cache
@open_page
def new(request: HttpRequest, number: str) -> HttpResponse:
    """The form; then the receipt, which is shown once more when the same form is sent twice."""
    notice, now = found_or_404(number), clock.now()
    if why := objection_refusal(notice, now):
        return show(request, "public/object_closed.html", {"page_title": "提出异议", "notice": notice, "why": why}, 403)
    form = ObjectionForm(request.POST or None, request.FILES or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("token", "reason", "name", "contact", "file")}
        try:
            made = raise_objection(notice, **given, address=address_of(request), at=now)
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
    number, code = asked_for(request, "number", 24), ""
    context: dict[str, Any] = {"page_title": "异议办理查询", "number": number, "problem": ""}
    if request.method == "POST":
        number, code = (request.POST.get(n, "").replace("\0", "").strip()[:24] for n in ("number", "code"))
        context["number"] = number
        try:
            found = find_by_receipt(number, code, address=address_of(request), at=clock.now())
        except Refused as why:
            context["problem"] = f"{why}。"
        else:
            answered = found.state == Objection.State.ANSWERED
            context |= receipt(found) | {
                "answered": answered,
                "tone": {Decision.UPHELD: "green", Decision.DISMISSED: "gray"}.get(Decision(found.decision), "amber")
                if answered
                else "amber",
            }
    return show(request, "public/check.html", context, 422 if context["problem"] else 200)
