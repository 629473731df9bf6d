"""An R&D project of a firm: filed once, kept by year and month, never overwritten once it was filed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.lib.rnd_items import LABELS, NAMES, CostItems
from keji.modules.rnd import flow as steps
from keji.modules.rnd.models.codes import label_of_code

#: The firm keeps its own; the county helps its own firms; the bureau and the inspector see all.
FIRM_ACCESS = Access(
    read={
        **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        Role.COUNTY: Scope.REGION,
        Role.ENTERPRISE: Scope.PARTY,
    },
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, Role.ENTERPRISE: Scope.PARTY},
)
OF_PROJECT = Access(read=FIRM_ACCESS.read, write=FIRM_ACCESS.write, region="project__region", party="project__party")


def money(label: str, **kwargs: Any) -> models.DecimalField[Any, Any]:
    """An amount in 元, exact to the 分."""
    return models.DecimalField(f"{label}（元）", max_digits=16, decimal_places=2, **kwargs)


def month_label(text: str) -> str:
    """202403 → 2024年3月; "" → 未定."""
    return f"{text[:4]}年{int(text[4:])}月" if text and text != "000000" else "未定"


class RndProjectQuerySet(RecordQuerySet):
    def filed(self) -> RndProjectQuerySet:
        """Filed at least once and not withdrawn: what counts as an R&D activity."""
        return self.filter(filed_on__isnull=False).exclude(state=RndProject.State.WITHDRAWN)

    def running_in(self, year: int) -> RndProjectQuerySet:
        """Begun by the year's end and not ended before its beginning; an open end runs on."""
        return self.filter(starts__lte=f"{year}12").filter(Q(ends="") | Q(ends__gte=f"{year}01"))


