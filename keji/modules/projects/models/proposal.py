"""A unit's proposal under a guideline, who takes part, its materials, and what it looks like."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.crypto import SealedField
from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.models.access import FILED_BY_UNIT, WORKING_PAPER
from keji.modules.projects.models.guideline import Guideline
from keji.modules.projects.proposals import flow as steps

#: States in which a proposal counts against a unit's and a leader's limits.
STANDING = (
    *("submitted", "recommended", "returned", "form_passed", "reviewing", "reviewed"),
    *("approved", "publicised", "established"),
)


class ProposalQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """Whoever still has to review a proposal blind reads it there and nowhere else, whatever else they are."""
        found = super().visible_to(actor)
        if actor.is_system:
            return found
        blind = Q(reviews__person__account=actor.id, reviews__state="assigned", guideline__scheme__blind=True)
        judged = self.model._default_manager.filter(blind).values("pk")
        return found.exclude(pk__in=judged)

    def standing(self) -> ProposalQuerySet:
        return self.filter(state__in=STANDING)


class Proposal(Record):
    """One application for a project; money in 元. `party` is the applicant, `region` the county that recommends."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        UNIT_CHECK = "unit_check", "待单位审核"
        SUBMITTED = "submitted", "待推荐"
        RECOMMENDED = "recommended", "待形式审查"
        RETURNED = "returned", "退回补正"
        FORM_PASSED = "form_passed", "待评审"
        REVIEWING = "reviewing", "评审中"
        REVIEWED = "reviewed", "待集体决策"
        APPROVED = "approved", "拟立项"
        PUBLICISED = "publicised", "公示中"
        ESTABLISHED = "established", "已立项"
        DECLINED = "declined", "不予立项"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "XS"
    access = FILED_BY_UNIT
    flow = Flow(
        *(steps.ToUnit, steps.UnitBack, steps.Submit, steps.Recommend, steps.CountyBack, steps.NotRecommend),
        *(steps.PassForm, steps.ReturnOnce, steps.Resubmit, steps.FailForm, steps.StartReview, steps.CloseReview),
        *(steps.Approve, steps.TurnDown, steps.Publicise, steps.AnnounceAgain, steps.Uphold, steps.Establish),
        steps.Withdraw,
    )
    objects: ClassVar[Any] = ProposalQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    guideline = models.ForeignKey(Guideline, models.PROTECT, related_name="proposals", verbose_name="项目指南")
    title = models.CharField("项目名称", max_length=80)
    theme = models.CharField("支持方向", max_length=80, blank=True)
    leader_name = models.CharField("项目负责人", max_length=60, blank=True)
    leader_id_number = SealedField("负责人证件号码", blank=True, default="")
    leader = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="负责人（建档）"
    )
    months = models.PositiveSmallIntegerField("执行期（月）", null=True, blank=True)
    abstract = models.TextField("摘要", max_length=600, blank=True)
    contents = models.JSONField("申报书内容", default=dict, blank=True)  # {section's code: text}
    equipment = models.BigIntegerField("申请经费：设备费（元）", default=0)
    business = models.BigIntegerField("申请经费：业务费（元）", default=0)
    labour = models.BigIntegerField("申请经费：劳务费（元）", default=0)
    indirect = models.BigIntegerField("申请经费：间接费用（元）", default=0)
    own_money = models.BigIntegerField("自筹经费（元）", default=0)
    revenue = models.BigIntegerField("上年度营业收入（元）", null=True, blank=True)
    staff = models.PositiveIntegerField("职工总数（人）", null=True, blank=True)
    rnd_staff = models.PositiveIntegerField("研发人员（人）", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = SealedField("联系电话", blank=True, default="")
    avoided = models.JSONField("申请回避的专家", default=list, blank=True)  # [{name, unit, reason}], at most three
    promised = models.BooleanField("已作科研诚信承诺", default=False)
    form_checks = models.JSONField("形式审查情况", default=list, editable=False)  # [{item, passed, note}]
    returns = models.PositiveSmallIntegerField("补正次数", default=0, editable=False)
    reason = models.CharField("未立项原因", max_length=500, blank=True, editable=False)
    filled_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    score = models.DecimalField("评审得分", max_digits=7, decimal_places=4, null=True, editable=False)
    exact_score = models.CharField("精确得分", max_length=40, blank=True, editable=False)  # "265/3"
    grant = models.BigIntegerField("核定资助（元）", null=True, editable=False)
    batch = models.ForeignKey(
        "projects.ReviewBatch", models.PROTECT, null=True, editable=False, related_name="proposals",
        verbose_name="评审批次",
    )  # fmt: skip
    notice = models.ForeignKey(
        "records.PublicNotice", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公示"
    )

    class Meta:
        verbose_name = verbose_name_plural = "项目申报"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["guideline", "party", "title"], condition=~Q(state="withdrawn"), name="proposal_once"
            ),
            models.CheckConstraint(
                condition=Q(equipment__gte=0, business__gte=0, labour__gte=0, indirect__gte=0, own_money__gte=0),
                name="proposal_money",
            ),
            models.CheckConstraint(
                condition=Q(rnd_staff__isnull=True) | Q(staff__isnull=True) | Q(rnd_staff__lte=F("staff")),
                name="proposal_staff",
            ),
        ]
        indexes = [
            models.Index(fields=["guideline", "state"], name="proposal_guideline"),
            models.Index(fields=["region", "-id"], name="proposal_region"),
            models.Index(fields=["party", "state"], name="proposal_party"),
        ]

    @property
    def form_items(self) -> list[str]:
        """The points of its form check (keji.kernel.records.checklist)."""
        found: list[str] = self.guideline.form_items
        return found

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> int:
        """What is asked of the bureau, in 元: the sum of its budget."""
        return self.equipment + self.business + self.labour + self.indirect

    asked.fget.label = "申请资助（元）"  # type: ignore[attr-defined]

    @property
    def total(self) -> int:
        return self.asked + self.own_money

    total.fget.label = "总投入（元）"  # type: ignore[attr-defined]


