"""What a firm sees first: its own titles, what lapses when, and whether it would be listed this year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from keji.kernel import clock
from keji.kernel.facts.models import FactFile, Origin, Statement
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.lib.figures import plain_date
from keji.modules.enterprises.burden.services import burden_of
from keji.modules.enterprises.firms.panels import rungs_of
from keji.modules.enterprises.models import Certification, IpRight
from keji.modules.enterprises.rights.services import held_by

SOON = timedelta(days=180)


def firm_board(actor: Actor) -> tuple[str, dict[str, Any]]:
    """(template, context): one block per firm this person speaks for."""
    parties = Party.objects.filter(pk__in=actor.parties).order_by("pk")
    return "enterprises/board.html", {"firms": [_firm(p, actor) for p in parties]}


def _file(party: Party) -> dict[str, Any]:
    """How much the house knows of the firm, and how much of it the firm has not looked at."""
    files = FactFile.objects.filter(party=party).values_list("values", "open_count")
    live = Statement.objects.live(clock.today()).filter(party=party)  # type: ignore[attr-defined]
    own = set(live.filter(origin=Origin.PARTY).values_list("name", "year"))
    said = set(live.exclude(origin=Origin.PARTY).values_list("name", "year"))
    return {
        "known": sum(len(values) for values, _ in files),
        "open": sum(count for _, count in files),
        "others": len(said - own),
        "rights": IpRight.objects.filter(held_by([party.pk])).exclude(state="void").distinct().count(),
        "url": reverse("facts-file", args=[party.pk]),
        "form_url": reverse("facts-form", args=[party.pk]),
        "burden": burden_of(party, clock.today().year),
        "burden_url": reverse("burden-firm", args=[party.pk]),
    }


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
        "file": _file(party),
        "rules_url": reverse("rules", args=[party.pk]),
        "rungs": rungs_of(party),
    }
