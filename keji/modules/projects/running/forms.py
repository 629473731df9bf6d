"""Cleaning of what is written on a project: its register, task book, payments, reports, changes, acceptance."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField, lines_of, parts_of, within
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel.parties.models import Party
from keji.lib.figures import plain_date
from keji.modules.projects.fields import WanField, day_of, in_wan
from keji.modules.projects.models import Acceptance, BudgetLine, Change, Milestone, Programme, Project
from keji.modules.projects.running.services.accepting import MARKS
from keji.modules.projects.running.services.taskbook import book_of

FINANCE = "财务"
NODE = "如“中试，完成样机，2025年6月30日，20”"


class RegisterForm(RecordForm):
    """A running project of earlier years, one by one or as a sheet."""

    key = ("title", "party")
    party = PartyCodeField(label="承担单位代码")
    title = forms.CharField(label="项目名称", max_length=80)
    programme = forms.ChoiceField(label="科技计划")
    year = forms.IntegerField(label="立项年度", min_value=2000, max_value=2100)
    leader_name = forms.CharField(label="项目负责人", max_length=60)
    document = forms.CharField(label="立项文号", max_length=80, required=False)
    established_on = forms.DateField(label="立项日期", widget=DATE)
    starts_on = forms.DateField(label="开始日期", widget=DATE)
    ends_on = forms.DateField(label="结束日期", widget=DATE)
    grant = WanField(label="核定资助")
    own_money = WanField(label="自筹经费", required=False)
    paid = WanField(label="已拨付", required=False)
    accepted_on = forms.DateField(label="验收日期", widget=DATE, required=False, help_text="已通过验收的填写")
    abstract = forms.CharField(label="摘要", widget=forms.Textarea, max_length=20_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Programme.objects.values_list("name", flat=True)
        self.fields["programme"].choices = [("", "请选择"), *((n, n) for n in names)]  # type: ignore[attr-defined]

    def clean_programme(self) -> Programme:
        return Programme.objects.get(name=self.cleaned_data["programme"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", "结束日期早于开始日期，请核对")
        if cleaned.get("accepted_on") and cleaned.get("starts_on") and cleaned["accepted_on"] < cleaned["starts_on"]:
            self.add_error("accepted_on", "验收日期早于开始日期，请核对")
        if cleaned.get("grant") == 0:
            self.add_error("grant", "核定资助应大于 0")
        if (cleaned.get("paid") or 0) > (cleaned.get("grant") or 0):
            self.add_error("paid", "已拨付大于核定资助，请核对")
        return cleaned

    @classmethod
    def clashes(cls, rows: list[dict[str, Any]], exclude: int = 0) -> dict[int, list[tuple[str, str]]]:
        titles = [row["title"] for row in rows]
        there: set[tuple[str, int]] = set()
        for start in range(0, len(titles), 500):
            found = Project.objects.filter(title__in=titles[start : start + 500]).exclude(pk=exclude)
            there |= set(found.values_list("title", "party"))
        wrong = [i for i, row in enumerate(rows) if (row["title"], row["party"].pk) in there]
        return {i: [("title", "这个单位已有同名项目，请核对是否重复登记")] for i in wrong}


class TaskBookForm(forms.Form):
    fieldsets = (
        ("任务", ("content", "targets", "economy")),
        ("节点和拨付", ("milestones",)),
        ("经费预算（核定资助部分）", tuple(BudgetLine.Subject.values)),
    )
    content = forms.CharField(label="研究内容", widget=forms.Textarea, max_length=1000, help_text="最多 1,000 字")
    targets = forms.CharField(
        label="拟达到的技术指标", widget=forms.Textarea, max_length=1000, help_text="最多 1,000 字，写可考核的数值"
    )
    economy = forms.CharField(label="经济社会效益指标", widget=forms.Textarea, max_length=1000, required=False)
    milestones = LinesField(label="节点", rows=4, help_text=f"每行一个：名称，考核内容，完成日期，拨付（万元）；{NODE}")
    equipment = WanField(label="设备费", required=False)
    business = WanField(label="业务费", required=False)
    labour = WanField(label="劳务费", required=False)
    indirect = WanField(label="间接费用", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        book = book_of(project)
        nodes = [f"{m.name}，{m.target}，{plain_date(m.due_on)}，{in_wan(m.amount)}" for m in project.milestones.all()]
        filled: dict[str, Any] = {"content": book.content, "targets": book.targets, "economy": book.economy}
        budget = {line.subject: line.amount for line in project.budget.all()}
        if not budget and project.proposal is not None and project.proposal.asked == project.grant:
            budget = {s: getattr(project.proposal, s) for s in BudgetLine.Subject.values}
        usual = f"启动实施，方案和团队落实，{plain_date(project.ends_on)}，{in_wan(project.grant)}"
        filled |= budget | {"milestones": "\n".join(nodes) or usual}
        kwargs["initial"] = filled
        super().__init__(*args, **kwargs)

    def clean_milestones(self) -> list[dict[str, Any]]:
        found = []
        for place, line in enumerate(self.cleaned_data["milestones"], 1):
            parts = parts_of(line)
            try:
                name, target, day, amount = parts
                money = WanField(label="拨付").clean(amount)
                due_on = day_of(day)
            except (ValueError, forms.ValidationError):
                raise forms.ValidationError(f"第 {place} 行应写成“名称，考核内容，完成日期，万元”，{NODE}") from None
            name, target = within(name, 80, "名称", place), within(target, 300, "考核内容", place)
            found.append({"name": name, "target": target, "due_on": due_on, "amount": money})
        return found

    def budget(self) -> dict[str, int]:
        return {s: self.cleaned_data[s] or 0 for s in BudgetLine.Subject.values}


class PaymentForm(forms.Form):
    order_code = forms.CharField(label="支付凭证号", max_length=40)
    amount = WanField(label="金额")
    paid_on = forms.DateField(label="日期", widget=DATE)
    milestone: Any = forms.ModelChoiceField(
        queryset=Milestone.objects.none(), label="节点", required=False, empty_label="不分节点"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = project.milestones.all()  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """A year's report; spending is asked of the subjects whose budget is kept here, and of no others."""

    SPENT = tuple(BudgetLine.Subject.values)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    progress = forms.CharField(
        label="执行情况", widget=forms.Textarea(attrs={"rows": 6}), max_length=3000,
        help_text="对照任务书写本年度做了什么、完成了哪些节点；至少 20 个字",
    )  # fmt: skip
    problems = forms.CharField(label="问题和建议", widget=forms.Textarea, max_length=1000, required=False)
    equipment = WanField(label="累计支出：设备费", required=False)
    business = WanField(label="累计支出：业务费", required=False)
    labour = WanField(label="累计支出：劳务费", required=False)
    indirect = WanField(label="累计支出：间接费用", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        lines = {line.subject: line for line in project.budget.all()}
        kwargs["initial"] = (kwargs.get("initial") or {}) | {s: line.spent for s, line in lines.items()}
        super().__init__(*args, **kwargs)
        for subject in self.SPENT:
            if subject in lines:
                self.fields[subject].help_text = f"预算 {in_wan(lines[subject].amount)} 万元；填立项以来的合计"
            else:
                del self.fields[subject]

    def laid_out(self) -> list[dict[str, Any]]:
        money = [self[s] for s in self.SPENT if s in self.fields]
        parts = [{"title": "执行情况", "fields": [self[n] for n in ("year", "progress", "problems")]}]
        return [*parts, {"title": "经费支出", "fields": money}] if money else parts

    def spent(self) -> dict[str, int]:
        return {s: self.cleaned_data[s] or 0 for s in self.SPENT if s in self.fields}


class ChangeForm(forms.Form):
    """What is to change; money stands there as it is, the unit changes the amounts it means."""

    MONEY = ("own_money", *BudgetLine.Subject.values)
    fieldsets = (
        ("变更", ("kind", "after", "reason")),
        ("延期：填写新的结束日期", ("until_on",)),
        ("变更承担单位：填写新单位", ("to_party",)),
        ("调整总预算、科目调剂：填写变更后的金额", (*BudgetLine.Subject.values, "own_money")),
    )
    kind = forms.ChoiceField(
        label="变更事项",
        choices=Change.Kind.choices,
        help_text="负责人、承担单位、主要指标、总预算和延期由市局审批；其余由单位决定后备案",
    )
    after = forms.CharField(
        label="变更后",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text="指标写调整后的全部指标，批准后替换任务书的指标；延期、变更单位和经费不用写，填下面对应的一栏",
    )
    until_on = forms.DateField(label="延期至", widget=DATE, required=False)
    to_party = PartyCodeField(label="新承担单位代码", required=False)
    equipment = WanField(label="设备费", required=False)
    business = WanField(label="业务费", required=False)
    labour = WanField(label="劳务费", required=False)
    indirect = WanField(label="间接费用", required=False)
    own_money = WanField(label="自筹经费", required=False)
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000)

    def clean_to_party(self) -> Party | None:
        code = self.cleaned_data["to_party"]
        found = Party.objects.filter(uscc=code, merged_into=None).first() if code else None
        if code and found is None:
            raise forms.ValidationError("没有这个代码的单位，请先请县区科技局登记单位")
        return found

    def told(self) -> dict[str, Any]:
        """As the service wants it."""
        said = dict(self.cleaned_data)
        money = {name: said.pop(name) or 0 for name in self.MONEY}
        return said | {"money": money}


