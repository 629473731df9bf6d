"""Cleaning of what people enter on the ladder, the same on a page and in a sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.modules.enterprises.ladder.models import CultivationEntry, Rung, Waiver

RUNGS = (("", "请选择"), *Rung.choices)
OWNER_ROLES = (Role.OFFICER, Role.COUNTY)


def owners_for(actor: Actor | None) -> QuerySet[Account]:
    """Who may be made responsible: officers and county clerks; a county names its own people only."""
    grants = Grant.objects.in_force(clock.today()).filter(role__in=OWNER_ROLES)
    if actor is not None and not actor.is_system and not actor.has(Role.OFFICER):
        grants = grants.filter(region__in=actor.regions)
    found: QuerySet[Account] = Account.objects.filter(pk__in=grants.values("account"), is_active=True).order_by("name")
    return found


class OwnerField(forms.CharField):
    """A colleague by name, as sheets and people write it; cleaned to the account."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "责任人")
        super().__init__(max_length=60, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Account) else value


class CultivationForm(RecordForm):
    key = ("party", "rung", "year")
    fieldsets = (("培育对象", ("party", "rung", "year")), ("安排", ("owner", "plan")))
    examples = ({"party": "91341503MA8N12A31C", "rung": "高新技术企业", "year": 2024, "owner": "张三"},)

    party = PartyCodeField()
    rung = forms.ChoiceField(label="目标梯级", choices=RUNGS)
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100, initial=lambda: clock.today().year)
    owner = OwnerField(required=False, help_text="业务科室或县区科技局的同志姓名；指定后列入其待办")
    plan = forms.CharField(label="培育措施", required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners: dict[str, list[Account]] | None = None
        if self.record is not None:
            for name in ("party", "rung", "year"):
                self.fields[name].disabled = True

    @classmethod
    def values(cls, record: CultivationEntry) -> dict[str, Any]:
        return {
            "party": record.party.uscc,
            "rung": record.rung,
            "year": record.year,
            "owner": record.owner.name if record.owner else "",
            "plan": record.plan,
        }

    def clean_owner(self) -> Account | None:
        name = self.cleaned_data["owner"].strip()
        if not name:
            return None
        if self._owners is None:
            self._owners = {}
            for account in owners_for(self.actor):
                self._owners.setdefault(account.name, []).append(account)
        found = self._owners.get(name, [])
        if not found:
            raise forms.ValidationError(f"没有可以交办给“{name}”的账号，请填写本局或县区科技局同志的姓名")
        if len(found) > 1:
            raise forms.ValidationError(f"有 {len(found)} 位同志叫“{name}”，请在培育清单里用“交办”逐家指定")
        return found[0]

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        parties = {row["party"].pk for row in rows}
        taken = {
            (e.party_id, e.rung, e.year): e for e in CultivationEntry.objects.filter(party__in=list(parties)[:20_000])
        }
        found = {}
        for i, row in enumerate(rows):
            if other := taken.get((row["party"].pk, row["rung"], row["year"])):
                found[i] = [("party", f"这家企业已在{row['year']}年培育清单中（{other.number}）")]
        return found


class HandOverForm(forms.Form):
    """To whom firms are handed, and what is to be done with them."""

    owner = forms.ModelChoiceField(label="责任人", queryset=Account.objects.none(), empty_label="请选择")
    plan = forms.CharField(
        label="培育措施", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：上门辅导研发费用归集，9月底前补齐知识产权",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = owners_for(actor)
        field.label_from_instance = owner_label()


def owner_label() -> Any:
    """李明哲（高新技术科）: people share names, sections and counties tell them apart."""
    places: dict[int, str] = {}
    grants = Grant.objects.in_force(clock.today()).filter(role__in=OWNER_ROLES).select_related("section", "region")
    for grant in grants:
        place = grant.section or grant.region
        if place is not None:
            places.setdefault(grant.account_id, str(place))
    return lambda account: f"{account.name}（{places[account.pk]}）" if account.pk in places else account.name


class WaiverForm(RecordForm):
    key = ("party", "rung", "year")
    fieldsets = (("企业", ("party", "rung", "year")), ("原因", ("reason", "explanation")))
    examples = ({"party": "91341503MA8N12A31C", "rung": "高新技术企业", "year": 2024, "reason": "企业不愿申报"},)

    party = PartyCodeField()
    rung = forms.ChoiceField(label="目标梯级", choices=RUNGS)
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100, initial=lambda: clock.today().year)
    reason = forms.ChoiceField(label="原因", choices=(("", "请选择"), *Waiver.Reason.choices))
    explanation = forms.CharField(label="具体情况", max_length=300, help_text="何时与谁核实，依据什么")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            for name in ("party", "rung", "year"):
                self.fields[name].disabled = True

    @classmethod
    def values(cls, record: Waiver) -> dict[str, Any]:
        return {n: getattr(record, n) for n in ("rung", "year", "reason", "explanation")} | {"party": record.party.uscc}

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        live = Waiver.objects.filter(~Q(state="rejected"), party__in=[row["party"].pk for row in rows][:20_000])
        taken = {(w.party_id, w.rung, w.year): w for w in live}
        return {
            i: [("party", f"这家企业{row['year']}年已有说明（{other.number}，{other.get_state_display()}）")]
            for i, row in enumerate(rows)
            if (other := taken.get((row["party"].pk, row["rung"], row["year"])))
        }
