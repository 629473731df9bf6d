"""Cleaning of programmes, review schemes and guidelines."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField, parts_of, within
from keji.desk.forms import RecordForm
from keji.kernel import clock
from keji.modules.projects.fields import WanField, filled
from keji.modules.projects.models import Guideline, Programme, ReviewScheme
from keji.modules.projects.models.programme import CONCLUSIONS
from keji.modules.projects.numbers import number

CRITERIA = (
    *("创新性和先进性，30，与同类技术相比解决什么问题", "技术路线可行性，25，方案、指标、风险和应对"),
    *("预期效益，25，经济、社会、生态效益是否可考核", "研究基础和组织，10，已有工作和分工，不看头衔"),
    "经费预算合理性，10，与任务是否相符",
)
SECTIONS = (
    *("立项依据和必要性，1500", "主要研究内容和技术路线，3000", "考核指标和预期效益，1500"),
    *("研究基础和团队分工，1500", "进度安排，1000", "风险分析，800"),
)
MATERIALS = (
    *("* 单位营业执照或法人证书", "* 上年度财务报表", "* 技术方案（专家可见，已匿名）"),
    *("合作协议", "知识产权和查新材料", "自筹经费承诺书"),
)
CHECKS = (
    *("申报单位在本市注册、具有独立法人资格", "申报书填写完整，必交材料齐全、清晰", "申报内容符合指南支持方向"),
    *("经费预算和自筹比例符合要求", "项目负责人和成员没有超限申报"),
)
SHOWN, BLIND = "（专家可见）", "（专家可见，已匿名）"


class ProgrammeForm(RecordForm):
    party_field = ""
    name = forms.CharField(label="计划名称", max_length=80)
    kind = forms.ChoiceField(label="组织方式", choices=Programme.Kind.choices)
    tag = forms.ChoiceField(label="专题", choices=Programme.Tag.choices, help_text="绿色低碳和民生科技另列清单")
    note = forms.CharField(label="说明", max_length=300, required=False)
    in_use = forms.BooleanField(label="在用", required=False, initial=True)

    @classmethod
    def values(cls, record: Programme) -> dict[str, Any]:
        return filled(cls, record)

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        names = [row["name"] for row in rows]
        there = set(Programme.objects.filter(name__in=names).exclude(pk=exclude).values_list("name", flat=True))
        return {i: [("name", "已有同名计划")] for i, name in enumerate(names) if name in there}


class SchemeForm(RecordForm):
    party_field = ""
    fieldsets = (
        ("评审方案", ("title", "mode", "blind", "criteria")),
        ("计分规则", ("panel_least", "drop_from", "deviation", "pass_line")),
        ("会议评审（网络评审不用）", ("quorum", "conclusions")),
    )
    title = forms.CharField(label="方案名称", max_length=120)
    mode = forms.ChoiceField(label="评审方式", choices=ReviewScheme.Mode.choices)
    blind = forms.BooleanField(label="隐去申报单位和人员", required=False, initial=True)
    criteria = LinesField(
        label="评审指标",
        rows=8,
        help_text="每行一项：名称，满分，评分要点；满分合计 100。不以论文、职称、奖项、学历作为指标",
    )
    panel_least = forms.IntegerField(label="专家人数不少于（单数）", min_value=3, max_value=15)
    drop_from = forms.IntegerField(label="几位专家起去掉最高分和最低分", min_value=3, max_value=15)
    deviation = forms.DecimalField(label="偏离中位数多少分须说明", min_value=1, max_value=100, decimal_places=2)
    pass_line = forms.DecimalField(label="及格线（分）", min_value=0, max_value=100, decimal_places=2, initial=60)
    quorum = forms.ChoiceField(
        label="到会专家不少于应到的", choices=ReviewScheme.Quorum.choices, required=False,
        initial=ReviewScheme.Quorum.TWO_THIRDS, help_text="到会和每个项目的有效评审都按这个比例，不够不能结束评审",
    )  # fmt: skip
    conclusions = LinesField(
        label="专家组结论", rows=4, required=False, help_text="每行一种，第一种表示建议立项；留空用通行的三种"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        on = clock.today()
        usual: dict[str, Any] = {name: number(name, on) for name in ("panel_least", "drop_from", "deviation")}
        usual |= {"criteria": "\n".join(CRITERIA), "conclusions": "\n".join(CONCLUSIONS)}
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    @classmethod
    def values(cls, record: ReviewScheme) -> dict[str, Any]:
        rows = [f"{c.name}，{c.full}，{c.guide}" for c in record.criteria.all()]
        return filled(cls, record) | {"criteria": "\n".join(rows), "conclusions": "\n".join(record.said)}

    def clean_quorum(self) -> str:
        return str(self.cleaned_data["quorum"] or ReviewScheme.Quorum.TWO_THIRDS)

    def clean_conclusions(self) -> list[str]:
        lines = enumerate(self.cleaned_data["conclusions"], 1)
        said = [within(line, 30, "结论", place) for place, line in lines] or list(CONCLUSIONS)
        if len(said) < 2:
            raise forms.ValidationError("至少两种结论，第一种表示建议立项")
        return said

    def clean_criteria(self) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []
        for place, line in enumerate(self.cleaned_data["criteria"], 1):
            name, full, *guide = [*parts_of(line), ""]
            if not name or not full.isdecimal() or not 0 < int(full) <= 100:
                raise forms.ValidationError(f"第 {place} 行应写成“名称，满分，评分要点”，满分是 1 到 100 的整数")
            if name in [n for n, _, _ in found]:
                raise forms.ValidationError(f"第 {place} 行的指标“{name}”重复")
            said = within("，".join(g for g in guide if g), 300, "评分要点", place)
            found.append((within(name, 60, "指标名称", place), int(full), said))
        return found

    def clean_panel_least(self) -> int:
        least: int = self.cleaned_data["panel_least"]
        if least % 2 == 0:
            raise forms.ValidationError("专家人数应为单数")
        return least


class GuidelineForm(RecordForm):
    """A guideline. Limits come filled in from the dated numbers and may be changed for this one."""

    party_field = ""
    fieldsets = (
        ("指南", ("title", "programme", "scheme", "year", "document", "opens_on", "closes_on", "themes", "conditions")),
        ("经费", ("money", "grant_most", "own_percent", "months_most")),
        ("限项", ("unit_quota", "leader_most")),
        ("申报书和材料", ("sections", "materials", "form_items")),
        ("时限（工作日）", ("county_days", "form_days", "resubmit_days", "publicity_days", "contact")),
    )
    title = forms.CharField(label="标题", max_length=160)
    programme = forms.ModelChoiceField(Programme.objects.filter(in_use=True), label="科技计划", empty_label="请选择")
    scheme = forms.ModelChoiceField(
        ReviewScheme.objects.exclude(state="retired"), label="评审方案", empty_label="请选择"
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    document = forms.CharField(label="通知文号", max_length=80, required=False)
    opens_on = forms.DateField(label="申报开始", widget=DATE)
    closes_on = forms.DateField(label="申报截止", widget=DATE)
    themes = LinesField(label="支持方向", rows=5, help_text="每行一个")
    conditions = forms.CharField(label="申报条件", widget=forms.Textarea, max_length=4000, required=False)
    money = WanField(label="经费总额")
    grant_most = WanField(label="单项资助上限")
    own_percent = forms.IntegerField(label="自筹不低于总投入的百分之", min_value=0, max_value=95, initial=50)
    months_most = forms.IntegerField(label="执行期上限（月）", min_value=1, max_value=60, initial=24)
    unit_quota = forms.IntegerField(label="每个单位限报（项）", min_value=1, max_value=50)
    leader_most = forms.IntegerField(label="负责人在研和申报合计上限（项）", min_value=1, max_value=10)
    sections = LinesField(label="申报书栏目", rows=7, help_text="每行一栏：栏目名称，最多字数")
    materials = LinesField(
        label="材料清单",
        rows=7,
        help_text="每行一份；必交的前面加 *；给专家看的后面写“（专家可见）”，匿名评审也给看的写“（专家可见，已匿名）”",
    )
    form_items = LinesField(label="形式审查要点", help_text="每行一条，审查时逐条核对")
    county_days = forms.IntegerField(label="推荐单位审核", min_value=1, max_value=200)
    form_days = forms.IntegerField(label="形式审查", min_value=1, max_value=200)
    resubmit_days = forms.IntegerField(label="补正", min_value=1, max_value=200)
    publicity_days = forms.IntegerField(label="公示期", min_value=1, max_value=60)
    contact = forms.CharField(label="联系方式", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        on = clock.today()
        names = ("unit_quota", "leader_most", "county_days", "form_days", "resubmit_days", "publicity_days")
        usual: dict[str, Any] = {name: number(name, on) for name in names}
        usual |= {"year": on.year, "sections": "\n".join(SECTIONS), "materials": "\n".join(MATERIALS)}
        usual |= {"form_items": "\n".join(CHECKS)}
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    @classmethod
    def values(cls, record: Guideline) -> dict[str, Any]:
        marked = [f"{'* ' if m['required'] else ''}{m['name']}{_seen_by(m)}" for m in record.materials]
        return filled(cls, record) | {
            "programme": record.programme_id,
            "scheme": record.scheme_id,
            "themes": "\n".join(record.themes),
            "sections": "\n".join(f"{s['title']}，{s['most']}" if s["most"] else s["title"] for s in record.sections),
            "materials": "\n".join(marked),
            "form_items": "\n".join(record.form_items),
        }

    def clean_sections(self) -> list[dict[str, Any]]:
        found = []
        for place, line in enumerate(self.cleaned_data["sections"], 1):
            title, most, *_ = [*parts_of(line), ""]
            if most and not (most.isdecimal() and 0 < int(most) <= 20_000):
                raise forms.ValidationError(f"第 {place} 行的最多字数应是 1 到 20000 的整数")
            found.append(
                {"code": f"s{place}", "title": within(title, 40, "栏目名称", place), "most": int(most) if most else 0}
            )
        return found

    def clean_materials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for place, line in enumerate(self.cleaned_data["materials"], 1):
            name = line.lstrip("*＊ ").replace(BLIND, "").replace(SHOWN, "").strip()
            if within(name, 80, "材料名称", place):
                blind = BLIND in line
                row = {"code": f"m{len(found) + 1}", "name": name, "required": line[0] in "*＊"}
                found.append(row | {"shown": blind or SHOWN in line, "blind": blind})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期早于开始日期，请核对")
        if cleaned.get("money") is not None and cleaned.get("grant_most") is not None:
            if cleaned["grant_most"] > cleaned["money"]:
                self.add_error("grant_most", "单项资助上限大于经费总额，请核对")
            elif not cleaned["grant_most"]:
                self.add_error("grant_most", "单项资助上限应大于 0")
        return cleaned


def _seen_by(material: dict[str, Any]) -> str:
    return BLIND if material.get("blind") else SHOWN if material["shown"] else ""
