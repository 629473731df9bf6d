"""The way of a draw. No step can be taken twice, and none by one person alone: who asks for the panel does not
witness, and without the witness's digits there is no result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel.clock import today
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, Step
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})


class Freeze(Step):
    """Pool, rules and odds into one file whose digest is published; services/freezing.py works it out beforehand."""

    name, label = "freeze", "冻结"
    source, target = ("requested",), "frozen"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        return f"评审日期{plain_date(record.review_on)}已过，请取消后重新申请" if today() > record.review_on else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.freezing import keep_frozen

        if "prepared" not in data:
            raise Refused("请在抽取页面冻结")
        keep_frozen(record, data["prepared"], actor, at)


class Witness(Step):
    """The inspector's digits and the sealed number meet, and the panel follows: one moment, one transaction."""

    name, label = "witness", "见证抽取"
    source, target = ("frozen",), "sealed"
    roles = frozenset({Role.INSPECTOR})

    def objection(self, actor: Actor, record: Any) -> str:
        if actor.is_system:
            return "抽取必须由监督人到场办理"
        if not any(a.role == Role.INSPECTOR and not a.lent_by for a in actor.authorities):
            return "监督人必须是派驻纪检本人，受委托的不能担任"
        own = {record.requested_by_id, record.frozen.frozen_by_id, record.contact_id}
        if actor.id in own:
            return "申请、冻结和联络的人不能担任监督人"
        from keji.modules.experts.services.earliest import too_early

        return too_early(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.drawing import keep_result

        if "digits" not in data:
            raise Refused("请在抽取页面输入监督人的数字")
        keep_result(record, str(data["digits"]), str(data.get("public", "")), actor, at)


class Open(Step):
    """On the review day the panel is shown to those who run the review."""

    name, label = "open", "启封"
    source, target = ("sealed",), "opened"
    roles = OFFICER
    confirm = "启封后评审组名单向办理人显示，结果文件同时公开。"

    def objection(self, actor: Actor, record: Any) -> str:
        early = today() < record.review_on
        return f"评审日（{plain_date(record.review_on)}）才能启封" if early else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.experts.services.seats import open_seats

        open_seats(record, at)


class Close(Step):
    """The review is over and everybody who served has been marked."""

    name, label = "close", "办结"
    source, target = ("opened",), "closed"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        left = sum(not use.marked for use in record.uses.all())
        return f"还有 {left} 名专家没有评价，请先逐人评价" if left else ""


class Cancel(Step):
    """It stays on the list with its reason, and so does everything that was published of it."""

    name, label = "cancel", "取消抽取"
    source, target = ("requested", "frozen", "sealed"), "cancelled"
    roles = frozenset({Role.OFFICER, Role.LEADER})
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "取消后不能恢复，取消的抽取和原因一直公开可查。"
    reason_most = 300

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "sealed" and not actor.has(Role.LEADER):
            return "已经抽取的只能由局领导取消"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.cancelled_why = reason
