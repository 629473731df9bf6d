"""Cleaning of what people enter, the same on a page and in a sheet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from keji.desk.forms import PartyCodeField, RecordForm, region_problem
from keji.kernel import clock
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.roles import Actor
from keji.lib.codes import (
    check_hnte_certificate,
    check_phone,
    check_sme_number,
    check_uscc,
    clean_code,
    clean_phone,
    clean_uscc,
)
from keji.lib.figures import plain_date
from keji.modules.enterprises.models import Certification, EnterpriseProfile

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST_DAY = date(2008, 1, 1)
LONGEST_CODE = 30
YES_NO = ((None, "未填"), (True, "是"), (False, "否"))


class RegionField(forms.ChoiceField):
    """A county or zone by its name, as sheets write it; cleaned to the Region. Short names are understood too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=region_choices, **kwargs)
        self._known: dict[str, Region] = {}

    def __deepcopy__(self, memo: Any) -> RegionField:
        copied: RegionField = super().__deepcopy__(memo)
        copied._known = {}  # a form asks once; the next form asks again
        return copied

    def to_python(self, value: Any) -> str:
        return "" if value in (None, "") else str(getattr(value, "pk", value)).strip()

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not self._known:
            for region in Region.objects.exclude(level=Region.Level.CITY):
                self._known |= dict.fromkeys((region.code, region.name, region.short_name), region)
        if text not in self._known:
            raise forms.ValidationError(f"没有名为“{text}”的县区，请照模板中的县区名称填写")
        return self._known[text]


def region_choices() -> list[tuple[str, str]]:
    rows = Region.objects.exclude(level=Region.Level.CITY).values_list("code", "name")
    return [("", "请选择"), *rows]


class UsccField(forms.CharField):
    """A 统一社会信用代码 tidied and checked; whether it is on file is not asked."""

    def clean(self, value: Any) -> str:
        code = clean_uscc(super().clean(value))
        if code and (problem := check_uscc(code)):
            raise forms.ValidationError(problem)
        return code


class EnterpriseForm(RecordForm):
    fieldsets = (
        ("基本信息", ("uscc", "name", "kind", "region", "established_on", "address", "industry_code")),
        ("联系人", ("contact_name", "contact_phone")),
        ("一企一档", ("industry", "industry_tag", "above_scale", "main_product", "technology_focus")),
    )
    key = ("uscc",)
    examples = ({"uscc": "91341503MA8N12A31C", "name": "六安某某科技有限公司", "region": "裕安区", "kind": "企业"},)

    uscc = UsccField(label="统一社会信用代码", max_length=40, help_text="18 位；全角、小写和空格会自动整理")
    name = forms.CharField(label="单位名称", max_length=120, help_text="与营业执照一致；改名后曾用名自动保留")
    kind = forms.ChoiceField(label="单位类型", choices=Party.Kind.choices, initial="enterprise")
    region = RegionField(label="统计归属", help_text="县区或开发区名称")
    established_on = forms.DateField(label="成立日期", widget=DATE, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    industry_code = forms.CharField(
        label="国民经济行业代码", max_length=6, required=False, help_text="GB/T 4754-2017，2 至 4 位数字"
    )
    contact_name = forms.CharField(label="联系人", max_length=60, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)
    industry = forms.ChoiceField(
        label="“5+1”产业归类", choices=EnterpriseProfile.Industry.choices, required=False, help_text="不清楚可留空"
    )
    industry_tag = forms.CharField(label="细分产业", max_length=60, required=False)
    above_scale = forms.NullBooleanField(label="规模以上", required=False, widget=forms.Select(choices=YES_NO))
    main_product = forms.CharField(label="主要产品（服务）", max_length=200, required=False)
    technology_focus = forms.CharField(
        label="技术方向",
        max_length=60,
        required=False,
        help_text="具体做什么，如“高分子材料改性”；八大领域在一企一档填报",
    )

    @classmethod
    def values(cls, record: Party) -> dict[str, Any]:
        profile = EnterpriseProfile.objects.filter(party=record).first()
        found = {n: getattr(record, n) for n in cls.base_fields if hasattr(record, n)}
        found |= {n: getattr(profile, n) for n in cls.base_fields if profile is not None and hasattr(profile, n)}
        return found | {"region": record.region_id}

    def clean_name(self) -> str:
        return re.sub(r"\s+", "", self.cleaned_data["name"])

    def clean_industry_code(self) -> str:
        code = clean_code(self.cleaned_data["industry_code"])
        if code and not re.fullmatch(r"[A-T]?[0-9]{2,4}", code):
            raise forms.ValidationError("行业代码应为 2 至 4 位数字，前面可带门类字母，如 C3670")
        return code

    def clean_contact_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["contact_phone"])
        if phone and (problem := check_phone(phone)):
            raise forms.ValidationError(problem)
        return phone

    def clean_established_on(self) -> date | None:
        day: date | None = self.cleaned_data["established_on"]
        if day and day > clock.today():
            raise forms.ValidationError("成立日期在今天之后，请核对")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        region = cleaned.get("region")
        if region and (problem := region_problem(self.actor, region)):
            self.add_error("region", problem)
        if self.record is not None and "uscc" in cleaned:
            taken = Party.objects.filter(uscc=cleaned["uscc"]).exclude(pk=self.record.pk).first()
            if taken:
                self.add_error("uscc", f"这个代码已属于“{taken.name}”")
        return cleaned

    @classmethod
    def check_many(cls, rows: list[dict[str, Any]], actor: Actor) -> dict[int, list[tuple[str, str]]]:
        have: dict[str, Party] = {}
        codes = [row["uscc"] for row in rows]
        for start in range(0, len(codes), 500):
            found = Party.objects.filter(uscc__in=codes[start : start + 500]).select_related("region")
            have |= {party.uscc: party for party in found}
        return {
            i: [("uscc", f"“{have[code].name}”已在{have[code].region.name}建档，请在名册中修改，不要重复新建")]
            for i, code in enumerate(codes)
            if code in have
        }


