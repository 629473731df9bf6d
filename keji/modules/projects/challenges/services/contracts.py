"""The three-party contract, its stages paid by result, and the project it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import keep
from keji.kernel.documents.setting import typeset
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.links import link
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.notices import passing_refusal
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.modules.projects.models import BudgetLine, Challenge, Contract, Milestone, Project, Stage
from keji.modules.projects.numbers import number, wan


def side_of(challenge: Challenge, actor: Actor) -> str:
    """Which party of the contract this actor is: "winner", "firm" or ""."""
    if challenge.winner is not None and challenge.winner.party_id in actor.parties:
        return "winner"
    return "firm" if challenge.party_id in actor.parties else ""


def writing_refusal(challenge: Challenge, actor: Actor) -> str:
    if challenge.winner is None or challenge.state != Challenge.State.PUBLICISED:
        return f"当前状态是“{challenge.get_state_display()}”，不能填写合同"
    if not actor.is_system and side_of(challenge, actor) != "winner":
        return "合同由揭榜方填写"
    row = Contract.objects.filter(challenge=challenge).first()
    return "出题方已签，合同不能再改" if row is not None and row.firm_at else ""


def save_contract(
    challenge: Challenge,
    values: Mapping[str, Any],
    stages: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    at: datetime,
) -> Contract:
    """Keep {content, starts_on, ends_on} and stages [{name, target, due_on, firm_amount, bureau_amount}].

    The sums of the stages are the contract's money. What is changed after signing is signed again.
    """
    with writing(actor, at):
        fresh = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
        if why := writing_refusal(fresh, actor) or plan_problem(fresh, values, stages):
            raise Refused(why)
        row = Contract.objects.filter(challenge=fresh).first() or Contract(challenge=fresh)
        row.content, row.starts_on, row.ends_on = values["content"].strip(), values["starts_on"], values["ends_on"]
        row.firm_money = sum(s["firm_amount"] for s in stages)
        row.bureau_money = sum(s["bureau_amount"] for s in stages)
        row.winner_by, row.winner_at = "", None
        row.save()
        row.stages.all().delete()
        Stage.objects.bulk_create(Stage(contract=row, order=n, **s) for n, s in enumerate(stages, 1))
        log("填写三方合同", fresh, {"节点": [None, f"{len(stages)} 个"]})
    return row


def plan_problem(challenge: Challenge, values: Mapping[str, Any], stages: Sequence[Mapping[str, Any]]) -> str:
    """Why these stages do not make this contract; "" when they do."""
    bid = challenge.winner
    assert bid is not None
    if len(stages) < 2:
        return "揭榜挂帅按节点付款，至少写两个节点"
    if len(values["content"].strip()) < 20:
        return "研究内容至少写 20 个字"
    days = [s["due_on"] for s in stages]
    if days != sorted(days) or days[0] < values["starts_on"] or days[-1] > values["ends_on"]:
        return "节点期限应由早到晚，并在合同期限内"
    firm, bureau = sum(s["firm_amount"] for s in stages), sum(s["bureau_amount"] for s in stages)
    if firm + bureau != bid.price:
        return f"各节点付款合计 {wan(firm + bureau)} 万元，应等于中榜报价 {wan(bid.price)} 万元"
    least = number("challenge_firm_percent", clock.today())
    if firm * 100 < bid.price * least:
        return f"出题单位出资 {wan(firm)} 万元，不到合同金额 {wan(bid.price)} 万元的 {least}%"
    if not 0 < bureau <= challenge.bureau_money:
        return f"财政资金应大于 0、不超过榜单的 {wan(challenge.bureau_money)} 万元"
    return ""


def sign_contract(challenge: Challenge, *, actor: Actor, at: datetime) -> Contract:
    """The winner's signature, then the firm's; the bureau signs by the step. Twice is once."""
    with writing(actor, at):
        fresh = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
        row = Contract.objects.select_for_update(of=("self",)).filter(challenge=fresh).first()
        if row is None or fresh.state != Challenge.State.PUBLICISED:
            raise Refused("合同还没有填写" if row is None else "合同已经签订")
        side = side_of(fresh, actor)
        if side == "winner":
            if row.winner_at is None:
                row.winner_by, row.winner_at = actor.name, at
                log("揭榜方签订合同", fresh)
        elif side == "firm":
            if row.winner_at is None:
                raise Refused("揭榜方还没有签订")
            if row.firm_at is None:
                row.firm_by, row.firm_at = actor.name, at
                log("出题方签订合同", fresh)
        else:
            raise Refused("合同由揭榜方、出题方和市局依次签订")
        row.save()
    return row


def sign_for_both(challenge: Challenge, *, actor: Actor, at: datetime) -> None:
    """Both signatures by the platform itself, for houses filled from elsewhere."""
    with writing(actor, at):
        if not actor.is_system:
            raise Refused("合同由揭榜方和出题方各自签订")
        assert challenge.winner is not None
        Contract.objects.filter(challenge=challenge).update(
            winner_by=challenge.winner.leader_name, winner_at=at, firm_by=challenge.party.contact_name or "经办人",
            firm_at=at,
        )  # fmt: skip
        log("揭榜方和出题方签订合同", challenge)


def signing_problem(challenge: Challenge) -> str:
    """Why the bureau cannot sign yet; "" when it can."""
    row = Contract.objects.filter(challenge=challenge).first()
    today = clock.today()
    if why := passing_refusal(challenge.notice, today):
        return why
    if row is None:
        return "揭榜方还没有填写合同"
    if row.winner_at is None:
        return "揭榜方还没有签订合同"
    if row.firm_at is None:
        return "出题方还没有签订合同"
    assert challenge.winner is not None
    for party in (challenge.winner.party, challenge.party):
        if why := blocks(party, "undertake", today):
            return f"{party.name}{why}"
    return ""


def begin_project(challenge: Challenge, *, actor: Actor, at: datetime) -> Project:
    """The project of a signed contract: the winner undertakes it; its milestones carry the bureau's share."""
    row, bid, on = Contract.objects.get(challenge=challenge), challenge.winner, day_of(at)
    assert bid is not None and challenge.programme is not None
    project = Project(
        number=next_numbers(Project.prefix, on.year)[0], region=challenge.region, party=bid.party,
        programme=challenge.programme, title=challenge.title, year=on.year, leader_name=bid.leader_name,
        abstract=row.content, document=f"{challenge.number}三方合同", established_on=on, starts_on=row.starts_on,
        ends_on=row.ends_on, grant=row.bureau_money, own_money=row.firm_money, signed_on=on,
    )  # fmt: skip
    stamp(project, actor=actor, at=at, state=Project.State.SIGNED, source=Source.BUREAU)
    project.save()
    for stage in row.stages.all():
        stage.milestone = Milestone.objects.create(
            project=project, order=stage.order, name=stage.name, target=stage.target, due_on=stage.due_on,
            amount=stage.bureau_amount,
        )  # fmt: skip
        stage.save(update_fields=["milestone"])
    # The bureau's share is a lump sum: it has one subject, and what is spent is reported against it.
    BudgetLine.objects.create(project=project, subject=BudgetLine.Subject.BUSINESS, amount=project.grant)
    row.project = project
    _seal(row, signed_by=actor.name, on=on)
    row.checks = [{"target": target, "met": None, "note": ""} for target in challenge.wanted]
    row.save()
    log("立项", project, {"榜单": [None, challenge.number], "grant": [None, project.grant]})
    link(project, challenge, "来源", actor=actor, at=at)
    for other in challenge.bids.filter(state="submitted"):
        take("win" if other.pk == bid.pk else "lose", other, actor=actor, at=at)
    return project


