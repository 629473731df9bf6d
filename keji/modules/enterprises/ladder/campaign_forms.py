"""Cleaning of campaigns, batches, applications, results and published lists."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, CampaignBatch, PublicList
from keji.modules.enterprises.ladder.chain_models import FocusIndustry, Segment, SegmentFirm
from keji.modules.enterprises.ladder.forms import RUNGS
from keji.modules.enterprises.ladder.services.campaigns import live_application
from keji.modules.enterprises.titles.forms import DATE


class CampaignForm(RecordForm):
    fieldsets = (("申报活动", ("rung", "year", "title")), ("内容", ("materials", "note")))

    rung = forms.ChoiceField(label="申报梯级", choices=RUNGS)
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100, initial=lambda: clock.today().year)
    title = forms.CharField(label="名称", max_length=120, help_text="例如：2024年高新技术企业认定申报")
    materials = forms.CharField(
        label="材料清单", required=False, widget=forms.Textarea, help_text="一行一项；不填则沿用上一年的清单"
    )
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            self.fields["rung"].disabled = self.fields["year"].disabled = True

    @classmethod
    def values(cls, record: Campaign) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rung, year = cleaned.get("rung"), cleaned.get("year")
        if self.record is None and rung and year and (old := Campaign.objects.filter(rung=rung, year=year).first()):
            self.add_error("year", f"{year}年已有“{old.title}”，一年只设一个")
        return cleaned


class BatchForm(RecordForm):
    campaign = forms.ModelChoiceField(label="申报活动", queryset=Campaign.objects.all(), empty_label="请选择")
    name = forms.CharField(label="批次", max_length=60, help_text="例如：第一批")
    county_due_on = forms.DateField(label="县区审核截止", widget=DATE, required=False)
    due_on = forms.DateField(label="市级提交截止", widget=DATE)
    certain = forms.BooleanField(label="日期已核对通知原文", required=False)
    cites = forms.CharField(label="依据", max_length=200, required=False, help_text="通知文号或名称")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            self.fields["campaign"].disabled = True

    @classmethod
    def values(cls, record: CampaignBatch) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        county, due = cleaned.get("county_due_on"), cleaned.get("due_on")
        if county and due and county > due:
            self.add_error("county_due_on", "县区审核截止不能晚于市级提交截止")
        if cleaned.get("certain") and not cleaned.get("cites"):
            self.add_error("cites", "已核对原文的，请写明通知文号或名称")
        same = CampaignBatch.objects.filter(campaign=cleaned.get("campaign"), name=cleaned.get("name"))
        if same.exclude(pk=self.record.pk if self.record else 0).exists():
            self.add_error("name", "这个活动里已有同名批次")
        return cleaned


class ApplicationForm(RecordForm):
    key = ("party", "batch")
    fieldsets = (("申报", ("party", "batch")), ("联系", ("contact", "note")))

    party = PartyCodeField()
    batch = forms.ModelChoiceField(label="申报批次", queryset=CampaignBatch.objects.none(), empty_label="请选择")
    contact = forms.CharField(label="申报联系人", max_length=60, required=False)
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["batch"]
        open_ones = CampaignBatch.objects.filter(campaign__state="open").select_related("campaign")
        if self.record is not None:
            self.fields["party"].disabled = True
            open_ones = CampaignBatch.objects.filter(campaign=self.record.campaign).select_related("campaign")
        field.queryset = open_ones
        firms = self.actor.parties
        if self.actor.has(Role.ENTERPRISE) and len(firms) == 1 and not self.initial.get("party"):
            self.initial["party"] = Party.objects.filter(pk__in=firms).values_list("uscc", flat=True).first()

    @classmethod
    def values(cls, record: Application) -> dict[str, Any]:
        return {"party": record.party.uscc, "batch": record.batch_id, "contact": record.contact, "note": record.note}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        batch, party = cleaned.get("batch"), cleaned.get("party")
        if batch is not None:
            cleaned["campaign"] = batch.campaign
            if self.record is None and batch.due_on < clock.today():
                self.add_error("batch", f"{batch.name}已截止，请选择后面的批次")
        if self.record is None and batch is not None and isinstance(party, Party):
            old = live_application(party.pk, batch.campaign.rung, batch.campaign.year)
            if old is not None:
                self.add_error("party", f"这家企业已有申报（{old.number}，{old.get_state_display()}），不能重复申报")
        return cleaned


class ResultForm(RecordForm):
    """One firm's result as the province sent it."""

    key = ("party", "rung", "year")
    examples = ({"party": "91341503MA8N12A31C", "rung": "高新技术企业", "year": 2024, "passed": "是"},)

    party = PartyCodeField()
    rung = forms.ChoiceField(label="申报梯级", choices=RUNGS)
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100, initial=lambda: clock.today().year)
    passed = forms.NullBooleanField(
        label="评审通过", required=False, widget=forms.Select(choices=((None, "请选择"), (True, "是"), (False, "否")))
    )
    note = forms.CharField(label="结果说明", max_length=300, required=False)

    def clean_passed(self) -> bool:
        passed: bool | None = self.cleaned_data["passed"]
        if passed is None:
            raise forms.ValidationError("请填写是或否")
        return passed

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        applications = {
            (a.party_id, a.campaign.rung, a.campaign.year): a
            for a in Application.objects.filter(
                campaign__rung__in={r["rung"] for r in rows}, campaign__year__in={r["year"] for r in rows}
            )
            .exclude(state="withdrawn")
            .select_related("campaign")
        }
        found = {}
        for i, row in enumerate(rows):
            record = applications.get((row["party"].pk, row["rung"], row["year"]))
            if record is None:
                found[i] = [("party", f"这家企业没有{row['year']}年的申报")]
            elif record.state not in ("recommended", "passed", "failed"):
                found[i] = [("party", f"这份申报（{record.number}）{record.get_state_display()}，还不能登记结果")]
        return found


class PublicListForm(forms.Form):
    kind = forms.ChoiceField(label="名单类型", choices=PublicList.Kind.choices)
    title = forms.CharField(label="名单名称", max_length=200, help_text="照公示（公告）标题填写")
    file = forms.FileField(label="名单表格", help_text=".xlsx，至少有“企业名称”一列；公告名单还要有证书编号和发证日期")


class IndustryForm(RecordForm):
    name = forms.CharField(label="产业", max_length=60)
    kind = forms.ChoiceField(label="归类", choices=FocusIndustry.Kind.choices)
    place = forms.CharField(label="主要承载地", max_length=120, required=False)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=0)
    certain = forms.BooleanField(label="已核对", required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)

    @classmethod
    def values(cls, record: FocusIndustry) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}


class SegmentForm(RecordForm):
    industry = forms.ModelChoiceField(label="产业", queryset=FocusIndustry.objects.all(), empty_label="请选择")
    position = forms.ChoiceField(label="位置", choices=Segment.Position.choices)
    name = forms.CharField(label="环节", max_length=60)
    wanted = forms.CharField(label="要补什么", max_length=200, required=False)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=0)

    @classmethod
    def values(cls, record: Segment) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}


class SegmentFirmForm(RecordForm):
    key = ("segment", "party")

    segment = forms.ModelChoiceField(label="产业链环节", queryset=Segment.objects.all(), empty_label="请选择")
    party = PartyCodeField()
    product = forms.CharField(label="主要产品", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["segment"]
        field.queryset = Segment.objects.select_related("industry")

    @classmethod
    def values(cls, record: SegmentFirm) -> dict[str, Any]:
        return {"segment": record.segment_id, "party": record.party.uscc, "product": record.product}
