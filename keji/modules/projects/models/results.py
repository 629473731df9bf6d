"""What came of projects after acceptance, year by year; and projects of higher levels won in this city. Money in 元."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.models.access import APPLICANTS, FILED_BY_UNIT, OVERSEERS
from keji.modules.projects.models.project import Project
from keji.modules.projects.results import flow as steps

OF_PROJECT = Access(
    read={
        **dict.fromkeys(OVERSEERS, Scope.ALL),
        Role.COUNTY: Scope.REGION,
        **dict.fromkeys(APPLICANTS, Scope.PARTY),
    },
    write={Role.OFFICER: Scope.ALL, **dict.fromkeys(APPLICANTS, Scope.PARTY)},
    region="project__region",
    party="project__party",
)


class ResultYear(models.Model):
    """One year after acceptance of one project, as its unit tells it; blank means not known, 0 means none."""

    access = OF_PROJECT
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    project = models.ForeignKey(Project, models.PROTECT, related_name="results", verbose_name="项目")
    year = models.PositiveSmallIntegerField("年度")
    papers = models.PositiveIntegerField("发表论文（篇）", null=True, blank=True)
    rights = models.PositiveIntegerField("新增知识产权（件）", null=True, blank=True)
    standards = models.PositiveIntegerField("制修订标准（项）", null=True, blank=True)
    revenue = models.BigIntegerField("成果销售收入（元）", null=True, blank=True)
    tax = models.BigIntegerField("新增税收（元）", null=True, blank=True)
    converted = models.BooleanField("已转化应用")
    conversion = models.BigIntegerField("转化合同金额（元）", null=True, blank=True)
    jobs = models.PositiveIntegerField("新增就业（人）", null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    reported_at = models.DateTimeField("报送时间", editable=False)
    reported_by = models.CharField("报送人", max_length=60, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "成果跟踪"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="result_year_once"),
            models.CheckConstraint(
                condition=(Q(revenue__isnull=True) | Q(revenue__gte=0))
                & (Q(tax__isnull=True) | Q(tax__gte=0))
                & (Q(conversion__isnull=True) | Q(conversion__gte=0)),
                name="result_year_money",
            ),
            models.CheckConstraint(
                condition=Q(converted=True) | Q(conversion__isnull=True) | Q(conversion=0),
                name="result_year_conversion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.title}（{self.year}年）"


class HigherProject(Record):
    """A project of the province or the state won by a unit of this city; it counts once another person confirms it."""

    class Level(models.TextChoices):
        NATIONAL = "national", "国家级"
        PROVINCIAL = "provincial", "省级"

    class State(models.TextChoices):
        REPORTED = "reported", "待确认"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"
        VOID = "void", "已作废"

    prefix = "SJ"
    access = FILED_BY_UNIT
    flow = Flow(*steps.HIGHER_STEPS)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("项目名称", max_length=120)
    level = models.CharField("级别", max_length=12, choices=Level.choices)
    plan_name = models.CharField("计划类别", max_length=80)
    code = models.CharField("项目编号", max_length=60)
    document = models.CharField("立项文号", max_length=80, blank=True)
    won_on = models.DateField("立项日期")
    grant = models.BigIntegerField("上级资助（元）")
    leader_name = models.CharField("项目负责人", max_length=60, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "省级以上项目"
        ordering = ["-won_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(state="void"), name="higher_project_once"),
            models.CheckConstraint(condition=Q(grant__gte=0), name="higher_project_grant"),
        ]
        indexes = [
            models.Index(fields=["state", "won_on"], name="higher_project_won"),
            models.Index(fields=["region", "-id"], name="higher_project_region"),
        ]

    def __str__(self) -> str:
        return self.title
