"""Forms of the sealed file: who it is about, what was found, who handles it, what was served."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.kernel.clock import today
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Role
from keji.lib.codes import check_uscc, clean_uscc
from keji.modules.integrity.flow_forms import DayField, words
from keji.modules.integrity.models import CatalogueItem, Edition, Line, Member, Report
from keji.modules.integrity.services import findings

YES, NO = "yes", "no"


def unit_of(code: str) -> Party:
    code = clean_uscc(code)
    if problem := check_uscc(code):
        raise forms.ValidationError(problem)
    found = Party.objects.filter(uscc=code).select_related("merged_into").first()
    if found is None:
        raise forms.ValidationError(f"没有代码为 {code} 的单位，请先在企业名册中建档")
    return found.merged_into or found


class SubjectForm(forms.Form):
    """A unit by its code; with a name it is the person in that unit."""

    uscc = forms.CharField(label="单位的统一社会信用代码", max_length=40, help_text="当事人是个人的，填所在单位的代码")
    name = forms.CharField(label="个人姓名", max_length=60, required=False, help_text="当事人是单位的不填")

    def clean_uscc(self) -> Party:
        return unit_of(self.cleaned_data["uscc"])


class BasisForm(forms.Form):
    line = forms.ChoiceField(label="适用规则", choices=Line.choices)
    conduct_on = DayField(label="行为发生（持续的，终了）日期")
    edition = forms.ModelChoiceField(label="适用版本", queryset=Edition.objects.none(), empty_label="请选择")
    reason = words("理由", rows=3, required=False, help_text="不用行为时的版本的必填，如新规定处理较轻；随案卷密封")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = Edition.objects.all()  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """What was found of one subject; every factor is answered with 有 or 没有."""

    violations = forms.MultipleChoiceField(
        label="失信、违规行为", required=False, widget=forms.CheckboxSelectMultiple, help_text="一项都不勾为没有认定"
    )
    clause = words("事实和条款", rows=4, required=False, help_text="查明的事实和所依据的条款；写进处理决定书")
    severity = forms.ChoiceField(label="情节", required=False)

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(i.code, f"{i.code}. {i.said()}") for i in findings.items(case, "violation")]
        bands = [(i.code, i.said()) for i in findings.items(case, "severity")]
        self.fields["violations"].choices = named  # type: ignore[attr-defined]
        self.fields["severity"].choices = [("", "请选择"), *bands]  # type: ignore[attr-defined]
        self.factors = findings.factors(case)
        for factor in self.factors:
            side = "从轻" if factor.kind == "lighter" else "从重"
            self.fields[f"factor_{factor.code}"] = forms.ChoiceField(
                label=f"{side}：{factor.label}",
                choices=[("", "请选择"), (YES, "有"), (NO, "没有")],
                required=False,
            )

    def answers(self) -> dict[str, bool]:
        """{factor: is it there} of those that were answered."""
        told = {f.code: self.cleaned_data.get(f"factor_{f.code}", "") for f in self.factors}
        return {code: answer == YES for code, answer in told.items() if answer}


class SanctionForm(forms.Form):
    item = forms.ModelChoiceField(label="措施", queryset=CatalogueItem.objects.none(), empty_label="请选择")
    words = forms.CharField(label="具体内容", max_length=200, required=False, help_text="不填按目录的原文")
    months = forms.IntegerField(label="期限（月）", min_value=1, max_value=1200, required=False)
    permanent = forms.BooleanField(label="长期（终身）", required=False)
    public = forms.BooleanField(label="决定书写明对外公开", required=False)

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = CatalogueItem.objects.of(case.edition_id or "", "measure")
        self.fields["item"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("months") and cleaned.get("permanent"):
            self.add_error("months", "期限和长期只选一样")
        return cleaned


class MemberForm(forms.Form):
    account = forms.ModelChoiceField(label="人员", queryset=Account.objects.none(), empty_label="请选择")
    part = forms.ChoiceField(label="分工")
    declared = forms.BooleanField(label="本人已声明与当事人、举报人没有利害关系")

    def __init__(self, *args: Any, head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Grant.objects.filter(role=Role.OFFICER).in_force(today()).values("account_id")
        rows = Account.objects.filter(pk__in=officers, is_active=True).order_by("name")
        self.fields["account"].queryset = rows  # type: ignore[attr-defined]
        parts = [Member.Part.INVESTIGATOR, *([Member.Part.HANDLER, Member.Part.REVIEWER] if head else [])]
        self.fields["part"].choices = [("", "请选择"), *((p.value, p.label) for p in parts)]  # type: ignore[attr-defined]


class ServeForm(forms.Form):
    on = DayField(label="送达日期")
    how = forms.ChoiceField(
        label="送达方式", choices=[(w, w) for w in ("直接送达", "邮寄送达", "留置送达", "委托送达", "公告送达")]
    )
    to = forms.CharField(label="签收人", max_length=60)


class ClueReportForm(forms.Form):
    """A report by letter or telephone, as the case worker enters it."""

    channel = forms.ChoiceField(
        label="渠道", choices=[("", "请选择"), *[c for c in Report.Channel.choices if c[0] != "page"]]
    )
    accused = forms.CharField(label="被举报的单位或个人", max_length=200)
    text = words("举报内容和线索")
    name = forms.CharField(label="举报人", max_length=60, required=False, help_text="匿名的不填；加密保存")
    contact = forms.CharField(label="举报人联系方式", max_length=100, required=False, help_text="加密保存")


class CheckForm(forms.Form):
    """Who may do what on a day."""

    q = forms.CharField(
        label="单位或个人",
        max_length=120,
        help_text="统一社会信用代码、单位全称或个人姓名",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    on = forms.DateField(label="哪一天", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="用途", max_length=200, help_text="如“2024年项目形式审查”；查询会留痕")
