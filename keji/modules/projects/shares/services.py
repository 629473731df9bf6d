"""联合攻关: who does what for which part of the money; every unit agrees before the task book is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked
from keji.modules.projects.models import Programme, Project, Share
from keji.modules.projects.numbers import wan


def is_joint(project: Project) -> bool:
    return project.programme.kind == Programme.Kind.JOINT


def sharing_refusal(project: Project, actor: Actor) -> str:
    """Why this actor may not write the shares; "" for the lead, until the task book is signed."""
    if not is_joint(project):
        return "只有联合研发计划的项目填写联合攻关分工"
    if not actor.is_system and project.party_id not in actor.parties:
        return "联合攻关分工由牵头单位填写"
    if project.state != Project.State.ESTABLISHED:
        return f"当前状态是“{project.get_state_display()}”，分工不能再改"
    return ""


def save_shares(project: Project, rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime) -> list[Share]:
    """Keep shares [{party, task, grant, own_money}], the lead's among them; a changed share is agreed to again."""
    with writing(actor, at):
        fresh = locked(project)
        if why := sharing_refusal(fresh, actor) or shares_problem(fresh, rows):
            raise Refused(why)
        before = {s.party_id: s for s in fresh.shares.all()}
        fresh.shares.all().delete()
        made = []
        for row in rows:
            old = before.get(row["party"].pk)
            same = old is not None and all(getattr(old, n) == row[n] for n in ("task", "grant", "own_money"))
            lead = row["party"].pk == fresh.party_id
            agreed = (actor.name, at) if lead else (old.agreed_by, old.agreed_at) if same and old else ("", None)
            made.append(Share(project=fresh, lead=lead, agreed_by=agreed[0], agreed_at=agreed[1], **row))
        Share.objects.bulk_create(made)
        log("填写联合攻关分工", fresh, {"参加单位": [f"{len(before)} 家", f"{len(made)} 家"]})
    return list(fresh.shares.all())


def shares_problem(project: Project, rows: Sequence[Mapping[str, Any]]) -> str:
    """Why these shares do not make this project; "" when they do."""
    parties = [row["party"].pk for row in rows]
    if len(parties) < 2:
        return "联合攻关至少有两家单位"
    if len(set(parties)) < len(parties):
        return "同一家单位写了两次"
    if project.party_id not in parties:
        return "分工里没有牵头单位"
    if any(not row["task"].strip() for row in rows):
        return "每家单位都要写承担任务"
    if (total := sum(row["grant"] for row in rows)) != project.grant:
        return f"各单位分得资助合计 {wan(total)} 万元，应等于核定资助 {wan(project.grant)} 万元"
    for row in rows:
        if why := blocks(row["party"], "undertake", clock.today()):
            return f"{row['party'].name}{why}"
    return ""


def agree(share: Share, *, actor: Actor, at: datetime) -> Share:
    """A unit agrees to its share; twice is once."""
    with writing(actor, at):
        fresh = Share.objects.select_for_update(of=("self",)).select_related("project").get(pk=share.pk)
        if not actor.is_system and fresh.party_id not in actor.parties:
            raise Refused("由参加单位自己确认")
        if fresh.agreed_at is None:
            if fresh.project.state != Project.State.ESTABLISHED:
                raise Refused(f"项目{fresh.project.get_state_display()}，不能再确认")
            fresh.agreed_by, fresh.agreed_at = actor.name, at
            fresh.save(update_fields=["agreed_by", "agreed_at"])
            log("确认联合攻关分工", fresh.project, {"单位": [None, fresh.party.name]})
    return fresh


def joint_problem(project: Project) -> str:
    """Why a joint project's task book cannot be signed yet; "" when it can."""
    if not is_joint(project):
        return ""
    rows = list(project.shares.select_related("party"))
    if not rows:
        return "联合攻关分工还没有填写"
    waiting = [row.party.name for row in rows if row.agreed_at is None]
    return f"{'、'.join(waiting)}还没有确认分工" if waiting else ""
