"""A year's application campaign for one rung: batches with their days, one application a firm, the published list."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.enterprises.ladder import campaign_flow as steps
from keji.modules.enterprises.ladder.models import WORKERS, Rung

#: Everybody who takes part reads the calendar of a campaign; the bureau keeps it.
CALENDAR = Access(
    read=dict.fromkeys([*BUREAU, Role.INSPECTOR, Role.COUNTY, Role.ENTERPRISE], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)


class Campaign(models.Model):
    """One year's call for one rung, with the list of what an application consists of."""

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        OPEN = "open", "受理中"
        CLOSED = "closed", "已结束"

    access = CALENDAR
    flow = Flow(steps.OpenCampaign, steps.CloseCampaign)
    objects = VisibleQuerySet.as_manager()

    rung = models.CharField("申报梯级", max_length=20, choices=Rung.choices)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    materials = models.TextField("材料清单", blank=True, help_text="一行一项")
    note = models.TextField("说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    state_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "申报活动"
        ordering = ["-year", "rung"]
        constraints = [models.UniqueConstraint(fields=["rung", "year"], name="campaign_once_a_year")]

    def __str__(self) -> str:
        return self.title

    @property
    def material_list(self) -> list[str]:
        return [line.strip() for line in self.materials.splitlines() if line.strip()]


class CampaignBatch(models.Model):
    """One batch with its days. `certain` is False until somebody has read the notice of that year."""

    access = CALENDAR
    objects = VisibleQuerySet.as_manager()

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="batches", verbose_name="申报活动")
    name = models.CharField("批次", max_length=60)
    county_due_on = models.DateField("县区审核截止", null=True, blank=True)
    due_on = models.DateField("市级提交截止")
    certain = models.BooleanField("日期已核对通知原文", default=False)
    cites = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申报批次"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="batch_once_a_campaign"),
            models.CheckConstraint(
                condition=Q(county_due_on__isnull=True) | Q(county_due_on__lte=models.F("due_on")),
                name="batch_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.title} {self.name}"


class Application(Record):
    """A firm's application in a campaign, from its draft to the certificate."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待县区审核"
        RETURNED = "returned", "退回补正"
        REVIEWED = "reviewed", "县区已审"
        REFUSED = "refused", "县区未通过"
        RECOMMENDED = "recommended", "市局已推荐"
        PASSED = "passed", "拟认定公示"
        FAILED = "failed", "评审未通过"
        CERTIFIED = "certified", "已发证"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "SQ"
    access = Access(
        read={
            **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            Role.ENTERPRISE: Scope.PARTY,
        },
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION, Role.ENTERPRISE: Scope.PARTY},
    )
    flow = Flow(
        *(steps.Submit, steps.PassReview, steps.SendBack, steps.Refuse, steps.Recommend, steps.TakeBack),
        *(steps.MarkPassed, steps.MarkFailed, steps.Certify, steps.Withdraw),
    )

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="applications", verbose_name="申报活动")
    batch = models.ForeignKey(CampaignBatch, models.PROTECT, related_name="applications", verbose_name="申报批次")
    contact = models.CharField("申报联系人", max_length=60, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    ready = models.JSONField("已备齐材料", default=list, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    returned_times = models.PositiveSmallIntegerField("退回次数", default=0, editable=False)
    reviewed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="县区审核人"
    )
    result = models.CharField("结果说明", max_length=300, blank=True, editable=False)
    certification = models.ForeignKey(
        "enterprises.Certification", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="证书"
    )

    class Meta:
        verbose_name = verbose_name_plural = "申报"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "campaign"], condition=~Q(state="withdrawn"), name="application_once_a_campaign"
            )
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="application_region"),
            models.Index(fields=["state", "-id"], name="application_state"),
            models.Index(fields=["campaign", "state", "region"], name="application_progress"),
            models.Index(fields=["batch", "state"], name="application_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.party.name} {self.campaign}"

    @property
    def missing_materials(self) -> list[str]:
        return [name for name in self.campaign.material_list if name not in self.ready]


#: States that count as applied: the firm has handed in and nobody has sent it home.
APPLIED = ("submitted", "returned", "reviewed", "recommended", "passed", "failed", "certified")
#: Handed in and not decided yet.
IN_FLIGHT = ("submitted", "returned", "reviewed", "recommended", "passed")


class PublicList(models.Model):
    """A list as the province published it, kept with its file, to be compared with what was recommended."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "拟认定公示"
        CERTIFIED = "certified", "发证（入库）公告"

    access = Access(read=WORKERS.read, write={Role.OFFICER: Scope.ALL}, region="", party="")
    objects = VisibleQuerySet.as_manager()

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="public_lists", verbose_name="申报活动")
    batch = models.ForeignKey(CampaignBatch, models.PROTECT, related_name="+", verbose_name="申报批次")
    kind = models.CharField("名单类型", max_length=10, choices=Kind.choices)
    title = models.CharField("名单名称", max_length=200)
    file = models.ForeignKey("documents.Blob", models.PROTECT, related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    at = models.DateTimeField("上传时间")
    by = models.CharField("上传人", max_length=60)
    done_at = models.DateTimeField("据此登记时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示名单"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title


class PublicLine(models.Model):
    """One firm of a published list, and which application it is."""

    class Match(models.TextChoices):
        MATCHED = "matched", "已对上"
        FORMER = "former", "按曾用名对上"
        OTHER_BATCH = "other_batch", "未经市局推荐"
        NOT_APPLIED = "not_applied", "没有申报记录"
        UNKNOWN = "unknown", "查无此企业"
        SETTLED = "settled", "人工对上"
        NOT_OURS = "not_ours", "不属本市"

    sheet = models.ForeignKey(PublicList, models.CASCADE, related_name="lines", verbose_name="名单")
    row = models.PositiveIntegerField("行")
    name = models.CharField("名单上的名称", max_length=160)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    certificate_code = models.CharField("证书（登记）编号", max_length=30, blank=True)
    issued_on = models.DateField("发证（入库）日期", null=True)
    match = models.CharField("核对结果", max_length=12, choices=Match.choices)
    application = models.ForeignKey(Application, models.SET_NULL, null=True, related_name="+", verbose_name="申报")
    note = models.CharField("说明", max_length=200, blank=True)
    settled_by = models.CharField("核定人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示名单企业"
        ordering = ["row", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "row"], name="public_line_row")]
        indexes = [models.Index(fields=["sheet", "match"], name="public_line_match")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ours(self) -> bool:
        return self.match in OURS


OURS: tuple[Any, ...] = (PublicLine.Match.MATCHED, PublicLine.Match.FORMER, PublicLine.Match.SETTLED)
#: What a person still has to look at.
UNSETTLED: tuple[Any, ...] = (PublicLine.Match.OTHER_BATCH, PublicLine.Match.NOT_APPLIED, PublicLine.Match.UNKNOWN)
