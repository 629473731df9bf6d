"""Who must keep out of a case: a subject, the reporter, or somebody of a subject's unit."""

from __future__ import annotations

import re
from typing import Any

from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Role

#: Does not say which: that would tell colleagues who reported.
SENTENCE = "这位同志有应当回避的情形，请另行安排"
SHORTEST_NAME = 2


def conflict(case: Any, account: Account) -> str:
    """Why this account may take no part in the case; "" when nothing known speaks against it. Kinship is declared."""
    return SENTENCE if _is_subject(case, account) or _is_reporter(case, account) else ""


def _is_subject(case: Any, account: Account) -> bool:
    person = getattr(account, "person", None)
    own = {g.party_id for g in Grant.objects.filter(account=account, party__isnull=False)}
    if person is not None and person.party_id:
        own.add(person.party_id)
    for subject in case.subjects.select_related("person"):
        if person is not None and subject.person_id == person.pk:
            return True
        unit = subject.party_id or (subject.person.party_id if subject.person else None)
        if unit in own:
            return True
    named = [r.accused for r in case.reports.all()]
    return len(account.name) >= SHORTEST_NAME and any(account.name in text for text in named)


def _is_reporter(case: Any, account: Account) -> bool:
    phone = re.sub(r"\D", "", account.phone)
    for report in case.reports.all():
        if report.name and report.name.strip() == account.name:
            return True
        if phone and phone in re.sub(r"\D", "", report.contact):
            return True
    return False


def watched(case: Any) -> list[Account]:
    """Everybody who could reach the case: heads, case workers and its members."""
    from keji.modules.integrity.models import Worker

    heads = Grant.objects.filter(role=Role.LEADER).values("account_id")
    workers = Worker.objects.values("account_id")
    members = case.members.values("account_id")
    found = Account.objects.filter(pk__in=heads) | Account.objects.filter(pk__in=workers)
    return list((found | Account.objects.filter(pk__in=members)).select_related("person").distinct())
