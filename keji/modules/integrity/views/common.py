"""What the pages of integrity share: finding a case its reader may open, and telling a refusal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from keji.desk.guard import actor_of
from keji.kernel.people.roles import BUREAU, Role
from keji.modules.integrity.models import Case

INSIDE = (*BUREAU, Role.INSPECTOR)


def case_or_404(request: HttpRequest, pk: int) -> Any:
    """The case, if the reader may see it; to everybody else it does not exist."""
    found = Case.objects.visible_to(actor_of(request)).filter(pk=pk).select_related("edition").first()
    if found is None:
        raise Http404("没有找到这件案件，或者它不在您的查看范围内。")
    return found


def part_or_404(request: HttpRequest, rows: Any, pk: int) -> Any:
    """A part of a file (row with a `case`), if the reader may see the case."""
    found = rows.filter(pk=pk).first()
    if found is None or not Case.objects.visible_to(actor_of(request)).filter(pk=found.case_id).exists():
        raise Http404("没有找到这一项，或者它不在您的查看范围内。")
    return found


def to_file(case: Any, anchor: str = "") -> HttpResponse:
    return redirect(f"/integrity/cases/{case.pk}{anchor}")
