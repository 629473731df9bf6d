"""States and steps of plans, county shares and follow-ups."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django import forms

from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Flow, Refused, Step

OFFICER = frozenset({Role.OFFICER})
LEADER = frozenset({Role.LEADER})
COUNTY = frozenset({Role.COUNTY})


class ChangeForm(forms.Form):
    """What a request for another date asks beside the reason."""

    wanted_due_on = forms.DateField(label="调整到", widget=forms.DateInput(attrs={"type": "date"}))


class Adopt(Step):
    name, label = "adopt", "采用"
    source, target = ("draft",), "adopted"
    roles = OFFICER
    confirm = "采用后目标开始跟踪；以后只能通过修订版更改。确定采用吗？"

    def objection(self, actor: Actor, record: Any) -> str:
        tracked = record.targets.filter(dropped=False, merged_into__isnull=True)
        if not tracked.exists():
            return "还没有任何目标，请先识别或添加目标"
        if unsettled := tracked.exclude(conflict="").count():
            return f"还有 {unsettled} 个目标前后表述不一致，请先选定按哪一处执行"
        if unowned := tracked.filter(section__isnull=True).count():
            return f"还有 {unowned} 个目标没有确定牵头科室"
        if unbound := tracked.filter(basis="indicator", indicator="").count():
            return f"还有 {unbound} 个目标选了“系统指标”但没有选定是哪个指标"
        if doubled := _doubled(tracked):
            return f"“{doubled}”都选了同一个系统指标，请合并，或者其中之一改为科室填报"
        other = type(record).objects.filter(year=record.year, region=record.region, state="adopted")
        if other.exclude(pk=record.supersedes_id).exists():
            return f"{record.year} 年已有执行中的工作要点，请以“修订版”上传，以便对照变化"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.plan.services.adopt import on_adopted as adopt

        adopt(record, actor=actor, at=at)


def _doubled(tracked: Any) -> str:
    """Two sure targets on one indicator would leave open which of them counts; a stretch target beside is fine."""
    seen: dict[str, str] = {}
    bound = tracked.filter(basis="indicator", optional=False, value__isnull=False)
    for code, subject in bound.values_list("indicator", "subject"):
        if code in seen:
            return f"{seen[code]}”和“{subject}"
        seen[code] = subject
    return ""


class Supersede(Step):
    """Taken by the platform when a revised edition is adopted; nobody takes it by hand."""

    name, label = "supersede", "由修订版取代"
    source, target = ("adopted",), "superseded"
    roles = OFFICER
    tone, in_todo = "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if actor.is_system else "修订版采用时自动办理；要修改请上传修订版"


class Discard(Step):
    name, label = "discard", "放弃"
    source, target = ("draft",), "discarded"
    roles = OFFICER
    tone, needs_reason, in_todo = "secondary", True, False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.supersedes = None  # another draft may revise that edition now


class Propose(Step):
    name, label = "propose", "发县区确认"
    source, target = ("draft", "objected"), "proposed"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        return "请先答复县区的异议，再发县区确认" if record.state == "objected" and not record.answer else ""


class ConfirmShare(Step):
    name, label = "confirm", "确认"
    source, target = ("proposed",), "confirmed"
    roles = COUNTY


class ObjectToShare(Step):
    name, label = "object", "提出异议"
    source, target = ("proposed",), "objected"
    roles = COUNTY
    tone, needs_reason, in_todo = "secondary", True, False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.objection, record.answer = reason, ""


class Revise(Step):
    """Another county's objection was upheld and the sum must hold: take a share back before it is issued."""

    name, label = "revise", "收回重拟"
    source, target = ("proposed", "confirmed"), "draft"
    roles = OFFICER
    tone, needs_reason, in_todo = "secondary", True, False


#: Set while services.split issues all shares of a target together: one share alone is never issued.
issuing_together: ContextVar[bool] = ContextVar("issuing_together", default=False)


class Issue(Step):
    """Taken for all shares of a target together, when they add up; see services.split."""

    name, label = "issue", "下达"
    source, target = ("confirmed",), "issued"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if issuing_together.get() or actor.is_system else "请在“目标分解”页对整个目标一起下达"


def _not_by_lead(actor: Actor, record: Any) -> str:
    """Requests come from the section that leads the task."""
    from keji.modules.plan.services.follow import leads

    return "" if leads(actor, record.section_id) else f"由牵头科室（{record.section}）提出申请"


def _same_person(actor: Actor, record: Any, *asking: type[Step]) -> str:
    """Whoever asked may not answer, whatever roles they hold."""
    from keji.modules.plan.services.follow import asked_by

    step = next(s for s in asking if s.target == record.state)
    return "申请和审批必须是两个人" if not actor.is_system and asked_by(record, step.label) == actor.id else ""


class AskToClose(Step):
    name, label = "ask_close", "申请办结"
    source, target = ("open",), "closing"
    roles = OFFICER
    needs_reason, in_todo = True, False

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.plan.services.follow import closing_gap

        return _not_by_lead(actor, record) or closing_gap(record)


class Close(Step):
    name, label = "close", "同意办结"
    source, target = ("closing",), "closed"
    roles = LEADER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.plan.services.follow import closing_gap

        return _same_person(actor, record, AskToClose) or closing_gap(record)


class AskToChange(Step):
    name, label = "ask_change", "申请调整时限"
    source, target = ("open",), "changing"
    roles = OFFICER
    tone, needs_reason, in_todo = "secondary", True, False
    form = ChangeForm

    def objection(self, actor: Actor, record: Any) -> str:
        return _not_by_lead(actor, record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        wanted: date | None = data.get("wanted_due_on")
        if wanted is None or wanted <= day_of(at):
            raise Refused("请写明要调整到哪一天，且必须晚于今天")
        if wanted == record.due_on:
            raise Refused("申请的时限和现在的时限相同，不需要调整")
        record.wanted_due_on = wanted


class AllowChange(Step):
    name, label = "allow_change", "同意调整"
    source, target = ("changing",), "open"
    roles = LEADER

    def objection(self, actor: Actor, record: Any) -> str:
        return _same_person(actor, record, AskToChange)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.due_on, record.wanted_due_on = record.wanted_due_on, None


class Decline(Step):
    name, label = "decline", "不同意"
    source, target = ("closing", "changing"), "open"
    roles = LEADER
    tone, needs_reason, in_todo = "secondary", True, False

    def objection(self, actor: Actor, record: Any) -> str:
        return _same_person(actor, record, AskToClose, AskToChange)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.wanted_due_on = None


PLAN = Flow(Adopt, Discard, Supersede)
ALLOCATION = Flow(Propose, ConfirmShare, ObjectToShare, Revise, Issue)
FOLLOW_UP = Flow(AskToClose, Close, AskToChange, AllowChange, Decline)
