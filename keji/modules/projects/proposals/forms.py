"""Cleaning of a proposal: blank is allowed while it is a draft, handing it in asks for all of it."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import LinesField, parts_of, within
from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.lib.codes import check_phone, clean_phone
from keji.modules.projects.fields import KnownWanField, WanField, filled
from keji.modules.projects.models import EarlierProject, Proposal
from keji.modules.projects.numbers import number
from keji.modules.projects.proposals.services.known import known_of

SECTION = "section_"
MEMBER = {"name": "姓名", "title": "职务职称", "field": "从事专业", "task": "承担任务", "unit": "所在单位"}


class ProposalForm(RecordForm):
    party_field = ""
    fieldsets = (
        ("项目", ("title", "theme", "months", "leader_name", "leader_id_number", "abstract")),
        ("经费（申请资助和自筹）", ("equipment", "business", "labour", "indirect", "own_money")),
        ("参加人员和单位", ("members", "partners", "avoided")),
        ("申报单位", ("revenue", "staff", "rnd_staff", "contact_name", "contact_phone", "promised")),
    )
    title = forms.CharField(label="项目名称", max_length=80)
    theme = forms.ChoiceField(label="支持方向", required=False)
    months = forms.IntegerField(label="执行期（月）", min_value=1, max_value=60, required=False)
    leader_name = forms.CharField(label="项目负责人", max_length=60, required=False)
    leader_id_number = forms.CharField(
        label="负责人证件号码", max_length=40, required=False, help_text="用于核对限项，加密保存，不对外显示"
    )
    abstract = forms.CharField(label="摘要", widget=forms.Textarea, max_length=600, required=False)
    equipment = WanField(label="申请资助：设备费", required=False)
    business = WanField(label="申请资助：业务费", required=False)
    labour = WanField(label="申请资助：劳务费", required=False)
    indirect = WanField(label="申请资助：间接费用", required=False)
    own_money = WanField(label="自筹经费", required=False)
    members = LinesField(
        label="项目组成员",
        rows=5,
        required=False,
        help_text="每行一人：姓名，职务职称，从事专业，承担任务，所在单位；可从表格粘贴",
    )
    partners = LinesField(label="合作单位", rows=3, required=False, help_text="每行一家：单位名称，分工")
    avoided = LinesField(
        label="申请回避的专家", rows=3, required=False, help_text="每行一人：姓名，单位，理由；没有就不填"
    )
    revenue = KnownWanField(label="上年度营业收入", required=False)
    staff = forms.IntegerField(label="职工总数（人）", min_value=0, max_value=1_000_000, required=False)
    rnd_staff = forms.IntegerField(label="研发人员（人）", min_value=0, max_value=1_000_000, required=False)
    contact_name = forms.CharField(label="联系人", max_length=60, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)
    promised = forms.BooleanField(
        label="本单位和项目组承诺申报内容真实、没有重复申报，遵守科研诚信和科技伦理要求", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is None:
            return
        guideline = self.record.guideline
        self.fields["theme"].choices = [("", "请选择"), *((t, t) for t in guideline.themes)]  # type: ignore[attr-defined]
        names = []
        for section in guideline.sections:
            most = section["most"] or 20_000
            name = SECTION + section["code"]
            self.fields[name] = forms.CharField(
                label=section["title"],
                widget=forms.Textarea(attrs={"rows": 8, "data-autosave": section["code"], "data-most": most}),
                max_length=most,
                required=False,
                help_text=f"最多 {most:,} 字",
            )
            names.append(name)
        self.fields["abstract"].widget.attrs |= {"data-autosave": "abstract", "data-most": 600, "rows": 5}
        head, *rest = type(self).fieldsets
        self.__dict__["fieldsets"] = (head, ("申报书", tuple(names)), *rest)  # each guideline has its own sections
        for name, (value, source) in known_of(self.record.party).items():
            if name in self.fields and getattr(self.record, name) == value:
                self.fields[name].help_text = f"{source}，请核对"

    @classmethod
    def values(cls, record: Proposal) -> dict[str, Any]:
        found = filled(cls, record)
        found |= {SECTION + s["code"]: record.contents.get(s["code"], "") for s in record.guideline.sections}
        members = ["，".join(getattr(m, n) for n in MEMBER).rstrip("，") for m in record.members.all()]
        partners = [f"{p.name}，{p.task}".rstrip("，") for p in record.partners.all()]
        avoided = ["，".join(a[k] for k in ("name", "unit", "reason")) for a in record.avoided]
        return found | {
            "members": "\n".join(members), "partners": "\n".join(partners), "avoided": "\n".join(avoided)
        }  # fmt: skip

    def clean_contact_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["contact_phone"])
        if phone and (problem := check_phone(phone)):
            raise forms.ValidationError(problem)
        return phone

    def clean_members(self) -> list[dict[str, Any]]:
        found = []
        for order, line in enumerate(self.cleaned_data["members"], 1):
            parts = [*parts_of(line), "", "", "", ""]
            row = {n: within(p, 60, MEMBER[n], order) for n, p in zip(MEMBER, parts, strict=False)}
            found.append({**row, "order": order})
        return found

    def clean_partners(self) -> list[dict[str, Any]]:
        rows = []
        for place, line in enumerate(self.cleaned_data["partners"], 1):
            name, task, *_ = [*parts_of(line), ""]
            rows.append({"name": within(name, 120, "单位名称", place), "task": within(task, 120, "分工", place)})
        known = {p.name: p for p in Party.objects.filter(name__in=[r["name"] for r in rows], merged_into=None)}
        return [{**row, "party": known.get(row["name"])} for row in rows]

    def clean_avoided(self) -> list[dict[str, str]]:
        most, found = number("avoided_most", clock.today()), []
        for place, line in enumerate(self.cleaned_data["avoided"], 1):
            name, unit, *reason = [*parts_of(line), "", ""]
            said = "，".join(r for r in reason if r)
            if not name or not said:
                raise forms.ValidationError(f"第 {place} 行应写成“姓名，单位，理由”，理由必填")
            parts = {"name": (name, 60, "姓名"), "unit": (unit, 120, "单位"), "reason": (said, 200, "理由")}
            found.append({key: within(*part, place) for key, part in parts.items()})
        if len(found) > most:
            raise forms.ValidationError(f"最多申请 {most} 位专家回避，现在有 {len(found)} 位")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        staff, rnd = cleaned.get("staff"), cleaned.get("rnd_staff")
        if staff is not None and rnd is not None and rnd > staff:
            self.add_error("rnd_staff", f"研发人员 {rnd} 人多于职工总数 {staff} 人，请核对")
        if self.record is not None:
            codes = [s["code"] for s in self.record.guideline.sections]
            cleaned["contents"] = {c: cleaned.pop(SECTION + c, "") or "" for c in codes}
            same = self.record.guideline.proposals.filter(party=self.record.party_id, title=cleaned.get("title", ""))
            if same.exclude(pk=self.record.pk).exclude(state="withdrawn").exists():
                self.add_error("title", "本单位在这一指南已有同名申报，请改一个名称")
        return cleaned


class EarlierForm(RecordForm):
    """A project of earlier years, one by one or as a sheet; it is only compared with."""

    party_field = ""
    key = ("code",)
    code = forms.CharField(label="项目编号", max_length=40)
    title = forms.CharField(label="项目名称", max_length=160)
    unit = forms.CharField(label="承担单位", max_length=120)
    year = forms.IntegerField(label="立项年度", min_value=1980, max_value=2100)
    programme = forms.CharField(label="计划类别", max_length=80, required=False)
    money = WanField(label="资助经费", required=False)
    abstract = forms.CharField(
        label="摘要", widget=forms.Textarea, max_length=20_000, required=False, help_text="研究内容，用于查重"
    )

    @classmethod
    def values(cls, record: EarlierProject) -> dict[str, Any]:
        return filled(cls, record)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        there: set[str] = set()
        codes = [row["code"] for row in rows]
        for start in range(0, len(codes), 500):
            found = EarlierProject.objects.filter(code__in=codes[start : start + 500]).exclude(pk=exclude)
            there |= set(found.values_list("code", flat=True))
        return {i: [("code", f"项目编号 {code} 已经登记过")] for i, code in enumerate(codes) if code in there}
