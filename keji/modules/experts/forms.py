"""Cleaning of experts and exit cases, the same on a page and in a sheet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.people.crypto import fingerprint
from keji.lib.codes import (
    birth_of_citizen_id,
    check_citizen_id,
    check_phone,
    clean_code,
    clean_phone,
    sex_of_citizen_id,
)
from keji.modules.experts.models import Discipline, ExitCase, Expert
from keji.modules.experts.services.register import OF_EXPERT, OF_PERSON

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
YES_NO = (("是", "是"), ("否", "否"))
SPLIT = re.compile(r"[、,，;；\s]+")
BATCH = 500


def words(text: str) -> list[str]:
    """What is written one after another, without doubles."""
    return list(dict.fromkeys(w for w in SPLIT.split(text) if w))


class DisciplineField(forms.CharField):
    """Codes or names of one to three disciplines of GB/T 13745, the main one first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "学科")
        kwargs.setdefault("help_text", "GB/T 13745 学科代码或名称，1—3 个，主学科在前，如 510、520.20")
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> list[Discipline]:
        asked = [w for w in re.split(r"[,，;；\s]+", super().clean(value)) if w]
        if not 1 <= len(asked) <= 3:
            raise forms.ValidationError("请填 1 至 3 个学科，用逗号隔开，主学科在前")
        known = _disciplines()
        odd = [w for w in asked if w not in known]
        if odd:
            raise forms.ValidationError(f"没有学科“{'、'.join(odd)}”，请填 GB/T 13745 的代码或名称")
        return list(dict.fromkeys(known[w] for w in asked))


def _disciplines() -> dict[str, Discipline]:
    found: dict[str, Discipline] = {}
    for row in Discipline.objects.select_related("parent"):
        found[row.code] = found[row.name] = row
    return found


class PersonFields(forms.Form):
    """What an expert says of the own person and trade, on the bureau's form and on the invitation's."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(label="证件号码", max_length=30, help_text="居民身份证号；加密保存，列表中不显示")
    phone = forms.CharField(label="手机号", max_length=20, help_text="加密保存，只用于通知评审")
    party = PartyCodeField(label="单位统一社会信用代码", required=False, help_text="单位在本系统名册内的请填写")
    employer = forms.CharField(label="所在单位", max_length=120, help_text="全称")
    post = forms.CharField(label="职务", max_length=60, required=False)
    in_city = forms.ChoiceField(label="市内专家", choices=YES_NO)
    place = forms.CharField(label="所在市", max_length=40, required=False)
    kind = forms.ChoiceField(label="专家类型", choices=Expert.Kind.choices)
    title = forms.CharField(label="职称", max_length=60, help_text="如 教授、高级工程师")
    level = forms.ChoiceField(label="职称级别", choices=Expert.Level.choices)
    title_on = forms.DateField(label="职称取得时间", widget=DATE, required=False)
    disciplines = DisciplineField()
    industries = forms.CharField(label="产业领域", max_length=120, required=False, help_text="多个用顿号隔开")
    keywords = forms.CharField(label="关键词", max_length=200, required=False, help_text="多个用顿号隔开")
    degree = forms.CharField(label="学历学位", max_length=40, required=False)
    school = forms.CharField(label="毕业院校", max_length=80, required=False)
    roles_elsewhere = forms.CharField(label="社会兼职", max_length=200, required=False)
    bank_card = forms.CharField(label="银行卡号", max_length=30, required=False, help_text="付评审费用；加密保存")

    def clean_name(self) -> str:
        return re.sub(r"\s+", "", self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        text = clean_code(self.cleaned_data["id_number"])
        if problem := check_citizen_id(text, on=clock.today()):
            raise forms.ValidationError(problem)
        return text

    def clean_phone(self) -> str:
        text = clean_phone(self.cleaned_data["phone"])
        if problem := check_phone(text):
            raise forms.ValidationError(problem)
        return text

    def clean_title_on(self) -> date | None:
        day: date | None = self.cleaned_data["title_on"]
        if day and day > clock.today():
            raise forms.ValidationError("职称取得时间在今天之后，请核对")
        return day

    def tidy(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Split lists, tell yes from no, take birthday and sex from the number."""
        for name in ("industries", "keywords"):
            if name in cleaned:
                cleaned[name] = words(cleaned[name])
        if "in_city" in cleaned:
            cleaned["in_city"] = cleaned["in_city"] == "是"
        if number := cleaned.get("id_number"):
            cleaned["born_on"] = birth_of_citizen_id(number)
            cleaned["sex"] = {"男": "male", "女": "female"}.get(sex_of_citizen_id(number), "")
        if found := cleaned.pop("disciplines", None):
            first = found[0]
            cleaned["discipline"] = first.parent or first
            cleaned["also"] = [d for d in found if d != cleaned["discipline"]]
        cleaned["party"] = cleaned.get("party") or None
        return cleaned


