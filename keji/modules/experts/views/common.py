"""What the pages of this module share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from keji.desk.guard import actor_of
from keji.kernel.people.roles import BUREAU, Role
from keji.lib.figures import format_number
from keji.modules.experts.models import Draw

WATCHERS = (*sorted(BUREAU), Role.INSPECTOR)


def heads(*labels: str) -> list[dict[str, str]]:
    """Column headings; a leading > sets a column of figures to the right."""
    return [{"label": t.lstrip(">"), "align": "end" if t.startswith(">") else "start"} for t in labels]


def end(value: Any, url: str = "", unit: str = "") -> dict[str, Any]:
    """A figure in a cell; one that opens what it counts is written out here, for a link prints its text as it is."""
    if url and value:
        return {"value": format_number(value, unit), "align": "end", "url": url}
    return {"value": value, "number": True, "align": "end", "unit": unit}


def draw_or_404(request: HttpRequest, pk: int) -> Draw:
    """A draw the actor may know of; for everybody else it does not exist."""
    rows = Draw.objects.visible_to(actor_of(request)).select_related("requested_by", "contact", "instead_of", "region")
    found: Draw | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这次抽取，或者它不在您的查看范围内。")
    return found
