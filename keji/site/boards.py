"""Which board opens after logging in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keji.desk.desk import desks
from keji.kernel import clock
from keji.kernel.audit.models import Entry, Head
from keji.kernel.calendar.models import work_calendar
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Grant, Section
from keji.kernel.people.roles import Actor, Role
from keji.modules.enterprises import api as enterprises
from keji.modules.experts import api as experts
from keji.modules.integrity import api as integrity
from keji.modules.plan import api as plan
from keji.modules.platforms import api as platforms
from keji.modules.projects import api as projects

Fill = Callable[[Actor], tuple[str, dict[str, Any]]]


def first_steps(actor: Actor) -> tuple[str, dict[str, Any]]:
    """What a new house still needs before anybody can work in it, in the order it is done."""
    granted = set(Grant.objects.in_force(clock.today()).values_list("role", flat=True))
    steps = [
        (
            "建立系统管理员和审计管理员的账号并授权（由三个不同的人担任）",
            {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN} <= granted,
            "/d/accounts/",
        ),
        (
            "系统管理员录入本市和各县区、开发区",
            Region.objects.filter(level=Region.Level.COUNTY).exists(),
            "/d/regions/",
        ),
        ("系统管理员录入科室", Section.objects.exists(), "/d/sections/"),
        ("核对当年的放假安排", work_calendar().known(clock.today().year), "/d/workdays/"),
        ("建立局领导、业务科室、县区的账号并授权", {Role.OFFICER, Role.COUNTY} <= granted, "/d/grants/"),
    ]
    shown = {d.url() for d in desks().values() if actor.has(*d.readers)}
    found = [{"text": t, "done": done, "url": url if url in shown else ""} for t, done, url in steps]
    return "site/start.html", {"first_steps": found, "all_done": all(f["done"] for f in found)}


def own_board(actor: Actor) -> tuple[str, dict[str, Any]]:
    """A unit's own page: who runs an incubator begins with its day, every other firm with its titles."""
    return platforms.operator_board(actor) or enterprises.firm_board(actor)


def expert_board(actor: Actor) -> tuple[str, dict[str, Any]]:
    """An expert's day: what to answer, what to review, what to confirm."""
    today = clock.today()
    return "site/expert.html", {"tasks": [*experts.expert_tasks(actor, today), *projects.expert_tasks(actor, today)]}


def inspector_board(actor: Actor) -> tuple[str, dict[str, Any]]:
    """What is to be witnessed, how it was witnessed before, cases that stand still, and the log's latest root."""
    today = clock.today()
    return "site/inspector.html", {
        "stats": [*experts.draw_counts(today.year), *integrity.watched(today.year, today)],
        "columns": [{"label": label} for label in experts.DRAW_COLUMNS[:-1]]
        + [{"label": experts.DRAW_COLUMNS[-1], "align": "end"}],
        "rows": experts.draw_rows(today.year),
        "entries": Entry.objects.count(),
        "head": Head.objects.first(),
    }


#: The first line that fits decides; roles without one get their to-do list.
BOARDS: tuple[tuple[Role, Fill], ...] = (
    (Role.LEADER, plan.leader_board),
    (Role.OFFICER, plan.officer_board),
    (Role.COUNTY, plan.county_board),
    (Role.ENTERPRISE, own_board),
    (Role.EXPERT, expert_board),
    (Role.INSPECTOR, inspector_board),
    (Role.SECURITY_ADMIN, first_steps),
    (Role.SYSTEM_ADMIN, first_steps),
)


def board_for(actor: Actor) -> tuple[str, dict[str, Any]]:
    """(template, context) of the actor's home."""
    for role, fill in BOARDS:
        if actor.has(role):
            return fill(actor)
    return "site/home.html", {}
