"""What a firm sees first: its own titles, what lapses when, and whether it would be listed this year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.enterprises.models import Certification
from keji.modules.enterprises.panels import rungs_of

SOON = timedelta(days=180)


def firm_board(actor: Actor) -> tuple[str, dict[str, Any]]:
    """(template, context): one block per firm this person speaks for."""
    parties = Party.objects.filter(pk__in=actor.parties).order_by("pk")
    return "enterprises/board.html", {"firms": [_firm(p, actor) for p in parties]}


def _firm(party: Party, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    held = Certification.objects.visible_to(actor).filter(party=party, state="confirmed", valid_until__gte=today)
    titles = [
        {
            "label": record.get_kind_display(),
            "code": record.certificate_code,
            "until": plain_date(record.valid_until),
            "days": (record.valid_until - today).days,
            "soon": record.valid_until - today <= SOON,
            "url": f"/d/certifications/{record.pk}",
        }
        for record in held.order_by("valid_until", "pk")
    ]
    return {
        "party": party,
        "url": f"/d/parties/{party.pk}",
        "titles": titles,
        "rules_url": reverse("rules", args=[party.pk]),
        "rungs": rungs_of(party),
    }
