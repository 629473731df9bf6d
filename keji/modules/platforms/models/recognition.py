"""Recognition of platforms in batches: the call, each firm's application, the visit, the meeting that decides."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.crypto import SealedField
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.platforms.models.access import ANNOUNCED, FILED_BY_HOST, AnnouncedQuerySet
from keji.modules.platforms.models.platform import Platform
from keji.modules.platforms.recognition import flow as steps


class Call(Record):
    """One batch of recognition (通知): what may be applied for, when, with which materials, within which limits."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        OPEN = "open", "办理中"
        DONE = "done", "已公布"
        CANCELLED = "cancelled", "已取消"

    prefix = "PC"
    access = ANNOUNCED
    flow = Flow(steps.Announce, steps.Conclude, steps.Cancel)
    objects: ClassVar[Any] = AnnouncedQuerySet.as_manager()

    party = None  # type: ignore[assignment]  # the bureau's own; its region is the city
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("标题", max_length=160)
    kind = models.CharField("平台类型", max_length=30, choices=Platform.Kind.choices)
    level = models.CharField("级别", max_length=20, choices=Platform.Level.choices, default=Platform.Level.CITY)
    year = models.PositiveSmallIntegerField("年度")
    batch = models.CharField("批次", max_length=40)
    document = models.CharField("通知文号", max_length=80, blank=True)
    opens_on = models.DateField("申报开始")
    closes_on = models.DateField("申报截止")
    conditions = models.TextField("申报条件", blank=True)
    materials = models.JSONField("材料清单", default=list)  # [{code, name, required}]
    form_items = models.JSONField("形式审查要点", default=list)  # [str]
    # Limits in working days as they stood when the batch was announced; a later change touches later batches only.
    county_days = models.PositiveSmallIntegerField("县区审核时限（工作日）")
    resubmit_days = models.PositiveSmallIntegerField("补正时限（工作日）")
    form_days = models.PositiveSmallIntegerField("形式审查时限（工作日）")
    visit_days = models.PositiveSmallIntegerField("现场审查时限（工作日）")
    publicity_days = models.PositiveSmallIntegerField("公示期（工作日）")
    returns_allowed = models.PositiveSmallIntegerField("县区可退回次数", default=1)
    drafted_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="起草人"
    )
    paper = models.ForeignKey(
        "documents.Paper", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公布文件"
    )

    class Meta:
        verbose_name = verbose_name_plural = "认定批次"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "level", "year", "batch"], condition=~Q(state="cancelled"), name="platform_call_once"
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="platform_call_window"),
        ]

    def __str__(self) -> str:
        return self.title


