"""Cleaning of results after acceptance and of projects of higher levels; a page and a sheet row alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.lib.figures import plain_date
from keji.modules.projects.fields import KnownWanField, WanField, filled
from keji.modules.projects.models import HigherProject, Project, ResultYear
from keji.modules.projects.results.services.results import reporting_refusal, told_problem

BATCH = 500


class ResultForm(RecordForm):
    """One year's results of one project; blank means not known."""

    party_field = ""
    key = ("project", "year")
    fieldsets = (
        ("哪个项目、哪一年", ("project", "year")),
        ("科技产出", ("papers", "rights", "standards")),
        ("效益和转化", ("revenue", "tax", "converted", "conversion", "jobs", "note")),
    )
    project = forms.CharField(label="项目编号", max_length=24, help_text="如 XM-2022-0003")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    papers = forms.IntegerField(label="发表论文（篇）", min_value=0, max_value=10_000, required=False)
    rights = forms.IntegerField(label="新增知识产权（件）", min_value=0, max_value=10_000, required=False)
    standards = forms.IntegerField(label="制修订标准（项）", min_value=0, max_value=10_000, required=False)
    revenue = KnownWanField(label="成果销售收入", required=False, help_text="只填这个项目的成果带来的；没有填 0")
    tax = KnownWanField(label="新增税收", required=False)
    converted = forms.BooleanField(label="已转化应用", required=False)
    conversion = KnownWanField(label="转化合同金额", required=False)
    jobs = forms.IntegerField(label="新增就业（人）", min_value=0, max_value=1_000_000, required=False)
    note = forms.CharField(label="说明", max_length=500, required=False)

    def clean_project(self) -> Project:
        number = self.cleaned_data["project"].strip().upper()
        found = Project.objects.visible_to(self.actor).select_related("party").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的项目，或者它不在您的范围内")
        return found  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        project, year = cleaned.get("project"), cleaned.get("year")
        if project and year:
            if why := reporting_refusal(project, year, self.actor, clock.today()):
                self.add_error("year", why)
            elif why := told_problem(project, year, cleaned):
                self.add_error(None, why)
        return cleaned

    @classmethod
    def values(cls, record: ResultYear) -> dict[str, Any]:
        return filled(cls, record) | {"project": record.project.number}


class HigherForm(RecordForm):
    key = ("code",)
    fieldsets = (
        ("项目", ("party", "title", "level", "plan_name", "code", "leader_name")),
        ("立项", ("won_on", "document", "grant")),
    )
    party = PartyCodeField(label="承担单位代码")
    title = forms.CharField(label="项目名称", max_length=120)
    level = forms.ChoiceField(label="级别", choices=HigherProject.Level.choices)
    plan_name = forms.CharField(label="计划类别", max_length=80, help_text="如 省科技创新攻坚计划")
    code = forms.CharField(label="项目编号", max_length=60, help_text="上级立项文件里的编号")
    won_on = forms.DateField(label="立项日期", widget=DATE, help_text="按立项文件的印发日期")
    document = forms.CharField(label="立项文号", max_length=80, required=False)
    grant = WanField(label="上级资助")
    leader_name = forms.CharField(label="项目负责人", max_length=60, required=False)

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()

    def clean_won_on(self) -> date:
        day: date = self.cleaned_data["won_on"]
        if day > clock.today():
            raise forms.ValidationError(f"立项日期{plain_date(day)}在今天之后，请核对")
        return day

    @classmethod
    def values(cls, record: HigherProject) -> dict[str, Any]:
        return filled(cls, record) | {"party": record.party.uscc}

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        codes = [row["code"] for row in rows]
        there: dict[str, str] = {}
        for start in range(0, len(codes), BATCH):
            found = HigherProject.objects.exclude(state="void").exclude(pk=exclude)
            there |= dict(found.filter(code__in=codes[start : start + BATCH]).values_list("code", "number"))
        return {i: [("code", f"这个项目编号已登记（{there[c]}）")] for i, c in enumerate(codes) if c in there}