class CertificationForm(RecordForm):
    key = ("kind", "certificate_code")
    examples = (
        {
            "party": "91341503MA8N12A31C",
            "kind": "高新技术企业",
            "certificate_code": "GR202434000123",
            "issued_on": date(2024, 10, 29),
            "batch": "2024年第一批",
        },
    )

    party = PartyCodeField()
    kind = forms.ChoiceField(label="资质类型", choices=Certification.Kind.choices)
    certificate_code = forms.CharField(
        label="证书（登记）编号", max_length=40, help_text="高企填证书编号，科技型中小企业填入库登记编号"
    )
    issued_on = forms.DateField(label="发证（入库）日期", widget=DATE)
    batch = forms.CharField(label="批次", max_length=60, required=False, help_text="如 2024年第一批")

    @classmethod
    def values(cls, record: Certification) -> dict[str, Any]:
        found = {n: getattr(record, n) for n in ("kind", "certificate_code", "issued_on", "batch")}
        return found | {"party": record.party.uscc}

    def clean_certificate_code(self) -> str:
        code = clean_code(self.cleaned_data["certificate_code"])
        if len(code) > LONGEST_CODE:  # after tidying: what was typed may have spaces
            raise forms.ValidationError(f"编号超过 {LONGEST_CODE} 个字，请核对证书")
        return code

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > clock.today():
            raise forms.ValidationError(f"发证日期{plain_date(day)}在今天之后，请核对")
        if day < FIRST_DAY:
            raise forms.ValidationError("发证日期早于 2008 年，请核对")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, code, day = (cleaned.get(n) for n in ("kind", "certificate_code", "issued_on"))
        if kind and code and (problem := code_problem(kind, code, day)):
            self.add_error("certificate_code", problem)
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows whose code is taken, or whose firm already has this year's register number."""
        live = Certification.objects.exclude(state=Certification.State.VOID).exclude(pk=exclude)
        codes = sorted({row["certificate_code"] for row in rows})
        parties = sorted({row["party"].pk for row in rows if row["kind"] == "tech_sme"})
        taken: dict[tuple[str, str], Certification] = {}
        for start in range(0, len(codes), 500):
            for record in live.filter(certificate_code__in=codes[start : start + 500]).select_related("party"):
                taken[record.kind, record.certificate_code] = record
        listed: dict[tuple[int, int], Certification] = {}
        for start in range(0, len(parties), 500):
            for record in live.filter(Q(kind="tech_sme"), party__in=parties[start : start + 500]):
                listed[record.party_id, record.year] = record
        found: dict[int, list[tuple[str, str]]] = {}
        for i, row in enumerate(rows):
            year = row["issued_on"].year
            if other := taken.get((row["kind"], row["certificate_code"])):
                sentence = f"这个编号已登记给“{other.party.name}”（{other.number}），不能重复登记"
                found[i] = [("certificate_code", sentence)]
            elif row["kind"] == "tech_sme":
                if before := listed.get((row["party"].pk, year)):
                    what = f"（{before.number}）" if before.pk else "（本表前面的行）"
                    found[i] = [("party", f"该企业{year}年已有入库登记编号{what}，一年只计一次")]
                listed.setdefault((row["party"].pk, year), Certification())
        return found


def code_problem(kind: str, code: str, day: date | None) -> str:
    """What is wrong with a certificate's code; only the shapes that are known are checked."""
    if kind == Certification.Kind.HNTE:
        if problem := check_hnte_certificate(code):
            return problem
        if day and int(code[2:6]) != day.year:
            return f"证书编号里的年份是 {code[2:6]}，发证日期是 {day.year} 年，请核对其中一个"
    if kind == Certification.Kind.TECH_SME:
        if problem := check_sme_number(code):
            return problem
        if day and int(code[:4]) != day.year:
            return f"登记编号里的年份是 {code[:4]}，入库日期是 {day.year} 年，请核对其中一个"
    return ""
