"""What anybody may hand in without log-in: words of their own, a name and a contact if they like, one file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from keji.kernel.records.flow import Refused

FILES = "可不传；PDF、Word（.docx）、Excel（.xlsx）或图片，不超过 10 MB"


def words_field(
    label: str, help_text: str, *, shortest: int, longest: int, rows: int, why_long: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        min_length=shortest,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={
            "required": f"请写明{label}",
            "min_length": f"请写得具体一些，至少 {shortest} 个字{why_long}",
            "max_length": f"最多 {longest:,} 个字，更多内容可以放在附件里",
        },
    )


class HandIn(forms.Form):
    """The parts every such form has; `nameless` is the verb for handing in without a name."""

    nameless = "提出"

    name = forms.CharField(max_length=60, required=False)
    contact = forms.CharField(label="手机号或电子邮箱", max_length=100, required=False)
    file = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"}), help_text=FILES
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
            why = f"填了姓名的请留下手机号或电子邮箱，以便核实；不便留的可以匿名{self.nameless}"
            self.add_error("contact", why)
        if cleaned.get("homepage"):
            raise ValidationError("提交没有成功，请重新打开页面再试。")
        return cleaned

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "homepage"}


def by_receipt(request: HttpRequest, context: dict[str, Any], find: Callable[[str, str], Any]) -> Any:
    """What the posted receipt opens, else None and the reason in `problem`. The code travels in the body only."""
    number, code = (request.POST.get(n, "").replace("\0", "").strip()[:24] for n in ("number", "code"))
    context["number"] = number
    try:
        return find(number, code)
    except Refused as why:
        context["problem"] = f"{why}。"
        return None
