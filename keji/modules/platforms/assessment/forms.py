"""Cleaning of schemes, campaigns and what is entered in an assessment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.fields import DATE, plain
from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.modules.platforms.assessment.services.assessment import items_of
from keji.modules.platforms.models import Assessment, Campaign, Panelist, Platform, Scheme
from keji.modules.platforms.numbers import number

BLANK_ITEMS = 3


class SchemeForm(RecordForm):
    fieldsets = (("方案", ("name", "kind", "edition", "from_on", "cites", "certain")),)
    party_field = ""

    name = forms.CharField(label="方案名称", max_length=120)
    kind = forms.ChoiceField(label="平台类型", choices=Platform.Kind.choices, initial="enterprise_rnd_centre")
    edition = forms.CharField(label="版本", max_length=40, help_text="如 2024年试行版")
    from_on = forms.DateField(label="施行日期", widget=DATE)
    cites = forms.CharField(label="依据", max_length=200)
    certain = forms.BooleanField(label="已核对", required=False, help_text="没有对照过原文的不要勾，页面会写明待核")

    @classmethod
    def values(cls, record: Scheme) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = Scheme.objects.filter(name=cleaned.get("name"), edition=cleaned.get("edition"))
        if other := same.exclude(pk=self.record.pk if self.record else 0).first():
            self.add_error("edition", f"这个方案的这一版已经有了（{other.number}）")
        return cleaned


class SchemeItemForm(forms.Form):
    group = forms.CharField(label="一级指标", max_length=60)
    name = forms.CharField(label="二级指标", max_length=100)
    weight = forms.DecimalField(label="权重", min_value=Decimal("0.01"), max_digits=6, decimal_places=2)
    full = forms.IntegerField(label="满分", min_value=1, max_value=1000, initial=10)
    method = forms.CharField(label="评分办法", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.CharField(label="佐证材料", max_length=200, required=False)


class BandForm(forms.Form):
    grade = forms.CharField(label="等次", max_length=20)
    at_least = forms.DecimalField(label="不低于（分）", min_value=0, max_value=100, max_digits=6, decimal_places=2)
    failing = forms.BooleanField(label="不合格", required=False)
    must_mend = forms.BooleanField(label="须整改", required=False)


ItemSet = forms.formset_factory(SchemeItemForm, extra=BLANK_ITEMS, can_delete=True, max_num=60)
BandSet = forms.formset_factory(BandForm, extra=1, can_delete=True, max_num=9)


class CampaignForm(RecordForm):
    fieldsets = (
        ("评估", ("title", "scheme", "level", "year", "document")),
        ("时间", ("opens_on", "closes_on", "county_days", "rectify_days")),
    )
    party_field = ""

    title = forms.CharField(label="标题", max_length=160)
    scheme = forms.ModelChoiceField(
        Scheme.objects.filter(state="frozen"), label="评估方案", help_text="只列已定版的方案"
    )
    level = forms.ChoiceField(label="级别", choices=Platform.Level.choices, initial="city")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, help_text="评估哪一年的工作")
    document = forms.CharField(label="通知文号", max_length=80, required=False)
    opens_on = forms.DateField(label="自评开始", widget=DATE)
    closes_on = forms.DateField(label="自评截止", widget=DATE)
    county_days = forms.IntegerField(label="县区核实时限（工作日）", min_value=1, max_value=200)
    rectify_days = forms.IntegerField(label="整改时限（工作日）", min_value=1, max_value=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = clock.today()
        usual = {
            "county_days": number("assessment.county_check_days", today),
            "rectify_days": number("assessment.rectify_days", today),
            "year": today.year - 1,
        }
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    @classmethod
    def values(cls, record: Campaign) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields} | {"scheme": record.scheme_id}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期早于开始日期，请核对")
        if not self.errors:
            same = Campaign.objects.exclude(state="cancelled").filter(
                **{n: cleaned[n] for n in ("scheme", "level", "year")}
            )
            if other := same.exclude(pk=self.record.pk if self.record else 0).first():
                self.add_error("year", f"这个方案、级别和年度的评估已经建过（{other.number}）")
        return cleaned


class SelfReportForm(forms.Form):
    """The whole self-report on one page: a text and points for each item."""

    def __init__(self, *args: Any, record: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reports = list(record.reports.select_related("item"))
        for report in self.reports:
            self.fields[f"text_{report.pk}"] = forms.CharField(
                label="自评情况",
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=1000,
                required=False,
                initial=report.text,
            )
            self.fields[f"points_{report.pk}"] = forms.DecimalField(
                label=f"自评分（满分 {report.item.full}）",
                min_value=0,
                max_value=report.item.full,
                max_digits=6,
                decimal_places=2,
                required=False,
                initial=plain(report.points),
            )

    def answers(self) -> dict[int, tuple[str, Decimal | None]]:
        data = self.cleaned_data
        return {r.pk: (data[f"text_{r.pk}"], data[f"points_{r.pk}"]) for r in self.reports}


class MarksForm(forms.Form):
    """One expert's sheet: who they are, and points with a comment for every item."""

    name = forms.CharField(label="专家姓名", max_length=60)
    unit = forms.CharField(label="工作单位", max_length=120, help_text="与被评单位相同的不能登记")
    visited_on = forms.DateField(label="评审日期", widget=DATE)

    def __init__(self, *args: Any, record: Assessment, panelist: Panelist | None = None, **kwargs: Any) -> None:
        self.items = items_of(record)
        if panelist is not None:
            given: dict[str, Any] = {"name": panelist.name, "unit": panelist.unit, "visited_on": panelist.visited_on}
            for mark in panelist.marks.all():
                given[f"points_{mark.item_id}"] = plain(mark.points)
                given[f"comment_{mark.item_id}"] = mark.comment
            kwargs["initial"] = given
        super().__init__(*args, **kwargs)
        for item in self.items:
            self.fields[f"points_{item.pk}"] = forms.DecimalField(
                label=f"{item.name}（满分 {item.full}）",
                min_value=0,
                max_value=item.full,
                max_digits=6,
                decimal_places=2,
            )
            self.fields[f"comment_{item.pk}"] = forms.CharField(label="评语", max_length=300, required=False)

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"item": item, "points": self[f"points_{item.pk}"], "comment": self[f"comment_{item.pk}"]}
            for item in self.items
        ]

    def marks(self) -> dict[int, tuple[Decimal, str]]:
        data = self.cleaned_data
        return {i.pk: (data[f"points_{i.pk}"], data[f"comment_{i.pk}"]) for i in self.items}
