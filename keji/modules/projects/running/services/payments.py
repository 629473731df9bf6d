"""Money out and back. Each order counts once; what is paid never exceeds what was granted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.lib.figures import plain_date
from keji.modules.projects.challenges.services.contracts import paying_problem
from keji.modules.projects.models import Milestone, Payment, Project
from keji.modules.projects.numbers import number, wan
from keji.modules.projects.running.services.reports import missing_years

PAYABLE = ("signed", "accepting", "mending", "accepted")


def pay(
    project: Project,
    *,
    order_code: str,
    amount: int,
    paid_on: date,
    milestone: Milestone | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Payment:
    """Record money that went out. The same order handed in again gives the payment that is there, and pays nothing.

    Raises Refused with a sentence.
    """
    order_code = order_code.strip()
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if done := _there(fresh, order_code, amount, Payment.Direction.OUT):
            return done
        if why := paying_refusal(fresh, amount, paid_on, milestone, actor, day_of(at)):
            raise Refused(why)
        made = _keep(fresh, Payment.Direction.OUT, order_code, amount, paid_on, milestone, note, actor, at)
        fresh.paid += amount
        fresh.updated_at = at
        fresh.save(update_fields=["paid", "updated_at"])
        log("拨付经费", fresh, {"paid": [fresh.paid - amount, fresh.paid], "支付凭证号": [None, order_code]})
    return made


def paying_refusal(
    project: Project, amount: int, paid_on: date, milestone: Milestone | None, actor: Actor, today: date
) -> str:
    """Why this sum may not go out now; "" when it may."""
    if not actor.has(Role.OFFICER):
        return "拨付由业务科室登记"
    if project.state not in PAYABLE:
        return f"项目{project.get_state_display()}，不能拨付"
    if project.state == "accepted" and project.conclusion == "不通过":
        return "验收不通过的项目不再拨付"
    if amount <= 0:
        return "金额应大于 0"
    if amount > project.remaining:
        return f"超过未拨付的 {wan(project.remaining)} 万元（核定 {wan(project.grant)}，已拨 {wan(project.paid)}）"
    if paid_on > today or project.signed_on is None or paid_on < project.signed_on:
        return f"拨付日期应在任务书签订日{plain_date(project.signed_on)}到今天之间"
    if milestone is not None:
        if milestone.project_id != project.pk:
            return "节点不是这个项目的"
        paid = sum(p.amount for p in milestone.payments.filter(direction="out"))
        if paid + amount > milestone.amount:
            return f"节点“{milestone}”应拨 {wan(milestone.amount)} 万元，已拨 {wan(paid)} 万元，不能再拨这么多"
    if why := paying_problem(project, milestone):
        return why
    if late := missing_years(project, today):
        return f"{'、'.join(str(y) for y in late)} 年度执行报告逾期未交，交齐后再拨付"
    return ""


def give_back(
    project: Project, *, order_code: str, amount: int, paid_on: date, note: str = "", actor: Actor, at: datetime
) -> Payment:
    """Record money that came back from the unit; the same order counts once."""
    order_code = order_code.strip()
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if done := _there(fresh, order_code, amount, Payment.Direction.BACK):
            return done
        if not actor.has(Role.OFFICER):
            raise Refused("收回资金由业务科室登记")
        if not 0 < amount <= fresh.paid - fresh.returned:
            raise Refused(f"收回金额应大于 0、不超过已拨未收回的 {wan(fresh.paid - fresh.returned)} 万元")
        if paid_on > day_of(at):
            raise Refused("收回日期在今天之后，请核对")
        made = _keep(fresh, Payment.Direction.BACK, order_code, amount, paid_on, None, note, actor, at)
        fresh.returned += amount
        fresh.updated_at = at
        fresh.save(update_fields=["returned", "updated_at"])
        log("收回经费", fresh, {"returned": [fresh.returned - amount, fresh.returned], "凭证号": [None, order_code]})
    return made


def _there(project: Project, order_code: str, amount: int, direction: str) -> Payment | None:
    """The payment of this order, when it says the same; Refused when the order was used for something else."""
    if not order_code:
        raise Refused("请填写支付凭证号")
    found = Payment.objects.filter(order_code=order_code).first()
    if found is None:
        return None
    if (found.project_id, found.amount, found.direction) != (project.pk, amount, direction):
        raise Refused(f"支付凭证号 {order_code} 已经用过（{found.project.number}，{wan(found.amount)} 万元）")
    return found


def _keep(
    project: Project,
    direction: str,
    order_code: str,
    amount: int,
    paid_on: date,
    milestone: Milestone | None,
    note: str,
    actor: Actor,
    at: datetime,
) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.create(
                project=project, direction=direction, order_code=order_code, amount=amount, paid_on=paid_on,
                milestone=milestone, note=whole(note, 200, "说明"), made_by=actor.name, made_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(f"支付凭证号 {order_code} 刚刚被登记，请刷新后核对") from None


def owed(project: Project) -> int:
    """元 that must come back: all that was paid after revocation, what was not spent after termination."""
    if project.state == "revoked":
        return project.paid - project.returned
    if project.state == "terminated":
        spent = sum(line.spent for line in project.budget.all())  # prefetched where many are asked
        return max(0, project.paid - spent - project.returned)
    return 0


def first_payment_due(project: Project) -> date | None:
    """The last day for the first payment; None once something was paid, or before the task book is signed."""
    if project.paid or project.signed_on is None or hasattr(project, "contract"):
        return None
    return project.signed_on + timedelta(days=number("first_payment_days", project.signed_on))
