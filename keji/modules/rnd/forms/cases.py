"""Small forms beside a case, and the code lists."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from keji.desk.forms import RecordForm
from keji.modules.rnd.models import Code


class VisitForm(forms.Form):
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    way = forms.ChoiceField(label="方式", choices=(("visit", "上门"), ("call", "电话"), ("meeting", "集中辅导")))
    found = forms.CharField(label="了解到的情况", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    agreed = forms.CharField(label="商定的下一步", max_length=300, required=False)


class CodeForm(RecordForm):
    fieldsets = (("统计代码", ("list", "from_year", "code", "label", "cites", "certain")),)
    key = ("list", "from_year", "code")

    list = forms.ChoiceField(label="代码表", choices=Code.List.choices)
    from_year = forms.IntegerField(
        label="自哪个年度起", min_value=2000, max_value=2100, help_text="同一代码表、同一年度的各行合起来是一版，须录全"
    )
    code = forms.CharField(label="代码", max_length=20, help_text="合同编号格式一栏填正则表达式")
    label = forms.CharField(label="名称", max_length=120)
    cites = forms.CharField(label="依据", max_length=200, required=False)
    certain = forms.BooleanField(label="已核对", required=False)

    @classmethod
    def values(cls, record: Code) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("list") == Code.List.CONTRACT and cleaned.get("code"):
            try:
                re.compile(cleaned["code"])
            except re.error:
                self.add_error("code", "不是有效的正则表达式，请核对括号和斜线")
        return cleaned