class RndProject(Record):
    """One project as the firm filed it. Months are six digits, YYYYMM, as the statistical form has them."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        FILED = "filed", "待县区核对"
        RETURNED = "returned", "已退回"
        CHECKED = "checked", "待市局备案"
        NOTED = "noted", "已备案"
        REVISING = "revising", "变更填报中"
        CLOSED = "closed", "已结题"
        WITHDRAWN = "withdrawn", "已撤销"

    class Form(models.TextChoices):
        SELF = "self", "自主研发"
        COMMISSIONED = "commissioned", "委托研发"
        COOPERATIVE = "cooperative", "合作研发"
        CENTRAL = "central", "集中研发"

    class Field(models.TextChoices):
        ELECTRONICS = "electronics", "电子信息"
        BIOMEDICINE = "biomedicine", "生物与新医药"
        AEROSPACE = "aerospace", "航空航天"
        MATERIALS = "materials", "新材料"
        SERVICES = "services", "高技术服务"
        ENERGY = "energy", "新能源与节能"
        ENVIRONMENT = "environment", "资源与环境"
        MANUFACTURING = "manufacturing", "先进制造与自动化"

    class Outcome(models.TextChoices):
        DONE = "done", "达到预期目标"
        PARTLY = "partly", "部分达到"
        FAILED = "failed", "未达到（已如实归集）"
        STOPPED = "stopped", "中止"

    prefix = "YF"
    access = FIRM_ACCESS
    flow = Flow(steps.File, steps.Check, steps.NoteIt, steps.SendBack, steps.Revise, steps.Close, steps.Withdraw)
    objects: ClassVar[Any] = RndProjectQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    name = models.CharField("项目名称", max_length=120)
    own_code = models.CharField("企业项目编号", max_length=40, blank=True)
    form = models.CharField("研发形式", max_length=20, choices=Form.choices)
    field = models.CharField("技术领域", max_length=20, choices=Field.choices)
    decision = models.CharField("立项决议文件", max_length=120, blank=True)
    budget = money("项目预算")
    starts = models.CharField("起始年月", max_length=6)
    ends = models.CharField("完成年月", max_length=6, blank=True)
    source_code = models.CharField("项目来源", max_length=4)
    cooperation_code = models.CharField("项目合作形式", max_length=4)
    result_code = models.CharField("项目成果形式", max_length=4)
    goal_code = models.CharField("项目技术经济目标", max_length=4)
    contract_number = models.CharField("合同登记编号", max_length=30, blank=True)
    partner = models.CharField("委托（合作）单位", max_length=120, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=0, editable=False)
    filed_on = models.DateField("首次报送日期", null=True, editable=False)
    noted_on = models.DateField("备案日期", null=True, editable=False)
    filed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="报送人"
    )
    checked_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="核对人"
    )
    outcome = models.CharField("结题结果", max_length=10, choices=Outcome.choices, blank=True, editable=False)
    accepted_on = models.DateField("验收日期", null=True, editable=False)
    acceptance = models.CharField("验收（鉴定）意见", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "研发项目"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "name", "starts"], condition=~Q(state="withdrawn"), name="rnd_project_once"
            ),
            models.CheckConstraint(condition=Q(ends="") | Q(ends__gte=F("starts")), name="rnd_project_dates_in_order"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="rnd_project_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(filed_on__isnull=False),
                name="rnd_project_filed_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="rnd_project_region"),
            models.Index(fields=["state", "-id"], name="rnd_project_state"),
            models.Index(fields=["party", "starts"], name="rnd_project_party"),
            models.Index(fields=["filed_on", "region"], name="rnd_project_filed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> str:
        return f"{month_label(self.starts)} 至 {month_label(self.ends)}"

    def code_label(self, name: str) -> str:
        year = int(self.starts[:4]) if self.starts else 0
        newest = self.years.order_by("-year").values_list("year", flat=True).first() or year
        return label_of_code(name, newest, getattr(self, f"{name}_code"))

    @property
    def source_label(self) -> str:
        return self.code_label("source")

    @property
    def cooperation_label(self) -> str:
        return self.code_label("cooperation")

    @property
    def result_label(self) -> str:
        return self.code_label("result")

    @property
    def goal_label(self) -> str:
        return self.code_label("goal")


for _name, _label in (
    ("span", "起止年月"),
    ("source_label", "项目来源"),
    ("cooperation_label", "项目合作形式"),
    ("result_label", "项目成果形式"),
    ("goal_label", "项目技术经济目标"),
):
    getattr(RndProject, _name).fget.label = _label


class ProjectYear(models.Model):
    """A project's part in one statistical year: what 107-1 asks beside the project itself."""

    access = OF_PROJECT
    objects = VisibleQuerySet.as_manager()

    project = models.ForeignKey(RndProject, models.CASCADE, related_name="years", verbose_name="研发项目")
    year = models.PositiveSmallIntegerField("年度")
    staff = models.PositiveIntegerField("参加项目人员（人）", null=True, blank=True)
    person_months = models.DecimalField("实际工作时间（人月）", max_digits=9, decimal_places=1, null=True, blank=True)
    hours = models.DecimalField("研发工时（小时）", max_digits=12, decimal_places=1, null=True, blank=True)
    government = money("其中：政府资金", null=True, blank=True)
    stage_code = models.CharField("跨年项目所处主要进展阶段", max_length=4, blank=True)
    ledger_total = money("辅助账全年合计", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "项目年度情况"
        ordering = ["project", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="rnd_project_year_once"),
            models.CheckConstraint(
                condition=Q(person_months__isnull=True) | Q(staff__isnull=True) | Q(person_months__lte=F("staff") * 12),
                name="rnd_year_time_within_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年"


class SpendQuerySet(VisibleQuerySet):
    def of_year(self, year: int, until_month: int = 12) -> SpendQuerySet:
        """Months of a year of projects that count."""
        counted = self.filter(year=year, month__lte=until_month, project__filed_on__isnull=False)
        return counted.exclude(project__state=RndProject.State.WITHDRAWN)


class SpendMonth(models.Model):
    """What one project spent in one month, by the eight items. One row a month: what was said later replaces it."""

    class Source(models.TextChoices):
        PARTY = "party", "企业填报"
        COUNTY = "county", "县区代填"
        BUREAU = "bureau", "市局录入"
        SHEET = "sheet", "表格导入"

    access = OF_PROJECT
    objects: ClassVar[Any] = SpendQuerySet.as_manager()

    project = models.ForeignKey(RndProject, models.CASCADE, related_name="spending", verbose_name="研发项目")
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    staff_cost = money(LABELS["staff_cost"], default=Decimal(0))
    direct_cost = money(LABELS["direct_cost"], default=Decimal(0))
    depreciation = money(LABELS["depreciation"], default=Decimal(0))
    building_depreciation = money("其中：建筑物折旧", default=Decimal(0))
    amortisation = money(LABELS["amortisation"], default=Decimal(0))
    design_cost = money(LABELS["design_cost"], default=Decimal(0))
    trial_cost = money(LABELS["trial_cost"], default=Decimal(0))
    commissioned_home = money(LABELS["commissioned_home"], default=Decimal(0))
    commissioned_abroad = money(LABELS["commissioned_abroad"], default=Decimal(0))
    other_cost = money(LABELS["other_cost"], default=Decimal(0))
    total = money("合计", default=Decimal(0), editable=False)
    source = models.CharField("来源", max_length=10, choices=Source.choices, editable=False)
    updated_at = models.DateTimeField("更新时间", editable=False)
    updated_by = models.CharField("填报人", max_length=60, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "研发支出（逐月）"
        ordering = ["-year", "-month", "project"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="rnd_spend_once_a_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="rnd_spend_month"),
            models.CheckConstraint(
                condition=Q(building_depreciation__lte=F("depreciation")), name="rnd_spend_buildings_within"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "month", "project"], name="rnd_spend_month_project"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年{self.month}月"

    @property
    def items(self) -> CostItems:
        return CostItems(**{name: getattr(self, name) for name in AMOUNTS})


#: The columns of a month that people fill in.
AMOUNTS = (*NAMES, "building_depreciation")


class ProjectVersion(models.Model):
    """A project as it was filed, each filing one; the difference to the one before is kept with it."""

    project = models.ForeignKey(RndProject, models.CASCADE, related_name="versions", verbose_name="研发项目")
    number = models.PositiveSmallIntegerField("版本")
    values = models.JSONField("内容")
    changes = models.JSONField("变更", default=dict)
    reason = models.CharField("变更原因", max_length=500, blank=True)
    at = models.DateTimeField("报送时间")
    by = models.CharField("报送人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "项目版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="rnd_version_once")]

    def __str__(self) -> str:
        return f"{self.project} 第 {self.number} 版"


class Equipment(models.Model):
    """A machine the project uses: part of what is kept for the tax office."""

    access = OF_PROJECT
    objects = VisibleQuerySet.as_manager()

    project = models.ForeignKey(RndProject, models.CASCADE, related_name="equipment", verbose_name="研发项目")
    name = models.CharField("设备名称", max_length=80)
    model = models.CharField("规格型号", max_length=80, blank=True)
    value = money("原值", null=True, blank=True)
    shared = models.BooleanField("同时用于生产", default=False)
    added_on = models.DateField("登记日期", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "设备清单"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
