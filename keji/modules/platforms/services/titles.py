"""What titles tenants hold. This is the one place that asks: a neighbour's register is not read directly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date


def hnte_on(parties: Iterable[int], on: date) -> Mapping[int, bool | None]:
    """{party: holds a valid 高新技术企业 certificate on the day}; None where nothing is known."""
    return dict.fromkeys(parties, None)


def titles_of(party: int, on: date) -> list[str]:
    """The titles a firm holds on the day, in words; [] where none is known."""
    return []
