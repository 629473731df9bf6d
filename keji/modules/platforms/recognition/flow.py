"""Recognition step by step: 通知发布 → 组织申报 → 县区审核推荐 → 形式审查 → 现场审查 → 党组会审议 → 公示 → 公布.

Shape of 六科成〔2023〕22号. Steps that rest on a page of their own (checks, visit, meeting, notice, paper) refuse until
that page has been filled in, so the buttons of a record and the pages of a batch cannot disagree.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Standing
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.checklist import has_failed, passing_problem
from keji.kernel.records.flow import Step
from keji.kernel.records.notices import steps
from keji.kernel.records.notices.steps import DecidedByMeeting, MadeByPaper
from keji.kernel.records.steps import WithinDays
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
COUNTY = frozenset({Role.COUNTY})
HOST = frozenset({Role.ENTERPRISE, Role.INSTITUTION})


class Announce(Step):
    name, label = "announce", "发布通知"
    source, target = ("draft",), "open"
    roles = OFFICER
    confirm = "发布后申报单位和县区即可看到，材料清单和时限不能再改。确定发布？"

    def objection(self, actor: Actor, record: Any) -> str:
        if not any(m["required"] for m in record.materials):
            return "材料清单里还没有必交材料，请先补充"
        if not record.form_items:
            return "还没有形式审查要点，请先补充"
        if record.closes_on < clock.today():
            return f"申报截止日期{plain_date(record.closes_on)}已过，请先修改"
        return "起草和发布必须是两个人" if actor.id == record.drafted_by_id and not actor.is_system else ""


class Cancel(Step):
    name, label = "cancel", "取消批次"
    source, target = ("draft", "open"), "cancelled"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "取消后不能恢复，确定取消？"

    def objection(self, actor: Actor, record: Any) -> str:
        running = record.applications.exclude(state__in=["draft", "withdrawn", "rejected"]).count()
        return f"已有 {running} 份申请在办理，不能取消" if running else ""


class Submit(WithinDays):
    name, label = "submit", "提交县区"
    source, target = ("draft", "returned"), "submitted"
    roles = HOST
    confirm = "提交后在退回之前不能修改，确定提交？"

    def days(self, record: Any) -> int | None:
        return int(record.call.resubmit_days) if record.state == "returned" else None

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.platforms.recognition.services.completeness import missing_sentence

        barred = blocks(record.party, Standing.Verb.RECOGNISE, clock.today())
        return window_problem(record) or barred or missing_sentence(record)


def window_problem(record: Any) -> str:
    """Why it is too early or too late to submit; a returned application has its own days."""
    call, today = record.call, clock.today()
    if call.state != "open":
        return f"“{call}”{call.get_state_display()}，不再接收申报"
    if record.state == "returned":
        last = work_calendar().add(day_of(record.state_since), call.resubmit_days)
        return f"补正期限{plain_date(last)}已过，不能再提交" if today > last else ""
    if today < call.opens_on:
        return f"{plain_date(call.opens_on)}开始申报，现在还不能提交"
    return f"申报已于{plain_date(call.closes_on)}截止" if today > call.closes_on else ""


class Recommend(WithinDays):
    name, label = "recommend", "审核推荐"
    source, target = ("submitted",), "recommended"
    roles = COUNTY

    def days(self, record: Any) -> int | None:
        return int(record.call.county_days)


class SendBack(Step):
    name, label = "send_back", "退回补正"
    source, target = ("submitted",), "returned"
    roles = COUNTY
    needs_reason, tone, in_todo = True, "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        if record.returns >= record.call.returns_allowed:
            return f"已退回过 {record.returns} 次，本批次只能退回 {record.call.returns_allowed} 次，请推荐或不予推荐"
        return ""

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.returns += 1


class Rejecting(Step):
    """Base of the steps that end an application; the reason stays on it."""

    target = "rejected"
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
        return int(record.call.form_days)

    def objection(self, actor: Actor, record: Any) -> str:
        return passing_problem(record)


class FailForm(Rejecting):
    name, label = "fail_form", "形式审查不通过"
    source = ("recommended",)

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if has_failed(record) else "请先在形式审查中标明哪一项不符合"


class PassVisit(WithinDays):
    name, label = "pass_visit", "现场审查通过"
    source, target = ("form_passed",), "visited"
    roles = OFFICER

    def days(self, record: Any) -> int | None:
        return int(record.call.visit_days)

    def objection(self, actor: Actor, record: Any) -> str:
        visit = record.visits.first()
        return "" if visit and visit.passed else "请先登记现场审查，结论为通过"


class FailVisit(Rejecting):
    name, label = "fail_visit", "现场审查不通过"
    source = ("form_passed",)

    def objection(self, actor: Actor, record: Any) -> str:
        visit = record.visits.first()
        return "" if visit and not visit.passed else "请先登记现场审查，结论为不通过"


class Approve(DecidedByMeeting):
    name, label = "approve", "审议通过"
    source, target = ("visited",), "approved"
    roles = OFFICER
    outcome, where = "approved", "请在批次页登记党组会审议的决定"


class TurnDown(DecidedByMeeting, Rejecting):
    name, label = "turn_down", "审议未通过"
    source = ("visited",)
    outcome, where = "declined", Approve.where


class Publicise(steps.Publicise):
    where = "请在批次页一并发布公示"


AnnounceAgain = steps.AnnounceAgain


class Uphold(Rejecting):
    name, label = "uphold", "公示异议成立"
    source = ("publicised",)
    confirm = "异议成立后该单位不列入公布名单，确定？"


class List(MadeByPaper):
    name, label = "list", "公布"
    source, target = ("publicised",), "listed"
    whose, where = "公布由业务科室或局领导办理", "请在批次页印发公布文件"

    def made(self, record: Any) -> bool:
        return record.platform_id is not None


class Conclude(MadeByPaper):
    name, label = "conclude", "公布名单"
    source, target = ("open",), "done"
    whose, where = List.whose, "公示期满后在下面起草、印发公布文件"

    def made(self, record: Any) -> bool:
        return record.paper_id is not None


class Withdraw(Step):
    name, label = "withdraw", "撤回申请"
    source, target = ("draft", "submitted", "returned"), "withdrawn"
    roles = HOST
    tone, in_todo = "danger", False
    confirm = "撤回后本次申请作废，申报期内可以重新填报。确定撤回？"
