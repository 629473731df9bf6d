"""Words the tests of the expert pool share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keji.kernel.people.roles import Actor

REVIEW = date(2024, 11, 14)


@dataclass(frozen=True)
class People:
    officer: Actor
    second: Actor
    contact: Actor
    leader: Actor
    inspector: Actor
    other_inspector: Actor
