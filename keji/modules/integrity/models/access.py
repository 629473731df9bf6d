"""Who reaches a sealed case: its own people, the heads who decide, the inspector. Every door of the house asks here."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from keji.kernel.people.roles import Actor, Role, Scope
from keji.kernel.records.access import Access, Reach


class SealedAccess(Access):
    """Roles are not enough: an officer reaches the cases they are a member of, a case worker also what nobody took.

    Whoever is recused from a case does not reach it, whatever they are. Authority that was lent opens nothing here:
    membership is the person's own.
    """

    def within(self, actor: Actor, reach: Reach) -> Q | None:
        from keji.modules.integrity.models.case import Member, Worker

        if actor.is_system:
            return None
        own = {a.role for a in actor.authorities if not a.lent_by}
        scopes = {reach.get(role, Scope.NONE) for role in own}
        if Role.INSPECTOR in own and reach.get(Role.INSPECTOR) is Scope.ALL:
            return None  # the inspector verifies; nobody can be recused from being verified
        members = Member.objects.filter(account_id=actor.account_id)
        recused = Q(pk__in=members.filter(part=Member.Part.RECUSED).values("case_id"))
        found = Q(pk__in=[])
        if Scope.ALL in scopes:
            found = Q(pk__isnull=False)
        elif Scope.OWN in scopes:
            found = Q(pk__in=members.filter(left_at__isnull=True).values("case_id"))
            if Worker.objects.in_force_now().filter(account_id=actor.id).exists():
                found |= Q(state="received")
        return found & ~recused

    def reaches(self, actor: Actor, reach: Reach, record: Any) -> bool:
        within = self.within(actor, reach)
        return within is None or type(record)._default_manager.filter(within, pk=record.pk).exists()
