"""What operators keep of their house and their tenants: facts as of a day, yearly data, financings, visits, rosters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import source_of
from keji.kernel.records.saving import save_changes
from keji.lib.figures import Period, plain_date
from keji.modules.platforms.models import (
    FacilityFacts,
    Financing,
    GraduateVisit,
    Platform,
    RosterConfirmation,
    Tenant,
    TenantYear,
)

Rows = Sequence[Mapping[str, Any]]


def _add(model: type[models.Model], action: str, rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Any]:
    came_from = source_of(actor, source)
    made: list[Any] = [model(source=came_from, updated_by=actor.name, updated_at=at, **row) for row in rows]
    with writing(actor, at):
        manager: Any = model._default_manager
        manager.bulk_create(made, batch_size=200)
        for record, row in zip(made, rows, strict=True):
            log(action, record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
    return made


def _correct(record: Any, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Any:
    record.updated_by, record.updated_at = actor.name, at
    return save_changes(record, values, "更正", actor=actor, at=at)


def add_facility_facts(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[FacilityFacts]:
    """{incubator, as_of, …} each: what is known of a house as of a day."""
    return _add(FacilityFacts, "填报场地与服务", rows, actor=actor, at=at, source=source)


def add_tenant_years(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[TenantYear]:
    """{tenant, year, revenue …} each: a tenant's year."""
    return _add(TenantYear, "填报年度数据", rows, actor=actor, at=at, source=source)


def add_financings(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Financing]:
    """{tenant, on, kind, amount, investor, evidence} each: money that has arrived."""
    return _add(Financing, "填报融资", rows, actor=actor, at=at, source=source)


def add_visits(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[GraduateVisit]:
    """{tenant, visited_on, in_city, …, note} each: a graduate was asked how it is doing."""
    return _add(GraduateVisit, "登记回访", rows, actor=actor, at=at, source=source)


correct_facility_facts = correct_tenant_year = correct_financing = correct_visit = _correct


# --- rosters ---------------------------------------------------------------------------------------------------------


def last_quarter(on: date) -> Period:
    """The last quarter that has ended by `on`: the one whose list is to be confirmed."""
    this = Period.of(on, "quarter")
    if this.end == on:
        return this
    return Period.quarter(on.year - 1, 4) if this.number == 1 else Period.quarter(on.year, this.number - 1)


def quarter_code(period: Period) -> str:
    return f"{period.year}Q{period.number}"


def roster_refusal(incubator: Platform, period: Period, on: date) -> str:
    """Why this quarter's list cannot be confirmed now; "" when it can."""
    if period.end > on:
        return f"{period.label}到{plain_date(period.end)}才结束"
    if RosterConfirmation.objects.filter(incubator=incubator, quarter=quarter_code(period)).exists():
        return f"{period.label}的名单已经确认过"
    waiting = Tenant.objects.filter(incubator=incubator, state=Tenant.State.RETURNED, entered_on__lte=period.end)
    if returned := waiting.count():
        return f"还有 {returned} 家{period.label}末以前入驻的被退回、没有处理，请更正重报或作废后再确认名单"
    return ""


def confirm_roster(incubator: Platform, period: Period, *, actor: Actor, at: datetime) -> RosterConfirmation:
    """本季度在孵名单确认无误: keeps who was inside at the quarter's end. Raises Refused with a sentence."""
    with writing(actor, at):
        house = Platform.objects.select_for_update(of=("self",)).get(pk=incubator.pk)
        if not RosterConfirmation.access.reaches(
            actor, RosterConfirmation.access.write, RosterConfirmation(incubator=house)
        ):
            raise Refused("这个载体不由您的单位运营，不能确认名单")
        if why := roster_refusal(house, period, day_of(at)):
            raise Refused(why)
        numbers = list(Tenant.objects.filter(incubator=house).inside_on(period.end).values_list("number", flat=True))
        made = RosterConfirmation.objects.create(
            incubator=house,
            quarter=quarter_code(period),
            count=len(numbers),
            numbers=sorted(numbers),
            confirmed_by=actor.name,
            confirmed_at=at,
        )
        log("确认在孵名单", house, {period.label: [None, f"{len(numbers)} 家"]})
    return made
