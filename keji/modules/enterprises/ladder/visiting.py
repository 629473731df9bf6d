"""How a visit is told. The flow's step asks for it, so nothing here reads the records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models

from keji.kernel import clock

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Finding(models.TextChoices):
    """How a firm takes it."""

    PREPARING = "preparing", "有意愿，正在准备"
    COACHING = "coaching", "有意愿，需要辅导"
    UNSURE = "unsure", "还在犹豫"
    UNWILLING = "unwilling", "暂无意愿"
    UNREACHED = "unreached", "没有联系上"


class VisitForm(forms.Form):
    """Three taps on a phone: open, say how it stands, save. The rest is for those who have more to tell."""

    SOON = (("7", "一周后"), ("14", "两周后"), ("30", "一个月后"), ("90", "三个月后"), ("", "不再跟进"))

    finding = forms.ChoiceField(label="企业情况", choices=Finding.choices, widget=forms.RadioSelect)
    on = forms.DateField(label="走访日期", widget=DATE, required=False, help_text="不填为今天")
    note = forms.CharField(label="发现的问题", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    promised = forms.CharField(label="企业承诺", max_length=300, required=False)
    next_step = forms.CharField(label="下一步", max_length=300, required=False)
    again = forms.ChoiceField(label="下次跟进", choices=SOON, initial="14", required=False)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or clock.today()
        if day > clock.today():
            raise forms.ValidationError("走访日期在今天之后，请走访后再登记")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        days = cleaned.pop("again", "")
        day = cleaned.get("on")
        cleaned["next_on"] = max(day, clock.today()) + timedelta(days=int(days)) if days and day else None
        return cleaned
