"""The desk of follow-ups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.forms import RecordForm
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.models import Account, Section
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import Period
from keji.modules.plan.models import FollowUp, ProgressNote
from keji.modules.plan.services.follow import editable_until, month_key, note_refusal, update_follow_up


class FollowUpForm(RecordForm):
    """Who leads and when notes are due; the final date moves only by request and approval."""

    section = forms.ModelChoiceField(Section.objects.all(), label="牵头科室")
    leader = forms.ModelChoiceField(Account.objects.none(), label="责任领导", required=False)
    note_day = forms.IntegerField(
        label="每月报送日", min_value=1, max_value=31, help_text="遇休息日顺延到下一个工作日；当月没有这一天的按月末算"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = Account.objects.filter(grants__in=_leaders()).distinct()
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]

    @classmethod
    def values(cls, record: FollowUp) -> dict[str, Any]:
        return {"section": record.section_id, "leader": record.leader_id, "note_day": record.note_day}


def _leaders() -> QuerySet[Any]:
    from keji.kernel.people.models import Grant

    return Grant.objects.in_force(clock.today()).filter(role=Role.LEADER)


def notes_of(request: HttpRequest, record: FollowUp) -> dict[str, Any]:
    """The panel of monthly notes, with the way to this month's."""
    actor, on = actor_of(request), clock.today()
    notes = list(record.notes.all())
    period = Period.of(on)
    this = next((n for n in notes if n.period == month_key(period)), None)
    return {
        "notes": [{"note": n, "editable": on <= editable_until(n)} for n in notes],
        "refusal": note_refusal(record, period, this, actor, on),
        "period": period,
        "month": month_key(period),
        "filed": this is not None,
    }


@register
class FollowUpDesk(Desk):
    name, model, group, icon = "follow-ups", FollowUp, "", "clipboard-check"
    intro = "列入督办的任务由牵头科室每月报送进展；办结和调整时限由科室申请、局领导审批。"
    columns = ("title", "section", "leader", "due_on", "state", "last_note")
    search = ("title", "number")
    filters = ("section", "state")
    tones = {"open": "blue", "closing": "amber", "changing": "amber", "closed": "green"}
    facts = (("督办事项", ("title", "number", "section", "leader", "due_on", "wanted_due_on", "note_day", "item")),)
    panels = (Panel("月度进展", "plan/follow_notes.html", notes_of),)
    form, update = FollowUpForm, staticmethod(update_follow_up)
    editable_in = ("open", "closing", "changing")
    related = ("section", "leader", "item")
    empty = "工作要点采用后，在“督办台账”中把各项任务列入督办。"
    newest_first = False

    def records(self, actor: Actor) -> QuerySet[Any]:
        last = ProgressNote.objects.filter(follow_up=OuterRef("pk")).order_by("-period").values("period")[:1]
        return super().records(actor).annotate(last_period=Subquery(last))
