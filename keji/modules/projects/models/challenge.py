"""揭榜挂帅: a firm's problem put on the list, who answers it, who is chosen, a contract paid by result. 元."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.projects.challenges import flow as steps
from keji.modules.projects.models.access import APPLICANTS, FILED_BY_UNIT, OVERSEERS
from keji.modules.projects.models.programme import Programme
from keji.modules.projects.models.project import Project

#: Before the list is announced a problem is its firm's, its county's and the bureau's.
UNANNOUNCED = ("draft", "filed", "refined", "agreed", "dropped", "withdrawn")


class ChallengeQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """One's own problems in every state; from the announcement on everybody who may bid reads them."""
        found: Any = super().visible_to(actor)
        if not actor.has(Role.COUNTY, *APPLICANTS) or actor.is_system:
            return found  # type: ignore[no-any-return]
        return self.filter(Q(pk__in=found.values("pk")) | ~Q(state__in=UNANNOUNCED))  # type: ignore[return-value]


class Challenge(Record):
    """One problem with the results wanted and the money for them. `party` is the firm that asks."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        FILED = "filed", "待凝练论证"
        REFINED = "refined", "待出题单位确认"
        AGREED = "agreed", "待发榜"
        OPEN = "open", "揭榜中"
        MATCHING = "matching", "双方对接"
        EVALUATING = "evaluating", "评榜"
        CHOSEN = "chosen", "拟中榜"
        PUBLICISED = "publicised", "中榜公示"
        CONTRACTED = "contracted", "已签合同"
        DONE = "done", "已完成"
        FAILED = "failed", "流榜"
        DROPPED = "dropped", "未发榜"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "BD"
    access = FILED_BY_UNIT
    flow = Flow(*steps.CHALLENGE_STEPS)
    objects: ClassVar[Any] = ChallengeQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    title = models.CharField("榜单名称", max_length=80)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, related_name="challenges", verbose_name="科技计划"
    )
    need = models.TextField("需求内容", max_length=3000)
    wanted = models.JSONField("成果要求", default=list)  # [str], what acceptance is measured by
    prize = models.BigIntegerField("榜金（元）")
    firm_money = models.BigIntegerField("其中出题单位出资（元）")
    months = models.PositiveSmallIntegerField("完成期限（月）")
    terms = models.TextField("揭榜条件", max_length=2000, blank=True)
    panel = models.JSONField("论证专家", default=list, editable=False)  # [{name, unit}]
    argue_draw = models.CharField("论证专家抽取编号", max_length=24, blank=True, editable=False)
    argued = models.TextField("论证意见", max_length=2000, blank=True, editable=False)
    argued_on = models.DateField("论证日期", null=True, editable=False)
    argued_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="论证登记人"
    )
    opens_on = models.DateField("发榜日期", null=True, editable=False)
    closes_on = models.DateField("揭榜截止", null=True)
    contact = models.CharField("联系方式", max_length=200, blank=True)
    draw_number = models.CharField("评榜专家抽取编号", max_length=24, blank=True, editable=False)
    winner = models.OneToOneField(
        "projects.Bid", models.PROTECT, null=True, editable=False, related_name="won", verbose_name="拟中榜应榜书"
    )
    choice = models.CharField("中榜理由", max_length=500, blank=True, editable=False)
    notice = models.ForeignKey(
        "records.PublicNotice", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公示"
    )

    class Meta:
        verbose_name = verbose_name_plural = "揭榜挂帅榜单"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prize__gt=0, firm_money__gte=0) & Q(firm_money__lte=F("prize")), name="challenge_money"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNANNOUNCED) | Q(closes_on__isnull=False), name="challenge_announced_has_day"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "closes_on"], name="challenge_state"),
            models.Index(fields=["region", "-id"], name="challenge_region"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def bureau_money(self) -> int:
        return self.prize - self.firm_money

    bureau_money.fget.label = "其中财政资金（元）"  # type: ignore[attr-defined]


#: A bid is its bidder's; whoever else may read it, and from when on, stands in its queryset.
OWN_BID = Access(
    read={**dict.fromkeys(OVERSEERS, Scope.ALL), **dict.fromkeys(APPLICANTS, Scope.PARTY)},
    write={Role.OFFICER: Scope.ALL, **dict.fromkeys(APPLICANTS, Scope.PARTY)},
    region="",
)


class BidQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> BidQuerySet:
        """Sealed until the closing day: not even the bureau opens a bid before. A bidder never reads another's."""
        if actor.is_system:
            return self
        mine = Q(party__in=actor.parties)
        opened = Q(state__in=("submitted", "won", "lost")) & ~Q(challenge__state="open")
        rivals = Q(challenge__in=self.model._default_manager.filter(mine).values("challenge"))
        asked = Q(challenge__party__in=actor.parties)
        others = (Q() if actor.has(*OVERSEERS) else asked) & opened & ~rivals
        return self.filter(mine | others)  # type: ignore[return-value]

    def standing(self) -> BidQuerySet:
        return self.exclude(state__in=("draft", "withdrawn"))  # type: ignore[return-value]


