"""Every county is heard before anything is final: it agrees, or objects and gets an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.calendar.models import work_calendar
from keji.kernel.indicators.objections import FigureObjection
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Grant, Notice
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.rules.models import parameter
from keji.lib.figures import plain_date
from keji.modules.horserace.models import Hearing, RaceRound, RaceRun
from keji.modules.horserace.services.content import units_on


def last_day(on: date) -> date:
    """The last day of the hearing that begins on `on`."""
    return work_calendar().add(on, int(parameter("race.hearing_days", on)))


def provisional(record: RaceRound) -> RaceRun | None:
    found: RaceRun | None = record.runs.filter(state="provisional").order_by("-version").first()
    return found


def objections(record: RaceRound) -> Any:
    """What counties hold against figures of this month's indicators, with the answers."""
    codes = list(record.items.values_list("indicator", flat=True))
    return FigureObjection.objects.filter(period=record.period, indicator__in=codes).select_related("region")


def units_of(record: RaceRound) -> list[Region]:
    codes = [u["region"] for u in units_on(record.scheme.content, record.month.end)]
    return list(Region.objects.filter(code__in=codes))


def unheard(record: RaceRound) -> list[Region]:
    """Units that have neither agreed nor objected."""
    heard = set(record.hearings.values_list("region_id", flat=True))
    heard |= set(objections(record).exclude(state="withdrawn").values_list("region_id", flat=True))
    return [r for r in units_of(record) if r.pk not in heard]


def agree(record: RaceRound, region: Region, *, actor: Actor, at: datetime) -> Hearing:
    """The county has seen its figures and place and holds nothing against them. Twice is once."""
    run = provisional(record)
    if record.state != RaceRound.State.HEARING or run is None:
        raise Refused("现在不在听取意见阶段")
    if region.pk not in actor.regions:
        raise Refused("只能确认本县区的数据")
    if region.pk not in {u.pk for u in units_of(record)}:
        raise Refused("本县区不在这一轮的参加单位里")
    if objections(record).filter(region=region, state="raised").exists():
        raise Refused("本县区有异议还没有答复；答复后再确认，或者先撤回异议")
    with writing(actor, at):
        row, made = Hearing.objects.update_or_create(
            round=record, region=region, defaults={"digest": run.digest, "agreed_by": actor.name, "agreed_at": at}
        )
        if made:
            log("确认数据无异议", record, {"县区": [None, region.name]})
    return row


def approval_refusal(record: RaceRound) -> str:
    """Why the month cannot be approved yet; "" when every county was heard and every objection answered."""
    waiting = objections(record).filter(state="raised")
    if first := waiting.first():
        return f"还有 {waiting.count()} 条异议没有答复：{first.region.name}《{first.indicator_name}》"
    today = clock.today()
    silent = unheard(record)
    if silent and record.hearing_until is not None and today <= record.hearing_until:
        named = "、".join(r.short_name for r in silent[:4]) + ("等" if len(silent) > 4 else "")
        return f"{named} {len(silent)} 个单位还没有确认，听取意见到{plain_date(record.hearing_until)}"
    return ""


def tell_counties(record: RaceRound, at: datetime) -> None:
    """A notice to every clerk of the counties in the race."""
    if record.hearing_until is None:
        return
    wanted = {r.pk for r in units_of(record)}
    grants = Grant.objects.in_force(at.date()).filter(role=Role.COUNTY, region_id__in=wanted)
    text = f"{record.month.label}赛马预排已出，请于{plain_date(record.hearing_until)}前核对本县区数据，有异议请提出。"
    accounts = Account.objects.filter(pk__in=grants.values("account_id"))
    Notice.objects.bulk_create(
        [
            Notice(account=account, text=text, url="/horserace/mine", topic=f"race-{record.period}", at=at)
            for account in accounts
        ]
    )
