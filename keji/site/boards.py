"""Which board opens after logging in: a module offers one, and the first that fits the actor's roles is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keji.kernel.people.roles import Actor, Role

Fill = Callable[[Actor], dict[str, Any]]

_boards: list[tuple[int, frozenset[Role], str, Fill]] = []


def offer(template: str, fill: Fill, *roles: Role, order: int = 50) -> None:
    """Offer `template`, filled by `fill(actor)`, as the home of these roles."""
    _boards.append((order, frozenset(roles), template, fill))
    _boards.sort(key=lambda b: b[0])


def board_for(actor: Actor) -> tuple[str, dict[str, Any]]:
    for _, roles, template, fill in _boards:
        if actor.has(*roles):
            return template, fill(actor)
    return "site/home.html", {}
