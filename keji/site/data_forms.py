"""Forms over kernel records: filed figures, dated numbers, the regulation shelf."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.desk.forms import RecordForm, region_problem
from keji.kernel import clock
from keji.kernel.indicators.indicator import Reported, catalogue
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.parties.models import Region
from keji.kernel.rules.models import ParameterValue, Regulation
from keji.lib.figures import Period, parse_period

KINDS = {"month": "月份，如 2024-03", "quarter": "季度，如 2024-Q3", "year": "年度，如 2024"}


def period_problem(found: Reported, period: Period) -> str:
    """Why this period cannot belong to this indicator; "" when it can."""
    kind = "month" if period.kind == "jan_feb" else period.kind
    if kind != found.figure_kind:
        return f"“{found.name}”是{found.rhythm}的数，期间请填{KINDS[found.figure_kind]}"
    if found.skips_january and period.months == (1,):
        return f"“{found.name}”1 月不单独发布，请与 2 月合并，填 {period.year}-02"
    return ""


def reported_choices() -> list[tuple[str, str]]:
    return [("", "请选择"), *((c, i.name) for c, i in catalogue().items() if isinstance(i, Reported))]


class ReportedFigureForm(RecordForm):
    key = ("indicator", "region", "period")

    indicator = forms.ChoiceField(label="指标", choices=reported_choices)
    region = forms.ModelChoiceField(Region.objects.all(), label="县区", help_text="全市数由业务科室填报，选市本级")
    period = forms.CharField(label="期间", max_length=20, help_text="月度数填 2024-03，季度数填 2024-Q3，年度数填 2024")
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

    def clean_period(self) -> Period:
        try:
            period = parse_period(self.cleaned_data["period"])
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None
        if period.start > clock.today():
            raise forms.ValidationError(f"{period.label}还没有开始，请核对")
        return period

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        region, code, period = (cleaned.get(n) for n in ("region", "indicator", "period"))
        if region and (problem := region_problem(self.actor, region)):
            self.add_error("region", problem)
        found = catalogue().get(code or "")
        if isinstance(found, Reported) and period:
            if problem := period_problem(found, period):
                self.add_error("period", problem)
            cleaned["period"] = str(period)
        return cleaned

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
        in_force = ParameterValue.objects.filter(state=ParameterValue.State.IN_FORCE)
        if not self.errors and in_force.filter(name=cleaned["name"], from_on=cleaned["from_on"]).exists():
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
        same = Regulation.objects.filter(number=cleaned.get("number", ""))
        if same.exclude(pk=self.record.pk if self.record else 0).exists():
            self.add_error("number", "这个文号已经在架上")
        return cleaned
