"""The task book: its text, milestones and budget; three signatures, the bureau's last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import keep
from keji.kernel.documents.setting import typeset
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import fitted, locked
from keji.lib.indirect import indirect_ceiling
from keji.modules.projects.models import BudgetLine, Milestone, Project, TaskBook
from keji.modules.projects.numbers import slices, wan
from keji.modules.projects.shares.services import joint_problem

SUBJECTS = tuple(BudgetLine.Subject.values)


def book_of(project: Project) -> TaskBook:
    """The task book as it stands; an unsaved one begun from the proposal when there is none."""
    found = TaskBook.objects.filter(project=project).first()
    if found is not None:
        return found
    text = "\n".join(project.proposal.contents.values()) if project.proposal else project.abstract
    return TaskBook(project=project, content=text[:1000])


def writing_refusal(project: Project, actor: Actor) -> str:
    """Why this actor may not change the task book; "" for its unit, until the county has signed."""
    if not actor.is_system and project.party_id not in actor.parties:
        return "任务书由承担单位填写"
    if project.state != Project.State.ESTABLISHED:
        return f"当前状态是“{project.get_state_display()}”，任务书不能再改"
    book = TaskBook.objects.filter(project=project).first()
    return "归口管理单位已签，任务书不能再改" if book is not None and book.county_at else ""


def save_task_book(
    project: Project,
    values: Mapping[str, str],
    milestones: Sequence[Mapping[str, Any]],
    budget: Mapping[str, int],
    *,
    actor: Actor,
    at: datetime,
) -> TaskBook:
    """Keep text {content, targets, economy}, milestones [{name, target, due_on, amount}] and {subject: 元}.

    What the unit changes after signing it signs again. Raises Refused with a sentence.
    """
    with writing(actor, at):
        fresh = locked(project)
        if why := writing_refusal(fresh, actor) or plan_problem(fresh, milestones, budget):
            raise Refused(why)
        book = book_of(fresh)
        for name in ("content", "targets", "economy"):
            setattr(book, name, fitted(TaskBook, name, values[name]))
        book.unit_by, book.unit_at = "", None
        book.save()
        fresh.milestones.all().delete()
        Milestone.objects.bulk_create([Milestone(project=fresh, order=n, **row) for n, row in enumerate(milestones, 1)])
        fresh.budget.all().delete()
        BudgetLine.objects.bulk_create(
            [BudgetLine(project=fresh, subject=s, amount=budget.get(s, 0)) for s in SUBJECTS]
        )
        log("填写任务书", fresh, {"节点": [None, f"{len(milestones)} 个"], "预算": [None, f"{wan(fresh.grant)} 万元"]})
    return book


def plan_problem(project: Project, milestones: Sequence[Mapping[str, Any]], budget: Mapping[str, int]) -> str:
    """Why milestones and budget do not make this project's grant; "" when they do."""
    if not milestones:
        return "请至少写一个节点"
    if (total := sum(m["amount"] for m in milestones)) != project.grant:
        return f"各节点拨付合计 {wan(total)} 万元，应等于核定资助 {wan(project.grant)} 万元"
    days = [m["due_on"] for m in milestones]
    if days != sorted(days) or days[-1] > project.ends_on or days[0] < project.starts_on:
        return "节点期限应由早到晚，并在项目执行期内"
    if (total := sum(budget.values())) != project.grant:
        return f"预算各科目合计 {wan(total)} 万元，应等于核定资助 {wan(project.grant)} 万元"
    direct = project.grant - budget.get("indirect", 0)
    most = indirect_ceiling(direct, budget.get("equipment", 0), slices(project.established_on))
    if budget.get("indirect", 0) > most:
        return f"间接费用 {wan(budget['indirect'])} 万元，分档计算最多 {wan(most)} 万元"
    return ""


def sign_as(project: Project, *, actor: Actor, at: datetime) -> TaskBook:
    """The unit's signature, then the county's; the bureau signs by the step. Twice is once."""
    with writing(actor, at):
        fresh = locked(project)
        book = TaskBook.objects.select_for_update(of=("self",)).filter(project=fresh).first()
        if book is None or fresh.state != Project.State.ESTABLISHED:
            raise Refused("任务书还没有填写" if book is None else "任务书已经签订")
        if not book.content or not book.targets:
            raise Refused("任务书的研究内容和技术指标还没有填")
        if actor.is_system or fresh.party_id in actor.parties:
            if book.unit_at is None:
                book.unit_by, book.unit_at = actor.name, at
                log("承担单位签订任务书", fresh)
        elif actor.has(Role.COUNTY) and fresh.region_id in actor.regions:
            if book.unit_at is None:
                raise Refused("承担单位还没有签订")
            if book.county_at is None:
                book.county_by, book.county_at = actor.name, at
                log("归口管理单位签订任务书", fresh)
        else:
            raise Refused("任务书由承担单位、归口管理单位和市局依次签订")
        book.save()
    return book


def signing_problem(project: Project) -> str:
    book = TaskBook.objects.filter(project=project).first()
    if book is None:
        return "承担单位还没有填写任务书"
    if book.unit_at is None:
        return "承担单位还没有签订任务书"
    return joint_problem(project) if book.county_at else "归口管理单位还没有签订任务书"


def seal_task_book(project: Project, *, actor: Actor, at: datetime) -> None:
    """The signed task book as a document that never changes."""
    from keji.modules.projects.running.papers.task_book import as_paper

    book = TaskBook.objects.select_for_update(of=("self",)).get(project=project)
    set_as = as_paper(project, book, signed_by=actor.name, on=day_of(at))
    book.docx, book.pdf = keep(typeset(set_as, "docx")), keep(typeset(set_as, "pdf"))
    book.save(update_fields=["docx", "pdf"])


def reach(row: Milestone, *, actor: Actor, at: datetime) -> None:
    """The unit says a milestone is reached; twice is once."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=row.project_id)
        if not actor.is_system and fresh.party_id not in actor.parties:
            raise Refused("节点完成由承担单位登记")
        if fresh.state != Project.State.SIGNED:
            raise Refused(f"项目{fresh.get_state_display()}，不能登记节点")
        if Milestone.objects.filter(pk=row.pk, done_on=None).update(done_on=day_of(at)):
            log("登记节点完成", fresh, {"节点": [None, row.name]})
