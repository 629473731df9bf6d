"""Review: a batch of proposals, one sheet an expert and proposal, and the meeting that decides."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.models.access import OWN_REVIEW, WORKING_PAPER
from keji.modules.projects.models.guideline import Guideline
from keji.modules.projects.models.programme import Criterion
from keji.modules.projects.models.proposal import Proposal
from keji.modules.projects.reviews import flow as steps


class ReviewBatch(Record):
    """Proposals of one guideline that the same panel judges. Who sits on it stands on the sheets, nowhere else."""

    class State(models.TextChoices):
        DRAFT = "draft", "组建中"
        RUNNING = "running", "评审中"
        CLOSED = "closed", "已结束"

    prefix = "PS"
    access = WORKING_PAPER
    flow = Flow(steps.StartBatch, steps.CloseBatch)
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    party = None  # type: ignore[assignment]
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    guideline = models.ForeignKey(Guideline, models.PROTECT, related_name="batches", verbose_name="项目指南")
    title = models.CharField("名称", max_length=120)
    due_on = models.DateField("评审截止")
    draw_number = models.CharField("专家抽取编号", max_length=24, blank=True, editable=False)
    looked_at = models.CharField("匿名检查核对", max_length=32, blank=True, editable=False)  # digest of what was found

    class Meta:
        verbose_name = verbose_name_plural = "评审批次"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["guideline", "title"], name="review_batch_once")]

    def __str__(self) -> str:
        return self.title


class ReviewQuerySet(VisibleQuerySet):
    def visible_to(self, actor: Actor) -> ReviewQuerySet:
        """What every one of a person's roles would let them see: nobody reads how their own proposal was judged from
        inside, and who still has to judge a proposal does not see how others did."""
        found: Any = super().visible_to(actor)
        if actor.is_system:
            return found  # type: ignore[no-any-return]
        mine = Q(person__account=actor.id)
        own = (
            Q(proposal__party__in=actor.parties)
            | Q(proposal__partners__party__in=actor.parties)
            | Q(proposal__leader__account=actor.id)
        )
        inside = self.model._default_manager.filter(own).values("pk")
        waiting = self.model._default_manager.filter(mine, state="assigned").values("proposal")
        return found.exclude(pk__in=inside).filter(mine | ~Q(proposal__in=waiting))  # type: ignore[no-any-return]


class Review(models.Model):
    """One expert's sheet on one proposal. Everywhere but here the expert is a code."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", "待评审"
        SUBMITTED = "submitted", "已提交"
        RECUSED = "recused", "已回避"

    access = OWN_REVIEW
    flow = Flow(steps.SubmitReview, steps.EnterPaper, steps.Recuse, steps.Release)
    objects: ClassVar[Any] = ReviewQuerySet.as_manager()

    batch = models.ForeignKey(ReviewBatch, models.PROTECT, related_name="reviews", verbose_name="评审批次")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reviews", verbose_name="项目申报")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", verbose_name="专家")
    code = models.CharField("专家代号", max_length=10)
    draw_number = models.CharField("专家抽取编号", max_length=24, blank=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.ASSIGNED)
    state_since = models.DateTimeField("进入状态时间", null=True)
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, null=True)
    comment = models.TextField("总体意见", max_length=2000, blank=True)
    flagged = models.BooleanField("偏离较大", default=False)
    explanation = models.CharField("偏离说明", max_length=500, blank=True)
    explained_by = models.CharField("说明人", max_length=60, blank=True)
    reason = models.CharField("回避原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "专家评审表"
        ordering = ["batch", "proposal", "code"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "person"], name="review_once"),
            models.CheckConstraint(condition=~Q(state="submitted") | Q(total__isnull=False), name="review_has_total"),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="review_of_person"),
            models.Index(fields=["batch", "state"], name="review_of_batch"),
        ]

    def __str__(self) -> str:
        return f"评审表 {self.batch.number}-{self.code}-{self.proposal_id}"


class Mark(models.Model):
    """Points and a comment for one criterion; kept while the sheet is being filled in."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks", verbose_name="专家评审表")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name="评审指标")
    points = models.DecimalField("得分", max_digits=5, decimal_places=1, null=True)
    comment = models.CharField("评语", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单项评分"
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="project_mark_once"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__gte=0), name="project_mark_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}：{self.points}"


class DecisionMeeting(models.Model):
    """A meeting that decided on proposals of one guideline together; once recorded it does not change."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", "局长办公会"
        PARTY = "party", "局党组会"

    guideline = models.ForeignKey(Guideline, models.PROTECT, related_name="meetings", verbose_name="项目指南")
    kind = models.CharField("会议", max_length=10, choices=Kind.choices)
    held_on = models.DateField("会议日期")
    minutes = models.CharField("会议纪要编号", max_length=60)
    attendees = models.JSONField("参会人员", default=list)
    recorded_by = models.CharField("登记人", max_length=60)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "集体决策会议"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["guideline", "minutes"], name="decision_meeting_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.minutes}"


class Decision(models.Model):
    """What a meeting said of one proposal, and how much it gives it."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "同意立项"
        DECLINED = "declined", "不予立项"
        DEFERRED = "deferred", "暂缓"

    meeting = models.ForeignKey(DecisionMeeting, models.CASCADE, related_name="decisions")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="decisions")
    outcome = models.CharField("决定", max_length=10, choices=Outcome.choices)
    grant = models.BigIntegerField("核定资助（元）", default=0)
    reason = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "立项决定"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "proposal"], name="project_decision_once"),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(grant__gt=0), name="project_decision_has_grant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}：{self.get_outcome_display()}"
