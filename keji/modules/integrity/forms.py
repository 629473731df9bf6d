"""Forms of the desks: clues, activities of the ledger, items of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.forms import RecordForm, region_problem
from keji.kernel.parties.models import Region, Standing
from keji.modules.integrity.flow_forms import DayField, words
from keji.modules.integrity.models import Activity, Case, CatalogueItem, Edition, Line


class ClueForm(RecordForm):
    """A clue that is no report: assigned from above, found in a check, read in the press."""

    origin = forms.ChoiceField(
        label="线索来源",
        choices=[("", "请选择"), *[c for c in Case.Origin.choices if c[0] != "report"]],
        help_text="来信、来电的举报在“举报和线索登记”登记",
    )
    line = forms.ChoiceField(label="适用规则", choices=Line.choices)
    received_on = DayField(label="收到日期", help_text="初核期限从这一天起算")
    gist = words("反映的主要问题", help_text="随案卷密封，只有办案人员、局领导和派驻纪检能看到")


class ActivityForm(RecordForm):
    fieldsets = (
        ("活动", ("region", "title", "kind", "held_on", "place", "organiser")),
        ("成效", ("people", "copies", "audience", "note")),
    )
    key = ("region", "title", "held_on")
    examples = (
        {
            "region": "裕安区",
            "title": "科研诚信专题讲座",
            "kind": "专题讲座",
            "held_on": "2024-05-16",
            "place": "裕安区政务中心",
            "organiser": "裕安区科技局",
            "people": 86,
            "copies": 120,
        },
    )

    region = forms.CharField(label="县区", max_length=60, help_text="县区名称；全市性活动填市名")
    title = forms.CharField(label="活动名称", max_length=120)
    kind = forms.ChoiceField(label="形式", choices=Activity.Kind.choices)
    held_on = DayField(label="日期")
    place = forms.CharField(label="地点或平台", max_length=120)
    organiser = forms.CharField(label="主办单位", max_length=120)
    people = forms.IntegerField(label="参加人数", min_value=0, max_value=1_000_000)
    copies = forms.IntegerField(label="发放材料（份）", min_value=0, max_value=10_000_000, required=False)
    audience = forms.CharField(label="对象", max_length=120, required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)

    @classmethod
    def values(cls, record: Activity) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields} | {"region": record.region.name}

    def clean_region(self) -> Region | str:
        text = self.cleaned_data["region"].strip()
        found = Region.objects.filter(name=text).first() or Region.objects.filter(short_name=text).first()
        if found is None:
            raise forms.ValidationError(f"没有名为“{text}”的县区")
        if problem := region_problem(self.actor, found):
            raise forms.ValidationError(problem)
        return found

    def clean_copies(self) -> int:
        return self.cleaned_data["copies"] or 0

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        titles = {row["title"] for row in rows if row.get("title")}
        known = Activity.objects.filter(title__in=titles).exclude(state="void").exclude(pk=exclude)
        there = set(known.values_list("region_id", "title", "held_on"))
        return {
            i: [("title", "这个县区同一天已有同名活动")]
            for i, row in enumerate(rows)
            if getattr(row.get("region"), "pk", None) and (row["region"].pk, row["title"], row["held_on"]) in there
        }


def editions() -> list[tuple[str, str]]:
    return [("*", "各版本通用"), *((e.code, str(e)) for e in Edition.objects.all())]


class ItemForm(RecordForm):
    edition = forms.ChoiceField(label="版本", choices=editions)
    kind = forms.ChoiceField(label="种类", choices=CatalogueItem.Kind.choices)
    code = forms.CharField(label="序号", max_length=12)
    label = forms.CharField(label="内容", max_length=300, help_text="按原文写")
    restricts = forms.MultipleChoiceField(
        label="限制事项",
        choices=Standing.Verb.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只有处理措施要选：生效后拦住哪些事项",
    )
    timed = forms.BooleanField(label="措施有期限", required=False)
    least_months = forms.IntegerField(label="期限下限（月）", min_value=0, max_value=1200, required=False)
    most_months = forms.IntegerField(label="期限上限（月）", min_value=0, max_value=1200, required=False)
    cites = forms.CharField(label="依据", max_length=100, help_text="文号和条款")
    certain = forms.BooleanField(label="已对照原文核对", required=False)

    @classmethod
    def values(cls, record: CatalogueItem) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("restricts") or cleaned.get("timed")) and cleaned.get("kind") != "measure":
            self.add_error("kind", "只有处理措施有限制事项和期限")
        least, most = cleaned.get("least_months"), cleaned.get("most_months")
        if least is not None and most is not None and most < least:
            self.add_error("most_months", "上限小于下限")
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        found = {}
        for i, row in enumerate(rows):
            key = {n: row.get(n) for n in ("edition", "kind", "code")}
            if CatalogueItem.objects.filter(**key).exclude(pk=exclude).exists():
                found[i] = [("code", "这个版本已有同种类、同序号的条目")]
        return found
