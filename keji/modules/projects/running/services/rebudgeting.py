"""A running project's money by subject, told and changed: grant, own money, budget and nodes always agree. 元."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keji.lib.indirect import indirect_ceiling
from keji.modules.projects.models import BudgetLine, Milestone, Project
from keji.modules.projects.numbers import slices, wan

SUBJECTS = tuple(BudgetLine.Subject.values)
LABELS = dict(BudgetLine.Subject.choices)


def money_of(project: Project) -> dict[str, int]:
    """{own_money, subject: amount} as they stand."""
    return {"own_money": project.own_money} | {line.subject: line.amount for line in project.budget.all()}


def money_told(project: Project | None, money: Mapping[str, int] | None = None) -> str:
    """The same in words; of `money` when it is given."""
    found = dict(money) if money is not None else money_of(project) if project is not None else {}
    parts = [f"{LABELS[s]} {wan(found[s])}" for s in SUBJECTS if s in found]
    grant = sum(found.get(s, 0) for s in SUBJECTS)
    if not parts and project is not None:
        grant = project.grant
    told = f"资助 {wan(grant)} 万元" + (f"（{'，'.join(parts)}）" if parts else "")
    return f"{told}，自筹 {wan(found.get('own_money', 0))} 万元"


def money_problem(project: Project, kind: str, money: Mapping[str, int]) -> str:
    """Why the money cannot become this; "" when it can. A transfer moves direct costs only, a total never grows."""
    lines = {line.subject: line for line in project.budget.all()}
    if not lines:
        return "这个项目的预算不在本系统，请在理由里写明后由市局在任务书外办理"
    if set(money) != {"own_money", *SUBJECTS} or any(v < 0 for v in money.values()):
        return "请填写变更后各科目的金额和自筹经费"
    grant, now = sum(money[s] for s in SUBJECTS), money_of(project)
    if dict(money) == now:
        return "变更后的经费和现在一样"
    if kind == "transfer" and (grant != project.grant or money["own_money"] != project.own_money):
        return f"科目调剂后合计应仍为 {wan(project.grant)} 万元，自筹不变；总预算有变化的请申请调整总预算"
    if kind == "transfer" and money["indirect"] != now["indirect"]:
        return "只能在直接费用之间调剂，间接费用不变"
    if grant > project.grant:
        return f"核定资助 {wan(project.grant)} 万元由集体决策确定，变更只能调减，不能增加到 {wan(grant)} 万元"
    if grant < max(project.paid, 1):
        return f"已拨付 {wan(project.paid)} 万元，调整后的资助 {wan(grant)} 万元不能更少"
    for subject, line in lines.items():
        if money[subject] < line.spent:
            return f"{LABELS[subject]}已支出 {wan(line.spent)} 万元，不能调到 {wan(money[subject])} 万元"
    most = indirect_ceiling(grant - money["indirect"], money["equipment"], slices(project.established_on))
    if money["indirect"] > most:
        return f"间接费用 {wan(money['indirect'])} 万元，分档计算最多 {wan(most)} 万元"
    lead = project.shares.filter(lead=True).first()
    if lead is not None and lead.grant < project.grant - grant:
        return f"联合攻关调减由牵头单位份额承担，牵头单位只有 {wan(lead.grant)} 万元"
    return ""


def rebudget(project: Project, money: Mapping[str, int]) -> dict[str, list[Any]]:
    """Put the money in force; `project` is saved by the caller. → {what: [before, after]}.

    What is cut comes off the last nodes first, never below what was paid for them; of a joint project off the lead's
    share.
    """
    before, cut = money_of(project), project.grant - sum(money[s] for s in SUBJECTS)
    effect: dict[str, list[Any]] = {
        LABELS.get(name, "自筹经费"): [f"{wan(old)} 万元", f"{wan(money[name])} 万元"]
        for name, old in before.items()
        if old != money[name]
    }
    if cut:
        effect["grant"] = [project.grant, project.grant - cut]
        effect |= _cut_nodes(project, cut)
        if lead := project.shares.filter(lead=True).first():
            lead.grant -= cut
            lead.save(update_fields=["grant"])
    for subject in SUBJECTS:
        project.budget.filter(subject=subject).update(amount=money[subject])
    project.grant, project.own_money = project.grant - cut, money["own_money"]
    return effect


def _cut_nodes(project: Project, cut: int) -> dict[str, list[Any]]:
    """Take `cut` 元 off the nodes from the last to the first, each down to what was paid for it."""
    told: dict[str, list[Any]] = {}
    rows: list[Milestone] = list(project.milestones.order_by("-order"))
    free = project.paid - sum(_paid_for(row) for row in rows)  # paid without naming a node: for the first ones
    floors = {}
    for row in reversed(rows):
        extra = min(max(row.amount - _paid_for(row), 0), free)
        floors[row.pk], free = _paid_for(row) + extra, free - extra
    for row in rows:
        less = min(cut, max(row.amount - floors[row.pk], 0))
        if less:
            told[f"节点“{row.name}”拨付"] = [f"{wan(row.amount)} 万元", f"{wan(row.amount - less)} 万元"]
            row.amount, cut = row.amount - less, cut - less
            row.save(update_fields=["amount"])
    return told


def _paid_for(row: Milestone) -> int:
    return sum(p.amount if p.direction == "out" else -p.amount for p in row.payments.all())