class Member(models.Model):
    """Somebody who takes part, as the proposal names them."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="members", verbose_name="项目申报")
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务职称", max_length=60, blank=True)
    field = models.CharField("从事专业", max_length=60, blank=True)
    task = models.CharField("承担任务", max_length=120, blank=True)
    unit = models.CharField("所在单位", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "项目组成员"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """A co-operating unit; `party` when the house knows it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="partners", verbose_name="项目申报")
    name = models.CharField("合作单位", max_length=120)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    task = models.CharField("分工", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "合作单位"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """One item of the guideline's checklist as this proposal answers it; its files hang on it as attachments."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="materials", verbose_name="项目申报")
    code = models.CharField("材料", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "申报材料"
        constraints = [models.UniqueConstraint(fields=["proposal", "code"], name="project_material_once")]

    def __str__(self) -> str:
        named = {m["code"]: m["name"] for m in self.proposal.guideline.materials}
        return str(named.get(self.code, self.code))


class EarlierProject(models.Model):
    """A project of earlier years or of another level, kept to compare with; not followed here."""

    access = WORKING_PAPER
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()

    code = models.CharField("项目编号", max_length=40, unique=True)
    title = models.CharField("项目名称", max_length=160)
    unit = models.CharField("承担单位", max_length=120)
    year = models.PositiveSmallIntegerField("立项年度")
    programme = models.CharField("计划类别", max_length=80, blank=True)
    money = models.BigIntegerField("资助经费（元）", default=0)
    abstract = models.TextField("摘要", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "往年项目"
        ordering = ["-year", "code"]

    def __str__(self) -> str:
        return self.title


class Likeness(models.Model):
    """Another text a proposal has much in common with, and what an officer made of it. Shares in 1/10,000."""

    class Judgement(models.TextChoices):
        OPEN = "open", "待判断"
        DIFFERENT = "different", "不构成重复"
        SAME = "same", "构成重复"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="likenesses", verbose_name="项目申报")
    code = models.CharField("相似项目编号", max_length=40)
    title = models.CharField("相似项目", max_length=160)
    unit = models.CharField("单位", max_length=120)
    share = models.PositiveIntegerField("相似度（万分之）")
    passages = models.JSONField("相同段落", default=list)
    judgement = models.CharField("判断", max_length=10, choices=Judgement.choices, default=Judgement.OPEN)
    note = models.CharField("判断理由", max_length=300, blank=True)
    judged_by = models.CharField("判断人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "相似项目"
        ordering = ["-share", "code"]
        constraints = [models.UniqueConstraint(fields=["proposal", "code"], name="likeness_once")]

    def __str__(self) -> str:
        return f"{self.title}（{self.code}）"
