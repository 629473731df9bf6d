"""Who may do what: roles, how far each reaches, and the actor that carries them through a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.db import models


class Role(models.TextChoices):
    LEADER = "leader", "局领导"
    OFFICER = "officer", "业务科室"
    COUNTY = "county", "县区科技局"
    ENTERPRISE = "enterprise", "企业"
    INSTITUTION = "institution", "高校院所"
    EXPERT = "expert", "评审专家"
    COMMISSIONER = "commissioner", "科技特派员"
    FINANCIER = "financier", "金融机构"
    INSPECTOR = "inspector", "派驻纪检"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


#: The three administrators keep each other in check: nobody holds two of these, nor one together with business.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
BUREAU = frozenset({Role.LEADER, Role.OFFICER})


class Scope(Enum):
    """How much of a kind of record one role sees."""

    ALL = "全部"
    REGION = "本县区"
    PARTY = "本单位"
    OWN = "本人"
    NONE = "无"


@dataclass(frozen=True, slots=True)
class Authority:
    """One role an actor holds now, over one region, party or section; `lent_by` names who delegated it."""

    role: Role
    region: str | None = None
    party: int | None = None
    section: str | None = None
    lent_by: str = ""


@dataclass(frozen=True)
class Actor:
    """Somebody (or a background job) acting now, with every authority that is in force."""

    id: int | None
    name: str
    authorities: tuple[Authority, ...] = field(default=())

    @classmethod
    def system(cls, name: str = "系统") -> Actor:
        """The platform itself: nightly jobs and the demo's storyteller. Never the actor of a web request."""
        return cls(id=None, name=name)

    @property
    def is_system(self) -> bool:
        return self.id is None

    @property
    def account_id(self) -> int:
        """The account's key for looking up what belongs to this person; 0, which nobody has, for the platform."""
        return self.id or 0

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(a.role for a in self.authorities)

    def has(self, *roles: Role) -> bool:
        return self.is_system or any(a.role in roles for a in self.authorities)

    def over(self, roles: Iterable[Role]) -> list[Authority]:
        wanted = set(roles)
        return [a for a in self.authorities if a.role in wanted]

    @property
    def parties(self) -> frozenset[int]:
        return frozenset(a.party for a in self.authorities if a.party is not None)

    @property
    def regions(self) -> frozenset[str]:
        return frozenset(a.region for a in self.authorities if a.region)

    @property
    def sections(self) -> frozenset[str]:
        return frozenset(a.section for a in self.authorities if a.section)


def clash(roles: Iterable[str]) -> str:
    """Why these roles must not meet in one person; "" when they may."""
    held = {Role(r) for r in roles}
    administrators = held & ADMINISTRATORS
    if len(administrators) > 1:
        return "系统、安全、审计三个管理员必须由不同的人担任"
    if administrators and held - ADMINISTRATORS:
        return f"{next(iter(administrators)).label}不能同时办理业务"
    return ""
