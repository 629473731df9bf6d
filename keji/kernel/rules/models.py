"""The regulation shelf, dated numbers changed by two people, and verdicts that keep what they rested on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow, Step
from keji.lib.figures import plain_date
from keji.lib.rules.found import Verdict

SHELF = Access(
    read=dict.fromkeys([Role.LEADER, Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSPECTOR], Scope.ALL),
    write={Role.OFFICER: Scope.ALL},
    region="",
    party="",
)


class Regulation(models.Model):
    """A document a rule or a number rests on."""

    access = SHELF
    objects = VisibleQuerySet.as_manager()

    number = models.CharField("文号", max_length=80, unique=True)
    title = models.CharField("名称", max_length=200)
    issuer = models.CharField("发布机关", max_length=120)
    issued_on = models.DateField("发布日期", null=True, blank=True)
    from_on = models.DateField("施行日期", null=True, blank=True)
    until_on = models.DateField("失效日期", null=True, blank=True)
    checked = models.BooleanField("已核对原文", default=False)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "法规依据"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）"


class PutInForce(Step):
    name, label = "approve", "批准生效"
    source, target = ("proposed",), "in_force"
    roles = frozenset({Role.OFFICER})

    def objection(self, actor: Actor, record: Any) -> str:
        return "提出和批准必须是两个人" if record.proposed_by_id == actor.id and not actor.is_system else ""


class Withdraw(Step):
    name, label = "withdraw", "撤回"
    source, target = ("proposed",), "withdrawn"
    roles = frozenset({Role.OFFICER})
    tone, needs_reason, in_todo = "secondary", True, False


class ParameterValue(models.Model):
    """One number of a rule from a day on. What was used before stays; the newest in force on the day counts."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        IN_FORCE = "in_force", "生效"
        WITHDRAWN = "withdrawn", "已撤回"

    access = SHELF
    flow = Flow(PutInForce, Withdraw)
    objects = VisibleQuerySet.as_manager()

    name = models.CharField("参数", max_length=80)
    label = models.CharField("含义", max_length=120)
    value = models.DecimalField("数值", max_digits=20, decimal_places=6)
    unit = models.CharField("单位", max_length=20, blank=True)
    from_on = models.DateField("自")
    cites = models.CharField("依据", max_length=200)
    certain = models.BooleanField("已核对", default=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PROPOSED, editable=False)
    state_since = models.DateTimeField(null=True, editable=False)
    proposed_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="提出人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "规则参数"
        ordering = ["name", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "from_on"], condition=models.Q(state="in_force"), name="parameter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value.normalize():f}{self.unit}"


def parameter(name: str, on: date) -> Decimal:
    """The number in force on a day. Raises LookupError when there is none: a rule never guesses."""
    found = (
        ParameterValue.objects.filter(name=name, from_on__lte=on, state=ParameterValue.State.IN_FORCE)
        .order_by("-from_on")
        .values_list("value", flat=True)
        .first()
    )
    if found is None:
        raise LookupError(f"参数 {name} 在{plain_date(on)}没有生效的数值")
    return found


class Judgement(models.Model):
    """A verdict as it was given: edition, facts and explanation kept, whatever changes later."""

    rule = models.CharField("规则", max_length=40)
    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="judgements", verbose_name="单位")
    on = models.DateField("评判日期")
    edition = models.DateField("版本")
    passed = models.BooleanField("结论", null=True)
    facts = models.JSONField("所用事实", default=dict)
    trace = models.JSONField("说明", default=dict)
    at = models.DateTimeField("时间")
    by = models.CharField("评判人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "评判结果"
        ordering = ["-at"]
        indexes = [models.Index(fields=["party", "rule", "-at"], name="judgement_latest")]

    def __str__(self) -> str:
        return f"{self.party} {self.rule}"


class Assessment(models.Model):
    """Where a unit stands with a rule now, from the nightly judging of everybody; replaced when its facts change."""

    worked_out = True  # after a merge of two units the next judging makes it anew
    access = Access(
        read={
            **dict.fromkeys([Role.LEADER, Role.OFFICER, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION], Scope.PARTY),
        },
        region="party__region",
    )
    objects = VisibleQuerySet.as_manager()

    rule = models.CharField("规则", max_length=40)
    party = models.ForeignKey("parties.Party", models.CASCADE, related_name="assessments", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    edition = models.DateField("版本")
    passed = models.BooleanField("结论", null=True)
    failing = models.JSONField("不符合的条件", default=dict)  # condition → what is short, in its smallest step
    failing_count = models.PositiveSmallIntegerField("不符合项数", default=0)
    open_count = models.PositiveSmallIntegerField("资料不足项数", default=0)
    score_low = models.SmallIntegerField("最低分", null=True)
    score_high = models.SmallIntegerField("最高分", null=True)
    effort = models.PositiveIntegerField("差距（千分比）", null=True)  # of the one condition that fails
    digest = models.CharField(
        "依据摘要", max_length=32
    )  # facts, edition and numbers: the same ones are not judged again
    since = models.DateTimeField("结论自")
    at = models.DateTimeField("评判时间")

    class Meta:
        verbose_name = verbose_name_plural = "评判现状"
        ordering = ["party", "rule"]
        constraints = [models.UniqueConstraint(fields=["party", "rule"], name="assessment_once")]
        indexes = [
            models.Index(fields=["rule", "passed", "party"], name="assessment_outcome"),
            models.Index(fields=["rule", "failing_count", "open_count", "effort"], name="assessment_near"),
            models.Index(fields=["at"], name="assessment_newest"),  # boards ask whether there is anything newer
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.rule}"


from keji.kernel.rules.runs import AssessmentRun, OutcomeChange  # noqa: E402 - Django looks for models here

__all__ = [
    "Assessment",
    "AssessmentRun",
    "Judgement",
    "OutcomeChange",
    "ParameterValue",
    "Regulation",
    "keep_verdict",
    "parameter",
]


def keep_verdict(verdict: Verdict, party: Any, *, on: date, actor: Actor, at: datetime) -> Judgement:
    from keji.kernel.audit.log import plain

    return Judgement.objects.create(
        rule=verdict.rule,
        party=party,
        on=on,
        edition=verdict.edition,
        passed=verdict.passed,
        facts=plain(dict(verdict.facts)),
        trace=verdict.trace(),
        at=at,
        by=actor.name,
    )
