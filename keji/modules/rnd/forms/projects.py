"""Cleaning of projects and what belongs to them, the same on a page and in a sheet."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.lib.figures import format_number
from keji.lib.rnd_items import LABELS
from keji.lib.sheet import Column
from keji.modules.rnd.checks import Line, findings
from keji.modules.rnd.forms.common import (
    FIRST_YEAR,
    TOO_SMALL,
    UNCHOSEN,
    MonthField,
    amount,
    code_choices,
    in_yuan,
    own_party,
)
from keji.modules.rnd.models import Code, RndProject
from keji.modules.rnd.models.codes import edition


class ProjectForm(RecordForm):
    fieldsets = (
        ("项目", ("party", "name", "own_code", "form", "field", "decision", "budget", "starts", "ends")),
        ("统计分类（107-1 表）", ("source_code", "cooperation_code", "result_code", "goal_code")),
        ("合同", ("contract_number", "partner")),
        ("年度情况", ("year", "staff", "person_months", "hours", "government", "stage_code", "ledger_total")),
    )
    key = ("party", "name", "starts")
    examples = (
        {
            "party": "91341503MA8N12A31C",
            "name": "新能源汽车一体化压铸件工艺研发",
            "form": "自主研发",
            "field": "先进制造与自动化",
            "decision": "董事会决议〔2024〕3号",
            "budget": Decimal(1_200_000),
            "starts": "202403",
            "ends": "202512",
            "year": 2024,
            "staff": 12,
            "person_months": Decimal(96),
        },
    )

    party = PartyCodeField()
    name = forms.CharField(label="项目名称", max_length=120)
    own_code = forms.CharField(label="企业项目编号", max_length=40, required=False, help_text="如 RD07，与辅助账一致")
    form = forms.ChoiceField(label="研发形式", choices=[UNCHOSEN, *RndProject.Form.choices])
    field = forms.ChoiceField(label="技术领域", choices=[UNCHOSEN, *RndProject.Field.choices])
    decision = forms.CharField(
        label="立项决议文件", max_length=120, required=False, help_text="文号或名称；原件在附件中上传"
    )
    budget = amount("项目预算", required=True)
    starts = MonthField(label="起始年月", help_text="六位数字，如 202403")
    ends = MonthField(label="完成年月", required=False, help_text="未定的留空")
    source_code = forms.ChoiceField(label="项目来源", choices=code_choices(Code.List.SOURCE))
    cooperation_code = forms.ChoiceField(label="项目合作形式", choices=code_choices(Code.List.COOPERATION))
    result_code = forms.ChoiceField(label="项目成果形式", choices=code_choices(Code.List.RESULT))
    goal_code = forms.ChoiceField(label="项目技术经济目标", choices=code_choices(Code.List.GOAL))
    contract_number = forms.CharField(
        label="合同登记编号",
        max_length=30,
        required=False,
        help_text="委托、合作研发填技术合同登记编号；尚未登记的可后补",
    )
    partner = forms.CharField(label="委托（合作）单位", max_length=120, required=False)
    year = forms.IntegerField(label="统计年度", min_value=FIRST_YEAR, max_value=2100, help_text="以下各项所属的年度")
    staff = forms.IntegerField(label="参加项目人员（人）", min_value=0, max_value=100_000, required=False)
    person_months = forms.DecimalField(
        label="实际工作时间（人月）", min_value=Decimal(0), max_digits=9, decimal_places=1, required=False
    )
    hours = forms.DecimalField(
        label="研发工时（小时）", min_value=Decimal(0), max_digits=12, decimal_places=1, required=False
    )
    government = amount("其中：政府资金")
    stage_code = forms.ChoiceField(
        label="跨年项目所处主要进展阶段",
        choices=code_choices(Code.List.STAGE),
        required=False,
        help_text="不跨年的不填",
    )
    ledger_total = amount("辅助账全年合计", help_text="年末填；没有逐月填报的，以此作为全年支出")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", clock.today().year)
        own_party(self)

    @classmethod
    def columns(cls) -> list[Column]:
        return in_yuan(super().columns())

    @classmethod
    def values(cls, record: RndProject) -> dict[str, Any]:
        part = record.years.order_by("-year").first()
        found = {n: getattr(record, n) for n in cls.base_fields if hasattr(record, n)}
        found |= {n: getattr(part, n) for n in cls.base_fields if part is not None and hasattr(part, n)}
        return found | {"party": record.party.uscc, "name": record.name}

    def clean_name(self) -> str:
        return re.sub(r"\s+", " ", self.cleaned_data["name"]).strip()

    def clean_contract_number(self) -> str:
        text = re.sub(r"\s+", "", self.cleaned_data["contract_number"]).upper()
        if text and (problem := contract_problem(text, clock.today().year)):
            raise forms.ValidationError(problem)
        return text

    def clean_budget(self) -> Decimal:
        value: Decimal = self.cleaned_data["budget"]
        if 0 < value < TOO_SMALL:
            raise forms.ValidationError(f"预算只有 {format_number(value, '元')}，像是以万元填写；本栏单位是元，请换算")
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        year = cleaned.get("year")
        if year and year > clock.today().year + 1:
            self.add_error("year", f"{year} 年还早，请填 {clock.today().year} 或 {clock.today().year + 1}")
        elif year:
            self._check_codes(cleaned, year)
            if cleaned.get("starts") and "ends" in cleaned:
                self._check_line(cleaned, year)
        return cleaned

    def _check_codes(self, cleaned: dict[str, Any], year: int) -> None:
        for name in ("source", "cooperation", "result", "goal"):
            code, known = cleaned.get(f"{name}_code"), edition(name, year)
            if code and known and code not in known:
                self.add_error(f"{name}_code", f"{year} 年度的代码表里没有“{code}”，请重新选择")

    def _check_line(self, cleaned: dict[str, Any], year: int) -> None:
        line = Line(
            year,
            cleaned["starts"],
            cleaned["ends"],
            cleaned.get("stage_code") or "",
            cleaned.get("staff"),
            cleaned.get("person_months"),
            cleaned.get("ledger_total"),
            cleaned.get("government"),
            stages=edition(Code.List.STAGE, year),
        )
        for found in findings(line, year_end=False):
            self.add_error(found.field, found.sentence)
        if line.spend is not None and line.government is not None and line.government > line.spend:
            self.add_error("government", "政府资金大于辅助账全年合计，请核对")

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows whose firm has filed a project of this name and beginning."""
        live = RndProject.objects.exclude(state="withdrawn").exclude(pk=exclude)
        taken: dict[tuple[int, str, str], str] = {}
        parties = sorted({row["party"].pk for row in rows})
        for start in range(0, len(parties), 500):
            found = live.filter(party__in=parties[start : start + 500])
            for party, name, starts, number in found.values_list("party_id", "name", "starts", "number"):
                taken[party, name, starts] = number
        return {
            i: [("name", f"这个项目已登记（{number}），请在原项目上填报，不要重复登记")]
            for i, row in enumerate(rows)
            if (number := taken.get((row["party"].pk, row["name"], row["starts"])))
        }


