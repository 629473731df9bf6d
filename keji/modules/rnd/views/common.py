"""What the pages of this module share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.lib.figures import format_number
from keji.modules.rnd.models import RndProject

WRITERS = (Role.ENTERPRISE, Role.COUNTY, Role.OFFICER)
WATCHERS = (Role.LEADER, Role.OFFICER, Role.COUNTY, Role.INSPECTOR)
FIRST_YEAR = 2015


def project_or_404(request: HttpRequest, pk: int) -> RndProject:
    """A project the actor may write to; for everybody else it does not exist."""
    rows = RndProject.objects.writable_by(actor_of(request)).select_related("party", "region")
    found: RndProject | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这个研发项目，或者它不在您的办理范围内。")
    return found


def year_asked(request: HttpRequest, default: int | None = None) -> int:
    text = request.GET.get("year") or request.POST.get("year") or ""
    today = clock.today().year
    fits = text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= today
    return int(text) if fits else default or today


def sees_all(actor: Actor) -> bool:
    return actor.has(*BUREAU, Role.INSPECTOR)


def errors_of(form: Any) -> str:
    """The problems of a small form as one sentence, for a message above the page it stands on."""
    return "；".join(
        f"{form[n].label if n in form.fields else ''}：{e[0]}".lstrip("：") for n, e in form.errors.items()
    )


def end(value: Any, url: str = "", places: int | None = None, unit: str = "") -> dict[str, Any]:
    """A figure in a cell; one that opens what it counts is written out here, for a link prints its text as it is."""
    if url:
        return {"value": format_number(value, unit, places=places), "align": "end", "url": url}
    return {"value": value, "number": True, "align": "end", "places": places, "unit": unit}


def heads(*labels: str) -> list[dict[str, str]]:
    """Column headings; a leading > sets a column of figures to the right."""
    return [{"label": t.lstrip(">"), "align": "end" if t.startswith(">") else "start"} for t in labels]
