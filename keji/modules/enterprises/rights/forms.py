"""Cleaning of rights, the same on a page and in a sheet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.lib.codes import check_uscc, clean_code, clean_uscc
from keji.modules.enterprises.rights.models import IpRight
from keji.modules.enterprises.titles.forms import DATE

TRADEMARK = ("trademark", "商标")
#: kind → (shape, what it should look like); kinds that are not here have no one shape.
SHAPES = {
    "invention": (r"(ZL)?\d{4}1\d{7}[\dX]|(ZL)?\d{4}8\d{7}[\dX]|(ZL)?\d{2}1\d{5}[\dX]", "ZL202110123456.7"),
    "utility": (r"(ZL)?\d{4}2\d{7}[\dX]|(ZL)?\d{4}9\d{7}[\dX]|(ZL)?\d{2}2\d{5}[\dX]", "ZL202120123456.7"),
    "design": (r"(ZL)?\d{4}3\d{7}[\dX]|(ZL)?\d{2}3\d{5}[\dX]", "ZL202130123456.7"),
    "software": (r"\d{4}SR\d{6,7}", "2023SR0123456"),
}
PATENTS = {"1": "发明专利", "2": "实用新型专利", "3": "外观设计专利", "8": "发明专利", "9": "实用新型专利"}


def tidy(kind: str, code: str) -> str:
    """A number as it is kept: patents as ZL…, everything without spaces and points, so that none is entered twice."""
    code = clean_code(code).upper().replace("。", ".")
    if kind in ("invention", "utility", "design"):
        bare = code.removeprefix("CN").replace(".", "")
        return bare if bare.startswith("ZL") else f"ZL{bare}"
    return code.removeprefix("软著登字第") if kind == "software" else code


def code_problem(kind: str, code: str) -> str:
    """What is wrong with a tidied number; "" when nothing is known to be."""
    if kind not in SHAPES:
        return ""
    shape, example = SHAPES[kind]
    if re.fullmatch(shape, code):
        return ""
    patent = re.fullmatch(r"ZL\d{4}(\d)\d{7}[\dX]", code)
    if patent and patent[1] in PATENTS:
        return f"这个号码是{PATENTS[patent[1]]}的号码，与所选类型不符，请核对"
    return f"号码应写成 {example} 这样的形式，请照证书填写"


class IpRightForm(RecordForm):
    key = ("kind", "code")
    fieldsets = (
        ("权利", ("party", "kind", "code", "title", "obtained", "product_related")),
        ("日期", ("granted_on", "lapses_on", "maintained_until")),
        ("共有", ("co_holders",)),
    )
    examples = (
        {
            "party": "91341503MA8N12A31C",
            "kind": "发明专利",
            "code": "ZL202110123456.7",
            "title": "一种轴承座加工夹具",
            "obtained": "自主研发",
            "granted_on": date(2023, 5, 9),
        },
    )

    party = PartyCodeField(label="权利人统一社会信用代码")
    kind = forms.ChoiceField(
        label="类型", choices=[*IpRight.Kind.choices, TRADEMARK], help_text="Ⅰ类、Ⅱ类由系统判别；商标不计入，不用登记"
    )
    code = forms.CharField(
        label="专利号（登记号）", max_length=60, help_text="照证书填写；收到授权通知并已缴费的可登记"
    )
    title = forms.CharField(label="名称", max_length=200)
    obtained = forms.ChoiceField(label="获得方式", choices=IpRight.Obtained.choices)
    granted_on = forms.DateField(label="授权（登记）日期", widget=DATE)
    lapses_on = forms.DateField(
        label="失效日期", widget=DATE, required=False, help_text="保护期满或已失效的填；有效留空"
    )
    maintained_until = forms.DateField(label="年费缴至", widget=DATE, required=False)
    product_related = forms.NullBooleanField(
        label="与主要产品（服务）相关", required=False, initial=True, help_text="不相关的不计入认定、评价"
    )
    co_holders = forms.CharField(
        label="共有人", max_length=300, required=False, help_text="其他权利人的统一社会信用代码，几家用顿号隔开"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_related"].widget = forms.Select(choices=[("true", "是"), ("false", "否")])
        own = list(self.actor.parties)
        if len(own) == 1 and not self.is_bound and not self.initial.get("party"):
            self.initial["party"] = Party.objects.filter(pk=own[0]).values_list("uscc", flat=True).first()

    @classmethod
    def values(cls, record: IpRight) -> dict[str, Any]:
        found = {n: getattr(record, n) for n in cls.base_fields if n not in ("party", "co_holders")}
        holders = "、".join(s.party.uscc for s in record.shares.select_related("party"))
        return found | {"party": record.party.uscc, "co_holders": holders}

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind == TRADEMARK[0]:
            raise forms.ValidationError("商标不属于Ⅰ类、Ⅱ类知识产权，各项认定都不计，不用登记，请删去")
        return kind

    def clean_product_related(self) -> bool:
        return self.cleaned_data["product_related"] is not False

    def clean_granted_on(self) -> date:
        day: date = self.cleaned_data["granted_on"]
        if day > clock.today():
            raise forms.ValidationError("授权日期在今天之后，请核对；尚未授权的先不登记")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind and cleaned.get("code"):
            cleaned["code"] = tidy(kind, cleaned["code"])
            if problem := code_problem(kind, cleaned["code"]):
                self.add_error("code", problem)
        granted, lapses = cleaned.get("granted_on"), cleaned.get("lapses_on")
        if granted and lapses and lapses < granted:
            self.add_error("lapses_on", "失效日期早于授权日期，请核对")
        cleaned["co_holders"] = self._holders(str(cleaned.get("co_holders") or ""), cleaned.get("party"))
        return cleaned

    def _holders(self, text: str, party: Any) -> list[Party]:
        found = []
        for code in (clean_uscc(part) for part in re.split(r"[、,，;；\s]+", text) if part):
            holder = None if check_uscc(code) else self.lookup.party(code)
            if holder is None:
                self.add_error("co_holders", f"没有代码为 {code} 的单位，请核对；名册外的共有人不用填")
            elif holder != party and holder not in found:
                found.append(holder)
        return found

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        """Rows whose right is on the register already: a right counted twice is the classic mistake."""
        taken: dict[tuple[str, str], IpRight] = {}
        codes = sorted({row["code"] for row in rows})
        for start in range(0, len(codes), 500):
            live = IpRight.objects.exclude(state="void").exclude(pk=exclude)
            for right in live.filter(code__in=codes[start : start + 500]).select_related("party"):
                taken[right.kind, right.code] = right
        found = {}
        for i, row in enumerate(rows):
            if other := taken.get((row["kind"], row["code"])):
                said = f"已由“{other.party.name}”登记（{other.number}），不能重复登记；如系共有，请在那条记录里补共有人"
                found[i] = [("code", said)]
        return found