class Bid(Record):
    """应榜: one unit's answer to one problem. `party` is the bidder."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "已应榜"
        WON = "won", "中榜"
        LOST = "lost", "未中榜"
        WITHDRAWN = "withdrawn", "已撤回"

    prefix = "YB"
    access = OWN_BID
    flow = Flow(*steps.BID_STEPS)
    objects: ClassVar[Any] = BidQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="bids", verbose_name="榜单")
    leader_name = models.CharField("项目负责人", max_length=60, blank=True)
    plan = models.TextField("解决方案", max_length=3000, blank=True)
    answers = models.JSONField("逐条响应", default=list, blank=True)  # [str], one for each result wanted
    price = models.BigIntegerField("报价（元）", default=0)
    months = models.PositiveSmallIntegerField("完成时间（月）", null=True, blank=True)
    partners = models.CharField("联合揭榜单位", max_length=200, blank=True)
    promised = models.BooleanField("已作科研诚信承诺", default=False)
    firm_points = models.DecimalField("出题单位评分", max_digits=5, decimal_places=1, null=True, editable=False)
    firm_willing = models.BooleanField("出题单位愿意合作", null=True, editable=False)
    firm_comment = models.CharField("出题单位意见", max_length=500, blank=True, editable=False)
    opinion = models.CharField("专家组意见", max_length=500, blank=True, editable=False)
    exact_score = models.CharField("精确得分", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "应榜"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "party"], condition=~Q(state="withdrawn"), name="bid_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="bid_price"),
        ]

    def __str__(self) -> str:
        return f"{self.party.name}应榜"


class Talk(models.Model):
    """双方对接: the firm and one bidder met."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="talks", verbose_name="应榜")
    held_on = models.DateField("对接日期")
    note = models.CharField("对接情况", max_length=500)
    noted_by = models.CharField("登记人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "双方对接"
        ordering = ["held_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["bid", "held_on", "note"], name="talk_once")]

    def __str__(self) -> str:
        return f"{self.bid} {self.held_on}"


class BidScore(models.Model):
    """One expert's points for one bid, as the panel's secretary entered them."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="scores", verbose_name="应榜")
    expert = models.CharField("专家", max_length=60)
    unit = models.CharField("专家单位", max_length=120)
    points = models.DecimalField("得分", max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = verbose_name_plural = "评榜得分"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "expert", "unit"], name="bid_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="bid_score_range"),
        ]

    def __str__(self) -> str:
        return f"{self.bid}：{self.points}"


class Contract(models.Model):
    """The three-party contract: the firm, the winner, the bureau; from the last signature on there is a project."""

    challenge = models.OneToOneField(Challenge, models.CASCADE, related_name="contract", verbose_name="榜单")
    content = models.TextField("研究内容", max_length=2000)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    firm_money = models.BigIntegerField("出题单位出资（元）")
    bureau_money = models.BigIntegerField("财政资金（元）")
    winner_by = models.CharField("揭榜方签订人", max_length=60, blank=True)
    winner_at = models.DateTimeField("揭榜方签订时间", null=True)
    firm_by = models.CharField("出题方签订人", max_length=60, blank=True)
    firm_at = models.DateTimeField("出题方签订时间", null=True)
    project = models.OneToOneField(
        Project, models.PROTECT, null=True, related_name="contract", verbose_name="科技计划项目"
    )
    docx = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+", verbose_name="合同 Word")
    pdf = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+", verbose_name="合同 PDF")
    checks = models.JSONField("榜单指标核对", default=list)  # [{target, met, note}]

    class Meta:
        verbose_name = verbose_name_plural = "揭榜三方合同"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contract_dates"),
            models.CheckConstraint(condition=Q(firm_money__gte=0, bureau_money__gt=0), name="contract_money"),
        ]

    def __str__(self) -> str:
        return f"{self.challenge}三方合同"


class Stage(models.Model):
    """One milestone of a contract: what is to be shown, who pays how much for it, whether it was shown."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="stages", verbose_name="合同")
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("节点", max_length=80)
    target = models.CharField("考核内容", max_length=300)
    due_on = models.DateField("完成期限")
    firm_amount = models.BigIntegerField("出题单位支付（元）")
    bureau_amount = models.BigIntegerField("财政拨付（元）")
    milestone = models.OneToOneField(
        "projects.Milestone", models.PROTECT, null=True, related_name="stage", verbose_name="项目节点"
    )
    passed = models.BooleanField("出题单位认可", null=True)
    judged_on = models.DateField("考核日期", null=True)
    judged_by = models.CharField("考核人", max_length=60, blank=True)
    finding = models.CharField("考核意见", max_length=500, blank=True)
    confirmed_on = models.DateField("市局确认日期", null=True)
    confirmed_by = models.CharField("市局确认人", max_length=60, blank=True)
    firm_paid_on = models.DateField("出题单位支付日期", null=True)
    firm_order_code = models.CharField("出题单位付款凭证号", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "揭榜节点"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "order"], name="stage_once"),
            models.CheckConstraint(condition=Q(firm_amount__gte=0, bureau_amount__gte=0), name="stage_amounts"),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(passed=True), name="stage_confirmed_has_passed"
            ),
            models.CheckConstraint(
                condition=Q(firm_paid_on__isnull=True) | Q(confirmed_on__isnull=False), name="stage_paid_by_result"
            ),
        ]

    def __str__(self) -> str:
        return self.name
