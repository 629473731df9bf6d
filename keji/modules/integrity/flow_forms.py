"""What the steps of a case ask beside the click. Their words are sealed with the case and do not stand in the log."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.kernel import clock
from keji.lib.figures import plain_date

LONG = 20000


def words(label: str, *, help_text: str = "", rows: int = 6, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONG,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class DayField(forms.DateField):
    """A day that has come."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise forms.ValidationError(f"不能晚于今天（{plain_date(clock.today())}）")
        return day


def grounds() -> list[tuple[str, str]]:
    from keji.modules.integrity.models import CatalogueItem

    return [
        ("", "请选择"),
        *((i.code, i.said()) for i in CatalogueItem.objects.filter(kind="refusal").order_by("order")),
    ]


class DeclareForm(forms.Form):
    declared = forms.BooleanField(
        label="我与当事人、举报人没有近亲属、同单位、合作或其他利害关系",
        error_messages={"required": "没有作出声明的不能承办；有利害关系的请回避"},
    )


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(label="不予受理情形", choices=grounds)
    note = words("说明", help_text="写明核查了什么、为什么不受理；随案卷密封")
    answer = words("告知举报人的话", rows=3, help_text="举报人凭查询码看到；不写当事人的个人信息")


class TransferForm(forms.Form):
    note = words("转送哪个机关、为什么", rows=4)
    answer = words("告知举报人的话", rows=3, help_text="举报人凭查询码看到")


class ExtendForm(forms.Form):
    months = forms.IntegerField(label="延长几个月", min_value=1, max_value=12)
    why = words("延长的理由", rows=3)


class ReportForm(forms.Form):
    outcome = forms.ChoiceField(
        label="调查认定",
        choices=[("", "请选择"), ("found", "失信或违规行为成立"), ("not_found", "失信或违规行为不成立")],
    )
    text = words("调查报告", rows=10, help_text="调查经过、查明的事实、证据、认定意见；不写举报人的姓名和联系方式")


class ProposeForm(forms.Form):
    heard_on = DayField(label="告知当事人并听取陈述申辩的日期")
    text = words("拟处理意见", help_text="对每名当事人的意见；当事人的陈述申辩是否采纳、为什么")


class SendBackForm(forms.Form):
    note = words("退回意见", rows=4)


class DecideForm(forms.Form):
    meeting = forms.CharField(label="集体审议的会议", max_length=100, help_text="如：局党组会2024年第12次")
    decided_on = DayField(label="决定日期")
    number = forms.CharField(label="决定文号", max_length=60)


class AppealForm(forms.Form):
    place = forms.IntegerField(label="哪一名当事人（序号）", min_value=1)
    text = words("申诉理由")


class ReviewForm(forms.Form):
    review = forms.ChoiceField(
        label="复查结论",
        choices=[("", "请选择"), ("upheld", "维持原决定"), ("changed", "变更处理"), ("revoked", "撤销原决定")],
    )
    text = words("复查意见")
    number = forms.CharField(label="复查决定文号", max_length=60)
    decided_on = DayField(label="复查决定日期")


class NoteForm(forms.Form):
    note = words("说明", rows=4)


class CloseForm(forms.Form):
    note = words("结案说明", rows=3)
    answer = words("告知举报人的结果", rows=3, required=False, help_text="举报人凭查询码看到；没有举报人的不填")
