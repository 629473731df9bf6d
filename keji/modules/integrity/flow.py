"""The course of a case up to service: 收到 → 初核 → 立案 / 不予受理 → 调查 → 处理意见 → 集体审议决定 → 送达.

Shape of 国科发监〔2022〕221号. Who investigates does not decide. What a step is told is sealed with the case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.modules.integrity import flow_forms as asks

OFFICER = frozenset({Role.OFFICER})
LEADER = frozenset({Role.LEADER})
HANDLER = ("handler",)


class ByMember(Step):
    """By somebody with a part in this case."""

    roles = OFFICER
    parts: ClassVar[tuple[str, ...]] = HANDLER
    needs_member: ClassVar[str] = "由本案承办人办理"

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and not record.has_member(actor.id, *self.parts):
            return self.needs_member
        return self.hindrance(actor, record)

    def hindrance(self, actor: Actor, record: Any) -> str:
        """What else stands in the way; for subclasses."""
        return ""

    def not_for(self, actor: Actor) -> models.Q:
        from keji.modules.integrity.models import Member

        mine = Member.objects.filter(account_id=actor.account_id, part__in=self.parts, left_at__isnull=True)
        return ~models.Q(pk__in=mine.values("case_id"))


class ByHead(Step):
    """By a head who took no part in the case and has no interest in it."""

    roles = LEADER
    apart: ClassVar[str] = "参与调查、复查的人员不参与决定，请由其他局领导办理"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.kernel.people.models import Account
        from keji.modules.integrity.conflict import conflict

        if actor.is_system:
            return self.hindrance(actor, record)
        if any(a.role == Role.LEADER and a.lent_by for a in actor.authorities) and not any(
            a.role == Role.LEADER and not a.lent_by for a in actor.authorities
        ):
            return "诚信案件的决定不能委托他人代办"
        if record.members.filter(account_id=actor.id).exists():
            return self.apart
        if why := conflict(record, Account.objects.get(pk=actor.account_id)):
            return why
        return self.hindrance(actor, record)

    def hindrance(self, actor: Actor, record: Any) -> str:
        return ""


class TakeUp(Step):
    name, label = "take_up", "开始初核"
    source, target = ("received",), "checking"
    roles = OFFICER
    form = asks.DeclareForm

    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.integrity.clocks import check_due

        return check_due(record, calendar)

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.kernel.people.models import Account
        from keji.modules.integrity.conflict import conflict
        from keji.modules.integrity.models import Worker

        if actor.is_system:
            return ""
        if not Worker.objects.in_force_now().filter(account_id=actor.id).exists():
            return "初核由局领导指定的办案人员承办"
        return conflict(record, Account.objects.get(pk=actor.account_id))

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        if not data.get("declared"):
            raise Refused("没有作出利益冲突声明的不能承办")
        record.members.create(account_id=actor.id, part="handler", declared=True, joined_at=at)


class Checking(ByMember):
    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.integrity.clocks import check_due

        return check_due(record, calendar)


class Accept(Checking):
    name, label = "accept", "立案"
    source, target = ("checking",), "investigating"
    confirm = "立案后向当事人发受理告知书，调查期限从今天起算。确定立案？"

    def hindrance(self, actor: Actor, record: Any) -> str:
        if not record.subjects.exists():
            return "还没有登记当事人，请先在案卷中登记"
        if record.conduct_on is None or record.edition is None:
            return "还没有确定行为日期和适用的规则版本，请先在案卷中确定"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.services import papers

        record.accepted_on = day_of(at)
        record.subjects.update(told_on=record.accepted_on)
        papers.issue(record, "acceptance", actor=actor, at=at)


def answer_reporters(record: Any, text: str, on: date) -> None:
    """What those who reported read under their receipt."""
    for report in record.reports.all():
        if text.strip():
            report.answer, report.answered_on = text.strip(), on
            report.save(update_fields=["answer", "answered_on"])


class Refuse(Checking):
    name, label = "refuse", "不予受理"
    source, target = ("checking",), "refused"
    tone, in_todo = "secondary", False
    form = asks.RefuseForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.refused_for, record.close_note, record.closed_on = data["ground"], data["note"].strip(), day_of(at)
        answer_reporters(record, data.get("answer", ""), day_of(at))


class Transfer(Checking):
    name, label = "transfer", "转送其他机关"
    source, target = ("checking",), "transferred"
    tone, in_todo = "secondary", False
    form = asks.TransferForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.close_note, record.closed_on = data["note"].strip(), day_of(at)
        answer_reporters(record, data.get("answer", ""), day_of(at))


class Extend(ByHead):
    name, label = "extend", "批准延长调查"
    source, target = ("investigating",), "investigating"
    tone, in_todo = "secondary", False
    form = asks.ExtendForm

    def hindrance(self, actor: Actor, record: Any) -> str:
        return "已经延长过一次，不能再延长" if record.extended_months else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.clocks import investigate_due, number

        due = investigate_due(record)
        if due is not None and day_of(at) > due:
            raise Refused("调查期限已过，不能再延长")
        if data["months"] > (most := number("extend_months", record.accepted_on)):
            raise Refused(f"最多延长 {most} 个月")
        record.extended_months, record.extended_for = data["months"], data["why"].strip()


class FileReport(ByMember):
    name, label = "file_report", "提交调查报告"
    source, target = ("investigating",), "reported"
    form = asks.ReportForm

    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.integrity.clocks import investigate_due

        return investigate_due(record)

    def hindrance(self, actor: Actor, record: Any) -> str:
        if not record.members_of("investigator").exists():
            return "调查应由两人以上进行，请先在案卷中增加调查人员"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.services import papers

        for report in record.reports.all():
            if report.name and report.name.strip() in data["text"]:
                raise Refused("调查报告里出现了举报人的姓名，请改写后再提交")
        record.outcome, record.report_text = data["outcome"], data["text"].strip()
        papers.issue(record, "report", actor=actor, at=at)


class Propose(ByMember):
    name, label = "propose", "提请集体审议"
    source, target = ("reported",), "proposed"
    form = asks.ProposeForm

    def hindrance(self, actor: Actor, record: Any) -> str:
        from keji.modules.integrity.services.findings import missing_sentence

        return missing_sentence(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.heard_on, record.proposed_text = data["heard_on"], data["text"].strip()


class SendBack(ByHead):
    name, label = "send_back", "退回补充"
    source, target = ("proposed",), "investigating"
    tone, in_todo = "secondary", False
    form = asks.SendBackForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.close_note = data["note"].strip()


class Decide(ByHead):
    name, label = "decide", "登记集体审议决定"
    source, target = ("proposed",), "decided"
    form = asks.DecideForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.models import Sanction
        from keji.modules.integrity.services import papers

        if record.heard_on and data["decided_on"] < record.heard_on:
            raise Refused("决定日期早于听取陈述申辩的日期")
        record.meeting, record.decided_on = data["meeting"].strip(), data["decided_on"]
        record.decision_number = data["number"].strip()
        Sanction.objects.filter(subject__case=record, state="proposed").update(state="decided")
        papers.issue(record, "decision", actor=actor, at=at)


class Serve(ByMember):
    name, label = "serve", "送达完毕"
    source, target = ("decided",), "served"
    confirm = "送达后当事人可以看到处理决定，申诉期限按各自的送达日期起算。"

    def hindrance(self, actor: Actor, record: Any) -> str:
        left = record.subjects.filter(served_on__isnull=True).count()
        return f"还有 {left} 名当事人没有登记送达，请先在案卷中登记" if left else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.served_on = max(s.served_on for s in record.subjects.all())
