"""Sending reminders: one digest a person, kept so that the next does not come too soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from keji.kernel.audit.log import log, writing
from keji.kernel.calendar.models import work_calendar
from keji.kernel.people.models import Account, Grant, Notice, Section
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.plan.manners import QUIET_DAYS, Debt, Digest, digests, is_owed
from keji.modules.plan.models import Urge
from keji.modules.plan.services.follow import debts


@dataclass(frozen=True)
class Outlook:
    """What urging on a day would do, and why it leaves others alone."""

    on: date
    working: bool
    digests: tuple[Digest, ...]
    quiet: tuple[tuple[str, date], ...]  # who owes something but was reminded only just, and when
    nobody: tuple[str, ...]  # sections that owe something but have no account


def outlook(on: date) -> Outlook:
    """Who would be reminded on `on`. Writes nothing."""
    calendar, owed = work_calendar(), debts(on)
    people = _people({d.section for d in owed}, on)
    mine: dict[tuple[int, str], list[Debt]] = {}
    for debt in owed:
        for person in people.get(debt.section, ()):
            mine.setdefault(person, []).append(debt)
    last = dict(Urge.objects.filter(on__lte=on).values_list("account").annotate(last=Max("on")))
    due = [d for d in owed if is_owed(d.due_on, on, calendar)]
    quiet = [
        (name, last[account])
        for (account, name), theirs in sorted(mine.items())
        if account in last and (on - last[account]).days <= QUIET_DAYS and any(d in due for d in theirs)
    ]
    empty = {d.section for d in due} - set(people)
    names = Section.objects.filter(pk__in=empty).order_by("order").values_list("name", flat=True)
    found = digests(mine, last, on, calendar)
    return Outlook(on, calendar.is_working(on), tuple(found), tuple(quiet), tuple(names))


def urge(on: date, *, actor: Actor, at: datetime) -> Sequence[Digest]:
    """Remind everybody who owes a note and may be reminded today; asking twice a day sends nothing twice."""
    if not actor.has(Role.OFFICER, Role.LEADER):
        raise Refused("催办由业务科室或局领导发起")
    with writing(actor, at):
        # The rows are held first: of two urgers at the same moment the second sees what the first has sent.
        list(Account.objects.select_for_update().filter(grants__role=Role.OFFICER).order_by("pk").values_list("pk"))
        sent = outlook(on).digests
        for digest in sent:
            Notice.objects.create(
                account_id=digest.account, text=digest.text, url="/plan/follow", topic=f"urge:{on}", at=at
            )
            Urge.objects.bulk_create(
                [
                    Urge(follow_up_id=d.follow_up, account_id=digest.account, period=d.period, on=on)
                    for d in digest.debts
                ]
            )
            log("催办", Account(pk=digest.account, name=digest.name), {"事项": [None, [d.title for d in digest.debts]]})
    return sent


def _people(sections: set[str], on: date) -> dict[str, list[tuple[int, str]]]:
    """{section: [(account, name)]}: the officers who work there on that day."""
    grants = Grant.objects.in_force(on).filter(role=Role.OFFICER, section__in=sections, account__is_active=True)
    found: dict[str, list[tuple[int, str]]] = {}
    for section, pk, name in grants.values_list("section", "account", "account__name").order_by("section", "account"):
        if (pk, name) not in found.setdefault(section, []):
            found[section].append((pk, name))
    return found
