"""The yearly statement in the shape of 107-2: one field a column of the model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.lib.figures import format_number
from keji.lib.rnd_items import NAMES
from keji.lib.sheet import Column
from keji.modules.rnd.forms.common import (
    FIRST_YEAR,
    TOO_SMALL,
    amount,
    in_yuan,
    own_party,
)
from keji.modules.rnd.models import RndStatement
from keji.modules.rnd.models.statement import STATEMENT_COLUMNS


class StatementForm(RecordForm):
    """The yearly statement; its columns come from the model, whose labels say units."""

    fieldsets = (
        ("企业和年度", ("party", "year")),
        (
            "经营情况",
            ("revenue", "main_revenue", "above_scale", "industry_code", "project_count", "rnd_expense"),
        ),
        ("研发人员", ("rnd_staff", "rnd_managers", "rnd_women", "rnd_full_time", "rnd_graduates")),
        (
            "研发费用",
            (
                *("staff_cost", "direct_cost", "depreciation", "building_depreciation", "amortisation", "design_cost"),
                *("trial_cost", "commissioned_home", "to_institutes", "to_universities", "to_firms"),
                *("commissioned_abroad", "other_cost"),
            ),
        ),
        ("固定资产和政策", ("fixed_assets", "deduction_relief", "hnte_relief")),
        (
            "企业办研发机构",
            (
                *("institutes", "recognised_institutes", "institute_staff", "institute_doctors", "institute_masters"),
                *("institute_spend", "institute_equipment"),
            ),
        ),
        (
            "产出和技术获取",
            (
                *("patents", "inventions", "inventions_held", "transfers", "new_output", "new_sales", "new_exports"),
                *("papers", "trademarks", "standards", "renovation", "acquisition"),
            ),
        ),
    )
    key = ("party", "year")
    examples = ({"party": "91341503MA8N12A31C", "year": 2024, "revenue": Decimal(126_000_000)},)
    #: (part, whole): the first is one of the second.
    PARTS = (
        *(("rnd_managers", "rnd_staff"), ("rnd_women", "rnd_staff"), ("rnd_full_time", "rnd_staff")),
        *(("rnd_graduates", "rnd_staff"), ("building_depreciation", "depreciation")),
        *(("recognised_institutes", "institutes"), ("institute_doctors", "institute_staff")),
        *(("institute_masters", "institute_staff"), ("inventions", "patents"), ("new_exports", "new_sales")),
        ("main_revenue", "revenue"),
    )

    party = PartyCodeField()
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_party(self)

    @classmethod
    def columns(cls) -> list[Column]:
        return in_yuan(super().columns())

    @classmethod
    def values(cls, record: RndStatement) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields} | {"party": record.party.uscc}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("year") or 0) > clock.today().year:
            self.add_error("year", f"{cleaned['year']} 年还没有到，请核对")
        if cleaned.get("revenue") and cleaned["revenue"] < TOO_SMALL:
            self.add_error("revenue", "营业收入不足 1 万元，像是以万元填写；本栏单位是元，请换算")
        for part, whole in self.PARTS:
            most: Any = cleaned.get(whole)
            if most is not None and (cleaned.get(part) or 0) > most:
                self.add_error(part, f"“{self.fields[part].label}”大于“{self.fields[whole].label}”，请核对")
        self._sums(cleaned)
        return cleaned

    def _sums(self, cleaned: dict[str, Any]) -> None:
        given = [cleaned[name] for name in NAMES if cleaned.get(name) is not None]
        if given and cleaned.get("rnd_expense") is None and "rnd_expense" not in self.errors:
            cleaned["rnd_expense"] = sum(given, Decimal(0))
        elif given and cleaned["rnd_expense"] is not None and sum(given, Decimal(0)) != cleaned["rnd_expense"]:
            total, said = format_number(sum(given, Decimal(0))), format_number(cleaned["rnd_expense"])
            self.add_error("rnd_expense", f"研发费用合计 {said} 元与八项之和 {total} 元不符，请核对")
        parts = [cleaned[n] for n in ("to_institutes", "to_universities", "to_firms") if cleaned.get(n) is not None]
        if parts and sum(parts, Decimal(0)) > (cleaned.get("commissioned_home") or Decimal(0)):
            self.add_error("commissioned_home", "委托研究机构、高等学校、企业之和大于委托境内研究开发费用，请核对")

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        live = RndStatement.objects.exclude(state="void").exclude(pk=exclude)
        parties = sorted({row["party"].pk for row in rows})
        taken: dict[tuple[int, int], str] = {}
        for start in range(0, len(parties), 500):
            for party, year, number in live.filter(party__in=parties[start : start + 500]).values_list(
                "party_id", "year", "number"
            ):
                taken[party, year] = number
        return {
            i: [("year", f"这家企业{row['year']}年度已填报（{number}），请在原表上更正")]
            for i, row in enumerate(rows)
            if (number := taken.get((row["party"].pk, row["year"])))
        }


def _add_columns() -> None:
    """One field a column of the model, with its label; built here once, since a sheet reads them off the class."""
    for name in STATEMENT_COLUMNS:
        column: Any = RndStatement._meta.get_field(name)
        kind, label = column.get_internal_type(), str(column.verbose_name)
        if kind == "DecimalField":
            field: forms.Field = amount(label.removesuffix("（元）"))
        elif kind == "BooleanField":
            yes_no = forms.Select(choices=(("", "未填"), ("True", "是"), ("False", "否")))
            field = forms.NullBooleanField(label=label, required=False, widget=yes_no)
        elif kind == "CharField":
            field = forms.CharField(label=label, max_length=column.max_length, required=False)
        else:
            field = forms.IntegerField(label=label, min_value=0, max_value=10_000_000, required=False)
        StatementForm.base_fields[name] = field


_add_columns()
