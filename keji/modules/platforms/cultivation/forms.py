"""Cleaning of cultivation."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Role
from keji.modules.platforms.cultivation.services import RUNNING
from keji.modules.platforms.models import Cultivation, Platform


class CultivationForm(RecordForm):
    fieldsets = (
        ("培育对象", ("party", "kind", "level", "goal_on")),
        ("辅导", ("tutor", "gaps")),
    )
    key = ("party", "kind", "level")

    party = PartyCodeField(label="单位统一社会信用代码")
    kind = forms.ChoiceField(label="培育方向", choices=Platform.Kind.choices)
    level = forms.ChoiceField(label="目标级别", choices=Platform.Level.choices, initial="provincial")
    goal_on = forms.DateField(label="计划申报日期", widget=DATE, required=False)
    gaps = forms.CharField(
        label="其他差距",
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text="规则以外的，每行一条。有认定规则的（企业研发中心、孵化器、众创空间），差多少由系统按资料列出，不用填",
    )
    tutor = forms.ModelChoiceField(Account.objects.none(), label="辅导人", required=False, help_text="业务科室的同志")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = Grant.objects.in_force(clock.today()).filter(role=Role.OFFICER)
        self.fields["tutor"].queryset = Account.objects.filter(grants__in=granted).distinct()  # type: ignore[attr-defined]

    @classmethod
    def values(cls, record: Cultivation) -> dict[str, Any]:
        found = {n: getattr(record, n) for n in ("kind", "level", "goal_on", "gaps")}
        return found | {"party": record.party.uscc, "tutor": record.tutor_id}

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        found = {}
        for i, row in enumerate(rows):
            same = Cultivation.objects.filter(state__in=RUNNING, **{n: row[n] for n in ("party", "kind", "level")})
            if other := same.exclude(pk=exclude).first():
                found[i] = [("party", f"已在培育（{other.number}），不能重复列入")]
        return found


class StepForm(forms.Form):
    title = forms.CharField(label="事项", max_length=200)
    due_on = forms.DateField(label="完成时限", widget=DATE)


class DoneForm(forms.Form):
    done_on = forms.DateField(label="完成日期", widget=DATE)
    note = forms.CharField(label="完成情况", max_length=300, required=False)


class VisitForm(forms.Form):
    on = forms.DateField(label="走访日期", widget=DATE)
    note = forms.CharField(label="情况", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
