"""The desk of standings: what is in force over a unit or a person, registered and lifted by two people."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.desk import Desk, register
from keji.desk.fields import DATE
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel.parties import standings
from keji.kernel.parties.models import Standing


class StandingForm(RecordForm):
    fieldsets = (
        ("单位和措施", ("party", "kind", "measure", "restricts")),
        ("依据和期限", ("basis", "from_on", "until_on")),
    )

    party = PartyCodeField()
    kind = forms.ChoiceField(label="性质", choices=Standing.Kind.choices)
    measure = forms.CharField(
        label="措施", max_length=200, help_text="按依据文书的原文写，如“三年内不得申报科技计划项目”"
    )
    restricts = forms.MultipleChoiceField(
        label="限制事项",
        choices=Standing.Verb.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="期限内办理勾选的事项时系统会拦住并写明依据；只作记录的不勾",
    )
    basis = forms.CharField(label="依据文书", max_length=200, help_text="文书名称和文号；原件在保存后作为附件上传")
    from_on = forms.DateField(label="自", widget=DATE)
    until_on = forms.DateField(label="至", widget=DATE, required=False, help_text="起止两日都包括在内；长期有效的留空")

    @classmethod
    def values(cls, record: Standing) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields} | {"party": record.party.uscc if record.party else ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        from_on, until_on = cleaned.get("from_on"), cleaned.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "截止日期早于开始日期，请核对")
        if cleaned.get("kind") == Standing.Kind.HONOUR and cleaned.get("restricts"):
            self.add_error("restricts", "守信激励不限制办理事项，请取消勾选")
        if not self.errors:
            same = Standing.objects.filter(party=cleaned["party"], measure=cleaned["measure"], basis=cleaned["basis"])
            same = same.exclude(state=Standing.State.REJECTED).exclude(pk=self.record.pk if self.record else 0)
            if same.exists():
                self.add_error("basis", "这个单位已按同一文书登记过同样的措施")
        return cleaned


@register
class StandingDesk(Desk):
    name, model, group, icon = "standings", Standing, "名录", "scale"
    intro = "对单位和人员生效的惩戒和激励：一人登记、另一人复核生效；解除要写理由，由登记人以外的人办理。"
    columns = ("whom", "kind", "measure", "days", "word_now", "state")
    search = ("party__name", "party__uscc", "person__name", "measure", "basis")
    filters = ("kind", "state")
    tones = {"registered": "amber", "in_force": "blue", "lifted": "gray", "rejected": "gray"}
    facts = (
        ("信用状态", ("party", "person", "kind", "measure", "restricted", "days", "word_now")),
        ("依据", ("basis", "registered_by", "lifted_on", "lifted_reason")),
    )
    form = StandingForm
    create = staticmethod(standings.register_standings)
    update = staticmethod(standings.correct_standing)
    editable_in = ("registered",)
    related = ("party", "person", "registered_by")
    empty = "没有登记信用状态。收到处理决定或激励文书后，点“新建信用状态”登记。"