class ExpertForm(RecordForm, PersonFields):
    fieldsets = (
        ("本人", ("name", "id_number", "phone", "bank_card")),
        ("单位", ("party", "employer", "post", "in_city", "place")),
        ("专业", ("kind", "title", "level", "title_on", "disciplines", "industries", "keywords")),
        ("其他", ("degree", "school", "roles_elsewhere", "agreed_on")),
    )
    key = ("id_number",)
    examples = (
        {
            "name": "张某某",
            "id_number": "110101199003072199",
            "phone": "13800000000",
            "employer": "某某大学",
            "in_city": "否",
            "place": "合肥市",
            "kind": "技术",
            "title": "教授",
            "level": "正高级",
            "disciplines": "510,520.20",
            "agreed_on": date(2024, 1, 8),
        },
    )
    agreed_on = forms.DateField(
        label="同意专家守则日期", widget=DATE, required=False, help_text="本人签署专家守则的日期；未签的不能入库"
    )

    @classmethod
    def values(cls, record: Expert) -> dict[str, Any]:
        filled = {n: getattr(record.person, n) for n in OF_PERSON} | {n: getattr(record, n) for n in OF_EXPERT}
        also = list(record.also.values_list("code", flat=True))
        deeper = any(code.startswith(f"{record.discipline_id}.") for code in also)
        filled["disciplines"] = ",".join(also if deeper else [record.discipline_id, *also])
        filled["industries"], filled["keywords"] = "、".join(record.industries), "、".join(record.keywords)
        filled["in_city"] = "是" if record.in_city else "否"
        filled["party"] = record.party.uscc if record.party else ""
        return filled

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("agreed_on") and cleaned["agreed_on"] > clock.today():
            self.add_error("agreed_on", "日期在今天之后，请核对")
        return self.tidy(cleaned)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows whose 证件号码 is an expert's already."""
        prints = sorted({fingerprint(r["id_number"]) for r in rows if r.get("id_number")})
        taken: dict[str, str] = {}
        for start in range(0, len(prints), BATCH):
            found = Expert.objects.exclude(pk=exclude).filter(person__id_print__in=prints[start : start + BATCH])
            taken |= dict(found.values_list("person__id_print", "number"))
        return {
            i: [("id_number", f"这个证件号码已在评审专家库里（{taken[mark]}），不能重复录入")]
            for i, row in enumerate(rows)
            if (mark := fingerprint(row.get("id_number", ""))) in taken
        }


class ExitForm(RecordForm):
    expert = forms.CharField(label="专家编号", max_length=24, help_text="如 ZJ-2024-0001")
    ground = forms.ChoiceField(label="出库事由", choices=ExitCase.Ground.choices)
    evidence = forms.CharField(label="依据", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_expert(self) -> Expert:
        number = clean_code(self.cleaned_data["expert"])
        found = Expert.objects.filter(number=number).select_related("person").first()
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的专家，请在评审专家列表里查编号")
        return found