def contract_problem(text: str, year: int) -> str:
    """What is wrong with a contract's register number; the shapes are rows the bureau can change."""
    shapes = edition(Code.List.CONTRACT, year)
    if not shapes or any(re.fullmatch(shape, text) for shape in shapes):
        return ""
    said = "或".join(shapes.values())
    return f"合同登记编号“{text}”（{len(text)} 位）格式不对，应为{said}，请对照登记证明核对"


class MonthForm(forms.Form):
    """One month of one project: eight items, and how much of the depreciation is buildings."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name] = amount(label)
            if name == "depreciation":
                self.fields["building_depreciation"] = amount(
                    "其中：建筑物折旧", help_text="计入高企口径，不计入加计扣除口径"
                )
        for field in self.fields.values():
            field.widget.attrs |= {"inputmode": "decimal", "step": "0.01"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        buildings, all_of_it = cleaned.get("building_depreciation"), cleaned.get("depreciation")
        if buildings and buildings > (all_of_it or 0):
            self.add_error("building_depreciation", "建筑物折旧大于折旧费用与长期待摊费用，请核对")
        return cleaned


class YearForm(forms.Form):
    """The yearly figures of a running project, entered when the year's statement is due."""

    staff = forms.IntegerField(label="参加项目人员（人）", min_value=0, max_value=100_000)
    person_months = forms.DecimalField(
        label="实际工作时间（人月）", min_value=Decimal(0), max_digits=9, decimal_places=1
    )
    hours = forms.DecimalField(
        label="研发工时（小时）", min_value=Decimal(0), max_digits=12, decimal_places=1, required=False
    )
    government = amount("其中：政府资金")
    stage_code = forms.ChoiceField(
        label="跨年项目所处主要进展阶段",
        choices=code_choices(Code.List.STAGE),
        required=False,
        help_text="不跨年的不填",
    )
    ledger_total = amount("辅助账全年合计")

    def __init__(self, *args: Any, project: RndProject, year: int, spend: Any = None, **kwargs: Any) -> None:
        self.project, self.year, self.spend = project, year, spend
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        spend = self.spend if self.spend is not None else cleaned.get("ledger_total")
        line = Line(
            self.year,
            self.project.starts,
            self.project.ends,
            cleaned.get("stage_code") or "",
            cleaned.get("staff"),
            cleaned.get("person_months"),
            spend,
            cleaned.get("government"),
            form=self.project.form,
            contract=self.project.contract_number,
            stages=edition(Code.List.STAGE, self.year),
        )
        for found in findings(line, year_end=True):
            self.add_error(found.field if found.field in self.fields else None, found.sentence)
        return cleaned


class EquipmentForm(forms.Form):
    name = forms.CharField(label="设备名称", max_length=80)
    model = forms.CharField(label="规格型号", max_length=80, required=False)
    value = amount("原值")
    shared = forms.BooleanField(label="同时用于生产", required=False)
