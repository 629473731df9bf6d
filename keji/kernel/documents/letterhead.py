"""What the head and the foot of a paper say of its issuer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from keji.kernel.parties.models import Region


@dataclass(frozen=True)
class Letterhead:
    issuer: str  # 六安市科学技术局
    mark: str  # 六科通
    office: str  # 六安市科学技术局办公室


def letterhead() -> Letterhead:
    """The house's own, from its settings; by default made from the city's name."""
    own: dict[str, str] = getattr(settings, "LETTERHEAD", {})
    city = Region.objects.filter(level=Region.Level.CITY).first()
    name, short = (city.name, city.short_name[:1]) if city else ("市", "市")
    issuer = own.get("issuer") or f"{name}科学技术局"
    return Letterhead(issuer, own.get("mark") or f"{short}科通", own.get("office") or f"{issuer}办公室")
