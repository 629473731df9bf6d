"""What the house knows already of a unit: a proposal starts with it and asks only for the rest."""

from __future__ import annotations

from typing import Any

from keji.kernel.facts.models import STANDING, FactFile
from keji.kernel.parties.models import Party
from keji.modules.projects.models import Proposal

#: proposal's column ← fact of the unit's file; both in 元 or people
FROM_FILE = {"revenue": "main_revenue", "staff": "staff", "rnd_staff": "rnd_staff"}


def known_of(party: Party) -> dict[str, tuple[Any, str]]:
    """{column of a proposal: (value, where it comes from)}, the newest source first."""
    found: dict[str, tuple[Any, str]] = {}
    if party.contact_name:
        found["contact_name"] = (party.contact_name, "来自单位档案")
    if party.contact_phone:
        found["contact_phone"] = (party.contact_phone, "来自单位档案")
    files = list(FactFile.objects.filter(party=party).order_by("-year"))
    newest = next((file.year for file in files if file.year != STANDING), STANDING)
    for file in files:
        if file.year in (newest, STANDING):
            source = f"来自一企一档{f'{file.year}年度' if file.year else ''}资料"
            for name, fact in FROM_FILE.items():
                if fact in file.values:
                    found.setdefault(name, (int(file.values[fact]), source))
    before = Proposal.objects.filter(party=party).exclude(state__in=["draft", "withdrawn"]).order_by("-pk").first()
    if before is not None:
        for name in FROM_FILE:
            if (value := getattr(before, name)) is not None:
                found.setdefault(name, (value, f"来自以前的申报（{before.number}）"))
    return _consistent(found)


def _consistent(found: dict[str, tuple[Any, str]]) -> dict[str, tuple[Any, str]]:
    """Two sources may not fit together: then the lesser one is asked anew."""
    if "staff" in found and "rnd_staff" in found and found["rnd_staff"][0] > found["staff"][0]:
        found.pop("rnd_staff")
    return found
