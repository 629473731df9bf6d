"""Noting in which application a right was used."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.enterprises.rights.models import IpRight
from keji.modules.enterprises.rights.services import mark_used, release_use


@page(Role.OFFICER, Role.COUNTY, Role.ENTERPRISE)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a use, or take one back with its reason."""
    actor, at = actor_of(request), clock.now()
    right = IpRight.objects.visible_to(actor).filter(pk=pk).first()
    holder, year = request.POST.get("party", ""), request.POST.get("year", "")
    party = Party.objects.filter(pk=holder if holder.isdecimal() else 0).first()
    if right is None or party is None or not (year.isdecimal() and len(year) == 4):
        raise Http404("没有这项权利，或者它不在您的查看范围内。")
    try:
        if "release" in request.POST:
            release_use(right, party, int(year), request.POST.get("reason", ""), actor=actor, at=at)
            messages.success(request, f"已取消{year}年的使用登记。")
        else:
            made = mark_used([right], party, int(year), actor=actor, at=at)
            said = f"{party.name}在{year}年高企申报中使用"
            messages.success(request, f"已登记：{said}。" if made else f"已经登记过{said}，没有重复登记。")
    except Refused as why:
        messages.error(request, f"没有办成：{why}。")
    return redirect(f"/d/rights/{right.pk}")
