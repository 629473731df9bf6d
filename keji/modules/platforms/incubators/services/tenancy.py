"""A tenancy near or past its end: told to its house and to the firm, and waiting with both until it is settled."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.calendar.models import work_calendar
from keji.kernel.clock import day_of
from keji.kernel.people.models import Grant, Notice
from keji.kernel.people.roles import Actor, Role
from keji.lib.figures import plain_date
from keji.lib.months import add_months
from keji.modules.platforms.incubators.services.board import SOON_MONTHS
from keji.modules.platforms.models import Tenant

PRESSING_MONTHS = 1
HOSTS = (Role.ENTERPRISE, Role.INSTITUTION)
SLICE, MOST = 500, 100


def stage(tenant: Tenant, on: date) -> str:
    """How near the end is: "over", "pressing", "soon", or "" while there is time."""
    if tenant.due_on < on:
        return "over"
    if tenant.due_on <= add_months(on, PRESSING_MONTHS):
        return "pressing"
    return "soon" if tenant.due_on <= add_months(on, SOON_MONTHS) else ""


def ending(on: date, months: int) -> Any:
    """Tenants still inside whose time is up within some months, or was; who asked to graduate has done their part."""
    rows = Tenant.objects.filter(state=Tenant.State.INCUBATING, due_on__lte=add_months(on, months))
    return rows.select_related("incubator").order_by("due_on", "pk")


def remind(*, actor: Actor, at: datetime) -> int:
    """Tell each person once a stage: half a year before, a month before, and when the time is up. → notices sent."""
    on = day_of(at)
    rows = list(ending(on, SOON_MONTHS))
    people = _people({p for t in rows for p in (t.party_id, t.firm_id) if p}, on)
    wanted: dict[tuple[int, str], Notice] = {}
    for t in rows:
        topic = f"tenancy:{t.pk}:{t.due_on:%Y%m%d}:{stage(t, on)}"  # a corrected clock starts anew
        for party, runs in ((t.firm_id, False), (t.party_id, True)):
            for account in people.get(party, ()):
                text = _text(t, on, runs=runs)
                wanted[account, topic] = Notice(
                    account_id=account, text=text, url=f"/d/tenants/{t.pk}", topic=topic, at=at
                )
    topics = sorted({topic for _, topic in wanted})
    told: set[tuple[int, str]] = set()
    for start in range(0, len(topics), SLICE):
        known = Notice.objects.filter(topic__in=topics[start : start + SLICE])
        told |= set(known.values_list("account_id", "topic"))
    new = [notice for key, notice in wanted.items() if key not in told]
    with writing(actor, at):
        Notice.objects.bulk_create(new, batch_size=SLICE)
        reached = {notice.url for notice in new}
        for t in rows:
            if f"/d/tenants/{t.pk}" in reached:
                log("提醒孵化期满", t, {"孵化期满日": [None, plain_date(t.due_on)]})
    return len(new)


def _people(parties: set[int], on: date) -> dict[int, list[int]]:
    """{unit: accounts that speak for it on the day}."""
    found: dict[int, list[int]] = defaultdict(list)
    listed = sorted(parties)
    for start in range(0, len(listed), SLICE):
        grants = Grant.objects.in_force(on).filter(party__in=listed[start : start + SLICE], role__in=HOSTS)
        for party, account in grants.filter(account__is_active=True).values_list("party_id", "account_id").distinct():
            found[party].append(account)
    return found


def _text(t: Tenant, on: date, *, runs: bool) -> str:
    what = f"在{t.incubator.name}的孵化期"
    when = f"已于{plain_date(t.due_on)}届满" if t.due_on < on else f"将于{plain_date(t.due_on)}届满"
    if runs:
        then = "请办理毕业、迁出或到期清退。" if t.due_on < on else "请对照毕业条件，提前准备毕业或迁出。"
        return f"{t.name}{what}{when}，{then}"[:300]
    then = "请与孵化器联系办理毕业或迁出。" if t.due_on < on else "请核对毕业条件还差什么，提前准备。"
    return f"本单位{what}{when}，{then}"[:300]


def waiting_tenants(actor: Actor) -> list[dict[str, Any]]:
    """To-dos of whoever runs a house or lives in one: tenancies that end within a month or have ended."""
    own, on = set(actor.parties), clock.today()
    if not own:
        return []
    rows = ending(on, PRESSING_MONTHS).filter(Q(party__in=own) | Q(firm__in=own))
    return [_waiting(t, t.party_id in own, on) for t in rows[:MOST]]


def _waiting(t: Tenant, runs: bool, on: date) -> dict[str, Any]:
    calendar = work_calendar()
    over = t.due_on < on
    left = -int(calendar.between(t.due_on, on)) if over else int(calendar.between(on, t.due_on))
    return {
        "title": f"{t.name}孵化期{'已满' if over else '将满'}",
        "url": f"/d/tenants/{t.pk}",
        "number": t.number,
        "unit": t.incubator.name,
        "step": "办理毕业或退出" if runs else "准备毕业或迁出",
        "due_on": t.due_on,
        "days_left": left,
        "since": t.state_since,
    }
