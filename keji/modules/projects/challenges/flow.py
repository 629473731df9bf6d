"""A problem on the list from 起草 to 完成, with 论证, 发榜, 评榜, 公示 and 三方合同 between; and a bid's own steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step
from keji.kernel.records.notices import steps
from keji.lib.figures import plain_date

OFFICER = frozenset({Role.OFFICER})
UNIT = frozenset({Role.ENTERPRISE, Role.INSTITUTION})


class OfTheFirm(Step):
    """Base of what the asking firm does: another unit reads a list, it does not act on it."""

    roles = UNIT

    def refusal(self, actor: Actor, record: Any) -> str:
        why = super().refusal(actor, record)
        other = not actor.is_system and record.party_id not in actor.parties
        return why or ("由出题单位办理" if other else "")


class File(OfTheFirm):
    name, label = "file", "报送需求"
    source, target = ("draft",), "filed"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.challenges.services.challenges import demand_problem

        return demand_problem(record)


class BackToFirm(Step):
    name, label = "send_back", "退回修改"
    source, target = ("filed", "refined"), "draft"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "secondary", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.argued_on = None  # what was argued does not speak of what comes back


class Refine(Step):
    name, label = "refine", "论证通过"
    source, target = ("filed",), "refined"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.challenges.services.challenges import list_problem

        return "请先登记凝练论证" if record.argued_on is None else list_problem(record)


class Agree(OfTheFirm):
    name, label = "agree", "确认榜单"
    source, target = ("refined",), "agreed"
    confirm = "确认后按论证后的成果要求、榜金和出资发榜。确定？"


class Announce(Step):
    """A second person looks before it goes out."""

    name, label = "announce", "发榜"
    source, target = ("agreed",), "open"
    roles = OFFICER
    confirm = "发榜后成果要求、榜金和条件不能再改。确定发榜？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.challenges.services.challenges import announcing_problem

        own = actor.id == record.argued_by_id and not actor.is_system
        return "论证登记和发榜必须是两个人" if own else announcing_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.opens_on = clock.day_of(at)


class CloseBidding(Step):
    name, label = "close_bidding", "截止揭榜，启封应榜书"
    source, target = ("open",), "matching"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        if clock.today() <= record.closes_on:
            return f"揭榜到{plain_date(record.closes_on)}截止，截止后才能启封"
        return "" if record.bids.filter(state="submitted").exists() else "没有单位应榜，请办理流榜"

    def due(self, record: Any, calendar: Any) -> date | None:
        found: date | None = record.closes_on
        return found


class StartEvaluation(Step):
    name, label = "evaluate", "开始评榜"
    source, target = ("matching",), "evaluating"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        bids = record.bids.filter(state="submitted")
        without = bids.filter(talks=None).count()
        return f"还有 {without} 家没有对接，请先登记双方对接情况" if without else ""


class Choose(Step):
    name, label = "choose", "确定拟中榜"
    source, target = ("evaluating",), "chosen"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.winner_id else "请在“评榜”里选定拟中榜单位"


class Publicise(steps.Publicise):
    source = ("chosen",)
    where = "请在“评榜”里起草公示"


class AnnounceAgain(steps.AnnounceAgain):
    target = "chosen"


class Uphold(Step):
    """An objection was right: that bid is out, the others are looked at again."""

    name, label = "uphold", "公示异议成立，重新评榜"
    source, target = ("publicised",), "evaluating"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.challenges.services.evaluating import out

        gone, record.winner, record.notice, record.choice = record.winner, None, None, ""
        out(gone, actor=actor, at=at)


class SignContract(Step):
    """The bureau signs last; from then on the project runs."""

    name, label = "sign_contract", "市局签订三方合同"
    source, target = ("publicised",), "contracted"
    roles = OFFICER

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.challenges.services.contracts import signing_problem

        return signing_problem(record)

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        from keji.modules.projects.challenges.services.contracts import begin_project

        begin_project(record, actor=actor, at=at)


class Conclude(Step):
    name, label = "conclude", "榜单办结"
    source, target = ("contracted",), "done"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        project = record.contract.project
        ended = project.state in ("accepted", "archived", "terminated", "revoked")
        return "" if ended else f"项目{project.get_state_display()}，验收结束后办结"


class Fail(Step):
    name, label = "fail", "流榜"
    source, target = ("open", "matching", "evaluating"), "failed"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False
    confirm = "流榜后不能恢复，可以重新征集。确定流榜？"

    def objection(self, actor: Actor, record: Any) -> str:
        early = record.state == "open" and clock.today() <= record.closes_on
        return f"揭榜到{plain_date(record.closes_on)}截止，截止后才能流榜" if early else ""


class Drop(Step):
    name, label = "drop", "不予发榜"
    source, target = ("filed", "refined", "agreed"), "dropped"
    roles = OFFICER
    needs_reason, tone, in_todo = True, "danger", False


class WithdrawDemand(OfTheFirm):
    name, label = "withdraw", "撤回需求"
    source, target = ("draft", "filed", "refined", "agreed"), "withdrawn"
    tone, in_todo = "danger", False
    confirm = "撤回后不再发榜。确定撤回？"


class SubmitBid(Step):
    name, label = "submit", "提交应榜"
    source, target = ("draft",), "submitted"
    roles = UNIT
    confirm = "提交后不能修改，截止前任何人都看不到。确定提交？"

    def objection(self, actor: Actor, record: Any) -> str:
        from keji.modules.projects.challenges.services.bids import first_problem

        return first_problem(record)


class WithdrawBid(Step):
    name, label = "withdraw", "撤回应榜"
    source, target = ("draft", "submitted"), "withdrawn"
    roles = UNIT
    tone, in_todo = "danger", False
    confirm = "撤回后本次应榜作废，截止前可以重新应榜。确定撤回？"

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.challenge.state == "open" or record.state == "draft" else "已经截止，不能撤回"


class Win(Step):
    name, label = "win", "中榜"
    source, target = ("submitted",), "won"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        chosen = record.challenge.winner_id == record.pk and record.challenge.state == "publicised"
        return "" if chosen else "三方合同签订时确定中榜"


class Lose(Step):
    name, label = "lose", "未中榜"
    source, target = ("submitted",), "lost"
    roles = OFFICER
    in_todo = False

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.challenge.state in ("publicised", "failed") else "三方合同签订时告知"


CHALLENGE_STEPS: tuple[type[Step], ...] = (
    File, BackToFirm, Refine, Agree, Announce, CloseBidding, StartEvaluation, Choose, Publicise, AnnounceAgain,
    Uphold, SignContract, Conclude, Fail, Drop, WithdrawDemand,
)  # fmt: skip
BID_STEPS: tuple[type[Step], ...] = (SubmitBid, WithdrawBid, Win, Lose)
