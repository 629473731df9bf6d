"""Forms of the tracker: progress of a target, answers to objections, numbers of papers."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.forms import RecordForm
from keji.desk.lists import regions_of
from keji.kernel import clock
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.indicators.objections import FigureObjection
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


class ObjectionForm(RecordForm):
    """An objection to one's own figure: which one, what it should be, and on what grounds."""

    region = forms.ModelChoiceField(Region.objects.none(), label="县区", empty_label=None)
    indicator = forms.ChoiceField(label="指标")
    period = forms.ChoiceField(label="月份")
    claimed = forms.DecimalField(label="县区认为应为", required=False, max_digits=20, decimal_places=4)
    grounds = forms.CharField(
        label="异议理由和依据",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明哪些记录多计、漏计或口径不同；依据可在提交后作为附件上传",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions_of(self.actor).exclude(level=Region.Level.CITY)  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [(i.code, i.name) for i in catalogue().values()]  # type: ignore[attr-defined]
        now = Period.of(clock.today())
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (str(p), p.label) for p in (Period.at_month_index(now.month_index - back) for back in range(4))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = {k: cleaned.get(k) for k in ("indicator", "region", "period")}
        if all(same.values()) and FigureObjection.objects.filter(state="raised", **same).exists():
            self.add_error(None, "这个数已有一条待答复的异议，请等市局答复，或撤回后重新提出。")
        return cleaned