def _seal(row: Contract, *, signed_by: str, on: date) -> None:
    """The signed contract as documents that never change."""
    from keji.modules.projects.challenges.paper import as_paper

    set_as = as_paper(row, signed_by=signed_by, on=on)
    row.docx, row.pdf = keep(typeset(set_as, "docx")), keep(typeset(set_as, "pdf"))


# --- paid by result --------------------------------------------------------------------------------------------------


def _stage(stage: Stage) -> Stage:
    """The row as it is now, held. What is done is told on the project: every bidder reads the list's history."""
    rows = Stage.objects.select_for_update(of=("self",)).select_related("contract__challenge", "contract__project")
    fresh = rows.get(pk=stage.pk)
    if fresh.contract.project is None or fresh.contract.project.state not in ("signed", "accepting", "mending"):
        raise Refused("项目不在执行，不能办理节点")
    return fresh


def _project(stage: Stage) -> Project:
    assert stage.contract.project is not None  # `_stage` has refused otherwise
    return stage.contract.project


def judge_stage(stage: Stage, *, passed: bool, finding: str, actor: Actor, at: datetime) -> Stage:
    """The firm says whether what was shown is what was asked. Not passed: the unit shows it again."""
    with writing(actor, at):
        fresh = _stage(stage)
        challenge, milestone = fresh.contract.challenge, fresh.milestone
        assert milestone is not None
        if not actor.is_system and challenge.party_id not in actor.parties:
            raise Refused("节点由出题单位考核")
        if fresh.confirmed_on:
            raise Refused("市局已经确认，不能再改")
        if milestone.done_on is None:
            raise Refused("揭榜方还没有登记节点完成")
        if len(finding.strip()) < 5:
            raise Refused("请写明考核意见：看了什么、达到多少")
        fresh.passed, fresh.finding = passed, whole(finding, 500, "核查情况")
        fresh.judged_on, fresh.judged_by = day_of(at), actor.name
        fresh.save()
        if not passed:
            Milestone.objects.filter(pk=milestone.pk).update(done_on=None)
        log("考核节点", _project(fresh), {"节点": [None, f"{fresh.name}：{'通过' if passed else '未通过'}"]})
    return fresh


