"""After service: 申诉 → 受理 → 复查 → 生效 → 执行 → 结案. Who handled the case does not review it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel.clock import day_of, today
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date
from keji.modules.integrity import flow_forms as asks
from keji.modules.integrity.flow import ByHead, ByMember, answer_reporters

REVIEWER = ("reviewer",)


class Appeal(Step):
    """By a subject on their own page, or by the handler for an appeal that came on paper."""

    name, label = "appeal", "登记申诉"
    source, target = ("served", "appealed"), "appealed"
    roles = frozenset({Role.OFFICER, Role.ENTERPRISE, Role.INSTITUTION, Role.EXPERT})
    tone, in_todo = "secondary", False
    form = asks.AppealForm

    def refusal(self, actor: Actor, record: Any) -> str:
        from keji.modules.integrity.services.mine import subjects_of

        if record.state not in self.source:
            return f"当前状态是“{record.get_state_display()}”，不能申诉"
        if record.outcome != "found":
            return "没有认定失信或违规行为，不需要申诉"
        if actor.is_system or record.has_member(actor.id, "handler") or subjects_of(actor).filter(case=record).exists():
            return ""
        return "申诉由当事人提出；书面来的由本案承办人登记"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.clocks import appeal_until
        from keji.modules.integrity.services.mine import subjects_of

        subject = record.subjects.filter(place=data["place"]).first()
        if subject is None:
            raise Refused(f"本案没有第 {data['place']} 名当事人")
        own = actor.is_system or record.has_member(actor.id, "handler")
        if not own and not subjects_of(actor).filter(pk=subject.pk).exists():
            raise Refused("只能为自己申诉")
        if subject.appealed_on is not None:
            raise Refused(f"已于{plain_date(subject.appealed_on)}提出过申诉")
        until = appeal_until(subject)
        if until is None or day_of(at) > until:
            raise Refused(f"申诉期限{plain_date(until)}已过" if until else "处理决定还没有送达")
        if not data["text"].strip():
            raise Refused("请写明申诉理由")
        subject.appealed_on, subject.appeal_text = day_of(at), data["text"].strip()
        subject.save(update_fields=["appealed_on", "appeal_text"])
        record.appealed_on = record.appealed_on or day_of(at)


class OnAppeal(ByMember):
    parts = REVIEWER
    needs_member = "由局领导指定的复查人员办理，承办和调查人员不参与复查"

    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.integrity.clocks import workdays_from

        return workdays_from(record.appealed_on, "accept_appeal_workdays", calendar)


class AcceptAppeal(OnAppeal):
    name, label = "accept_appeal", "受理申诉"
    source, target = ("appealed",), "reviewing"
    confirm = "受理后复查期限从今天起算。"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.review_from_on = day_of(at)


class RefuseAppeal(OnAppeal):
    """The decision stands; whoever has not appealed may still do so within their own days."""

    name, label = "refuse_appeal", "不受理申诉"
    source, target = ("appealed",), "served"
    tone, in_todo = "secondary", False
    form = asks.NoteForm

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.review_text, record.appealed_on = data["note"].strip(), None


class ConcludeReview(ByHead):
    name, label = "conclude_review", "登记复查决定"
    source, target = ("reviewing",), "reviewed"
    form = asks.ReviewForm

    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.integrity.clocks import workdays_from

        return workdays_from(record.review_from_on, "review_workdays", calendar)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.services import effect, papers

        record.review, record.review_text = data["review"], data["text"].strip()
        record.review_number, record.reviewed_on = data["number"].strip(), data["decided_on"]
        effect.settle_review(record)
        papers.issue(record, "review", actor=actor, at=at)


class TakeEffect(ByMember):
    name, label = "take_effect", "生效执行"
    source, target = ("served", "reviewed"), "in_force"
    parts = ("handler", "reviewer")
    confirm = "有限制事项的措施登记为信用状态，由另一位同志复核后起作用；经复查撤销、变更的同时解除。"

    def due(self, record: Any, calendar: Any) -> date | None:
        return None

    def hindrance(self, actor: Actor, record: Any) -> str:
        from keji.modules.integrity.clocks import appeal_until
        from keji.modules.integrity.services import effect

        if record.outcome != "found":
            return "没有认定失信或违规行为，直接结案"
        if record.state == "served":
            open_until = max(
                (u for s in record.subjects.all() if not s.appealed_on and (u := appeal_until(s)) is not None),
                default=None,
            )
            if open_until is not None and today() <= open_until:
                return f"申诉期限到{plain_date(open_until)}，期满后生效"
        return effect.carry_out_refusal(record, actor)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.integrity.services import effect

        record.effective_on = record.effective_on or day_of(at)
        effect.carry_out(record, actor=actor, at=at)


class Reopen(ByHead):
    """A higher authority, or new evidence, has the decision looked at again."""

    name, label = "reopen", "启动复核"
    source, target = ("in_force",), "reviewing"
    tone, in_todo = "secondary", False
    form = asks.NoteForm

    def hindrance(self, actor: Actor, record: Any) -> str:
        return "" if record.members_of("reviewer").exists() else "还没有指定复查人员，请先在案卷中指定"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.close_note, record.review_from_on, record.review = data["note"].strip(), day_of(at), ""


class Close(ByMember):
    name, label = "close", "结案"
    source, target = ("served", "reviewed", "in_force"), "closed"
    parts = ("handler", "reviewer")
    form = asks.CloseForm

    def due(self, record: Any, calendar: Any) -> date | None:
        return None

    def hindrance(self, actor: Actor, record: Any) -> str:
        from keji.modules.integrity.services import effect

        if record.state == "served" and record.outcome == "found":
            return "认定成立的，期满生效并执行后结案"
        return effect.closing_refusal(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.close_note, record.closed_on = data["note"].strip(), day_of(at)
        answer_reporters(record, data.get("answer", ""), day_of(at))
