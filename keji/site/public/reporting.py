"""Reporting research misconduct without log-in, and asking later how far it is. Who is logged in reports as anybody."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from keji.kernel import clock
from keji.kernel.records.flow import Refused
from keji.modules.integrity import api as integrity
from keji.site.public.frame import address_of, asked_for, open_page, show
from keji.site.public.objecting import ObjectionForm

SHORTEST, LONGEST = 20, 5000


class ReportForm(forms.Form):
    accused = forms.CharField(
        label="被举报的单位或个人",
        max_length=200,
        help_text="单位写全称；个人写姓名和所在单位",
        error_messages={"required": "请写明举报谁"},
    )
    text = forms.CharField(
        label="举报内容和线索",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="什么时间、什么事、有什么证据或从哪里可以查到；尽量不写能看出您身份的内容",
        error_messages={
            "required": "请写明举报内容和线索",
            "min_length": f"请写得具体一些，至少 {SHORTEST} 个字，否则无法核查",
            "max_length": f"最多 {LONGEST:,} 个字，更多内容可以放在附件里",
        },
    )
    name = forms.CharField(
        label="您的姓名", max_length=60, required=False, help_text="不填为匿名；匿名举报有明确证据或可查线索的同样核查"
    )
    contact = forms.CharField(
        label="手机号或电子邮箱",
        max_length=100,
        required=False,
        help_text="加密保存，只有承办人和派驻纪检可以查看；填了姓名的必填",
    )
    file = forms.FileField(
        label="证据材料",
        required=False,
        help_text="可不传；PDF、Word（.docx）、Excel（.xlsx）或图片，不超过 10 MB；文件属性里可能有作者姓名，请留意",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    # People never see this box; what fills every box is no person.
    homepage = forms.CharField(required=False, max_length=200)

    clean_contact = ObjectionForm.clean_contact

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name", "").strip() and not cleaned.get("contact") and "contact" not in self.errors:
            self.add_error("contact", "填了姓名的请留下手机号或电子邮箱，以便核实；不便留的可以匿名举报")
        if cleaned.get("homepage"):
            raise ValidationError("提交没有成功，请重新打开页面再试。")
        return cleaned


@never_cache
@open_page
def new(request: HttpRequest) -> HttpResponse:
    """The form; then the receipt, which is shown once more when the same form is sent twice."""
    form = ReportForm(request.POST or None, request.FILES or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        given = {n: form.cleaned_data[n] for n in ("token", "accused", "text", "name", "contact", "file")}
        try:
            made = integrity.hand_in(**given, address=address_of(request), at=clock.now())
            return show(request, "public/report_receipt.html", {"page_title": "举报已收到", "report": made})
        except Refused as why:
            form.add_error(None, f"没有提交：{why}。")
    context = {"page_title": "科研诚信举报", "form": form}
    return show(request, "public/report.html", context, 422 if form.is_bound else 200)


@never_cache
@open_page
def check(request: HttpRequest) -> HttpResponse:
    """举报查询: the stage and the answer, for whoever holds the receipt. The code travels in the body only."""
    context: dict[str, Any] = {"page_title": "举报办理查询", "number": asked_for(request, "number", 24), "problem": ""}
    if request.method == "POST":
        number, code = (request.POST.get(n, "").replace("\0", "").strip()[:24] for n in ("number", "code"))
        context["number"] = number
        try:
            found = integrity.find_by_receipt(number, code, address=address_of(request), at=clock.now())
            context |= {"report": found, "word": integrity.word_of(found)}
        except Refused as why:
            context["problem"] = f"{why}。"
    return show(request, "public/report_check.html", context, 422 if context["problem"] else 200)
