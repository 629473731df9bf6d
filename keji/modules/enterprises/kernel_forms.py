"""Forms over kernel records: filed figures, dated numbers, the regulation shelf."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.kernel.indicators.indicator import Reported, catalogue
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.kernel.rules.models import ParameterValue, Regulation
from keji.modules.enterprises.forms import DATE, region_problem


def reported_choices() -> list[tuple[str, str]]:
    return [("", "请选择"), *((c, i.name) for c, i in catalogue().items() if isinstance(i, Reported))]


class ReportedFigureForm(RecordForm):
    key = ("indicator", "region", "period")

    indicator = forms.ChoiceField(label="指标", choices=reported_choices)
    region = forms.ModelChoiceField(Region.objects.all(), label="县区", help_text="全市数由业务科室填报，选市本级")
    period = forms.CharField(label="期间", max_length=7, help_text="月度数填 2024-03；年度数填 2024")
    value = forms.DecimalField(
        label="数值", max_digits=20, decimal_places=4, help_text="增速、占比填百分数，如 12.5 表示 12.5%"
    )
    base_value = forms.DecimalField(label="上年同期数", max_digits=20, decimal_places=4, required=False)
    reported_rate = forms.DecimalField(label="部门公布增速（%）", max_digits=12, decimal_places=4, required=False)
    caliber = forms.CharField(label="统计口径", max_length=200, help_text="范围、累计或当期、与上年是否同口径")
    owner = forms.CharField(label="数据提供部门", max_length=60)

    @classmethod
    def values(cls, record: ReportedFigure) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"].strip()
        if not re.fullmatch(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?", text):
            raise forms.ValidationError("期间写成 2024-03（月度）或 2024（年度）")
        if text > f"{clock.today():%Y-%m}":
            raise forms.ValidationError("期间在本月之后，请核对")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        region, code, period = (cleaned.get(n) for n in ("region", "indicator", "period"))
        if region and (problem := region_problem(self.actor, region)):
            self.add_error("region", problem)
        found = catalogue().get(code or "")
        if found and period and (found.rhythm == "每年") is not (len(period) == 4):
            wanted = "年度" if len(period) == 7 else "月份"
            self.add_error("period", f"“{found.name}”是{found.rhythm}的数，期间请填{wanted}")
        if code == "hightech_value_added_growth" and period and period.endswith("-01"):
            self.add_error("period", "规上高新技术产业增加值 1 月不单独发布，请与 2 月合并填报")
        if self.record is not None and not self.errors:
            for name, sentence in self.clashes([cleaned], self.record.pk).get(0, []):
                self.add_error(name, sentence)
        return cleaned

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        return cls.clashes(rows)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        found = {}
        live = ReportedFigure.objects.exclude(state="returned").exclude(pk=exclude)
        for i, row in enumerate(rows):
            same = live.filter(indicator=row["indicator"], region=row["region"], period=row["period"]).first()
            if same:
                found[i] = [("period", f"这个县区这一期已经填报（{same.number}），请打开那一条修改或退回后再报")]
        return found


class ParameterForm(RecordForm):
    name = forms.RegexField(
        r"^[a-z0-9_.]+$", label="参数", max_length=80, error_messages={"invalid": "参数名用小写字母、数字、点和下划线"}
    )
    label = forms.CharField(label="含义", max_length=120)
    value = forms.DecimalField(label="数值", max_digits=20, decimal_places=6)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    from_on = forms.DateField(label="自", widget=DATE, help_text="从这一天起使用；以前的数值保留")
    cites = forms.CharField(label="依据", max_length=200, help_text="文号和条款")
    certain = forms.BooleanField(label="已核对", required=False, help_text="已对照原文；没有核对的页面会标“待核”")

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = ParameterValue.objects.filter(
            name=cleaned.get("name"), from_on=cleaned.get("from_on"), state=ParameterValue.State.IN_FORCE
        )
        if same.exists():
            self.add_error("from_on", "这一天已有生效的数值，请换一个起始日期")
        return cleaned


class RegulationForm(RecordForm):
    key = ("number",)
    number = forms.CharField(label="文号", max_length=80)
    title = forms.CharField(label="名称", max_length=200)
    issuer = forms.CharField(label="发布机关", max_length=120)
    issued_on = forms.DateField(label="发布日期", widget=DATE, required=False)
    from_on = forms.DateField(label="施行日期", widget=DATE, required=False)
    until_on = forms.DateField(label="失效日期", widget=DATE, required=False)
    checked = forms.BooleanField(label="已核对原文", required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = Regulation.objects.filter(number=cleaned.get("number"))
        if same.exclude(pk=self.record.pk if self.record else None).exists():
            self.add_error("number", "这个文号已经在架上")
        return cleaned
