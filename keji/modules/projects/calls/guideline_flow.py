"""指南: drafted by one officer, published by another, ended by the paper that establishes its projects."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step
from keji.kernel.records.notices.steps import MadeByPaper
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})


class Publish(Step):
    name, label = "publish", "发布指南"
    source, target = ("draft",), "open"
    roles = OFFICER
    confirm = "发布后申报单位和县区即可看到，栏目、材料、限额和时限不能再改。确定发布？"

    def objection(self, actor: Actor, record: Any) -> str:
        if record.scheme.state != "frozen":
            return f"评审方案“{record.scheme}”{record.scheme.get_state_display()}，请先启用"
        if not record.sections:
            return "还没有申报书栏目，请先补充"
        if not record.form_items:
            return "还没有形式审查要点，请先补充"
        if record.closes_on < clock.today():
            return f"申报截止日期{plain_date(record.closes_on)}已过，请先修改"
        return "起草和发布必须是两个人" if actor.id == record.drafted_by_id and not actor.is_system else ""


class Conclude(MadeByPaper):
    name, label = "conclude", "下达立项"
    source, target = ("open",), "done"
    whose, where = "立项由业务科室起草、局领导签发", "公示期满后在下面起草、签发立项文件"

    def made(self, record: Any) -> bool:
        return record.paper_id is not None


class Cancel(Step):
    name, label = "cancel", "取消指南"
    source, target = ("draft", "open"), "cancelled"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "取消后不能恢复，确定取消？"

    def objection(self, actor: Actor, record: Any) -> str:
        running = record.proposals.exclude(state__in=["draft", "unit_check", "withdrawn", "declined"]).count()
        return f"已有 {running} 份申报在办理，不能取消" if running else ""
