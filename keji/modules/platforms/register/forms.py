"""Cleaning of platforms and their yearly figures, the same on a page and in a sheet."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.lib.figures import plain_date
from keji.modules.platforms.models import Platform, PlatformYear
from keji.modules.platforms.models.year import YEAR_FIGURES
from keji.modules.platforms.register.services import COLUMNS

FIRST_DAY = date(1990, 1, 1)


class PlatformForm(RecordForm):
    fieldsets = (
        ("平台", ("party", "kind", "level", "name", "field")),
        ("认定", ("recognised_on", "valid_until", "recognised_by", "document")),
    )
    key = ("name", "level")
    examples = (
        {
            "party": "91341503MA8N12A31C",
            "kind": "企业研发中心",
            "level": "省级",
            "name": "安徽省某某企业研发中心",
            "recognised_on": date(2024, 6, 18),
            "recognised_by": "安徽省科学技术厅",
        },
    )

    party = PartyCodeField(label="依托单位统一社会信用代码")
    kind = forms.ChoiceField(label="平台类型", choices=Platform.Kind.choices)
    level = forms.ChoiceField(label="级别", choices=Platform.Level.choices)
    name = forms.CharField(label="平台名称", max_length=160, help_text="与认定文件一致")
    field = forms.CharField(label="技术领域", max_length=60, required=False)
    recognised_on = forms.DateField(label="认定（备案）日期", widget=DATE, help_text="认定文件的印发日期")
    valid_until = forms.DateField(label="有效期至", widget=DATE, required=False, help_text="没有期限的留空")
    recognised_by = forms.CharField(label="认定机关", max_length=120, required=False)
    document = forms.CharField(label="认定文号", max_length=80, required=False)

    @classmethod
    def values(cls, record: Platform) -> dict[str, Any]:
        return {n: getattr(record, n) for n in COLUMNS if n != "party"} | {"party": record.party.uscc}

    def clean_name(self) -> str:
        return re.sub(r"\s+", "", self.cleaned_data["name"])

    def clean_recognised_on(self) -> date:
        day: date = self.cleaned_data["recognised_on"]
        if day > clock.today():
            raise forms.ValidationError(f"认定日期{plain_date(day)}在今天之后，请核对")
        if day < FIRST_DAY:
            raise forms.ValidationError("认定日期早于 1990 年，请核对")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("recognised_on"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "有效期早于认定日期，请核对")
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows whose name stands in the register at the same level already."""
        names = sorted({row["name"] for row in rows})
        taken: dict[tuple[str, str], Platform] = {}
        for start in range(0, len(names), 500):
            found = Platform.objects.exclude(state="void").exclude(pk=exclude)
            for record in found.filter(name__in=names[start : start + 500]).select_related("party"):
                taken[record.name, record.level] = record
        return {
            i: [("name", f"已登记过这个平台（{other.number}，{other.party.name}），不能重复登记")]
            for i, row in enumerate(rows)
            if (other := taken.get((row["name"], row["level"])))
        }


class PlatformYearForm(RecordForm):
    fieldsets = (
        ("平台和年度", ("platform", "year")),
        ("投入和条件", ("rnd_spend", "staff", "equipment_value")),
        ("成效", ("projects", "patents", "services", "income", "remark")),
    )
    key = ("platform", "year")
    party_field = ""
    examples = ({"platform": "PT-2024-0001", "year": 2023, "rnd_spend": Decimal("320.5"), "staff": 24},)

    platform = forms.CharField(label="平台编号", max_length=24, help_text="如 PT-2024-0001，见“科创平台”")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    rnd_spend = forms.DecimalField(
        label="研发投入（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    staff = forms.IntegerField(label="研发人员（人）", min_value=0, max_value=1_000_000, required=False)
    equipment_value = forms.DecimalField(
        label="仪器设备原值（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    projects = forms.IntegerField(label="在研项目（项）", min_value=0, max_value=1_000_000, required=False)
    patents = forms.IntegerField(label="授权专利（件）", min_value=0, max_value=1_000_000, required=False)
    services = forms.IntegerField(label="服务企业（家次）", min_value=0, max_value=1_000_000, required=False)
    income = forms.DecimalField(
        label="成果转化与服务收入（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    remark = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str, Platform | None] = {}

    @classmethod
    def values(cls, record: PlatformYear) -> dict[str, Any]:
        found = {n: getattr(record, n) for n in ("year", *YEAR_FIGURES, "remark")}
        return found | {"platform": record.platform.number}

    def clean_platform(self) -> Platform:
        number = self.cleaned_data["platform"].strip().upper()
        if number not in self._known:
            rows = Platform.objects.visible_to(self.actor).filter(number=number)
            self._known[number] = rows.select_related("party").first()
        platform = self._known[number]
        if platform is None:
            raise forms.ValidationError(f"没有编号为 {number} 的平台，或者它不在您的管理范围内")
        if platform.state not in ("confirmed", "withdrawn"):
            raise forms.ValidationError(f"{number} 还没有确认，确认后再填年报")
        return platform

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > clock.today().year:
            raise forms.ValidationError(f"{year} 年还没有到，请核对")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and all(cleaned.get(name) is None for name in YEAR_FIGURES):
            self.add_error(None, "一个数都没有填，请至少填一项")
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        keys = sorted({row["platform"].pk for row in rows})
        taken: dict[tuple[int, int], PlatformYear] = {}
        for start in range(0, len(keys), 500):
            for record in PlatformYear.objects.exclude(pk=exclude).filter(platform__in=keys[start : start + 500]):
                taken[record.platform_id, record.year] = record
        return {
            i: [("year", f"{row['year']} 年度已经填过（{other.number}），请修改那一份")]
            for i, row in enumerate(rows)
            if (other := taken.get((row["platform"].pk, row["year"])))
        }
