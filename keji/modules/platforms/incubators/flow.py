"""A tenant's way: in by the operator's report and somebody else's confirmation, out by one of four doors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models

from keji.desk.fields import DATE
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records import steps
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date

CONFIRMERS = steps.REPORTERS
OPERATORS = CONFIRMERS | {Role.ENTERPRISE, Role.INSTITUTION}


class LeavingForm(forms.Form):
    left_on = forms.DateField(label="离开日期", widget=DATE)


class GraduationForm(forms.Form):
    left_on = forms.DateField(label="毕业日期", widget=DATE)
    evidence = forms.CharField(
        label="佐证材料", max_length=300, help_text="如审计报告、投资协议和到账凭证、高企证书编号；原件请作为附件上传"
    )


class Hosted(Step):
    """A step the house's own people may take. A firm that only lives there reads its record and changes nothing."""

    roles = OPERATORS


class ConfirmEntry(steps.ConfirmByAnother):
    label, target = "确认入驻", "incubating"
    roles = CONFIRMERS

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.confirmed_at = record.confirmed_at or at


class SendBackEntry(steps.SendBack):
    roles = CONFIRMERS


class ResendEntry(steps.Resend):
    roles = OPERATORS


class ProposeGraduation(Hosted):
    """Only when one of the routes holds; the sentence says what each is short of."""

    name, label = "propose_graduation", "申请毕业"
    source, target = ("incubating",), "graduating"
    form, in_todo = GraduationForm, False
    reason_most = 300

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.incubators.services.graduation import why_not

        return why_not(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.platforms.incubators.services.graduation import routes_held, why_not

        on = _day(record, data, at)
        if why := why_not(record, on):
            raise Refused(why)
        record.graduating_on, record.proposed_by_id, record.updated_at = on, actor.id, at
        record.graduation_route = "、".join(routes_held(record, on))
        record.graduation_evidence = data.get("evidence", "") or reason


class ConfirmGraduation(Step):
    name, label = "confirm_graduation", "确认毕业"
    source, target = ("graduating",), "graduated"
    roles = CONFIRMERS

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.incubators.services.graduation import why_not

        if not actor.is_system and actor.id == record.proposed_by_id:
            return "申请和确认必须是两个人，请由另一位同志确认"
        return why_not(record, record.graduating_on)

    def not_for(self, actor: Actor) -> models.Q:
        return models.Q(proposed_by_id=actor.id)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.left_on, record.leaving, record.updated_at = (
            record.graduating_on or day_of(at),
            "graduated",
            at,
        )


class RefuseGraduation(Step):
    name, label = "refuse_graduation", "退回毕业申请"
    source, target = ("graduating",), "incubating"
    roles = CONFIRMERS
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.graduating_on, record.graduation_route, record.graduation_evidence = None, "", ""
        record.proposed_by_id, record.updated_at = None, at


class Leave(Hosted):
    """Base of the ways out that are not a graduation."""

    source, target = ("incubating",), "left"
    needs_reason, in_todo, form = True, False, LeavingForm
    reason_most = 300
    leaving: str

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.left_on, record.leaving = _day(record, data, at), self.leaving
        record.left_reason, record.updated_at = reason, at


class MoveOut(Leave):
    name, label, leaving, tone = "move_out", "迁出", "moved", "secondary"


class EndIncubation(Leave):
    name, label, leaving, tone = "end", "终止孵化", "ended", "secondary"


class ClearOut(Leave):
    """Its time is up and it does not graduate."""

    name, label, leaving, tone = "clear_out", "到期清退", "cleared", "danger"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.kernel import clock

        if record.due_on < clock.today():
            return ""
        return f"孵化期到{plain_date(record.due_on)}才满，未到期的请办理迁出或终止孵化"


class VoidEntry(steps.Void):
    source = ("reported", "returned", "incubating")
    roles = OPERATORS

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "incubating" and not actor.has(*CONFIRMERS):
            return "已确认的记录由县区或业务科室作废"
        return ""


def _day(record: Any, data: dict[str, Any], at: datetime) -> date:
    """The day of leaving: after entering, not in the future."""
    on: date = data.get("left_on") or day_of(at)
    if on < record.entered_on:
        raise Refused(f"离开日期不能早于入驻日期{plain_date(record.entered_on)}")
    if on > day_of(at):
        raise Refused(f"日期{plain_date(on)}在今天之后，请在实际离开后办理")
    return on