def confirm_stage(stage: Stage, *, actor: Actor, at: datetime) -> Stage:
    """The bureau confirms what the firm found; from then on both pay. Twice is once."""
    with writing(actor, at):
        fresh = _stage(stage)
        if not actor.has(Role.OFFICER):
            raise Refused("节点考核由业务科室确认")
        if not fresh.passed:
            raise Refused("出题单位考核通过后才能确认")
        if fresh.confirmed_on is None:
            fresh.confirmed_on, fresh.confirmed_by = day_of(at), actor.name
            fresh.save()
            log("确认节点考核", _project(fresh), {"节点": [None, fresh.name]})
    return fresh


def firm_pays(stage: Stage, *, order_code: str, paid_on: date, actor: Actor, at: datetime) -> Stage:
    """The firm's payment for a stage: whole, once, after the result is confirmed."""
    order_code = whole(order_code, 40, "拨付单号")
    with writing(actor, at):
        fresh = _stage(stage)
        challenge = fresh.contract.challenge
        if not actor.is_system and challenge.party_id not in actor.parties:
            raise Refused("由出题单位登记付款")
        if fresh.firm_paid_on is not None:
            if fresh.firm_order_code == order_code:
                return fresh
            raise Refused(f"这个节点已于{plain_date(fresh.firm_paid_on)}付款（凭证 {fresh.firm_order_code}）")
        if fresh.confirmed_on is None:
            raise Refused("按结果付款：节点考核经市局确认后才付款")
        if not order_code:
            raise Refused("请填写付款凭证号")
        if not fresh.confirmed_on <= paid_on <= day_of(at):
            raise Refused(f"付款日期应在确认日{plain_date(fresh.confirmed_on)}到今天之间")
        if Stage.objects.filter(firm_order_code=order_code, contract=fresh.contract).exists():
            raise Refused(f"凭证 {order_code} 已经用于另一个节点")
        fresh.firm_paid_on, fresh.firm_order_code = paid_on, order_code
        fresh.save()
        log("出题单位付款", _project(fresh), {"节点": [None, fresh.name], "元": [None, fresh.firm_amount]})
    return fresh


def contract_of(project: Project) -> Contract | None:
    return Contract.objects.filter(project=project).first()


def paying_problem(project: Project, milestone: Milestone | None) -> str:
    """Why the bureau's share may not go out: a contract is paid stage by stage, each by its result."""
    row = contract_of(project)
    if row is None:
        return ""
    stage = None if milestone is None else row.stages.filter(milestone=milestone).first()
    if stage is None:
        return "揭榜挂帅按节点付款，请选择节点"
    return "" if stage.confirmed_on else f"按结果付款：节点“{stage}”的考核还没有确认"


def check_targets(row: Contract, checks: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Contract:
    """Each result the list asked for: met or not, by what. [{target, met, note}] in the list's order."""
    with writing(actor, at):
        fresh = Contract.objects.select_for_update(of=("self",)).get(pk=row.pk)
        project = fresh.project
        if not actor.has(Role.OFFICER):
            raise Refused("榜单指标由业务科室按验收专家意见登记")
        if project is None or project.state != Project.State.ACCEPTING:
            raise Refused("项目不在验收")
        if [c["target"] for c in checks] != fresh.challenge.wanted:
            raise Refused("指标与榜单不一致，请刷新后再填")
        if any(c["met"] is not None and not str(c["note"]).strip() for c in checks):
            raise Refused("每条指标都要写明依据")
        fresh.checks = [
            {"target": c["target"], "met": c["met"], "note": whole(str(c["note"]), 300, "说明")} for c in checks
        ]
        fresh.save(update_fields=["checks"])
        log(
            "核对榜单指标", project, {"核对": [None, f"{sum(c['met'] is True for c in checks)} / {len(checks)} 条达到"]}
        )
    return fresh


def accepting_problem(project: Project, conclusion: str) -> str:
    """Why this conclusion does not fit the list's targets; "" when it does, or when there is no list."""
    row = contract_of(project)
    if row is None:
        return ""
    if any(c["met"] is None for c in row.checks):
        return "请先逐条核对榜单指标"
    missed = [c["target"] for c in row.checks if not c["met"]]
    return f"榜单指标“{missed[0]}”没有达到，不能通过" if conclusion == "passed" and missed else ""
