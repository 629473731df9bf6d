"""Ties: declared by experts, or put in from records by those who have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import whole
from keji.modules.experts.models import Expert, Tie

MOST = 500


@dataclass(frozen=True)
class TieRow:
    """One tie of `expert` (key). `on`: the day of the paper or project, or since when; `until_on`: its last day."""

    expert: int
    kind: str
    whom: str = ""
    unit: str = ""
    person: int | None = None
    party: int | None = None
    on: date | None = None
    until_on: date | None = None
    detail: str = ""


def _row(row: TieRow, origin: str, at: datetime) -> Tie:
    return Tie(
        expert_id=row.expert, kind=row.kind, origin=origin, whom=row.whom.strip(), unit=row.unit.strip(),
        person_id=row.person, party_id=row.party, on=row.on, until_on=row.until_on,
        detail=whole(row.detail, 200, "说明"), told_at=at,
    )  # fmt: skip


def record_ties(rows: Sequence[TieRow], *, actor: Actor, at: datetime) -> int:
    """Ties found in records (papers, projects). Raises Refused for anybody but an officer or the platform."""
    with writing(actor, at):
        if not actor.has(Role.OFFICER):
            raise Refused("从记录查得的关系由业务科室登记")
        for row in rows:
            if not (row.whom.strip() or row.person or row.party or row.unit.strip()):
                raise Refused("登记关系需要写明对方的姓名或单位")
        made = Tie.objects.bulk_create([_row(r, Tie.Origin.RECORDS, at) for r in rows], batch_size=MOST)
        for expert in Expert.objects.filter(pk__in={r.expert for r in rows}).select_related("person"):
            log("登记关系", expert, {"关系": [None, f"{sum(r.expert == expert.pk for r in rows)} 条"]})
    return len(made)


def own_expert(actor: Actor) -> Expert | None:
    """The register's row of the person behind this account."""
    found: Expert | None = (
        Expert.objects.filter(person__account_id=actor.account_id).select_related("person", "discipline").first()
    )
    return found


def declare_tie(expert: Expert, row: TieRow, *, actor: Actor, at: datetime) -> Tie:
    """What an expert says of the own ties; the log does not repeat whom it names."""
    with writing(actor, at):
        if not actor.is_system and expert.person.account_id != actor.id:
            raise Refused("关系由专家本人申报")
        if row.kind not in Tie.Kind.values:
            raise Refused("请选择关系")
        if not row.whom.strip() and not row.unit.strip():
            raise Refused("请写明对方的姓名或单位")
        tie = _row(row, Tie.Origin.DECLARED, at)
        tie.expert = expert
        tie.save()
        log("申报关系", expert, {"关系": [None, tie.get_kind_display()]})
    return tie


def withdraw_tie(tie: Tie, *, actor: Actor, at: datetime) -> None:
    """An expert takes an own declaration back; what records say stays. The row is kept for the history."""
    with writing(actor, at):
        fresh = Tie.objects.select_for_update().select_related("expert__person").get(pk=tie.pk)
        if not actor.is_system and fresh.expert.person.account_id != actor.id:
            raise Refused("关系由申报人本人撤回")
        if fresh.origin != Tie.Origin.DECLARED:
            raise Refused("记录查得的关系不能自行撤回，有误请联系业务科室")
        if fresh.withdrawn_at is None:
            fresh.withdrawn_at = at
            fresh.save(update_fields=["withdrawn_at"])
            log("撤回申报", fresh.expert, {"关系": [fresh.get_kind_display(), None]})
