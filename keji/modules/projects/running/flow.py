"""A project's steps: 任务书签订 → 执行 → 验收（整改一次）→ 归档; 终止 and 撤销 on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
UNIT = frozenset({Role.ENTERPRISE, Role.INSTITUTION})


def _number(name: str) -> int:
    from keji.modules.projects.numbers import number

    return number(name, clock.today())


class Sign(Step):
    """The bureau signs last: from then on the project runs."""

    name, label = "sign", "市局签订任务书"
    source, target = ("established",), "signed"
    roles = OFFICER

    def due(self, record: Any, calendar: Any) -> date | None:
        return record.established_on + timedelta(days=_number("task_book_days"))

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.proposals.services.limits import sanction
        from keji.modules.projects.running.services.taskbook import signing_problem

        return signing_problem(record) or sanction(record, "undertake")

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.running.services.taskbook import seal_task_book

        record.signed_on = clock.day_of(at)
        seal_task_book(record, actor=actor, at=at)


class Waive(Step):
    """Whoever does not sign in time gives the project up."""

    name, label = "waive", "视为放弃"
    source, target = ("established",), "waived"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False

    def objection(self, actor: Actor, record: Any) -> str:
        last = record.established_on + timedelta(days=_number("task_book_days"))
        return f"任务书签订期限到{plain_date(last)}为止，期满才能视为放弃" if clock.today() <= last else ""


class AskAcceptance(Step):
    name, label = "ask_acceptance", "申请验收"
    source, target = ("signed", "mending"), "accepting"
    roles = UNIT
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        open_round = record.acceptances.filter(conclusion="").exists()
        return "" if open_round else "请先在“验收”里填写完成情况"

    def due(self, record: Any, calendar: Any) -> date | None:
        from keji.modules.projects.numbers import months_later

        if record.state == "mending" and record.state_since is not None:
            return months_later(clock.day_of(record.state_since), _number("mending_months"))
        return months_later(record.ends_on, _number("acceptance_months"))


class Accept(Step):
    name, label = "accept", "验收结束"
    source, target = ("accepting",), "accepted"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        last = record.acceptances.order_by("-round").first()
        if last is None or not last.conclusion:
            return "请先登记验收专家、意见和结论"
        if last.conclusion == "failed" and last.round == 1:
            return "第一次验收不通过，应先整改"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.running.services.accepting import settle

        settle(record, actor=actor, at=at)


class Mend(Step):
    name, label = "mend", "限期整改"
    source, target = ("accepting",), "mending"
    roles = OFFICER
    needs_reason = True

    def objection(self, actor: Actor, record: Any) -> str:
        last = record.acceptances.order_by("-round").first()
        if last is None or last.conclusion != "failed":
            return "验收不通过的才整改，请先登记验收结论"
        return "" if last.round == 1 else "只能整改一次"


class Terminate(Step):
    """It cannot go on through nobody's fault: what was not spent comes back."""

    name, label = "terminate", "终止"
    source, target = ("signed", "accepting", "mending"), "terminated"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "终止后收回结余资金，不能恢复。确定终止？"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.conclusion = "终止"


class Revoke(Step):
    """Through fault or dishonesty: all that was paid comes back."""

    name, label = "revoke", "撤销"
    source, target = ("established", "signed", "accepting", "mending"), "revoked"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "撤销后收回全部已拨资金，并移送科研诚信处理。确定撤销？"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.running.services.ending import hand_over

        record.conclusion = "撤销"
        hand_over(record, reason, actor=actor, at=at)


class Archive(Step):
    name, label = "archive", "归档"
    source, target = ("accepted", "terminated", "revoked"), "archived"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.running.services.payments import owed

        left = owed(record)
        return f"还有 {left:,} 元应收回的资金没有收回" if left else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.running.services.archive import archive

        archive(record, actor=actor, at=at)


STEPS: tuple[type[Step], ...] = (
    Sign, Waive, AskAcceptance, Accept, Mend, Terminate, Revoke, Archive
)  # fmt: skip
