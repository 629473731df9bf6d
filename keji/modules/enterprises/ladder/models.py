"""Who is nearly on the next rung, who is being helped there, who was asked and does not want to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.modules.enterprises.ladder import flow as steps
from keji.modules.enterprises.ladder.visiting import Finding


class Rung(models.TextChoices):
    """The rungs, by the same codes as certifications and rules, from the lowest up."""

    TECH_SME = "tech_sme", "科技型中小企业"
    INNOVATIVE_SME = "innovative_sme", "创新型中小企业"
    HNTE = "hnte", "高新技术企业"
    SRDI = "srdi", "专精特新中小企业"
    LITTLE_GIANT = "little_giant", "专精特新“小巨人”企业"


#: Working lists are the bureau's and the counties'; firms see their own verdicts, not who is to call on them.
WORKERS = Access(
    read={**dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL), Role.COUNTY: Scope.REGION},
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
)


class ProspectRun(models.Model):
    """One sifting of the assessments: from when it dates and what it came to."""

    at = models.DateTimeField("更新时间")
    judged_until = models.DateTimeField("评判截至", null=True)
    touched = models.PositiveIntegerField("重新筛选数", default=0)
    total = models.PositiveIntegerField("后备企业数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "后备名单更新"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"后备名单 {self.total} 条"


class Prospect(models.Model):
    """A firm that meets a rule or lacks one thing of it. Derived from its assessment, never entered."""

    class Kind(models.TextChoices):
        READY = "ready", "已达标"
        EXPERTS = "experts", "需专家评审"
        FACT = "fact", "差一项资料"
        CONDITION = "condition", "差一项条件"

    access = Access(read=WORKERS.read, region="region")
    objects = VisibleQuerySet.as_manager()

    assessment = models.OneToOneField("rules.Assessment", models.CASCADE, related_name="prospect", verbose_name="评判")
    # The assessment knows both; here again, for every list asks by them.
    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="+", verbose_name="单位")
    region = models.ForeignKey("parties.Region", models.PROTECT, related_name="+", verbose_name="县区")
    rule = models.CharField("目标梯级", max_length=40, choices=Rung.choices)
    kind = models.CharField("差距类型", max_length=10, choices=Kind.choices)
    key = models.CharField("条件", max_length=60, blank=True)
    label = models.CharField("差在哪里", max_length=160, blank=True)
    gap = models.CharField("差多少", max_length=300, blank=True)
    effort = models.PositiveIntegerField("差距（千分比）", default=0)
    open_count = models.PositiveSmallIntegerField("资料不足项数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "后备企业"
        ordering = ["effort", "pk"]
        indexes = [
            models.Index(fields=["rule", "kind", "effort", "id"], name="prospect_near"),
            models.Index(fields=["rule", "kind", "region", "effort", "id"], name="prospect_county"),
            models.Index(fields=["rule", "kind", "key", "effort", "id"], name="prospect_key"),
            # Where firms stand is counted from this alone.
            models.Index(fields=["rule", "kind", "key", "region", "party"], name="prospect_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.get_rule_display()}"


class CultivationEntry(Record):
    """One firm helped up to one rung in one year: whose it is, what is lacking, what came of it."""

    class State(models.TextChoices):
        CULTIVATING = "cultivating", "培育中"
        APPLIED = "applied", "已申报"
        ACHIEVED = "achieved", "已达成"
        DROPPED = "dropped", "已移出"

    class Origin(models.TextChoices):
        NEAR = "near", "临近达标"
        FACT = "fact", "补齐资料"
        DUE = "due", "应评未评、达标未报"
        RENEWAL = "renewal", "到期重新认定"
        OTHER = "other", "其他"

    prefix = "PY"
    access = WORKERS
    flow = Flow(steps.Call, steps.MarkApplied, steps.Achieve, steps.Drop, steps.Resume)

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    rung = models.CharField("目标梯级", max_length=20, choices=Rung.choices)
    year = models.PositiveSmallIntegerField("年度")
    owner = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任人"
    )
    origin = models.CharField("列入原因", max_length=10, choices=Origin.choices, default=Origin.OTHER)
    condition = models.CharField("依据条件", max_length=160, blank=True)
    gap = models.CharField("列入时差距", max_length=300, blank=True)
    plan = models.TextField("培育措施", blank=True)
    visited_on = models.DateField("最近走访", null=True, editable=False)
    visits_count = models.PositiveSmallIntegerField("走访次数", default=0, editable=False)
    next_on = models.DateField("下次跟进", null=True, editable=False)
    result = models.CharField("结果", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "培育清单"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["party", "rung", "year"], name="cultivation_once_a_year")]
        indexes = [
            models.Index(fields=["region", "-id"], name="cultivation_region"),
            models.Index(fields=["state", "-id"], name="cultivation_state"),
            models.Index(fields=["owner", "state", "next_on"], name="cultivation_owner"),
            models.Index(fields=["rung", "year", "state"], name="cultivation_rung"),
            models.Index(fields=["next_on", "id"], name="cultivation_next"),
        ]

    def __str__(self) -> str:
        return f"{self.party.name}（{self.year}年{self.get_rung_display()}）"


class Visit(models.Model):
    """What was found at a firm on one day and what follows; never changed, a mistake is put right by the next one."""

    entry = models.ForeignKey(CultivationEntry, models.CASCADE, related_name="visits", verbose_name="培育对象")
    on = models.DateField("走访日期")
    finding = models.CharField("企业情况", max_length=12, choices=Finding.choices)
    note = models.CharField("发现的问题", max_length=500, blank=True)
    promised = models.CharField("企业承诺", max_length=300, blank=True)
    next_step = models.CharField("下一步", max_length=300, blank=True)
    next_on = models.DateField("下次跟进", null=True, blank=True)
    by = models.CharField("走访人", max_length=60)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "走访记录"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.entry.number} 走访"


class Waiver(Record):
    """Why a firm that could apply does not this year: one person says so, another accepts it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待认可"
        ACCEPTED = "accepted", "已认可"
        REJECTED = "rejected", "未认可"

    class Reason(models.TextChoices):
        UNWILLING = "unwilling", "企业不愿申报"
        BOOKS = "books", "研发费用未归集，今年来不及"
        MOVING = "moving", "拟迁出本市"
        CLOSING = "closing", "停产或注销"
        CONDUCT = "conduct", "有未了结的违法违规事项"
        OTHER = "other", "其他"

    prefix = "SM"
    access = WORKERS
    flow = Flow(steps.AcceptWaiver, steps.RejectWaiver, steps.ProposeAgain)

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    rung = models.CharField("目标梯级", max_length=20, choices=Rung.choices)
    year = models.PositiveSmallIntegerField("年度")
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    explanation = models.CharField("具体情况", max_length=300)
    accepted_by = models.CharField("认可人", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "不申报说明"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "rung", "year"], condition=~Q(state="rejected"), name="waiver_once_a_year"
            )
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="waiver_region"),
            models.Index(fields=["state", "-id"], name="waiver_state"),
        ]

    def __str__(self) -> str:
        return f"{self.party.name} {self.year}年不申报{self.get_rung_display()}"