class Application(Record):
    """One host's application in one batch; money in 万元. `party` is the host, `region` the county that recommends."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待县区审核"
        RETURNED = "returned", "退回补正"
        RECOMMENDED = "recommended", "待形式审查"
        FORM_PASSED = "form_passed", "待现场审查"
        VISITED = "visited", "待党组会审议"
        APPROVED = "approved", "待公示"
        PUBLICISED = "publicised", "公示中"
        LISTED = "listed", "已公布"
        REJECTED = "rejected", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "RD"
    access = FILED_BY_HOST
    flow = Flow(
        *(steps.Submit, steps.Recommend, steps.SendBack, steps.NotRecommend, steps.PassForm, steps.FailForm),
        *(steps.PassVisit, steps.FailVisit, steps.Approve, steps.TurnDown, steps.Publicise, steps.Uphold, steps.List),
        steps.AnnounceAgain,
        steps.Withdraw,
    )
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name="认定批次")
    name = models.CharField("中心（平台）名称", max_length=160, editable=False)
    field = models.CharField("技术领域", max_length=60, blank=True)
    direction = models.TextField("主要研发方向", max_length=1000, blank=True)
    leader = models.CharField("中心负责人", max_length=60, blank=True)
    data_year = models.PositiveSmallIntegerField("数据年度", null=True, blank=True)
    revenue = models.DecimalField("主营业务收入（万元）", max_digits=14, decimal_places=2, null=True, blank=True)
    rnd_spend = models.DecimalField("研发费用（万元）", max_digits=14, decimal_places=2, null=True, blank=True)
    staff = models.PositiveIntegerField("职工总数（人）", null=True, blank=True)
    rnd_staff = models.PositiveIntegerField("研发人员（人）", null=True, blank=True)
    site_area = models.DecimalField("研发场地（平方米）", max_digits=10, decimal_places=2, null=True, blank=True)
    equipment_value = models.DecimalField(
        "研发设备原值（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    ip_count = models.PositiveIntegerField("有效知识产权（件）", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = SealedField("联系电话", blank=True, default="")
    form_checks = models.JSONField("形式审查情况", default=list, editable=False)  # [{item, passed, note}]
    returns = models.PositiveSmallIntegerField("退回次数", default=0, editable=False)
    reason = models.CharField("未通过原因", max_length=500, blank=True, editable=False)
    platform = models.OneToOneField(
        Platform, models.PROTECT, null=True, editable=False, related_name="application", verbose_name="认定的平台"
    )
    notice = models.ForeignKey(
        "records.PublicNotice", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公示"
    )

    class Meta:
        verbose_name = verbose_name_plural = "认定申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "party"], condition=~Q(state="withdrawn"), name="platform_application_once"
            ),
            models.CheckConstraint(
                condition=Q(rnd_staff__isnull=True) | Q(staff__isnull=True) | Q(rnd_staff__lte=F("staff")),
                name="platform_application_staff",
            ),
            models.CheckConstraint(
                condition=~Q(state="listed") | Q(platform__isnull=False), name="platform_application_listed"
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="platform_application_call"),
            models.Index(fields=["region", "-id"], name="platform_application_region"),
        ]

    @property
    def form_items(self) -> list[str]:
        """The points of its form check (keji.kernel.records.checklist)."""
        found: list[str] = self.call.form_items
        return found

    def __str__(self) -> str:
        return self.name


#: What a host must have said before it may submit.
ASKED = (
    *("field", "direction", "leader", "data_year", "revenue", "rnd_spend", "staff", "rnd_staff"),
    *("site_area", "equipment_value", "ip_count", "contact_name", "contact_phone"),
)


class Material(models.Model):
    """One item of the call's checklist as this application answers it; its files hang on it as attachments."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials", verbose_name="认定申请")
    code = models.CharField("材料", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "申报材料"
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="platform_material_once")]

    def __str__(self) -> str:
        named = {m["code"]: m["name"] for m in self.application.call.materials}
        return str(named.get(self.code, self.code))


class SiteVisit(models.Model):
    """What at least two people saw on the spot; photographs hang on it as attachments."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="visits", verbose_name="认定申请")
    visited_on = models.DateField("审查日期")
    people = models.JSONField("审查人员", default=list)
    findings = models.TextField("审查情况")
    passed = models.BooleanField("结论")
    recorded_by = models.CharField("登记人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "现场审查"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return "现场照片"


class Meeting(models.Model):
    """A party-group meeting that decided on applications of one batch; once recorded it does not change."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="meetings", verbose_name="认定批次")
    held_on = models.DateField("会议日期")
    minutes = models.CharField("会议纪要编号", max_length=60)
    attendees = models.JSONField("参会人员", default=list)
    recorded_by = models.CharField("登记人", max_length=60)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "党组会审议"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["call", "minutes"], name="platform_meeting_once")]

    def __str__(self) -> str:
        return f"{self.call} {self.minutes}"


class Decision(models.Model):
    """What a meeting said of one application."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "同意"
        DECLINED = "declined", "不同意"
        DEFERRED = "deferred", "暂缓"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    application = models.ForeignKey(Application, models.CASCADE, related_name="decisions")
    outcome = models.CharField("决定", max_length=10, choices=Outcome.choices)
    reason = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审议决定"
        constraints = [models.UniqueConstraint(fields=["meeting", "application"], name="platform_decision_once")]

    def __str__(self) -> str:
        return f"{self.application}：{self.get_outcome_display()}"
