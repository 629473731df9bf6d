"""Forms of the tracker: progress of a target, answers to objections, numbers of papers."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.kernel.parties.models import Region
from keji.lib.figures import Period
from keji.modules.plan.models import PlanTarget

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProgressForm(forms.Form):
    """One month's figure of a target that no indicator counts."""

    region = forms.ModelChoiceField(Region.objects.none(), label="地区", empty_label=None)
    period = forms.ChoiceField(label="月份")
    value = forms.DecimalField(
        label="累计完成",
        required=False,
        max_digits=20,
        decimal_places=4,
        help_text="从年初累计到月末；没有新进展的照填上月数",
    )
    done = forms.BooleanField(label="已经完成", required=False)
    done_on = forms.DateField(label="完成日期", required=False, widget=DATE)
    evidence = forms.CharField(
        label="依据",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="文件名称、文号、公告或统计报表",
    )

    def __init__(self, *args: Any, target: PlanTarget, regions: Any, months: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["period"].choices = [(str(m), m.label) for m in months]  # type: ignore[attr-defined]
        milestone = target.basis == PlanTarget.Basis.MILESTONE or target.op == "milestone"
        if milestone:
            del self.fields["value"]
        else:
            self.fields["value"].required = True
            self.fields["value"].label = f"累计完成（{target.unit}）" if target.unit else "累计完成"
            if target.op.startswith(("growth", "decline", "coverage")) or target.unit == "%":
                self.fields["value"].label = "完成数（%）"
                self.fields["value"].help_text = "填百分数，如 15.2"
            del self.fields["done"], self.fields["done_on"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("done") and not cleaned.get("done_on"):
            self.add_error("done_on", "请填写完成日期。")
        return cleaned


class AnswerForm(forms.Form):
    """An officer's answer to a county's objection."""

    text = forms.CharField(label="答复", max_length=500)
    value = forms.DecimalField(label="分解值", required=False, max_digits=20, decimal_places=4, min_value=0)
