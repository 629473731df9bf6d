"""The plan as adopted: its tree, its typed targets, the counties' shares."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.clock import day_of
from keji.kernel.indicators import indicator as catalogue
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.plan.flow import ALLOCATION, FOLLOW_UP, PLAN
from keji.modules.plan.phrases import wanted

READ_BY_ALL = dict.fromkeys([Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.COUNTY], Scope.ALL)


class Plan(Record):
    """One edition of one year's work plan (工作要点)."""

    class State(models.TextChoices):
        DRAFT = "draft", "待采用"
        ADOPTED = "adopted", "执行中"
        SUPERSEDED = "superseded", "已被修订"
        DISCARDED = "discarded", "已放弃"

    prefix = "YD"
    flow = PLAN
    access = Access(read=READ_BY_ALL, write={Role.OFFICER: Scope.ALL}, region="", party="")

    party = None  # type: ignore[assignment]  # the city or a county, never one unit
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=200)
    edition = models.PositiveSmallIntegerField("版次", default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="revision", verbose_name="修订自"
    )
    text = models.TextField("原文")  # line by line, as read; targets point at lines and offsets of this text
    source_name = models.CharField("原文件名", max_length=200)
    source_blob = models.ForeignKey("documents.Blob", models.PROTECT, verbose_name="原文件")
    adopted_on = models.DateField("采用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作要点"
        ordering = ["-year", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], condition=Q(state="adopted"), name="plan_one_adopted")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


