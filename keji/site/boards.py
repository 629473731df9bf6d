"""Which board opens after logging in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keji.kernel.people.roles import Actor, Role
from keji.modules.plan import api as plan

Fill = Callable[[Actor], tuple[str, dict[str, Any]]]

#: The first line that fits decides; roles without one get their to-do list.
BOARDS: tuple[tuple[Role, Fill], ...] = (
    (Role.LEADER, plan.leader_board),
    (Role.OFFICER, plan.officer_board),
    (Role.COUNTY, plan.county_board),
)


def board_for(actor: Actor) -> tuple[str, dict[str, Any]]:
    """(template, context) of the actor's home."""
    for role, fill in BOARDS:
        if actor.has(role):
            return fill(actor)
    return "site/home.html", {}
