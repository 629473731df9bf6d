"""What a module lays on the menu beside its desks; the assembly orders it."""

from __future__ import annotations

from dataclasses import dataclass

from keji.kernel.people.roles import Role


@dataclass(frozen=True)
class Entry:
    """A page that no desk makes: under which heading, for whom."""

    group: str
    label: str
    url_name: str
    icon: str
    roles: frozenset[Role]