class SummaryForm(forms.Form):
    summary = forms.CharField(
        label="完成情况", widget=forms.Textarea, max_length=3000, help_text="对照任务书逐项写完成了多少；至少 20 个字"
    )


class ResultForm(forms.Form):
    """What the acceptance panel found."""

    fieldsets = (
        ("验收", ("held_on", "panel", "conclusion", "opinion", "finance_opinion")),
        ("绩效评价（合计 100 分）", tuple(MARKS)),
    )
    held_on = forms.DateField(label="验收日期", widget=DATE)
    panel = LinesField(
        label="验收专家", rows=5, help_text="每行一位：姓名，单位；财务专家后面写“，财务”。单数，至少一位财务专家"
    )
    conclusion = forms.ChoiceField(label="结论", choices=Acceptance.Conclusion.choices)
    opinion = forms.CharField(label="验收意见", widget=forms.Textarea, max_length=3000)
    finance_opinion = forms.CharField(label="财务意见", widget=forms.Textarea, max_length=1000)
    execution = forms.DecimalField(label="预算执行（10 分）", min_value=0, max_value=10, decimal_places=1)
    output = forms.DecimalField(label="产出（50 分）", min_value=0, max_value=50, decimal_places=1)
    benefit = forms.DecimalField(label="效益（30 分）", min_value=0, max_value=30, decimal_places=1)
    satisfaction = forms.DecimalField(label="满意度（10 分）", min_value=0, max_value=10, decimal_places=1)

    def clean_panel(self) -> list[dict[str, Any]]:
        found = []
        for place, line in enumerate(lines_of("\n".join(self.cleaned_data["panel"])), 1):
            name, unit, *rest = [*parts_of(line), ""]
            if not name or not unit:
                raise forms.ValidationError(f"第 {place} 行应写成“姓名，单位”")
            name, unit = within(name, 60, "姓名", place), within(unit, 120, "单位", place)
            found.append({"name": name, "unit": unit, "finance": FINANCE in rest})
        return found
