"""A project's task book, milestones, budget and payments; money in 元."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keji.modules.projects.models.project import Project


class TaskBook(models.Model):
    """任务书: what three parties sign — the bureau, the undertaking unit, the county that looks after it."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="task_book", verbose_name="项目")
    content = models.TextField("研究内容", max_length=1000, blank=True)
    targets = models.TextField("拟达到的技术指标", max_length=1000, blank=True)
    economy = models.TextField("经济社会效益指标", max_length=1000, blank=True)
    unit_by = models.CharField("承担单位签订人", max_length=60, blank=True)
    unit_at = models.DateTimeField("承担单位签订时间", null=True)
    county_by = models.CharField("归口管理单位签订人", max_length=60, blank=True)
    county_at = models.DateTimeField("归口管理单位签订时间", null=True)
    # Names of people stand in it, so it is none of the papers that can be opened to the public.
    docx = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+", verbose_name="任务书文件")
    pdf = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+", verbose_name="任务书打印件")

    class Meta:
        verbose_name = verbose_name_plural = "任务书"

    def __str__(self) -> str:
        return f"{self.project.number} 任务书"


class Milestone(models.Model):
    """What is to be reached by when, and what is paid for it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name="项目")
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("节点", max_length=80)
    target = models.CharField("考核内容", max_length=300)
    due_on = models.DateField("完成期限")
    amount = models.BigIntegerField("拨付（元）")
    done_on = models.DateField("完成日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "节点"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "order"], name="milestone_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="milestone_amount"),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetLine(models.Model):
    """One subject of the granted money, and what has been spent of it."""

    class Subject(models.TextChoices):
        EQUIPMENT = "equipment", "设备费"
        BUSINESS = "business", "业务费"
        LABOUR = "labour", "劳务费"
        INDIRECT = "indirect", "间接费用"

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget", verbose_name="项目")
    subject = models.CharField("科目", max_length=12, choices=Subject.choices)
    amount = models.BigIntegerField("预算（元）")
    spent = models.BigIntegerField("已支出（元）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "预算科目"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "subject"], name="budget_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0, spent__gte=0), name="budget_line_positive"),
        ]

    def __str__(self) -> str:
        return self.get_subject_display()


class Payment(models.Model):
    """Money that went out to a unit, or came back from it, under the order it was moved by; once an order."""

    class Direction(models.TextChoices):
        OUT = "out", "拨付"
        BACK = "back", "收回"

    project = models.ForeignKey(Project, models.PROTECT, related_name="payments", verbose_name="项目")
    direction = models.CharField("方向", max_length=4, choices=Direction.choices, default=Direction.OUT)
    order_code = models.CharField("支付凭证号", max_length=40, unique=True)
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="节点"
    )
    amount = models.BigIntegerField("金额（元）")
    paid_on = models.DateField("日期")
    note = models.CharField("说明", max_length=200, blank=True)
    made_by = models.CharField("经办人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "经费拨付"
        ordering = ["paid_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")]

    def __str__(self) -> str:
        return self.order_code


class YearReport(models.Model):
    """年度执行报告: what was done and spent in a year; a correction replaces it until the bureau has taken note."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reports", verbose_name="项目")
    year = models.PositiveSmallIntegerField("年度")
    progress = models.TextField("执行情况", max_length=3000)
    problems = models.TextField("问题和建议", max_length=1000, blank=True)
    spent = models.JSONField("累计支出", default=dict)  # {subject: 元}
    reported_at = models.DateTimeField("报告时间")
    reported_by = models.CharField("报告人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "年度执行报告"
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="year_report_once")]

    def __str__(self) -> str:
        return f"{self.year}年度执行报告"
