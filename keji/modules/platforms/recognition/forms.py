"""Cleaning of batches and applications."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField, plain, within
from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.lib.codes import check_phone, clean_phone
from keji.modules.platforms.models import Application, Call, Decision, Platform
from keji.modules.platforms.models.recognition import ASKED
from keji.modules.platforms.numbers import number

LIMITS = {
    "county_days": "platform.county_review_days",
    "resubmit_days": "platform.resubmit_days",
    "form_days": "platform.form_check_days",
    "visit_days": "platform.site_visit_days",
    "publicity_days": "platform.publicity_days",
    "returns_allowed": "platform.returns_allowed",
}
MATERIALS = (
    *("* 企业研发中心建设认定申请表", "* 企业营业执照", "* 上年度研发费用证明（专项审计或辅助账）", "* 研发人员名单"),
    *("* 研发场地和设备清单", "* 研发管理制度", "知识产权证书", "产学研合作协议"),
)
CHECKS = (
    *("申请表填写完整、盖章齐全", "依托单位在本市注册、具有独立法人资格", "申请数据与证明材料一致"),
    *("近一年无重大安全、质量事故和严重失信", "必交材料齐全、清晰可辨"),
)


class CallForm(RecordForm):
    """A batch of recognition. Limits come filled in from the dated numbers and may be changed for this batch."""

    fieldsets = (
        ("通知", ("title", "kind", "level", "year", "batch", "document", "opens_on", "closes_on", "conditions")),
        ("材料和审查要点", ("materials", "form_items")),
        ("时限（工作日）", tuple(LIMITS)),
    )
    party_field = ""

    title = forms.CharField(label="标题", max_length=160)
    kind = forms.ChoiceField(label="平台类型", choices=Platform.Kind.choices, initial="enterprise_rnd_centre")
    level = forms.ChoiceField(label="级别", choices=Platform.Level.choices, initial="city")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    batch = forms.CharField(label="批次", max_length=40, help_text="如 第二批")
    document = forms.CharField(label="通知文号", max_length=80, required=False, help_text="如 六科成〔2024〕1号")
    opens_on = forms.DateField(label="申报开始", widget=DATE)
    closes_on = forms.DateField(label="申报截止", widget=DATE)
    conditions = forms.CharField(
        label="申报条件", widget=forms.Textarea, max_length=4000, required=False, help_text="申报单位在申报页能看到"
    )
    materials = LinesField(label="材料清单", rows=8, help_text="每行一份，必交的前面加 *")
    form_items = LinesField(label="形式审查要点", help_text="每行一条，审查时逐条核对")
    county_days = forms.IntegerField(label="县区审核", min_value=1, max_value=200)
    resubmit_days = forms.IntegerField(label="退回补正", min_value=1, max_value=200)
    form_days = forms.IntegerField(label="形式审查", min_value=1, max_value=200)
    visit_days = forms.IntegerField(label="现场审查", min_value=1, max_value=200)
    publicity_days = forms.IntegerField(label="公示期", min_value=1, max_value=60)
    returns_allowed = forms.IntegerField(label="县区可退回次数", min_value=0, max_value=9)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = clock.today()
        usual: dict[str, Any] = {name: number(parameter, today) for name, parameter in LIMITS.items()}
        usual |= {"year": today.year, "materials": "\n".join(MATERIALS), "form_items": "\n".join(CHECKS)}
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    @classmethod
    def values(cls, record: Call) -> dict[str, Any]:
        found = {n: getattr(record, n) for n in cls.base_fields}
        marked = [f"* {m['name']}" if m["required"] else m["name"] for m in record.materials]
        return found | {"materials": "\n".join(marked), "form_items": "\n".join(record.form_items)}

    def clean_materials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for place, line in enumerate(self.cleaned_data["materials"], 1):
            if name := within(line.lstrip("*＊ ").strip(), 80, "材料名称", place):
                found.append({"code": f"m{len(found) + 1}", "name": name, "required": line[0] in "*＊"})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期早于开始日期，请核对")
        if not self.errors:
            same = Call.objects.exclude(state="cancelled").filter(
                **{n: cleaned[n] for n in ("kind", "level", "year", "batch")}
            )
            if other := same.exclude(pk=self.record.pk if self.record else 0).first():
                self.add_error("batch", f"这一批次已经建过（{other.number}）")
        return cleaned


class ApplicationForm(RecordForm):
    """What the host says. Everything may be left blank while it is a draft; submitting asks for all of it."""

    fieldsets = (
        ("中心", ("field", "leader", "direction")),
        ("数据", ASKED[3:11]),
        ("联系人", ("contact_name", "contact_phone")),
    )
    party_field = ""

    field = forms.CharField(label="技术领域", max_length=60, required=False)
    leader = forms.CharField(label="中心负责人", max_length=60, required=False)
    direction = forms.CharField(label="主要研发方向", widget=forms.Textarea, max_length=1000, required=False)
    data_year = forms.IntegerField(
        label="数据年度", min_value=2000, max_value=2100, required=False, help_text="一般为上一年度"
    )
    revenue = forms.DecimalField(
        label="主营业务收入（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    rnd_spend = forms.DecimalField(
        label="研发费用（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    staff = forms.IntegerField(label="职工总数（人）", min_value=0, max_value=1_000_000, required=False)
    rnd_staff = forms.IntegerField(label="研发人员（人）", min_value=0, max_value=1_000_000, required=False)
    site_area = forms.DecimalField(
        label="研发场地（平方米）", min_value=0, max_digits=10, decimal_places=2, required=False
    )
    equipment_value = forms.DecimalField(
        label="研发设备原值（万元）", min_value=0, max_digits=14, decimal_places=2, required=False
    )
    ip_count = forms.IntegerField(label="有效知识产权（件）", min_value=0, max_value=1_000_000, required=False)
    contact_name = forms.CharField(label="联系人", max_length=60, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            from keji.modules.platforms.recognition.services.known import known_of

            for name, (value, source) in known_of(self.record.party).items():
                if name in self.fields and getattr(self.record, name) == value:
                    self.fields[name].help_text = f"{source}，请核对"

    @classmethod
    def values(cls, record: Application) -> dict[str, Any]:
        return {n: plain(getattr(record, n)) for n in cls.base_fields}

    def clean_contact_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["contact_phone"])
        if phone and (problem := check_phone(phone)):
            raise forms.ValidationError(problem)
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        staff, rnd = cleaned.get("staff"), cleaned.get("rnd_staff")
        if staff is not None and rnd is not None and rnd > staff:
            self.add_error("rnd_staff", f"研发人员 {rnd} 人多于职工总数 {staff} 人，请核对")
        year = cleaned.get("data_year")
        if year and year > clock.today().year:
            self.add_error("data_year", f"{year} 年还没有到，请核对")
        return cleaned


class VisitForm(forms.Form):
    visited_on = forms.DateField(label="审查日期", widget=DATE)
    people = LinesField(label="审查人员", rows=3, help_text="每行一人，写姓名和单位，至少两人")
    findings = forms.CharField(label="现场情况", widget=forms.Textarea(attrs={"rows": 5}), max_length=3000)
    passed = forms.ChoiceField(
        label="结论",
        choices=(("yes", "通过"), ("no", "不通过")),
        widget=forms.RadioSelect,
        help_text="不通过的即终止申请",
    )


class MeetingForm(forms.Form):
    held_on = forms.DateField(label="会议日期", widget=DATE)
    minutes = forms.CharField(label="会议纪要编号", max_length=60, help_text="如 局党组会议纪要〔2024〕6号")
    attendees = LinesField(label="参会人员", rows=3, help_text="每行一人")

    def __init__(self, *args: Any, rows: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            choices = [("", "这次没有上会"), *Decision.Outcome.choices]
            self.fields[f"outcome_{row.pk}"] = forms.ChoiceField(label=row.name, choices=choices, required=False)
            self.fields[f"reason_{row.pk}"] = forms.CharField(label="理由", max_length=300, required=False)

    def lines(self) -> list[dict[str, Any]]:
        """One line an application: the record and its two fields."""
        return [{"row": r, "outcome": self[f"outcome_{r.pk}"], "reason": self[f"reason_{r.pk}"]} for r in self.rows]

    def decisions(self) -> dict[int, tuple[str, str]]:
        found = {}
        for row in self.rows:
            if outcome := self.cleaned_data[f"outcome_{row.pk}"]:
                found[row.pk] = (outcome, self.cleaned_data[f"reason_{row.pk}"])
        return found
