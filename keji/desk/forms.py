"""Forms that clean a page and a sheet row alike, and the fields they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms

from keji.kernel.parties.models import Party, Region
from keji.kernel.people.roles import Actor, Role
from keji.lib.codes import check_uscc, clean_uscc
from keji.lib.sheet import Column


class Lookup:
    """Parties by code, asked once for a whole sheet or one by one for a page; within the actor's reach."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._parties: dict[str, Party | None] = {}

    def load(self, codes: Iterable[str]) -> None:
        wanted = {clean_uscc(c) for c in codes if c}
        found: dict[str, Party] = {}
        batch = sorted(wanted)
        for start in range(0, len(batch), 500):
            rows = Party.objects.filter(uscc__in=batch[start : start + 500]).select_related("region", "merged_into")
            found |= {p.uscc: p for p in rows}
        self._parties |= {code: found.get(code) for code in wanted}

    def party(self, code: str) -> Party | None:
        if code not in self._parties:
            self.load([code])
        party = self._parties.get(code)
        return party.merged_into or party if party else None

    def reach_problem(self, party: Party) -> str:
        """Why this actor may not write for this party; "" when they may."""
        actor = self.actor
        if actor.is_system or actor.has(Role.OFFICER, Role.LEADER):
            return ""
        if party.region_id in actor.regions or party.pk in actor.parties:
            return ""
        return f"“{party.name}”属于{party.region.name}，不在您的管理范围内"


def region_problem(actor: Actor, region: Region) -> str:
    """Why this actor may not write for a region; "" when they may."""
    if actor.is_system or actor.has(Role.OFFICER) or region.pk in actor.regions:
        return ""
    return f"{region.name}不在您的管理范围内"


class PartyCodeField(forms.CharField):
    """A 统一社会信用代码 that must belong to a party on file; cleaned to that party by the form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "统一社会信用代码")
        kwargs.setdefault("help_text", "18 位；全角、小写和空格会自动整理")
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        code = clean_uscc(super().clean(value))
        if code and (problem := check_uscc(code)):
            raise forms.ValidationError(problem)
        return code


class RecordForm(forms.Form):
    """Base of a desk's form. `values` of a record fill it for editing; `key` finds rows entered twice."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    key: ClassVar[tuple[str, ...]] = ()  # fields that together must be unique within a sheet
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    party_field: ClassVar[str] = "party"
    by_row = False  # one form object is cleaning the rows of a sheet

    def __init__(self, data: Any = None, *, actor: Actor, lookup: Lookup | None = None, record: Any = None, **kw: Any):
        self.actor, self.lookup, self.record = actor, lookup or Lookup(actor), record
        super().__init__(data, **kw)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        code = cleaned.get(self.party_field)
        if isinstance(code, str) and code and isinstance(self.fields.get(self.party_field), PartyCodeField):
            party = self.lookup.party(code)
            if party is None:
                self.add_error(self.party_field, f"没有代码为 {code} 的单位，请先在企业名册中建档")
            elif problem := self.lookup.reach_problem(party):
                self.add_error(self.party_field, problem)
            else:
                cleaned[self.party_field] = party
        return cleaned

    def clean_row(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Clean one sheet row with this form object again and again (building a form a row is what makes it slow).

        Returns the cleaned values and (field name, sentence) for every problem; the name is "" for the whole row.
        """
        self.by_row, self.data = True, dict(values)
        self.is_bound = True
        self._errors = None
        self.full_clean()
        problems = [
            (name if name in self.fields else "", str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]
        return dict(self.cleaned_data), problems

    def _post_clean(self) -> None:
        """What is edited on a page is asked against the database here; what is new comes through `check_many`."""
        super()._post_clean()  # type: ignore[misc]
        if self.record is not None and not self.errors:
            for name, sentence in self.clashes([self.cleaned_data], self.record.pk).get(0, []):
                self.add_error(name or None, sentence)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows that clash with records on file, but for the record `exclude`: {index: [(name, sentence)]}."""
        return {}

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        """Problems that only show against the database, asked for all rows at once: {index: [(name, sentence)]}."""
        return cls.clashes(rows)

    @classmethod
    def columns(cls) -> list[Column]:
        """The form's fields as the columns of a sheet."""
        return [_column(name, field) for name, field in cls.base_fields.items()]


def _column(name: str, field: forms.Field) -> Column:
    kind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    if isinstance(field, forms.DateField):
        kind = "date"
    elif isinstance(field, forms.DecimalField | forms.FloatField):  # both are kinds of IntegerField, so they come first
        kind = "decimal"
    elif isinstance(field, forms.IntegerField):
        kind = "integer"
    elif isinstance(field, forms.BooleanField):
        kind = "yes_no"
    elif isinstance(field, forms.ChoiceField):
        choices = tuple((str(k), str(v)) for k, v in field.choices if k != "")  # type: ignore[attr-defined,union-attr,misc]
        kind = "choice" if choices else "text"  # in a new house there may be nothing to choose from: the form says so
    return Column(
        name=name,
        label=str(field.label),
        kind=kind,
        required=field.required,
        choices=choices,
        help=str(field.help_text),
    )
