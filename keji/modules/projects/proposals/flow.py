"""A proposal step by step: 填写 → 单位审核 → 县区推荐 → 形式审查（补正一次）→ 评审 → 集体决策 → 公示 → 立项.

Steps that rest on a page of their own (form check, review, meeting, notice, paper) refuse until that page has been
filled in, so the buttons of a record and the pages of a guideline cannot disagree.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.checklist import has_failed, passing_problem
from keji.kernel.records.flow import Step
from keji.kernel.records.notices import steps
from keji.kernel.records.notices.steps import DecidedByMeeting, MadeByPaper
from keji.kernel.records.steps import WithinDays
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
COUNTY = frozenset({Role.COUNTY})
UNIT = frozenset({Role.ENTERPRISE, Role.INSTITUTION})


class ToUnit(Step):
    """The authors are done; somebody of the unit looks at it before it leaves the house."""

    name, label = "to_unit", "送单位审核"
    source, target = ("draft",), "unit_check"
    roles = UNIT

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.proposals.services.limits import first_problem

        return window_problem(record) or first_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.filled_by_id = actor.id


class UnitBack(Step):
    name, label = "unit_back", "退回修改"
    source, target = ("unit_check",), "draft"
    roles = UNIT
    tone, in_todo = "secondary", False


class Submit(Step):
    name, label = "submit", "单位审核通过并报送"
    source, target = ("unit_check",), "submitted"
    roles = UNIT
    confirm = "报送即表示单位已核对内容真实、完整，并承担科研诚信责任。确定报送？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.proposals.services.limits import first_problem

        if why := window_problem(record) or first_problem(record):
            return why
        if actor.is_system or actor.id != record.filled_by_id:
            return ""
        today = clock.today()
        others = Grant.objects.filter(party=record.party_id, role__in=UNIT).in_force(today).exclude(account=actor.id)
        return "填报和单位审核必须是两个人，请由本单位另一个账号审核" if others.exists() else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.proposals.services.people import leader_of

        record.leader = leader_of(record, actor=actor, at=at)


def window_problem(record: Any) -> str:
    """Why it is too early or too late to hand in; "" within the window, both days included."""
    guideline, today = record.guideline, clock.today()
    if guideline.state != "open":
        return f"“{guideline}”{guideline.get_state_display()}，不再接收申报"
    if today < guideline.opens_on:
        return f"{plain_date(guideline.opens_on)}开始申报，现在还不能报送"
    return f"申报已于{plain_date(guideline.closes_on)}截止" if today > guideline.closes_on else ""


class Recommend(WithinDays):
    name, label = "recommend", "推荐"
    source, target = ("submitted",), "recommended"
    roles = COUNTY

    def days(self, record: Any) -> int | None:
        return int(record.guideline.county_days)

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.proposals.services.limits import sanction

        return sanction(record, "recommend")


class CountyBack(Step):
    name, label = "county_back", "退回修改"
    source, target = ("submitted",), "draft"
    roles = COUNTY
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        late = clock.today() > record.guideline.closes_on
        return "申报已经截止，退回后单位不能再报；请推荐或不予推荐" if late else ""


class Rejecting(Step):
    """Base of the steps that end a proposal; the reason stays on it."""

    target = "declined"
    needs_reason, tone, in_todo = True, "danger", False
    reason_most = 480  # it is kept after the step's own name
    roles = OFFICER

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.reason = f"{self.label}：{reason}"


class NotRecommend(Rejecting):
    name, label = "not_recommend", "不予推荐"
    source = ("submitted",)
    roles = COUNTY


class PassForm(WithinDays):
    name, label = "pass_form", "形式审查通过"
    source, target = ("recommended",), "form_passed"
    roles = OFFICER

    def days(self, record: Any) -> int | None:
        return int(record.guideline.form_days)

    def objection(self, actor: Actor, record: Any) -> str:
        if why := passing_problem(record):
            return why
        if waiting := record.likenesses.filter(judgement="open").count():
            return f"有 {waiting} 个相似项目没有判断，请先看“查重”"
        if same := record.likenesses.filter(judgement="same").first():
            return f"与“{same.title}”（{same.code}）构成重复，不能通过"
        from keji.modules.projects.proposals.services.limits import limit_problem

        return limit_problem(record)


class ReturnOnce(Step):
    name, label = "return_once", "退回补正"
    source, target = ("recommended",), "returned"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        return "已经补正过一次，不能再退回，请通过或不通过" if record.returns else ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.returns += 1
        record.form_checks = []  # what was found does not speak of what comes back


class Resubmit(WithinDays):
    name, label = "resubmit", "补正后报送"
    source, target = ("returned",), "recommended"
    roles = UNIT

    def days(self, record: Any) -> int | None:
        return int(record.guideline.resubmit_days)

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.proposals.services.limits import first_problem

        last = self.due(record, work_calendar())
        if last is not None and clock.today() > last:
            return f"补正期限{plain_date(last)}已过，不能再报送"
        return first_problem(record)


class FailForm(Rejecting):
    name, label = "fail_form", "形式审查不通过"
    source = ("recommended", "returned")

    def objection(self, actor: Actor, record: Any) -> str:
        if record.state == "returned":
            last = Resubmit().due(record, work_calendar())
            waits = last is not None and clock.today() <= last
            return f"补正期限到{plain_date(last)}为止，期满没有报送才能终止" if waits else ""
        bad = has_failed(record) or record.likenesses.filter(judgement="same").exists()
        return "" if bad else "请先在形式审查中标明哪一项不符合，或在查重中判断构成重复"


class StartReview(Step):
    name, label = "start_review", "开始评审"
    source, target = ("form_passed",), "reviewing"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        running = record.batch is not None and record.batch.state == "running"
        return "" if running else "请在评审批次里统一组织评审"


class CloseReview(Step):
    name, label = "close_review", "评审结束"
    source, target = ("reviewing",), "reviewed"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.exact_score else "专家评分齐全后，在评审批次里统一结束"


class Approve(DecidedByMeeting):
    name, label = "approve", "同意立项"
    source, target = ("reviewed",), "approved"
    roles = OFFICER
    outcome, where = "approved", "请在指南页登记集体决策的会议决定"


class TurnDown(DecidedByMeeting, Rejecting):
    name, label = "turn_down", "决策未通过"
    source = ("reviewed",)
    outcome, where = "declined", Approve.where


class Publicise(steps.Publicise):
    where = "请在指南页一并起草公示"


AnnounceAgain = steps.AnnounceAgain


class Uphold(Rejecting):
    name, label = "uphold", "公示异议成立"
    source = ("publicised",)
    confirm = "异议成立后该项目不予立项，确定？"


class Establish(MadeByPaper):
    name, label = "establish", "立项"
    source, target = ("publicised",), "established"
    whose, where = "立项由业务科室起草、局领导签发", "请在指南页签发立项文件"

    def made(self, record: Any) -> bool:
        return hasattr(record, "project")


class Withdraw(Step):
    name, label = "withdraw", "撤回申报"
    source, target = ("draft", "unit_check", "submitted", "returned"), "withdrawn"
    roles = UNIT
    tone, in_todo = "danger", False
    confirm = "撤回后本次申报作废，申报期内可以重新填报。确定撤回？"
