"""Cleaning of what people enter, the same on a page and in a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import format_number, parse_period
from keji.lib.rnd_items import LABELS, NAMES
from keji.lib.sheet import Column
from keji.modules.rnd.checks import Line, findings
from keji.modules.rnd.models import Code, RndProject, RndStatement
from keji.modules.rnd.models.codes import edition
from keji.modules.rnd.models.statement import STATEMENT_COLUMNS

MOST = Decimal("99999999999999.99")
TOO_SMALL = Decimal(10_000)  # 元: a budget or a turnover below it was meant in 万元
FIRST_YEAR = 2015


def code_choices(name: str) -> Callable[[], list[tuple[str, str]]]:
    """The entries of a code list in the edition of the present year, code first as on the form."""
    return lambda: [("", "请选择"), *((c, f"{c} {t}") for c, t in edition(name, clock.today().year).items())]


class MonthField(forms.CharField):
    """A month in any usual writing, cleaned to six digits YYYYMM; "" when left blank."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "202403"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        if isinstance(value, date | datetime):
            return f"{value:%Y%m}"
        text = super().clean(value)
        if not text or text == "000000":
            return ""
        if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月]\d{1,2}日?", text):
            text = f"{found[1]}-{found[2]}"
        try:
            period = parse_period(text)
        except ValueError:
            period = None
        if period is None or period.kind != "month":
            raise forms.ValidationError(f"“{text}”看不出是哪年哪月，请写成六位数字，如 202403")
        return f"{period.year}{period.number:02d}"


def amount(label: str, *, required: bool = False, help_text: str = "") -> forms.DecimalField:
    """An amount in 元, at most two decimals."""
    return forms.DecimalField(
        label=f"{label}（元）",
        min_value=Decimal(0),
        max_value=MOST,
        decimal_places=2,
        required=required,
        help_text=help_text,
    )


def in_yuan(columns: list[Column]) -> list[Column]:
    """Columns of money with their unit declared: a sheet in 万元 is refused with a sentence, never read as 元."""
    return [replace(c, label=c.label[:-3], unit="元") if c.label.endswith("（元）") else c for c in columns]


def own_party(form: RecordForm) -> None:
    """A firm's user files for their own firm: nobody types a code that is known."""
    actor = form.actor
    if not actor.has(Role.OFFICER, Role.COUNTY) and len(actor.parties) == 1 and "party" in form.fields:
        from keji.kernel.parties.models import Party

        code = Party.objects.filter(pk__in=actor.parties).values_list("uscc", flat=True).first()
        form.initial.setdefault("party", code)


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
    form = forms.ChoiceField(label="研发形式", choices=RndProject.Form.choices)
    field = forms.ChoiceField(label="技术领域", choices=RndProject.Field.choices)
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
        if self.record is not None and not self.errors:
            for name, sentence in self.clashes([cleaned], exclude=self.record.pk).get(0, []):
                self.add_error(name or None, sentence)
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
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        return cls.clashes(rows)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int | None = None) -> dict[int, list[tuple[str, str]]]:
        """Rows whose firm has filed a project of this name and beginning."""
        live = RndProject.objects.exclude(state="withdrawn").exclude(pk=exclude or 0)
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


class VisitForm(forms.Form):
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    way = forms.ChoiceField(label="方式", choices=(("visit", "上门"), ("call", "电话"), ("meeting", "集中辅导")))
    found = forms.CharField(label="了解到的情况", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    agreed = forms.CharField(label="商定的下一步", max_length=300, required=False)


class CodeForm(RecordForm):
    fieldsets = (("统计代码", ("list", "from_year", "code", "label", "cites", "certain")),)
    key = ("list", "from_year", "code")

    list = forms.ChoiceField(label="代码表", choices=Code.List.choices)
    from_year = forms.IntegerField(
        label="自哪个年度起", min_value=2000, max_value=2100, help_text="同一代码表、同一年度的各行合起来是一版，须录全"
    )
    code = forms.CharField(label="代码", max_length=20, help_text="合同编号格式一栏填正则表达式")
    label = forms.CharField(label="名称", max_length=120)
    cites = forms.CharField(label="依据", max_length=200, required=False)
    certain = forms.BooleanField(label="已核对", required=False)

    @classmethod
    def values(cls, record: Code) -> dict[str, Any]:
        return {n: getattr(record, n) for n in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("list") == Code.List.CONTRACT and cleaned.get("code"):
            try:
                re.compile(cleaned["code"])
            except re.error:
                self.add_error("code", "不是有效的正则表达式，请核对括号和斜线")
        return cleaned


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
        if self.record is not None and not self.errors:
            for name, sentence in self.clashes([cleaned], exclude=self.record.pk).get(0, []):
                self.add_error(name, sentence)
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
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        return cls.clashes(rows)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int | None = None) -> dict[int, list[tuple[str, str]]]:
        live = RndStatement.objects.exclude(state="void").exclude(pk=exclude or 0)
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