class Item(models.Model):
    """A node of the plan's tree: 行动, 任务 or 举措, with who answers for it."""

    class Kind(models.TextChoices):
        ACTION = "action", "行动"
        TASK = "task", "任务"
        MEASURE = "measure", "举措"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    kind = models.CharField("层级", max_length=10, choices=Kind.choices)
    number = models.CharField("序号", max_length=20, blank=True)  # as written: （一）, 1.
    title = models.CharField("名称", max_length=200)
    text = models.TextField("内容", blank=True)
    line = models.PositiveIntegerField("行号")
    order = models.PositiveIntegerField("排序")
    leader = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任领导"
    )
    section = models.ForeignKey(
        "people.Section", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头科室"
    )
    assisting = models.ManyToManyField("people.Section", blank=True, related_name="+", verbose_name="配合科室")
    due_on = models.DateField("完成时限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan", "order"]
        indexes = [models.Index(fields=["plan", "kind", "order"], name="item_of_plan")]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class PlanTarget(models.Model):
    """One typed target of a plan: operator, value, unit, deadline, tied to the sentences that state it."""

    class Basis(models.TextChoices):
        INDICATOR = "indicator", "系统指标"
        REPORTED = "reported", "科室填报"
        MILESTONE = "milestone", "节点事项"

    access = Access(read=READ_BY_ALL, write={Role.OFFICER: Scope.ALL}, region="", party="")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="targets", verbose_name="任务")
    order = models.PositiveIntegerField("排序")
    subject = models.CharField("目标", max_length=120)
    verb = models.CharField("动词", max_length=20, blank=True)
    op = models.CharField("比较", max_length=20)
    value = models.DecimalField("目标值", max_digits=20, decimal_places=4, null=True, blank=True)
    value2 = models.DecimalField("目标上限", max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    value_base = models.DecimalField("基本单位数值", max_digits=24, decimal_places=4, null=True, blank=True)
    unit_base = models.CharField("基本单位", max_length=20, blank=True)
    due_on = models.DateField("完成时限")
    optional = models.BooleanField("力争目标", default=False)
    pattern = models.CharField("识别依据", max_length=60, blank=True)
    places = models.JSONField("出处", default=list)  # [{line, start, end, text, clause}]
    conflict = models.CharField("表述不一致", max_length=300, blank=True)
    added = models.BooleanField("人工添加", default=False)
    dropped = models.BooleanField("不跟踪", default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    basis = models.CharField("取数方式", max_length=10, choices=Basis.choices, default=Basis.REPORTED)
    indicator = models.CharField("指标", max_length=40, blank=True)
    section = models.ForeignKey(
        "people.Section", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头科室"
    )
    assisting = models.ManyToManyField("people.Section", blank=True, related_name="+", verbose_name="配合科室")
    by_county = models.BooleanField("分解到县区", default=False)
    base = models.DecimalField("上年基数", max_digits=20, decimal_places=4, null=True, blank=True)
    curve = models.JSONField("进度曲线", default=dict, blank=True)  # as keji.lib.pace reads it; {} is linear

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ["plan", "order"]
        indexes = [models.Index(fields=["plan", "order"], name="target_of_plan")]

    def __str__(self) -> str:
        return self.subject

    @property
    def tracked(self) -> bool:
        return not self.dropped and self.merged_into_id is None

    @property
    def indicator_or_none(self) -> Any | None:
        return catalogue.catalogue().get(self.indicator)

    @property
    def asks(self) -> str:
        """What it asks for, in words: 750家以上."""
        return wanted(self)

    @property
    def figure(self) -> Any:
        """The newest frozen figure, else the newest confirmed one, as the desk fetched them; 已完成 for a milestone."""
        value = getattr(self, "frozen_value", None)
        value = getattr(self, "filed_value", None) if value is None else value
        return "已完成" if value is None and getattr(self, "filed_done", None) else value

    @property
    def figure_unit(self) -> str:
        """A counted or filed indicator has a unit of its own: 万元 where the plan says 亿元."""
        found = self.indicator_or_none
        return found.unit if found is not None and getattr(self, "frozen_period", None) else self.unit

    @property
    def figure_period(self) -> str:
        return getattr(self, "frozen_period", None) or getattr(self, "filed_period", None) or ""

    def get_absolute_url(self) -> str:
        return f"/plan/targets/{self.pk}"


for _name, _label in (
    ("asks", "要求"),
    ("figure", "最近完成数"),
    ("figure_unit", "完成数单位"),
    ("figure_period", "截至"),
):
    getattr(PlanTarget, _name).fget.label = _label


class TargetProgress(models.Model):
    """The figure (or the milestone's done/not done) of a target that no indicator counts, month by month."""

    target = models.ForeignKey(PlanTarget, models.CASCADE, related_name="progress")
    region = models.ForeignKey("parties.Region", models.PROTECT, verbose_name="县区")
    period = models.CharField("期间", max_length=7)
    value = models.DecimalField("累计完成", max_digits=20, decimal_places=4, null=True, blank=True)
    done = models.BooleanField("已完成", default=False)
    done_on = models.DateField("完成日期", null=True, blank=True)
    evidence = models.CharField("依据", max_length=300)
    filed_by = models.CharField("填报人", max_length=60)
    filer_id = models.BigIntegerField("填报人编号", null=True)
    filed_at = models.DateTimeField("填报时间")
    confirmed_by = models.CharField("确认人", max_length=60, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目标进展"
        ordering = ["-period", "-filed_at"]
        constraints = [
            models.UniqueConstraint(fields=["target", "region", "period"], name="target_progress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.period}"


class Allocation(Record):
    """One county's share of one target: proposed, confirmed or objected to, frozen when issued."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟分解"
        PROPOSED = "proposed", "待县区确认"
        CONFIRMED = "confirmed", "县区已确认"
        OBJECTED = "objected", "县区有异议"
        ISSUED = "issued", "已下达"

    prefix = "FJ"
    flow = ALLOCATION
    access = Access(
        read={Role.LEADER: Scope.ALL, Role.OFFICER: Scope.ALL, Role.INSPECTOR: Scope.ALL, Role.COUNTY: Scope.REGION},
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="",
    )

    party = None  # type: ignore[assignment]  # the city or a county, never one unit
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    target = models.ForeignKey(PlanTarget, models.PROTECT, related_name="allocations", verbose_name="目标")
    value = models.DecimalField("分解值", max_digits=20, decimal_places=4)
    base = models.DecimalField("上年基数", max_digits=20, decimal_places=4, null=True, blank=True)
    method = models.CharField("建议方法", max_length=40, blank=True)
    objection = models.CharField("异议理由", max_length=500, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目标分解"
        ordering = ["target", "region"]
        constraints = [models.UniqueConstraint(fields=["target", "region"], name="allocation_once")]

    def __str__(self) -> str:
        return f"{self.region} {self.target}"


class FollowUp(Record):
    """A task under supervision: its lead section files a note every month until it is closed."""

    class State(models.TextChoices):
        OPEN = "open", "推进中"
        CLOSING = "closing", "申请办结"
        CHANGING = "changing", "申请调整"
        CLOSED = "closed", "已办结"

    prefix = "DB"
    flow = FOLLOW_UP
    access = Access(read=READ_BY_ALL, write={Role.OFFICER: Scope.ALL, Role.LEADER: Scope.ALL}, region="", party="")

    party = None  # type: ignore[assignment]  # the city or a county, never one unit
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    item = models.OneToOneField(Item, models.PROTECT, related_name="follow_up", verbose_name="任务")
    title = models.CharField("督办事项", max_length=200)
    section = models.ForeignKey("people.Section", models.PROTECT, related_name="+", verbose_name="牵头科室")
    leader = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任领导"
    )
    due_on = models.DateField("完成时限")
    note_day = models.PositiveSmallIntegerField("每月报送日", default=25)  # moves on to the next working day
    wanted_due_on = models.DateField("申请调整到", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办事项"
        ordering = ["item__order"]

    def __str__(self) -> str:
        return self.title

    def _last_note(self) -> str:
        """The last month a note was filed for; lists annotate it as `last_period`, so that a row costs no query."""
        if hasattr(self, "last_period"):
            return self.last_period or ""
        return self.notes.values_list("period", flat=True).first() or ""

    _last_note.label = "最近进展"  # type: ignore[attr-defined]
    last_note = property(_last_note)


class ProgressNote(models.Model):
    """What a section did on a task in one month."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="notes")
    period = models.CharField("月份", max_length=7)
    done = models.TextField("进展情况")
    problem = models.TextField("存在问题", blank=True)
    next_step = models.TextField("下一步打算")
    due_on = models.DateField("应报日期")
    filed_by = models.CharField("填报人", max_length=60)
    filed_at = models.DateTimeField("填报时间")

    class Meta:
        verbose_name = verbose_name_plural = "进展"
        ordering = ["-period"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "period"], name="note_once")]

    def __str__(self) -> str:
        return f"{self.follow_up} {self.period}"

    @property
    def late(self) -> bool:
        return day_of(self.filed_at) > self.due_on


class Urge(models.Model):
    """A reminder that was sent: what keeps the next one from coming too soon."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="urges")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    period = models.CharField("月份", max_length=7)
    on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        indexes = [models.Index(fields=["account", "-on"], name="urge_recent")]

    def __str__(self) -> str:
        return f"{self.follow_up} {self.on}"
