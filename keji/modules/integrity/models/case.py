"""A case with its people, subjects, findings, measures, papers and observations. All of it is sealed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from keji.kernel.clock import today
from keji.kernel.people.crypto import SealedField
from keji.kernel.people.models import DatedQuerySet
from keji.kernel.people.roles import Role, Scope
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record
from keji.lib.months import add_months
from keji.modules.integrity import flow, flow_appeal
from keji.modules.integrity.models.access import SealedAccess
from keji.modules.integrity.models.catalogue import Line

CASE_ACCESS = SealedAccess(
    read={Role.LEADER: Scope.ALL, Role.OFFICER: Scope.OWN, Role.INSPECTOR: Scope.ALL},
    write={Role.LEADER: Scope.ALL, Role.OFFICER: Scope.OWN},
    region="",
    party="",
)


class WorkerQuerySet(DatedQuerySet):
    def in_force_now(self) -> Any:
        return self.in_force(today())


class Worker(models.Model):
    """Somebody the heads appointed to take in reports (办案人员), from–to."""

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="办案人员")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    objects: Any = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办案人员"

    def __str__(self) -> str:
        return str(self.account)


class Case(Record):
    """One case. Its page shows the course; what it is about stands in the sealed file, opened with a trace."""

    class State(models.TextChoices):
        RECEIVED = "received", "待初核"
        CHECKING = "checking", "初核中"
        REFUSED = "refused", "不予受理"
        TRANSFERRED = "transferred", "已转送"
        INVESTIGATING = "investigating", "调查中"
        REPORTED = "reported", "拟处理意见"
        PROPOSED = "proposed", "待集体审议"
        DECIDED = "decided", "待送达"
        SERVED = "served", "申诉期内"
        APPEALED = "appealed", "申诉待受理"
        REVIEWING = "reviewing", "复查中"
        REVIEWED = "reviewed", "复查完毕"
        IN_FORCE = "in_force", "执行中"
        CLOSED = "closed", "已结案"

    class Origin(models.TextChoices):
        REPORT = "report", "举报"
        ASSIGNED = "assigned", "上级交办或移送"
        FOUND = "found", "检查中发现"
        MEDIA = "media", "媒体披露"

    class Outcome(models.TextChoices):
        FOUND = "found", "认定成立"
        NOT_FOUND = "not_found", "认定不成立"

    class Review(models.TextChoices):
        UPHELD = "upheld", "维持"
        CHANGED = "changed", "变更"
        REVOKED = "revoked", "撤销"

    prefix = "CX"
    access = CASE_ACCESS
    flow = Flow(
        *(flow.TakeUp, flow.Accept, flow.Refuse, flow.Transfer, flow.Extend, flow.FileReport, flow.Propose),
        *(flow.SendBack, flow.Decide, flow.Serve, flow_appeal.Appeal, flow_appeal.AcceptAppeal),
        *(flow_appeal.RefuseAppeal, flow_appeal.ConcludeReview, flow_appeal.TakeEffect, flow_appeal.Reopen),
        flow_appeal.Close,
    )

    party = None  # type: ignore[assignment]  # a case has subjects, and they are sealed
    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)
    origin = models.CharField("线索来源", max_length=10, choices=Origin.choices)
    line = models.CharField("适用规则", max_length=12, choices=Line.choices, default=Line.MISCONDUCT)
    received_on = models.DateField("收到日期")
    year = models.PositiveSmallIntegerField("收到年度", editable=False, db_index=True)
    gist = SealedField("反映的主要问题", blank=True, default="")
    conduct_on = models.DateField("行为发生（终了）日期", null=True, blank=True)
    edition = models.ForeignKey(
        "integrity.Edition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用版本"
    )
    edition_reason = SealedField("适用版本的理由", blank=True, default="")
    accepted_on = models.DateField("立案日期", null=True, editable=False)
    refused_for = models.CharField("不予受理情形", max_length=12, blank=True, editable=False)
    close_note = SealedField("办理说明", blank=True, default="", editable=False)
    extended_months = models.PositiveSmallIntegerField("延长调查（月）", default=0, editable=False)
    extended_for = SealedField("延长理由", blank=True, default="", editable=False)
    report_text = SealedField("调查报告", blank=True, default="", editable=False)
    outcome = models.CharField("认定", max_length=10, choices=Outcome.choices, blank=True, editable=False)
    heard_on = models.DateField("告知并听取陈述申辩日期", null=True, editable=False)
    proposed_text = SealedField("拟处理意见", blank=True, default="", editable=False)
    decided_on = models.DateField("决定日期", null=True, editable=False)
    meeting = models.CharField("审议会议", max_length=100, blank=True, editable=False)
    decision_number = models.CharField("决定文号", max_length=60, blank=True, editable=False)
    served_on = models.DateField("送达日期", null=True, editable=False)
    appealed_on = models.DateField("申诉日期", null=True, editable=False)
    review_from_on = models.DateField("申诉受理日期", null=True, editable=False)
    review = models.CharField("复查结论", max_length=10, choices=Review.choices, blank=True, editable=False)
    review_text = SealedField("复查意见", blank=True, default="", editable=False)
    reviewed_on = models.DateField("复查决定日期", null=True, editable=False)
    review_number = models.CharField("复查决定文号", max_length=60, blank=True, editable=False)
    effective_on = models.DateField("生效日期", null=True, editable=False)
    closed_on = models.DateField("结案日期", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "科研诚信案件"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "served", "in_force"]) | Q(decided_on__isnull=False),
                name="integrity_decided_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(effective_on__isnull=False), name="integrity_in_force_has_date"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.year = self.received_on.year
        super().save(*args, **kwargs)

    def has_member(self, account: int | None, *parts: str) -> bool:
        return self.members.filter(account_id=account or 0, part__in=parts, left_at__isnull=True).exists()

    def members_of(self, *parts: str) -> Any:
        return self.members.filter(part__in=parts, left_at__isnull=True).select_related("account")

    def handler(self) -> str:
        return "、".join(m.account.name for m in self.members_of(Member.Part.HANDLER)) or "尚未承办"

    handler.label = "承办人"  # type: ignore[attr-defined]

    def edition_said(self) -> str:
        return str(self.edition) if self.edition else "未确定"

    edition_said.label = "适用版本"  # type: ignore[attr-defined]

    def due_said(self) -> str:
        from keji.modules.integrity.clocks import due_sentence

        return due_sentence(self)

    due_said.label = "办理时限"  # type: ignore[attr-defined]


class Member(models.Model):
    """One person's part in one case. Whoever joins declares that they have no interest in it."""

    class Part(models.TextChoices):
        HANDLER = "handler", "承办人"
        INVESTIGATOR = "investigator", "调查人员"
        REVIEWER = "reviewer", "复查人员"
        RECUSED = "recused", "回避"

    case = models.ForeignKey(Case, models.CASCADE, related_name="members", verbose_name="案件")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="人员")
    part = models.CharField("分工", max_length=12, choices=Part.choices)
    declared = models.BooleanField("已作利益冲突声明", default=False)
    joined_at = models.DateTimeField("参加时间")
    left_at = models.DateTimeField("退出时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "办案分工"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "account"], condition=Q(left_at__isnull=True), name="integrity_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_part_display()}"


