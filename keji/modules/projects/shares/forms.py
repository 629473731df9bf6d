"""Cleaning of shares: a line a unit."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import LinesField, parts_of, within
from keji.desk.forms import Lookup, PartyCodeField
from keji.kernel.people.roles import Actor
from keji.modules.projects.fields import WanField, in_wan
from keji.modules.projects.models import Project


class SharesForm(forms.Form):
    rows = LinesField(
        label="分工",
        rows=5,
        help_text="每行一家：统一社会信用代码，承担任务，分得资助（万元），自筹（万元）；含牵头单位",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        lines = [
            f"{s.party.uscc}，{s.task}，{in_wan(s.grant)}，{in_wan(s.own_money)}"
            for s in project.shares.select_related("party")
        ]
        usual = f"{project.party.uscc}，总体和集成，{in_wan(project.grant)}，{in_wan(project.own_money)}"
        super().__init__(*args, **kwargs | {"initial": {"rows": "\n".join(lines) or usual}})

    def clean_rows(self) -> list[dict[str, Any]]:
        lookup, found = Lookup(Actor.system("分工")), []
        for place, line in enumerate(self.cleaned_data["rows"], 1):
            try:
                code, task, grant, *own = parts_of(line)
                money = [WanField(label="资助", required=False).clean(v) for v in (grant, *own[:1])]
            except (ValueError, forms.ValidationError):
                raise forms.ValidationError(f"第 {place} 行应写成“代码，承担任务，分得资助，自筹”") from None
            party = lookup.party(PartyCodeField().clean(code))
            if party is None:
                raise forms.ValidationError(f"第 {place} 行：没有代码为 {code} 的单位，请先在名册中建档")
            found.append(
                {
                    "party": party,
                    "task": within(task, 300, "承担任务", place),
                    "grant": money[0] or 0,
                    "own_money": (money[1] or 0) if own else 0,
                }
            )
        return found
