"""Forms of the upload and of one target. They clean; the services save."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from keji.kernel.indicators.indicator import Indicator, catalogue
from keji.kernel.people.models import Account, Grant, Section
from keji.kernel.people.roles import Role
from keji.modules.plan.models import Item, Plan, PlanTarget
from keji.modules.plan.wording import NO_VALUE, OP_CHOICES, RANGES

ACCEPTED = ".docx,.txt,.html,.htm,.pdf"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def leaders(on: date) -> Any:
    """Bureau leaders in office."""
    held = Grant.objects.filter(role=Role.LEADER).in_force(on)
    return Account.objects.filter(pk__in=held.values("account"), is_active=True).order_by("name")


class UploadForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    file = forms.FileField(
        label="工作要点文件",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": "请选择要上传的文件。", "empty": "这是一个空文件，请检查后重新上传。"},
    )
    supersedes = forms.ModelChoiceField(
        Plan.objects.none(),
        label="修订哪一份",
        required=False,
        empty_label="不是修订版，是新的工作要点",
        help_text="执行中的工作要点有变化时选它：采用后旧版留存，分解、进展和督办自动承接。",
    )

    def __init__(self, data: Any = None, files: Any = None, *, running: Any, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        field: Any = self.fields["supersedes"]
        field.queryset = running
        field.label_from_instance = lambda plan: f"{plan.year} 年 · {plan.title}（第 {plan.edition} 版）"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(f"文件超过 {most} MB，请只上传工作要点正文。")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        old, year = cleaned.get("supersedes"), cleaned.get("year")
        if old and year and old.year != year:
            self.add_error("year", f"修订的是 {old.year} 年的工作要点，年度应当填 {old.year}。")
        return cleaned


class TargetForm(forms.Form):
    subject = forms.CharField(label="目标", max_length=120)
    verb = forms.CharField(label="动词", max_length=20, required=False, help_text="如 新增、获批；没有可不填")
    op = forms.ChoiceField(label="比较方式", choices=OP_CHOICES)
    value = forms.DecimalField(label="目标值", max_digits=20, decimal_places=4, required=False)
    value2 = forms.DecimalField(
        label="上限", max_digits=20, decimal_places=4, required=False, help_text="只有“介于”需要填"
    )
    unit = forms.CharField(label="单位", max_length=20, required=False, help_text="如 家、亿元、%")
    due_on = forms.DateField(label="完成时限", widget=day_input())
    item = forms.ModelChoiceField(Item.objects.none(), label="所属任务", required=False, empty_label="不属于具体任务")
    basis = forms.ChoiceField(label="取数方式", choices=PlanTarget.Basis.choices)
    indicator = forms.ChoiceField(label="系统指标", required=False, help_text="取数方式选“系统指标”时必选")
    base = forms.DecimalField(label="上年基数", max_digits=20, decimal_places=4, required=False)
    section = forms.ModelChoiceField(Section.objects.all(), label="牵头科室", required=False, empty_label="未确定")
    assisting = forms.ModelMultipleChoiceField(
        Section.objects.all(),
        label="配合科室",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    optional = forms.BooleanField(label="力争目标（不计入必须完成）", required=False)
    by_county = forms.BooleanField(label="分解到县区", required=False)

    def __init__(self, data: Any = None, *, plan: Plan, near: Iterable[Indicator] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.plan = plan
        item: Any = self.fields["item"]
        item.queryset = plan.items.filter(kind=Item.Kind.TASK)
        item.label_from_instance = lambda task: f"{task.number} {task.title}".strip()
        first = [(i.code, i.name) for i in near]
        rest = [(i.code, i.name) for i in catalogue().values() if i.code not in dict(first)]
        choices: list[Any] = [("", "未选定")]
        choices += [("按名称建议", first), ("其他指标", rest)] if first and rest else first + rest
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        op, value, upper = cleaned.get("op"), cleaned.get("value"), cleaned.get("value2")
        if op and op not in NO_VALUE and value is None and "value" not in self.errors:
            self.add_error("value", "请填写目标值；没有数值的请把比较方式改为“完成”“全覆盖”或“清零”。")
        if op in RANGES and value is not None and (upper is None or upper < value):
            self.add_error("value2", "“介于”需要填写上限，而且不能小于目标值。")
        if op == "rank_le" and value is not None and (value < 1 or value != value.to_integral_value()):
            self.add_error("value", "位次应当是 1 以上的整数。")
        due_on = cleaned.get("due_on")
        if due_on and due_on.year < self.plan.year:
            self.add_error("due_on", f"完成时限早于 {self.plan.year} 年，请检查。")
        if cleaned.get("basis") == PlanTarget.Basis.INDICATOR and not cleaned.get("indicator"):
            self.add_error("indicator", "请选定是哪个系统指标，或者把取数方式改为“科室填报”。")
        section, assisting = cleaned.get("section"), cleaned.get("assisting")
        if section and assisting is not None and section in assisting:
            self.add_error("assisting", f"“{section}”已经是牵头科室，不必再选为配合科室。")
        return cleaned


class AddForm(TargetForm):
    line = forms.IntegerField(label="原文行号", min_value=1)
    text = forms.CharField(label="原文表述", max_length=300, help_text="照原文摘录，一字不差；用来定位和高亮")
    field_order = ("line", "text", *TargetForm.base_fields)


def initial_of(target: PlanTarget) -> dict[str, Any]:
    names = [n for n in TargetForm.base_fields if n not in ("assisting", "section", "item")]
    values: dict[str, Any] = {name: getattr(target, name) for name in names}
    for name in ("value", "value2", "base"):
        values[name] = _trim(values[name])
    assisting = [section.pk for section in target.assisting.all()]
    return values | {"section": target.section_id, "item": target.item_id, "assisting": assisting}


def _trim(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