class Subject(models.Model):
    """A unit or a person a case is about, what was found of them, and when the decision reached them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="subjects", verbose_name="案件")
    place = models.PositiveSmallIntegerField("序号")
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        "parties.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    violations = models.JSONField("行为", default=list)
    clause = SealedField("事实和条款", blank=True, default="")
    severity = models.CharField("情节", max_length=12, blank=True)
    factors = models.JSONField("从轻从重因素", default=dict)
    told_on = models.DateField("告知受理日期", null=True)
    served_on = models.DateField("送达日期", null=True)
    served_how = models.CharField("送达方式", max_length=60, blank=True)
    served_to = SealedField("签收人", blank=True, default="")
    review_served_on = models.DateField("复查决定送达日期", null=True)
    appealed_on = models.DateField("申诉日期", null=True)
    appeal_text = SealedField("申诉理由", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        ordering = ["case", "place"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=True) ^ Q(person__isnull=True), name="integrity_subject_one"
            ),
            models.UniqueConstraint(fields=["case", "place"], name="integrity_subject_place"),
            models.UniqueConstraint(
                fields=["case", "party"], condition=Q(party__isnull=False), name="integrity_subject_party_once"
            ),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(person__isnull=False), name="integrity_subject_person_once"
            ),
        ]

    def __str__(self) -> str:
        """What the log shows: which one, not who."""
        return f"{self.case.number} 第 {self.place} 名当事人"

    @property
    def name(self) -> str:
        return str(self.party or self.person)

    @property
    def in_breach(self) -> bool:
        return bool(self.violations)


class Sanction(models.Model):
    """One measure against one subject, as decided or as changed by a review; in force it is a Standing."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "拟定"
        DECIDED = "decided", "已决定"
        IN_FORCE = "in_force", "已生效"
        DONE = "done", "已执行"
        ENDED = "ended", "已撤销或变更"

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="sanctions", verbose_name="当事人")
    item = models.ForeignKey("integrity.CatalogueItem", models.PROTECT, related_name="+", verbose_name="措施")
    words = models.CharField("内容", max_length=200)
    months = models.PositiveSmallIntegerField("期限（月）", null=True, blank=True)
    permanent = models.BooleanField("长期", default=False)
    public = models.BooleanField("对外公开", default=False)
    by_review = models.BooleanField("复查变更", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    from_on = models.DateField("自", null=True)
    until_on = models.DateField("至", null=True)
    standing = models.OneToOneField(
        "parties.Standing", models.PROTECT, null=True, related_name="sanction", verbose_name="信用状态"
    )
    done_on = models.DateField("执行日期", null=True)
    done_note = SealedField("执行情况", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "处理措施"
        ordering = ["subject", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(months__isnull=False) & Q(permanent=True)), name="integrity_sanction_one_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} 处理措施"

    def period(self) -> str:
        return "长期" if self.permanent else f"{self.months} 个月" if self.months else ""

    def said(self) -> str:
        return f"{self.words}{f'（{self.period()}）' if self.period() else ''}"

    # What the public list shows.
    def whom(self) -> str:
        return self.subject.name

    whom.label = "单位或个人"  # type: ignore[attr-defined]

    def days(self) -> str:
        return self.standing.days() if self.standing else ""

    days.label = "期限"  # type: ignore[attr-defined]

    def basis(self) -> str:
        return self.standing.basis if self.standing else ""

    basis.label = "依据文书"  # type: ignore[attr-defined]


class CasePaper(models.Model):
    """An official paper of a case as issued: its words are kept and never changed; Word and PDF are made from them."""

    class Kind(models.TextChoices):
        ACCEPTANCE = "acceptance", "受理告知书"
        REPORT = "report", "调查报告"
        DECISION = "decision", "处理决定书"
        REVIEW = "review", "复查决定书"
        RECEIPT = "receipt", "送达回证"

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers", verbose_name="案件")
    subject = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="papers", verbose_name="当事人")
    kind = models.CharField("文书", max_length=12, choices=Kind.choices)
    number = models.CharField("文号", max_length=60, blank=True)
    content = SealedField("正文")
    issued_on = models.DateField("日期")
    issued_by = models.CharField("制作人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "案件文书"
        ordering = ["case", "issued_on", "pk"]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_kind_display()}"


class Observation(models.Model):
    """What the inspector noted on a case, and the handler's answer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="observations", verbose_name="案件")
    by = models.CharField("监督人", max_length=60)
    at = models.DateTimeField("时间")
    text = SealedField("监督意见")
    answer = SealedField("答复", blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "监督意见"
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.case.number} 监督意见"


def last_month_day(start: date, months: int) -> date:
    """The last day of a ban of `months` that begins on `start`, both included: 2024-03-01 + 12 → 2025-02-28."""
    return add_months(start, months) - timedelta(days=1)
