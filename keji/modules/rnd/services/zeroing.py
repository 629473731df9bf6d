"""The zeroing list: opened and narrowed by the facts every day, handed out, visited, cleared by people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Source, next_numbers, stamp
from keji.kernel.records.saving import locked, once
from keji.lib.figures import plain_date
from keji.modules.rnd.models import RndStatement, Visit, ZeroingCase
from keji.modules.rnd.services.scope import Lines, Standing, standings

State = ZeroingCase.State


def recompute(*, actor: Actor, at: datetime) -> dict[str, int]:
    """Bring the list up to the facts: {opened, narrowed, answered, left}. Doing it twice changes nothing more.

    It opens, renames the reason and says when the records answer it; only a person clears a case.
    """
    on = day_of(at)
    now = standings(on, Lines.on(on))
    done = {"opened": 0, "narrowed": 0, "answered": 0, "left": 0}
    with writing(actor, at):
        open_cases = {c.party_id: c for c in ZeroingCase.objects.filter(settled_on__isnull=True).order_by("pk")}
        settled = _cleared(now, on)
        fresh = [s for key, s in sorted(now.items()) if s.reason and key not in open_cases and key not in settled]
        done["opened"] = len(_open(fresh, actor=actor, at=at))
        for key, case in open_cases.items():
            if key not in now:
                take("leave", case, actor=actor, at=at, reason="按最近一期已确认的年度研发情况，已不在范围内")
                done["left"] += 1
            elif kind := _follow(case, now[key], at):
                done[kind] += 1
    return done


def said_of(done: dict[str, int]) -> str:
    """What a recomputation did, as a sentence."""
    words = (("opened", "新列入"), ("narrowed", "原因变化"), ("answered", "查到佐证"), ("left", "退出范围"))
    return "，".join(f"{word} {done[name]} 家" for name, word in words) + "。"


def _cleared(now: dict[int, Standing], on: date) -> set[int]:
    """Firms whose clearing still holds: confirmed by a person, and no later statement says otherwise."""
    found = set()
    cases = ZeroingCase.objects.filter(state=State.CLEARED, party_id__in=list(now)).order_by("settled_on")
    last = {c.party_id: c for c in cases}
    newest: dict[int, datetime] = {}
    rows = RndStatement.objects.holding().filter(party_id__in=list(last), year__gte=on.year - 1)
    for party, at in rows.values_list("party_id", "confirmed_at"):
        newest[party] = max(newest.get(party, at), at)
    for party, case in last.items():
        if party not in newest or newest[party].date() <= case.settled_on:
            found.add(party)
    return found


def _open(fresh: Sequence[Standing], *, actor: Actor, at: datetime) -> list[ZeroingCase]:
    made = []
    for standing, number in zip(fresh, next_numbers(ZeroingCase.prefix, at.year, len(fresh)), strict=True):
        case = ZeroingCase(
            number=number,
            party=standing.party,
            region_id=standing.party.region_id,
            reason=standing.reason,
            basis=standing.basis[:300],
            revenue=standing.revenue,
            entered_on=day_of(at),
            newly=standing.newly,
        )
        stamp(case, actor=actor, at=at, state=State.OPEN, source=Source.BUREAU)
        made.append(case)
    ZeroingCase.objects.bulk_create(made, batch_size=500)
    for case in made:
        log("列入清零清单", case, {"reason": [None, case.reason]}, reason=case.basis)
    return made


def _follow(case: ZeroingCase, standing: Standing, at: datetime) -> str:
    """Write what the facts now say on an open case; "" when they say what they said."""
    if not standing.reason:
        if case.seen == standing.basis[:300]:
            return ""
        case.seen, kind = standing.basis[:300], "answered"
        changes: dict[str, Any] = {"seen": ["", case.seen]}
    elif (case.reason, case.seen, case.basis) == (standing.reason, "", standing.basis[:300]):
        return ""
    else:
        changes = {"reason": [case.reason, standing.reason]} if case.reason != standing.reason else {}
        changes |= {"seen": [case.seen, ""]} if case.seen else {}
        case.reason, case.seen, case.basis = standing.reason, "", standing.basis[:300]
        kind = "narrowed" if changes else ""
    case.updated_at = at
    case.save(update_fields=["reason", "seen", "basis", "updated_at"])
    if changes:
        log("按最新记录更新", case, changes)
    return kind


def who_may_take() -> list[tuple[Account, str]]:
    """(account, name with where they work) of everybody a case can be handed to."""
    from keji.kernel import clock

    grants = Grant.objects.in_force(clock.today()).filter(role__in=[Role.OFFICER, Role.COUNTY])
    found: dict[int, tuple[Account, str]] = {}
    for grant in grants.select_related("account", "region", "section").order_by("role", "account__username"):
        place = grant.region or grant.section
        text = f"{grant.account.name}（{place.short_name if grant.region else place}）" if place else grant.account.name
        found.setdefault(grant.account_id, (grant.account, text))
    return list(found.values())


def taker(key: Any, region: str) -> Account:
    """The account a case is handed to. Refused for somebody who has no business in that county."""
    from keji.kernel import clock

    grants = Grant.objects.in_force(clock.today()).filter(account_id=int(key) if str(key).isdecimal() else 0)
    grants = grants.filter(Q(role=Role.OFFICER) | Q(role=Role.COUNTY, region_id=region))
    grant = grants.select_related("account").first()
    if grant is None:
        raise Refused("责任人应是市局业务科室或企业所在县区的同志，请重新选择")
    account: Account = grant.account
    return account


def assign_cases(
    cases: Iterable[ZeroingCase], officer: int, *, due_on: date | None, actor: Actor, at: datetime
) -> tuple[int, list[str]]:
    """Hand out many: (how many, a sentence for each that was refused). Those already claimed are left alone."""
    done, refused = 0, []
    with writing(actor, at):
        for case in cases:
            try:
                take("assign", case, actor=actor, at=at, officer=str(officer), due_on=due_on)
                done += 1
            except Refused as why:
                refused.append(f"{case}：{why}")
    return done, refused


def log_visit(case: ZeroingCase, *, on: date, way: str, found: str, agreed: str, actor: Actor, at: datetime) -> Visit:
    """Note a visit. Refused for a day to come or a case that is settled."""
    if on > day_of(at):
        raise Refused("走访日期在今天之后，请核对")
    with writing(actor, at):
        if locked(case).settled_on:
            raise Refused("这家企业已清零或已退出范围，不再登记走访")
        said = {"on": on, "way": way, "found": found, "agreed": agreed, "by": actor.name}
        once(Visit.objects.filter(case=case), "这次走访", **said)
        visit = Visit.objects.create(case=case, **said)
        log("登记走访", case, {"走访": [None, f"{plain_date(on)} {visit.get_way_display()}"]}, reason=found)
    return visit
