"""Cleaning of what is entered in the horse race."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.desk.forms import RecordForm, region_problem
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Section
from keji.kernel.people.roles import Role
from keji.kernel.rules.models import parameter
from keji.lib.figures import Period, parse_period
from keji.modules.horserace.models import RaceRun, RaceScheme
from keji.modules.horserace.services.content import bonus_titles
from keji.modules.horserace.services.rounds import opening_refusal


class SchemeForm(RecordForm):
    party_field = ""

    title = forms.CharField(label="方案名称", max_length=80, initial="县区科技创新赛马考评方案")
    edition = forms.CharField(label="版本", max_length=40, help_text="如 2025年版")
    from_on = forms.DateField(label="自", widget=DATE, help_text="从这一天所在的月份起使用，请填某月 1 日")
    cites = forms.CharField(label="依据文件", max_length=200, help_text="文件名称和文号；没有文件的写明暂定")
    certain = forms.BooleanField(label="已核对", required=False, help_text="没有对照过文件的不要勾，页面会写明待核")

    @classmethod
    def values(cls, record: RaceScheme) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean_from_on(self) -> Any:
        day = self.cleaned_data["from_on"]
        if day.day != 1:
            raise forms.ValidationError("方案按月使用，起始日期请填某月 1 日")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = RaceScheme.objects.filter(title=cleaned.get("title"), edition=cleaned.get("edition"))
        if other := same.exclude(state="dropped").exclude(pk=self.record.pk if self.record else 0).first():
            self.add_error("edition", f"这个方案的这一版已经有了（{other.number}）")
        return cleaned


class RoundForm(RecordForm):
    party_field = ""

    period = forms.CharField(label="月份", max_length=20, help_text="如 2024-11，须已结束")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Period.of(clock.today())
        self.fields["period"].initial = str(Period.at_month_index(now.month_index - 1))

    def clean_period(self) -> str:
        try:
            period = parse_period(self.cleaned_data["period"])
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None
        if why := opening_refusal(period, clock.today()):
            raise forms.ValidationError(f"{why}。")
        return str(period)


class AwardForm(RecordForm):
    party_field = ""

    region = forms.ModelChoiceField(Region.objects.exclude(level=Region.Level.CITY), label="县区")
    bonus = forms.ChoiceField(label="加减分项")
    on = forms.DateField(label="发生日期", widget=DATE)
    count = forms.IntegerField(label="次数", min_value=1, max_value=99, initial=1)
    evidence = forms.CharField(label="依据材料", max_length=200, help_text="文件名称和文号；原件上传为附件")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bonus"].choices = list(bonus_titles().items())  # type: ignore[attr-defined]
        if not self.actor.is_system and not self.actor.has(Role.OFFICER, Role.LEADER):
            own = Region.objects.filter(pk__in=self.actor.regions)
            self.fields["region"].queryset = own  # type: ignore[attr-defined]

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (region := cleaned.get("region")) and (problem := region_problem(self.actor, region)):
            self.add_error("region", problem)
        if (day := cleaned.get("on")) and day > clock.today():
            self.add_error("on", "发生日期在将来，请核对")
        return cleaned


class TaskForm(RecordForm):
    party_field = ""

    run = forms.ModelChoiceField(RaceRun.objects.none(), label="依据的赛马结果")
    region = forms.ModelChoiceField(Region.objects.exclude(level=Region.Level.CITY), label="责任单位")
    indicator = forms.ChoiceField(label="指标", required=False)
    title = forms.CharField(label="事项", max_length=200)
    owner = forms.CharField(label="责任人", max_length=60)
    section = forms.ModelChoiceField(Section.objects.all(), label="督促科室", required=False)
    due_on = forms.DateField(label="办结期限", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].queryset = RaceRun.objects.filter(  # type: ignore[attr-defined]
            state__in=("published", "ready")
        )
        days = int(parameter("race.task_days", clock.today()))
        self.fields["due_on"].initial = work_calendar().add(clock.today(), days)
        choices = [("", "不限"), *((i.code, i.name) for i in catalogue().values())]
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def values(cls, record: Any) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if self.record is None and day < clock.today():
            raise forms.ValidationError("期限已经过去，请核对")
        return day
