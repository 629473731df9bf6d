"""What the frame of every page needs: menu, account, counts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

import keji
from keji.kernel import clock
from keji.kernel.people.models import Notice
from keji.kernel.people.roles import Actor
from keji.site.menu import COOKIE, menu_for, remembered
from keji.site.todo import todo_count


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context; nothing but names for a visitor who is not logged in."""
    base: dict[str, Any] = {
        "demo_mode": bool(settings.DEMO),
        "site_name": "科技工作一本账",
        "site_unit": "六安市科学技术局" if settings.DEMO else "科学技术局",
        "version": keji.__version__,
        "today": clock.today(),
    }
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or request.session.get("second_factor_due"):
        return base
    lent = [a for a in actor.authorities if a.lent_by]
    return base | {
        "menu": menu_for(actor, request.path, remembered(request.COOKIES.get(COOKIE, ""))),
        "account": {
            "name": actor.name,
            "unit": "",
            "roles": sorted({a.role.label for a in actor.authorities}),
            "delegation": f"代{lent[0].lent_by}办理" if lent else "",
        },
        "unread": Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True).count(),
        "todo_count": todo_count(actor),
        "actor": actor,
    }
