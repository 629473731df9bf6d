"""Cleaning of review batches, and of what is asked for when a panel is drawn."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField
from keji.desk.forms import RecordForm
from keji.modules.projects.models import Guideline, ReviewBatch
from keji.modules.projects.reviews.services.panel import waiting_themes


class BatchForm(RecordForm):
    """Proposals that passed the form check, put before one panel; by theme, or all that wait."""

    party_field = ""
    guideline = forms.ModelChoiceField(Guideline.objects.filter(state="open"), label="项目指南", empty_label="请选择")
    title = forms.CharField(label="名称", max_length=120, help_text="如 先进制造组")
    themes = LinesField(label="支持方向", rows=4, required=False, help_text="每行一个；留空为全部待评审项目")
    due_on = forms.DateField(label="评审截止", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            for name in ("guideline", "themes"):
                del self.fields[name]

    @classmethod
    def values(cls, record: ReviewBatch) -> dict[str, Any]:
        return {"title": record.title, "due_on": record.due_on}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        guideline = cleaned.get("guideline")
        if guideline is None:
            return cleaned
        waiting = waiting_themes(guideline)
        if not waiting:
            self.add_error("guideline", "这一指南没有通过形式审查、等待评审的项目")
        elif cleaned.get("themes") and not set(cleaned["themes"]) & set(waiting):
            self.add_error("themes", f"这些方向没有等待评审的项目；现有：{'、'.join(waiting)}")
        if guideline.batches.filter(title=cleaned.get("title", "")).exists():
            self.add_error("title", "这一指南已有同名批次")
        return cleaned


class DrawForm(forms.Form):
    """What the officer says of the panel; what to avoid is worked out from the proposals."""

    size = forms.IntegerField(
        label="评审组人数", min_value=3, max_value=99, initial=5, help_text="单数；项目多时可多抽，再分配评审"
    )
    review_on = forms.DateField(label="评审日期", widget=DATE)
    outside = forms.IntegerField(label="市外专家至少", min_value=0, max_value=21, initial=3)
    finance = forms.IntegerField(label="财务专家至少", min_value=0, max_value=5, initial=1)
    substitutes = forms.IntegerField(label="备选专家", min_value=0, max_value=30, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
