"""Review batches and the experts' sheets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})
EXPERT = frozenset({Role.EXPERT})


class StartBatch(Step):
    name, label = "start", "开始评审"
    source, target = ("draft",), "running"
    roles = OFFICER
    confirm = "开始后专家即可看到项目，批次内的项目和专家不能再改。确定开始？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.meetings.services.calling import starting_problem
        from keji.modules.projects.reviews.services.blinding import looking_problem
        from keji.modules.projects.reviews.services.panel import panel_problem

        if record.due_on < clock.today():
            return "评审截止日期已过，请先修改"
        return panel_problem(record) or looking_problem(record) or starting_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.reviews.services.panel import open_batch

        open_batch(record, actor=actor, at=at)


class CloseBatch(Step):
    name, label = "close", "结束评审"
    source, target = ("running",), "closed"
    roles = OFFICER
    confirm = "结束后评分不能再改，得分按评审方案汇总。确定结束？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.reviews.services.scoring import closing_problem

        return closing_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.reviews.services.scoring import close_batch

        close_batch(record, actor=actor, at=at)


class _OwnSheet(Step):
    """Only the expert whose sheet it is, while the batch runs."""

    roles = EXPERT

    def objection(self, actor: Actor, record: Any) -> str:
        if not actor.is_system and record.person.account_id != actor.id:
            return "评审表由专家本人填写"
        if record.batch.state != "running":
            return f"评审{record.batch.get_state_display()}，不能再改"
        return ""

    def due(self, record: Any, calendar: Any) -> date | None:
        found: date = record.batch.due_on
        return found


class SubmitReview(_OwnSheet):
    name, label = "submit", "提交评审"
    source, target = ("assigned",), "submitted"
    confirm = "提交后不能修改。确定提交？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.meetings.services.attending import seat_problem
        from keji.modules.projects.reviews.services.reviewing import sheet_problem

        return super().objection(actor, record) or seat_problem(record) or sheet_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        _total(record)


class EnterPaper(Step):
    """At a meeting: the sheet an expert signed on paper, typed by one officer, counts once another has confirmed it."""

    name, label = "enter", "登记纸质评分表"
    source, target = ("assigned",), "submitted"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.reviews.services.reviewing import sheet_problem

        paper = getattr(record, "on_paper", None)
        if paper is None or paper.state != "confirmed":
            return "纸质评分表由一人录入、另一人对照纸质件核对后登记"
        return sheet_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        _total(record)


class Recuse(_OwnSheet):
    name, label = "recuse", "申请回避"
    source, target = ("assigned",), "recused"
    reason_most = 300
    needs_reason, tone, in_todo = True, "danger", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        _leave(record, reason)


class Release(Step):
    """An expert who does not answer, or turns out to have an interest, is let go by the officer."""

    name, label = "release", "解除安排"
    source, target = ("assigned",), "recused"
    reason_most = 300
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.batch.state == "running" else f"评审{record.batch.get_state_display()}，不能解除"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        _leave(record, reason)


def _total(record: Any) -> None:
    from keji.modules.projects.reviews.services.scoring import flag

    record.total = sum(record.marks.values_list("points", flat=True))
    flag(record)


def _leave(record: Any, reason: str) -> None:
    from keji.modules.projects.reviews.services.scoring import flag

    record.reason = reason
    record.marks.all().delete()
    flag(record)
