"""Tenants in: reported by the operator or the county, corrected, confirmed in bulk. The ways out are steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.kernel.records.steps import confirm_in_bulk
from keji.modules.platforms.incubators.terms import Terms
from keji.modules.platforms.models import Tenant

Rows = Sequence[Mapping[str, Any]]
#: What decides whether and how long a tenant may stay: once confirmed, only the confirmers change it.
DECIDING = ("incubator", "firm", "field", "established_on", "entered_on")
COLUMNS = (
    *DECIDING,
    *("name", "area", "seats", "inside", "technology", "deal", "deal_on", "deal_evidence"),
)


def report_tenants(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Tenant]:
    """Report tenants: {incubator, firm or name, field, established_on?, entered_on, area …} each.

    They count once somebody else confirms. Bulk statements throughout, one log entry a record.
    """
    terms, came_from = Terms(day_of(at)), source_of(actor, source)
    made: list[Tenant] = []
    for row in rows:
        record = Tenant(**{k: row[k] for k in COLUMNS if row.get(k) is not None})
        _place(record, terms)
        record.reported_by_id = actor.id
        stamp(record, actor=actor, at=at, state=Tenant.State.REPORTED, source=came_from)
        made.append(record)
    with writing(actor, at):
        for record, number in zip(made, next_numbers(Tenant.prefix, at.year, len(made)), strict=True):
            record.number = number
        Tenant.objects.bulk_create(made, batch_size=200)
        for record in made:
            log("填报入驻", record, {k: [None, getattr(record, k)] for k in COLUMNS if getattr(record, k)})
    return made


def _place(record: Tenant, terms: Terms) -> None:
    """What follows from house and firm: who runs it, where, under which name, until when."""
    house = record.incubator
    record.party_id, record.region_id = house.party_id, house.region_id
    if record.firm is not None:
        record.name = record.firm.name
        record.established_on = record.established_on or record.firm.established_on
    record.due_on = terms.due_on(record.entered_on, record.field, house.kind)


def correct_tenant(record: Tenant, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Tenant:
    """Correct a tenant. Who corrects an unconfirmed one has reported it; a confirmed entry is changed by confirmers."""
    with writing(actor, at):
        before = locked(record)
        columns = [k for k in COLUMNS if k in values]
        for name in columns:
            setattr(record, name, values[name])
        _place(record, Terms(day_of(at)))
        changes = changed_fields(before, record, [*columns, "name", "established_on", "due_on"])
        if before.state == Tenant.State.INCUBATING:
            if not actor.has(Role.OFFICER, Role.COUNTY) and any(name in changes for name in DECIDING):
                raise Refused("入驻已经确认，企业、领域和日期由县区科技局更正；使用面积、工位等可以直接修改")
        else:
            record.reported_by_id = actor.id
        record.updated_at = at
        record.save()
        if changes:
            log("更正", record, changes)
    return record


def confirm_tenants(ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Confirm many entries at once, each with its log entry; leaves out what the step refuses. Returns how many."""
    return confirm_in_bulk(Tenant, ids, actor=actor, at=at)
