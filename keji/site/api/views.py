"""The one page about clients a desk cannot show: a token, once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.site.api.models import Client
from keji.site.api.services import issue_token


@require_POST
def _issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the token itself: kept nowhere, so it cannot be shown after a redirect."""
    actor = actor_of(request)
    client = Client.objects.visible_to(actor).filter(pk=pk).first()
    if client is None:
        raise Http404("没有这个对接系统。")
    seen = request.POST.get("seen", "")
    try:
        token = issue_token(
            client, actor=actor, at=clock.now(), seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        )
    except Refused as why:
        messages.error(request, f"没有发放：{why}。")
        return redirect("desk-detail", desk="clients", pk=client.pk)
    context = {
        "page_title": f"{client.name}的令牌",
        "client": client,
        "token": token,
        "crumbs": [("对接系统", "/d/clients/"), (client.name, f"/d/clients/{client.pk}"), ("令牌", "")],
    }
    return render(request, "api/token_once.html", context)


issue = page(Role.SECURITY_ADMIN)(_issue)
