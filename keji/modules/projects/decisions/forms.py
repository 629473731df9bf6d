"""Forms of pages a desk cannot show: the meeting that decides."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField
from keji.modules.projects.fields import WanField
from keji.modules.projects.models import Decision, DecisionMeeting, Proposal


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label="会议", choices=DecisionMeeting.Kind.choices)
    held_on = forms.DateField(label="会议日期", widget=DATE)
    minutes = forms.CharField(label="会议纪要编号", max_length=60, help_text="如 局长办公会议纪要〔2024〕9号")
    attendees = LinesField(label="参会人员", rows=3, help_text="每行一人，至少三人")

    def __init__(self, *args: Any, rows: list[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            choices = [("", "这次没有上会"), *Decision.Outcome.choices]
            self.fields[f"outcome_{row.pk}"] = forms.ChoiceField(label=row.title, choices=choices, required=False)
            self.fields[f"grant_{row.pk}"] = WanField(label="资助", required=False, initial=row.asked)
            self.fields[f"reason_{row.pk}"] = forms.CharField(label="理由", max_length=300, required=False)

    def lines(self) -> list[dict[str, Any]]:
        """One line a proposal: the record and its three fields."""
        names = ("outcome", "grant", "reason")
        return [{"row": r, **{n: self[f"{n}_{r.pk}"] for n in names}} for r in self.rows]

    def decisions(self) -> dict[int, tuple[str, int, str]]:
        found = {}
        for row in self.rows:
            if outcome := self.cleaned_data[f"outcome_{row.pk}"]:
                grant = self.cleaned_data[f"grant_{row.pk}"] or 0
                found[row.pk] = (outcome, grant, self.cleaned_data[f"reason_{row.pk}"])
        return found
