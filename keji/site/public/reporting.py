"""Reporting research misconduct without log-in, and asking later how far it is. Who is logged in reports as anybody."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from keji.kernel import clock
from keji.kernel.records.flow import Refused
from keji.modules.integrity import api as integrity
from keji.site.public.forms import FILES, HandIn, by_receipt, words_field
from keji.site.public.frame import address_of, asked_for, open_page, show

SHORTEST, LONGEST = 20, 5000


class ReportForm(HandIn):
    nameless = "举报"

    accused = forms.CharField(
        label="被举报的单位或个人",
        max_length=200,
        help_text="单位写全称；个人写姓名和所在单位",
        error_messages={"required": "请写明举报谁"},
    )
    text = words_field(
        "举报内容和线索",
        "什么时间、什么事、有什么证据或从哪里可以查到；尽量不写能看出您身份的内容",
        shortest=SHORTEST,
        longest=LONGEST,
        rows=10,
        why_long="，否则无法核查",
    )
    field_order = ("accused", "text", "name", "contact", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "您的姓名"
        self.fields["name"].help_text = "不填为匿名；匿名举报有明确证据或可查线索的同样核查"
        self.fields["contact"].help_text = "加密保存，只有承办人和派驻纪检可以查看；填了姓名的必填"
        self.fields["file"].label = "证据材料"
        self.fields["file"].help_text = f"{FILES}；文件属性里可能有作者姓名，请留意"


@never_cache
@open_page
def new(request: HttpRequest) -> HttpResponse:
    """The form; then the receipt, which is shown once more when the same form is sent twice."""
    form = ReportForm(request.POST or None, request.FILES or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = integrity.hand_in(**form.given(), address=address_of(request), at=clock.now())
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
        address, now = address_of(request), clock.now()
        found = by_receipt(
            request, context, lambda n, code: integrity.find_by_receipt(n, code, address=address, at=now)
        )
        if found is not None:
            context |= {"report": found, "word": integrity.word_of(found)}
    return show(request, "public/report_check.html", context, 422 if context["problem"] else 200)
